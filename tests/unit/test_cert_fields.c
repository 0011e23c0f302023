/*
 * src/pki: certificates that are right but for one field, or unusual in one. Each row is a whole
 * certificate on secp256r1, written down as DER; what a field may be is told at its bounds.
 */
#include "base/array.h"
#include "pki/cert.h"
#include "support/der_text.h"
#include "support/unit.h"

#include <stdio.h>

enum { CERT_ROOM = 8192 };

#define VERSION               "a0(02(02))"
#define SERIAL                "02(01)"
#define ALG                   "30(06(2a8648ce3d040302))"
#define NAME                  "30(31(30(06(550403) 0c('x'))))"
#define DATES                 "30(17('240101000000Z') 17('340101000000Z'))"
#define X16                   "11223344556677889900aabbccddeeff"
#define POINT                 "04" X16 X16 X16 X16
#define EC                    "30(06(2a8648ce3d0201) 06(2a8648ce3d030107))"
#define KEY                   "30(" EC "03(00" POINT "))"
#define SIGNED                ALG "03(00 3000)"
#define HEAD                  VERSION SERIAL ALG NAME DATES NAME
#define TBS(tbs)              "30(30(" tbs ")" SIGNED ")"
#define DATED(dates)          TBS(VERSION SERIAL ALG NAME "30(" dates ")" NAME KEY)
#define EXTENSION(oid, value) "30(06(" oid ") 04(" value "))"
#define WITH(extensions)      TBS(HEAD KEY "a3(30(" extensions "))")
#define OF_KEY(key)           TBS(HEAD key)

struct row {
	const char *text;
	const char *broken; /* field; NULL: nothing is wrong */
};

static uint8_t der[CERT_ROOM];

static void parse(const char *text, struct cert *c)
{
	cert_parse(bytes_of(der, der_text(text, der, sizeof der)), c);
}

static void assert_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cert c;
		const char *got;

		parse(rows[i].text, &c);
		got = c.broken.code != PARSE_OK ? c.broken.field : NULL;
		assert_int_equal(c.parsed, got == NULL);
		if ((got == NULL) != (rows[i].broken == NULL) ||
			(got != NULL && strcmp(got, rows[i].broken) != 0))
			fail_msg("row %zu: broken in %s", i, got != NULL ? got : "nothing");
	}
}
#define ASSERT_ROWS(rows) assert_rows((rows), COUNT(rows))

