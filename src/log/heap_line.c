/*
 * A number of a line is what the words before it say, or those behind it: "free heap: 9412", "9412 bytes free". What
 * is used, the whole, and the largest block are other things.
 */
#include "log/heap_line.h"

#include "log/scan.h"

enum { LABEL_MAX = 48, TRAIL_MAX = 24, KIB = 1024 };

static const uint64_t most = UINT64_C(1) << 32; /* no device has more */

struct number {
	uint64_t bytes;
	struct bytes label, trail; /* the words before it and behind it, up to the next number */
};

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool has(struct bytes text, const char *word)
{
	size_t n = strlen(word);

	for (size_t at = 0; at + n <= text.len; at++) {
		size_t i = 0;

		while (i < n && lower(text.data[at + i]) == word[i])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

static bool has_one(struct bytes text, const char *const words[])
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (has(text, words[i]))
			return true;
	return false;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_of_a_name(uint8_t c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '.' ||
	       c == '-';
}

/* " kB", "KiB", " K": 1024 of them; "MB": as many of those. */
static uint64_t unit_at(struct scan *s)
{
	struct scan t = *s;
	char c;

	(void)scan_blanks(&t);
	c = lower(scan_peek(&t));
	if (c != 'k' && c != 'm')
		return 1;
	t.at++;
	(void)scan_char(&t, 'i');
	if (!scan_char(&t, 'B') && !scan_char(&t, 'b') && is_of_a_name(scan_peek(&t)))
		return 1;
	*s = t;
	return c == 'k' ? KIB : (uint64_t)KIB * KIB;
}

/* "12,345"; of "12.5" the tenths as well. */
static bool value_at(struct scan *s, uint64_t *value, uint64_t *tenths)
{
	uint64_t more;

	*tenths = 0;
	if (scan_word(s, "0x"))
		return scan_hex(s, value);
	if (!scan_decimal(s, value) || *value > most)
		return false;
	while (scan_peek(s) == ',' && s->end - s->at > 3 && is_digit(s->at[1])) {
		struct scan t = { s->at + 1, s->end };

		if (!scan_decimal(&t, &more) || t.at - s->at != 4 || *value > most)
			break;
		*value = *value * 1000 + more;
		*s = t;
	}
	if (scan_peek(s) == '.' && s->end - s->at > 1 && is_digit(s->at[1])) {
		*tenths = (uint64_t)(s->at[1] - '0');
		s->at++;
		(void)scan_decimal(s, &more);
	}
	return true;
}

/* The words before a number, behind a comma. */
static struct bytes label_of(const uint8_t *from, const uint8_t *end)
{
	const uint8_t *p = end;

	while (p > from && end - p < LABEL_MAX && p[-1] != ',' && p[-1] != ';')
		p--;
	return bytes_of(p, (size_t)(end - p));
}

/* The next number that stands by itself: no part of a name, a code or a share of a hundred. */
static bool next_number(struct scan *s, struct number *out)
{
	const uint8_t *from = s->at;

	while (s->at < s->end) {
		bool alone = s->at == from || !is_of_a_name(s->at[-1]);
		const uint8_t *begin = s->at;
		uint64_t value, tenths, unit;

		if (!is_digit(*begin) || !alone) {
			s->at++;
			continue;
		}
		if (!value_at(s, &value, &tenths)) {
			s->at = begin + 1;
			continue;
		}
		unit = unit_at(s);
		if (is_of_a_name(scan_peek(s)) && scan_peek(s) != '.')
			continue;
		if (scan_peek(s) == '%')
			continue;
		out->label = label_of(from, begin);
		out->bytes = value * unit + tenths * unit / 10;
		return true;
	}
	return false;
}

static struct bytes trail_of(const struct scan *s)
{
	struct bytes rest = scan_rest(s);
	size_t n = 0;

	while (n < rest.len && n < TRAIL_MAX && !is_digit(rest.data[n]) && rest.data[n] != ',' &&
		rest.data[n] != ';')
		n++;
	return bytes_slice(rest, 0, n);
}

/* "heap: 1234", "Heap = 1234" */
static bool is_bare_heap(struct bytes label)
{
	size_t n = label.len, marks = 0;

	while (n != 0 && (label.data[n - 1] == ' ' || label.data[n - 1] == ':' ||
				 label.data[n - 1] == '=')) {
		marks += label.data[n - 1] != ' ';
		n--;
	}
	return marks != 0 && n >= 4 && has(bytes_slice(label, n - 4, 4), "heap") &&
	       (n == 4 || !is_of_a_name(label.data[n - 5]));
}

/* Is it what is free? What else a line of heap counts is named so. */
static bool is_free(const struct number *n, bool *lowest)
{
	static const char *const others[] = { "used", "total", "allocat", "block", "largest",
		"frag", "fail", "usage", "peak", "code", "error", "returned", NULL };
	static const char *const frees[] = { "free", "avail", "remain", "left", NULL };
	static const char *const least[] = { "min", "lowest", "ever", "watermark", "water mark",
		NULL };

	*lowest = has_one(n->label, least);
	if (has_one(n->label, frees))
		return !has_one(n->label, others);
	if (has_one(n->label, others))
		return false;
	return *lowest || is_bare_heap(n->label) || has_one(n->trail, frees);
}

/* Nearly every line is passed over here. */
static bool speaks_of_heap(struct bytes text)
{
	for (size_t at = 0; at + 4 <= text.len; at++) {
		const uint8_t *p = memchr(text.data + at, 'p', text.len - at);

		if (p == NULL)
			break;
		at = (size_t)(p - text.data);
		if (at >= 3 && p[-1] == 'a' && p[-2] == 'e' && lower(p[-3]) == 'h')
			return true;
	}
	return text_has(text, "HEAP") || text_has(text, "_free") || text_has(text, "free bytes, ");
}

bool heap_line_read(struct bytes text, struct heap_line *out)
{
	struct scan s = scan_of(text);
	struct number n;
	bool found = false, lowest;

	if (!speaks_of_heap(text))
		return false;
	while (next_number(&s, &n)) {
		n.trail = trail_of(&s);
		if (!is_free(&n, &lowest) || n.bytes > most || (found && !lowest))
			continue;
		*out = (struct heap_line){ n.bytes, lowest };
		if (lowest)
			return true;
		found = true;
	}
	return found;
}
