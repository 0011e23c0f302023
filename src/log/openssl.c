/*
 * `openssl s_client` and `s_server`, with any of -msg, -debug, -state, -brief, -tlsextdebug, or plain. What
 * they print stands on two streams; in a file the errors often come before the "CONNECTED" they are of.
 */
#include "base/array.h"
#include "log/openssl_conn.h"
#include "log/openssl_error.h"
#include "log/reader.h"

enum { HEX_DIGITS_MAX = 16 };

/* ---- where connections and dumps begin ---- */

static bool on_connected(const struct openssl_input *in, struct scan s)
{
	(void)s;
	if (in->s->connected || in->s->ended)
		in->s->over = true;
	(void)openssl_client_of(in);
	in->s->connected = true;
	return true;
}

/* s_server waits for the next. */
static bool on_accept(const struct openssl_input *in, struct scan s)
{
	if (text_trim(scan_rest(&s)).len != 0)
		return false;
	in->s->server = true;
	if (openssl_known(in) != NULL)
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
static bool on_content(const struct openssl_input *in, struct scan s, enum openssl_whose whose)
{
	struct bytes name, rest;
	uint64_t len;
	enum openssl_content content;
	struct log_conn *c;

	if (!scan_until(&s, " [length ", &name) || !scan_hex(&s, &len) ||
		!content_of(name, len, &content))
		return false;
	rest = scan_rest(&s);
	c = openssl_conn_of(in);
	if (content == OPENSSL_HANDSHAKE && text_has(rest, "ClientHello"))
		said_role(c, whose == OPENSSL_OWN ? SIDE_CLIENT : SIDE_SERVER);
	if (content == OPENSSL_ALERT && text_has(rest, "fatal"))
		in->s->failed = true;
	openssl_bytes_content(&in->s->bytes, c, whose, content, len, in->line->at);
	return true;
}

static bool on_own(const struct openssl_input *in, struct scan s)
{
	return on_content(in, s, OPENSSL_OWN);
}

static bool on_peers(const struct openssl_input *in, struct scan s)
{
	return on_content(in, s, OPENSSL_PEERS);
}

/* "write to 0x5599773ea5f0 [0x559977405f80] (320 bytes => 320 (0x140))" */
static bool on_stream(const struct openssl_input *in, struct scan s, enum openssl_whose whose)
{
	struct bytes before;
	int64_t len;
	struct log_conn *c;

	if (!scan_until(&s, "bytes => ", &before) || !scan_integer(&s, &len))
		return false;
	c = openssl_conn_of(in);
	if (len > 0)
		openssl_bytes_stream(&in->s->bytes, c, whose, (uint64_t)len, in->line->at);
	else if (len == 0 && whose == OPENSSL_PEERS && !in->s->ended) {
		in->s->ended = true;
		openssl_bytes_settle(&in->s->bytes, c);
		conn_ending(c, openssl_side(c, whose), LOG_CLOSED, in->line->at);
	}
	return true;
}

static bool on_write(const struct openssl_input *in, struct scan s)
{
	return on_stream(in, s, OPENSSL_OWN);
}

static bool on_read(const struct openssl_input *in, struct scan s)
{
	return on_stream(in, s, OPENSSL_PEERS);
}

static bool on_certificate(const struct openssl_input *in, struct scan s)
{
	(void)s;
	if (openssl_known(in) == NULL)
		return false;
	in->s->chain_len = 0;
	return true;
}

static const struct openssl_kind kinds[] = {
	{ ">>> ", on_own },
	{ "<<< ", on_peers },
	{ "write to 0x", on_write },
	{ "read from 0x", on_read },
	{ "CONNECTED(", on_connected },
	{ "ACCEPT", on_accept },
	{ "Certificate chain", on_certificate },
};

/* ---- certificates ---- */

static void note_certificate(const struct openssl_input *in, struct log_conn *c)
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
static bool take_chain_row(const struct openssl_input *in)
{
	struct scan s = scan_of(in->text);
	uint64_t depth;

	if (!scan_blanks(&s) || !scan_decimal(&s, &depth) || !scan_word(&s, " s:") || depth > 100)
		return false;
	if (openssl_known(in) == NULL)
		return false;
	if (in->s->chain_len < depth + 1)
		in->s->chain_len = (unsigned)depth + 1;
	return true;
}

static bool take_pem(const struct openssl_input *in)
{
	struct log_conn *c = openssl_known(in);
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

static void keep_late(const struct openssl_input *in, struct said *said)
{
	struct openssl_state *s = in->s;

	if (said->alert == SENTENCE_NO_ALERT && said->ending == SENTENCE_GOES_ON)
		return;
	s->late = *said;
	s->late_at = in->line->at;
	said->alert = SENTENCE_NO_ALERT;
	said->ending = SENTENCE_GOES_ON;
}

static bool take_error(const struct openssl_input *in)
{
	struct said said;
	struct log_conn *c;

	if (!is_queue_line(in->text) || !openssl_error_read(in->text, &said))
		return false;
	c = openssl_conn_of(in);
	in->s->failed = true;
	keep_late(in, &said);
	openssl_bytes_settle(&in->s->bytes, c);
	said_note(c, &said, in->text, in->line->at);
	return true;
}

/* ---- lines ---- */

static bool take_kind(const struct openssl_input *in)
{
	const struct {
		const struct openssl_kind *kinds;
		size_t n;
	} all[] = {
		{ kinds, COUNT(kinds) },
		{ openssl_summary_kinds, n_openssl_summary_kinds },
		{ openssl_step_kinds, n_openssl_step_kinds },
	};

	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t j = 0; j < all[i].n; j++) {
			const struct openssl_kind *k = &all[i].kinds[j];
			struct scan s = scan_of(in->text);

			if (*k->begins == (char)in->text.data[0] && scan_word(&s, k->begins))
				return k->take(in, s);
		}
	return false;
}

static bool take_text(const struct openssl_input *in)
{
	struct openssl_input trimmed = *in;

	if (in->text.len == 0)
		return false;
	if (in->text.data[0] == ' ' && take_chain_row(in))
		return true;
	trimmed.text = text_trim(in->text);
	return trimmed.text.len != 0 &&
	       (take_kind(&trimmed) || take_error(&trimmed) || take_pem(&trimmed));
}

/* Does it begin as a heading does, or, with `whole`, with all that a heading begins with? */
static bool begins_heading(struct bytes text, bool whole)
{
	static const char *const headings[] = { "read from 0x", "write to 0x", ">>> ", "<<< " };

	for (size_t i = 0; i < COUNT(headings); i++) {
		size_t n = strlen(headings[i]);

		if (text.len >= (whole ? n : 1) &&
			memcmp(text.data, headings[i], text.len < n ? text.len : n) == 0)
			return true;
	}
	return false;
}

static struct bytes outdented(struct bytes text)
{
	struct scan s = scan_of(text);

	(void)scan_blanks(&s);
	return scan_rest(&s);
}

static bool keep_half(struct openssl_state *s, struct bytes half)
{
	half = outdented(half);
	if (half.len > OPENSSL_HALF_MAX || !begins_heading(half, false))
		return false;
	memcpy(s->half, half.data, half.len);
	s->n_half = half.len;
	return true;
}

/*
 * "read from depth=0 CN = device.example": standard error came between two blocks of the other stream. What is
 * behind it is given out; the heading waits for its other half, which is the next line that makes one of it.
 */
static struct bytes mend(struct openssl_state *s, struct bytes text)
{
	struct bytes rest = outdented(text);
	bool heads = rest.len != 0 && begins_heading(bytes_slice(rest, 0, 1), false);
	size_t end = heads ? openssl_interruption(text) : text.len, n;

	if (end != text.len && keep_half(s, bytes_slice(text, 0, end)))
		return bytes_slice(text, end, text.len);
	if (s->n_half == 0 || rest.len == 0 || rest.len > sizeof s->half - s->n_half)
		return text;
	n = s->n_half + rest.len;
	memcpy(s->half + s->n_half, rest.data, rest.len);
	if (!begins_heading(bytes_of(s->half, n), true))
		return text;
	s->n_half = 0;
	return bytes_of(s->half, n);
}

static enum log_answer take(void *state, struct log_notes *notes, const struct log_line *whole)
{
	struct openssl_state *s = state;
	struct log_line mended = *whole, *line = &mended;
	struct openssl_input in = { s, notes, line, mend(s, whole->text) };
	struct log_conn *c = conn_find(notes, LOG_READER_openssl, 0);
	struct bytes rest;

	line->text = in.text;
	if (s->bytes.rows.form != OPENSSL_ROWS_NONE && line->text.len != 0 &&
		openssl_bytes_row(&s->bytes, c, line->text, &rest)) {
		in.text = rest;
		(void)(rest.len != 0 && take_text(&in));
		return LOG_MINE;
	}
	if (openssl_trace_begins(s, line->text))
		c = openssl_current(s, notes, line->at);
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

	openssl_finish(s, conn_find(notes, LOG_READER_openssl, 0));
}

const struct log_reader log_reader_openssl = {
	.name = "openssl",
	.title = "output of openssl s_client or s_server",
	.size = sizeof(struct openssl_state),
	.take = take,
	.end = end,
};
