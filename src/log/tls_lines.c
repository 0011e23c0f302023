/*
 * Labels are those of tshark 2 to 4; order and width of what they stand for are those of the RFCs. What does
 * not add up to the length that is printed is taken back, and is missing: no byte is guessed.
 */
#include "log/tls_lines.h"

#include "base/array.h"
#include "base/hex_text.h"
#include "log/scan.h"
#include "names/names.h"
#include "wire/handshake.h"
#include "wire/record.h"

#include <string.h>

enum { NAME_MAX_LEN = 96, RANDOM = 32 };

enum kind {
	KIND_NUMBER, /* of `width` bytes */
	KIND_LENGTH, /* the same, of the bytes of what comes next */
	KIND_SUITE,  /* numbers that have names, should they be cut */
	KIND_GROUP,
	KIND_SCHEME,
	KIND_BYTES, /* in hexadecimal */
	KIND_TEXT,
	KIND_NAMES, /* bytes that are not printed, but their length was */
};

struct label {
	const char *text;
	enum kind kind;
	uint8_t width; /* KIND_BYTES: bytes, where no length is printed; 0 it is */
};

static const struct label labels[] = {
	{ "Random", KIND_BYTES, RANDOM },
	{ "Session ID Length", KIND_LENGTH, 1 },
	{ "Session ID", KIND_BYTES, 0 },
	{ "Cookie Length", KIND_LENGTH, 1 },
	{ "Cookie", KIND_BYTES, 0 },
	{ "Cipher Suites Length", KIND_NUMBER, 2 },
	{ "Cipher Suite", KIND_SUITE, 2 },
	{ "Compression Methods Length", KIND_NUMBER, 1 },
	{ "Compression Method", KIND_NUMBER, 1 },
	{ "Extensions Length", KIND_NUMBER, 2 },
	{ "Type", KIND_NUMBER, 2 },
	{ "Server Name list length", KIND_NUMBER, 2 },
	{ "Server Name Type", KIND_NUMBER, 1 },
	{ "Server Name length", KIND_LENGTH, 2 },
	{ "Server Name", KIND_TEXT, 0 },
	{ "EC point formats Length", KIND_NUMBER, 1 },
	{ "EC point format", KIND_NUMBER, 1 },
	{ "Supported Groups List Length", KIND_NUMBER, 2 },
	{ "Elliptic Curves Length", KIND_NUMBER, 2 },
	{ "Supported Group", KIND_GROUP, 2 },
	{ "Elliptic curve", KIND_GROUP, 2 },
	{ "Signature Hash Algorithms Length", KIND_NUMBER, 2 },
	{ "Signature Algorithm", KIND_SCHEME, 2 },
	{ "Signature Hash Algorithm", KIND_SCHEME, 2 },
	{ "Supported Versions length", KIND_NUMBER, 1 },
	{ "Supported Versions Length", KIND_NUMBER, 1 },
	{ "Supported Version", KIND_NUMBER, 2 },
	{ "PSK Key Exchange Modes Length", KIND_NUMBER, 1 },
	{ "PSK Key Exchange Mode", KIND_NUMBER, 1 },
	{ "Client Key Share Length", KIND_NUMBER, 2 },
	{ "Group", KIND_GROUP, 2 },
	{ "Key Exchange Length", KIND_LENGTH, 2 },
	{ "Key Exchange", KIND_BYTES, 0 },
	{ "Selected Group", KIND_GROUP, 2 },
	{ "ALPN Extension Length", KIND_NUMBER, 2 },
	{ "ALPN string length", KIND_LENGTH, 1 },
	{ "ALPN Next Protocol", KIND_TEXT, 0 },
	{ "Certificate Status Type", KIND_NUMBER, 1 },
	{ "Responder ID list Length", KIND_NUMBER, 2 },
	{ "Request Extensions Length", KIND_NUMBER, 2 },
	{ "Renegotiation info extension length", KIND_LENGTH, 1 },
	{ "Renegotiation info", KIND_BYTES, 0 },
	{ "Record Size Limit", KIND_NUMBER, 2 },
	{ "Maximum Fragment Length", KIND_NUMBER, 1 },
	{ "Padding Data", KIND_BYTES, 0 },
	{ "Session Ticket", KIND_BYTES, 0 },
	{ "Data", KIND_BYTES, 0 },
	{ "Certificates Length", KIND_NUMBER, 3 },
	{ "Certificate Length", KIND_LENGTH, 3 },
	{ "Certificate", KIND_BYTES, 0 },
	{ "Certificate types count", KIND_NUMBER, 1 },
	{ "Certificate type", KIND_NUMBER, 1 },
	{ "Distinguished Names Length", KIND_NUMBER, 2 },
	{ "Distinguished Name Length", KIND_LENGTH, 2 },
	{ "Distinguished Name", KIND_NAMES, 0 },
	{ "Curve Type", KIND_NUMBER, 1 },
	{ "Named Curve", KIND_GROUP, 2 },
	{ "Pubkey", KIND_BYTES, 0 },
	{ "p Length", KIND_LENGTH, 2 },
	{ "p", KIND_BYTES, 0 },
	{ "g Length", KIND_LENGTH, 2 },
	{ "g", KIND_BYTES, 0 },
	{ "Signature Length", KIND_LENGTH, 2 },
	{ "Signature length", KIND_LENGTH, 2 },
	{ "Signature", KIND_BYTES, 0 },
	{ "Session Ticket Lifetime Hint", KIND_NUMBER, 4 },
	{ "Session Ticket Length", KIND_LENGTH, 2 },
	{ "Encrypted PreMaster length", KIND_LENGTH, 2 },
	{ "Encrypted PreMaster", KIND_BYTES, 0 },
	{ "Identity Length", KIND_LENGTH, 2 },
	{ "Identity", KIND_BYTES, 0 },
	{ "Hint Length", KIND_LENGTH, 2 },
	{ "Hint", KIND_BYTES, 0 },
	{ "Level", KIND_NUMBER, 1 },
	{ "Description", KIND_NUMBER, 1 },
};

