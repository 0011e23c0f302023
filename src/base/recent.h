/*
 * What was added last, by hash: an index of fixed size, over values that the caller keeps in an array
 * beside it. When it is full the oldest makes room, so that what is remembered does not depend on the
 * key of the hash.
 */
#ifndef TLSDIAG_BASE_RECENT_H
#define TLSDIAG_BASE_RECENT_H

#include <stdint.h>

enum { RECENT_SIZE = 4096 /* a power of two */, RECENT_NONE = -1 };

/* All zeros: nothing was added. */
struct recent {
	uint64_t hash[RECENT_SIZE];
	uint16_t next[RECENT_SIZE]; /* in the same chain: a place + 1; 0 ends it */
	uint16_t head[RECENT_SIZE];
	uint64_t added;
};

/* The place of the value added last under that hash, from 0 to RECENT_SIZE - 1; or RECENT_NONE. */
int recent_find(const struct recent *r, uint64_t hash);
/* The place for a new value; what was there is forgotten. */
int recent_add(struct recent *r, uint64_t hash);

#endif
