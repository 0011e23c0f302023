/* A pasted text made comparable: logs wrap lines, forums change quotes, people change case. */
#include "names/paste_inside.h"

#include "base/memory.h"

#include <stdlib.h>
#include <strings.h>

enum { LINE_NEAR = 200 }; /* of a line so much before and behind a place counts */

char paste_fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (c == '-' || c == ' ' || c == '\t' || c == '\n' || c == '\r')
		return '_';
	return c;
}

bool paste_is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* U+2018, U+2019, U+201C, U+201D and the blank that does not break; 0: another character. */
static size_t typographic(struct bytes rest, char *plain)
{
	static const struct {
		const char *utf8;
		char plain;
	} known[] = { { "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' }, { "\xe2\x80\x9c", '"' },
		{ "\xe2\x80\x9d", '"' }, { "\xe2\x80\x93", '-' }, { "\xe2\x88\x92", '-' },
		{ "\xc2\xa0", ' ' } };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		size_t n = strlen(known[i].utf8);

		if (rest.len >= n && memcmp(rest.data, known[i].utf8, n) == 0) {
			*plain = known[i].plain;
			return n;
		}
	}
	return 0;
}

static void fold_all(struct paste_text *t)
{
	size_t at = 0;

	while (at < t->raw.len) {
		struct bytes rest = bytes_slice(t->raw, at, t->raw.len);
		char c = (char)rest.data[0];
		size_t n = typographic(rest, &c);
		bool blank = strchr(" \t\r\n", c) != NULL && c != '\0';

		if (!blank || t->n == 0 || strchr(" \t\r\n", t->folded[t->n - 1]) == NULL) {
			t->at[t->n] = (uint32_t)at;
			t->folded[t->n++] = blank ? ' ' : c;
		}
		at += n != 0 ? n : 1;
	}
	t->at[t->n] = (uint32_t)t->raw.len;
	for (size_t i = 0; i < t->n; i++)
		t->folded[i] = paste_fold(t->folded[i]);
}

bool paste_text_open(struct paste_text *t, struct bytes raw)
{
	*t = (struct paste_text){ .raw = raw };
	t->folded = memory_get(raw.len + 1);
	t->at = memory_get((raw.len + 1) * sizeof *t->at);
	t->taken = memory_zeroed(raw.len + 1, 1);
	if (t->folded == NULL || t->at == NULL || t->taken == NULL)
		return false;
	fold_all(t);
	return true;
}

void paste_text_close(struct paste_text *t)
{
	free(t->folded);
	free(t->at);
	free(t->taken);
}

bool paste_begins(const struct paste_text *t, size_t at)
{
	return at == 0 || !paste_is_word(t->raw.data[at - 1]);
}

bool paste_ends(const struct paste_text *t, size_t end)
{
	return end >= t->raw.len || !paste_is_word(t->raw.data[end]);
}

bool paste_is_taken(const struct paste_text *t, size_t at, size_t len)
{
	return memchr(t->taken + at, 1, len) != NULL;
}

struct bytes paste_line(const struct paste_text *t, size_t at)
{
	size_t begin = at, end = at;

	while (begin != 0 && at - begin < LINE_NEAR && t->raw.data[begin - 1] != '\n')
		begin--;
	while (end < t->raw.len && end - at < LINE_NEAR && t->raw.data[end] != '\n')
		end++;
	return bytes_slice(t->raw, begin, end - begin);
}

bool paste_line_has(struct bytes line, const char *word)
{
	size_t len = strlen(word);

	for (size_t at = 0; at + len <= line.len; at++) {
		const char *here = (const char *)line.data + at;

		if (strncasecmp(here, word, len) == 0 &&
			(at == 0 || !paste_is_word(line.data[at - 1]) || here[-1] == '_'))
			return true;
	}
	return false;
}

size_t paste_phrase_at(const struct paste_text *t, size_t i, const char *phrase, size_t len)
{
	size_t end;

	if (len == 0 || len > t->n - i || t->folded[i] != paste_fold(phrase[0]))
		return 0;
	for (size_t k = 1; k < len; k++)
		if (t->folded[i + k] != paste_fold(phrase[k]))
			return 0;
	end = i + len < t->n ? t->at[i + len] : t->raw.len;
	/* what it ends with may be no word; then anything may follow */
	if (paste_is_word((uint8_t)phrase[len - 1]) && !paste_ends(t, t->at[i + len - 1] + 1))
		return 0;
	return end - t->at[i];
}
