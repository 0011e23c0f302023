/*
 * Dumps and big numbers, put together from their rows. Rows may be lost, doubled, cut at the width of a
 * terminal or wrapped there: what is not there becomes a hole, never a byte.
 */
#include "log/mbedtls.h"

static void copy_name(char out[static MBED_NAME_MAX], struct bytes name)
{
	size_t n = name.len < MBED_NAME_MAX - 1 ? name.len : MBED_NAME_MAX - 1;

	if (n != 0)
		memcpy(out, name.data, n);
	out[n] = '\0';
}

/* "dumping 'NAME' (N bytes)"; the name may hold anything but "' (". */
static bool title_of_bytes(struct bytes body, struct mbed_dump *d)
{
	struct scan s = scan_of(body);
	struct bytes name;
	uint64_t n;

	if (!scan_word(&s, "dumping '") || !scan_until(&s, "' (", &name) || !scan_decimal(&s, &n) ||
		!scan_word(&s, " bytes") || n > UINT32_MAX)
		return false;
	d->kind = MBED_BYTES;
	d->whole = (size_t)n;
	d->want = d->whole < MBED_DUMP_MAX ? d->whole : MBED_DUMP_MAX;
	copy_name(d->name, name);
	return true;
}

/* "value of 'NAME' (N bits) is:" */
static bool title_of_value(struct bytes body, struct mbed_dump *d)
{
	struct scan s = scan_of(body);
	struct bytes name;
	uint64_t n;

	if (!scan_word(&s, "value of '") || !scan_until(&s, "' (", &name) ||
		!scan_decimal(&s, &n) || !scan_word(&s, " bits") || n > UINT32_MAX)
		return false;
	d->kind = MBED_VALUE;
	d->whole = (size_t)(n + 7) / 8;
	d->want = d->whole < MBED_DUMP_MAX ? d->whole : MBED_DUMP_MAX;
	copy_name(d->name, name);
	return true;
}

bool mbed_dump_begin(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct mbed_dump *d = &c->dump;

	if (!text_begins(l->body, "dumping '") && !text_begins(l->body, "value of '"))
		return false;
	mbed_dump_end(m, c);
	d->have = d->n_holes = d->row_len = 0;
	d->torn = false;
	d->at = l->at;
	d->place = l->place;
	if (!title_of_bytes(l->body, d) && !title_of_value(l->body, d))
		return true; /* cut: its rows cannot be understood */
	if (d->want == 0)
		mbed_dump_end(m, c);
	return true;
}

/* ---- rows ---- */

static void add_hole(struct mbed_dump *d, size_t at, size_t len)
{
	struct mbed_hole *last = d->n_holes != 0 ? &d->holes[d->n_holes - 1] : NULL;

	if (len == 0)
		return;
	memset(d->bytes + at, 0, len);
	if (last != NULL && (last->at + last->len == at || d->n_holes == MBED_HOLES_MAX)) {
		last->len = at + len - last->at;
		return;
	}
	d->holes[d->n_holes++] = (struct mbed_hole){ at, len };
}

/* The bytes of " 16 03 03"; they end at the column of characters, or where the line was cut. */
static size_t row_bytes(struct scan *s, size_t most, uint8_t out[static MBED_ROW_MAX])
{
	size_t n = 0;

	while (n < most) {
		struct scan t = *s;

		if (!(scan_char(&t, ' ') || n == 0) || !scan_hex_byte(&t, &out[n]))
			break;
		if (!scan_is_at_end(&t) && scan_peek(&t) != ' ')
			break;
		*s = t;
		n++;
	}
	return n;
}

static void take_row(struct mbed_dump *d, size_t at, const uint8_t *bytes, size_t n, size_t full)
{
	if (at < d->have) { /* a line that is there twice */
		size_t known = d->have - at;

		if (known >= full)
			return;
		bytes += known < n ? known : n;
		n -= known < n ? known : n;
		full -= known;
		at = d->have;
	}
	add_hole(d, d->have, at - d->have);
	memcpy(d->bytes + at, bytes, n);
	add_hole(d, at + n, full - n);
	d->have = at + full;
}

