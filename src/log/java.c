/*
 * javax.net.debug of the JDK in both of its styles: "javax.net.ssl|DEBUG|10|main|...|File.java:12|..." since 11,
 * "main, READ: TLSv1.2 Handshake, length = 85" and "*** ServerHello" before. With =all the bytes of the records
 * are there; what is under their keys too. Stack traces are read for what the exceptions say.
 */
#include "base/array.h"
#include "log/java_rows.h"
#include "log/named.h"
#include "log/reader.h"
#include "log/said.h"
#include "log/scan.h"
#include "names/names.h"

enum {
	TYPE_ALERT = 21,
	TYPE_HANDSHAKE = 22,
	TLS13 = 0x0304,
	CLIENT_HELLO = 1,
	FINISHED = 20,
	OLD_PREFIX = 160
};

enum java_dump { JAVA_NO_DUMP, JAVA_RAW, JAVA_OPENED, JAVA_SEALED };

struct java_state {
	uint64_t thread;
	bool over; /* the connection was closed: what comes next is of another */
	bool hello, retry, done;
	bool raw;         /* records are printed as bytes */
	bool read;        /* old style: something was read before any hello */
	bool in_alert;    /* "Received alert message" was said, its name follows */
	bool received;    /* the peer's alert was noted */
	bool client_turn; /* old style: the server's flight is over */
	bool tls13;
	enum java_dump dump;
	int alert;        /* that it is about to send, plus one: what made it do so is told first */
	bool finished[2]; /* of its own, of the peer */
	bool hello_waits; /* whether its bytes follow is not known yet */
	struct log_at hello_at;
	uint64_t said; /* sayings that were noted, as bits: a stack trace says each of them often */
	bool own;      /* the dump is of what it sends */
	uint8_t sealed_type;
	uint64_t sealed_len;
	struct log_at dump_at;
	struct java_rows rows;
};

static struct log_conn *begin(struct java_state *s, struct log_notes *notes, struct log_at at)
{
	uint64_t thread = s->thread;
	struct log_conn *c = conn_find(notes, LOG_READER_java, thread);

	if (s->hello_waits)
		conn_seen(c, SIDE_CLIENT, CLIENT_HELLO, false, s->hello_at);
	c = conn_open(notes, LOG_READER_java, thread, at);

	memset(s, 0, sizeof *s);
	s->thread = thread;
	return c;
}

static struct log_conn *current(struct java_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_java, s->thread);

	if (c == NULL || s->over)
		c = begin(s, notes, at);
	if (c != NULL && c->facts.role_known)
		c->facts.library[c->facts.role] = "Java";
	return c;
}

static enum side side_of(const struct log_conn *c, bool own)
{
	return own ? said_self(c) : side_other(said_self(c));
}

static void settle(struct java_state *s, struct log_conn *c)
{
	if (s->hello_waits)
		conn_seen(c, SIDE_CLIENT, CLIENT_HELLO, false, s->hello_at);
	s->hello_waits = false;
}

static void send_alert(struct java_state *s, struct log_conn *c, struct log_at at)
{
	if (s->alert != 0)
		conn_alert(c, said_self(c), 2, (uint8_t)(s->alert - 1), false, at);
	s->alert = 0;
}

/* Once each; an alert only where no bytes and no other line have it. */
static void say(struct java_state *s, struct log_conn *c, struct said said, struct bytes words,
	struct log_at at)
{
	uint64_t bit = (uint64_t)1 << said.saying % 64;

	settle(s, c);
	if (said.saying != SAYING_NONE && (s->said & bit) != 0) {
		said.saying = SAYING_NONE;
		said.ending = SENTENCE_GOES_ON;
	}
	s->said |= bit;
	if (s->received || s->raw)
		said.alert = SENTENCE_NO_ALERT;
	s->received = s->received || said.alert != SENTENCE_NO_ALERT;
	said_note(c, &said, words, at);
}

/* ---- bytes ---- */

