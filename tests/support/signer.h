/* ECDSA signatures made with the library alone, nonce and all: what tests hold the façade against. */
#ifndef TLSDIAG_TESTS_SUPPORT_SIGNER_H
#define TLSDIAG_TESTS_SUPPORT_SIGNER_H

#include "crypto/crypto.h"

/* Numbers that look random and are the same in every run. */
struct dice {
	uint64_t state;
};
uint64_t dice_roll(struct dice *d);
void dice_fill(struct dice *d, uint8_t *out, size_t len);

/* Every curve with ECDSA, 0 at the end. */
extern const uint16_t signer_groups[];

enum { SCALAR_MAX = 66 };

struct signer {
	uint16_t group;
	size_t scalar_len;
	uint8_t d[SCALAR_MAX]; /* the private key */
	struct point q;
};

struct rs {
	uint8_t r[SCALAR_MAX], s[SCALAR_MAX];
	size_t len; /* of each */
};

/* A key drawn with the dice. */
struct signer signer_new(uint16_t group, struct dice *dice);

/* A scalar between 1 and the order of the curve. */
void signer_draw(const struct signer *signer, struct dice *dice, uint8_t out[static SCALAR_MAX]);

/* Signs with the nonce k, which has scalar_len bytes. */
struct rs signer_sign_with(
	const struct signer *signer, const struct digest *digest, const uint8_t *k);
struct rs signer_sign(const struct signer *signer, const struct digest *digest, struct dice *dice);

/* Does the library take it? */
bool signer_verify(
	uint16_t group, struct bytes q, const struct digest *digest, const struct rs *rs);

/* s -> n - s: the other signature that is valid for the same digest. */
void signer_negate(const struct signer *signer, struct rs *rs);

/* k * point (an uncompressed one; empty: the generator), by the library. */
struct point signer_multiply(uint16_t group, struct bytes k, struct bytes point);

/* The DER of r and s; out has room for 2 * SCALAR_MAX + 9 bytes. */
struct bytes signer_der(const struct rs *rs, uint8_t out[static 2 * SCALAR_MAX + 9]);

static inline struct bytes rs_r(const struct rs *rs)
{
	return bytes_of(rs->r, rs->len);
}
static inline struct bytes rs_s(const struct rs *rs)
{
	return bytes_of(rs->s, rs->len);
}
static inline struct bytes point_bytes(const struct point *p)
{
	return bytes_of(p->data, p->len);
}

#endif
