/*
 * `openssl s_client` and `s_server`, with any of -msg, -debug, -state, -brief, -tlsextdebug, or plain. What
 * they print stands on two streams; in a file the errors often come before the "CONNECTED" they are of.
 */
#include "base/array.h"
#include "log/named.h"
#include "log/openssl_bytes.h"
#include "log/openssl_error.h"
#include "log/openssl_state.h"
#include "log/openssl_trace.h"
#include "log/pem_block.h"
#include "log/reader.h"
#include "log/scan.h"

enum { FATAL = 2, WARNING = 1, HEX_DIGITS_MAX = 16 };

/* ---- connections ---- */

/* The handshake went well where a suite is told of, no error is, and the bytes, if any, say the same. */
static bool went_well(const struct openssl_state *s)
{
	uint32_t finished = (uint32_t)1 << 20;

	if (s->suite_at.line == 0 || s->failed)
		return false;
	if (s->bytes.any || s->trace.any)
		return ((s->bytes.seen[OPENSSL_PEERS] | s->trace.seen[OPENSSL_PEERS]) & finished) !=
		       0;
	return true;
}

/* An alert, or an end, that errors told of and nothing else did. */
static void note_late(struct openssl_state *s, struct log_conn *c)
{
	struct said late = s->late;

	if (s->late_at.line == 0)
		return;
	late.saying = SAYING_NONE;
	if (s->alert_seen || s->bytes.debug)
		late.alert = SENTENCE_NO_ALERT;
	if (s->ended)
		late.ending = SENTENCE_GOES_ON;
	/* It is an error that is printed behind the alert which it made the program send. */
	if (late.ending != SENTENCE_GOES_ON && s->bytes.own_alert.line > 1) {
		s->late_at = s->bytes.own_alert;
		s->late_at.line--;
	}
	said_note(c, &late, bytes_of(NULL, 0), s->late_at);
}

static void finish(struct openssl_state *s, struct log_conn *c)
{
	openssl_trace_end(s, c);
	openssl_bytes_end(&s->bytes, c);
	s->alert_seen = s->alert_seen || s->bytes.peers_alert;
	note_late(s, c);
	if (went_well(s))
		conn_note(c, &(struct log_note){
				     .kind = LOG_DONE, .from = said_self(c), .at = s->suite_at });
}

static struct log_conn *begin(struct openssl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_openssl, 0);
	bool server = s->server;

	if (c != NULL)
		finish(s, c);
	memset(s, 0, sizeof *s);
	s->server = server;
	c = conn_open(notes, LOG_READER_openssl, 0, at);
	if (c != NULL && server) {
		c->facts.role_known = true;
		c->facts.role = SIDE_SERVER;
	}
	return c;
}

static struct log_conn *current(struct openssl_state *s, struct log_notes *notes, struct log_at at)
{
	struct log_conn *c = conn_find(notes, LOG_READER_openssl, 0);

	return c == NULL || s->over ? begin(s, notes, at) : c;
}

static void set_library(struct log_conn *c)
{
	enum side self = said_self(c);

	if (c != NULL && c->facts.library[self] == NULL)
		c->facts.library[self] = "OpenSSL";
}

/* ---- kinds of lines ---- */

struct input {
	struct openssl_state *s;
	struct log_notes *notes;
	const struct log_line *line;
	struct bytes text;
};

static struct log_conn *of(const struct input *in)
{
	struct log_conn *c = current(in->s, in->notes, in->line->at);

	set_library(c);
	return c;
}

static struct log_conn *of_client(const struct input *in)
{
	struct log_conn *c = of(in);

	said_role(c, SIDE_CLIENT);
	return c;
}

/* The summary behind a handshake is printed: what is said of a chain after that is of the next. */
static struct log_conn *before_summary(const struct input *in)
{
	if (in->s->summary)
		in->s->over = true;
	return of(in);
}

static bool on_connected(const struct input *in, struct scan s)
{
	(void)s;
	if (in->s->connected || in->s->ended)
		in->s->over = true;
	(void)of_client(in);
	in->s->connected = true;
	return true;
}