static void test_cert__each_field_may_be_what_it_may_be_and_no_more(void **state)
{
	static const struct row rows[] = {
		{ TBS(HEAD KEY), NULL },
		{ TBS("a0(02(00))" SERIAL ALG NAME DATES NAME KEY), NULL },
		{ TBS("a0(02(01))" SERIAL ALG NAME DATES NAME KEY), NULL },
		{ TBS(SERIAL ALG NAME DATES NAME KEY), NULL },
		{ TBS("a0(02(03))" SERIAL ALG NAME DATES NAME KEY), "version" },
		{ TBS("a0(02(ff))" SERIAL ALG NAME DATES NAME KEY), "version" },
		{ TBS("a0(02(02) 05())" SERIAL ALG NAME DATES NAME KEY), "version" },
		{ TBS("a0(04(02))" SERIAL ALG NAME DATES NAME KEY), "version" },
		{ TBS(VERSION "02()" ALG NAME DATES NAME KEY), "serialNumber" },
		{ TBS(VERSION "02(0102)" ALG NAME DATES NAME KEY), NULL },
		{ TBS(VERSION "04(01)" ALG NAME DATES NAME KEY), "serialNumber" },
		{ DATED("18('20240101000000Z') 18('20500101000000Z')"), NULL },
		{ DATED("17('240101000000Z') 17('340101000000Z') 0500"), "validity" },
		{ DATED("17('240101000000Z')"), "validity.notAfter" },
		{ DATED("0500 17('340101000000Z')"), "validity.notBefore" },
		{ DATED("17('240101000000Z') 17('2401010000Z')"), "validity.notAfter" },
		{ DATED("17('241301000000Z') 17('240101000000Z')"), "validity.notBefore" },
		{ TBS(HEAD KEY "81(0001)"), NULL },
		{ TBS(HEAD KEY "82(0001)"), NULL },
		{ TBS(HEAD KEY "81(0001) 82(0001)"), NULL },
		{ TBS(HEAD KEY "82(0001) 81(0001)"), "TBSCertificate" },
		{ TBS(HEAD KEY "83(0001)"), "TBSCertificate" },
		{ TBS(HEAD KEY "a3(30(" EXTENSION("551d0e", "04(01)") ")) 00"), "TBSCertificate" },
		{ TBS("a0(02(01))" SERIAL ALG NAME DATES NAME KEY "a3(30())"), "extensions" },
		{ "30(30(" HEAD KEY ")" ALG "03(00 30) 0500)", "Certificate" },
		{ "30(30(" HEAD KEY ")" ALG "03(01 30))", "signatureValue" },
		{ "30(30(" HEAD KEY ")" ALG "03())", "signatureValue" },
		{ "30(30(" HEAD KEY ")" ALG "03(00))", NULL },
		{ "30(30(" HEAD KEY ") 30(06(2a8648ce3d040303)) 03(0030))", "signatureAlgorithm" },
		{ "30(30(" HEAD KEY ") 30(06(2a8648ce3d040302) 0500) 03(0030))",
			"signatureAlgorithm" },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_cert__versions_are_numbers_from_one_on(void **state)
{
	static const struct {
		const char *text;
		int version;
	} rows[] = {
		{ TBS(SERIAL ALG NAME DATES NAME KEY), 1 },
		{ TBS("a0(02(00))" SERIAL ALG NAME DATES NAME KEY), 1 },
		{ TBS("a0(02(01))" SERIAL ALG NAME DATES NAME KEY), 2 },
		{ TBS("a0(02(02))" SERIAL ALG NAME DATES NAME KEY), 3 },
		{ TBS("a0(02(63))" SERIAL ALG NAME DATES NAME KEY), 100 },
		{ TBS("a0(02(64))" SERIAL ALG NAME DATES NAME KEY), 0 },
		{ TBS("a0(02(ff))" SERIAL ALG NAME DATES NAME KEY), 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i].text, &c);
		assert_int_equal(c.version, rows[i].version);
		assert_string_equal(c.key_name, "EC secp256r1");
	}
}

static void test_cert__extensions_are_right_or_named(void **state)
{
	static const struct row rows[] = {
		{ WITH(EXTENSION("551d11", "30(82('x') 81('x') 86('x') a0(0500))")), NULL },
		{ WITH(EXTENSION("551d11", "30(87(c0000201))")), NULL },
		{ WITH(EXTENSION("551d11", "30(87(" X16 "))")), NULL },
		{ WITH(EXTENSION("551d11", "30(87(c00002))")), "iPAddress" },
		{ WITH(EXTENSION("551d11", "30(87(c000020101))")), "iPAddress" },
		{ WITH(EXTENSION("551d11", "30(87(" X16 "00))")), "iPAddress" },
		{ WITH(EXTENSION("551d11", "30(82('x')) 00")), "subjectAltName" },
		{ WITH(EXTENSION("551d11", "30()")), NULL },
		{ WITH(EXTENSION("551d11", "31()")), "subjectAltName" },
		{ WITH(EXTENSION("551d13", "30()")), NULL },
		{ WITH(EXTENSION("551d13", "30(01(ff))")), NULL },
		{ WITH(EXTENSION("551d13", "30(01(ff) 02(00))")), NULL },
		{ WITH(EXTENSION("551d13", "30(02(00))")), NULL },
		{ WITH(EXTENSION("551d13", "30(01(ff) 04(00))")), "pathLenConstraint" },
		{ WITH(EXTENSION("551d13", "30(01(ff) 02(00) 0500)")), "basicConstraints" },
		{ WITH(EXTENSION("551d0f", "03(0780)")), NULL },
		{ WITH(EXTENSION("551d0f", "03(00)")), NULL },
		{ WITH(EXTENSION("551d0f", "03()")), "keyUsage" },
		{ WITH(EXTENSION("551d0f", "03(0780) 00")), "keyUsage" },
		{ WITH(EXTENSION("551d0f", "04(0780)")), "keyUsage" },
		{ WITH(EXTENSION("551d25", "30(06(2b06010505070301))")), NULL },
		{ WITH(EXTENSION("551d25", "30(04(00))")), "KeyPurposeId" },
		{ WITH(EXTENSION("551d0e", "04(01)")), NULL },
		{ WITH(EXTENSION("551d0e", "04(01) 00")), "subjectKeyIdentifier" },
		{ WITH(EXTENSION("551d0e", "04(01)") EXTENSION("551d0e", "04(01)")),
			"subjectKeyIdentifier" },
		{ WITH(EXTENSION("551d12", "30()") EXTENSION("551d12", "30()")), "issuerAltName" },
		{ WITH(EXTENSION("2a03", "30()") EXTENSION("2a03", "30()")), NULL },
		{ WITH(EXTENSION("551d13", "30() 00")), "basicConstraints" },
		{ WITH(EXTENSION("551d25", "30(06(551d2500)) 00")), "extKeyUsage" },
		{ WITH(EXTENSION("551d23", "30(80(aa)) 00")), "authorityKeyIdentifier" },
		{ WITH(EXTENSION("2b06010505070101", "30() 00")), "authorityInfoAccess" },
		{ WITH("30(06(551d0e) 01(ff) 04(04(01)))"), NULL },
		{ WITH("30(06(551d0e) 04(04(01)) 0500)"), "Extension" },
		{ WITH("30(06(551d0e) 01(ff))"), "extnValue" },
		{ WITH("30(04(04(01)))"), "extnID" },
		{ TBS(HEAD KEY "a3(30() 00)"), "extensions" },
		{ TBS(HEAD KEY "a3(31())"), "extensions" },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_cert__basic_constraints_are_read(void **state)
{
	static const struct {
		const char *value;
		bool ca;
		int path_length;
	} rows[] = {
		{ "30()", false, -1 },
		{ "30(01(00))", false, -1 },
		{ "30(01(ff))", true, -1 },
		{ "30(01(01))", true, -1 },
		{ "30(01())", false, -1 },
		{ "30(01(ffff))", false, -1 },
		{ "30(01(ff) 02(00))", true, 0 },
		{ "30(01(ff) 02(7f))", true, 127 },
		{ "30(02(05))", false, 5 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[1024];
		struct cert c;

		(void)snprintf(text, sizeof text,
			"30(30(" HEAD KEY "a3(30(30(06(551d13) 04(%s)))))" SIGNED ")",
			rows[i].value);
		parse(text, &c);
		assert_true(c.has_basic_constraints);
		assert_int_equal(c.ca, rows[i].ca);
		assert_int_equal(c.path_length, rows[i].path_length);
	}
}

/* Bit 0 is the first of the BIT STRING; nine are known. */
static void test_cert__each_bit_of_key_usage_is_its_own(void **state)
{
	static const char *const names[] = { "digitalSignature", "nonRepudiation",
		"keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign",
		"encipherOnly", "decipherOnly" };

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		char text[1024], usage[160];
		struct cert c;
		unsigned bits = 0x8000u >> i;

		(void)snprintf(text, sizeof text,
			"30(30(" HEAD KEY "a3(30(30(06(551d0f) 04(03(00%02x%02x))))))" SIGNED ")",
			bits >> 8, bits & 0xff);
		parse(text, &c);
		assert_true(c.parsed && c.has_key_usage);
		assert_int_equal(c.key_usage, i < 9 ? 1u << i : 0);
		assert_string_equal(
			cert_key_usage_text(c.key_usage, usage), i < 9 ? names[i] : "no usage");
	}
}

static void test_cert__purposes_are_known_by_number(void **state)
{
	static const struct {
		const char *text;
		unsigned purposes;
	} rows[] = {
		{ WITH(EXTENSION("551d25", "30(06(2b06010505070301))")), EKU_SERVER_AUTH },
		{ WITH(EXTENSION("551d25", "30(06(2b06010505070302))")), EKU_CLIENT_AUTH },
		{ WITH(EXTENSION("551d25", "30(06(551d2500))")), EKU_ANY },
		{ WITH(EXTENSION("551d25", "30(06(2b06010505070303))")), EKU_OTHER },
		{ WITH(EXTENSION("551d25", "30(06(2b06010505070301) 06(2b06010505070302))")),
			EKU_SERVER_AUTH | EKU_CLIENT_AUTH },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i].text, &c);
		assert_true(c.parsed && c.has_ext_key_usage);
		assert_int_equal(c.ext_key_usage, rows[i].purposes);
	}
}

static void test_cert__alternative_names_keep_their_kind(void **state)
{
	static const enum san_kind kinds[] = { SAN_DNS, SAN_EMAIL, SAN_URI, SAN_IP, SAN_IP,
		SAN_OTHER, SAN_OTHER };
	struct bytes rest;
	struct san san;
	struct cert c;

	(void)state;
	parse(WITH(EXTENSION("551d11",
		      "30(82('d') 81('e') 86('u') 87(c0000201) 87(" X16 ") 88(2a03) a4(0500))")),
		&c);
	assert_true(c.parsed && c.has_san);
	assert_int_equal(c.n_san, COUNT(kinds));
	rest = c.san_der;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		assert_int_equal(c.san[i].kind, kinds[i]);
		assert_true(cert_san_next(&rest, &san));
		assert_int_equal(san.kind, kinds[i]);
		assert_true(bytes_equal(san.value, c.san[i].value));
	}
	assert_false(cert_san_next(&rest, &san));
}

