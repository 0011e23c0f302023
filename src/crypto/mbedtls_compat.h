/*
 * The differences between mbedTLS 2.28 and 3.6. Nothing else asks for the library's version.
 *
 * Only what a public header declares is used, so no access to private members is needed; points
 * and numbers travel as bytes.
 */
#ifndef TLSDIAG_CRYPTO_MBEDTLS_COMPAT_H
#define TLSDIAG_CRYPTO_MBEDTLS_COMPAT_H

#include <mbedtls/version.h> /* first: 3.x takes its configuration from there */

#include <mbedtls/pk.h>
#include <unistd.h>

/* The system's generator, for what the library blinds. 0, or the library's kind of error. */
static inline int compat_random(void *context, unsigned char *out, size_t len)
{
	enum { AT_ONCE = 256 }; /* getentropy() gives no more */

	(void)context;
	for (size_t at = 0; at < len; at += AT_ONCE) {
		if (getentropy(out + at, len - at < AT_ONCE ? len - at : AT_ONCE) != 0)
			return MBEDTLS_ERR_PK_BAD_INPUT_DATA;
	}
	return 0;
}

/* As mbedtls_pk_parse_key() of 2.28; from 3.0 on it takes a generator too. */
static inline int compat_pk_parse_key(mbedtls_pk_context *pk, const unsigned char *key, size_t len,
	const unsigned char *password, size_t password_len)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return mbedtls_pk_parse_key(pk, key, len, password, password_len, compat_random, NULL);
#else
	return mbedtls_pk_parse_key(pk, key, len, password, password_len);
#endif
}

/* Do the two halves of one key belong together? 0, or the library's code. From 3.0 on it takes a
 * generator too. */
static inline int compat_pk_check_pair(mbedtls_pk_context *pk)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return mbedtls_pk_check_pair(pk, pk, compat_random, NULL);
#else
	return mbedtls_pk_check_pair(pk, pk);
#endif
}

#endif
