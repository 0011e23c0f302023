/* src/pki: what a file is, with what a private key in it is encrypted; and base64. */
#include "pki/key_cipher.h"

#include "base/array.h"
#include "pki/cert_file.h"
#include "pki/pem.h"
#include "support/der_text.h"
#include "support/unit.h"

#include <stdio.h>

#define KEY(algorithm)         "30(" algorithm "04(00))"
#define PBES2(kdf, cipher)     KEY("30(06(2a864886f70d01050d) 30(" kdf cipher "))")
#define KDF(oid, parameters)   "30(06(" oid ") 30(" parameters "))"
#define PBKDF2(parameters)     KDF("2a864886f70d01050c", "04(aabb)" parameters)
#define CIPHER(oid)            "30(06(" oid ") 04(00))"
#define AES                    CIPHER("60864801650304012a")
#define PRF(oid)               "30(06(" oid ") 0500)"
#define WHOLE(oid, parameters) KEY("30(06(" oid ") 30(" parameters "))")

static void test_key_cipher__is_named_by_all_its_parts(void **state)
{
	static const struct {
		const char *key, *text;
		bool aes, unknown;
		uint64_t iterations;
	} rows[] = {
		{ PBES2(PBKDF2("02(0800)"), AES), "PBES2: PBKDF2 with HMAC-SHA1, AES-256-CBC", true,
			false, 2048 },
		{ PBES2(PBKDF2("02(01) 02(20)"), AES), "PBES2: PBKDF2 with HMAC-SHA1, AES-256-CBC",
			true, false, 1 },
		{ PBES2(PBKDF2("02(010203)" PRF("2a864886f70d0207")), AES),
			"PBES2: PBKDF2 with HMAC-SHA1, AES-256-CBC", true, false, 0x10203 },
		{ PBES2(PBKDF2("02(01)" PRF("2a864886f70d0208")), AES),
			"PBES2: PBKDF2 with HMAC-SHA224, AES-256-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01) 02(20)" PRF("2a864886f70d0209")), AES),
			"PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01)" PRF("2a864886f70d020a")), AES),
			"PBES2: PBKDF2 with HMAC-SHA384, AES-256-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01)" PRF("2a864886f70d020b")), AES),
			"PBES2: PBKDF2 with HMAC-SHA512, AES-256-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01)" PRF("2a864886f70d020c")), AES),
			"PBES2: PBKDF2 with an unknown hash, AES-256-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01) 30(05)"), AES),
			"PBES2: PBKDF2 with an unreadable hash, AES-256-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("6086480165030401 02")),
			"PBES2: PBKDF2 with HMAC-SHA1, AES-128-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("6086480165030401 16")),
			"PBES2: PBKDF2 with HMAC-SHA1, AES-192-CBC", true, false, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("6086480165030401 06")),
			"PBES2: PBKDF2 with HMAC-SHA1, AES-128-GCM", true, true, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("6086480165030401 2e")),
			"PBES2: PBKDF2 with HMAC-SHA1, AES-256-GCM", true, true, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("2b0e030207")),
			"PBES2: PBKDF2 with HMAC-SHA1, DES-CBC", false, false, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("2a864886f70d0307")),
			"PBES2: PBKDF2 with HMAC-SHA1, 3DES-CBC", false, false, 1 },
		{ PBES2(PBKDF2("02(01)"), CIPHER("2a03")), "PBES2: PBKDF2 with HMAC-SHA1, 1.2.3",
			false, true, 1 },
		{ PBES2(KDF("2b06010401da47040b", "04(aa) 02(4000) 02(08) 02(01)"), AES),
			"PBES2: scrypt, AES-256-CBC", true, true, 16384 },
		{ PBES2(KDF("2a03", ""), AES), "PBES2: 1.2.3, AES-256-CBC", true, true, 0 },
		{ WHOLE("2a864886f70d010c0101", "04(aa) 02(0800)"),
			"PKCS #12 with SHA-1 and 128-bit RC4", false, false, 2048 },
		{ WHOLE("2a864886f70d010c0103", "04(aa) 02(0800)"),
			"PKCS #12 with SHA-1 and 3DES-CBC", false, false, 2048 },
		{ WHOLE("2a864886f70d010c0104", "04(aa) 02(0800)"),
			"PKCS #12 with SHA-1 and two-key 3DES-CBC", false, false, 2048 },
		{ WHOLE("2a864886f70d010503", "04(aa) 02(7f)"), "PBES1 with MD5 and DES-CBC", false,
			false, 127 },
		{ WHOLE("2a864886f70d01050a", "04(aa) 02(7f)"), "PBES1 with SHA-1 and DES-CBC",
			false, false, 127 },
		{ WHOLE("2a03", "04(aa)"), "1.2.3", false, true, 0 },
		{ KEY("30(06(2a03))"), "1.2.3", false, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t der[300];
		struct key_cipher c;

		assert_true(
			key_cipher_read(bytes_of(der, der_text(rows[i].key, der, sizeof der)), &c));
		assert_string_equal(c.text, rows[i].text);
		assert_int_equal(c.aes_in_pbes2, rows[i].aes);
		assert_int_equal(c.unknown_to_mbedtls, rows[i].unknown);
		assert_int_equal(c.iterations, rows[i].iterations);
	}
}