/* s_server waits for the next. */
static bool on_accept(const struct input *in, struct scan s)
{
	if (text_trim(scan_rest(&s)).len != 0)
		return false;
	in->s->server = true;
	if (conn_find(in->notes, LOG_READER_openssl, 0) != NULL)
		in->s->over = true;
	return true;
}

static bool content_of(struct bytes name, uint64_t len, enum openssl_content *out)
{
	static const struct {
		const char *name;
		enum openssl_content content;
	} names[] = { { "Handshake", OPENSSL_HANDSHAKE }, { "Alert", OPENSSL_ALERT },
		{ "ChangeCipherSpec", OPENSSL_CCS }, { "RecordHeader", OPENSSL_HEADER },
		{ "TLS Header", OPENSSL_HEADER }, { "InnerContent", OPENSSL_OTHER } };

	for (size_t i = 0; i < COUNT(names); i++)
		if (text_has(name, names[i].name)) {
			*out = names[i].content;
			return true;
		}
	*out = len == 5 || len == 13 ? OPENSSL_HEADER : OPENSSL_OTHER;
	return text_has(name, "???") || text_has(name, "Not TLS") ||
	       text_has(name, "Application") || text_has(name, "TLS ");
}

/* ">>> TLS 1.2, Handshake [length 00ce], ClientHello"; up to 1.1 without the first comma */
static bool on_content(const struct input *in, struct scan s, enum openssl_whose whose)
{
	struct bytes name, rest;
	uint64_t len;
	enum openssl_content content;
	struct log_conn *c;

	if (!scan_until(&s, " [length ", &name) || !scan_hex(&s, &len) ||
		!content_of(name, len, &content))
		return false;
	rest = scan_rest(&s);
	c = of(in);
	if (content == OPENSSL_HANDSHAKE && text_has(rest, "ClientHello"))
		said_role(c, whose == OPENSSL_OWN ? SIDE_CLIENT : SIDE_SERVER);
	if (content == OPENSSL_ALERT && text_has(rest, "fatal"))
		in->s->failed = true;
	openssl_bytes_content(&in->s->bytes, c, whose, content, len, in->line->at);
	return true;
}

static bool on_own(const struct input *in, struct scan s)
{
	return on_content(in, s, OPENSSL_OWN);
}

static bool on_peers(const struct input *in, struct scan s)
{
	return on_content(in, s, OPENSSL_PEERS);
}

/* "write to 0x5599773ea5f0 [0x559977405f80] (320 bytes => 320 (0x140))" */
static bool on_stream(const struct input *in, struct scan s, enum openssl_whose whose)
{
	struct bytes before;
	int64_t len;
	struct log_conn *c;

	if (!scan_until(&s, "bytes => ", &before) || !scan_integer(&s, &len))
		return false;
	c = of(in);
	if (len > 0)
		openssl_bytes_stream(&in->s->bytes, c, whose, (uint64_t)len, in->line->at);
	else if (len == 0 && whose == OPENSSL_PEERS && !in->s->ended) {
		in->s->ended = true;
		openssl_bytes_settle(&in->s->bytes, c);
		conn_ending(c, openssl_side(c, whose), LOG_CLOSED, in->line->at);
	}
	return true;
}

static bool on_write(const struct input *in, struct scan s)
{
	return on_stream(in, s, OPENSSL_OWN);
}

static bool on_read(const struct input *in, struct scan s)
{
	return on_stream(in, s, OPENSSL_PEERS);
}

/* "verify error:num=20:unable to get local issuer certificate" */
static bool on_verify_error(const struct input *in, struct scan s)
{
	struct log_conn *c = before_summary(in);
	uint64_t number;
	struct said said;

	if (!scan_decimal(&s, &number) || number > INT32_MAX || !scan_char(&s, ':'))
		return false;
	in->s->verdict = (int)number;
	if (openssl_verify_read((int64_t)number, scan_rest(&s), &said))
		said_note(c, &said, in->text, in->line->at);
	return true;
}