static const struct label *find_label(struct bytes text)
{
	for (size_t i = 0; i < COUNT(labels); i++)
		if (text_is(text, labels[i].text))
			return &labels[i];
	return NULL;
}

/* ---- values ---- */

/* "..." or the one character for it. */
static bool is_cut(struct bytes value)
{
	return value.len >= 3 &&
	       (memcmp(value.data + value.len - 3, "...", 3) == 0 ||
		       memcmp(value.data + value.len - 3, "\xe2\x80\xa6", 3) == 0);
}

static bool number_of(struct bytes text, uint64_t *out)
{
	struct scan s = scan_of(text);

	if (scan_word(&s, "0x"))
		return scan_hex(&s, out) && scan_is_at_end(&s);
	return scan_decimal(&s, out) && scan_is_at_end(&s);
}

/* "TLS 1.2 (0x0303)", "42", "0x0303", "7200 seconds (2 hours)" */
static bool take_number(struct bytes value, uint64_t *out)
{
	struct scan s = scan_of(value);
	size_t open = value.len;

	while (open != 0 && value.data[open - 1] != '(')
		open--;
	if (open != 0 && value.data[value.len - 1] == ')' &&
		number_of(bytes_slice(value, open, value.len - open - 1), out))
		return true;
	if (scan_word(&s, "0x"))
		return scan_hex(&s, out);
	return scan_decimal(&s, out) && (scan_is_at_end(&s) || scan_peek(&s) == ' ');
}

typedef const char *name_at_fn(size_t i);
typedef int by_name_fn(const char *name);

