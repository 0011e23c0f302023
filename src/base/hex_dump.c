/*
 * Dumps with offsets. How many bytes a line shows is told by the offset of the next one; so what
 * stands behind the bytes (the same in ASCII) need not be understood, and a missing line is noticed.
 */
#include "base/hex_row.h"
#include "base/hex_text.h"

#include "base/array.h"

enum { DUMP_LINE = HEX_ROW_MAX };

struct dump_line {
	struct hex_row row;
	size_t number; /* of the line */
};

static bool next_line(struct hex_text *t, struct bytes *line)
{
	const uint8_t *end = t->left.len != 0 ? memchr(t->left.data, '\n', t->left.len) : NULL;
	size_t len = end != NULL ? (size_t)(end - t->left.data) : t->left.len;

	if (t->left.len == 0)
		return false;
	*line = bytes_slice(t->left, 0, len);
	t->left = bytes_slice(t->left, len + (end != NULL), t->left.len);
	t->line++;
	return true;
}

bool hex_dump_present(struct bytes text)
{
	struct hex_text t = { .left = text };
	struct bytes line;

	while (next_line(&t, &line))
		if (hex_row_begins(line))
			return true;
	return false;
}

/* ---- a dump ---- */

struct dump {
	struct dump_line held; /* the last line; how much of it counts is not known yet */
	bool holding;
	unsigned base;   /* of the offsets: 8, 10 or 16; 0 not known yet */
	uint64_t first;  /* offset of the first line */
	size_t per_line; /* bytes of the first line; 0 not known yet */
	bool squeezed;   /* a '*' stands for lines like the last */
};

/* Adds the line that is held: at most `most` bytes of it. */
static bool add_held(struct dump *d, size_t most, struct hex_run *run, struct err *e)
{
	uint8_t bytes[HEX_ROW_ROOM];
	size_t n = hex_row_bytes(
		d->held.row.shown, most < DUMP_LINE ? most : DUMP_LINE, bytes, &run->unit);

	for (size_t i = 0; i < n; i++)
		if (!hex_run_add(run, bytes[i], d->held.number, e))
			return false;
	d->holding = false;
	if (d->per_line == 0)
		d->per_line = n;
	return true;
}

static bool does_not_follow(const struct dump_line *l, struct err *e)
{
	return err_set(e, ERR_INPUT, 0,
		"line %zu: its offset does not follow: a line is missing or cut", l->number);
}

/*
 * The base in which the second offset is the first plus what the first line shows. What that line
 * shows in ASCII may look like bytes too, so that of several the one that tells of most is right.
 */
static bool learn_base(struct dump *d, const struct dump_line *second)
{
	static const unsigned bases[] = { 16, 10, 8 };
	uint8_t bytes[HEX_ROW_ROOM];
	unsigned unit = 1;
	size_t shown = hex_row_bytes(d->held.row.shown, DUMP_LINE, bytes, &unit), best = 0;

	for (size_t i = 0; i < COUNT(bases); i++) {
		uint64_t from, to;

		if (!hex_row_offset(d->held.row.digits, bases[i], &from) ||
			!hex_row_offset(second->row.digits, bases[i], &to) || to <= from ||
			to - from > shown || to - from <= best)
			continue;
		best = (size_t)(to - from);
		d->base = bases[i];
		d->first = from;
	}
	return best != 0;
}

/* A '*': the lines from here to the next offset are like the last. */
static bool squeeze(struct dump *d, struct hex_run *run, struct err *e)
{
	if (d->base == 0) {
		d->base = 16;
		(void)hex_row_offset(d->held.row.digits, d->base, &d->first);
	}
	d->squeezed = true;
	return !d->holding || add_held(d, d->per_line != 0 ? d->per_line : DUMP_LINE, run, e);
}

static bool fill_squeezed(struct dump *d, uint64_t end, struct hex_run *run, struct err *e)
{
	while (run->len < end)
		if (!hex_run_add(run, run->data[run->len - d->per_line], run->line, e))
			return false;
	d->squeezed = false;
	return true;
}

/* The offset tells where the bytes before it end. */
static bool take_offset(
	struct dump *d, const struct dump_line *l, struct hex_run *run, struct err *e)
{
	uint64_t value, end;

	if (d->base == 0 && !learn_base(d, l))
		return does_not_follow(l, e);
	if (!hex_row_offset(l->row.digits, d->base, &value) || value < d->first)
		return does_not_follow(l, e);
	end = value - d->first;
	if (end < run->len || (d->holding && (end == run->len || end - run->len > DUMP_LINE)))
		return does_not_follow(l, e);
	if (d->holding && !add_held(d, (size_t)end - run->len, run, e))
		return false;
	if (d->squeezed && d->per_line != 0 && !fill_squeezed(d, end, run, e))
		return false;
	/* the last number of all may be wider than what is left of the bytes */
	if (run->len < end || run->len - end >= run->unit ||
		(run->len != end && l->row.shown.len != 0))
		return does_not_follow(l, e);
	d->held = *l;
	d->holding = l->row.shown.len != 0;
	return true;
}

static bool find_start(struct hex_text *t, struct dump *d, struct hex_run *run)
{
	struct bytes line;

	while (next_line(t, &line))
		if (hex_row_begins(line) && hex_row_parse(line, &d->held.row)) {
			d->held.number = run->line = t->line;
			d->holding = true;
			return true;
		}
	return false;
}

/* Does a line go on with the dump: as its next line, its end, or a '*'? */
static bool goes_on(struct bytes line, struct dump_line *l, bool *star)
{
	line = hex_skip_blank(line);
	*star = line.len != 0 && line.data[0] == '*' &&
		hex_skip_blank(bytes_slice(line, 1, line.len)).len == 0;
	return *star || (hex_row_parse(line, &l->row) && !hex_row_at_zero(&l->row));
}

bool hex_dump_next(struct hex_text *t, struct hex_run *run, struct err *e)
{
	struct dump d = { .holding = false };
	struct hex_text before;
	struct dump_line l;
	struct bytes line;
	bool star;

	if (!find_start(t, &d, run))
		return true;
	for (before = *t; next_line(t, &line); before = *t) {
		if (hex_skip_blank(line).len == 0)
			continue;
		if (!goes_on(line, &l, &star)) {
			*t = before; /* another dump, or other text */
			break;
		}
		l.number = t->line;
		if (star ? !squeeze(&d, run, e) : !take_offset(&d, &l, run, e))
			return false;
		if (!star && !d.holding)
			return true;
	}
	return !d.holding || add_held(&d, d.per_line != 0 ? d.per_line : DUMP_LINE, run, e);
}
