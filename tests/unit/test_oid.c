/*
 * src/pki and src/crypto each know object identifiers, the one as text, the other as bytes: here
 * they are told from the RFCs once more, and both are held against that.
 */
#include "base/array.h"
#include "base/der.h"
#include "crypto/spki.h"
#include "pki/oid.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

/* The body of an OBJECT IDENTIFIER (X.690 8.19) of its text. */
static size_t encode(const char *dotted, uint8_t *out)
{
	char *rest;
	unsigned long first = strtoul(dotted, &rest, 10) * 40;
	size_t n = 0;

	first += strtoul(rest + 1, &rest, 10);
	for (unsigned long arc = first;; arc = strtoul(rest + 1, &rest, 10)) {
		for (unsigned shift = 35; shift != 0; shift -= 7)
			if (arc >> shift != 0)
				out[n++] = (uint8_t)(0x80 | (arc >> shift & 0x7f));
		out[n++] = (uint8_t)(arc & 0x7f);
		if (*rest == '\0')
			return n;
	}
}

/* A SubjectPublicKeyInfo of that algorithm, with that curve for its parameters when there is one. */
static struct bytes info_of(uint8_t *out, const char *algorithm, const char *curve)
{
	uint8_t *p = out + 4;

	p[0] = DER_OID;
	p[1] = (uint8_t)encode(algorithm, p + 2);
	p += 2 + p[1];
	if (curve != NULL) {
		p[0] = DER_OID;
		p[1] = (uint8_t)encode(curve, p + 2);
		p += 2 + p[1];
	}
	out[0] = DER_SEQUENCE;
	out[2] = DER_SEQUENCE;
	out[3] = (uint8_t)(p - out - 4);
	*p++ = DER_BIT_STRING;
	*p++ = 2;
	*p++ = 0;
	*p++ = 4;
	out[1] = (uint8_t)(p - out - 2);
	return bytes_of(out, (size_t)(p - out));
}

static void test_oid__kinds_of_keys_are_known_by_text_and_by_bytes(void **state)
{
	static const struct {
		const char *oid;
		enum key_kind kind;
	} rows[] = {
		{ "1.2.840.113549.1.1.1", KEY_RSA },      /* RFC 3279 2.3.1 */
		{ "1.2.840.113549.1.1.10", KEY_RSA_PSS }, /* RFC 4055 1.2 */
		{ "1.2.840.10045.2.1", KEY_EC },          /* RFC 5480 2.1.1 */
		{ "1.3.101.110", KEY_X25519 },            /* RFC 8410 3 */
		{ "1.3.101.111", KEY_X448 },
		{ "1.3.101.112", KEY_ED25519 },
		{ "1.3.101.113", KEY_ED448 },
		{ "1.2.840.10040.4.1", KEY_DSA },   /* RFC 3279 2.3.2 */
		{ "1.2.840.10046.2.1", KEY_DH },    /* RFC 3279 2.3.3 */
		{ "1.2.840.113549.1.3.1", KEY_DH }, /* PKCS #3 */
		{ "1.2.643.2.2.19", KEY_GOST },     /* RFC 4491 2.3.2 */
		{ "1.2.643.7.1.1.1.1", KEY_GOST },  /* RFC 9215 2 */
		{ "1.2.643.7.1.1.1.2", KEY_GOST },
	};
	static const char *const others[] = { "1.2.840.113549.1.1.2", "1.3.101.109", "1.3.101.114",
		"1.2.840.10045.2.2", "1.2.643.7.1.1.1.3" };
	uint8_t out[80];
	struct spki key;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		spki_read(info_of(out, rows[i].oid, NULL), &key);
		assert_int_equal(key.kind, rows[i].kind);
		assert_non_null(oid_key_find(rows[i].oid));
		assert_int_equal(oid_key_find(rows[i].oid)->kind, rows[i].kind);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		spki_read(info_of(out, others[i], NULL), &key);
		assert_int_equal(key.kind, KEY_UNKNOWN);
		assert_null(oid_key_find(others[i]));
	}
}

static void test_oid__curves_are_known_by_text_and_by_bytes(void **state)
{
	static const struct {
		const char *oid;
		uint16_t number;
		bool library; /* mbedTLS has it */
	} rows[] = {
		{ "1.3.132.0.1", 1, false }, /* SEC 2 A.2, RFC 8422 5.1.1 */
		{ "1.3.132.0.2", 2, false }, { "1.3.132.0.15", 3, false },
		{ "1.3.132.0.24", 4, false }, { "1.3.132.0.25", 5, false },
		{ "1.3.132.0.26", 6, false }, { "1.3.132.0.27", 7, false },
		{ "1.3.132.0.3", 8, false }, { "1.3.132.0.16", 9, false },
		{ "1.3.132.0.17", 10, false }, { "1.3.132.0.36", 11, false },
		{ "1.3.132.0.37", 12, false }, { "1.3.132.0.38", 13, false },
		{ "1.3.132.0.39", 14, false }, { "1.3.132.0.9", 15, false },
		{ "1.3.132.0.8", 16, false }, { "1.3.132.0.30", 17, false },
		{ "1.3.132.0.31", 18, true }, { "1.2.840.10045.3.1.1", 19, true },
		{ "1.3.132.0.32", 20, true }, { "1.3.132.0.33", 21, true },
		{ "1.3.132.0.10", 22, true }, { "1.2.840.10045.3.1.7", 23, true },
		{ "1.3.132.0.34", 24, true }, { "1.3.132.0.35", 25, true },
		{ "1.3.36.3.3.2.8.1.1.7", 26, true }, /* RFC 5639 4.1, RFC 7027 2 */
		{ "1.3.36.3.3.2.8.1.1.11", 27, true }, { "1.3.36.3.3.2.8.1.1.13", 28, true },
		{ "1.2.156.10197.1.301", 41, false }, /* RFC 8998 2 */
	};
	uint8_t out[80];
	struct spki key;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(oid_curve(rows[i].oid), rows[i].number);
		spki_read(info_of(out, "1.2.840.10045.2.1", rows[i].oid), &key);
		if (key.group != (rows[i].library ? rows[i].number : 0))
			fail_msg("%s is read as group %u", rows[i].oid, key.group);
		assert_int_equal(key.broken == NULL, rows[i].library);
	}
	assert_int_equal(oid_curve("1.3.132.0.40"), 0);
}