static bool on_verify(const struct input *in, struct scan s)
{
	(void)s;
	(void)before_summary(in);
	return true;
}

/* "Verify return code: 10 (certificate has expired)" */
static bool on_verify_code(const struct input *in, struct scan s)
{
	struct log_conn *c = of(in);
	uint64_t number;
	struct said said;

	in->s->summary = true;
	if (!scan_decimal(&s, &number) || number > INT32_MAX || (int)number == in->s->verdict)
		return true;
	in->s->verdict = (int)number;
	(void)scan_word(&s, " (");
	if (openssl_verify_read((int64_t)number, scan_rest(&s), &said))
		said_note(c, &said, in->text, in->line->at);
	return true;
}

/* "Verification error: certificate has expired" */
static bool on_verification(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);
	struct said said;

	if (c == NULL)
		return false;
	if (in->s->verdict == 0 && openssl_verify_read(-1, scan_rest(&s), &said)) {
		in->s->verdict = -1;
		said_note(c, &said, in->text, in->line->at);
	}
	return true;
}

static void set_suite(
	const struct input *in, struct log_conn *c, struct bytes version, struct bytes suite)
{
	int value = named_suite(suite);

	if (value < 0 || c == NULL)
		return;
	in->s->suite_at = in->line->at;
	c->facts.suite_known = true;
	c->facts.suite = (uint16_t)value;
	value = named_version(version);
	if (value > 0 && c->facts.version == 0)
		c->facts.version = (uint16_t)value;
}

/* "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384"; "Reused, ..." */
static bool on_suite(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);
	struct bytes version;

	if (c == NULL || !scan_until(&s, ", Cipher is ", &version))
		return false;
	if (text_begins(in->text, "Reused"))
		c->facts.resumed = true;
	set_suite(in, c, version, text_trim(scan_rest(&s)));
	return true;
}

/* "    Protocol  : TLSv1.2" of the session: what was agreed on, where anything was */
static bool on_protocol(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);
	int value = named_version(text_trim(scan_rest(&s)));

	if (c == NULL)
		return false;
	if (value > 0 && c->facts.version == 0 &&
		(c->facts.suite_known || c->facts.group != 0 || in->s->certificates != 0 ||
			text_begins(in->text, "Protocol version"))) /* of -brief: agreed on */
		c->facts.version = (uint16_t)value;
	return true;
}

/* s_server: "CIPHER is ECDHE-RSA-AES128-GCM-SHA256"; -brief: "Ciphersuite: TLS_AES_256_GCM_SHA384" */
static bool on_cipher(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);

	set_suite(in, c, bytes_of(NULL, 0), text_trim(scan_rest(&s)));
	return c != NULL;
}

/* -brief */
static bool on_brief(const struct input *in, struct scan s)
{
	(void)s;
	if (in->s->connected || in->s->summary)
		in->s->over = true;
	(void)of(in);
	in->s->connected = true;
	in->s->summary = true;
	return true;
}

/* "Server Temp Key: X25519, 253 bits", "Server Temp Key: ECDH, prime256v1, 256 bits" */
static bool on_temp_key(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);
	struct bytes group;
	int value;

	if (c == NULL)
		return false;
	(void)scan_word(&s, "ECDH, ");
	if (scan_name(&s, "-", &group) && (value = named_group(group)) > 0)
		c->facts.group = (uint16_t)value;
	return true;
}

static bool on_alpn(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);

	if (c != NULL)
		c->facts.alpn = conn_text(c, text_trim(scan_rest(&s)));
	return c != NULL;
}

/* "Verified peername: device.example" */
static bool on_peername(const struct input *in, struct scan s)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);

	if (c != NULL)
		c->facts.name = conn_text(c, text_trim(scan_rest(&s)));
	return c != NULL;
}

/* Lines of the summary that tell nothing more. */
static bool on_own_words(const struct input *in, struct scan s)
{
	(void)s;
	return conn_find(in->notes, LOG_READER_openssl, 0) != NULL;
}

