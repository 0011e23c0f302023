/*
 * Text that a peer sent: what of it is UTF-8, and what may go to a terminal.
 */
#ifndef TLSDIAG_REPORT_UTF8_H
#define TLSDIAG_REPORT_UTF8_H

#include "base/strbuf.h"

/* The length of the character that text begins with, and its code point; 0: it is not UTF-8. */
size_t utf8_decode(struct bytes text, uint32_t *code_point);

/* Controls, line separators and what turns the direction of writing or cannot be seen. */
bool utf8_is_hostile(uint32_t code_point);

/* Columns of a terminal that the character fills: 0, 1 or 2. */
unsigned utf8_columns(uint32_t code_point);

/*
 * Appends text for people to read: what is hostile or no UTF-8 becomes \xHH; with utf8 false
 * everything outside ASCII does. After max bytes of output it ends in "...".
 */
void utf8_put_safe(struct strbuf *out, struct bytes text, bool utf8, size_t max);

#endif
