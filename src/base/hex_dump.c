/*
 * Dumps with offsets. How many bytes a line shows is told by the offset of the next one; so what
 * stands behind the bytes (the same in ASCII) need not be understood, and a missing line is noticed.
 */
#include "base/hex_text.h"

#include "base/array.h"

enum { OFFSET_DIGITS = 3, OFFSET_DIGITS_MAX = 16, GAP = 3, UNIT_MAX = 16 };
enum { DUMP_LINE = 256, DUMP_ROOM = DUMP_LINE + UNIT_MAX };

struct dump_line {
	struct bytes digits; /* of the offset */
	struct bytes shown;  /* what stands behind it */
	size_t number;       /* of the line */
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct bytes skip_blank(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && is_blank(b.data[n]))
		n++;
	return bytes_slice(b, n, b.len);
}

static size_t count_digits(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && hex_digit_value(b.data[n]) >= 0)
		n++;
	return n;
}

static struct bytes skip_0x(struct bytes b)
{
	return b.len >= 2 && b.data[0] == '0' && (b.data[1] | 0x20) == 'x'
		       ? bytes_slice(b, 2, b.len)
		       : b;
}

/* Bytes of the number at the start of b: 1, 2, 4, 8 or 16; 0 when none stands there. */
static size_t unit_at(struct bytes b)
{
	size_t n = count_digits(b), bytes = n / 2;

	if (n == 0 || n % 2 != 0 || bytes > UNIT_MAX || (bytes & (bytes - 1)) != 0)
		return 0;
	return n == b.len || is_blank(b.data[n]) ? bytes : 0;
}

/* gdb: "0x20000400 <buffer+8>:" */
static struct bytes skip_symbol(struct bytes b)
{
	struct bytes inside = skip_blank(b);
	const uint8_t *end;

	if (inside.len == 0 || inside.data[0] != '<' ||
		(end = memchr(inside.data, '>', inside.len)) == NULL)
		return b;
	return bytes_slice(inside, (size_t)(end - inside.data) + 1, inside.len);
}

static bool is_zero(struct bytes digits)
{
	for (size_t i = 0; i < digits.len; i++)
		if (digits.data[i] != '0')
			return false;
	return true;
}

/* An offset, and what stands behind it: bytes, or nothing at the end of a dump. */
static bool parse_line(struct bytes line, struct dump_line *out)
{
	struct bytes b = skip_0x(skip_blank(line));
	size_t n = count_digits(b);
	bool colon;

	if (n < OFFSET_DIGITS || n > OFFSET_DIGITS_MAX)
		return false;
	out->digits = bytes_slice(b, 0, n);
	b = skip_symbol(bytes_slice(b, n, b.len));
	colon = b.len != 0 && b.data[0] == ':';
	b = bytes_slice(b, colon, b.len);
	if (b.len != 0 && !is_blank(b.data[0]))
		return false;
	out->shown = skip_blank(b);
	return out->shown.len == 0 || unit_at(skip_0x(out->shown)) != 0;
}

/* Where a dump may begin. Without a colon only a zero can be told from bytes. */
static bool begins_dump(struct bytes line)
{
	struct dump_line l;

	if (!parse_line(line, &l) || l.shown.len == 0)
		return false;
	return memchr(line.data, ':', (size_t)(l.shown.data - line.data)) != NULL ||
	       (is_zero(l.digits) && l.digits.len > OFFSET_DIGITS);
}

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
		if (begins_dump(line))
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

static bool offset_value(struct bytes digits, unsigned base, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit = (unsigned)hex_digit_value(digits.data[i]);

		if (digit >= base || *out > UINT64_MAX / base - 1)
			return false;
		*out = *out * base + digit;
	}
	return true;
}

/*
 * The bytes of a line into out, up to the number that reaches `most`, or to what does not look like
 * bytes: out has DUMP_ROOM.
 */
static size_t read_line(struct bytes shown, size_t most, uint8_t *out, unsigned *unit)
{
	struct bytes b = shown;
	size_t n = 0;

	for (;;) {
		size_t before = b.len, bytes;

		b = skip_blank(b);
		if (n != 0 && before - b.len >= GAP)
			return n;
		b = skip_0x(b);
		bytes = unit_at(b);
		if (bytes == 0 || n >= most)
			return n;
		*unit = (unsigned)bytes > *unit ? (unsigned)bytes : *unit;
		for (size_t i = 0; i < bytes; i++)
			out[n++] = (uint8_t)(hex_digit_value(b.data[2 * i]) << 4 |
					     hex_digit_value(b.data[2 * i + 1]));
		b = bytes_slice(b, 2 * bytes, b.len);
	}
}

/* Adds the line that is held: at most `most` bytes of it. */
static bool add_held(struct dump *d, size_t most, struct hex_run *run, struct err *e)
{
	uint8_t bytes[DUMP_ROOM];
	size_t n = read_line(d->held.shown, most < DUMP_LINE ? most : DUMP_LINE, bytes, &run->unit);

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
	uint8_t bytes[DUMP_ROOM];
	unsigned unit = 1;
	size_t shown = read_line(d->held.shown, DUMP_LINE, bytes, &unit), best = 0;

	for (size_t i = 0; i < COUNT(bases); i++) {
		uint64_t from, to;

		if (!offset_value(d->held.digits, bases[i], &from) ||
			!offset_value(second->digits, bases[i], &to) || to <= from ||
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
		(void)offset_value(d->held.digits, d->base, &d->first);
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
	if (!offset_value(l->digits, d->base, &value) || value < d->first)
		return does_not_follow(l, e);
	end = value - d->first;
	if (end < run->len || (d->holding && (end == run->len || end - run->len > DUMP_LINE)))
		return does_not_follow(l, e);
	if (d->holding && !add_held(d, (size_t)end - run->len, run, e))
		return false;
	if (d->squeezed && d->per_line != 0 && !fill_squeezed(d, end, run, e))
		return false;
	/* the last number of all may be wider than what is left of the bytes */
	if (run->len < end || run->len - end >= run->unit || (run->len != end && l->shown.len != 0))
		return does_not_follow(l, e);
	d->held = *l;
	d->holding = l->shown.len != 0;
	return true;
}

static bool find_start(struct hex_text *t, struct dump *d, struct hex_run *run)
{
	struct bytes line;

	while (next_line(t, &line))
		if (begins_dump(line) && parse_line(line, &d->held)) {
			d->held.number = run->line = t->line;
			d->holding = true;
			return true;
		}
	return false;
}

/* Does a line go on with the dump: as its next line, its end, or a '*'? */
static bool goes_on(struct bytes line, struct dump_line *l, bool *star)
{
	line = skip_blank(line);
	*star = line.len != 0 && line.data[0] == '*' &&
		skip_blank(bytes_slice(line, 1, line.len)).len == 0;
	return *star || (parse_line(line, l) && !is_zero(l->digits));
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
		if (skip_blank(line).len == 0)
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
