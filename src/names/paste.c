/* A pasted text, read in passes: what the longer words have taken, no number is looked for in. */
#include "names/paste_inside.h"

#include "base/memory.h"

#include <stdlib.h>

static bool same_code(const struct paste_find *a, const struct paste_find *b)
{
	for (size_t i = 0; i < a->n_matches; i++)
		for (size_t k = 0; k < b->n_matches; k++)
			if (a->match[i].code == b->match[k].code)
				return true;
	return false;
}

/* Logs say a thing twice: "returned -19968 (-0x4e00)", a name and its number. */
static bool is_same(const struct paste_find *a, const struct paste_find *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == PASTE_CODE ? same_code(a, b) : a->value == b->value;
}

void paste_add(struct paste_reader *r, const struct paste_find *find)
{
	struct paste *p = r->out;

	memset(r->text.taken + find->at, 1, find->len);
	for (size_t i = 0; i < p->n; i++)
		if (is_same(&p->finds[i], find))
			return;
	if (p->n == PASTE_FINDS_MAX)
		p->left_out++;
	else
		p->finds[p->n++] = *find;
}

/* In the order of the text; of two at one place the one that was found first. */
static void sort(struct paste *p)
{
	for (size_t i = 1; i < p->n; i++) {
		struct paste_find moved = p->finds[i];
		size_t k = i;

		for (; k > 0 && p->finds[k - 1].at > moved.at; k--)
			p->finds[k] = p->finds[k - 1];
		p->finds[k] = moved;
	}
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct bytes trim(struct bytes text)
{
	while (text.len != 0 && is_blank(text.data[0]))
		text = bytes_slice(text, 1, text.len);
	while (text.len != 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

bool paste_read(struct bytes text, struct paste *out)
{
	struct paste_reader r = { .out = out };
	struct bytes inside = trim(bytes_slice(text, 0, PASTE_TEXT_MAX));
	size_t before = inside.len != 0 ? (size_t)(inside.data - text.data) : 0;
	bool ok;

	*out = (struct paste){ .unread =
				       text.len > PASTE_TEXT_MAX ? text.len - PASTE_TEXT_MAX : 0 };
	out->finds = memory_zeroed(PASTE_FINDS_MAX, sizeof *out->finds);
	ok = paste_text_open(&r.text, inside) && out->finds != NULL;
	if (ok)
		paste_find_strerror(&r);
	ok = ok && paste_find_words(&r);
	if (ok) {
		paste_find_alerts(&r);
		paste_find_values(&r);
		paste_find_lone(&r);
		paste_find_numbers(&r);
		paste_find_sayings(&r);
		sort(out);
	}
	for (size_t i = 0; ok && i < out->n; i++)
		out->finds[i].at += before;
	paste_text_close(&r.text);
	return ok;
}

void paste_free(struct paste *p)
{
	free(p->finds);
	*p = (struct paste){ .finds = NULL };
}
