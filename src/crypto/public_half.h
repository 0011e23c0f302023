/* The public half of private keys of kinds that the library lacks. */
#ifndef TLSDIAG_CRYPTO_PUBLIC_HALF_H
#define TLSDIAG_CRYPTO_PUBLIC_HALF_H

#include "base/bytes.h"

enum { ED25519_BYTES = 32, DSA_PRIME_MAX = 1024, DSA_EXPONENT_MAX = 64 };

/* RFC 8032 5.1.5, of a seed. False when the library has no SHA-512. */
bool crypto_ed25519_public(
	const uint8_t seed[static ED25519_BYTES], uint8_t out[static ED25519_BYTES]);

/*
 * FIPS 186-4 4.1: y = g^x mod p, as long as p, into out. Numbers are big-endian, p of DSA_PRIME_MAX
 * bytes at most, x of DSA_EXPONENT_MAX. False: they are longer, or p is none.
 */
bool crypto_dsa_public(
	struct bytes p, struct bytes g, struct bytes x, uint8_t out[static DSA_PRIME_MAX]);

#endif
