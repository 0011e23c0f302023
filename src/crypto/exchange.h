/*
 * Key agreement with a key of our own, made for one handshake: ECDHE on the library's curves, X25519 and
 * X448 (RFC 8422 5, RFC 7748), and Diffie-Hellman over a prime (RFC 7919, or a server's own of TLS 1.2).
 *
 * The private half never leaves; what comes out is secret and belongs to the caller, who wipes it.
 */
#ifndef TLSDIAG_CRYPTO_EXCHANGE_H
#define TLSDIAG_CRYPTO_EXCHANGE_H

#include "base/bytes.h"

enum { EXCHANGE_MAX = 1024 }; /* bytes of a public value or a secret: a prime of 8192 bits */

struct exchange_secret {
	uint8_t data[EXCHANGE_MAX];
	size_t len;
};

struct exchange;
/* Of a named group, as TLS numbers them. NULL: this build has no such group, or memory is out. */
struct exchange *exchange_open(uint16_t group);
/* Over a server's prime (RFC 5246 7.4.3). NULL: they are no numbers to calculate with, or memory is out. */
struct exchange *exchange_open_dh(struct bytes p, struct bytes g);
void exchange_close(struct exchange *x); /* accepts NULL */

/* Can exchange_open() do it? */
bool exchange_knows(uint16_t group);

/* What the peer gets: an uncompressed point, a u-coordinate, or a number as long as the prime. */
struct bytes exchange_public(const struct exchange *x);

/*
 * The secret that both share: as long as a coordinate, or as the prime (RFC 8446 7.4). False when the
 * peer's public value is none of this group, or gives a secret that is no secret.
 */
bool exchange_agree(struct exchange *x, struct bytes peer, struct exchange_secret *out);

#endif
