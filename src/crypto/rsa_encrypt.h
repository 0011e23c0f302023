/* What a client sends to a server's RSA key, and the random numbers that it takes. */
#ifndef TLSDIAG_CRYPTO_RSA_ENCRYPT_H
#define TLSDIAG_CRYPTO_RSA_ENCRYPT_H

#include "base/bytes.h"

/* From the system's generator; false: it has none. */
bool crypto_random(uint8_t *out, size_t len);

/* RSAES-PKCS1-v1_5 (RFC 8017 7.2.1) under a SubjectPublicKeyInfo. False: it is no RSA key, or the library failed. */
bool crypto_rsa_encrypt(
	struct bytes spki, struct bytes content, uint8_t *out, size_t size, size_t *len);

#endif
