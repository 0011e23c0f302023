/*
 * Wireshark's packet list, a line for each packet: tshark without options, and what is copied of the list.
 * "4 0.020767 192.0.2.57 -> 192.0.2.10 TLSv1 277 Client Hello"
 */
#include "base/array.h"
#include "base/hex_text.h"
#include "log/peers.h"
#include "log/reader.h"
#include "log/scan.h"
#include "names/names.h"
#include "wire/handshake.h"

#include <arpa/inet.h>
#include <string.h>

enum {
	NUMBER_MAX = 1000000000,
	CONTENTS_MAX = 32,
	COLUMNS_BEFORE = 4,
	NS_DIGITS = 9,
	LINE_LEAST = 24
};

struct row {
	struct peers peers;
	int64_t time;
	struct bytes protocol, info;
};

/* ---- columns ---- */

static struct bytes take_word(struct scan *s)
{
	const uint8_t *from;

	(void)scan_blanks(s);
	from = s->at;
	while (!scan_is_at_end(s) && *s->at != ' ' && *s->at != '\t')
		s->at++;
	return bytes_of(from, (size_t)(s->at - from));
}

static bool is_address(struct bytes word)
{
	char text[PEER_ADDRESS_MAX];
	uint8_t address[16];

	if (word.len < 2 || word.len >= sizeof text)
		return false;
	memcpy(text, word.data, word.len);
	text[word.len] = '\0';
	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_arrow(struct bytes word)
{
	return text_is(word, "\xe2\x86\x92") || text_is(word, "->");
}

/* "0.020767": since the first packet. Other clocks are left alone. */
static int64_t time_of(struct bytes word)
{
	struct scan s = scan_of(word);
	uint64_t seconds, fraction;
	const uint8_t *dot;

	if (!scan_decimal(&s, &seconds) || seconds > NUMBER_MAX || !scan_char(&s, '.'))
		return LOG_NO_TIME;
	dot = s.at;
	if (!scan_decimal(&s, &fraction) || !scan_is_at_end(&s) || s.at - dot > NS_DIGITS)
		return LOG_NO_TIME;
	for (ptrdiff_t digits = s.at - dot; digits < NS_DIGITS; digits++)
		fraction *= 10;
	return (int64_t)(seconds * 1000000000 + fraction);
}

/* Columns before the source, an arrow and the length may be there or not. */
static bool take_columns(struct bytes line, struct row *r)
{
	struct scan s = scan_of(line), t;
	struct bytes word = { 0 }, before;
	uint64_t length;
	unsigned column = 0;

	peers_clear(&r->peers);
	r->time = LOG_NO_TIME;
	do {
		before = word;
		word = take_word(&s);
	} while (word.len != 0 && !is_address(word) && ++column < COLUMNS_BEFORE);
	if (!is_address(word))
		return false;
	if (before.len != 0)
		r->time = time_of(before);
	peers_set_address(&r->peers, 0, word);
	word = take_word(&s);
	if (is_arrow(word))
		word = take_word(&s);
	if (!is_address(word))
		return false;
	peers_set_address(&r->peers, 1, word);
	r->protocol = take_word(&s);
	t = s;
	(void)scan_blanks(&t);
	if (scan_decimal(&t, &length) && scan_blanks(&t))
		s = t;
	r->info = text_trim(scan_rest(&s));
	return r->protocol.len != 0 && r->info.len != 0;
}

/* ---- what a packet holds ---- */

static const struct {
	const char *title;
	uint8_t type;
	bool under_keys;
} messages[] = {
	{ "Client Hello", HS_CLIENT_HELLO, false },
	{ "Server Hello Done", HS_SERVER_HELLO_DONE, false },
	{ "Server Hello", HS_SERVER_HELLO, false },
	{ "Hello Retry Request", HS_SERVER_HELLO, false },
	{ "Hello Verify Request", HS_HELLO_VERIFY_REQUEST, false },
	{ "Hello Request", HS_HELLO_REQUEST, false },
	{ "Certificate Request", HS_CERTIFICATE_REQUEST, false },
	{ "Certificate Verify", HS_CERTIFICATE_VERIFY, false },
	{ "Certificate Status", HS_CERTIFICATE_STATUS, false },
	{ "Certificate", HS_CERTIFICATE, false },
	{ "Server Key Exchange", HS_SERVER_KEY_EXCHANGE, false },
	{ "Client Key Exchange", HS_CLIENT_KEY_EXCHANGE, false },
	{ "New Session Ticket", HS_NEW_SESSION_TICKET, false },
	{ "Encrypted Extensions", HS_ENCRYPTED_EXTENSIONS, true },
	{ "Encrypted Handshake Message", HS_FINISHED, true },
	{ "Finished", HS_FINISHED, true },
};

static int message_of(struct bytes word)
{
	for (size_t i = 0; i < COUNT(messages); i++)
		if (text_begins(word, messages[i].title))
			return (int)i;
	return -1;
}

/* "Unknown CA" is unknown_ca. */
static int alert_of(struct bytes title)
{
	char name[64];

	if (title.len == 0 || title.len >= sizeof name)
		return -1;
	memcpy(name, title.data, title.len);
	name[title.len] = '\0';
	return alert_by_name(name);
}

/* "Alert (Level: Fatal, Description: Unknown CA)" */
static void take_alert(struct scan *s, struct log_conn *c, enum side from, struct log_at at)
{
	struct bytes level, title;
	int code;

	if (!scan_until(s, "Level: ", &level) || !scan_until(s, ", Description: ", &level) ||
		!scan_until(s, ")", &title))
		return;
	code = alert_of(title);
	if (code >= 0)
		conn_alert(c, from, text_is(level, "Warning") ? 1 : 2, (uint8_t)code, false, at);
}

static void take_sni(struct log_conn *c, struct bytes word)
{
	struct scan s = scan_of(word);
	struct bytes skipped, name;

	if (c != NULL && scan_until(&s, "(SNI=", &skipped) && scan_until(&s, ")", &name))
		c->facts.sni = conn_text(c, name);
}

static struct bytes next_word(struct scan *s)
{
	struct scan t = *s;
	struct bytes word;

	if (!scan_until(&t, ", ", &word))
		t.at = t.end;
	word = bytes_of(s->at, (size_t)(t.at - s->at));
	*s = t;
	if (word.len > 2 && word.data[word.len - 2] == ',')
		word.len -= 2;
	return text_trim(word);
}

static void take_contents(struct log_conn *c, enum side from, struct bytes info, struct log_at at)
{
	struct scan s = scan_of(info);
	bool tls13 = c != NULL && c->facts.version == 0x0304;

	for (unsigned n = 0; n < CONTENTS_MAX && !scan_is_at_end(&s); n++) {
		struct bytes word;
		int i;

		if (text_begins(scan_rest(&s), "Alert (")) {
			take_alert(&s, c, from, at);
			(void)scan_word(&s, ", ");
			continue;
		}
		word = next_word(&s);
		i = message_of(word);
		if (i >= 0) {
			conn_seen(c, from, messages[i].type,
				messages[i].under_keys ||
					(tls13 && messages[i].type >= HS_CERTIFICATE),
				at);
			take_sni(c, word);
		} else if (text_begins(word, "Change Cipher Spec")) {
			conn_note(c, &(struct log_note){ .kind = LOG_CCS, .from = from, .at = at });
		}
	}
}

/* ---- packets ---- */

static bool is_tls(struct bytes protocol, uint16_t *version)
{
	static const struct {
		const char *name;
		uint16_t version;
	} known[] = { { "TLSv1.3", 0x0304 }, { "TLSv1.2", 0x0303 }, { "TLSv1.1", 0x0302 },
		{ "TLSv1", 0x0301 }, { "SSLv3", 0x0300 }, { "TLS", 0 }, { "SSL", 0 },
		{ "SSLv2", 0 }, { "DTLSv1.2", 0xfefd }, { "DTLSv1.0", 0xfeff }, { "DTLS", 0 } };

	for (size_t i = 0; i < COUNT(known); i++)
		if (text_is(protocol, known[i].name)) {
			*version = known[i].version;
			return true;
		}
	return false;
}

static bool has_hello(struct bytes info)
{
	return text_has(info, "Client Hello");
}

/* A hello after an alert, or after messages that come once, is of another connection. */
static bool begins_anew(const struct log_conn *c)
{
	bool server_hello = false;

	for (const struct log_note *n = c != NULL ? c->notes : NULL; n != NULL; n = n->next) {
		if (n->kind == LOG_ALERT || n->kind == LOG_END ||
			(n->kind == LOG_SEEN && n->type != HS_CLIENT_HELLO && server_hello &&
				n->type != HS_SERVER_HELLO))
			return true;
		server_hello |= n->kind == LOG_SEEN && n->type == HS_SERVER_HELLO;
	}
	return false;
}

static void take_tls(
	struct log_notes *notes, const struct row *r, uint16_t version, struct log_at at)
{
	int first = message_of(r->info);
	enum peers_hint hint = has_hello(r->info) ? PEERS_FROM_CLIENT
			       : first >= 0       ? peers_hint_of(messages[first].type)
						  : PEERS_NO_HINT;
	enum side from;
	struct log_conn *c =
		peers_conn(notes, LOG_READER_tshark_list, &r->peers, hint, false, at, &from);

	if (has_hello(r->info) && begins_anew(c))
		c = peers_conn(notes, LOG_READER_tshark_list, &r->peers, hint, true, at, &from);
	if (c != NULL && text_begins(r->protocol, "DTLS"))
		c->facts.datagrams = true;
	if (c != NULL && version != 0 && !has_hello(r->info))
		c->facts.version = version;
	take_contents(c, from, r->info, at);
}

/* "50130 → 4433 [SYN] Seq=0 ..." */
static void take_tcp(struct log_notes *notes, const struct row *r, struct log_at at)
{
	size_t syn = text_find(r->info, "[SYN]"), reset = text_find(r->info, "[RST"),
	       fin = text_find(r->info, "[FIN");
	struct log_conn *c;
	enum side from;

	if (syn == r->info.len && reset == r->info.len && fin == r->info.len)
		return;
	c = peers_conn(notes, LOG_READER_tshark_list, &r->peers,
		syn != r->info.len ? PEERS_FROM_CLIENT : PEERS_NO_HINT, syn != r->info.len, at,
		&from);
	if (reset != r->info.len)
		conn_ending(c, from, LOG_RESET, at);
	else if (fin != r->info.len)
		conn_ending(c, from, LOG_CLOSED, at);
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct bytes text = text_trim(line->text);
	struct log_at at = line->at;
	struct row r;
	uint16_t version;

	(void)state;
	if (text.len < LINE_LEAST || hex_digit_value(text.data[0]) < 0)
		return LOG_NOT_MINE;
	if (!take_columns(text, &r))
		return LOG_NOT_MINE;
	if (r.time != LOG_NO_TIME)
		at.time = r.time;
	if (is_tls(r.protocol, &version)) {
		take_tls(notes, &r, version, at);
		return LOG_MINE;
	}
	if (!text_is(r.protocol, "TCP") && !text_is(r.protocol, "UDP"))
		return LOG_NOT_MINE;
	take_tcp(notes, &r, at);
	return LOG_MINE;
}

const struct log_reader log_reader_tshark_list = {
	.name = "tshark-list",
	.title = "a list of packets",
	.take = take,
};
