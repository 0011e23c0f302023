/* SubjectPublicKeyInfo (RFC 5280 4.1.2.7, RFC 3279 2.3, RFC 4055 1.2, RFC 5480 2, RFC 8410 4). */
#ifndef TLSDIAG_CRYPTO_SPKI_H
#define TLSDIAG_CRYPTO_SPKI_H

#include "crypto/crypto.h"

/* What a key holds; everything borrows from its bytes. */
struct spki {
	enum key_kind kind;
	const char *broken; /* why it cannot be used; NULL: all was read. Static text */

	/* KEY_RSA, KEY_RSA_PSS: big-endian, without leading zeros. */
	struct bytes modulus, exponent;

	/* KEY_EC */
	uint16_t group; /* also of explicit parameters, when they are a known curve's; 0 unknown */
	struct bytes point; /* as sent */
};

/* Never fails as a whole: kind is kept when the key itself is broken. */
void spki_read(struct bytes der, struct spki *out);

#endif
