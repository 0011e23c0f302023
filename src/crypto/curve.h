/*
 * Short Weierstrass curves, y^2 = x^3 + ax + b over a prime field, for public values. The numbers
 * that make a curve come from the library; the arithmetic is modular.h's.
 */
#ifndef TLSDIAG_CRYPTO_CURVE_H
#define TLSDIAG_CRYPTO_CURVE_H

#include "crypto/crypto.h"
#include "crypto/modular.h"

struct affine {
	struct residue x, y;
};

/* (x / z^2, y / z^3); the point at infinity has z = 0. */
struct jacobian {
	struct residue x, y, z;
};

struct curve {
	uint16_t group;
	struct modulus p, n; /* coordinates; scalars, modulo the order of g */
	struct residue a, b;
	bool a_is_minus_3, a_is_zero;
	struct affine g;
};

/* False when the library has no such curve, or it is not of this shape. */
bool curve_load(uint16_t group, struct curve *out);

/* Reads an uncompressed or compressed point (SEC 1 2.3.4) and checks that it is on the curve. */
bool curve_read(const struct curve *c, struct bytes point, struct affine *out);
void curve_write(const struct curve *c, const struct affine *a, struct point *out);
/* The two points with this x differ in the sign of y. False when there are none. */
bool curve_lift(const struct curve *c, const struct residue *x, bool odd_y, struct affine *out);

/* Results may be written over operands. Adding a point to itself or its opposite works. */
void curve_double(const struct curve *c, struct jacobian *out, const struct jacobian *a);
void curve_add(const struct curve *c, struct jacobian *out, const struct jacobian *a,
	const struct affine *b);
struct jacobian curve_multiply(
	const struct curve *c, const struct affine *a, const struct residue *scalar);

/* u P + v Q, for less than two of the above. */
struct jacobian curve_multiply_both(const struct curve *c, const struct residue *u,
	const struct affine *p, const struct residue *v, const struct affine *q);

struct jacobian curve_infinity(void);
struct jacobian curve_from_affine(const struct curve *c, const struct affine *a);
bool curve_is_infinity(const struct curve *c, const struct jacobian *a);
/* Does a, which is not at infinity, stand for b? Costs no division. */
bool curve_same(const struct curve *c, const struct jacobian *a, const struct affine *b);

/* Of a point that is not at infinity. */
struct affine curve_affine(const struct curve *c, const struct jacobian *a);
/* n points at once, for one division; none may be at infinity. n is at most CURVE_BATCH. */
enum { CURVE_BATCH = 256 };
void curve_normalize(
	const struct curve *c, struct affine *out, const struct jacobian *in, size_t n);

/* The scalar that ECDSA makes of a digest: its leftmost bits, as many as n has (FIPS 186-4 6.4). */
struct residue curve_digest_scalar(const struct curve *c, const struct digest *digest);

#endif
