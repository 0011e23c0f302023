/* Each form is tried where it can begin; the first that holds a whole hello is taken. */
#include "drive/hello_file.h"

#include "base/array.h"
#include "base/hex_text.h"
#include "unpack/unpack_file.h"
#include "wire/record.h"

enum { DTLS_RECORD_HEADER = 13, DTLS_HANDSHAKE_HEADER = 12, SSL2_LENGTH = 2 };
enum { HELLO_SURE = RECORD_HEADER + HANDSHAKE_HEADER + 2 };
/* Bytes of all runs of a text that are looked through: its '*' lines stand for any number of them. */
enum { SHOWN_MAX = 1024 * 1024 };
enum { RECORD_VERSION_FIRST = 0x0301 }; /* RFC 8446 5.1: of a first ClientHello */

/* What begins at a place. */
enum found { FOUND_NOTHING, FOUND_RECORD, FOUND_MESSAGE, FOUND_SSL2, FOUND_SERVER, FOUND_DTLS };

static uint16_t be16(struct bytes b, size_t at)
{
	return (uint16_t)(b.data[at] << 8 | b.data[at + 1]);
}

static size_t be24(struct bytes b, size_t at)
{
	return (size_t)b.data[at] << 16 | be16(b, at + 1);
}

/* ---- finding ---- */

/* RFC 6347 4.2.2: a ClientHello without its record. */
static bool is_dtls_message(struct bytes b)
{
	return b.len >= DTLS_HANDSHAKE_HEADER + 2 && b.data[0] == HS_CLIENT_HELLO &&
	       be24(b, 6) == 0 && be24(b, 9) == be24(b, 1) && b.data[DTLS_HANDSHAKE_HEADER] == 0xfe;
}

/* A handshake message is told by what a record with it would look like. */
static bool is_message(struct bytes b)
{
	uint8_t framed[RECORD_HEADER + HANDSHAKE_HEADER + 2] = { CONTENT_HANDSHAKE, 3, 1, 1, 0 };

	if (b.len < sizeof framed - RECORD_HEADER)
		return false;
	memcpy(framed + RECORD_HEADER, b.data, sizeof framed - RECORD_HEADER);
	return record_probe_hello(bytes_of(framed, sizeof framed)) == HELLO_CLIENT;
}

/* Up to the version inside the hello: fewer bytes are too little to be sure, and to read on. */
static enum found probe(struct bytes b)
{
	if (b.len < HELLO_SURE)
		return FOUND_NOTHING;
	if (dtls_record_plausible(b) && b.len > DTLS_RECORD_HEADER &&
		b.data[0] == CONTENT_HANDSHAKE && b.data[DTLS_RECORD_HEADER] == HS_CLIENT_HELLO)
		return FOUND_DTLS;
	switch (record_probe_hello(b)) {
	case HELLO_CLIENT:
		return FOUND_RECORD;
	case HELLO_CLIENT_SSL2:
		return FOUND_SSL2;
	case HELLO_SERVER:
		return FOUND_SERVER;
	case HELLO_NO:
	case HELLO_MAYBE:
		break;
	}
	return FOUND_NOTHING;
}

/* At the start of the bytes it may be anything; behind other bytes only what has a record. */
static enum found find(struct bytes b, size_t *at)
{
	enum found found = probe(b);
	const uint8_t *p;

	*at = 0;
	if (found == FOUND_NOTHING && is_message(b))
		found = FOUND_MESSAGE;
	if (found == FOUND_NOTHING && is_dtls_message(b))
		found = FOUND_DTLS;
	while (found == FOUND_NOTHING && ++*at < b.len) {
		p = memchr(b.data + *at, CONTENT_HANDSHAKE, b.len - *at);
		if (p == NULL)
			return FOUND_NOTHING;
		*at = (size_t)(p - b.data);
		found = probe(bytes_slice(b, *at, b.len));
		if (found == FOUND_SERVER) /* of a whole connection; its client speaks as well */
			found = FOUND_NOTHING;
	}
	return found;
}

/* ---- reading what was found ---- */

static bool cut_off(size_t need, size_t have, struct err *e)
{
	return err_set(
		e, ERR_INPUT, 0, "the ClientHello is cut off: '%zu' bytes of '%zu'", have, need);
}

