/*
 * Plain numbers of up to 576 bits as rows of machine words, lowest first. Only modular.c
 * needs them.
 */
#ifndef TLSDIAG_CRYPTO_LIMBS_H
#define TLSDIAG_CRYPTO_LIMBS_H

#include "crypto/modular.h"

/* out = a + b; the carry. */
static inline limb limbs_add(limb *out, const limb *a, const limb *b, size_t n)
{
	limb carry = 0;

	for (size_t i = 0; i < n; i++) {
		wide sum = (wide)a[i] + b[i] + carry;

		out[i] = (limb)sum;
		carry = (limb)(sum >> LIMB_BITS);
	}
	return carry;
}

/* out = a - b; the borrow. */
static inline limb limbs_sub(limb *out, const limb *a, const limb *b, size_t n)
{
	limb borrow = 0;

	for (size_t i = 0; i < n; i++) {
		wide difference = (wide)a[i] - b[i] - borrow;

		out[i] = (limb)difference;
		borrow = (limb)(difference >> LIMB_BITS) & 1;
	}
	return borrow;
}

static inline bool limbs_below(const limb *a, const limb *b, size_t n)
{
	limb unused[MOD_LIMBS];

	return limbs_sub(unused, a, b, n) != 0;
}

static inline void limbs_halve(struct residue *a)
{
	for (size_t i = 0; i + 1 < MOD_LIMBS; i++)
		a->v[i] = a->v[i] >> 1 | a->v[i + 1] << (LIMB_BITS - 1);
	a->v[MOD_LIMBS - 1] >>= 1;
}

static inline bool limbs_bit(const struct residue *a, size_t bit)
{
	return (a->v[bit / LIMB_BITS] >> bit % LIMB_BITS & 1) != 0;
}

/* number has no leading zeros and at most MOD_BYTES bytes. */
static inline struct residue limbs_read(struct bytes number)
{
	struct residue a = { { 0 } };

	for (size_t i = 0; i < number.len; i++) {
		limb byte = number.data[number.len - 1 - i];

		a.v[i / sizeof(limb)] |= byte << 8 * (i % sizeof(limb));
	}
	return a;
}

#endif
