/* RSA signatures (RFC 8017): the public operation, and what stands in the encoded message. */
#ifndef TLSDIAG_CRYPTO_RSA_H
#define TLSDIAG_CRYPTO_RSA_H

#include "crypto/spki.h"

enum { RSA_MAX = 1024 }; /* bytes of a modulus: the library's bound */

/* 8.2.2, steps 1 and 2: signature^e modulo n. em gets as many bytes as the modulus has. */
struct verdict rsa_raise(
	const struct spki *key, struct bytes signature, uint8_t em[static RSA_MAX]);

/* 8.2.2: the encoding must be the one that the signer should have made, byte for byte. */
struct verdict rsa_verify_pkcs1(const struct spki *key, enum hash hash, const struct digest *digest,
	struct bytes signature);

/* Takes the mask that MGF1 (B.2.1) makes of the seed off db; false without the hash. */
bool rsa_pss_unmask(enum hash hash, struct bytes seed, uint8_t *db, size_t len);

/*
 * 8.1.2 with MGF1 over the same hash. TLS wants a salt as long as the hash (RFC 8446 4.2.3);
 * certificates may have any.
 */
struct verdict rsa_verify_pss(const struct spki *key, enum hash hash, const struct digest *digest,
	bool any_salt, struct bytes signature);

#endif