static void test_cert__only_a_critical_unknown_extension_counts(void **state)
{
	static const struct {
		const char *text;
		bool unknown;
	} rows[] = {
		{ WITH("30(06(2a03) 04(0500))"), false },
		{ WITH("30(06(2a03) 01(00) 04(0500))"), false },
		{ WITH("30(06(2a03) 01(ff) 04(0500))"), true },
		{ WITH("30(06(2a03) 01() 04(0500))"), false },
		{ WITH("30(06(2a03) 01(ffff) 04(0500))"), false },
		{ WITH("30(06(2a03) 01(ff) 04(0500)) 30(06(2a04) 04(0500))"), true },
		{ WITH("30(06(551d1e) 01(ff) 04(3000))"), false }, /* nameConstraints */
		{ WITH("30(06(551d12) 01(ff) 04(3000))"), false },
		{ WITH("30(06(551d1f) 01(ff) 04(3000))"), false },
		{ WITH("30(06(551d20) 01(ff) 04(3000))"), false },
		{ WITH("30(06(551d21) 01(ff) 04(3000))"), false },
		{ WITH("30(06(551d24) 01(ff) 04(3000))"), false },
		{ WITH("30(06(551d2e) 01(ff) 04(3000))"), false },
		{ WITH("30(06(551d36) 01(ff) 04(0201))"), false },
		{ WITH("30(06(2b06010505070118) 01(ff) 04(3000))"), false },
		{ WITH("30(06(6086480186f8420101) 01(ff) 04(3000))"), false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i].text, &c);
		if (!c.parsed || c.unknown_critical != rows[i].unknown)
			fail_msg("row %zu: %s", i,
				c.parsed ? "taken for the other" : c.broken.field);
	}
}