/* The number of a name that is there whole, or of the only one that begins so. */
static bool by_name(struct bytes value, name_at_fn *name_at, by_name_fn *number, uint64_t *out)
{
	char name[NAME_MAX_LEN];
	size_t n = 0, begin_so = 0;
	const char *only = NULL, *known;
	int found;

	while (n < value.len && n + 1 < sizeof name && value.data[n] > ' ' &&
		value.data[n] < 0x7f && value.data[n] != '(' &&
		!(value.data[n] == '.' && n + 1 < value.len && value.data[n + 1] == '.')) {
		name[n] = (char)value.data[n];
		n++;
	}
	name[n] = '\0';
	found = n != 0 ? number(name) : -1;
	if (found < 0 && is_cut(value)) {
		for (size_t i = 0; (known = name_at(i)) != NULL; i++)
			if (strncmp(known, name, n) == 0 && ++begin_so == 1)
				only = known;
		found = begin_so == 1 && n > 8 ? number(only) : -1;
	}
	*out = (uint64_t)(found < 0 ? 0 : found);
	return found >= 0;
}

static void put_number(struct holed *h, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++) {
		uint8_t byte = (uint8_t)(value >> (8 * (width - 1 - i)));

		holed_add(h, bytes_of(&byte, 1));
	}
}

/* ---- facts ---- */

static void note_number(struct tls_lines *t, const char *label, uint64_t v)
{
	bool server = t->type_known && t->handshake_type == HS_SERVER_HELLO;

	if (strcmp(label, "Level") == 0)
		t->alert_level = (uint8_t)v;
	if (strcmp(label, "Description") == 0) {
		t->alert_code = (uint8_t)v;
		t->has_alert = true;
	}
	if (server && strcmp(label, "Cipher Suite") == 0) {
		t->suite = (uint16_t)v;
		t->has_suite = true;
	}
	if (server && strcmp(label, "Supported Version") == 0)
		t->agreed_version = (uint16_t)v;
	if (strcmp(label, "Named Curve") == 0 ||
		(server && (strcmp(label, "Group") == 0 || strcmp(label, "Selected Group") == 0)))
		t->group = (uint16_t)v;
}

static void note_text(struct tls_lines *t, const char *label, struct bytes text)
{
	if (strcmp(label, "Server Name") != 0 || text.len >= sizeof t->sni)
		return;
	memcpy(t->sni, text.data, text.len);
	t->sni[text.len] = '\0';
}

/* ---- fields ---- */

/* The length that was printed before: only as much is believed, and what lacks is missing. */
static void put_known(struct tls_lines *t, struct bytes b, uint64_t expected)
{
	uint64_t n = b.len < expected ? b.len : expected;

	holed_add(&t->bytes, bytes_slice(b, 0, (size_t)n));
	holed_miss(&t->bytes, expected - n);
}

static void take_hex(struct tls_lines *t, struct bytes value, uint64_t expected)
{
	struct scan s = scan_of(value);
	uint8_t byte;
	uint64_t n = 0;

	(void)scan_word(&s, "0x");
	for (; n < expected && scan_hex_byte(&s, &byte); n++) {
		holed_add(&t->bytes, bytes_of(&byte, 1));
		(void)scan_char(&s, ':');
	}
	holed_miss(&t->bytes, expected - n);
}

static void take_field(struct tls_lines *t, const struct label *l, struct bytes value)
{
	uint64_t number, expected = t->has_expected ? t->expected : l->width;
	bool known;

	if (l->kind != KIND_NUMBER && l->kind != KIND_LENGTH)
		t->has_expected = l->kind < KIND_BYTES ? t->has_expected : false;
	switch (l->kind) {
	case KIND_NUMBER:
	case KIND_LENGTH:
	case KIND_SUITE:
	case KIND_GROUP:
	case KIND_SCHEME:
		known = take_number(value, &number);
		if (!known && l->kind == KIND_SUITE)
			known = by_name(value, suite_name_at, suite_by_name, &number);
		if (!known && l->kind == KIND_GROUP)
			known = by_name(value, group_name_at, group_by_name, &number);
		if (!known && l->kind == KIND_SCHEME)
			known = by_name(value, scheme_name_at, scheme_by_name, &number);
		if (!known) {
			holed_miss(&t->bytes, l->width);
			return;
		}
		put_number(&t->bytes, number, l->width);
		note_number(t, l->text, number);
		t->has_expected = l->kind == KIND_LENGTH;
		t->expected = number;
		return;
	case KIND_BYTES:
		take_hex(t, value, l->width != 0 ? l->width : expected);
		return;
	case KIND_TEXT:
		if (is_cut(value))
			value.len -= 3;
		else
			note_text(t, l->text, value);
		put_known(t, value, expected);
		return;
	case KIND_NAMES:
		holed_miss(&t->bytes, expected);
		return;
	}
}

