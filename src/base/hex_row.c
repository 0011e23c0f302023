/* One line of a dump with offsets: what stands before the bytes, the bytes, and where they end. */
#include "base/hex_row.h"

#include "base/array.h"
#include "base/hex_text.h"

enum { OFFSET_DIGITS = 3, OFFSET_DIGITS_MAX = 16, GAP = 3 };

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct bytes hex_skip_blank(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && is_blank(b.data[n]))
		n++;
	return bytes_slice(b, n, b.len);
}

static size_t count_digits(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && hex_digit_value(b.data[n]) >= 0)
		n++;
	return n;
}

static struct bytes skip_0x(struct bytes b)
{
	return b.len >= 2 && b.data[0] == '0' && (b.data[1] | 0x20) == 'x'
		       ? bytes_slice(b, 2, b.len)
		       : b;
}

/* Bytes of the number at the start of b: 1, 2, 4, 8 or 16; 0 when none stands there. */
static size_t unit_at(struct bytes b)
{
	size_t n = count_digits(b), bytes = n / 2;

	if (n == 0 || n % 2 != 0 || bytes > HEX_ROW_UNIT_MAX || (bytes & (bytes - 1)) != 0)
		return 0;
	return n == b.len || is_blank(b.data[n]) ? bytes : 0;
}

/* gdb: "0x20000400 <buffer+8>:" */
static struct bytes skip_symbol(struct bytes b)
{
	struct bytes inside = hex_skip_blank(b);
	const uint8_t *end;

	if (inside.len == 0 || inside.data[0] != '<' ||
		(end = memchr(inside.data, '>', inside.len)) == NULL)
		return b;
	return bytes_slice(inside, (size_t)(end - inside.data) + 1, inside.len);
}

static bool is_zero(struct bytes digits)
{
	for (size_t i = 0; i < digits.len; i++)
		if (digits.data[i] != '0')
			return false;
	return true;
}

/* An offset, and what stands behind it: bytes, or nothing at the end of a dump. */
bool hex_row_parse(struct bytes line, struct hex_row *out)
{
	struct bytes b = skip_0x(hex_skip_blank(line));
	size_t n = count_digits(b);
	bool colon;

	if (n < OFFSET_DIGITS || n > OFFSET_DIGITS_MAX)
		return false;
	out->digits = bytes_slice(b, 0, n);
	b = skip_symbol(bytes_slice(b, n, b.len));
	colon = b.len != 0 && b.data[0] == ':';
	b = bytes_slice(b, colon, b.len);
	if (b.len != 0 && !is_blank(b.data[0]))
		return false;
	out->shown = hex_skip_blank(b);
	return out->shown.len == 0 || unit_at(skip_0x(out->shown)) != 0;
}

/* Where a dump may begin. Without a colon only a zero can be told from bytes. */
bool hex_row_begins(struct bytes line)
{
	struct hex_row l;

	if (!hex_row_parse(line, &l) || l.shown.len == 0)
		return false;
	return memchr(line.data, ':', (size_t)(l.shown.data - line.data)) != NULL ||
	       (is_zero(l.digits) && l.digits.len > OFFSET_DIGITS);
}

bool hex_row_at_zero(const struct hex_row *r)
{
	return is_zero(r->digits);
}

bool hex_row_offset(struct bytes digits, unsigned base, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit = (unsigned)hex_digit_value(digits.data[i]);

		if (digit >= base || *out > UINT64_MAX / base - 1)
			return false;
		*out = *out * base + digit;
	}
	return true;
}

size_t hex_row_bytes(struct bytes shown, size_t most, uint8_t *out, unsigned *unit)
{
	struct bytes b = shown;
	size_t n = 0;

	for (;;) {
		size_t before = b.len, bytes;

		b = hex_skip_blank(b);
		if (n != 0 && before - b.len >= GAP)
			return n;
		b = skip_0x(b);
		bytes = unit_at(b);
		if (bytes == 0 || n >= most)
			return n;
		*unit = (unsigned)bytes > *unit ? (unsigned)bytes : *unit;
		for (size_t i = 0; i < bytes; i++)
			out[n++] = (uint8_t)(hex_digit_value(b.data[2 * i]) << 4 |
					     hex_digit_value(b.data[2 * i + 1]));
		b = bytes_slice(b, 2 * bytes, b.len);
	}
}