/* A count of more bytes than any that is served stays one that is too large. */
static void test_key_cipher__a_count_never_becomes_small_by_its_length(void **state)
{
	static const char *const counts[] = { "0100000000", "7fffffffffffffff",
		"01000000000000000000", "0100000000000000000000000000000001" };

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		char text[200];
		uint8_t der[200];
		struct key_cipher c;

		(void)snprintf(
			text, sizeof text, WHOLE("2a864886f70d01050a", "04(aa) 02(%s)"), counts[i]);
		assert_true(key_cipher_read(bytes_of(der, der_text(text, der, sizeof der)), &c));
		assert_true(c.iterations > UINT32_MAX);
	}
}

static void test_key_cipher__other_bytes_are_none(void **state)
{
	static const char *const rows[] = { "", "31()", "30()", "30(30())", "30(30(0500) 04(00))",
		"30(30(06(2a03)) 03(00))", "30(30(06(80)) 04(00))",
		KEY("30(06(2a864886f70d01050d) 31())"),
		KEY("30(06(2a864886f70d01050d) 30(" AES "))") };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t der[300];
		struct key_cipher c;

		if (key_cipher_read(bytes_of(der, der_text(rows[i], der, sizeof der)), &c))
			fail_msg("%s", rows[i]);
	}
}

