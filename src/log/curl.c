/*
 * `curl -v`, --trace and --trace-ascii. With OpenSSL it names each message and alert as it passes; in a
 * --trace their bytes stand there too, as -msg of OpenSSL's own programs has them.
 */
#include "base/array.h"
#include "log/named.h"
#include "log/openssl_bytes.h"
#include "log/reader.h"
#include "log/said.h"
#include "log/scan.h"

enum {
	TLS13 = 0x0304,
	HEADER_LEN = 5,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	ROW_TEXT = 48 /* of the 16 bytes of a row */
};

enum curl_content { CURL_NOTHING, CURL_MESSAGE, CURL_ALERT, CURL_CCS };

struct curl_state {
	bool connected; /* or has tried to */
	bool secured, ended;
	bool alert; /* one of the peer's was named */
	bool tls13;
	/* named, and not yet known whether its bytes follow */
	enum curl_content named;
	enum openssl_whose whose;
	uint8_t type, level, code;
	struct log_at named_at;
	struct openssl_bytes bytes;
};

/* ---- connections ---- */

static struct log_conn *begin(struct curl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_curl, 0);

	if (c != NULL)
		openssl_bytes_end(&s->bytes, c);
	memset(s, 0, sizeof *s);
	c = conn_open(notes, LOG_READER_curl, 0, at);
	said_role(c, SIDE_CLIENT);
	return c;
}

static struct log_conn *current(struct curl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_curl, 0);

	return c != NULL ? c : begin(s, notes, at);
}

/* ---- what was named ---- */

static void give_named(struct curl_state *s, struct log_conn *c)
{
	enum side from = openssl_side(c, s->whose);
	bool keys = s->tls13 && s->type != CLIENT_HELLO && s->type != SERVER_HELLO;
	enum curl_content named = s->named;

	s->named = CURL_NOTHING;
	if (named == CURL_MESSAGE)
		conn_seen(c, from, s->type, keys, s->named_at);
	else if (named == CURL_ALERT)
		conn_alert(c, from, s->level, s->code, false, s->named_at);
	else if (named == CURL_CCS && !s->bytes.lanes[s->whose].ccs)
		conn_note(
			c, &(struct log_note){ .kind = LOG_CCS, .from = from, .at = s->named_at });
}

/* Its bytes are there: they say the same, and more. */
static void begin_bytes(struct curl_state *s, struct log_conn *c, uint64_t len, struct log_at at)
{
	static const enum openssl_content contents[] = {
		[CURL_NOTHING] = OPENSSL_OTHER,
		[CURL_MESSAGE] = OPENSSL_HANDSHAKE,
		[CURL_ALERT] = OPENSSL_ALERT,
		[CURL_CCS] = OPENSSL_CCS,
	};
	enum openssl_content content = contents[s->named];

	if (s->named == CURL_NOTHING && len == HEADER_LEN)
		content = OPENSSL_HEADER;
	openssl_bytes_content(&s->bytes, c, s->whose, content, len, at);
}

/* "(OUT), TLS handshake, Client hello (1):", up to 7.5x without the direction */
static bool named_line(struct curl_state *s, struct log_conn *c, struct scan line, struct log_at at)
{
	struct bytes version, what, name;
	enum openssl_whose whose = OPENSSL_OWN;
	uint64_t number;

	if (!scan_name(&line, ".", &version) ||
		!(text_begins(version, "TLSv") || text_begins(version, "SSLv")))
		return false;
	(void)scan_char(&line, ' ');
	if (scan_word(&line, "(IN)"))
		whose = OPENSSL_PEERS;
	else
		(void)scan_word(&line, "(OUT)");
	if (!scan_word(&line, ", TLS ") || !scan_until(&line, ", ", &what) ||
		!scan_until(&line, " (", &name) || !scan_decimal(&line, &number))
		return false;
	give_named(s, c);
	s->tls13 = s->tls13 || (text_is(version, "TLSv1.3") && number == 8);
	s->whose = whose;
	s->named_at = at;
	s->named = text_is(what, "handshake")       ? CURL_MESSAGE
		   : text_is(what, "alert")         ? CURL_ALERT
		   : text_is(what, "change cipher") ? CURL_CCS
						    : CURL_NOTHING;
	s->type = (uint8_t)number;
	s->alert = s->alert || (s->named == CURL_ALERT && whose == OPENSSL_PEERS);
	s->level = (uint8_t)(number >> 8);
	s->code = (uint8_t)number;
	return true;
}