/* "SSL3 alert write:fatal:handshake failure" */
static bool on_alert(const struct input *in, struct scan s)
{
	struct log_conn *c = of(in);
	bool write = scan_word(&s, "write:");
	bool fatal = false;
	int alert;

	if (!write && !scan_word(&s, "read:"))
		return false;
	if (scan_word(&s, "fatal:"))
		fatal = true;
	else if (!scan_word(&s, "warning:"))
		return true;
	alert = named_alert(text_trim(scan_rest(&s)));
	in->s->failed = in->s->failed || fatal;
	if (alert < 0 || in->s->bytes.any || in->s->trace.any)
		return true;
	in->s->alert_seen = in->s->alert_seen || !write;
	if (write)
		in->s->bytes.own_alert = in->line->at;
	conn_alert(c, openssl_side(c, write ? OPENSSL_OWN : OPENSSL_PEERS), fatal ? FATAL : WARNING,
		(uint8_t)alert, false, in->line->at);
	return true;
}

/* -state: what was read or written, as OpenSSL names it */
static const struct {
	const char *words;
	bool own;
	uint8_t type;
} states[] = {
	{ "write client hello", true, 1 },
	{ "read server hello", false, 2 },
	{ "read server certificate verify", false, 15 },
	{ "read server certificate request", false, 13 },
	{ "read server certificate", false, 11 },
	{ "read server key exchange", false, 12 },
	{ "read server done", false, 14 },
	{ "read server session ticket", false, 4 },
	{ "read encrypted extensions", false, 8 },
	{ "write client certificate", true, 11 },
	{ "write client key exchange", true, 16 },
	{ "write certificate verify", true, 15 },
	{ "write finished", true, 20 },
	{ "read finished", false, 20 },
	{ "read client hello", false, 1 },
	{ "write server hello", true, 2 },
	{ "write encrypted extensions", true, 8 },
	{ "write server certificate verify", true, 15 },
	{ "write certificate request", true, 13 },
	{ "write certificate", true, 11 },
	{ "write key exchange", true, 12 },
	{ "write server done", true, 14 },
	{ "read client certificate", false, 11 },
	{ "read client key exchange", false, 16 },
	{ "read certificate verify", false, 15 },
};

static void note_state(const struct input *in, struct log_conn *c, struct bytes words)
{
	for (size_t i = 0; i < COUNT(states); i++) {
		enum openssl_whose whose = states[i].own ? OPENSSL_OWN : OPENSSL_PEERS;
		uint32_t bit = (uint32_t)1 << states[i].type;

		if (!text_has(words, states[i].words))
			continue;
		if ((in->s->bytes.seen[whose] & bit) == 0 && !in->s->bytes.any && !in->s->trace.any)
			conn_seen(c, openssl_side(c, whose), states[i].type, false, in->line->at);
		in->s->bytes.seen[whose] |= bit;
		return;
	}
}

static bool on_client_state(const struct input *in, struct scan s)
{
	note_state(in, of_client(in), scan_rest(&s));
	return true;
}

static bool on_server_state(const struct input *in, struct scan s)
{
	struct log_conn *c = of(in);

	said_role(c, SIDE_SERVER);
	note_state(in, c, scan_rest(&s));
	return true;
}

/* "connect:errno=111", "connect: Connection refused", "read:errno=104" */
static bool on_system(const struct input *in, struct scan s)
{
	static const struct {
		uint64_t number;
		const char *words;
		enum log_ending ending;
	} rows[] = {
		{ 111, "Connection refused", LOG_REFUSED },
		{ 61, "refused", LOG_REFUSED },
		{ 113, "No route to host", LOG_UNREACHABLE },
		{ 101, "Network is unreachable", LOG_UNREACHABLE },
		{ 110, "timed out", LOG_UNANSWERED },
		{ 104, "Connection reset by peer", LOG_RESET },
		{ 54, "reset by peer", LOG_RESET },
		{ 32, "Broken pipe", LOG_RESET },
	};
	struct log_conn *c = of(in);
	uint64_t number = 0;

	if (scan_word(&s, "errno="))
		(void)scan_decimal(&s, &number);
	if (in->s->ended)
		return true;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (number != rows[i].number && !text_has(scan_rest(&s), rows[i].words))
			continue;
		in->s->ended = true;
		in->s->failed = true;
		openssl_bytes_settle(&in->s->bytes, c);
		conn_ending(c, side_other(said_self(c)), rows[i].ending, in->line->at);
		return true;
	}
	return true;
}

