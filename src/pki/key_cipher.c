/* Only names are read: from the DER of PKCS #8, or from the headers of the traditional PEM. */
#include "pki/key_cipher.h"

#include "base/array.h"
#include "base/der.h"
#include "pki/oid.h"

#include <stdio.h>

struct known {
	const char *oid, *name;
};

static const char PBES2[] = "1.2.840.113549.1.5.13";
static const char PBKDF2[] = "1.2.840.113549.1.5.12";
static const char SCRYPT[] = "1.3.6.1.4.1.11591.4.11";

static const struct known ciphers[] = {
	{ "1.3.14.3.2.7", "DES-CBC" },
	{ "1.2.840.113549.3.7", "3DES-CBC" },
	{ "2.16.840.1.101.3.4.1.2", "AES-128-CBC" },
	{ "2.16.840.1.101.3.4.1.22", "AES-192-CBC" },
	{ "2.16.840.1.101.3.4.1.42", "AES-256-CBC" },
	{ "2.16.840.1.101.3.4.1.6", "AES-128-GCM" },
	{ "2.16.840.1.101.3.4.1.46", "AES-256-GCM" },
};

static const struct known hashes[] = {
	{ "1.2.840.113549.2.7", "HMAC-SHA1" },
	{ "1.2.840.113549.2.8", "HMAC-SHA224" },
	{ "1.2.840.113549.2.9", "HMAC-SHA256" },
	{ "1.2.840.113549.2.10", "HMAC-SHA384" },
	{ "1.2.840.113549.2.11", "HMAC-SHA512" },
};

/* One object identifier stands for all of it. */
static const struct known wholes[] = {
	{ "1.2.840.113549.1.12.1.1", "PKCS #12 with SHA-1 and 128-bit RC4" },
	{ "1.2.840.113549.1.12.1.3", "PKCS #12 with SHA-1 and 3DES-CBC" },
	{ "1.2.840.113549.1.12.1.4", "PKCS #12 with SHA-1 and two-key 3DES-CBC" },
	{ "1.2.840.113549.1.5.3", "PBES1 with MD5 and DES-CBC" },
	{ "1.2.840.113549.1.5.10", "PBES1 with SHA-1 and DES-CBC" },
};

#define NAME_OF(table, oid, other) name_of(table, COUNT(table), oid, other)

static const char *name_of(const struct known *k, size_t n, const char *oid, const char *other)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(k[i].oid, oid) == 0)
			return k[i].name;
	return other;
}

struct algorithm {
	char oid[OID_TEXT];
	struct cur parameters;
};

/* AlgorithmIdentifier. */
static bool read_algorithm(struct cur *in, struct algorithm *out)
{
	struct der whole, oid;

	if (!der_take(in, DER_SEQUENCE, "AlgorithmIdentifier", &whole))
		return false;
	out->parameters = der_open(&whole, in->err);
	return der_take(&out->parameters, DER_OID, "algorithm", &oid) &&
	       oid_text(oid.body, out->oid);
}

/* The count behind the salt: PBKDF2-params, and pkcs-12PbeParams alike (RFC 8018 A.2, RFC 7292 C). */
static uint64_t read_iterations(struct cur in)
{
	struct der parameters, salt, count;
	uint64_t n = 0;

	if (!der_take(&in, DER_SEQUENCE, "parameters", &parameters))
		return 0;
	in = der_open(&parameters, in.err);
	if (!der_next(&in, "salt", &salt) || !der_take(&in, DER_INTEGER, "iterations", &count))
		return 0;
	for (size_t i = 0; i < count.body.len; i++)
		n = n > UINT32_MAX ? n : n << 8 | count.body.data[i];
	return n;
}

/* PBKDF2-params: the last member is the PRF, SHA-1 when it is left out. */
static const char *read_prf(struct cur in)
{
	struct der parameters, skipped;
	struct algorithm prf;

	if (!der_take(&in, DER_SEQUENCE, "PBKDF2-params", &parameters))
		return "an unreadable hash";
	in = der_open(&parameters, in.err);
	while (cur_left(&in) != 0 && !der_ahead(&in, DER_SEQUENCE))
		(void)der_next(&in, "PBKDF2-params", &skipped);
	if (cur_left(&in) == 0)
		return "HMAC-SHA1";
	return read_algorithm(&in, &prf) ? NAME_OF(hashes, prf.oid, "an unknown hash")
					 : "an unreadable hash";
}

static bool read_pbes2(struct cur in, struct key_cipher *out)
{
	struct algorithm derivation, cipher;
	struct der parameters;
	const char *name;

	if (!der_take(&in, DER_SEQUENCE, "PBES2-params", &parameters))
		return false;
	in = der_open(&parameters, in.err);
	if (!read_algorithm(&in, &derivation) || !read_algorithm(&in, &cipher))
		return false;
	out->iterations = read_iterations(derivation.parameters);
	name = NAME_OF(ciphers, cipher.oid, cipher.oid);
	out->aes_in_pbes2 = strncmp(name, "AES-", 4) == 0;
	out->unknown_to_mbedtls =
		strcmp(derivation.oid, PBKDF2) != 0 || strstr(name, "-CBC") == NULL;
	if (strcmp(derivation.oid, PBKDF2) == 0)
		(void)snprintf(out->text, sizeof out->text, "PBES2: PBKDF2 with %s, %s",
			read_prf(derivation.parameters), name);
	else
		(void)snprintf(out->text, sizeof out->text, "PBES2: %s, %s",
			strcmp(derivation.oid, SCRYPT) == 0 ? "scrypt" : derivation.oid, name);
	return true;
}

bool key_cipher_read(struct bytes der, struct key_cipher *out)
{
	struct parse_err err;
	struct cur in = cur_init(der, &err);
	struct algorithm scheme;
	struct der outer;

	*out = (struct key_cipher){ .aes_in_pbes2 = false };
	if (!der_take(&in, DER_SEQUENCE, "EncryptedPrivateKeyInfo", &outer))
		return false;
	in = der_open(&outer, &err);
	if (!read_algorithm(&in, &scheme) || !der_ahead(&in, DER_OCTET_STRING))
		return false;
	if (strcmp(scheme.oid, PBES2) == 0)
		return read_pbes2(scheme.parameters, out);
	out->iterations = read_iterations(scheme.parameters);
	out->unknown_to_mbedtls = NAME_OF(wholes, scheme.oid, NULL) == NULL;
	(void)snprintf(out->text, sizeof out->text, "%s", NAME_OF(wholes, scheme.oid, scheme.oid));
	return true;
}

bool key_cipher_of_pem(struct bytes body, struct key_cipher *out)
{
	static const char mark[] = "DEK-Info:";
	size_t n = sizeof mark - 1;

	*out = (struct key_cipher){ .aes_in_pbes2 = false };
	for (size_t i = 0; i + n < body.len; i++) {
		struct bytes rest = bytes_skip(bytes_slice(body, i + n, body.len), ' ');
		size_t len = 0;

		if (memcmp(body.data + i, mark, n) != 0)
			continue;
		while (len < rest.len && len < 24 && rest.data[len] > ' ' &&
			rest.data[len] < 0x7f && rest.data[len] != ',')
			len++;
		(void)snprintf(out->text, sizeof out->text, "traditional PEM, %.*s", (int)len,
			(const char *)rest.data);
		return len != 0;
	}
	return false;
}