/* What was decrypted does not say its type: messages and alerts of a handshake show it. */
static uint8_t type_of(struct bytes b)
{
	size_t length;

	if (b.len == 2 && (b.data[0] == 1 || b.data[0] == 2))
		return TYPE_ALERT;
	if (b.len < 4)
		return 0;
	length = (size_t)b.data[1] << 16 | (size_t)b.data[2] << 8 | b.data[3];
	return name_handshake_title(b.data[0]) != NULL && length <= 0x10000 &&
			       (length + 4 <= b.len || b.data[1] == 0)
		       ? TYPE_HANDSHAKE
		       : 0;
}

static void close_dump(struct java_state *s, struct log_conn *c)
{
	struct bytes b = bytes_of(s->rows.bytes, s->rows.len);
	enum java_dump dump = s->dump;

	s->dump = JAVA_NO_DUMP;
	if (b.len == 0 || c == NULL || dump == JAVA_NO_DUMP)
		return;
	if (dump == JAVA_RAW && !s->rows.holes)
		conn_wire(c, side_of(c, s->own), b, 0, s->dump_at);
	else if (dump == JAVA_RAW)
		conn_note(c,
			&(struct log_note){
				.kind = LOG_LOST, .from = side_of(c, s->own), .at = s->dump_at });
	else if (dump == JAVA_SEALED && s->sealed_len <= b.len)
		conn_opened(c, side_of(c, true), s->sealed_type,
			bytes_slice(b, 0, (size_t)s->sealed_len), 0, s->dump_at);
	else if (dump == JAVA_OPENED && type_of(b) != 0)
		conn_opened(c, side_of(c, false), type_of(b), b, 0, s->dump_at);
}

static void open_dump(struct java_state *s, enum java_dump dump, bool own, struct log_at at)
{
	s->dump = dump;
	s->own = own;
	s->dump_at = at;
	s->rows.len = 0;
	s->rows.holes = false;
	s->raw = s->raw || dump == JAVA_RAW;
	if (dump == JAVA_RAW)
		s->hello_waits = false;
}

/* ---- messages ---- */

static void note_message(
	struct java_state *s, struct log_conn *c, struct bytes name, bool own, struct log_at at)
{
	int type = named_message(name);
	bool keys;

	if (text_is(name, "HelloRetryRequest")) {
		type = 2;
		s->retry = true;
	}
	if (type < 0 || s->raw)
		return;
	settle(s, c);
	if (type == CLIENT_HELLO && own) {
		s->hello_waits = true;
		s->hello_at = at;
		return;
	}
	s->tls13 = s->tls13 || type == 8;
	keys = (s->tls13 && type != 1 && type != 2) || type == FINISHED;
	conn_seen(c, side_of(c, own), (uint8_t)type, keys, at);
}

/* Another ClientHello begins another handshake, but where a retry was asked for. */
static struct log_conn *for_hello(
	struct java_state *s, struct log_notes *notes, bool own, struct log_at at)
{
	struct log_conn *c = current(s, notes, at);

	if (s->hello && !s->retry)
		c = begin(s, notes, at);
	s->hello = true;
	said_role(c, own ? SIDE_CLIENT : SIDE_SERVER);
	return c;
}

struct input {
	struct java_state *s;
	struct log_notes *notes;
	const struct log_line *line;
};

static struct log_conn *of(const struct input *in)
{
	return current(in->s, in->notes, in->line->at);
}

static struct bytes last_word(struct bytes text)
{
	size_t at;

	text = text_trim(text);
	at = text.len;
	while (at != 0 && text.data[at - 1] != ' ')
		at--;
	return bytes_slice(text, at, text.len);
}

/* Both were sent and taken: that is the end of it. */
static void finished(struct java_state *s, struct log_conn *c, bool own, struct log_at at)
{
	s->finished[own ? 0 : 1] = true;
	if (s->finished[0] && s->finished[1] && !s->done)
		conn_note(
			c, &(struct log_note){ .kind = LOG_DONE, .from = said_self(c), .at = at });
	s->done = s->done || (s->finished[0] && s->finished[1]);
}

static void note_ccs(struct java_state *s, struct log_conn *c, bool own, struct log_at at)
{
	settle(s, c);
	conn_note(c, &(struct log_note){ .kind = LOG_CCS, .from = side_of(c, own), .at = at });
}