static bool on_connect(const struct input *in, struct scan s)
{
	if (!scan_word(&s, "errno=") && !scan_char(&s, ' '))
		return false;
	s = scan_of(in->text);
	(void)scan_word(&s, "connect:");
	(void)of_client(in);
	return on_system(in, s);
}

static bool on_read_errno(const struct input *in, struct scan s)
{
	struct log_conn *c = of(in);
	struct scan t = s;

	if (scan_word(&t, "errno=0")) {
		openssl_bytes_settle(&in->s->bytes, c);
		if (!in->s->ended && !in->s->summary)
			conn_ending(c, side_other(said_self(c)), LOG_CLOSED, in->line->at);
		in->s->ended = true;
		return true;
	}
	return on_system(in, s);
}

static bool on_refused(const struct input *in, struct scan s)
{
	(void)s;
	(void)of_client(in);
	s = scan_of(in->text);
	return on_system(in, s);
}

static bool on_certificate(const struct input *in, struct scan s)
{
	(void)s;
	if (conn_find(in->notes, LOG_READER_openssl, 0) == NULL)
		return false;
	in->s->chain_len = 0;
	return true;
}

static const struct kind {
	const char *begins;
	bool (*take)(const struct input *in, struct scan rest);
} kinds[] = {
	{ ">>> ", on_own },
	{ "<<< ", on_peers },
	{ "write to 0x", on_write },
	{ "read from 0x", on_read },
	{ "CONNECTED(", on_connected },
	{ "ACCEPT", on_accept },
	{ "verify error:num=", on_verify_error },
	{ "verify return:", on_verify },
	{ "verify depth is ", on_own_words },
	{ "depth=", on_verify },
	{ "Verify return code: ", on_verify_code },
	{ "Verification error: ", on_verification },
	{ "Verification: OK", on_own_words },
	{ "Verified peername: ", on_peername },
	{ "New, ", on_suite },
	{ "Reused, ", on_suite },
	{ "Protocol  : ", on_protocol },
	{ "Protocol version: ", on_protocol },
	{ "CIPHER is ", on_cipher },
	{ "Ciphersuite: ", on_cipher },
	{ "CONNECTION ESTABLISHED", on_brief },
	{ "Server Temp Key: ", on_temp_key },
	{ "Peer Temp Key: ", on_temp_key },
	{ "ALPN protocol: ", on_alpn },
	{ "SSL3 alert ", on_alert },
	{ "SSL_connect:", on_client_state },
	{ "SSL_accept:", on_server_state },
	{ "connect:", on_connect },
	{ "Connection refused", on_refused },
	{ "read:errno=", on_read_errno },
	{ "write:errno=", on_read_errno },
	{ "Certificate chain", on_certificate },
	{ "Server certificate", on_own_words },
	{ "Client certificate", on_own_words },
	{ "no peer certificate available", on_own_words },
	{ "No client certificate CA names sent", on_own_words },
	{ "SSL handshake has read ", on_own_words },
	{ "Secure Renegotiation IS ", on_own_words },
	{ "SSL-Session:", on_own_words },
};

/* ---- certificates ---- */

static void note_certificate(const struct input *in, struct log_conn *c)
{
	struct openssl_state *s = in->s;
	enum openssl_whose whose = OPENSSL_PEERS;

	if (s->bytes.any || s->trace.certificates[whose])
		return;
	s->certificates++;
	conn_note(c, &(struct log_note){ .kind = LOG_CHAIN,
			     .from = openssl_side(c, whose),
			     .at = in->line->at,
			     .bytes = bytes_of(s->pem.der, s->pem.len),
			     .missing = s->chain_len > 1 && s->certificates == 1 });
}

