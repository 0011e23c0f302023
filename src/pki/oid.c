/* Tables of what is known, and the arithmetic of the dotted form (X.690 8.19). */
#include "pki/oid.h"

#include "base/array.h"

#include <stdio.h>

struct numbered {
	const char *oid;
	uint16_t number;
};
struct named {
	const char *oid;
	const char *name;
};

static const struct oid_key keys[] = {
	{ "1.2.840.113549.1.1.1", KEY_RSA, "RSA" },
	{ "2.5.8.1.1", KEY_RSA, "RSA" },
	{ "1.2.840.113549.1.1.10", KEY_RSA_PSS, "RSA-PSS" },
	{ "1.2.840.10045.2.1", KEY_EC, "EC" },
	{ "1.3.132.1.12", KEY_EC, "EC" }, /* id-ecDH */
	{ "1.3.132.1.13", KEY_EC, "EC" }, /* id-ecMQV */
	{ "1.3.101.112", KEY_ED25519, "Ed25519" },
	{ "1.3.101.113", KEY_ED448, "Ed448" },
	{ "1.3.101.110", KEY_X25519, "X25519" },
	{ "1.3.101.111", KEY_X448, "X448" },
	{ "1.2.840.10040.4.1", KEY_DSA, "DSA" },
	{ "1.2.840.10046.2.1", KEY_DH, "DH" },
	{ "1.2.840.113549.1.3.1", KEY_DH, "DH" },
	{ "1.2.643.2.2.19", KEY_GOST, "GOST R 34.10-2001" },
	{ "1.2.643.7.1.1.1.1", KEY_GOST, "GOST R 34.10-2012 256" },
	{ "1.2.643.7.1.1.1.2", KEY_GOST, "GOST R 34.10-2012 512" },
	{ "2.16.840.1.101.3.4.3.17", KEY_UNKNOWN, "ML-DSA-44" },
	{ "2.16.840.1.101.3.4.3.18", KEY_UNKNOWN, "ML-DSA-65" },
	{ "2.16.840.1.101.3.4.3.19", KEY_UNKNOWN, "ML-DSA-87" },
};

static const struct numbered curves[] = {
	{ "1.2.840.10045.3.1.7", 23 },   /* secp256r1 */
	{ "1.3.132.0.34", 24 },          /* secp384r1 */
	{ "1.3.132.0.35", 25 },          /* secp521r1 */
	{ "1.3.132.0.1", 1 },            /* sect163k1 */
	{ "1.3.132.0.2", 2 },            /* sect163r1 */
	{ "1.3.132.0.15", 3 },           /* sect163r2 */
	{ "1.3.132.0.24", 4 },           /* sect193r1 */
	{ "1.3.132.0.25", 5 },           /* sect193r2 */
	{ "1.3.132.0.26", 6 },           /* sect233k1 */
	{ "1.3.132.0.27", 7 },           /* sect233r1 */
	{ "1.3.132.0.3", 8 },            /* sect239k1 */
	{ "1.3.132.0.16", 9 },           /* sect283k1 */
	{ "1.3.132.0.17", 10 },          /* sect283r1 */
	{ "1.3.132.0.36", 11 },          /* sect409k1 */
	{ "1.3.132.0.37", 12 },          /* sect409r1 */
	{ "1.3.132.0.38", 13 },          /* sect571k1 */
	{ "1.3.132.0.39", 14 },          /* sect571r1 */
	{ "1.3.132.0.9", 15 },           /* secp160k1 */
	{ "1.3.132.0.8", 16 },           /* secp160r1 */
	{ "1.3.132.0.30", 17 },          /* secp160r2 */
	{ "1.3.132.0.31", 18 },          /* secp192k1 */
	{ "1.2.840.10045.3.1.1", 19 },   /* secp192r1 */
	{ "1.3.132.0.32", 20 },          /* secp224k1 */
	{ "1.3.132.0.33", 21 },          /* secp224r1 */
	{ "1.3.132.0.10", 22 },          /* secp256k1 */
	{ "1.3.36.3.3.2.8.1.1.7", 26 },  /* brainpoolP256r1 */
	{ "1.3.36.3.3.2.8.1.1.11", 27 }, /* brainpoolP384r1 */
	{ "1.3.36.3.3.2.8.1.1.13", 28 }, /* brainpoolP512r1 */
	{ "1.2.156.10197.1.301", 41 },   /* curveSM2 */
};