static void test_cert__an_authority_key_id_names_a_key_or_an_issuer(void **state)
{
	static const struct {
		const char *text;
		size_t key_id, issuer;
		bool malformed;
	} rows[] = {
		{ WITH(EXTENSION("551d23", "30(80(aabb))")), 2, 0, false },
		{ WITH(EXTENSION("551d23", "30(a1(a4(3000)) 82(01))")), 0, 4, false },
		{ WITH(EXTENSION("551d23", "30(80(aabb) a1(a4(3000)) 82(01))")), 2, 4, false },
		{ WITH(EXTENSION("551d23", "30()")), 0, 0, true },
		{ WITH(EXTENSION("551d23", "30(82(01))")), 0, 0, true },
		{ WITH(EXTENSION("551d23", "30(80())")), 0, 0, true },
		{ WITH(EXTENSION("551d23", "04(aabb)")), 0, 0, true },
		{ WITH(EXTENSION("551d23", "30(80(aabb) 82)")), 2, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i].text, &c);
		assert_true(c.has_authority_key_id);
		assert_int_equal(c.authority_key_id.len, rows[i].key_id);
		assert_int_equal(c.authority_issuer.len, rows[i].issuer);
		assert_int_equal(c.authority_key_id_malformed, rows[i].malformed);
	}
}