/* " 0 s:CN = device.example" of the list of the chain: how many there were */
static bool take_chain_row(const struct input *in)
{
	struct scan s = scan_of(in->text);
	uint64_t depth;

	if (!scan_blanks(&s) || !scan_decimal(&s, &depth) || !scan_word(&s, " s:") || depth > 100)
		return false;
	if (conn_find(in->notes, LOG_READER_openssl, 0) == NULL)
		return false;
	if (in->s->chain_len < depth + 1)
		in->s->chain_len = (unsigned)depth + 1;
	return true;
}

static bool take_pem(const struct input *in)
{
	struct log_conn *c = conn_find(in->notes, LOG_READER_openssl, 0);
	enum pem_line taken;

	if (c == NULL || in->text.len == 0)
		return false;
	taken = pem_block_take(&in->s->pem, in->text);
	if (taken == PEM_COMPLETE)
		note_certificate(in, c);
	return taken != PEM_NO_LINE;
}

/* ---- errors ---- */

/* "803B4ABDA57F0000:error:0A000086:...", "140735...:error:14094410:..." */
static bool is_queue_line(struct bytes text)
{
	struct scan s = scan_of(text);
	struct bytes id;

	if (scan_name(&s, "", &id)) {
		if (id.len > HEX_DIGITS_MAX || !scan_char(&s, ':'))
			return false;
	}
	return scan_word(&s, "error:");
}

static void keep_late(const struct input *in, struct said *said)
{
	struct openssl_state *s = in->s;

	if (said->alert == SENTENCE_NO_ALERT && said->ending == SENTENCE_GOES_ON)
		return;
	s->late = *said;
	s->late_at = in->line->at;
	said->alert = SENTENCE_NO_ALERT;
	said->ending = SENTENCE_GOES_ON;
}

static bool take_error(const struct input *in)
{
	struct said said;
	struct log_conn *c;

	if (!is_queue_line(in->text) || !openssl_error_read(in->text, &said))
		return false;
	c = of(in);
	in->s->failed = true;
	keep_late(in, &said);
	openssl_bytes_settle(&in->s->bytes, c);
	said_note(c, &said, in->text, in->line->at);
	return true;
}

/* ---- lines ---- */

static bool take_kind(const struct input *in)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct scan s = scan_of(in->text);

		if (*kinds[i].begins == (char)in->text.data[0] && scan_word(&s, kinds[i].begins))
			return kinds[i].take(in, s);
	}
	return false;
}

static bool take_text(const struct input *in)
{
	struct input trimmed = *in;

	if (in->text.len == 0)
		return false;
	if (in->text.data[0] == ' ' && take_chain_row(in))
		return true;
	trimmed.text = text_trim(in->text);
	return trimmed.text.len != 0 &&
	       (take_kind(&trimmed) || take_error(&trimmed) || take_pem(&trimmed));
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *line)
{
	struct openssl_state *s = state;
	struct input in = { s, notes, line, line->text };
	struct log_conn *c = conn_find(notes, LOG_READER_openssl, 0);
	struct bytes rest;

	if (s->bytes.rows.form != OPENSSL_ROWS_NONE && line->text.len != 0 &&
		openssl_bytes_row(&s->bytes, c, line->text, &rest)) {
		in.text = rest;
		(void)(rest.len != 0 && take_text(&in));
		return LOG_MINE;
	}
	if (openssl_trace_begins(s, line->text))
		c = current(s, notes, line->at);
	if (openssl_trace_take(s, c, line, &rest)) {
		in.text = rest;
		(void)(rest.len != 0 && take_text(&in));
		return LOG_MINE;
	}
	return take_text(&in) ? LOG_MINE : LOG_NOT_MINE;
}

static void end(void *state, struct log_notes *notes)
{
	struct openssl_state *s = state;

	finish(s, conn_find(notes, LOG_READER_openssl, 0));
}

const struct log_reader log_reader_openssl = {
	.name = "openssl",
	.title = "output of openssl s_client or s_server",
	.size = sizeof(struct openssl_state),
	.take = take,
	.end = end,
};