/* "0010:  b5 29": an offset that is that of a row, and not past the end. */
static bool offset_of(struct scan *s, const struct mbed_dump *d, size_t *at)
{
	const uint8_t *from = s->at;
	uint64_t offset;

	if (!scan_hex(s, &offset) || s->at - from < 4 || !scan_word(s, ": "))
		return false;
	if (offset % MBED_ROW_MAX != 0 || offset >= d->want)
		return false;
	*at = (size_t)offset;
	return true;
}

static bool parse_row(struct mbed_dump *d, struct bytes body, bool *whole)
{
	struct scan s = scan_of(body);
	uint8_t bytes[MBED_ROW_MAX];
	size_t at = d->have, full, n;

	if (d->kind == MBED_BYTES && !offset_of(&s, d, &at))
		return false;
	if (d->kind == MBED_VALUE && (scan_peek(&s) != ' ' || d->have >= d->want))
		return false;
	full = d->want - at < MBED_ROW_MAX ? d->want - at : MBED_ROW_MAX;
	n = row_bytes(&s, full, bytes);
	if (n == 0 && d->kind == MBED_VALUE)
		return false;
	*whole = n == full;
	if (*whole || !d->torn)
		take_row(d, at, bytes, n, full);
	return true;
}

/* The torn row and what follows it, with or without a blank between: do they make a whole row? */
static bool whole_with(struct mbed_dump *d, struct bytes between, struct bytes rest)
{
	char both[2 * sizeof d->row];
	size_t gap = between.len, n = d->row_len;
	bool whole = false;

	if (rest.len > sizeof both - n - gap)
		rest.len = sizeof both - n - gap;
	memcpy(both, d->row, n);
	if (gap != 0)
		memcpy(both + n, between.data, gap);
	memcpy(both + n + gap, rest.data, rest.len);
	d->have = d->row_at;
	d->torn = true; /* only a whole one is taken */
	if (parse_row(d, bytes_of(both, n + gap + rest.len), &whole) && whole)
		return true;
	d->have = d->row_end;
	return false;
}

/* The rest of a row that a terminal wrapped. */
static bool mend_row(struct mbed_dump *d, struct bytes rest)
{
	size_t n = d->n_holes;
	bool mended;

	if (!d->torn || rest.len == 0)
		return false;
	if (n != 0 && d->holes[n - 1].at >= d->row_at)
		d->n_holes--; /* as it was before the torn row */
	mended = whole_with(d, bytes_of(NULL, 0), rest) || whole_with(d, bytes_of(" ", 1), rest);
	if (!mended)
		d->n_holes = n;
	d->torn = false;
	return mended;
}

bool mbed_dump_row(struct mbed *m, struct mbed_context *c, const struct mbed_line *l)
{
	struct mbed_dump *d = &c->dump;
	size_t before = d->have;
	bool whole = false;

	if (d->kind == MBED_NO_DUMP || (l->located && l->place != d->place))
		return false;
	if (!l->located && d->torn && mend_row(d, l->body)) {
		if (d->have >= d->want)
			mbed_dump_end(m, c);
		return true;
	}
	d->torn = false;
	if (!parse_row(d, l->body, &whole))
		return false;
	if (!whole && l->body.len <= sizeof d->row && d->have > before) {
		d->torn = true;
		d->row_at = before;
		d->row_end = d->have;
		d->row_len = l->body.len;
		memcpy(d->row, l->body.data, l->body.len);
	} else if (d->have >= d->want) {
		mbed_dump_end(m, c);
	}
	return true;
}

void mbed_dump_end(struct mbed *m, struct mbed_context *c)
{
	struct mbed_dump *d = &c->dump;

	if (d->kind == MBED_NO_DUMP)
		return;
	if (d->have < d->want)
		add_hole(d, d->have, d->want - d->have);
	d->have = d->want;
	d->torn = false;
	if (d->kind == MBED_VALUE)
		mbed_build_value(c, d);
	else
		mbed_dump_done(m, c, d);
	d->kind = MBED_NO_DUMP;
}
