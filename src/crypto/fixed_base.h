/*
 * k*G with a table of G's multiples: one addition for every few bits of k and no doubling, for
 * thousands of multiplications on one curve.
 */
#ifndef TLSDIAG_CRYPTO_FIXED_BASE_H
#define TLSDIAG_CRYPTO_FIXED_BASE_H

#include "crypto/curve.h"

enum {
	WINDOW_BITS = 6,
	WINDOW_ENTRIES = (1 << WINDOW_BITS) - 1,
	WINDOWS_MAX = (8 * MOD_BYTES + WINDOW_BITS - 1) / WINDOW_BITS,
};

struct fixed_base {
	size_t n_windows;
	struct affine (*windows)[WINDOW_ENTRIES]; /* [i][j] is (j + 1) * 2^(6i) * G */
};

bool fixed_base_open(struct fixed_base *t, const struct curve *c); /* false: out of memory */
void fixed_base_close(struct fixed_base *t);
struct jacobian fixed_base_multiply(
	const struct fixed_base *t, const struct curve *c, const struct residue *scalar);

#endif
