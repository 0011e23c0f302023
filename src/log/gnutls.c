/*
 * gnutls-cli and gnutls-serv with -d, and whatever else prints GnuTLS's log: "|<4>| HSK[0x55c0]: ...". What
 * the programs say themselves, on the other stream, goes to the session that was spoken of last.
 */
#include "base/array.h"
#include "log/named.h"
#include "log/reader.h"
#include "log/said.h"
#include "log/scan.h"
#include "names/names.h"

#include <stdio.h>

struct gnutls_state {
	uint64_t last; /* the session that was spoken of last */
	bool server;   /* it is gnutls-serv */
	bool tls13, alert[2], described;
	bool beyond; /* the hellos: another one begins another handshake, though memory is used again */
};

static enum side self(const struct log_conn *c, const struct gnutls_state *s)
{
	return s->server ? SIDE_SERVER : said_self(c);
}

static struct log_conn *begin(
	struct gnutls_state *s, struct log_notes *notes, uint64_t key, struct log_at at)
{
	struct log_conn *c = conn_open(notes, LOG_READER_gnutls, key, at);
	bool server = s->server;

	*s = (struct gnutls_state){ .last = key, .server = server };
	if (c != NULL && server)
		said_role(c, SIDE_SERVER);
	return c;
}

static struct log_conn *session(
	struct gnutls_state *s, struct log_notes *notes, uint64_t key, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_gnutls, key);

	if (c == NULL)
		c = begin(s, notes, key, at);
	s->last = key;
	if (c != NULL && c->facts.library[self(c, s)] == NULL && c->facts.role_known)
		c->facts.library[self(c, s)] = "GnuTLS";
	return c;
}

/* ---- HSK ---- */

static void message(
	struct gnutls_state *s, struct log_conn *c, struct bytes name, bool own, struct log_at at)
{
	int type = named_message(name);
	enum side by;

	if (text_has(name, "CHANGE CIPHER SPEC")) {
		conn_note(c, &(struct log_note){ .kind = LOG_CCS, .from = self(c, s), .at = at });
		return;
	}
	if (text_has(name, "HELLO RETRY"))
		type = 2;
	if (type < 0)
		return;
	if (type == 1)
		said_role(c, own ? SIDE_CLIENT : SIDE_SERVER);
	s->server = s->server || (type == 1 && !own);
	if (type == 8)
		s->tls13 = true;
	s->beyond = s->beyond || type > 2;
	by = own ? self(c, s) : side_other(self(c, s));
	conn_seen(c, by, (uint8_t)type, s->tls13 && type != 1 && type != 2, at);
}

/* "GNUTLS_ECDHE_ECDSA_AES_128_GCM_SHA256": the registry's name, or with _WITH_ behind the key exchange */
static int suite_named(struct bytes name)
{
	static const char *const exchanges[] = { "ECDHE_ECDSA", "ECDHE_RSA", "DHE_RSA", "DHE_DSS",
		"RSA_PSK", "DHE_PSK", "ECDHE_PSK", "ECDH_ANON", "DH_ANON", "RSA", "PSK" };
	static const char *const ends[] = { "", "_SHA256" };
	char text[96];
	struct scan s = scan_of(text_trim(name));
	struct bytes rest;
	int suite;

	(void)scan_word(&s, "GNUTLS_");
	rest = scan_rest(&s);
	if (rest.len > 48 || rest.len == 0)
		return -1;
	if (rest.len > 4 && memcmp(rest.data + rest.len - 4, "SHA1", 4) == 0)
		rest.len--;
	(void)snprintf(text, sizeof text, "TLS_%.*s", (int)rest.len, (const char *)rest.data);
	suite = suite_by_name(text);
	for (size_t i = 0; i < COUNT(exchanges) && suite < 0; i++) {
		size_t n = strlen(exchanges[i]);

		if (!text_begins(rest, exchanges[i]) || n + 1 >= rest.len)
			continue;
		for (size_t k = 0; k < COUNT(ends) && suite < 0; k++) {
			(void)snprintf(text, sizeof text, "TLS_%s_WITH_%.*s%s", exchanges[i],
				(int)(rest.len - n - 1), (const char *)rest.data + n + 1, ends[k]);
			suite = suite_by_name(text);
		}
	}
	return suite;
}

/* "3.3" is TLS 1.2 */
static void version(struct log_conn *c, struct scan line)
{
	uint64_t major, minor;

	if (c != NULL && scan_decimal(&line, &major) && scan_char(&line, '.') &&
		scan_decimal(&line, &minor) && major == 3 && minor <= 4)
		c->facts.version = (uint16_t)(0x300 + minor);
}

