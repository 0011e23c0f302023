/*
 * The last bytes handed out of a stream, so that a later segment that says something else for
 * the same place is noticed. The number of streams with a memory is bounded: the one that has
 * not been added to for longest forgets.
 */
#ifndef TLSDIAG_CAPTURE_HISTORY_H
#define TLSDIAG_CAPTURE_HISTORY_H

#include "base/bytes.h"

struct history;

struct history_pool {
	struct history *used; /* least recently added to first */
	struct history *spare;
	unsigned n;
};

/* Adds bytes that end before sequence number `end`; *owner is where the stream keeps its memory. */
void history_add(struct history_pool *p, struct history **owner, struct bytes b, uint32_t end);

/* Do bytes at `seq` differ from what is remembered of the same places? */
bool history_differs(const struct history *h, uint32_t seq, struct bytes b);

/* Is all of [seq, seq + len) remembered? */
bool history_covers(const struct history *h, uint32_t seq, uint32_t len);

/* Gives the memory back; *owner may be NULL. */
void history_release(struct history_pool *p, struct history **owner);
void history_pool_close(struct history_pool *p);

#endif
