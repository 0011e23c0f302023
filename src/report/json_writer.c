/* Commas and nesting are kept here, so that a caller cannot get them wrong. */
#include "report/json_writer.h"

#include "report/utf8.h"

/*
 * strbuf_add() without the call where there is room, which is nearly always: a handshake is some
 * hundred small pieces, and a large capture has millions of handshakes.
 */
static inline void put(struct strbuf *out, const char *text, size_t n)
{
	if (out->size - out->len <= n) {
		strbuf_add(out, text, n);
		return;
	}
	memcpy(out->text + out->len, text, n);
	out->len += n;
	out->text[out->len] = '\0';
}

static void lead(struct json *j, const char *key)
{
	if (j->comma)
		put(j->out, ",", 1);
	j->comma = true;
	if (key == NULL)
		return;
	put(j->out, "\"", 1);
	put(j->out, key, strlen(key));
	put(j->out, "\":", 2);
}

static void open_with(struct json *j, const char *key, const char *bracket)
{
	lead(j, key);
	put(j->out, bracket, 1);
	j->comma = false;
}

static void close_with(struct json *j, const char *bracket)
{
	put(j->out, bracket, 1);
	j->comma = true;
}

void json_object(struct json *j, const char *key)
{
	open_with(j, key, "{");
}

void json_end_object(struct json *j)
{
	close_with(j, "}");
}

void json_array(struct json *j, const char *key)
{
	open_with(j, key, "[");
}

void json_end_array(struct json *j)
{
	close_with(j, "]");
}

/* Each byte of a word. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is one of eight bytes this one? (What is subtracted from a zero takes the top bit along.) */
static inline uint64_t has_byte(uint64_t eight, uint8_t byte)
{
	uint64_t zero = eight ^ EACH(byte);

	return (zero - EACH(0x01)) & ~zero & EACH(0x80);
}

/* Eight at a time, since most of a report is such text. */
static inline bool eight_are_plain(const uint8_t *at)
{
	uint64_t eight;

	memcpy(&eight, at, sizeof eight);
	return ((eight | (eight - EACH(0x20))) & EACH(0x80)) == 0 && has_byte(eight, 0x7f) == 0 &&
	       has_byte(eight, '"') == 0 && has_byte(eight, '\\') == 0;
}

static inline bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* How many bytes from the start can be copied as they are. */
static size_t plain_run(struct bytes text)
{
	size_t n = 0;

	while (text.len - n >= 8 && eight_are_plain(text.data + n))
		n += 8;
	while (n < text.len && is_plain(text.data[n]))
		n++;
	return n;
}

/* A \u escape; code points past U+FFFF are two (RFC 8259 7). */
static void put_escape(struct strbuf *out, uint32_t c)
{
	if (c >= 0x10000) {
		strbuf_printf(out, "\\u%04x", 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	strbuf_printf(out, "\\u%04x", c);
}

/* Writes the character that text begins with; returns its length. */
static size_t put_special(struct strbuf *out, struct bytes text)
{
	uint32_t c = 0;
	size_t len = utf8_decode(text, &c);

	if (len == 0) {
		strbuf_puts(out, "\\ufffd");
		return 1;
	}
	if (c == '"' || c == '\\') {
		put(out, "\\", 1);
		strbuf_add(out, (const char *)text.data, 1);
	} else if (c == '\n') {
		strbuf_puts(out, "\\n");
	} else if (utf8_is_hostile(c)) {
		put_escape(out, c);
	} else {
		strbuf_add(out, (const char *)text.data, len);
	}
	return len;
}

void json_text(struct json *j, const char *key, struct bytes text)
{
	lead(j, key);
	put(j->out, "\"", 1);
	while (text.len != 0) {
		size_t n = plain_run(text);

		if (n != 0)
			put(j->out, (const char *)text.data, n);
		else
			n = put_special(j->out, text);
		text = bytes_slice(text, n, text.len);
	}
	put(j->out, "\"", 1);
}

void json_string(struct json *j, const char *key, const char *text)
{
	if (text == NULL)
		json_null(j, key);
	else
		json_text(j, key, bytes_of(text, strlen(text)));
}

void json_hex(struct json *j, const char *key, struct bytes bytes)
{
	lead(j, key);
	put(j->out, "\"", 1);
	strbuf_hex(j->out, bytes);
	put(j->out, "\"", 1);
}

void json_code(struct json *j, const char *key, uint16_t value)
{
	static const char digit[] = "0123456789abcdef";
	const char text[] = { '"', '0', 'x', digit[value >> 12], digit[value >> 8 & 15],
		digit[value >> 4 & 15], digit[value & 15], '"' };

	lead(j, key);
	put(j->out, text, sizeof text);
}

static void put_decimal(struct strbuf *out, uint64_t value)
{
	char text[20];
	size_t at = sizeof text;

	do
		text[--at] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	put(out, text + at, sizeof text - at);
}

void json_uint(struct json *j, const char *key, uint64_t value)
{
	lead(j, key);
	put_decimal(j->out, value);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	lead(j, key);
	if (value < 0)
		put(j->out, "-", 1);
	put_decimal(j->out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void json_milliseconds(struct json *j, const char *key, int64_t ns)
{
	uint64_t us = (ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns) / 1000;
	char part[] = ".000";
	size_t len = 4;

	lead(j, key);
	if (ns < 0 && us != 0)
		put(j->out, "-", 1);
	put_decimal(j->out, us / 1000);
	part[1] = (char)('0' + us / 100 % 10);
	part[2] = (char)('0' + us / 10 % 10);
	part[3] = (char)('0' + us % 10);
	while (part[len - 1] == '0')
		len--;
	if (len > 1)
		put(j->out, part, len);
}

void json_bool(struct json *j, const char *key, bool value)
{
	lead(j, key);
	strbuf_puts(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	lead(j, key);
	put(j->out, "null", 4);
}
