/* Rows of hex, as they are and as the other stream's output broke them. */
#include "log/openssl_rows.h"

#include "base/array.h"
#include "log/scan.h"

enum { ROW_MAX = 64, ROW_BYTES = 16, NO_HALF = 0, THREAD_DIGITS = 16 };

void openssl_rows_begin(
	struct openssl_rows *r, enum openssl_row_form form, uint64_t want, struct log_at at)
{
	r->form = form;
	r->at = at;
	r->want = want;
	r->now = (struct openssl_place){ .half = NO_HALF };
}

static void add(struct openssl_rows *r, uint8_t byte)
{
	if (r->now.lost == 0 && r->now.len < OPENSSL_ROWS_MAX)
		r->bytes[r->now.len++] = byte;
	else
		r->now.lost++;
}

static bool is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "...D4+80DB8EFD287F0000:error:0A000418": an error, behind the number of its thread in 16 digits */
static size_t error_in(struct bytes text)
{
	size_t at = text_find(text, ":error:"), n = 0;

	if (at == text.len)
		return text.len;
	while (n < THREAD_DIGITS && n < at && is_hex(text.data[at - n - 1]))
		n++;
	return at - n;
}

static bool interrupts(struct bytes rest)
{
	static const char *const words[] = { "depth=", "verify error:", "verify return:",
		"Can't use SSL_get_servername", "SSL_connect:", "SSL_accept:", "SSL3 alert " };

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_begins(rest, words[i]))
			return true;
	return false;
}

/* The first of them, wherever another stands. */
size_t openssl_interruption(struct bytes text)
{
	static const bool begins[UINT8_MAX + 1] = {
		['d'] = true, ['v'] = true, ['C'] = true, ['c'] = true, ['S'] = true, ['s'] = true
	};

	for (size_t at = 0; at < text.len; at++) /* every row is asked */
		if (begins[text.data[at]] && interrupts(bytes_slice(text, at, text.len)))
			return at;
	return error_in(text);
}

/* Two digits with a blank, a '-' or nothing behind them. */
static bool pair(struct scan *s, uint8_t *byte)
{
	struct scan t = *s;

	if (!scan_hex_byte(&t, byte) || is_hex(scan_peek(&t)))
		return false;
	if (!scan_is_at_end(&t) && !scan_char(&t, ' ') && !scan_char(&t, '-') &&
		!scan_char(&t, '\t'))
		return false;
	*s = t;
	return true;
}

/* The pairs of a row, of which the offset is gone. Behind three blanks stands what they mean as text. */
static size_t pairs(struct openssl_rows *r, struct scan *s)
{
	size_t n = 0;
	uint8_t byte;

	if (r->now.half != NO_HALF && is_hex(scan_peek(s))) {
		uint8_t both[2] = { r->now.half, scan_peek(s) };
		struct scan t = scan_of(bytes_of(both, 2));

		s->at++;
		r->now.half = NO_HALF;
		if (scan_hex_byte(&t, &byte)) {
			add(r, byte);
			n++;
		}
		(void)(scan_char(s, ' ') || scan_char(s, '-'));
	}
	while (n < ROW_MAX && !openssl_rows_full(r) && pair(s, &byte)) {
		add(r, byte);
		n++;
		if (scan_peek(s) == ' ')
			break;
	}
	return n;
}

/* "0010 - ": where it says that this row begins; UINT64_MAX: it does not. */
static uint64_t offset(struct scan *s)
{
	struct scan t = *s;
	uint64_t at;

	(void)scan_blanks(&t);
	if (!scan_hex(&t, &at) || t.at - s->at < 4 || !scan_word(&t, " - "))
		return UINT64_MAX;
	*s = t;
	return at;
}

/* ---- rows in their places ---- */

static struct bytes last_row(const struct openssl_rows *r)
{
	return bytes_of(r->bytes + r->now.row, r->now.len - r->now.row);
}

static bool is_constant(struct bytes b)
{
	for (size_t i = 1; i < b.len; i++)
		if (b.data[i] != b.data[0])
			return false;
	return true;
}

static void give_up_from(struct openssl_rows *r, size_t at)
{
	r->now.lost += r->now.len - at;
	r->now.len = at;
}

static bool begins_like(struct scan s, struct bytes row)
{
	uint8_t byte;

	for (size_t i = 0; i < row.len; i++)
		if (!pair(&s, &byte) || byte != row.data[i])
			return false;
	return true;
}

/*
 * Rows that are not there leave a hole, and so does a row of which a part is gone: what is behind is lost. One that
 * is there twice adds nothing; nor does what begins anew, whose own heading is lost.
 */
static bool debug_row(struct openssl_rows *r, struct scan *s, bool broken)
{
	uint64_t at = offset(s);

	if (at == UINT64_MAX && !r->now.open && r->now.half == NO_HALF &&
		r->now.len % ROW_BYTES == 0)
		return false;
	if (at == UINT64_MAX)
		at = r->now.len;
	(void)scan_blanks(s);
	if (at < r->now.len) {
		if (at != r->now.row || !begins_like(*s, last_row(r)))
			r->now.lost = r->want - r->now.len;
		s->at = s->end;
		return true;
	}
	if (at > r->now.len && r->now.len % ROW_BYTES != 0)
		give_up_from(r, r->now.row);
	r->now.lost += at - r->now.len - r->now.lost;
	if (!r->now.open)
		r->now.row = r->now.len;
	r->now.open = broken;
	return pairs(r, s) != 0;
}

