/*
 * The captures, or logs, of a command line: those that can be opened without waiting are open before the first
 * is read, so that nothing needs to be opened while the last of the others is.
 */
#ifndef TLSDIAG_CLI_CAPTURES_H
#define TLSDIAG_CLI_CAPTURES_H

#include "tlsdiag/tlsdiag.h"

enum { CAPTURES_AHEAD_MAX = 64 };

struct captures {
	bool logs; /* they are logs, not captures; of which format; NULL: whatever they are */
	const char *format;
	char *const *paths;
	size_t n, next;
	size_t to_open;                /* one past the last that is not open yet */
	int ahead[CAPTURES_AHEAD_MAX]; /* descriptors; -1: to be opened when it is its turn */
};

/* paths ends with NULL and stays the caller's. What they are is set behind it. */
void captures_open(struct captures *c, char *const *paths);

/*
 * Reads the next into the run; seals the sandbox when it was the last to be opened. *ok: it could be
 * read to its end; else *e says why not. False: there is none left.
 */
bool captures_read(struct captures *c, struct tlsdiag *run, bool *ok, struct tlsdiag_error *e);

/* Closes those that were not read. */
void captures_close(struct captures *c);

#endif