/* 'device.example' */
static const char *quoted(struct log_conn *c, struct scan line)
{
	struct bytes name;

	return scan_char(&line, '\'') && scan_until(&line, "'", &name) ? conn_text(c, name) : NULL;
}

static void set_sni(struct log_conn *c, struct scan line)
{
	if (c != NULL && c->facts.sni == NULL)
		c->facts.sni = quoted(c, line);
}

static void handshake_line(
	struct gnutls_state *s, struct log_conn *c, struct scan line, struct log_at at)
{
	struct scan t = line;
	struct bytes name;
	int suite;

	if (scan_until(&t, " was queued [", &name)) {
		message(s, c, name, true, at);
	} else if (t = line, scan_until(&t, ") was received. Length", &name)) {
		t = scan_of(name);
		if (scan_until(&t, " (", &name))
			message(s, c, name, false, at);
	} else if (scan_word(&line, "Selected cipher suite: ") ||
		   scan_word(&line, "TLS 1.3 re-key with cipher suite: ")) {
		suite = suite_named(scan_rest(&line));
		if (suite >= 0 && c != NULL) {
			c->facts.suite_known = true;
			c->facts.suite = (uint16_t)suite;
		}
	} else if (scan_word(&line, "Server's version: ") ||
		   scan_word(&line, "Negotiated version: ") ||
		   scan_word(&line, "Selected version ")) {
		version(c, line);
	} else if (scan_word(&line, "sent server name: ") ||
		   scan_word(&line, "Requested server name: ")) {
		set_sni(c, line);
	}
}

/* ---- REC and EXT ---- */

/* "Alert[2|40] - Handshake failed - was received", "Sending Alert[2|42] - Certificate is bad" */
static bool alert(struct gnutls_state *s, struct log_conn *c, struct scan line, struct log_at at)
{
	bool own = scan_word(&line, "Sending ");
	uint64_t level, code;

	if (!scan_word(&line, "Alert[") || !scan_decimal(&line, &level) || !scan_char(&line, '|') ||
		!scan_decimal(&line, &code) || level > 255 || code > 255)
		return false;
	s->alert[own ? 0 : 1] = true;
	conn_alert(c, own ? self(c, s) : side_other(self(c, s)), (uint8_t)level, (uint8_t)code,
		s->tls13, at);
	return true;
}

static void record_line(
	struct gnutls_state *s, struct log_conn *c, struct scan line, struct log_at at)
{
	struct bytes rest = scan_rest(&line);

	if (alert(s, c, line, at))
		return;
	if (text_begins(rest, "SSL ") && text_has(rest, "ChangeCipherSpec packet received"))
		conn_note(c, &(struct log_note){
				     .kind = LOG_CCS, .from = side_other(self(c, s)), .at = at });
}

static void extension_line(struct log_conn *c, struct scan line)
{
	struct bytes name;
	int group;

	if (scan_word(&line, "Negotiated version: "))
		version(c, line);
	else if (scan_word(&line, "Selected group ") && scan_name(&line, "-", &name) &&
		 (group = named_group(name)) > 0 && c != NULL)
		c->facts.group = (uint16_t)group;
}

/* ---- lines of the library ---- */

/* The first that is printed of a handshake below level 5, where "Allocating epoch #0" is. */
static bool begins_hello(struct bytes rest)
{
	return text_begins(rest, "Adv. version: ") ||
	       text_begins(rest, "CLIENT HELLO was queued") ||
	       text_begins(rest, "CLIENT HELLO (1) was received");
}

/* "|<4>| HSK[0x55c07d2569e0]: ..." */
static bool library_line(struct gnutls_state *s, struct log_notes *notes, const struct log_line *l)
{
	struct scan line = scan_of(l->text);
	struct bytes part;
	uint64_t level, key = s->last;
	struct log_conn *c;

	if (!scan_word(&line, "|<") || !scan_decimal(&line, &level) || !scan_word(&line, ">| "))
		return false;
	if (!text_begins(scan_rest(&line), "HSK") && !text_begins(scan_rest(&line), "REC") &&
		!text_begins(scan_rest(&line), "EXT")) {
		struct said said;

		if (level <= 2 && said_find(scan_rest(&line), &said))
			said_note(session(s, notes, key, l->at), &said, scan_rest(&line), l->at);
		return true;
	}
	part = bytes_slice(scan_rest(&line), 0, 3);
	line.at += 3;
	if (scan_word(&line, "[0x") && (!scan_hex(&line, &key) || !scan_char(&line, ']')))
		return true;
	if (!scan_word(&line, ": "))
		return true;
	if (text_begins(scan_rest(&line), "Allocating epoch #0")) {
		(void)begin(s, notes, key, l->at);
		return true;
	}
	if (s->beyond && key == s->last && begins_hello(scan_rest(&line)))
		(void)begin(s, notes, key, l->at);
	c = session(s, notes, key, l->at);
	if (text_is(part, "HSK"))
		handshake_line(s, c, line, l->at);
	else if (text_is(part, "REC"))
		record_line(s, c, line, l->at);
	else
		extension_line(c, line);
	return true;
}

