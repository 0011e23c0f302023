/* Between the parts of the façade that know ECDSA. */
#ifndef TLSDIAG_CRYPTO_ECDSA_H
#define TLSDIAG_CRYPTO_ECDSA_H

#include "crypto/curve.h"

/* Why a strict verifier refuses the encoding, static text; NULL when it is DER. */
const char *ecdsa_not_der(const struct ecdsa_signature *s);

/* r or s as a scalar; false when it is not between 1 and n - 1. */
bool ecdsa_read_scalar(const struct curve *c, struct bytes number, struct residue *out);

/*
 * Does (r, s) sign the digest under q, an uncompressed point (FIPS 186-4 6.4.2)? By arithmetic of our own, for
 * about a twentieth of what the library takes; its yes is right, and its no may as well be a curve, a key or
 * a number that cannot be read.
 */
bool ecdsa_signs(uint16_t group, struct bytes q, const struct digest *digest, struct bytes r,
	struct bytes s);

/*
 * The points R = k G that a signer can have got r from: x is r, or r + n where that is below p.
 * One of R and -R is given for each such x; how many there are. None: no key made this r.
 */
enum { NONCE_POINTS_MAX = 2 };
size_t ecdsa_nonce_points(
	const struct curve *c, struct bytes r, struct affine out[static NONCE_POINTS_MAX]);

#endif
