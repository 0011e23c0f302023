/* The library parses; what it calls the reason is put into our words. */
#include "pki/key_file.h"

#include "base/memory.h"
#include "base/secret.h"
#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"
#include "pki/cert_file.h"
#include "pki/cert_walk.h"
#include "pki/oid.h"

#include <mbedtls/asn1.h>
#include <mbedtls/ecp.h>
#include <mbedtls/pem.h>
#include <mbedtls/pkcs12.h>
#include <mbedtls/pkcs5.h>
#include <stdio.h>

enum { SPKI_MAX = 4096 };

/* Type, size and name come from the walk that reads the key of a certificate. */
static void name_key(struct key_facts *k)
{
	struct cert as = { .parsed = false };
	struct parse_err err;
	struct cur in = cur_init(k->spki, &err);
	struct der spki;

	if (!der_take(&in, DER_SEQUENCE, "SubjectPublicKeyInfo", &spki))
		return;
	cert_read_key(&as, &spki);
	k->kind = as.key;
	k->bits = as.key_bits;
	(void)snprintf(k->name, sizeof k->name, "%s", as.key_name);
}

/* PrivateKeyInfo (RFC 5958 2) of a type that the library lacks: the bytes still say which. */
static void name_type(struct bytes der, struct key_facts *k)
{
	struct parse_err err;
	struct cur in = cur_init(der, &err);
	struct der outer, version, algorithm, oid;
	const struct oid_key *known;
	char dotted[OID_TEXT];

	if (!der_take(&in, DER_SEQUENCE, "PrivateKeyInfo", &outer))
		return;
	in = der_open(&outer, &err);
	if (!der_take(&in, DER_INTEGER, "version", &version) ||
		!der_take(&in, DER_SEQUENCE, "privateKeyAlgorithm", &algorithm))
		return;
	in = der_open(&algorithm, &err);
	if (!der_take(&in, DER_OID, "algorithm", &oid) || !oid_text(oid.body, dotted))
		return;
	known = oid_key_find(dotted);
	k->kind = known != NULL ? known->kind : KEY_UNKNOWN;
	(void)snprintf(k->name, sizeof k->name, "%s", known != NULL ? known->name : dotted);
	if (k->kind != KEY_RSA && k->kind != KEY_EC)
		k->state = KEY_TYPE_LACKING;
}

/* A code of mbedTLS has a high part, and maybe a low one of the module below. */
static int high_part(int code)
{
	return -(-code & 0xff80);
}

static int low_part(int code)
{
	return -(-code & 0x7f);
}

static enum key_state state_of(int code)
{
	switch (high_part(code)) {
	case MBEDTLS_ERR_PK_PASSWORD_REQUIRED:
	case MBEDTLS_ERR_PEM_PASSWORD_REQUIRED:
		return KEY_LOCKED;
	case MBEDTLS_ERR_PK_PASSWORD_MISMATCH:
	case MBEDTLS_ERR_PEM_PASSWORD_MISMATCH:
		return KEY_WRONG_PASSWORD;
	case MBEDTLS_ERR_PKCS5_FEATURE_UNAVAILABLE:
	case MBEDTLS_ERR_PKCS12_FEATURE_UNAVAILABLE:
	case MBEDTLS_ERR_PEM_UNKNOWN_ENC_ALG:
	case MBEDTLS_ERR_PEM_FEATURE_UNAVAILABLE:
		return KEY_CIPHER_LACKING;
	case MBEDTLS_ERR_PK_UNKNOWN_PK_ALG:
	case MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE:
	case MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE:
	case MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE:
		return low_part(code) == 0 ? KEY_TYPE_LACKING : KEY_BROKEN;
	default:
		return KEY_BROKEN;
	}
}