/* ---- lines of the programs ---- */

static void program_error(
	struct gnutls_state *s, struct log_notes *notes, struct scan line, const struct log_line *l)
{
	struct log_conn *c = session(s, notes, s->last, l->at);
	struct said said;

	s->beyond = true;
	if (!said_find(scan_rest(&line), &said))
		return;
	if (s->alert[1])
		said.alert = SENTENCE_NO_ALERT;
	said_note(c, &said, l->text, l->at);
}

/* "*** Received alert [40]: Handshake failed" */
static void received_alert(
	struct gnutls_state *s, struct log_notes *notes, struct scan line, const struct log_line *l)
{
	struct log_conn *c = session(s, notes, s->last, l->at);
	uint64_t code;

	if (!s->alert[1] && scan_decimal(&line, &code) && code < 256)
		conn_alert(c, side_other(self(c, s)), 2, (uint8_t)code, false, l->at);
	s->alert[1] = true;
}

static void connecting(
	struct gnutls_state *s, struct log_notes *notes, struct scan line, const struct log_line *l)
{
	struct log_conn *c = session(s, notes, s->last, l->at);
	struct bytes address;
	uint64_t port;

	said_role(c, SIDE_CLIENT);
	if (c == NULL || !scan_until(&line, ":", &address) || !scan_decimal(&line, &port) ||
		port > UINT16_MAX || c->facts.address[SIDE_SERVER] != NULL)
		return;
	c->facts.address[SIDE_SERVER] = conn_text(c, address);
	c->facts.port[SIDE_SERVER] = (uint16_t)port;
}

static void described(
	struct gnutls_state *s, struct log_notes *notes, struct scan line, const struct log_line *l)
{
	struct log_conn *c = session(s, notes, s->last, l->at);

	(void)line;
	if (!s->described)
		conn_note(
			c, &(struct log_note){ .kind = LOG_DONE, .from = self(c, s), .at = l->at });
	s->described = true;
}

static void listening(
	struct gnutls_state *s, struct log_notes *notes, struct scan line, const struct log_line *l)
{
	(void)notes;
	(void)line;
	(void)l;
	s->server = true;
}

static const struct {
	const char *begins;
	void (*take)(struct gnutls_state *s, struct log_notes *notes, struct scan rest,
		const struct log_line *l);
} kinds[] = {
	{ "*** Received alert [", received_alert },
	{ "*** Fatal error: ", program_error },
	{ "*** PKI verification", program_error },
	{ "*** Verifying server certificate", program_error },
	{ "Error in handshake: ", program_error },
	{ "- Status: ", program_error },
	{ "Connecting to '", connecting },
	{ "- Description: (", described },
	{ "- Handshake was completed", described },
	{ "HTTP Server listening", listening },
	{ "Echo Server listening", listening },
};

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct gnutls_state *s = state;
	struct log_line trimmed = *line;

	trimmed.text = text_trim(line->text); /* a post may be indented */
	line = &trimmed;
	if (line->text.len < 6)
		return LOG_NOT_MINE;
	if (line->text.data[0] == '|')
		return library_line(s, notes, line) ? LOG_MINE : LOG_NOT_MINE;
	if (strchr("*-EHC", line->text.data[0]) == NULL)
		return LOG_NOT_MINE;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct scan rest = scan_of(line->text);
		bool theirs = kinds[i].begins[0] == '*' || kinds[i].begins[0] == '-';

		if (!scan_word(&rest, kinds[i].begins))
			continue;
		/* Others print lines like these; these alone are of nobody but GnuTLS's programs. */
		if (theirs && conn_find(notes, LOG_READER_gnutls, s->last) == NULL &&
			!text_has(line->text, "TLS") && !text_has(line->text, "certificate"))
			return LOG_NOT_MINE;
		kinds[i].take(s, notes, rest, line);
		return LOG_MINE;
	}
	return LOG_NOT_MINE;
}

const struct log_reader log_reader_gnutls = {
	.name = "gnutls",
	.title = "GnuTLS debug output",
	.size = sizeof(struct gnutls_state),
	.take = take,
};