static const struct oid_signature signatures[] = {
	{ "1.2.840.10045.4.3.2", "ecdsa-with-SHA256", { SIG_ECDSA, HASH_SHA256 } },
	{ "1.2.840.10045.4.3.3", "ecdsa-with-SHA384", { SIG_ECDSA, HASH_SHA384 } },
	{ "1.2.840.10045.4.3.4", "ecdsa-with-SHA512", { SIG_ECDSA, HASH_SHA512 } },
	{ "1.2.840.10045.4.3.1", "ecdsa-with-SHA224", { SIG_ECDSA, HASH_SHA224 } },
	{ "1.2.840.10045.4.1", "ecdsa-with-SHA1", { SIG_ECDSA, HASH_SHA1 } },
	{ "1.2.840.113549.1.1.11", "sha256WithRSAEncryption", { SIG_RSA_PKCS1, HASH_SHA256 } },
	{ "1.2.840.113549.1.1.12", "sha384WithRSAEncryption", { SIG_RSA_PKCS1, HASH_SHA384 } },
	{ "1.2.840.113549.1.1.13", "sha512WithRSAEncryption", { SIG_RSA_PKCS1, HASH_SHA512 } },
	{ "1.2.840.113549.1.1.14", "sha224WithRSAEncryption", { SIG_RSA_PKCS1, HASH_SHA224 } },
	{ "1.2.840.113549.1.1.5", "sha1WithRSAEncryption", { SIG_RSA_PKCS1, HASH_SHA1 } },
	{ "1.3.14.3.2.29", "sha1WithRSA", { SIG_RSA_PKCS1, HASH_SHA1 } },
	{ "1.2.840.113549.1.1.4", "md5WithRSAEncryption", { SIG_RSA_PKCS1, HASH_MD5 } },
	{ "1.3.14.3.2.3", "md5WithRSA", { SIG_RSA_PKCS1, HASH_MD5 } },
	{ "1.2.840.113549.1.1.2", "md2WithRSAEncryption", { SIG_OTHER, HASH_NONE } },
	{ "1.2.840.113549.1.1.3", "md4WithRSAEncryption", { SIG_OTHER, HASH_NONE } },
	{ "1.2.840.113549.1.1.10", "rsassaPss", { SIG_RSA_PSS, HASH_SHA1 } },
	{ "1.3.101.112", "ED25519", { SIG_ED25519, HASH_INTRINSIC } },
	{ "1.3.101.113", "ED448", { SIG_ED448, HASH_INTRINSIC } },
	{ "1.2.840.10040.4.3", "dsaWithSHA1", { SIG_DSA, HASH_SHA1 } },
	{ "1.3.14.3.2.27", "dsaWithSHA1-old", { SIG_DSA, HASH_SHA1 } },
	{ "2.16.840.1.101.3.4.3.1", "dsa_with_SHA224", { SIG_DSA, HASH_SHA224 } },
	{ "2.16.840.1.101.3.4.3.2", "dsa_with_SHA256", { SIG_DSA, HASH_SHA256 } },
	{ "2.16.840.1.101.3.4.3.3", "dsa_with_SHA384", { SIG_DSA, HASH_SHA384 } },
	{ "2.16.840.1.101.3.4.3.4", "dsa_with_SHA512", { SIG_DSA, HASH_SHA512 } },
	{ "2.16.840.1.101.3.4.3.17", "ML-DSA-44", { SIG_OTHER, HASH_INTRINSIC } },
	{ "2.16.840.1.101.3.4.3.18", "ML-DSA-65", { SIG_OTHER, HASH_INTRINSIC } },
	{ "2.16.840.1.101.3.4.3.19", "ML-DSA-87", { SIG_OTHER, HASH_INTRINSIC } },
	{ "1.2.156.10197.1.501", "SM2-with-SM3", { SIG_OTHER, HASH_NONE } },
	{ "1.2.643.7.1.1.3.2", "GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit)",
		{ SIG_OTHER, HASH_NONE } },
	{ "1.2.643.7.1.1.3.3", "GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)",
		{ SIG_OTHER, HASH_NONE } },
};