/* ---- parts ---- */

static void open_part(struct tls_part *p, const struct tls_lines *t, uint64_t length)
{
	*p = (struct tls_part){ .open = true,
		.length_known = true,
		.begun = holed_total(&t->bytes),
		.length = length };
}

/* What does not add up is taken back: where in it the error lies cannot be told. */
static void close_part(struct tls_part *p, struct tls_lines *t)
{
	if (!p->open)
		return;
	p->open = false;
	if (!p->length_known || holed_total(&t->bytes) - p->begun == p->length)
		return;
	holed_cut_end(&t->bytes, p->begun);
	holed_miss(&t->bytes, p->length);
}

static void close_message(struct tls_lines *t)
{
	close_part(&t->extension, t);
	close_part(&t->handshake, t);
	t->message = t->type_known = t->dh = t->has_expected = false;
}

/* ---- lines ---- */

static bool has_value(struct bytes line, const char *label, struct bytes *value)
{
	size_t n = strlen(label);

	if (line.len <= n + 1 || !text_begins(line, label) || line.data[n] != ':')
		return false;
	*value = text_trim(bytes_slice(line, n + 1, line.len));
	return true;
}

/* Of the header of a record: type, version, length. */
static bool take_record_line(struct tls_lines *t, struct bytes line)
{
	struct bytes value;
	uint64_t v;

	if ((has_value(line, "Content Type", &value) || has_value(line, "Opaque Type", &value))) {
		if (take_number(value, &v) && t->content_type == 0)
			t->content_type = (uint8_t)v;
		return true;
	}
	if (has_value(line, "Version", &value) && !t->message) {
		if (take_number(value, &v))
			t->version = (uint16_t)v;
		return true;
	}
	if (!has_value(line, "Length", &value) || t->message || t->header_done)
		return false;
	if (take_number(value, &v) && t->content_type != 0 && v <= UINT16_MAX) {
		t->header_done = true;
		put_number(&t->bytes, t->content_type, 1);
		put_number(&t->bytes, t->version != 0 ? t->version : 0x0303, 2);
		put_number(&t->bytes, v, 2);
		open_part(&t->whole, t, v);
	}
	return true;
}

static bool take_message_header(struct tls_lines *t, struct bytes line)
{
	struct bytes value;
	uint64_t v;

	if (has_value(line, "Handshake Type", &value)) {
		if (t->type_known)
			close_message(t);
		t->message = true;
		if (take_number(value, &v)) {
			put_number(&t->bytes, v, 1);
			t->handshake_type = (uint8_t)v;
			t->type_known = true;
		}
		return true;
	}
	if (t->handshake.open || !t->type_known || !has_value(line, "Length", &value))
		return false;
	if (take_number(value, &v)) {
		put_number(&t->bytes, v, 3);
		open_part(&t->handshake, t, v);
	}
	return true;
}

static bool take_extension_line(struct tls_lines *t, struct bytes line)
{
	struct bytes value;
	uint64_t v;

	if (text_begins(line, "Extension: ")) {
		close_part(&t->extension, t);
		t->has_expected = false;
		t->extension.length_known = false;
		return true;
	}
	if (!t->handshake.open || t->extension.open || !has_value(line, "Length", &value))
		return false;
	if (take_number(value, &v)) {
		put_number(&t->bytes, v, 2);
		open_part(&t->extension, t, v);
		t->has_expected = true;
		t->expected = v;
	}
	return true;
}

