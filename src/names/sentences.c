/*
 * The search for sentences. Of each pattern four bytes in a row are its anchor, chosen to be rare; a table
 * by their hash says at each byte of a text which patterns may lie there. Only those are compared.
 */
#include "names/sentences.h"

#include "base/array.h"

enum { ANCHOR_LEN = 4, N_BUCKETS = 4096 };

#define NAMES_SENTENCES
#include "names.inc"

enum { TRIED_BITS = 64 };

static unsigned bucket_of(const uint8_t *p)
{
	return (p[0] + 31u * p[1] + 961u * p[2] + 29791u * p[3]) % N_BUCKETS;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Where the part without "*" ends. */
static const char *part_end(const char *part)
{
	return part + strcspn(part, "*");
}

/* Where the part begins in the text from `at` on; text.len: nowhere. A number must end where its part does. */
static size_t find_part(struct bytes text, size_t at, const char *part, size_t len)
{
	bool number = is_digit((uint8_t)part[len - 1]);

	for (; at + len <= text.len; at++) {
		const uint8_t *p =
			memchr(text.data + at, (uint8_t)part[0], text.len - at - len + 1);

		if (p == NULL)
			return text.len;
		at = (size_t)(p - text.data);
		if (memcmp(p, part, len) == 0 &&
			!(number && at + len < text.len && is_digit(text.data[at + len])))
			return at;
	}
	return text.len;
}

/* Part by part, each behind the one before. */
static bool place(const struct sentence *s, struct bytes text, size_t *from, size_t *to)
{
	bool begun = false;

	*from = *to = 0;
	for (const char *part = s->pattern; *part != '\0';) {
		const char *end = part_end(part);
		size_t len = (size_t)(end - part), at;

		if (len != 0) {
			at = find_part(text, *to, part, len);
			if (at == text.len)
				return false;
			*from = begun ? *from : at;
			*to = at + len;
			begun = true;
		}
		part = *end == '*' ? end + 1 : end;
	}
	return true;
}

bool sentence_fits(const struct sentence *s, struct bytes text)
{
	size_t from, to;

	return place(s, text, &from, &to);
}

struct bytes sentence_place(const struct sentence *s, struct bytes text)
{
	size_t from, to;

	return place(s, text, &from, &to) ? bytes_slice(text, from, to - from)
					  : bytes_slice(text, 0, 0);
}

/* Does the part that holds the anchor lie around this place? So that a text full of anchors costs little. */
static bool part_is_at(const struct sentence *s, struct bytes text, size_t at)
{
	const char *part = s->pattern + s->part;
	size_t before = (size_t)(s->anchor - s->part), len;

	if (memcmp(text.data + at, s->pattern + s->anchor, ANCHOR_LEN) != 0)
		return false; /* of another one with that hash */
	len = (size_t)(part_end(part) - part);
	return before <= at && len <= text.len - (at - before) &&
	       memcmp(text.data + at - before, part, len) == 0;
}

struct search {
	struct bytes text;
	struct sentence_found found;
	size_t best;
	bool any_tried;
	uint64_t tried[COUNT(sentence_table) / TRIED_BITS + 1];
};

static bool try_once(struct search *s, size_t i)
{
	uint64_t bit = (uint64_t)1 << i % TRIED_BITS;

	if (!s->any_tried)
		memset(s->tried, 0, sizeof s->tried);
	s->any_tried = true;
	if ((s->tried[i / TRIED_BITS] & bit) != 0)
		return false;
	s->tried[i / TRIED_BITS] |= bit;
	return true;
}

static void consider(struct search *s, size_t i, size_t at)
{
	const struct sentence *row = &sentence_table[i];

	if (!part_is_at(row, s->text, at) || !try_once(s, i) || !sentence_fits(row, s->text))
		return;
	if (row->saying == SAYING_NONE && row->alert == SENTENCE_NO_ALERT) {
		s->found.marked = true;
		if (row->by != SENTENCE_EITHER)
			s->found.by = row->by;
	} else if (i < s->best) {
		s->best = i;
		s->found.sentence = row;
	}
}

struct sentence_found sentence_find(struct bytes text)
{
	struct search s; /* `tried` is not set before it is needed */

	s.text = bytes_slice(text, 0, SENTENCE_TEXT_MAX);
	s.found = (struct sentence_found){ .by = SENTENCE_EITHER };
	s.best = COUNT(sentence_table);
	s.any_tried = false;
	for (size_t at = 0; at + ANCHOR_LEN <= s.text.len; at++) {
		unsigned b = bucket_of(s.text.data + at);

		for (size_t i = first_sentence[b]; i < first_sentence[b + 1]; i++)
			consider(&s, sentence_order[i], at);
	}
	if (s.found.sentence != NULL && s.found.sentence->by != SENTENCE_EITHER)
		s.found.by = s.found.sentence->by;
	return s.found;
}

const struct sentence *sentence_at(size_t i)
{
	return i < COUNT(sentence_table) ? &sentence_table[i] : NULL;
}