/*
 * The row that is there a second time, where one byte is not repeated in it: random bytes do not repeat, those of
 * a padding do. `more`: it has bytes beyond the last that is announced.
 */
static void drop_doubled(struct openssl_rows *r, struct bytes before, bool more)
{
	struct bytes now = last_row(r);

	if (!bytes_equal(more ? bytes_slice(before, 0, now.len) : before, now)) {
		r->now.irregular = r->now.irregular || more;
	} else if (before.len == ROW_BYTES && is_constant(before)) {
		r->now.constant = true;
		r->now.irregular = r->now.irregular || more;
	} else {
		r->now.len = r->now.row;
		r->now.row -= before.len;
	}
}

/* A line of a dump without offsets. Only the last row may be shorter than the others. */
static size_t msg_row(struct openssl_rows *r, struct scan *s, bool broken)
{
	struct bytes before = last_row(r);
	bool goes_on = r->now.open;
	size_t n;

	if (!goes_on && r->now.len != 0 && before.len != ROW_BYTES)
		r->now.irregular = true;
	if (!goes_on)
		r->now.row = r->now.len;
	n = pairs(r, s);
	r->now.open = broken;
	if (r->now.row == 0)
		r->now.first = r->now.len;
	if (!goes_on && !broken && n != 0 && r->now.row != 0)
		drop_doubled(r, before, is_hex(scan_peek(s)));
	return n;
}

/* False: what stands there is no row, and whatever looked like one is not to be kept. */
static bool row(struct openssl_rows *r, struct bytes text, bool broken)
{
	struct scan s = scan_of(text);
	bool any;

	if (r->form == OPENSSL_ROWS_DEBUG) {
		any = debug_row(r, &s, broken);
	} else {
		(void)scan_blanks(&s);
		any = msg_row(r, &s, broken) != 0;
	}
	if (broken && s.end - s.at == 1 && is_hex(*s.at)) {
		r->now.half = *s.at;
		return true;
	}
	if (broken && !any)
		return scan_is_at_end(&s) && text.len != 0;
	return any && (r->form == OPENSSL_ROWS_DEBUG || openssl_rows_full(r) ||
			      text_trim(scan_rest(&s)).len == 0);
}

/* A row behind those that are announced: one is there twice, or the heading of another dump is lost. */
static bool surplus_row(struct openssl_rows *r, struct bytes text)
{
	struct scan s = scan_of(text);
	size_t n = 0;
	uint8_t byte;

	if (r->form == OPENSSL_ROWS_DEBUG && offset(&s) == UINT64_MAX)
		return false;
	if (!scan_blanks(&s) && r->form == OPENSSL_ROWS_MSG)
		return false;
	while (n < ROW_BYTES && pair(&s, &byte))
		n++;
	if (n == 0 || (r->form == OPENSSL_ROWS_MSG && !scan_is_at_end(&s)))
		return false;
	r->now.irregular = r->now.irregular || r->now.constant;
	return true;
}

bool openssl_rows_take(struct openssl_rows *r, struct bytes text, struct bytes *rest)
{
	struct openssl_place before = r->now;
	size_t end;

	*rest = bytes_of(NULL, 0);
	if (r->form == OPENSSL_ROWS_NONE)
		return false;
	if (openssl_rows_full(r))
		return surplus_row(r, text);
	end = openssl_interruption(text);
	*rest = bytes_slice(text, end, text.len);
	if (row(r, bytes_slice(text, 0, end), end != text.len)) {
		r->now.interrupted = false;
		return true;
	}
	r->now = before;
	r->now.interrupted = true;
	return false;
}

/* The header of a message says how long it is, as the heading of its dump does: its first row is there. */
static bool begins_message(const struct openssl_rows *r)
{
	enum { HEADER = 4 };

	return r->now.first == ROW_BYTES &&
	       ((uint64_t)r->bytes[1] << 16 | (uint64_t)r->bytes[2] << 8 | r->bytes[3]) + HEADER ==
		       r->want;
}

void openssl_rows_end(struct openssl_rows *r, bool cut)
{
	size_t last = r->now.len - r->now.row;
	bool whole = r->now.len == r->want && r->now.lost == 0;

	if (r->form == OPENSSL_ROWS_DEBUG) {
		if (!whole && r->now.lost == 0 && last < ROW_BYTES)
			give_up_from(r, r->now.row);
		return;
	}
	if (whole && !r->now.irregular)
		return;
	if (cut && !r->now.interrupted && !r->now.irregular && !r->now.constant &&
		last == ROW_BYTES)
		return;
	give_up_from(r, begins_message(r) ? ROW_BYTES : 0);
}
