/* Looking at text without copying it. */
#include "log/scan.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static int hex_value(uint8_t c)
{
	if (is_digit(c))
		return c - '0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A word of capitals alone is a name of its own: "CONNECTED" of OpenSSL is not any program's "connected". */
static bool has_lower(const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] >= 'a' && word[i] <= 'z')
			return true;
	return false;
}

/* Does the word stand there, or what is left of it where all capitals were taken from a text? */
static bool reads(const uint8_t *at, const char *word, size_t n)
{
	bool lowered = false;

	for (size_t i = 0; i < n; i++) {
		if (at[i] == (uint8_t)word[i])
			continue;
		if (at[i] != lower((uint8_t)word[i]))
			return false;
		lowered = true;
	}
	return !lowered || has_lower(word, n);
}

bool scan_rest_of_word(struct scan *s, const char *word, size_t n)
{
	if ((size_t)(s->end - s->at) < n || !reads(s->at, word, n))
		return false;
	s->at += n;
	return true;
}

bool scan_word_nocase(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->at) < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(s->at[i]) != lower((uint8_t)word[i]))
			return false;
	s->at += n;
	return true;
}

bool scan_blanks(struct scan *s)
{
	const uint8_t *from = s->at;

	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
	return s->at != from;
}

bool scan_decimal(struct scan *s, uint64_t *value)
{
	const uint8_t *p = s->at;
	uint64_t v = 0;

	for (; p < s->end && is_digit(*p); p++) {
		if (v > (UINT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (uint64_t)(*p - '0');
	}
	if (p == s->at)
		return false;
	s->at = p;
	*value = v;
	return true;
}

bool scan_integer(struct scan *s, int64_t *value)
{
	struct scan t = *s;
	bool negative = scan_char(&t, '-');
	uint64_t v;

	if (!negative)
		(void)scan_char(&t, '+');
	if (!scan_decimal(&t, &v) || v > INT64_MAX)
		return false;
	*s = t;
	*value = negative ? -(int64_t)v : (int64_t)v;
	return true;
}

bool scan_hex(struct scan *s, uint64_t *value)
{
	const uint8_t *p = s->at;
	uint64_t v = 0;

	for (; p < s->end && hex_value(*p) >= 0; p++) {
		if (v >> 60 != 0)
			return false;
		v = v << 4 | (uint64_t)hex_value(*p);
	}
	if (p == s->at)
		return false;
	s->at = p;
	*value = v;
	return true;
}

bool scan_hex_byte(struct scan *s, uint8_t *value)
{
	if (s->end - s->at < 2 || hex_value(s->at[0]) < 0 || hex_value(s->at[1]) < 0)
		return false;
	*value = (uint8_t)(hex_value(s->at[0]) << 4 | hex_value(s->at[1]));
	s->at += 2;
	return true;
}

bool scan_until(struct scan *s, const char *word, struct bytes *before)
{
	struct bytes rest = scan_rest(s);
	size_t at = text_find(rest, word);

	if (at == rest.len)
		return false;
	*before = bytes_slice(rest, 0, at);
	s->at += at + strlen(word);
	return true;
}

static bool is_name(uint8_t c, const char *more)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' ||
	       (c != 0 && strchr(more, c) != NULL);
}

bool scan_name(struct scan *s, const char *more, struct bytes *name)
{
	const uint8_t *p = s->at;

	while (p < s->end && is_name(*p, more))
		p++;
	if (p == s->at)
		return false;
	*name = bytes_of(s->at, (size_t)(p - s->at));
	s->at = p;
	return true;
}

struct bytes text_trim(struct bytes b)
{
	while (b.len != 0 && (b.data[0] == ' ' || b.data[0] == '\t'))
		b = bytes_slice(b, 1, b.len);
	while (b.len != 0 && (b.data[b.len - 1] == ' ' || b.data[b.len - 1] == '\t'))
		b.len--;
	return b;
}

bool text_is(struct bytes b, const char *word)
{
	return b.len == strlen(word) && text_begins(b, word);
}

/* Where the first byte of the word stands in the first n bytes; NULL: nowhere. */
static const uint8_t *first_of(const uint8_t *p, char first, size_t n)
{
	uint8_t small = lower((uint8_t)first);
	const uint8_t *as_is, *lowered;

	as_is = memchr(p, first, n);
	lowered = small != (uint8_t)first
			  ? memchr(p, small, as_is != NULL ? (size_t)(as_is - p) : n)
			  : NULL;

	return lowered != NULL ? lowered : as_is;
}

size_t text_find_bytes(struct bytes b, const char *word, size_t n)
{
	if (n == 0)
		return 0;
	for (size_t at = 0; at + n <= b.len;) {
		const uint8_t *p = first_of(b.data + at, word[0], b.len - n + 1 - at);

		if (p == NULL)
			return b.len;
		if (reads(p, word, n))
			return (size_t)(p - b.data);
		at = (size_t)(p - b.data) + 1;
	}
	return b.len;
}
