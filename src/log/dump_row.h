/* A row of a hexadecimal dump within a line, whatever stands before it. */
#ifndef TLSDIAG_LOG_DUMP_ROW_H
#define TLSDIAG_LOG_DUMP_ROW_H

#include "base/bytes.h"

enum { DUMP_ROW_PAIRS_LEAST = 4 };

/* An offset, or none, and pairs of digits, from `from` to `end` of the line. */
struct dump_row {
	bool offset;
	size_t n, from, end;
};

/* The row that shows most, of those with an offset first; n 0: there is none. */
struct dump_row dump_row_find(struct bytes line);
/*
 * Is nothing behind it but the same bytes in letters? *letters is where these begin; line.len: it has none.
 * Bytes that do not print may be shown by anything.
 */
bool dump_row_is_whole(struct bytes line, const struct dump_row *row, size_t *letters);
/* The byte that stands there, in two digits. */
uint8_t dump_byte(struct bytes line, size_t at);

#endif
