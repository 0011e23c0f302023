/*
 * Diffie-Hellman groups of DHE: whether p is a prime takes up to a second to find out, and servers have
 * one p, so each is tested once in a run. Internal to prove.c; thread-safe.
 */
#ifndef TLSDIAG_SESSION_PROVE_GROUPS_H
#define TLSDIAG_SESSION_PROVE_GROUPS_H

#include "crypto/crypto.h"

struct group_memo;
struct group_memo *group_memo_open(void);    /* NULL: out of memory */
void group_memo_close(struct group_memo *m); /* accepts NULL */

/*
 * May this p be looked at? True when that takes no test (it is published, was tested, or will be),
 * or when the most that the test can cost is left; then it will be tested.
 */
bool group_memo_claim(struct group_memo *m, struct bytes p, uint64_t left);

/* For a p that was claimed. The first to ask tests it, the others wait. */
void group_memo_check(
	struct group_memo *m, struct bytes p, struct bytes g, struct bytes y, struct dh_check *out);

/* What is seen without a test: prime_bits, generator_ok, public_ok. `checked` stays false. */
void group_look(struct bytes p, struct bytes g, struct bytes y, struct dh_check *out);

struct group_totals {
	uint64_t tested; /* different p */
	uint64_t cost;   /* of these tests, and the most that those still to come can cost */
};
struct group_totals group_memo_totals(struct group_memo *m);

#endif