/* Lines that say where one is, or repeat what others say. */
static bool take_sign(struct tls_lines *t, struct bytes line)
{
	if (text_begins(line, "Handshake Protocol: ")) {
		if (t->message)
			close_message(t);
		t->message = !text_has(line, "Encrypted") && !text_has(line, "Multiple");
		t->encrypted |= text_has(line, "Encrypted");
		return true;
	}
	if (text_begins(line, "Diffie-Hellman Server Params") ||
		text_begins(line, "Diffie-Hellman Client Params")) {
		t->dh = true;
		return true;
	}
	if (text_begins(line, "Change Cipher Spec Message")) {
		put_number(&t->bytes, 1, 1);
		return true;
	}
	return false;
}

/* The length of a key is one byte in the curves' parameters, and two in the others' (RFC 8422, 5246). */
static bool take_pubkey_length(struct tls_lines *t, struct bytes line)
{
	struct bytes value;
	uint64_t v;

	if (!has_value(line, "Pubkey Length", &value) || !take_number(value, &v))
		return false;
	put_number(&t->bytes, v, t->dh ? 2 : 1);
	t->has_expected = true;
	t->expected = v;
	return true;
}

static bool take_hello_version(struct tls_lines *t, struct bytes line)
{
	struct bytes value;
	uint64_t v;

	if (!t->message || !has_value(line, "Version", &value))
		return false;
	if (take_number(value, &v)) {
		put_number(&t->bytes, v, 2);
		if (t->type_known && t->handshake_type == HS_SERVER_HELLO && t->agreed_version == 0)
			t->agreed_version = (uint16_t)v;
	} else {
		holed_miss(&t->bytes, 2);
	}
	return true;
}

bool tls_lines_take(struct tls_lines *t, struct bytes line)
{
	const uint8_t *colon = line.len != 0 ? memchr(line.data, ':', line.len) : NULL;
	const struct label *l;

	if (line.len == 0 || line.data[0] == '[')
		return true;
	if (take_sign(t, line) || take_record_line(t, line) || take_message_header(t, line) ||
		take_extension_line(t, line) || take_pubkey_length(t, line) ||
		take_hello_version(t, line))
		return true;
	if (colon == NULL)
		return true;
	if (t->encrypted)
		return true;
	l = find_label(bytes_slice(line, 0, (size_t)(colon - line.data)));
	if (l != NULL && (t->handshake.open || t->content_type == CONTENT_ALERT || t->type_known))
		take_field(t, l,
			text_trim(bytes_slice(line, (size_t)(colon - line.data) + 1, line.len)));
	return true;
}

void tls_lines_begin(struct tls_lines *t)
{
	t->record = true;
	t->message = t->header_done = t->encrypted = t->dh = t->type_known = false;
	t->has_expected = t->has_suite = t->has_alert = false;
	t->whole.open = t->handshake.open = t->extension.open = false;
	t->content_type = 0;
	t->version = t->agreed_version = t->group = 0;
	t->sni[0] = '\0';
	t->bytes.data = t->room;
	t->bytes.room = sizeof t->room;
	holed_clear(&t->bytes);
}

bool tls_lines_end(struct tls_lines *t, bool *framed)
{
	if (!t->record)
		return false;
	t->record = false;
	close_message(t);
	*framed = t->header_done;
	if (t->whole.open && holed_total(&t->bytes) - t->whole.begun < t->whole.length)
		holed_miss(&t->bytes, t->whole.length - (holed_total(&t->bytes) - t->whole.begun));
	else
		close_part(&t->whole, t);
	t->whole.open = false;
	return holed_total(&t->bytes) != 0;
}