/* "Consuming server Certificate handshake message (", "Produced ChangeCipherSpec message" */
static bool message_line(const struct input *in, struct scan line)
{
	bool own = scan_word(&line, "Produced ");
	struct log_conn *c;
	struct bytes words;

	if (!own && !scan_word(&line, "Consuming "))
		return false;
	if (!scan_until(&line, " handshake message", &words) &&
		!scan_until(&line, " message", &words))
		words = scan_rest(&line);
	words = last_word(words);
	c = text_is(words, "ClientHello") ? for_hello(in->s, in->notes, own, in->line->at) : of(in);
	if (!text_is(words, "ChangeCipherSpec"))
		note_message(in->s, c, words, own, in->line->at);
	else if (!in->s->raw)
		note_ccs(in->s, c, own, in->line->at);
	if (text_is(words, "Finished"))
		finished(in->s, c, own, in->line->at);
	return true;
}

/* ---- new style ---- */

/* "Fatal (HANDSHAKE_FAILURE): Received fatal alert: handshake_failure ("; an alert of its own goes out */
static bool fatal_line(const struct input *in, struct scan line)
{
	struct log_conn *c = of(in);
	struct bytes name, words;
	struct said said;
	int alert;

	if (!scan_word(&line, "Fatal (") || !scan_until(&line, "): ", &name))
		return false;
	words = scan_rest(&line);
	alert = named_alert(name);
	if (!said_find(words, &said))
		said = said_nothing();
	if (!text_has(words, "Received fatal alert") && !in->s->raw && !in->s->received)
		in->s->alert = alert + 1;
	say(in->s, c, said, words, in->line->at);
	return true;
}

static bool dump_line(const struct input *in, struct scan line)
{
	static const struct {
		const char *begins;
		enum java_dump dump;
		bool own;
	} dumps[] = { { "Raw read", JAVA_RAW, false }, { "Raw write", JAVA_RAW, true },
		{ "[Raw read]", JAVA_RAW, false }, { "[Raw write]", JAVA_RAW, true },
		{ "Plaintext after DECRYPTION", JAVA_OPENED, false },
		{ "Plaintext before ENCRYPTION", JAVA_SEALED, true } };

	for (size_t i = 0; i < COUNT(dumps); i++)
		if (text_begins(scan_rest(&line), dumps[i].begins)) {
			(void)of(in);
			open_dump(in->s, dumps[i].dump, dumps[i].own, in->line->at);
			return true;
		}
	return false;
}

/* "WRITE: TLSv1.3 handshake, length = 52": what is sealed next */
static bool record_line(const struct input *in, struct scan line)
{
	struct bytes skipped, kind;

	if (!scan_word(&line, "WRITE: "))
		return text_begins(scan_rest(&line), "READ: ");
	in->s->sealed_type = 0;
	if (!scan_until(&line, " ", &skipped) || !scan_name(&line, "", &kind))
		return true;
	in->s->sealed_type = text_is(kind, "handshake") ? TYPE_HANDSHAKE
			     : text_is(kind, "alert")   ? TYPE_ALERT
							: 0;
	if (!scan_until(&line, "length = ", &skipped) || !scan_decimal(&line, &in->s->sealed_len) ||
		in->s->sealed_type == 0)
		in->s->sealed_len = UINT64_MAX;
	return true;
}

static bool fact_line(const struct input *in, struct scan line)
{
	struct log_conn *c;
	struct bytes name;
	int version;

	if (text_begins(scan_rest(&line), "Received alert message")) {
		in->s->in_alert = true;
		return true;
	}
	if (text_begins(scan_rest(&line), "close the underlying socket") ||
		text_begins(scan_rest(&line), "close the SSL connection")) {
		in->s->over = conn_find(in->notes, LOG_READER_java, in->s->thread) != NULL;
		return true;
	}
	if (!scan_word(&line, "Negotiated protocol version: ") || !scan_name(&line, ".", &name))
		return false;
	c = of(in);
	version = named_version(name);
	if (c != NULL && version > 0)
		c->facts.version = (uint16_t)version;
	in->s->tls13 = version == TLS13;
	return true;
}

