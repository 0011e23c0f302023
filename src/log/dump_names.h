/*
 * Host names in dumps: bytes of a hello in digits, row by row, and in the letters beside them. A name may begin
 * in one row and end in another: so lines are held back for a while.
 */
#ifndef TLSDIAG_LOG_DUMP_NAMES_H
#define TLSDIAG_LOG_DUMP_NAMES_H

#include "log/pseudonym.h"

enum {
	DUMP_NAMES_HELD = 40, /* lines: more than a name of 255 bytes takes in rows of eight */
	DUMP_NAME_LEAST = 4,  /* bytes: what is shorter is in any dump by chance */
};

struct dump_names;
/* Lines go to `put`, without their end, in their order. NULL: out of memory. */
struct dump_names *dump_names_open(
	struct pseudonyms *names, void (*put)(void *ctx, struct bytes line), void *ctx);
void dump_names_close(struct dump_names *d); /* what is held is lost; accepts NULL */
/* False: memory is out. */
bool dump_names_take(struct dump_names *d, struct bytes line);
void dump_names_end(struct dump_names *d);

#endif
