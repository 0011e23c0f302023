/* What a side's library returned, in words and as evidence. */
#include "diagnose/word.h"

#include "support/unit.h"

#define WORD(who, what, where, flags)                                                              \
	{                                                                                          \
		.release = (who), .code = (what), .state = (where), .verify_flags = (flags)        \
	}

struct row {
	struct library_word word;
	const char *text, *name;
	bool certificate, signature;
};

static const struct row rows[] = {
	{ WORD("mbedTLS 2.28.3", -0x4e00, "SERVER_KEY_EXCHANGE", 0),
		"mbedtls_ssl_handshake returned -0x4E00, ECP_VERIFY_FAILED, in "
		"SERVER_KEY_EXCHANGE",
		"MBEDTLS_ERR_ECP_VERIFY_FAILED", false, false },
	{ WORD("mbedTLS 2.28.3", -0x2700, "SERVER_CERTIFICATE", 0x09),
		"mbedtls_ssl_handshake returned -0x2700, X509_CERT_VERIFY_FAILED, in "
		"SERVER_CERTIFICATE (BADCERT_EXPIRED, BADCERT_NOT_TRUSTED)",
		"MBEDTLS_ERR_X509_CERT_VERIFY_FAILED", true, false },
	/* a sum, and a state that is not known */
	{ WORD("mbedTLS 2.28.3", -0x262e, NULL, 0),
		"mbedtls_ssl_handshake returned -0x262E, X509_UNKNOWN_SIG_ALG + OID_NOT_FOUND",
		"MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG + MBEDTLS_ERR_OID_NOT_FOUND", true, false },
	/* the same number in another release */
	{ WORD("mbedTLS 2.28.3", -0x7a00, "SERVER_CERTIFICATE", 0),
		"mbedtls_ssl_handshake returned -0x7A00, SSL_BAD_HS_CERTIFICATE, in "
		"SERVER_CERTIFICATE",
		"MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE", true, false },
	{ WORD("mbedTLS 3.6.2", -0x7a00, "SERVER_CERTIFICATE", 0),
		"mbedtls_ssl_handshake returned -0x7A00, SSL_BAD_CERTIFICATE, in "
		"SERVER_CERTIFICATE",
		"MBEDTLS_ERR_SSL_BAD_CERTIFICATE", true, false },
	/* TLS 1.3 of mbedTLS 3: the proof of the key */
	{ WORD("mbedTLS 3.6.2", -0x6e00, "CERTIFICATE_VERIFY", 0),
		"mbedtls_ssl_handshake returned -0x6E00, SSL_HANDSHAKE_FAILURE, in "
		"CERTIFICATE_VERIFY",
		"MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE", false, true },
	{ WORD("mbedTLS 3.6.2", -0x6e00, "SERVER_HELLO", 0),
		"mbedtls_ssl_handshake returned -0x6E00, SSL_HANDSHAKE_FAILURE, in SERVER_HELLO",
		"MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE", false, false },
	/* nobody knows that code */
	{ WORD("mbedTLS 2.28.3", -0x0fff, NULL, 0), "mbedtls_ssl_handshake returned -0x0FFF", "",
		false, false },
	{ WORD("GnuTLS 3.7.9", -0x2700, NULL, 0), "GnuTLS 3.7.9 returned -9984", "", false, false },
};

static void test_word__says_what_was_returned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 };

		word_text(&rows[i].word, &out);
		assert_string_equal(strbuf_text(&out), rows[i].text);
		strbuf_clear(&out);
		word_name(&rows[i].word, &out);
		assert_string_equal(strbuf_text(&out), rows[i].name);
		assert_true(word_failed(&rows[i].word));
		strbuf_free(&out);
	}
}

static void test_word__is_evidence_of_what_it_blames(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(word_blames_certificate(&rows[i].word), rows[i].certificate);
		assert_int_equal(word_blames_signature(&rows[i].word), rows[i].signature);
	}
}

static void test_word__nothing_known_and_success_are_no_failure(void **state)
{
	const struct library_word none = { 0 }, well = WORD("mbedTLS 3.6.2", 0, NULL, 0);

	(void)state;
	assert_false(word_failed(&none));
	assert_false(word_failed(&well));
	assert_false(word_blames_certificate(&none));
	assert_false(word_blames_signature(&well));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_word__says_what_was_returned),
		cmocka_unit_test(test_word__is_evidence_of_what_it_blames),
		cmocka_unit_test(test_word__nothing_known_and_success_are_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
