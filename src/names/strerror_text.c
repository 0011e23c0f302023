/* Sentences of data/mbedtls-strerror.tsv. Of each code the first is the one with the module's name before it. */
#include "names/strerror_text.h"

#include <string.h>
#include <strings.h>

enum { CUT_MIN = 10, MODULE_MAX = 16 };

static const char between[] = " - ";
enum { BETWEEN = sizeof between - 1 };

static bool is_module(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Where a word and " - " begin, from there on; line.len: nowhere. */
static size_t next_module(struct bytes line, size_t from)
{
	for (size_t at = from; at + BETWEEN < line.len; at++) {
		size_t begin = at;

		if (line.data[at] != ' ' || memcmp(line.data + at, between, BETWEEN) != 0)
			continue;
		while (begin != from && at - begin < MODULE_MAX && is_module(line.data[begin - 1]))
			begin--;
		if (at - begin >= 2)
			return begin;
	}
	return line.len;
}

static bool ends_text(uint8_t c)
{
	return c == '"' || c == '\'' || c == '\n' || c == '\r' || c == '\0' || c == '`';
}

/*
 * How much of the sentence stands at the beginning of the text, in whole or broken off with it; 0: another text. The
 * first of the sentences has the module before it.
 */
static size_t fits(struct bytes text, const char *says, bool *whole)
{
	size_t len = strcspn(says, "|"), same = 0, module = strcspn(says, " ");

	while (same < len && same < text.len &&
		strncasecmp((const char *)text.data + same, says + same, 1) == 0)
		same++;
	*whole = same == len;
	if (*whole)
		return same;
	while (same != 0 && text.data[same - 1] == '.') /* "A fatal alert message was..." */
		same--;
	if (same < module + BETWEEN + CUT_MIN)
		return 0;
	return same == text.len || ends_text(text.data[same]) || text.data[same] == '.' ? same : 0;
}

static bool has_value(const struct strerror_text *out, int64_t value)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->code[i]->value == value)
			return true;
	return false;
}

static void take(struct strerror_text *out, const struct code *code, size_t len, bool *found_whole,
	bool whole)
{
	if (*found_whole && (!whole || len < out->len))
		return;
	if (whole && (!*found_whole || len > out->len))
		out->n = 0;
	*found_whole = whole;
	out->len = len > out->len || whole ? len : out->len;
	if (out->n < STRERROR_CODES && !has_value(out, code->value))
		out->code[out->n++] = code;
}

/* At the beginning of the text. Whole sentences count before those that break off, longer ones before shorter. */
static bool read_one(struct bytes text, struct strerror_text *out)
{
	const struct code *code;
	bool found_whole = false, whole;

	*out = (struct strerror_text){ .n = 0 };
	for (size_t i = 0; (code = code_at(i)) != NULL; i++) {
		size_t len = code->library == CODE_MBEDTLS && code->says[0] != '\0'
				     ? fits(text, code->says, &whole)
				     : 0;

		if (len != 0)
			take(out, code, len, &found_whole, whole);
	}
	out->sum = out->n != 0 ? out->code[0]->value : 0;
	return out->n != 0;
}

/* " : BIGNUM - Memory allocation failed" behind it: the low part of the same number. */
static void read_low(struct bytes line, struct strerror_text *out)
{
	static const char plus[] = " : ";
	enum { PLUS = sizeof plus - 1 };
	struct bytes rest = bytes_slice(line, out->at + out->len, line.len);
	struct strerror_text low;

	if (out->code[0]->kind != CODE_HIGH || rest.len <= PLUS ||
		memcmp(rest.data, plus, PLUS) != 0)
		return;
	rest = bytes_slice(rest, PLUS, rest.len);
	if (next_module(rest, 0) != 0 || !read_one(rest, &low) || low.code[0]->kind != CODE_LOW)
		return;
	out->sum += low.sum;
	out->len += PLUS + low.len;
}

bool strerror_text_find(struct bytes line, struct strerror_text *out)
{
	size_t at = 0;

	while ((at = next_module(line, at)) < line.len) {
		if (read_one(bytes_slice(line, at, line.len), out)) {
			out->at = at;
			read_low(line, out);
			return true;
		}
		at = (size_t)((const uint8_t *)memchr(line.data + at, ' ', line.len - at) -
			      line.data);
	}
	return false;
}