static const struct numbered hashes[] = {
	{ "1.2.840.113549.2.5", HASH_MD5 },
	{ "1.3.14.3.2.26", HASH_SHA1 },
	{ "2.16.840.1.101.3.4.2.4", HASH_SHA224 },
	{ "2.16.840.1.101.3.4.2.1", HASH_SHA256 },
	{ "2.16.840.1.101.3.4.2.2", HASH_SHA384 },
	{ "2.16.840.1.101.3.4.2.3", HASH_SHA512 },
};

/* RFC 4514 3's short names, and what other tools call the rest. */
static const struct named attributes[] = {
	{ "2.5.4.3", "CN" },
	{ "2.5.4.10", "O" },
	{ "2.5.4.11", "OU" },
	{ "2.5.4.6", "C" },
	{ "2.5.4.8", "ST" },
	{ "2.5.4.7", "L" },
	{ "2.5.4.9", "STREET" },
	{ "0.9.2342.19200300.100.1.25", "DC" },
	{ "0.9.2342.19200300.100.1.1", "UID" },
	{ "1.2.840.113549.1.9.1", "emailAddress" },
	{ "2.5.4.5", "serialNumber" },
	{ "2.5.4.4", "SN" },
	{ "2.5.4.42", "GN" },
	{ "2.5.4.43", "initials" },
	{ "2.5.4.44", "generationQualifier" },
	{ "2.5.4.12", "title" },
	{ "2.5.4.46", "dnQualifier" },
	{ "2.5.4.65", "pseudonym" },
	{ "2.5.4.17", "postalCode" },
	{ "2.5.4.15", "businessCategory" },
	{ "2.5.4.97", "organizationIdentifier" },
	{ "1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC" },
	{ "1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST" },
	{ "1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL" },
};

struct oid_writer {
	char *out;
	size_t len;
	bool full;
};

static void write_arc(struct oid_writer *w, uint64_t arc)
{
	size_t left = OID_TEXT - w->len;
	int n;

	if (w->full)
		return;
	n = snprintf(
		w->out + w->len, left, "%s%llu", w->len != 0 ? "." : "", (unsigned long long)arc);
	if (n > 0 && (size_t)n < left - sizeof "...") {
		w->len += (size_t)n;
		return;
	}
	(void)snprintf(w->out + w->len, left, "...");
	w->full = true;
}

static void write_first(struct oid_writer *w, uint64_t value)
{
	uint64_t root = value < 80 ? value / 40 : 2;

	write_arc(w, root);
	write_arc(w, value - root * 40);
}

bool oid_text(struct bytes body, char out[static OID_TEXT])
{
	struct oid_writer w = { out, 0, false };
	uint64_t arc = 0;
	bool inside = false, first = true, good = body.len != 0;

	for (size_t i = 0; i < body.len && good; i++) {
		uint8_t b = body.data[i];

		good = (inside || b != 0x80) && arc >> 57 == 0;
		arc = arc << 7 | (b & 0x7fu);
		inside = (b & 0x80) != 0;
		if (inside)
			continue;
		if (first)
			write_first(&w, arc);
		else
			write_arc(&w, arc);
		first = false;
		arc = 0;
	}
	if (good && !inside)
		return true;
	(void)snprintf(out, OID_TEXT, "an unreadable OID");
	return false;
}

const struct oid_key *oid_key_find(const char *dotted)
{
	for (size_t i = 0; i < COUNT(keys); i++)
		if (strcmp(keys[i].oid, dotted) == 0)
			return &keys[i];
	return NULL;
}

const struct oid_signature *oid_signature_find(const char *dotted)
{
	for (size_t i = 0; i < COUNT(signatures); i++)
		if (strcmp(signatures[i].oid, dotted) == 0)
			return &signatures[i];
	return NULL;
}

static uint16_t number_of(const struct numbered *table, size_t n, const char *dotted)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].oid, dotted) == 0)
			return table[i].number;
	return 0;
}

uint16_t oid_curve(const char *dotted)
{
	return number_of(curves, COUNT(curves), dotted);
}

enum hash oid_hash(const char *dotted)
{
	return (enum hash)number_of(hashes, COUNT(hashes), dotted);
}

const char *oid_attribute(const char *dotted)
{
	for (size_t i = 0; i < COUNT(attributes); i++)
		if (strcmp(attributes[i].oid, dotted) == 0)
			return attributes[i].name;
	return NULL;
}