static void test_cert__the_issuer_is_fetched_from_the_first_uri(void **state)
{
	static const struct {
		const char *text, *uri;
	} rows[] = {
		{ WITH(EXTENSION("2b06010505070101", "30(30(06(2b06010505073002) 86('u:a')))")),
			"u:a" },
		{ WITH(EXTENSION("2b06010505070101", "30(30(06(2b06010505073001) 86('u:o'))"
						     "30(06(2b06010505073002) 86('u:a'))"
						     "30(06(2b06010505073002) 86('u:b')))")),
			"u:a" },
		{ WITH(EXTENSION("2b06010505070101", "30(30(06(2b06010505073002) a4(3000))"
						     "30(06(2b06010505073002) 86('u:b')))")),
			"u:b" },
		{ WITH(EXTENSION("2b06010505070101", "30(30(06(2b06010505073001) 86('u:o')))")),
			"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i].text, &c);
		assert_true(c.parsed);
		assert_true(
			bytes_equal(c.ca_issuers_uri, bytes_of(rows[i].uri, strlen(rows[i].uri))));
	}
}

#define RSA    "30(06(2a864886f70d010101) 0500)"
#define FIELD  "30(06(2a8648ce3d0101) 02(00" X16 X16 "))"
#define ODD_EC "30(06(2a8648ce3d0201) 06(2a03))"

static void test_cert__keys_have_a_size_and_a_name(void **state)
{
	static const struct {
		const char *text, *name;
		unsigned bits;
		uint16_t group;
	} rows[] = {
		{ OF_KEY(KEY), "EC secp256r1", 256, 23 },
		{ OF_KEY("30(30(06(2a8648ce3d0201) 06(2b81040022)) 03(00" POINT "))"),
			"EC secp384r1", 384, 24 },
		{ OF_KEY("30(30(06(2a8648ce3d0201) 06(2b81040001)) 03(00 04 " X16 "))"),
			"EC sect163k1", 163, 1 },
		{ OF_KEY("30(" ODD_EC "03(00 04 " X16 "))"), "EC curve 1.2.3", 64, 0 },
		{ OF_KEY("30(" ODD_EC "03(00 02 " X16 "))"), "EC curve 1.2.3", 128, 0 },
		{ OF_KEY("30(" ODD_EC "03(00 04))"), "EC curve 1.2.3", 0, 0 },
		{ OF_KEY("30(" ODD_EC "03(00))"), "EC curve 1.2.3", 0, 0 },
		{ OF_KEY("30(30(06(2a8648ce3d0201) 30(02(01) " FIELD ")) 03(00" POINT "))"),
			"EC 253, explicit curve", 253, 0 },
		{ OF_KEY("30(" RSA "03(00 30(02(00ff) 02(03))))"), "RSA 8", 8, 0 },
		{ OF_KEY("30(" RSA "03(00 30(02(7fff) 02(03))))"), "RSA 15", 15, 0 },
		{ OF_KEY("30(" RSA "03(00 30(02(0101) 02(03))))"), "RSA 9", 9, 0 },
		{ OF_KEY("30(" RSA "03(00 30(02(0100) 02(03))))"), "RSA 9", 9, 0 },
		{ OF_KEY("30(" RSA "03(00 30(02(00) 02(03))))"), "RSA 0", 0, 0 },
		{ OF_KEY("30(30(06(2a864886f70d01010a)) 03(00 30(02(7fff) 02(03))))"), "RSA-PSS 15",
			15, 0 },
		{ OF_KEY("30(30(06(2a8648ce380401) 30(02(1fff) 02(01) 02(01))) 03(00 02(01)))"),
			"DSA 13", 13, 0 },
		{ OF_KEY("30(30(06(2a864886f70d010301) 30(02(1fff) 02(02))) 03(00 02(01)))"),
			"DH 13", 13, 0 },
		{ OF_KEY("30(30(06(2a8648ce3e0201) 31(02(1fff))) 03(00 02(01)))"), "DH 0", 0, 0 },
		{ OF_KEY("30(30(06(2b6570)) 03(00" X16 X16 "))"), "Ed25519", 256, 0 },
		{ OF_KEY("30(30(06(2a03)) 03(00" X16 "))"), "1.2.3", 128, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i].text, &c);
		if (!c.parsed || strcmp(c.key_name, rows[i].name) != 0 ||
			c.key_bits != rows[i].bits || c.key_group != rows[i].group)
			fail_msg("row %zu: %s, %u bits, group %u, broken in %s", i, c.key_name,
				c.key_bits, c.key_group, c.parsed ? "nothing" : c.broken.field);
	}
}

