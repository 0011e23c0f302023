/* PKCS #8 names the cipher that protects a key (RFC 8018 6); mbedTLS 2.28 reads DES and 3DES there only. */
#include "diagnose/claims.h"

static const char *const steps[] = {
	"store the key without encryption for the device: openssl pkey -in key.pem -out plain.pem, "
	"and protect the flash instead",
	"or encrypt it as the build can: openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in key.pem for "
	"2.28 (it knows DES and 3DES there, AES from 3.6 on)",
	"in mbedTLS: MBEDTLS_PKCS5_C, MBEDTLS_PKCS12_C, MBEDTLS_CIPHER_MODE_CBC and the cipher "
	"itself must be on",
	NULL,
};

const struct cause cause_key_encryption_unsupported = {
	.id = "key-encryption-unsupported",
	.origin = ORIGIN_CONFIG,
	.summary = "The private key file is encrypted in a way that this build cannot undo",
	.next_steps = steps,
};