static void test_key_cipher__of_traditional_pem_is_in_a_header(void **state)
{
	static const struct {
		const char *body, *text; /* NULL: none */
	} rows[] = {
		{ "DEK-Info: AES-256-CBC,0011\n", "traditional PEM, AES-256-CBC" },
		{ "Proc-Type: 4,ENCRYPTED\nDEK-Info:DES-CBC,00", "traditional PEM, DES-CBC" },
		{ "DEK-Info:   X,", "traditional PEM, X" },
		{ "DEK-Info: X\n", "traditional PEM, X" },
		{ "DEK-Info: X Y\n", "traditional PEM, X" },
		{ "DEK-Info: X\x7fY\n", "traditional PEM, X" },
		{ "DEK-Info: ABCDEFGHIJKLMNOPQRSTUVWXYZ,",
			"traditional PEM, ABCDEFGHIJKLMNOPQRSTUVWX" },
		{ "DEK-Info: ,", NULL },
		{ "DEK-Info: ", NULL },
		{ "DEK-Info:", NULL },
		{ "DEK-Inf: X", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct key_cipher c;
		bool found = key_cipher_of_pem(bytes_of(rows[i].body, strlen(rows[i].body)), &c);

		assert_int_equal(found, rows[i].text != NULL);
		if (found)
			assert_string_equal(c.text, rows[i].text);
	}
}

/* What a file is, is told by its first elements, or by the label of its first block that counts. */
static void test_file_holds__kinds_are_told_by_their_beginnings(void **state)
{
	static const struct {
		const char *der, *holds;
	} rows[] = {
		{ "30()", "an empty DER element" },
		{ "30(06(2a864886f70d010702))", "a PKCS #7 bundle" },
		{ "30(02(03) 30())", "a PKCS #12 bundle" },
		{ "30(02(03) 04())", "DER of another kind" },
		{ "30(02(03))", "DER of another kind" },
		{ "30(02(00) 30())", "a private key" },
		{ "30(02(01) 04())", "a private key" },
		{ "30(02(02) 30())", "DER of another kind" },
		{ "30(02(04) 30())", "DER of another kind" },
		{ "30(04() 30())", "DER of another kind" },
		{ "30(30(02(01)) 30())", "a certificate" },
		{ "30(30(a0(0201)) 30())", "a certificate" },
		{ "30(30(06(2a03)) 03(00))", "a public key" },
		{ "30(30(06(2a03)) 04(00))", "an encrypted private key" },
		{ "30(30(06(2a03)))", "an encrypted private key" },
		{ "30 05 30", "DER that breaks off" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t der[100];
		struct bytes b = bytes_of(der, der_text(rows[i].der, der, sizeof der));

		assert_true(file_is_der(b));
		assert_string_equal(der_holds(b), rows[i].holds);
		assert_string_equal(file_holds(b), rows[i].holds);
	}
}

static void test_file_holds__text_is_told_by_its_labels(void **state)
{
#define BLOCK(label) "-----BEGIN " label "-----\nQQ==\n-----END " label "-----\n"
#define TEXT(text)   (text), sizeof(text) - 1
	static const struct {
		const char *text;
		size_t n;
		const char *holds; /* NULL: nothing at all */
	} rows[] = {
		{ TEXT(""), NULL },
		{ TEXT(" \t\r\n"), NULL },
		{ TEXT(" !"), "neither PEM nor DER" },
		{ TEXT("0 text that begins as DER does"), "DER that breaks off" },
		{ TEXT("\xff\xfe"), "text in UTF-16" },
		{ TEXT("\xfe\xff"), "text in UTF-16" },
		{ TEXT("\xff"), "neither PEM nor DER" },
		{ TEXT("\xfd\x00\x01"), "neither PEM nor DER" },
		{ TEXT("\xfe\xfe"), "neither PEM nor DER" },
		{ TEXT("-----BEGIN X-----\rQQ==\r-----END X-----\r"),
			"PEM whose lines end in CR alone" },
		{ TEXT("a\rb\r"), "neither PEM nor DER" },
		{ TEXT(BLOCK("CERTIFICATE")), "a certificate" },
		{ TEXT(BLOCK("X509 CERTIFICATE")), "a certificate" },
		{ TEXT(BLOCK("CERTIFICATE REQUEST")), "a certificate request" },
		{ TEXT(BLOCK("X509 CRL")), "a certificate revocation list" },
		{ TEXT(BLOCK("DH PARAMETERS")), "Diffie-Hellman parameters" },
		{ TEXT(BLOCK("PKCS7")), "a PKCS #7 bundle" },
		{ TEXT(BLOCK("CMS")), "a PKCS #7 bundle" },
		{ TEXT(BLOCK("PUBLIC KEY")), "a public key" },
		{ TEXT(BLOCK("ANY PRIVATE KEY")), "a private key" },
		{ TEXT(BLOCK("X")), "PEM of another kind" },
		{ TEXT(BLOCK("EC PARAMETERS") BLOCK("EC PRIVATE KEY")), "a private key" },
		{ TEXT(BLOCK("CERTIFICATE") BLOCK("PRIVATE KEY")), "a private key" },
		{ TEXT(BLOCK("CERTIFICATE") BLOCK("PUBLIC KEY")), "a certificate" },
		{ TEXT(BLOCK("ENCRYPTED PRIVATE KEY")), "an encrypted private key" },
		{ TEXT("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nQQ==\n"
		       "-----END RSA PRIVATE KEY-----\n"),
			"an encrypted private key" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *holds = file_holds(bytes_of(rows[i].text, rows[i].n));

		if (rows[i].holds == NULL)
			assert_null(holds);
		else
			assert_string_equal(holds, rows[i].holds);
	}
}

static void test_pem_decode__is_base64_with_blanks_and_padding_at_its_end(void **state)
{
	static const struct {
		const char *text, *bytes; /* NULL: not base64 */
	} rows[] = {
		{ "", "" },
		{ "QQ==", "A" },
		{ "QUI=", "AB" },
		{ "QUJD", "ABC" },
		{ "QUJDRA==", "ABCD" },
		{ " Q\tU\r\nJ D\n", "ABC" },
		{ "QQ", "A" },
		{ "QUI", "AB" },
		{ "+/+/", "\xfb\xff\xbf" },
		{ "azAz", "k03" },
		{ "Q", NULL },
		{ "QUJDR", NULL },
		{ "QQ===", NULL },
		{ "QQ=Q", NULL },
		{ "=QQ", NULL },
		{ "QU-D", NULL },
		{ "QU\x7f"
		  "D",
			NULL },
		{ "QU\xc1"
		  "D",
			NULL },
	};
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t out[64];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool good = pem_decode(bytes_of(rows[i].text, strlen(rows[i].text)), out, &len);

		assert_int_equal(good, rows[i].bytes != NULL);
		if (good) {
			assert_int_equal(len, strlen(rows[i].bytes));
			assert_memory_equal(out, rows[i].bytes, len);
		}
	}
	assert_true(pem_decode(bytes_of(digits, 64), out, &len));
	assert_int_equal(len, 48);
	for (unsigned i = 0; i < 64; i++) { /* the digits count up */
		unsigned at = i * 6, pair = (unsigned)out[at / 8] << 8;

		pair |= at / 8 + 1 < len ? out[at / 8 + 1] : 0;
		assert_int_equal(pair >> (10 - at % 8) & 0x3f, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_cipher__is_named_by_all_its_parts),
		cmocka_unit_test(test_key_cipher__a_count_never_becomes_small_by_its_length),
		cmocka_unit_test(test_key_cipher__other_bytes_are_none),
		cmocka_unit_test(test_key_cipher__of_traditional_pem_is_in_a_header),
		cmocka_unit_test(test_file_holds__kinds_are_told_by_their_beginnings),
		cmocka_unit_test(test_file_holds__text_is_told_by_its_labels),
		cmocka_unit_test(test_pem_decode__is_base64_with_blanks_and_padding_at_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
