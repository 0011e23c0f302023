/* How an encrypted private key is locked, as its own bytes say. Internal to pki. */
#ifndef TLSDIAG_PKI_KEY_CIPHER_H
#define TLSDIAG_PKI_KEY_CIPHER_H

#include "base/bytes.h"

enum { KEY_CIPHER_TEXT = 160 };

struct key_cipher {
	char text[KEY_CIPHER_TEXT]; /* "PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC" */
	bool aes_in_pbes2;          /* mbedTLS decrypts AES there from 3.6 on, not before */
	bool unknown_to_mbedtls;    /* no version of it has this scheme (scrypt, say) */
	uint64_t iterations; /* that stretch the password: PBKDF2's, PKCS #12's; 0 not known */
};

/* EncryptedPrivateKeyInfo (RFC 5958 3, RFC 8018 6). False: the bytes are not one. */
bool key_cipher_read(struct bytes der, struct key_cipher *out);

/* The DEK-Info line of a traditional PEM block (RFC 1421 4.6.1.3). False: it has none. */
bool key_cipher_of_pem(struct bytes body, struct key_cipher *out);

#endif
