/*
 * A text is walked byte by byte of what it shows: "4c 80", "4c80", "0x4c, 0x80" and "4c:80" are the same to
 * it. Eight bytes in a row that were part of a secret are no chance.
 */
#include "log/mask.h"

enum { BETWEEN_MAX = 4 }; /* characters between two bytes of one run: ", 0x" */

void mask_all(uint8_t *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text[i] != ' ' && text[i] != '\t')
			text[i] = MASK_CHAR;
}

static bool is_prefix(const uint8_t *text, size_t at, size_t to)
{
	return at + 1 < to && text[at] == '0' && (text[at + 1] | 0x20) == 'x';
}

void mask_digits(uint8_t *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (is_prefix(text, i, to))
			i++;
		else if (mask_is_digit(text[i]))
			text[i] = MASK_CHAR;
	}
}

/* ---- bytes that a text shows ---- */

struct walk {
	const uint8_t *data;
	size_t at, to;
	uint64_t window;           /* the last MASK_WINDOW bytes */
	size_t n;                  /* bytes of the run so far */
	size_t gap;                /* characters since the last byte */
	size_t place[MASK_WINDOW]; /* where each of them stands */
};

static unsigned value_of(uint8_t c)
{
	return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static bool is_between(const struct walk *w, uint8_t c)
{
	return c == ' ' || c == ':' || c == ',' || c == '-' || c == '\\' || c == '\t' ||
	       (c == 'x' && w->at != 0 &&
		       (w->data[w->at - 1] == '\\' || w->data[w->at - 1] == '0'));
}

/* The next byte shown; a lone digit, or anything else, ends the run. False: the text ends. */
static inline bool next_byte(struct walk *w)
{
	for (; w->at + 1 < w->to; w->at++) {
		uint8_t c = w->data[w->at], d = w->data[w->at + 1];

		if (mask_is_digit(c) && mask_is_digit(d)) {
			w->n = w->gap > BETWEEN_MAX ? 0 : w->n;
			w->window = w->window << 8 | value_of(c) << 4 | value_of(d);
			w->place[w->n++ % MASK_WINDOW] = w->at;
			w->gap = 0;
			w->at += 2;
			return true;
		}
		if (!is_between(w, c) && !(c == '0' && d == 'x'))
			w->n = 0;
		w->gap++;
	}
	return false;
}

/* One value all over is padding, or nothing yet. */
static bool is_plain(uint64_t window)
{
	return window == (window & 0xff) * 0x0101010101010101u;
}

static size_t slot_of(uint64_t window)
{
	return (size_t)(window * 0x9e3779b97f4a7c15u >> 52) % MASK_KNOWN;
}

void mask_learn(struct mask *m, struct bytes text, size_t from, size_t to)
{
	struct walk w = { .data = text.data, .at = from, .to = to };

	while (next_byte(&w))
		if (w.n >= MASK_WINDOW && !is_plain(w.window)) {
			m->known[slot_of(w.window)] = w.window;
			m->any = true;
		}
}

bool mask_known(const struct mask *m, struct bytes line, uint8_t *text)
{
	struct walk w = { .data = line.data, .to = line.len };
	bool found = false;

	while (m->any && next_byte(&w)) {
		if (w.n < MASK_WINDOW || m->known[slot_of(w.window)] != w.window ||
			is_plain(w.window))
			continue;
		found = true;
		for (size_t i = 0; i < MASK_WINDOW; i++)
			text[w.place[i]] = text[w.place[i] + 1] = MASK_CHAR;
	}
	return found;
}
