/* The sections of the report on a configuration. */
#include "report/config_build.h"
#include "report/config_flash.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct config *open_config(const char *path)
{
	struct err e = { 0 };
	struct config *c = config_open(path, &e);

	if (c == NULL)
		print_message("# %s\n", e.msg);
	assert_non_null(c);
	return c;
}

static struct build forum_build(void)
{
	struct config *c = open_config("fixtures/config/forum/config.h");
	struct build b;

	build_of(c, 2, &b);
	config_close(c);
	return b;
}

static void expect_text(const struct build *b, const char *want)
{
	struct page p = { .width = 80 };

	report_build_text(&p, b);
	assert_string_equal(p.out.text, want);
	strbuf_free(&p.out);
}

static void test_report_build__text_of_the_forums_configuration(void **state)
{
	struct build b = forum_build();

	(void)state;
	expect_text(&b,
		"what it can negotiate (as mbedTLS 2.28 sets it by itself)\n"
		"  roles        server\n"
		"  versions     TLS 1.2\n"
		"  key exchange ECDHE_ECDSA\n"
		"  suites       2 suites, as a server it takes the client's order\n"
		"               TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\n"
		"               TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n"
		"  groups       secp384r1, secp256r1\n"
		"  signatures   ECDSA with SHA-512, ECDSA with SHA-384, ECDSA with SHA-256, ECDSA\n"
		"               with SHA-224\n"
		"  certificates EC keys; read as PEM and DER; dates are not checked\n"
		"  records      up to 1,024 bytes in, 1,024 out; 2,138 bytes of heap for the two\n"
		"               buffers\n"
		"  handshake    about 5,500 bytes of heap as a server at its peak (its largest\n"
		"               curve), 2,138 of them the buffers; without the device's own\n"
		"               certificates and keys\n"
		"  extensions   max_fragment_length\n");
}

static void test_report_build__says_none_where_there_is_none(void **state)
{
	struct build b = { .major = 3, .in = { 16384, 16429 }, .out = { 16384, 16429 } };

	(void)state;
	expect_text(&b,
		"what it can negotiate (as mbedTLS 3.6 sets it by itself)\n"
		"  roles        none\n"
		"  versions     none\n"
		"  suites       none\n"
		"  groups       none\n"
		"  signatures   none\n"
		"  certificates none\n"
		"  records      up to 16,384 bytes in, 16,384 out; 32,858 bytes of heap for the\n"
		"               two buffers\n"
		"  extensions   none\n");
}

/* Of the stock configuration, which has a hundred suites: the first are shown, the others counted. */
static void test_report_build__many_suites_are_counted(void **state)
{
	struct config *c = open_config("tests/config/stock-2.28.3.h");
	struct page p = { .width = 80 };
	struct build b;
	char want[64];

	(void)state;
	build_of(c, 2, &b);
	config_close(c);
	report_build_text(&p, &b);
	(void)snprintf(want, sizeof want, "and %zu more (--json has all)\n", b.n_suites - 12);
	assert_non_null(strstr(p.out.text, want));
	assert_non_null(strstr(p.out.text, "client, server, over TCP and UDP (DTLS)\n"));
	assert_non_null(strstr(p.out.text, "in its own order"));
	assert_non_null(
		strstr(p.out.text, "RSA keys, EC keys; read as PEM and DER; dates are checked"));
	assert_null(strstr(p.out.text, "(null)"));
	strbuf_free(&p.out);
}

