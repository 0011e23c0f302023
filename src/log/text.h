/*
 * From bytes to lines: finds out whether it is UTF-16 (a byte order mark, or every other byte zero),
 * takes off line ends of any system, colours and other control sequences of terminals, backspaces and
 * NULs, and replaces what is no UTF-8. In pieces, with the memory of one line.
 */
#ifndef TLSDIAG_LOG_TEXT_H
#define TLSDIAG_LOG_TEXT_H

#include "log/line.h"

struct log_text {
	void (*take)(void *ctx, struct bytes line, uint64_t number, bool clipped);
	void *ctx;
	/* private */
	uint64_t number, bytes, clipped_lines;
	enum { TEXT_UNDECIDED, TEXT_BYTES, TEXT_UTF16_LE, TEXT_UTF16_BE } encoding;
	enum { CONTROL_NONE, CONTROL_ESCAPE, CONTROL_SEQUENCE, CONTROL_STRING } control;
	uint8_t head[4]; /* until the encoding is decided */
	size_t n_head;
	uint8_t half; /* of a UTF-16 unit */
	bool has_half;
	uint16_t high; /* surrogate; 0 none */
	bool after_cr, clipped, begun;
	uint8_t rest[4]; /* of a UTF-8 character */
	unsigned n_rest, n_wanted;
	uint8_t *line; /* LOG_LINE_MAX */
	size_t len;
};

bool log_text_open(
	struct log_text *t); /* false: out of memory. take and ctx are the caller's to set */
void log_text_close(struct log_text *t);
void log_text_feed(struct log_text *t, struct bytes piece);
void log_text_end(struct log_text *t); /* the last line; numbers begin anew */

#endif
