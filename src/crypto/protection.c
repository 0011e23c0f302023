/* The name of a suite says all of its protection: TLS_..._WITH_<cipher>_<MAC or PRF>, TLS_<cipher>_<PRF>. */
#include "base/array.h"
#include "crypto/digest.h"
#include "crypto/mbedtls_compat.h"
#include "crypto/record_keys.h"

#include <mbedtls/cipher.h>

enum {
	TLS10 = 0x0301,
	TAG = 16,
	SHORT_TAG = 8,
	AEAD_IV = 12,
	SALT = 4,           /* RFC 5288 3 */
	TRUNCATED_MAC = 10, /* RFC 6066 7 */
};

/* The longer of two names that begin alike stands first. */
static const struct cipher {
	const char *name;
	int cipher;
	enum cipher_kind kind;
	uint8_t key_len, block_len, tag_len;
} ciphers[] = {
	{ "AES_128_GCM", MBEDTLS_CIPHER_AES_128_GCM, CIPHER_AEAD, 16, 0, TAG },
	{ "AES_256_GCM", MBEDTLS_CIPHER_AES_256_GCM, CIPHER_AEAD, 32, 0, TAG },
	{ "AES_128_CCM_8", MBEDTLS_CIPHER_AES_128_CCM, CIPHER_AEAD, 16, 0, SHORT_TAG },
	{ "AES_256_CCM_8", MBEDTLS_CIPHER_AES_256_CCM, CIPHER_AEAD, 32, 0, SHORT_TAG },
	{ "AES_128_CCM", MBEDTLS_CIPHER_AES_128_CCM, CIPHER_AEAD, 16, 0, TAG },
	{ "AES_256_CCM", MBEDTLS_CIPHER_AES_256_CCM, CIPHER_AEAD, 32, 0, TAG },
	{ "CHACHA20_POLY1305_SHA256", MBEDTLS_CIPHER_CHACHA20_POLY1305, CIPHER_AEAD, 32, 0, TAG },
	{ "CAMELLIA_128_GCM", MBEDTLS_CIPHER_CAMELLIA_128_GCM, CIPHER_AEAD, 16, 0, TAG },
	{ "CAMELLIA_256_GCM", MBEDTLS_CIPHER_CAMELLIA_256_GCM, CIPHER_AEAD, 32, 0, TAG },
	{ "ARIA_128_GCM", MBEDTLS_CIPHER_ARIA_128_GCM, CIPHER_AEAD, 16, 0, TAG },
	{ "ARIA_256_GCM", MBEDTLS_CIPHER_ARIA_256_GCM, CIPHER_AEAD, 32, 0, TAG },
	{ "AES_128_CBC", MBEDTLS_CIPHER_AES_128_CBC, CIPHER_CBC, 16, 16, 0 },
	{ "AES_256_CBC", MBEDTLS_CIPHER_AES_256_CBC, CIPHER_CBC, 32, 16, 0 },
	{ "CAMELLIA_128_CBC", MBEDTLS_CIPHER_CAMELLIA_128_CBC, CIPHER_CBC, 16, 16, 0 },
	{ "CAMELLIA_256_CBC", MBEDTLS_CIPHER_CAMELLIA_256_CBC, CIPHER_CBC, 32, 16, 0 },
	{ "ARIA_128_CBC", MBEDTLS_CIPHER_ARIA_128_CBC, CIPHER_CBC, 16, 16, 0 },
	{ "ARIA_256_CBC", MBEDTLS_CIPHER_ARIA_256_CBC, CIPHER_CBC, 32, 16, 0 },
	{ "3DES_EDE_CBC", MBEDTLS_CIPHER_DES_EDE3_CBC, CIPHER_CBC, 24, 8, 0 },
	{ "DES_CBC", MBEDTLS_CIPHER_DES_CBC, CIPHER_CBC, 8, 8, 0 },
	{ "RC4_128", COMPAT_CIPHER_RC4, CIPHER_STREAM, 16, 0, 0 },
	{ "NULL", MBEDTLS_CIPHER_NONE, CIPHER_NULL, 0, 0, 0 },
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static const struct cipher *find_cipher(const char *name)
{
	for (size_t i = 0; i < COUNT(ciphers); i++)
		if (begins(name, ciphers[i].name))
			return &ciphers[i];
	return NULL;
}

static const char *cipher_name(const struct suite *suite)
{
	const char *with = strstr(suite->name, "_WITH_");

	return with != NULL ? with + strlen("_WITH_") : suite->name + strlen("TLS_");
}

static enum hash mac_of(const char *rest)
{
	static const struct {
		const char *name;
		enum hash hash;
	} macs[] = { { "_SHA", HASH_SHA1 }, { "_SHA256", HASH_SHA256 }, { "_SHA384", HASH_SHA384 },
		{ "_MD5", HASH_MD5 } };

	for (size_t i = 0; i < COUNT(macs); i++)
		if (strcmp(rest, macs[i].name) == 0)
			return macs[i].hash;
	return HASH_NONE;
}

static void of_aead(const struct cipher *c, uint16_t version, struct protection *out)
{
	bool chacha = c->cipher == MBEDTLS_CIPHER_CHACHA20_POLY1305; /* RFC 7905 2 */

	out->explicit_nonce = version <= 0x0303 && !chacha;
	out->iv_len = out->explicit_nonce ? SALT : AEAD_IV;
}

static void of_mac(const struct cipher *c, const char *name, struct protection_terms terms,
	struct protection *out)
{
	const mbedtls_md_info_t *info;

	out->mac = mac_of(name + strlen(c->name));
	info = digest_info(out->mac);
	out->mac_len = info != NULL ? mbedtls_md_get_size(info) : 0;
	if (terms.truncated_hmac && out->mac_len != 0)
		out->mac_len = TRUNCATED_MAC;
	out->encrypt_then_mac = terms.encrypt_then_mac && c->kind == CIPHER_CBC;
	/* from TLS 1.1 on each record brings its own */
	out->iv_len = terms.version <= TLS10 ? c->block_len : 0;
}

bool protection_of(const struct suite *suite, struct protection_terms terms, struct protection *out,
	const char **why)
{
	const char *name;
	const struct cipher *c;

	*why = "how this suite protects records is not known";
	if (suite == NULL)
		return false;
	name = cipher_name(suite);
	c = find_cipher(name);
	if (c == NULL || suite->export_grade || strlen(name) < strlen(c->name))
		return false;
	*out = (struct protection){ .cipher = c->cipher,
		.kind = c->kind,
		.key_len = c->key_len,
		.block_len = c->block_len,
		.tag_len = c->tag_len };
	if (c->kind == CIPHER_AEAD)
		of_aead(c, terms.version, out);
	else
		of_mac(c, name, terms, out);
	if (c->kind != CIPHER_AEAD && out->mac_len == 0)
		return false;
	*why = "this build's mbedTLS does not have the suite's cipher";
	return c->kind == CIPHER_NULL ||
	       (c->cipher != MBEDTLS_CIPHER_NONE &&
		       mbedtls_cipher_info_from_type((mbedtls_cipher_type_t)c->cipher) != NULL);
}