static void test_report_build__json_has_everything(void **state)
{
	struct build b = forum_build();
	struct strbuf out = { 0 };
	struct json j = { .out = &out };

	(void)state;
	report_build_json(&j, &b);
	assert_string_equal(out.text,
		"\"build\":{\"as\":\"2.28\",\"client\":false,\"server\":true,\"dtls\":false,"
		"\"versions\":[{\"value\":\"0x0303\",\"name\":\"TLS1.2\"}],"
		"\"key_exchanges\":[\"ECDHE_ECDSA\"],\"cipher_suites\":["
		"{\"value\":\"0xc02c\",\"name\":\"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\","
		"\"from\":\"TLS1.2\",\"to\":\"TLS1.2\"},"
		"{\"value\":\"0xc02b\",\"name\":\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\","
		"\"from\":\"TLS1.2\",\"to\":\"TLS1.2\"}],\"cipher_suites_listed\":true,"
		"\"client_order\":true,\"groups\":[{\"value\":\"0x0018\",\"name\":\"secp384r1\"},"
		"{\"value\":\"0x0017\",\"name\":\"secp256r1\"}],\"signature_schemes\":["
		"{\"value\":\"0x0603\",\"name\":\"ecdsa_secp521r1_sha512\"},"
		"{\"value\":\"0x0503\",\"name\":\"ecdsa_secp384r1_sha384\"},"
		"{\"value\":\"0x0403\",\"name\":\"ecdsa_secp256r1_sha256\"},"
		"{\"value\":\"0x0303\",\"name\":\"ecdsa_sha224\"}],"
		"\"certificates\":{\"rsa\":false,\"ec\":true,\"pem\":true,\"files\":false,"
		"\"dates\":false},\"record_in\":{\"content\":1024,\"buffer\":1069},"
		"\"record_out\":{\"content\":1024,\"buffer\":1069},\"handshake_heap\":{"
		"\"role\":\"server\",\"curve_bits\":384,\"peak_by_rsa\":false,\"buffers\":2138,"
		"\"structures\":980,\"peak\":2424,\"total\":5542},\"extensions\":{"
		"\"max_fragment_length\":true,\"record_size_limit\":false,"
		"\"extended_master_secret\":false,\"encrypt_then_mac\":false,"
		"\"session_tickets\":false,\"renegotiation\":false}}");
	strbuf_free(&out);
}

static const struct saving savings[] = {
	{ "-A", "something", -2048, -8, -3000, NEED_PEM, SAVING_NOT_NEEDED, NULL },
	{ "-B", "another", 0, 0, -44, NEED_SECP384R1, SAVING_NEEDED, "ca.pem" },
	{ "+C", "flash", 2152, -2604, 2152, NEEDED_BY_NOBODY, SAVING_FREE, NULL },
};

static void test_report_flash__text_says_what_is_saved_and_lost(void **state)
{
	struct page p = { .width = 80 };

	(void)state;
	report_flash_text(&p, 2, savings, 3);
	assert_string_equal(p.out.text,
		"what it could do without\n"
		"  Measured with mbedTLS 2.28.3 on a Cortex-M4 (gcc 12.2, -Os), one change at a\n"
		"  time of a small server for TLS 1.2. Savings overlap; where more is compiled\n"
		"  in, most are larger, some much smaller.\n"
		"  -A\n"
		"        2,048 bytes of flash saved, 8 bytes of RAM saved. Lost: something.\n"
		"        Looked for and not found: PEM.\n"
		"  -B\n"
		"        44 bytes of objects that are linked whole saved. Lost: another. Keep it:\n"
		"        P-384 is used (ca.pem).\n"
		"  +C\n"
		"        2,152 bytes of flash more, 2,604 bytes of RAM saved. Lost: flash.\n");
	strbuf_free(&p.out);
}

static void test_report_flash__json_has_the_figures(void **state)
{
	struct strbuf out = { 0 };
	struct json j = { .out = &out };

	(void)state;
	report_flash_json(&j, 3, savings, 2);
	assert_string_equal(out.text,
		"\"flash\":{\"measured\":\"3.6.6\",\"savings\":[{\"change\":\"-A\",\"flash\":-2048,"
		"\"ram\":-8,\"objects\":-3000,\"lost\":\"something\",\"verdict\":\"not-needed\"},"
		"{\"change\":\"-B\",\"flash\":0,\"ram\":0,\"objects\":-44,\"lost\":\"another\","
		"\"verdict\":\"needed\",\"where\":\"ca.pem\"}]}");
	strbuf_free(&out);
}

static void test_report_build__what_stands_in_another_file_is_not_guessed(void **state)
{
	struct build b = { .major = 3, .lacks_crypto = true, .client = true };

	(void)state;
	expect_text(&b,
		"what it can negotiate (as mbedTLS 3.6 sets it by itself)\n"
		"  roles        client\n"
		"  algorithms   not known: PSA_WANT_... stand in a crypto_config.h, which was not\n"
		"               at hand\n"
		"  records      up to 0 bytes in, 0 out; 0 bytes of heap for the two buffers\n"
		"  extensions   none\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report_build__text_of_the_forums_configuration),
		cmocka_unit_test(test_report_build__says_none_where_there_is_none),
		cmocka_unit_test(test_report_build__many_suites_are_counted),
		cmocka_unit_test(test_report_build__json_has_everything),
		cmocka_unit_test(test_report_build__what_stands_in_another_file_is_not_guessed),
		cmocka_unit_test(test_report_flash__text_says_what_is_saved_and_lost),
		cmocka_unit_test(test_report_flash__json_has_the_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