/* ---- kinds of lines ---- */

struct input {
	struct curl_state *s;
	struct log_notes *notes;
	const struct log_line *line;
	struct bytes text;
};

static struct log_conn *of(const struct input *in)
{
	return current(in->s, in->notes, in->line->at);
}

/* "  Trying 192.0.2.10:4433..." */
static void on_trying(const struct input *in, struct scan rest)
{
	(void)rest;
	if (in->s->connected || in->s->ended)
		(void)begin(in->s, in->notes, in->line->at);
	(void)of(in);
}

/* "Connected to device.example (192.0.2.10) port 4433 (#0)" */
static void on_connected(const struct input *in, struct scan rest)
{
	struct log_conn *c;
	struct bytes name, address;
	uint64_t port;

	if (in->s->connected)
		(void)begin(in->s, in->notes, in->line->at);
	c = of(in);
	in->s->connected = true;
	if (c == NULL || !scan_until(&rest, " (", &name) || !scan_until(&rest, ") port ", &address))
		return;
	c->facts.name = conn_text(c, name);
	c->facts.address[SIDE_SERVER] = conn_text(c, address);
	if (scan_decimal(&rest, &port) && port <= UINT16_MAX)
		c->facts.port[SIDE_SERVER] = (uint16_t)port;
}

/* "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / id-ecPublicKey" */
static void on_secured(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	struct bytes version, suite;
	int value;

	give_named(in->s, c);
	if (c == NULL || !scan_name(&rest, ".", &version))
		return;
	(void)scan_word(&rest, " / ");
	value = named_version(version);
	if (value > 0)
		c->facts.version = (uint16_t)value;
	if (scan_name(&rest, "-", &suite) && (value = named_suite(suite)) >= 0) {
		c->facts.suite_known = true;
		c->facts.suite = (uint16_t)value;
	}
	if (!in->s->secured)
		conn_note(c, &(struct log_note){
				     .kind = LOG_DONE, .from = SIDE_CLIENT, .at = in->line->at });
	in->s->secured = true;
}

static void on_alpn(const struct input *in, struct scan rest)
{
	struct log_conn *c = of(in);
	struct bytes name;

	(void)scan_word(&rest, "to use ");
	if (c != NULL && scan_name(&rest, "/.-", &name))
		c->facts.alpn = conn_text(c, name);
}

static const struct {
	const char *begins;
	void (*take)(const struct input *in, struct scan rest);
} kinds[] = {
	{ "Trying ", on_trying },
	{ "Connected to ", on_connected },
	{ "SSL connection using ", on_secured },
	{ "ALPN: server accepted ", on_alpn },
	{ "ALPN, server accepted ", on_alpn },
};

/* Words of a failure: the program's last line says them again, which is left out. */
static void say(const struct input *in, struct log_conn *c)
{
	struct said said;

	give_named(in->s, c);
	if (!said_find(in->text, &said))
		return;
	openssl_bytes_settle(&in->s->bytes, c);
	if (in->s->ended)
		said.ending = SENTENCE_GOES_ON;
	in->s->ended = in->s->ended || said.ending != SENTENCE_GOES_ON;
	if (in->s->alert)
		said.alert = SENTENCE_NO_ALERT;
	in->s->alert = in->s->alert || said.alert != SENTENCE_NO_ALERT;
	said_note(c, &said, in->text, in->line->at);
}

/* What stands behind "* " or "== Info: " */
static void take_info(const struct input *in)
{
	struct log_conn *c;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct scan rest = scan_of(in->text);

		if (!scan_word(&rest, kinds[i].begins))
			continue;
		kinds[i].take(in, rest);
		return;
	}
	c = of(in);
	if (!named_line(in->s, c, scan_of(in->text), in->line->at))
		say(in, c);
}

