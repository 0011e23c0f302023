/* The library pads and raises. */
#include "crypto/rsa_encrypt.h"

#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"

bool crypto_random(uint8_t *out, size_t len)
{
	return compat_random(NULL, out, len) == 0;
}

bool crypto_rsa_encrypt(
	struct bytes spki, struct bytes content, uint8_t *out, size_t size, size_t *len)
{
	mbedtls_pk_context pk;
	bool ok;

	mbedtls_pk_init(&pk);
	ok = spki.len != 0 && library_ok(mbedtls_pk_parse_public_key(&pk, spki.data, spki.len)) &&
	     mbedtls_pk_can_do(&pk, MBEDTLS_PK_RSA) &&
	     library_ok(mbedtls_pk_encrypt(
		     &pk, content.data, content.len, out, len, size, compat_random, NULL));
	mbedtls_pk_free(&pk);
	return ok;
}