static void test_oid__hashes_are_known(void **state)
{
	static const struct {
		const char *oid;
		enum hash hash;
	} rows[] = {
		{ "1.2.840.113549.2.5", HASH_MD5 }, /* RFC 8017 B.1 */
		{ "1.3.14.3.2.26", HASH_SHA1 },
		{ "2.16.840.1.101.3.4.2.4", HASH_SHA224 },
		{ "2.16.840.1.101.3.4.2.1", HASH_SHA256 },
		{ "2.16.840.1.101.3.4.2.2", HASH_SHA384 },
		{ "2.16.840.1.101.3.4.2.3", HASH_SHA512 },
		{ "2.16.840.1.101.3.4.2.7", HASH_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(oid_hash(rows[i].oid), rows[i].hash);
}

static void test_oid__signatures_are_a_kind_of_key_and_a_hash(void **state)
{
	static const struct {
		const char *oid;
		enum signature_kind signature;
		enum hash hash;
	} rows[] = {
		{ "1.2.840.10045.4.1", SIG_ECDSA, HASH_SHA1 }, /* RFC 3279, RFC 5758 */
		{ "1.2.840.10045.4.3.1", SIG_ECDSA, HASH_SHA224 },
		{ "1.2.840.10045.4.3.2", SIG_ECDSA, HASH_SHA256 },
		{ "1.2.840.10045.4.3.3", SIG_ECDSA, HASH_SHA384 },
		{ "1.2.840.10045.4.3.4", SIG_ECDSA, HASH_SHA512 },
		{ "1.2.840.113549.1.1.4", SIG_RSA_PKCS1, HASH_MD5 }, /* RFC 8017 A.2.4 */
		{ "1.2.840.113549.1.1.5", SIG_RSA_PKCS1, HASH_SHA1 },
		{ "1.2.840.113549.1.1.14", SIG_RSA_PKCS1, HASH_SHA224 },
		{ "1.2.840.113549.1.1.11", SIG_RSA_PKCS1, HASH_SHA256 },
		{ "1.2.840.113549.1.1.12", SIG_RSA_PKCS1, HASH_SHA384 },
		{ "1.2.840.113549.1.1.13", SIG_RSA_PKCS1, HASH_SHA512 },
		{ "1.2.840.113549.1.1.10", SIG_RSA_PSS, HASH_SHA1 }, /* its default */
		{ "1.3.14.3.2.29", SIG_RSA_PKCS1, HASH_SHA1 },
		{ "1.3.14.3.2.3", SIG_RSA_PKCS1, HASH_MD5 },
		{ "1.3.101.112", SIG_ED25519, HASH_INTRINSIC }, /* RFC 8410 3 */
		{ "1.3.101.113", SIG_ED448, HASH_INTRINSIC },
		{ "1.2.840.10040.4.3", SIG_DSA, HASH_SHA1 },
		{ "2.16.840.1.101.3.4.3.2", SIG_DSA, HASH_SHA256 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct oid_signature *found = oid_signature_find(rows[i].oid);

		assert_non_null(found);
		assert_int_equal(found->method.signature, rows[i].signature);
		assert_int_equal(found->method.hash, rows[i].hash);
	}
	assert_null(oid_signature_find("1.2.840.10045.4.3.5"));
	assert_null(oid_attribute("2.5.4.2"));
}

/* What was encoded here comes back as it was written; arcs of every length. */
static void test_oid__text_and_bytes_are_each_others(void **state)
{
	static const char *const rows[] = { "0.0", "0.39", "1.0", "1.39", "2.0", "2.39", "2.40",
		"2.47", "2.48", "2.127", "2.999", "1.2.0", "1.2.127", "1.2.128", "1.2.16383",
		"1.2.16384", "1.2.2097151", "1.2.2097152", "1.2.268435455", "1.2.268435456",
		"1.2.34359738367", "1.3.6.1.4.1.311.60.2.1.3" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t body[64];
		char text[OID_TEXT];

		assert_true(oid_text(bytes_of(body, encode(rows[i], body)), text));
		assert_string_equal(text, rows[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oid__kinds_of_keys_are_known_by_text_and_by_bytes),
		cmocka_unit_test(test_oid__curves_are_known_by_text_and_by_bytes),
		cmocka_unit_test(test_oid__hashes_are_known),
		cmocka_unit_test(test_oid__signatures_are_a_kind_of_key_and_a_hash),
		cmocka_unit_test(test_oid__text_and_bytes_are_each_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