/* "=> Send SSL data, 220 bytes (0xdc)", "<= Recv SSL data, 5 bytes (0x5)" */
static bool take_heading(const struct input *in)
{
	struct scan line = scan_of(in->text);
	struct log_conn *c = of(in);
	uint64_t len;
	enum openssl_whose whose;

	if (scan_word(&line, "=> Send SSL data, "))
		whose = OPENSSL_OWN;
	else if (scan_word(&line, "<= Recv SSL data, "))
		whose = OPENSSL_PEERS;
	else
		return text_begins(in->text, "=> Send ") || text_begins(in->text, "<= Recv ");
	if (!scan_decimal(&line, &len))
		return true;
	if (in->s->named != CURL_NOTHING && whose != in->s->whose)
		give_named(in->s, c);
	in->s->whose = whose;
	begin_bytes(in->s, c, len, in->line->at);
	return true;
}

/* "0040: 16 03 01 ..." of --trace; the rows of --trace-ascii are letters, and what was named stands for them */
static bool take_row(const struct input *in)
{
	struct log_conn *c = of(in);
	struct scan line = scan_of(in->text);
	uint64_t offset;
	struct bytes rest;
	const uint8_t *from = line.at;

	if (!scan_hex(&line, &offset) || line.at - from != 4 || !scan_word(&line, ": "))
		return false;
	in->s->bytes.no_debug = true;
	if (openssl_bytes_row(
		    &in->s->bytes, c, bytes_slice(scan_rest(&line), 0, ROW_TEXT), &rest)) {
		in->s->named = CURL_NOTHING;
		return true;
	}
	if (offset == 0) {
		in->s->bytes.rows.form = OPENSSL_ROWS_NONE;
		give_named(in->s, c);
	}
	return true;
}

static bool is_open(const struct input *in)
{
	return conn_find(in->notes, LOG_READER_curl, 0) != NULL;
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct curl_state *s = state;
	struct log_line outdented = *line;
	struct input in = { s, notes, &outdented, line->text };
	struct scan text = scan_of(line->text);

	(void)scan_blanks(&text); /* a post may be indented */
	in.text = outdented.text = scan_rest(&text);

	switch (scan_peek(&text)) {
	case '*':
		if (!scan_word(&text, "* ") && !scan_word(&text, "*\t"))
			return LOG_NOT_MINE;
		in.text = text_trim(scan_rest(&text));
		if (!is_open(&in) && !text_begins(in.text, "Trying ") &&
			!text_begins(in.text, "Connected to ") && !text_has(in.text, ", TLS "))
			return LOG_NOT_MINE;
		take_info(&in);
		return LOG_MINE;
	case '=':
		if (scan_word(&text, "== Info: ")) {
			in.text = text_trim(scan_rest(&text));
			take_info(&in);
			return LOG_MINE;
		}
		return scan_word(&text, "=> Send") && take_heading(&in) ? LOG_MINE : LOG_NOT_MINE;
	case '<':
		return scan_word(&text, "<= Recv") && take_heading(&in) ? LOG_MINE : LOG_NOT_MINE;
	case 'c':
		if (!scan_word(&text, "curl: ("))
			return LOG_NOT_MINE;
		say(&in, of(&in));
		s->ended = true;
		return LOG_MINE;
	case '{':
	case '}':
		return is_open(&in) && text_has(in.text, " bytes data]") ? LOG_MINE : LOG_NOT_MINE;
	default:
		return is_open(&in) && take_row(&in) ? LOG_MINE : LOG_NOT_MINE;
	}
}

static void end(void *state, struct log_notes *notes)
{
	struct curl_state *s = state;
	struct log_conn *c = conn_find(notes, LOG_READER_curl, 0);

	if (c == NULL)
		return;
	give_named(s, c);
	openssl_bytes_end(&s->bytes, c);
}

const struct log_reader log_reader_curl = {
	.name = "curl",
	.title = "output of curl",
	.size = sizeof(struct curl_state),
	.take = take,
	.end = end,
};
