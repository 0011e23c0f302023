/*
 * Sentences of programs (data/sayings.tsv), line by line: of what words, alerts and numbers have told already
 * nothing is said again.
 */
#include "names/paste_inside.h"

static bool next_line(struct bytes *left, struct bytes *line)
{
	const uint8_t *end = left->len != 0 ? memchr(left->data, '\n', left->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - left->data) : left->len;

	if (left->len == 0)
		return false;
	*line = bytes_slice(*left, 0, len);
	*left = bytes_slice(*left, len + (end != NULL), left->len);
	return true;
}

static void take(struct paste_reader *r, struct bytes line)
{
	const struct sentence *s = sentence_find(line).sentence;
	struct paste_find find = { .kind = PASTE_SAYING, .sentence = s };
	struct bytes place;

	if (s == NULL || (s->saying == SAYING_NONE && s->alert < 0))
		return;
	place = sentence_place(s, line);
	find.at = (size_t)(place.data - r->text.raw.data);
	find.len = place.len;
	find.value = (unsigned)s->saying;
	if (paste_is_taken(&r->text, find.at, find.len))
		return;
	if (s->saying == SAYING_NONE) {
		find.kind = PASTE_ALERT;
		find.value = (unsigned)s->alert;
		find.sender = PASTE_SENDER_PEER;
	}
	paste_add(r, &find);
}

void paste_find_sayings(struct paste_reader *r)
{
	struct bytes left = r->text.raw, line;

	while (next_line(&left, &line))
		take(r, line);
}
