/* The bytes that lines show are one stream, with the place of each; what ends with a name is overwritten there. */
#include "log/dump_names.h"

#include "base/memory.h"
#include "log/dump_row.h"
#include "log/mask.h"

#include <stdlib.h>

enum { SHOWN = 256, NO_LETTER = 0x7fffffff };

struct held {
	uint8_t *text;
	size_t len, size;
};

struct shown {
	uint64_t line; /* as they are counted here */
	uint32_t at, letter;
	uint8_t byte; /* in lower case */
};

struct dump_names {
	struct pseudonyms *names;
	void (*put)(void *ctx, struct bytes line);
	void *ctx;
	struct held held[DUMP_NAMES_HELD];
	uint64_t n_in, n_out; /* lines */
	struct shown shown[SHOWN];
	uint64_t n_shown;
	bool ends[256]; /* some name with that byte; of so many names: */
	size_t n_ends;
};

struct dump_names *dump_names_open(
	struct pseudonyms *names, void (*put)(void *ctx, struct bytes line), void *ctx)
{
	struct dump_names *d = memory_new(sizeof *d);

	if (d != NULL) {
		d->names = names;
		d->put = put;
		d->ctx = ctx;
	}
	return d;
}

void dump_names_close(struct dump_names *d)
{
	for (size_t i = 0; d != NULL && i < DUMP_NAMES_HELD; i++)
		free(d->held[i].text);
	free(d);
}

/* ---- what is held ---- */

static struct held *held_at(struct dump_names *d, uint64_t line)
{
	return &d->held[line % DUMP_NAMES_HELD];
}

static void put_first(struct dump_names *d)
{
	const struct held *h = held_at(d, d->n_out++);

	d->put(d->ctx, bytes_of(h->text, h->len));
}

static struct held *hold(struct dump_names *d, struct bytes line)
{
	struct held *h;

	if (d->n_in - d->n_out == DUMP_NAMES_HELD)
		put_first(d);
	h = held_at(d, d->n_in);
	if (h->size < line.len || h->text == NULL) {
		uint8_t *more = memory_resize(h->text, line.len + 1);

		if (more == NULL)
			return NULL;
		h->text = more;
		h->size = line.len + 1;
	}
	if (line.len != 0)
		memcpy(h->text, line.data, line.len);
	h->len = line.len;
	d->n_in++;
	return h;
}

void dump_names_end(struct dump_names *d)
{
	while (d->n_out != d->n_in)
		put_first(d);
	d->n_shown = 0;
}

/* ---- names ---- */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static struct shown *shown_at(struct dump_names *d, uint64_t i)
{
	return &d->shown[i % SHOWN];
}

/* Both digits, capitals where those were. */
static void put_digits(uint8_t *text, uint8_t byte)
{
	for (unsigned i = 0; i < 2; i++) {
		uint8_t digit = i == 0 ? byte >> 4 : byte & 0xf;
		uint8_t ten = text[i] >= 'A' && text[i] <= 'F' ? 'A' : 'a';

		text[i] = (uint8_t)(digit < 10 ? '0' + digit : ten + digit - 10);
	}
}

static void overwrite(struct dump_names *d, struct bytes name)
{
	uint8_t instead[PSEUDONYM_NAME_MAX];
	uint64_t first = d->n_shown - name.len;

	pseudonym_host(d->names, name, instead);
	for (size_t i = 0; i < name.len; i++) {
		const struct shown *s = shown_at(d, first + i);
		struct held *h = held_at(d, s->line);

		if (s->line < d->n_out)
			continue;
		put_digits(h->text + s->at, instead[i]);
		if (s->letter != NO_LETTER)
			h->text[s->letter] = instead[i];
	}
}

static bool ends_with(struct dump_names *d, struct bytes name)
{
	if (name.len < DUMP_NAME_LEAST || name.len > d->n_shown || name.len > SHOWN)
		return false;
	for (size_t i = 1; i <= name.len; i++)
		if (shown_at(d, d->n_shown - i)->byte != name.data[name.len - i])
			return false;
	return true;
}

/* Few bytes end a name. */
static bool may_end(struct dump_names *d, const struct bytes *names, size_t n)
{
	for (; d->n_ends < n; d->n_ends++)
		d->ends[names[d->n_ends].data[names[d->n_ends].len - 1]] = true;
	return d->ends[shown_at(d, d->n_shown - 1)->byte];
}

/* Of two names that end alike the longer one is meant. */
static void look_for_names(struct dump_names *d)
{
	const struct bytes *names;
	size_t n = pseudonyms_hosts(d->names, &names), longest = n;

	if (!may_end(d, names, n))
		return;
	for (size_t i = 0; i < n; i++)
		if (ends_with(d, names[i]) && (longest == n || names[i].len > names[longest].len))
			longest = i;
	if (longest != n)
		overwrite(d, names[longest]);
}

static void show(struct dump_names *d, struct bytes line, size_t at, size_t letter)
{
	*shown_at(d, d->n_shown) = (struct shown){ .line = d->n_in - 1,
		.at = (uint32_t)at,
		.letter = letter < line.len ? (uint32_t)letter : NO_LETTER,
		.byte = lower(dump_byte(line, at)) };
	d->n_shown++;
	look_for_names(d);
}

/* Pairs from..to; letters of a row stand one for each, from `letters` on. */
static void show_pairs(
	struct dump_names *d, const struct held *h, size_t from, size_t to, size_t letters)
{
	struct bytes line = bytes_of(h->text, h->len);

	for (size_t i = from, n = 0; i + 1 < to;) {
		if (!mask_is_digit(line.data[i]) || !mask_is_digit(line.data[i + 1])) {
			i++;
			continue;
		}
		show(d, line, i, letters < line.len ? letters + n : line.len);
		n++;
		i += 2;
	}
}

bool dump_names_take(struct dump_names *d, struct bytes line)
{
	struct held *h = hold(d, line);
	struct dump_row row = { .n = 0 };
	const struct bytes *names;
	size_t letters;

	if (h == NULL)
		return false;
	if (pseudonyms_hosts(d->names, &names) == 0)
		return true;
	row = dump_row_find(line);
	if (dump_row_is_whole(line, &row, &letters))
		show_pairs(d, h, row.from, row.end, letters);
	else
		show_pairs(d, h, 0, h->len, h->len);
	return true;
}
