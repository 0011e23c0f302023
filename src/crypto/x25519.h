/*
 * X25519 (RFC 7748 5), in one place because a probe meets it in nearly every handshake: the library's
 * takes eight million instructions each time, twice in a handshake.
 */
#ifndef TLSDIAG_CRYPTO_X25519_H
#define TLSDIAG_CRYPTO_X25519_H

#include <stdint.h>

enum { X25519_BYTES = 32 };

extern const uint8_t x25519_base[X25519_BYTES]; /* the u-coordinate 9 */

/*
 * out = scalar * u, all little-endian; the scalar is clamped and u's highest bit passed over as the RFC says. out
 * is all zeros when u has a small order: that is no secret, and for the caller to refuse. Neither time nor
 * memory accesses depend on the scalar.
 */
void x25519(uint8_t out[static X25519_BYTES], const uint8_t scalar[static X25519_BYTES],
	const uint8_t u[static X25519_BYTES]);

#endif