/* The whole message out of its records, joined in the arena; *records is how far they go. */
static bool join_records(struct bytes b, struct arena *a, struct hello_bytes *out, struct err *e)
{
	size_t need = HANDSHAKE_HEADER + be24(b, RECORD_HEADER + 1), have = 0, at = 0;
	uint8_t *message = arena_alloc(a, need);
	struct record_header h;

	if (message == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory for the ClientHello");
	for (; have < need; at += RECORD_HEADER + h.length, out->n_records++) {
		struct bytes rest = bytes_slice(b, at, b.len), fragment;

		if (!record_parse_header(rest, &h))
			return cut_off(need, have, e);
		if (h.type != CONTENT_HANDSHAKE || !record_plausible(rest) || h.length == 0)
			return err_set(e, ERR_INPUT, 0,
				"no record goes on with the ClientHello at its byte '%zu'", have);
		fragment = bytes_slice(rest, RECORD_HEADER, h.length);
		if (fragment.len > need - have)
			return err_set(e, ERR_INPUT, 0,
				"the record of the ClientHello's end has '%zu' bytes more",
				fragment.len - (need - have));
		memcpy(message + have, fragment.data, fragment.len);
		have += fragment.len;
		if (fragment.len < h.length)
			return cut_off(need, have, e);
	}
	out->records = bytes_slice(b, 0, at);
	out->message = bytes_of(message, need);
	out->record_version = be16(b, 1);
	out->framed = true;
	return true;
}

/* RFC 8446 5.1: records of their own for a message that has none. */
static bool frame_message(struct bytes b, struct arena *a, struct hello_bytes *out, struct err *e)
{
	size_t need = HANDSHAKE_HEADER + be24(b, 1), used = 0;
	size_t n = (need + RECORD_PLAINTEXT_MAX - 1) / RECORD_PLAINTEXT_MAX;
	uint8_t *records;

	if (b.len < need)
		return cut_off(need, b.len, e);
	out->message = bytes_slice(b, 0, need);
	records = arena_alloc(a, need + n * RECORD_HEADER);
	if (records == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory for the ClientHello");
	for (size_t at = 0; at < need; at += RECORD_PLAINTEXT_MAX) {
		struct bytes part = bytes_slice(out->message, at, RECORD_PLAINTEXT_MAX);
		const uint8_t header[RECORD_HEADER] = { CONTENT_HANDSHAKE,
			RECORD_VERSION_FIRST >> 8, RECORD_VERSION_FIRST & 0xff,
			(uint8_t)(part.len >> 8), (uint8_t)part.len };

		memcpy(records + used, header, sizeof header);
		memcpy(records + used + sizeof header, part.data, part.len);
		used += sizeof header + part.len;
	}
	out->records = bytes_of(records, used);
	out->record_version = RECORD_VERSION_FIRST;
	out->n_records = n;
	return true;
}

static bool take_ssl2(struct bytes b, struct hello_bytes *out, struct err *e)
{
	size_t need = SSL2_LENGTH + (be16(b, 0) & 0x7fffu);

	if (b.len < need)
		return cut_off(need, b.len, e);
	out->records = out->message = bytes_slice(b, 0, need);
	out->framed = true;
	return true;
}

static bool parse_hello(struct hello_bytes *out, bool ssl2, struct err *e)
{
	struct parse_err wrong;
	char text[160];
	struct cur c = cur_init(
		ssl2 ? out->message : bytes_slice(out->message, HANDSHAKE_HEADER, SIZE_MAX),
		&wrong);

	if (ssl2 ? parse_client_hello_v2(&c, &out->hello) : parse_client_hello(&c, &out->hello))
		return true;
	parse_err_text(&wrong, text, sizeof text);
	return err_set(e, ERR_INPUT, 0, "the ClientHello is malformed, %s", text);
}

/* What begins at the start of b. */
static bool take(
	struct bytes b, enum found found, struct arena *a, struct hello_bytes *out, struct err *e)
{
	switch (found) {
	case FOUND_NOTHING:
		return err_set(e, ERR_INPUT, 0, "no ClientHello in it");
	case FOUND_SERVER:
		return err_set(e, ERR_INPUT, 0, "a ServerHello, not a ClientHello");
	case FOUND_DTLS:
		return err_set(e, ERR_INPUT, 0, "a ClientHello of DTLS, not of TLS");
	case FOUND_RECORD:
		return join_records(b, a, out, e) && parse_hello(out, false, e);
	case FOUND_MESSAGE:
		return frame_message(b, a, out, e) && parse_hello(out, false, e);
	case FOUND_SSL2:
		return take_ssl2(b, out, e) && parse_hello(out, true, e);
	}
	return false;
}

static bool take_at(struct bytes b, size_t at, enum found found, struct arena *a,
	struct hello_bytes *out, struct err *e)
{
	size_t used;

	*out = (struct hello_bytes){ .skipped = at };
	if (!take(bytes_slice(b, at, b.len), found, a, out, e))
		return false;
	used = found == FOUND_MESSAGE ? out->message.len : out->records.len;
	out->left_over = b.len - at - used;
	return true;
}

/* ---- texts ---- */

/* A text may hold several runs; the first with a hello counts, in either order of bytes. */
static bool read_text(struct bytes text, struct arena *a, struct hello_bytes *out, struct err *e)
{
	struct hex_run run = { .data = arena_alloc(a, HELLO_BYTES_MAX), .room = HELLO_BYTES_MAX };
	enum found found = FOUND_NOTHING;
	struct hex_text t;
	size_t at = 0, shown = 0;

	if (run.data == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory for the bytes");
	hex_text_open(&t, text);
	do {
		if (!hex_text_next(&t, &run, e))
			return false;
		shown += run.len;
		if (shown > SHOWN_MAX)
			return err_set(e, ERR_LIMIT, 0,
				"line %zu: the lines so far stand for more than '1 MiB', and no "
				"ClientHello is in it",
				run.line);
		found = find(bytes_of(run.data, run.len), &at);
		if (found == FOUND_NOTHING && run.unit > 1) {
			hex_run_swap(&run);
			found = find(bytes_of(run.data, run.len), &at);
		}
	} while (found == FOUND_NOTHING && run.len != 0);
	if (take_at(bytes_of(run.data, run.len), at, found, a, out, e))
		return true;
	return found == FOUND_NOTHING ? false : err_context(e, "line %zu", run.line);
}

/* Captures are read elsewhere; what is found in one by chance could miss a part. */
static bool is_capture(struct bytes b)
{
	static const uint8_t marks[][4] = {
		{ 0xa1, 0xb2, 0xc3, 0xd4 },
		{ 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d },
		{ 0x4d, 0x3c, 0xb2, 0xa1 },
		{ 0x0a, 0x0d, 0x0d, 0x0a },
	};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (bytes_equal(bytes_slice(b, 0, 4), bytes_of(marks[i], 4)))
			return true;
	return false;
}

bool hello_bytes_read(struct bytes file, struct arena *a, struct hello_bytes *out, struct err *e)
{
	enum found found;
	size_t at;

	*out = (struct hello_bytes){ 0 };
	if (file.len == 0)
		return err_set(e, ERR_INPUT, 0, "it is empty");
	if (is_capture(file))
		return err_set(e, ERR_INPUT, 0, "a capture, not the bytes of a ClientHello");
	if (hex_text_plausible(file))
		return read_text(file, a, out, e);
	found = find(file, &at);
	return take_at(file, at, found, a, out, e);
}

/* ---- files ---- */

/* *out borrows from the arena: a ClientHello is no secret. */
bool hello_file_read(const char *path, struct arena *a, struct hello_bytes *out, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct bytes file;
	struct secret text;

	if (!(is_stdin ? unpack_file_read_stdin(&file_kind_hello, &text, e)
		       : unpack_file_read(path, &file_kind_hello, &text, e)))
		return false;
	file = arena_copy(a, bytes_of(text.data, text.len));
	secret_wipe(&text);
	if (file.data == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory for a file");
	return hello_bytes_read(file, a, out, e) ||
	       err_context(e, "'%.160s'", is_stdin ? "standard input" : path);
}
