/*
 * One multiplication or exponentiation for a key that the user gives, to compare it with a
 * certificate. What is derived from the key is wiped; signing is not done here, nor anywhere.
 */
#include "crypto/public_half.h"

#include "base/secret.h"
#include "crypto/crypto.h"
#include "crypto/library.h"
#include "crypto/modular.h"

#include <mbedtls/version.h> /* first: 3.x takes its configuration from there */

#include <mbedtls/bignum.h>

/* ---- Ed25519 ---- */

/* RFC 8032 5.1, big-endian. */
static const uint8_t ed_prime[] = { 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xed };
static const uint8_t ed_d[] = { 0x52, 0x03, 0x6c, 0xee, 0x2b, 0x6f, 0xfe, 0x73, 0x8c, 0xc7, 0x40,
	0x79, 0x77, 0x79, 0xe8, 0x98, 0x00, 0x70, 0x0a, 0x4d, 0x41, 0x41, 0xd8, 0xab, 0x75, 0xeb,
	0x4d, 0xca, 0x13, 0x59, 0x78, 0xa3 };
static const uint8_t ed_x[] = { 0x21, 0x69, 0x36, 0xd3, 0xcd, 0x6e, 0x53, 0xfe, 0xc0, 0xa4, 0xe2,
	0x31, 0xfd, 0xd6, 0xdc, 0x5c, 0x69, 0x2c, 0xc7, 0x60, 0x95, 0x25, 0xa7, 0xb2, 0xc9, 0x56,
	0x2d, 0x60, 0x8f, 0x25, 0xd5, 0x1a };
static const uint8_t ed_y[] = { 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x58 };

struct edwards {
	struct modulus p;
	struct residue d;
};

struct ed_point {
	struct residue x, y, z;
};

/* The complete addition of -x^2 + y^2 = 1 + d x^2 y^2: of any two points, equal ones too. */
static void ed_add(const struct edwards *e, struct ed_point *out, const struct ed_point *p,
	const struct ed_point *q)
{
	const struct modulus *m = &e->p;
	struct residue a, b, c, d, f, g, s, t;

	mod_mul(m, &a, &p->z, &q->z);
	mod_sqr(m, &b, &a);
	mod_mul(m, &c, &p->x, &q->x);
	mod_mul(m, &d, &p->y, &q->y);
	mod_mul(m, &t, &c, &d);
	mod_mul(m, &t, &t, &e->d);
	mod_sub(m, &f, &b, &t);
	mod_add(m, &g, &b, &t);
	mod_add(m, &s, &p->x, &p->y);
	mod_add(m, &t, &q->x, &q->y);
	mod_mul(m, &s, &s, &t);
	mod_sub(m, &s, &s, &c);
	mod_sub(m, &s, &s, &d);
	mod_mul(m, &t, &a, &f);
	mod_mul(m, &out->x, &t, &s);
	mod_add(m, &s, &c, &d);
	mod_mul(m, &t, &a, &g);
	mod_mul(m, &out->y, &t, &s);
	mod_mul(m, &out->z, &f, &g);
}

/* Little-endian scalar of 255 bits; a ladder, which does the same for each bit. */
static void ed_multiply(
	const struct edwards *e, const uint8_t scalar[static ED25519_BYTES], struct ed_point *r)
{
	struct ed_point ladder[2] = { { mod_small(&e->p, 0), e->p.one, e->p.one }, *r };

	for (int bit = 254; bit >= 0; bit--) {
		unsigned set = scalar[bit / 8] >> (bit % 8) & 1;

		ed_add(e, &ladder[!set], &ladder[0], &ladder[1]);
		ed_add(e, &ladder[set], &ladder[set], &ladder[set]);
	}
	*r = ladder[0];
	wipe(ladder, sizeof ladder);
}

static bool ed_open(struct edwards *e, struct ed_point *base)
{
	if (!mod_init(&e->p, bytes_of(ed_prime, sizeof ed_prime)))
		return false;
	base->z = e->p.one;
	return mod_read(&e->p, bytes_of(ed_d, sizeof ed_d), &e->d) &&
	       mod_read(&e->p, bytes_of(ed_x, sizeof ed_x), &base->x) &&
	       mod_read(&e->p, bytes_of(ed_y, sizeof ed_y), &base->y);
}

/* y, little-endian, with the lowest bit of x as the highest of all (RFC 8032 5.1.2). */
static void ed_encode(
	const struct edwards *e, struct ed_point *p, uint8_t out[static ED25519_BYTES])
{
	uint8_t y[ED25519_BYTES];
	struct residue inverse;

	mod_inv(&e->p, &inverse, &p->z);
	mod_mul(&e->p, &p->x, &p->x, &inverse);
	mod_mul(&e->p, &p->y, &p->y, &inverse);
	mod_write(&e->p, &p->y, y);
	for (size_t i = 0; i < ED25519_BYTES; i++)
		out[i] = y[ED25519_BYTES - 1 - i];
	out[ED25519_BYTES - 1] |= (uint8_t)(mod_is_odd(&e->p, &p->x) ? 0x80 : 0);
}

bool crypto_ed25519_public(
	const uint8_t seed[static ED25519_BYTES], uint8_t out[static ED25519_BYTES])
{
	const struct bytes part = bytes_of(seed, ED25519_BYTES);
	struct digest hash;
	struct edwards e;
	struct ed_point p;
	bool ok = crypto_hash(HASH_SHA512, &part, 1, &hash) && ed_open(&e, &p);

	if (ok) {
		hash.data[0] &= 0xf8;
		hash.data[ED25519_BYTES - 1] &= 0x7f;
		hash.data[ED25519_BYTES - 1] |= 0x40;
		ed_multiply(&e, hash.data, &p);
		ed_encode(&e, &p, out);
	}
	wipe(&hash, sizeof hash);
	return ok;
}

/* ---- DSA ---- */

bool crypto_dsa_public(
	struct bytes p, struct bytes g, struct bytes x, uint8_t out[static DSA_PRIME_MAX])
{
	mbedtls_mpi modulus, base, exponent, power;
	bool ok;

	if (p.len == 0 || p.len > DSA_PRIME_MAX || (p.data[p.len - 1] & 1) == 0 || g.len == 0 ||
		g.len > p.len || x.len == 0 || x.len > DSA_EXPONENT_MAX)
		return false;
	mbedtls_mpi_init(&modulus);
	mbedtls_mpi_init(&base);
	mbedtls_mpi_init(&exponent);
	mbedtls_mpi_init(&power);
	ok = library_ok(mbedtls_mpi_read_binary(&modulus, p.data, p.len)) &&
	     library_ok(mbedtls_mpi_read_binary(&base, g.data, g.len)) &&
	     library_ok(mbedtls_mpi_read_binary(&exponent, x.data, x.len)) &&
	     library_ok(mbedtls_mpi_exp_mod(&power, &base, &exponent, &modulus, NULL)) &&
	     library_ok(mbedtls_mpi_write_binary(&power, out, p.len));
	/* These wipe. */
	mbedtls_mpi_free(&modulus);
	mbedtls_mpi_free(&base);
	mbedtls_mpi_free(&exponent);
	mbedtls_mpi_free(&power);
	return ok;
}
