/* Of all places where a row may begin in a line, the one that makes most of it. */
#include "log/dump_row.h"

#include "log/mask.h"
#include "log/scan.h"

static struct dump_row row_at(struct bytes line, size_t at)
{
	struct bytes b = bytes_slice(line, at, line.len);
	struct scan s = scan_of(b);
	struct dump_row row = { .n = 0 };
	uint64_t value;
	uint8_t byte;

	row.offset = scan_hex(&s, &value) && (scan_char(&s, ':') || scan_word(&s, " -"));
	if (!row.offset)
		s = scan_of(b);
	(void)scan_blanks(&s);
	row.from = row.end = at + (size_t)(s.at - b.data);
	while (scan_hex_byte(&s, &byte)) {
		row.n++;
		row.end = at + (size_t)(s.at - b.data);
		if (!scan_char(&s, '-') && !scan_char(&s, ':'))
			(void)scan_char(&s, ' ');
		(void)(row.n % 8 == 0 && scan_char(&s, ' '));
	}
	return row;
}

/* Whatever stands before it ("ssl_tls.c:1078: "): the row that shows most, of those with an offset first. */
struct dump_row dump_row_find(struct bytes line)
{
	enum { BEFORE_MAX = 200 };
	struct dump_row best = { .n = 0 };

	for (size_t at = 0; at < line.len && at < BEFORE_MAX; at++) {
		bool begins = at == 0 || line.data[at - 1] == ' ' || line.data[at - 1] == '\t';
		struct dump_row row = { .n = 0 };

		if (begins && mask_is_digit(line.data[at]))
			row = row_at(line, at);
		if (row.offset > best.offset || (row.offset == best.offset && row.n > best.n))
			best = row;
		if (best.offset && best.n >= DUMP_ROW_PAIRS_LEAST)
			return best;
	}
	return best;
}

uint8_t dump_byte(struct bytes line, size_t at)
{
	struct scan s = scan_of(bytes_slice(line, at, 2));
	uint8_t byte = 0;

	(void)scan_hex_byte(&s, &byte);
	return byte;
}

/* Where the pair behind `at` begins. */
static size_t next_pair(struct bytes line, size_t at)
{
	at += 2;
	while (at < line.len && !mask_is_digit(line.data[at]))
		at++;
	return at;
}

static bool says_the_same(struct bytes line, const struct dump_row *row, size_t letters)
{
	size_t pair = row->from;

	for (size_t i = 0; i < row->n; i++, pair = next_pair(line, pair)) {
		uint8_t byte = dump_byte(line, pair);

		if (byte > ' ' && byte < 0x7f && line.data[letters + i] != byte)
			return false;
	}
	return true;
}

bool dump_row_is_whole(struct bytes line, const struct dump_row *row, size_t *letters)
{
	enum { MARKS_MAX = 2 }; /* "|................|" */
	struct bytes behind = text_trim(bytes_slice(line, row->end, line.len));

	*letters = line.len;
	if (row->n == 0 || behind.len == 0)
		return row->n != 0;
	if (behind.len > row->n + MARKS_MAX)
		return false;
	for (size_t i = row->end; i + row->n <= line.len; i++)
		if (says_the_same(line, row, i)) {
			*letters = i;
			return true;
		}
	return false;
}
