/*
 * SipHash (Aumasson, Bernstein 2012): a keyed hash whose collisions nobody can prepare. One round a
 * word and three at the end, as hash tables commonly have it: nobody gets to see the hashes.
 */
#ifndef TLSDIAG_BASE_SIPHASH_H
#define TLSDIAG_BASE_SIPHASH_H

#include "base/bytes.h"

struct siphash {
	uint64_t v0, v1, v2, v3;
	uint64_t tail;
	uint64_t length;
};

void siphash_init(struct siphash *h, const uint64_t key[static 2]);
void siphash_add(struct siphash *h, struct bytes b);
uint64_t siphash_end(struct siphash *h);

/* The hash of one run of bytes. */
uint64_t siphash_of(const uint64_t key[static 2], struct bytes b);

#endif
