/* The offset, eight bytes, a gap of three blanks, eight more, and what they mean as text. */
#include "log/java_rows.h"

#include "log/scan.h"

enum { PER_ROW = 16, GAP = 3 };

static bool gap(struct scan *s)
{
	const uint8_t *from = s->at;

	return scan_blanks(s) && s->at - from <= GAP;
}

bool java_rows_take(struct java_rows *r, struct bytes text)
{
	struct scan s = scan_of(text_trim(text));
	const uint8_t *from = s.at;
	uint64_t offset;
	uint8_t byte;
	size_t n = 0;

	if (!scan_hex(&s, &offset) || s.at - from < 4 || s.at - from > 5 || !scan_word(&s, ": "))
		return false;
	if (offset != r->len)
		r->holes = true;
	while (n < PER_ROW && r->len < JAVA_ROWS_MAX && scan_hex_byte(&s, &byte)) {
		r->bytes[r->len++] = byte;
		n++;
		if (!gap(&s))
			break;
	}
	return n != 0;
}