static uint64_t thread_key(struct bytes id)
{
	uint64_t key = 0;

	for (size_t i = 0; i < id.len && i < 8; i++)
		key = key << 8 | id.data[i];
	return key;
}

/* "javax.net.ssl|DEBUG|10|main|2026-11-29 19:13:57.748 UTC|SSLCipher.java:466|..." */
static void new_style(const struct input *in, struct scan line)
{
	struct bytes field[5];
	struct said said;

	struct log_conn *c = conn_find(in->notes, LOG_READER_java, in->s->thread);

	close_dump(in->s, c);
	send_alert(in->s, c, in->line->at);
	for (size_t i = 0; i < COUNT(field); i++)
		if (!scan_until(&line, "|", &field[i]))
			return;
	in->s->thread = thread_key(field[1]);
	in->s->in_alert = false;
	if (message_line(in, line) || dump_line(in, line) || record_line(in, line) ||
		fact_line(in, line) || fatal_line(in, line))
		return;
	if (!text_is(field[0], "DEBUG") && said_find(scan_rest(&line), &said) && said_tells(&said))
		say(in->s, of(in), said, scan_rest(&line), in->line->at);
}

/* ---- old style ---- */

/* "*** ECDH ServerKeyExchange", "*** ClientHello, TLSv1.2", "*** Certificate chain" */
static void old_message(const struct input *in, struct scan line)
{
	struct java_state *s = in->s;
	struct bytes words = scan_rest(&line), skipped;
	struct log_conn *c;
	bool of_client;

	if (scan_until(&line, ", ", &skipped))
		words = skipped;
	words = text_begins(words, "Certificate chain") ? bytes_slice(words, 0, 11)
							: last_word(words);
	if (text_is(words, "ECDHClientKeyExchange"))
		words = bytes_slice(words, 4, words.len);
	if (text_is(words, "ClientHello"))
		c = for_hello(s, in->notes, !s->read, in->line->at);
	else
		c = of(in);
	of_client = text_begins(words, "Client") || text_is(words, "CertificateVerify") ||
		    (text_is(words, "Certificate") && s->client_turn) ||
		    (text_is(words, "Finished") && !s->done);
	note_message(s, c, words, of_client == (said_self(c) == SIDE_CLIENT), in->line->at);
	s->client_turn = s->client_turn || text_is(words, "ServerHelloDone");
	if (text_is(words, "Finished"))
		finished(s, c, of_client == (said_self(c) == SIDE_CLIENT), in->line->at);
}

/* "main, RECV TLSv1.2 ALERT:  fatal, handshake_failure", "... SEND ... fatal, description = unknown_ca" */
static bool old_alert(const struct input *in, struct scan line)
{
	struct log_conn *c;
	struct bytes skipped, thread;
	bool own, fatal;
	int alert;

	if (!scan_until(&line, ", ", &thread))
		return false;
	own = scan_word(&line, "SEND ");
	if ((!own && !scan_word(&line, "RECV ")) || !scan_until(&line, "ALERT:", &skipped))
		return false;
	(void)scan_blanks(&line);
	fatal = text_begins(scan_rest(&line), "fatal");
	if (!scan_until(&line, ", ", &skipped))
		return true;
	(void)scan_word(&line, "description = ");
	c = of(in);
	alert = named_alert(text_trim(scan_rest(&line)));
	in->s->received = in->s->received || !own;
	if (alert >= 0 && !in->s->raw)
		conn_alert(c, side_of(c, own), fatal ? 2 : 1, (uint8_t)alert, false, in->line->at);
	return true;
}

/* "main, READ: ...", "main, WRITE: ...", "main, handling exception: ...", "main, called closeSocket()" */
static bool old_style(const struct input *in, struct bytes text)
{
	static const char *const words[] = { ", READ: ", ", WRITE: ", ", handling exception: ",
		", called close", ", closing ", ", Exception while waiting",
		", received EOFException" };
	struct said said;

	if (old_alert(in, scan_of(text)))
		return true;
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!text_has(bytes_slice(text, 0, OLD_PREFIX), words[i]))
			continue;
		if (i == 0)
			in->s->read = in->s->read || !in->s->hello;
		if (i == 3 && conn_find(in->notes, LOG_READER_java, in->s->thread) != NULL)
			in->s->over = true;
		if ((i == 2 || i >= 5) && said_find(text, &said)) {
			say(in->s, of(in), said, text, in->line->at);
		}
		return true;
	}
	return false;
}

