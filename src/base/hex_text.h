/*
 * Bytes out of a text that shows them in hexadecimal:
 *
 *   dumps with offsets   xxd, hexdump, od (-t x1, x2, x4; offsets in hexadecimal, octal or
 *                        decimal), tcpdump -x and -X, Wireshark, gdb's x/xb
 *   C                    { 0x16, 3, 0x01 } and "\x16\x03"
 *   digits               16030100, 16:03:01:00, 16 03 01 00; lines that begin with #, //, <<< or
 *                        >>> are comments
 */
#ifndef TLSDIAG_BASE_HEX_TEXT_H
#define TLSDIAG_BASE_HEX_TEXT_H

#include "base/bytes.h"
#include "base/err.h"

/* A text with a dump may hold several, one after the other, and other lines between them. */
struct hex_text {
	struct bytes left;
	size_t line; /* lines before `left` */
	bool dumps;
};

struct hex_run {
	uint8_t *data; /* the caller's room */
	size_t room;
	size_t len;
	size_t line;   /* where it begins, from 1 */
	unsigned unit; /* bytes that stood together as one number; perhaps the lowest first */
};

/* May it be such a text: no byte that none has? */
bool hex_text_plausible(struct bytes text);

void hex_text_open(struct hex_text *t, struct bytes text);
/*
 * The next run of bytes; len 0 at the end. False with ERR_INPUT "line 3, column 7: ...", or with
 * ERR_LIMIT when there is no room for it.
 */
bool hex_text_next(struct hex_text *t, struct hex_run *run, struct err *e);

/* The same with the bytes of each unit turned round. */
void hex_run_swap(struct hex_run *run);

/* ---- inside: what the two readers share ---- */

int hex_digit_value(uint8_t c); /* -1: none */
bool hex_run_add(struct hex_run *run, uint8_t byte, size_t line, struct err *e);

/* Is there a dump at all? */
bool hex_dump_present(struct bytes text);
bool hex_dump_next(struct hex_text *t, struct hex_run *run, struct err *e);

#endif
