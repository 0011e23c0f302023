/*
 * Arithmetic modulo an odd prime of up to 576 bits, for values that are public: elements are in
 * Montgomery form and nothing runs in constant time. It carries what the library is too slow for
 * (thousands of trials on one signature) or does not offer (square roots, adding points).
 */
#ifndef TLSDIAG_CRYPTO_MODULAR_H
#define TLSDIAG_CRYPTO_MODULAR_H

#include "base/bytes.h"

#ifdef __SIZEOF_INT128__
typedef uint64_t limb;
__extension__ typedef unsigned __int128 wide;
#else
typedef uint32_t limb;
typedef uint64_t wide;
#endif

enum { LIMB_BITS = 8 * sizeof(limb), MOD_LIMBS = 576 / LIMB_BITS, MOD_BYTES = 72 };

/* A residue in Montgomery form, lowest limb first; the limbs beyond the modulus' n are zero. */
struct residue {
	limb v[MOD_LIMBS];
};

struct modulus {
	size_t n;           /* limbs */
	size_t bits;        /* of the modulus */
	size_t len;         /* bytes of the modulus */
	limb neg_inv;       /* -1/m modulo one limb */
	struct residue m;   /* the modulus, a plain number */
	struct residue one; /* 1 */
	struct residue rr;  /* takes a plain number into Montgomery form */
};

/* modulus: big-endian, leading zeros allowed. False when it is even, below 3 or too long. */
bool mod_init(struct modulus *f, struct bytes modulus);

/* Numbers are big-endian. A number of any length that is not below the modulus: false. */
bool mod_read(const struct modulus *f, struct bytes number, struct residue *out);
/* The same for a number with no more bits than the modulus has: it is reduced. */
bool mod_read_wrapped(const struct modulus *f, struct bytes number, struct residue *out);
void mod_write(const struct modulus *f, const struct residue *a, uint8_t *out); /* f->len bytes */
void mod_write_modulus(const struct modulus *f, uint8_t *out);                  /* the same */
struct residue mod_small(const struct modulus *f, limb value); /* value below the modulus */

/* Results may be written over operands. */
void mod_add(const struct modulus *f, struct residue *out, const struct residue *a,
	const struct residue *b);
void mod_sub(const struct modulus *f, struct residue *out, const struct residue *a,
	const struct residue *b);
void mod_neg(const struct modulus *f, struct residue *out, const struct residue *a);
void mod_mul(const struct modulus *f, struct residue *out, const struct residue *a,
	const struct residue *b);
void mod_sqr(const struct modulus *f, struct residue *out, const struct residue *a);
void mod_inv(const struct modulus *f, struct residue *out, const struct residue *a); /* of 0: 0 */

/* A square root of a; false when a has none. */
bool mod_sqrt(const struct modulus *f, struct residue *out, const struct residue *a);

bool mod_is_zero(const struct modulus *f, const struct residue *a);
bool mod_equal(const struct modulus *f, const struct residue *a, const struct residue *b);
bool mod_is_odd(const struct modulus *f, const struct residue *a); /* as a plain number */

/* Is this number the modulus? Leading zeros do not matter. */
bool mod_has_modulus(const struct modulus *f, struct bytes number);

#endif