/* ---- what stands behind a message ---- */

/* '"cipher suite"        : "TLS_AES_256_GCM_SHA384(0x1302)",' of a ServerHello */
static void take_suite(struct log_conn *c, struct bytes text)
{
	struct scan s = scan_of(text);
	struct bytes skipped;
	uint64_t suite;

	if (c == NULL || !scan_until(&s, "(0x", &skipped) || !scan_hex(&s, &suite) ||
		suite > UINT16_MAX)
		return;
	c->facts.suite_known = true;
	c->facts.suite = (uint16_t)suite;
}

static void take_alert_name(const struct input *in, struct log_conn *c, struct bytes text)
{
	struct scan s = scan_of(text);
	struct bytes skipped, name;
	int alert;

	if (!scan_until(&s, ": \"", &skipped) || !scan_name(&s, "", &name))
		return;
	alert = named_alert(name);
	in->s->in_alert = false;
	in->s->received = true;
	if (alert >= 0 && !in->s->raw)
		conn_alert(c, side_of(c, false), alert == 0 ? 1 : 2, (uint8_t)alert, false,
			in->line->at);
}

static void take_exception(const struct input *in, struct log_conn *c, struct bytes text)
{
	struct said said;

	if (said_find(text, &said))
		say(in->s, c, said, text, in->line->at);
}

/* A line inside a connection that is open; false: it may be another program's. */
static bool detail(const struct input *in, struct log_conn *c, struct bytes text)
{
	struct bytes trimmed = text_trim(text);

	if (in->s->dump != JAVA_NO_DUMP && java_rows_take(&in->s->rows, text))
		return true;
	close_dump(in->s, c);
	if (text_begins(trimmed, "\"cipher suite\""))
		take_suite(c, trimmed);
	else if (in->s->in_alert && text_begins(trimmed, "\"description\""))
		take_alert_name(in, c, trimmed);
	else if (text_begins(trimmed, "type=host_name (0), value=") && c->facts.sni == NULL)
		c->facts.sni = conn_text(c, bytes_slice(trimmed, 26, 255));
	else if (text_begins(trimmed, "at ") || text_begins(trimmed, "... "))
		return true;
	else if (text_has(trimmed, "xception"))
		take_exception(in, c, trimmed);
	else
		return text.len != 0 && (text.data[0] == ' ' || strchr("\"{})", text.data[0]));
	return true;
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct input in = { state, notes, line };
	struct scan s = scan_of(line->text);
	struct log_conn *c;

	if (line->text.len == 0)
		return LOG_NOT_MINE;
	if (scan_word(&s, "javax.net.ssl|")) {
		new_style(&in, s);
		return LOG_MINE;
	}
	c = conn_find(notes, LOG_READER_java, in.s->thread);
	if (scan_word(&s, "*** ") && (c != NULL || text_begins(scan_rest(&s), "ClientHello, "))) {
		close_dump(in.s, c);
		old_message(&in, s);
		return LOG_MINE;
	}
	if (line->text.data[0] == '[' && dump_line(&in, s))
		return LOG_MINE;
	if (c == NULL)
		return LOG_NOT_MINE;
	return old_style(&in, line->text) || detail(&in, c, line->text) ? LOG_MINE : LOG_NOT_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct java_state *s = state;
	struct log_conn *c = conn_find(notes, LOG_READER_java, s->thread);

	close_dump(s, c);
	settle(s, c);
	send_alert(s, c, c != NULL ? c->last : (struct log_at){ 0, LOG_NO_TIME });
}

const struct log_reader log_reader_java = {
	.name = "java",
	.title = "javax.net.debug output",
	.size = sizeof(struct java_state),
	.take = take,
	.end = end,
};
