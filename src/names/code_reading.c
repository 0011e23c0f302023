/*
 * A negative code may come as an unsigned number of 16 or 32 bits, with or without its sign, in hex
 * or not.
 */
#include "names/code_reading.h"

#include "base/array.h"

#include <strings.h>

/* Value of a digit in bases up to 16; 16 for any other character. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

static bool read_digits(const char *digits, size_t n, unsigned base, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned digit = digit_value(digits[i]);

		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	*out = value;
	return n != 0;
}

/*
 * Undoes what printing a negative int as unsigned did: "%u" and "%x" of -0x4c80, on machines with
 * an int or long of 16, 32 or 64 bits. Codes are above -0x8000, so nothing else is that large.
 */
static bool unwrap(uint64_t value, int64_t *out)
{
	static const uint64_t tops[] = { UINT16_MAX, UINT32_MAX, UINT64_MAX };

	for (size_t i = 0; i < COUNT(tops); i++) {
		if (value <= tops[i] && tops[i] - value < 0x8000) {
			*out = -(int64_t)(tops[i] - value) - 1;
			return true;
		}
	}
	return false;
}

static size_t add_reading(
	struct code_reading *out, const char *digits, size_t n, unsigned base, bool negative)
{
	uint64_t value;

	if (!read_digits(digits, n, base, &value))
		return 0;
	out->raw = value;
	out->decimal = base == 10;
	if (!negative && unwrap(value, &out->value)) {
		out->decimal = true;
	} else {
		out->value = value <= INT64_MAX ? (int64_t)value : INT64_MAX;
		if (negative)
			out->value = -out->value;
	}
	return 1;
}

/* The text without blanks around it and without OpenSSL's "error:" before and ":..." behind. */
static struct bytes code_part_of(const char *text)
{
	size_t len;

	text += strspn(text, " \t");
	if (strncasecmp(text, "error:", 6) == 0)
		text += 6;
	len = strcspn(text, ":\r\n");
	while (len != 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return bytes_of(text, len);
}

size_t code_readings(const char *text, struct code_reading out[static 2])
{
	struct bytes code = code_part_of(text);
	const char *digits = (const char *)code.data;
	size_t left = code.len, n;
	bool negative = false;

	if (left != 0 && (*digits == '-' || *digits == '+')) {
		negative = *digits == '-';
		digits++;
		left--;
	}
	if (left > 2 && strncasecmp(digits, "0x", 2) == 0)
		return add_reading(&out[0], digits + 2, left - 2, 16, negative);
	n = add_reading(&out[0], digits, left, 10, negative);
	return n + add_reading(&out[n], digits, left, 16, negative);
}