static bool keep_public(mbedtls_pk_context *pk, struct arena *a, struct key_facts *k)
{
	uint8_t spki[SPKI_MAX];
	int len = mbedtls_pk_write_pubkey_der(pk, spki, sizeof spki); /* at the end of the room */

	if (len <= 0) {
		(void)library_ok(len);
		k->state = KEY_BROKEN;
		k->code = len;
		return true;
	}
	k->spki = arena_copy(a, bytes_of(spki + sizeof spki - (size_t)len, (size_t)len));
	name_key(k);
	return k->spki.data != NULL;
}

/* The library's length of PEM counts a NUL after it. */
static int parse(mbedtls_pk_context *pk, const struct key_source *from)
{
	const unsigned char *password = (const unsigned char *)from->password;
	size_t password_len = password != NULL ? strlen(from->password) : 0;
	struct secret text;
	int code;

	if (from->is_public)
		return mbedtls_pk_parse_public_key(pk, from->der.data, from->der.len);
	if (from->pem.len == 0)
		return compat_pk_parse_key(
			pk, from->der.data, from->der.len, password, password_len);
	if (!secret_new(&text, from->pem.len + 1))
		return MBEDTLS_ERR_PK_ALLOC_FAILED;
	memcpy(text.data, from->pem.data, from->pem.len);
	text.data[from->pem.len] = '\0';
	code = compat_pk_parse_key(pk, text.data, text.len, password, password_len);
	secret_wipe(&text);
	return code;
}

/* PKCS #8 says it in its DER, traditional PEM in a header. */
static bool is_encrypted(const struct key_source *from, struct key_cipher *cipher)
{
	if (from->is_public)
		return false;
	return (from->der.len != 0 && key_cipher_read(from->der, cipher)) ||
	       key_cipher_of_pem(from->pem, cipher);
}

/* Of DER the library tells no more than that it cannot be read; the scheme tells why. */
static enum key_state refine(const struct key_facts *k)
{
	bool lacks = k->cipher.aes_in_pbes2 || k->cipher.unknown_to_mbedtls;

	return k->encrypted && lacks && k->state == KEY_BROKEN ? KEY_CIPHER_LACKING : k->state;
}

bool key_too_costly(struct bytes text)
{
	struct pem_reader r = { text, 0 };
	struct pem_block block;
	struct key_cipher cipher;
	struct secret der;
	bool costly = false;

	if (file_is_der(text))
		return key_cipher_read(text, &cipher) && cipher.iterations > KEY_ITERATIONS_MAX;
	while (!costly && pem_next(&r, &block)) {
		size_t len;

		if (!secret_new(&der, block.body.len))
			return false;
		costly = pem_decode(block.body, der.data, &len) &&
			 key_cipher_read(bytes_of(der.data, len), &cipher) &&
			 cipher.iterations > KEY_ITERATIONS_MAX;
		secret_wipe(&der);
	}
	return costly;
}

bool key_examine(const struct key_source *from, struct arena *a, struct key_facts *out)
{
	const uint64_t failures = memory_failures();
	mbedtls_pk_context pk;
	bool ok = true;

	*out = (struct key_facts){ .has_private = !from->is_public };
	out->encrypted = is_encrypted(from, &out->cipher);
	if (out->encrypted && from->password == NULL) {
		out->state = KEY_LOCKED;
		return true;
	}
	if (out->encrypted && out->cipher.iterations > from->iterations_max) {
		out->state = KEY_BROKEN;
		out->too_costly = true;
		return true;
	}
	mbedtls_pk_init(&pk);
	out->code = parse(&pk, from);
	if (library_ok(out->code)) {
		ok = keep_public(&pk, a, out);
		out->halves_differ = out->has_private && out->state == KEY_READ &&
				     !library_ok(compat_pk_check_pair(&pk));
	} else {
		out->state = state_of(out->code);
		out->state = refine(out);
		if (out->state != KEY_LOCKED && !out->encrypted)
			name_type(from->der, out);
	}
	mbedtls_pk_free(&pk); /* wipes the private half */
	return ok &&
	       memory_failures() == failures; /* what the library says then is not of the key */
}
