/*
 * The shortest form only (RFC 3629 3), and no character that moves the cursor or turns the
 * direction of the text.
 */
#include "report/utf8.h"

#include "base/array.h"

struct range {
	uint32_t first, last;
};

static bool within(const struct range *ranges, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* The bytes after the first; a form longer than needed or past U+10FFFF is no UTF-8 (RFC 3629 3). */
static size_t decode_long(struct bytes text, uint32_t *code_point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t lead = text.data[0];
	size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	uint32_t c = lead & (0x7fU >> len);

	if (lead < 0xc2 || lead > 0xf4 || text.len < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text.data[i] & 0x3f);
	}
	if (c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code_point = c;
	return len;
}

size_t utf8_decode(struct bytes text, uint32_t *code_point)
{
	if (text.len == 0)
		return 0;
	if (text.data[0] >= 0x80)
		return decode_long(text, code_point);
	*code_point = text.data[0];
	return 1;
}

bool utf8_is_hostile(uint32_t c)
{
	static const struct range hostile[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f },           /* C0, DEL, C1 */
		{ 0xad, 0xad }, { 0x61c, 0x61c },         /* soft hyphen, Arabic letter mark */
		{ 0x200b, 0x200f }, { 0x2028, 0x202e },   /* zero width, separators, bidi */
		{ 0x2060, 0x206f }, { 0xfeff, 0xfeff },   /* joiners, isolates, BOM */
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f }, /* annotations, tags */
	};

	return within(hostile, COUNT(hostile), c);
}

unsigned utf8_columns(uint32_t c)
{
	static const struct range none[] = { { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd },
		{ 0x610, 0x61a }, { 0x64b, 0x65f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
		{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f } };
	static const struct range two[] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e },
		{ 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
		{ 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff },
		{ 0x20000, 0x3fffd } };

	if (c < 0x300)
		return 1;
	if (within(none, COUNT(none), c))
		return 0;
	return within(two, COUNT(two), c) ? 2 : 1;
}

void utf8_put_safe(struct strbuf *out, struct bytes text, bool utf8, size_t max)
{
	size_t start = out->len;

	while (text.len != 0) {
		uint32_t c = 0;
		size_t len = utf8_decode(text, &c);

		if (out->len - start >= max) {
			strbuf_puts(out, "...");
			return;
		}
		if (len == 0 || utf8_is_hostile(c) || (len > 1 && !utf8)) {
			strbuf_printf(out, "\\x%02x", text.data[0]);
			len = 1;
		} else {
			strbuf_add(out, (const char *)text.data, len);
		}
		text = bytes_slice(text, len, text.len);
	}
}
