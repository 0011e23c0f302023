/* Error codes of mbedTLS and PSA: spellings, sums, flags, versions. */
#include "base/array.h"
#include "names/codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { MAX_MATCHES = 16 };

/* The first match of a text, which must have one. */
static struct code_match first_match(const char *text)
{
	struct code_match matches[MAX_MATCHES];

	if (codes_find(text, matches, MAX_MATCHES) == 0)
		fail_msg("'%s' finds nothing", text);
	return matches[0];
}

static void expect_changes(const char *text, size_t match, const char *want)
{
	struct code_match matches[MAX_MATCHES];
	struct strbuf changes = { 0 };

	assert_true(codes_find(text, matches, MAX_MATCHES) > match);
	code_changes(matches[match].code, &changes);
	assert_string_equal(strbuf_text(&changes), want);
	strbuf_free(&changes);
}

static void test_codes__every_spelling_of_a_number_is_understood(void **state)
{
	static const struct {
		const char *text, *name;
		int64_t value;
	} rows[] = {
		{ "-19584", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "19584", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "0x4c80", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "-0x4C80", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "-0X4c80", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "4c80", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ " -0x4c80 ", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "ffffb380", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "0xFFFFB380", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "0xFFFFFFFFFFFFB380", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "4294947712", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "45952", "MBEDTLS_ERR_ECP_INVALID_KEY", -0x4c80 },
		{ "-0x7280", "MBEDTLS_ERR_SSL_CONN_EOF", -0x7280 },
		{ "7280", "MBEDTLS_ERR_SSL_CONN_EOF", -0x7280 },
		{ "-5080", "MBEDTLS_ERR_MD_FEATURE_UNAVAILABLE", -0x5080 },
		{ "4294937344", "MBEDTLS_ERR_SSL_CERTIFICATE_TOO_LARGE", -0x7500 },
		{ "0A000132", "SSL_R_BAD_ECPOINT", 0x0a000132 },
		{ "A000132", "SSL_R_BAD_ECPOINT", 0x0a000132 },
		{ "error:0A000132:SSL routines::bad ecpoint", "SSL_R_BAD_ECPOINT", 0x0a000132 },
		{ "167772466", "SSL_R_BAD_ECPOINT", 0x0a000132 },
		{ "14094410", "SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE", 0x14094410 },
		{ "0A000410", "SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE", 0x0a000410 },
		{ "0B080074", "X509_R_KEY_VALUES_MISMATCH", 0x0b080074 },
		{ "05800074", "X509_R_KEY_VALUES_MISMATCH", 0x05800074 },
		{ "0A0C0103", "ERR_R_INTERNAL_ERROR", 0x0a0c0103 },
		{ "80000068", "ECONNRESET", 104 },
		{ "104", "ECONNRESET", 104 },
		{ "-313", "FATAL_ERROR", -313 },
		{ "fffffec7", "FATAL_ERROR", -313 },
		{ "-188", "ASN_NO_SIGNER_E", -188 },
		{ "-348", "GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR", -348 },
		{ "flags 0x08", "MBEDTLS_X509_BADCERT_NOT_TRUSTED", 8 },
		{ "flags=512", "MBEDTLS_X509_BADCERT_FUTURE", 512 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct code_match match = first_match(rows[i].text);

		assert_string_equal(match.code->name, rows[i].name);
		assert_true(match.value == rows[i].value);
		assert_int_equal(match.part, CODE_WHOLE);
	}
}

static void test_codes__psa_comes_first_in_its_range(void **state)
{
	struct code_match match;

	(void)state;
	for (int32_t value = -132; value >= -153; value--) {
		char text[16];

		(void)snprintf(text, sizeof text, "%d", (int)value);
		match = first_match(text);
		assert_int_equal(match.code->kind, CODE_PSA);
		assert_int_equal(match.code->value, value);
		assert_string_equal(code_library_name(match.code), "PSA");
	}
	match = first_match("-149");
	assert_string_equal(match.code->name, "PSA_ERROR_INVALID_SIGNATURE");
}

static void test_codes__a_sum_gives_both_parts(void **state)
{
	struct code_match matches[MAX_MATCHES];

	(void)state;
	assert_int_equal(codes_find("-0x262E", matches, MAX_MATCHES), 2);
	assert_string_equal(matches[0].code->name, "MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG");
	assert_int_equal(matches[0].part, CODE_HIGH_PART);
	assert_string_equal(matches[1].code->name, "MBEDTLS_ERR_OID_NOT_FOUND");
	assert_int_equal(matches[1].part, CODE_LOW_PART);
	assert_true(matches[1].value == -0x262e);

	assert_int_equal(codes_find("-17040", matches, MAX_MATCHES), 2);
	assert_string_equal(matches[0].code->name, "MBEDTLS_ERR_RSA_PUBLIC_FAILED");
	assert_string_equal(matches[1].code->name, "MBEDTLS_ERR_MPI_ALLOC_FAILED");
}

static void test_codes__nonsense_finds_nothing(void **state)
{
	static const char *const rows[] = { "", "-", "0x", "-0x", "x", "ab", "nonsense", "0x8000",
		"-32769", "99999999999999999999999", "-0x10000", "0xFFFFFFFFFFFFFFFFF", "flags",
		"flags zero", "12 monkeys and more", "0A00FFFF" };
	struct code_match match;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(codes_find(rows[i], &match, 1), 0);
}

static void test_codes__names_match_in_part_and_best_first(void **state)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{ "MBEDTLS_ERR_ECP_INVALID_KEY", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "ecp_invalid_key", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "invalid key", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "bad-ecpoint", "SSL_R_BAD_ECPOINT" },
		{ "PSA_ERROR_BAD_STATE", "PSA_ERROR_BAD_STATE" },
		{ "asn_no_signer_e", "ASN_NO_SIGNER_E" },
		{ "econnreset", "ECONNRESET" },
		{ "BADCERT_CN", "MBEDTLS_X509_BADCERT_CN_MISMATCH" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(first_match(rows[i].text).code->name, rows[i].name);
}

static void test_codes__count_goes_past_what_fits(void **state)
{
	struct code_match matches[2];

	(void)state;
	assert_true(codes_find("alloc_failed", matches, 2) > 2);
	assert_true(codes_find("alloc_failed", NULL, 0) > 2);
}

static void test_codes__every_flag_of_a_sum_is_named(void **state)
{
	struct code_match matches[MAX_MATCHES];

	(void)state;
	assert_int_equal(codes_find("flags 0x0C", matches, MAX_MATCHES), 2);
	assert_string_equal(matches[0].code->name, "MBEDTLS_X509_BADCERT_CN_MISMATCH");
	assert_string_equal(matches[1].code->name, "MBEDTLS_X509_BADCERT_NOT_TRUSTED");
}

static void test_codes__a_number_that_changed_meaning_says_so(void **state)
{
	/* Numbers that mean one thing in 2.x and another in 3.x. */
	static const char *const reused[] = { "-0x7500", "-0x7580", "-0x7300", "-0x7800", "-0x7A00",
		"-0x7B00", "-0x7B80", "-0x7C00", "-0x7C80", "-0x7E80", "-0x6E00", "-0x6E80",
		"-0x6600", "-0x3880" };

	(void)state;
	for (size_t i = 0; i < COUNT(reused); i++) {
		struct code_match matches[MAX_MATCHES];
		struct strbuf changes = { 0 };

		assert_true(codes_find(reused[i], matches, MAX_MATCHES) >= 2);
		code_changes(matches[0].code, &changes);
		assert_non_null(strstr(strbuf_text(&changes), "the number means "));
		strbuf_free(&changes);
	}
	expect_changes("-0x7500", 0,
		"in 3.0.0 to 4.1.0 the number means MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION");
	expect_changes("-0x7500", 1,
		"in 2.1.0 to 2.28.10 the number means MBEDTLS_ERR_SSL_CERTIFICATE_TOO_LARGE");
	expect_changes("-0x4E00", 0,
		"in 4.0.0 to 4.1.0 the value is -0x0095 (PSA_ERROR_INVALID_SIGNATURE)");
	expect_changes("-0x4C80", 0, "");
	expect_changes("ECONNRESET", 0, "");
}

static void test_codes__versions_are_in_order(void **state)
{
	struct code_match match = first_match("-0x7E80");

	(void)state;
	assert_string_equal(code_version(0), "2.7");
	assert_string_equal(code_version(5), "4.1");
	assert_null(code_version(6));
	assert_string_equal(match.code->name, "MBEDTLS_ERR_SSL_BAD_HS_FINISHED");
	assert_int_equal(match.code->versions, 0x07);
	assert_string_equal(match.code->last, "2.28.10");
}

static void test_codes__alerts_go_with_codes(void **state)
{
	static const struct {
		const char *text;
		int alert;
		bool received;
	} rows[] = {
		{ "-0x4E00", 51, false },
		{ "-0x4C80", CODE_ALERT_NONE, false },
		{ "-0x2700", CODE_ALERT_VARIES, false },
		{ "-0x7780", CODE_ALERT_UNKNOWN, true },
		{ "0A000132", 47, false },
		{ "14094410", 40, true },
		{ "0A00041B", 51, true },
		{ "-330", CODE_ALERT_VARIES, false },
		{ "-12", CODE_ALERT_UNKNOWN, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct code_match match = first_match(rows[i].text);

		assert_int_equal(match.code->alert, rows[i].alert);
		assert_int_equal(match.code->alert_received, rows[i].received);
	}
}

static void test_codes__causes_come_with_the_code(void **state)
{
	const struct code *code = first_match("-0x4C80").code;
	const struct code_cause *causes;
	size_t n;

	(void)state;
	causes = code_causes(code, &n);
	assert_true(n >= 2);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(causes[i].name, code->name);
	assert_non_null(strstr(causes[0].causes, "ec-arithmetic-broken"));

	assert_null(code_causes(first_match("PADLOCK_DATA_MISALIGNED").code, &n));
	assert_int_equal(n, 0);
}

static void test_codes__every_code_is_found_by_its_own_name(void **state)
{
	static const char *const roots[] = { "MBEDTLS_", "PSA_", "SSL_R_", "GNUTLS_E_",
		"X509_V_ERR_" };

	(void)state;
	for (size_t i = 0; i < COUNT(roots); i++) {
		struct code_match matches[512];
		size_t n = codes_find(roots[i], matches, COUNT(matches));

		assert_in_range(n, 20, COUNT(matches));
		for (size_t k = 0; k < n; k++) {
			const struct code *code = matches[k].code;

			assert_string_equal(first_match(code->name).code->name, code->name);
			assert_true(strlen(code->meaning) > 10);
		}
	}
}

static void test_code_of_mbedtls__a_number_means_what_its_release_says(void **state)
{
	static const struct {
		int value;
		const char *release, *high, *low;
	} rows[] = {
		{ -0x7a00, "2.28.3", "MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE", NULL },
		{ -0x7a00, "3.6.2", "MBEDTLS_ERR_SSL_BAD_CERTIFICATE", NULL },
		{ -0x0011, "2.16.0", "MBEDTLS_ERR_CCM_HW_ACCEL_FAILED", NULL },
		{ -0x0011, "3.6", "MBEDTLS_ERR_LMS_BAD_INPUT_DATA", NULL },
		{ -0x262e, "2.28.3", "MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG",
			"MBEDTLS_ERR_OID_NOT_FOUND" },
		/* newer than anything in the table */
		{ -0x2700, "9.1.0", "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct code_match match[2];
		size_t n = code_of_mbedtls(rows[i].value, rows[i].release, match);

		assert_int_equal(n, rows[i].low != NULL ? 2 : 1);
		assert_string_equal(match[0].code->name, rows[i].high);
		assert_int_equal(match[0].part, rows[i].low != NULL ? CODE_HIGH_PART : CODE_WHOLE);
		if (rows[i].low != NULL)
			assert_string_equal(match[1].code->name, rows[i].low);
	}
}

static void test_code_of_mbedtls__what_it_has_no_name_for_is_none(void **state)
{
	struct code_match match[2];

	(void)state;
	assert_int_equal(code_of_mbedtls(0, "3.6.2", match), 0);
	assert_int_equal(code_of_mbedtls(42, "3.6.2", match), 0);
	assert_int_equal(code_of_mbedtls(-0x0fff, "3.6.2", match), 0);
	assert_int_equal(code_of_mbedtls(INT32_MIN, "3.6.2", match), 0);
}

static void test_code_flag_name__each_bit_has_one(void **state)
{
	(void)state;
	assert_string_equal(code_flag_name(0x08), "MBEDTLS_X509_BADCERT_NOT_TRUSTED");
	assert_null(code_flag_name(0x80000000));
	assert_null(code_flag_name(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_of_mbedtls__a_number_means_what_its_release_says),
		cmocka_unit_test(test_code_of_mbedtls__what_it_has_no_name_for_is_none),
		cmocka_unit_test(test_code_flag_name__each_bit_has_one),
		cmocka_unit_test(test_codes__every_spelling_of_a_number_is_understood),
		cmocka_unit_test(test_codes__psa_comes_first_in_its_range),
		cmocka_unit_test(test_codes__a_sum_gives_both_parts),
		cmocka_unit_test(test_codes__nonsense_finds_nothing),
		cmocka_unit_test(test_codes__names_match_in_part_and_best_first),
		cmocka_unit_test(test_codes__count_goes_past_what_fits),
		cmocka_unit_test(test_codes__every_flag_of_a_sum_is_named),
		cmocka_unit_test(test_codes__a_number_that_changed_meaning_says_so),
		cmocka_unit_test(test_codes__versions_are_in_order),
		cmocka_unit_test(test_codes__alerts_go_with_codes),
		cmocka_unit_test(test_codes__causes_come_with_the_code),
		cmocka_unit_test(test_codes__every_code_is_found_by_its_own_name),
	};

	return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