static void test_cert__keys_are_right_or_named(void **state)
{
	static const struct row rows[] = {
		{ OF_KEY("30(" RSA "03(00 30(02(7fff) 02(03) 00)))"), "RSAPublicKey" },
		{ OF_KEY("30(" RSA "03(00 30(02(7fff) 02(03)) 00))"), "RSAPublicKey" },
		{ OF_KEY("30(" RSA "03(00 31(02(7fff) 02(03))))"), "RSAPublicKey" },
		{ OF_KEY("30(" RSA "03(00 30(04(7fff) 02(03))))"), "modulus" },
		{ OF_KEY("30(" RSA "03(00 30(02(7fff))))"), "publicExponent" },
		{ OF_KEY("30(" EC "03(00" POINT ") 0500)"), "subjectPublicKeyInfo" },
		{ OF_KEY("30(" EC "04(00" POINT "))"), "subjectPublicKey" },
		{ OF_KEY("30(31() 03(00" POINT "))"), "subjectPublicKeyInfo.algorithm" },
		{ OF_KEY("30(30(0500) 03(00" POINT "))"), "subjectPublicKeyInfo.algorithm" },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_cert__a_key_that_cannot_be_read_has_no_name(void **state)
{
	static const char *const rows[] = { OF_KEY("30(31() 03(00" POINT "))"),
		OF_KEY("30(30(0500) 03(00" POINT "))"), OF_KEY("30()"), TBS(HEAD) };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cert c;

		parse(rows[i], &c);
		assert_false(c.parsed);
		assert_string_equal(c.key_name, "");
		assert_int_equal(c.key, KEY_UNKNOWN);
		assert_int_equal(c.key_bits, 0);
		assert_int_equal(c.key_group, 0);
	}
}

/* RFC 4055 3.1: what is left out is SHA-1. */
static void test_cert__pss_names_its_hashes(void **state)
{
#define PSS(parameters) "30(06(2a864886f70d01010a)" parameters ")"
#define SHA256          "30(06(608648016503040201))"
#define MGF1(hash)      "a1(30(06(2a864886f70d010108)" hash "))"
	static const struct {
		const char *algorithm;
		enum hash hash, mask;
		const char *broken;
	} rows[] = {
		{ PSS(""), HASH_SHA1, HASH_SHA1, NULL },
		{ PSS("0500"), HASH_SHA1, HASH_SHA1, NULL },
		{ PSS("30()"), HASH_SHA1, HASH_SHA1, NULL },
		{ PSS("30(a0(" SHA256 "))"), HASH_SHA256, HASH_SHA1, NULL },
		{ PSS("30(" MGF1(SHA256) ")"), HASH_SHA1, HASH_SHA256, NULL },
		{ PSS("30(a0(" SHA256 ")" MGF1(SHA256) "a2(02(20)) a3(02(01)))"), HASH_SHA256,
			HASH_SHA256, NULL },
		{ PSS("30(" MGF1("") ")"), HASH_SHA1, HASH_NONE, "maskGenAlgorithm.hash" },
		{ PSS("30(a1(30(06(2a864886f70d010109)" SHA256 ")))"), HASH_SHA1, HASH_NONE, NULL },
		{ PSS("30(a0(31()))"), HASH_SHA1, HASH_SHA1, "hashAlgorithm" },
		{ PSS("30() 00"), HASH_SHA1, HASH_SHA1, "signatureAlgorithm" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[1024];
		struct cert c;

		(void)snprintf(text, sizeof text,
			"30(30(" VERSION SERIAL "%s" NAME DATES NAME KEY ")%s03(0030))",
			rows[i].algorithm, rows[i].algorithm);
		parse(text, &c);
		assert_string_equal(c.signature_name, "rsassaPss");
		assert_int_equal(c.method.signature, SIG_RSA_PSS);
		assert_int_equal(c.method.hash, rows[i].hash);
		assert_int_equal(c.pss_mask_hash, rows[i].mask);
		assert_int_equal(c.parsed, rows[i].broken == NULL);
		if (rows[i].broken != NULL)
			assert_string_equal(c.broken.field, rows[i].broken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cert__each_field_may_be_what_it_may_be_and_no_more),
		cmocka_unit_test(test_cert__versions_are_numbers_from_one_on),
		cmocka_unit_test(test_cert__extensions_are_right_or_named),
		cmocka_unit_test(test_cert__basic_constraints_are_read),
		cmocka_unit_test(test_cert__each_bit_of_key_usage_is_its_own),
		cmocka_unit_test(test_cert__purposes_are_known_by_number),
		cmocka_unit_test(test_cert__alternative_names_keep_their_kind),
		cmocka_unit_test(test_cert__only_a_critical_unknown_extension_counts),
		cmocka_unit_test(test_cert__an_authority_key_id_names_a_key_or_an_issuer),
		cmocka_unit_test(test_cert__the_issuer_is_fetched_from_the_first_uri),
		cmocka_unit_test(test_cert__keys_have_a_size_and_a_name),
		cmocka_unit_test(test_cert__keys_are_right_or_named),
		cmocka_unit_test(test_cert__a_key_that_cannot_be_read_has_no_name),
		cmocka_unit_test(test_cert__pss_names_its_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
