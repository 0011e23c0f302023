/* src/config/build.c, where no build was asked: test_build_measured.c has those that were. */
#include "config/build.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "names/names.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was not measured there ---- */

static struct build build_text(const char *text, unsigned major)
{
	struct err e = { 0 };
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);
	struct build b;

	assert_non_null(c);
	build_of(c, major, &b);
	assert_true(b.n_lost == 0 || b.lost[0].len != 0);
	config_close(c);
	return b;
}

#define TLS "#define MBEDTLS_SSL_TLS_C\n#define MBEDTLS_SSL_SRV_C\n"
#define ECDHE                                                                                      \
	"#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n#define MBEDTLS_SSL_PROTO_TLS1_2\n"     \
	"#define MBEDTLS_AES_C\n#define MBEDTLS_GCM_C\n#define MBEDTLS_SHA256_C\n"                 \
	"#define MBEDTLS_ECDSA_C\n#define MBEDTLS_ECDH_C\n#define MBEDTLS_X509_CRT_PARSE_C\n"      \
	"#define MBEDTLS_ECP_DP_SECP256R1_ENABLED\n"

static void test_build__of_3_6_has_tls_13_and_its_suites(void **state)
{
	struct build b = build_text(TLS ECDHE "#define MBEDTLS_SSL_PROTO_TLS1_3\n"
					      "#define MBEDTLS_ECP_DP_CURVE25519_ENABLED\n",
		3);

	(void)state;
	assert_int_equal(b.n_versions, 2);
	assert_int_equal(b.versions[0], 0x0304);
	assert_int_equal(b.n_suites, 2);
	assert_int_equal(b.suites[0].value, 0x1301);
	assert_int_equal(b.suites[1].value, 0xc02b);
	assert_int_equal(b.groups[0], 29);
	assert_int_equal(b.groups[1], 23);
	assert_int_equal(b.schemes[0], 0x0403);
	assert_int_equal(b.n_schemes, 1);
}

static void test_build__of_2_28_knows_no_tls_13(void **state)
{
	struct build b = build_text(TLS ECDHE "#define MBEDTLS_SSL_PROTO_TLS1_3\n", 2);

	(void)state;
	assert_int_equal(b.n_versions, 1);
	assert_int_equal(b.suites[0].value, 0xc02b);
	/* SHA-256 brings SHA-224 */
	assert_int_equal(b.n_schemes, 2);
	assert_int_equal(b.schemes[1], 0x0303);
}

static void test_build__sha_384_is_a_macro_of_its_own_in_3_6(void **state)
{
	static const char text[] = TLS ECDHE "#define MBEDTLS_SHA512_C\n";
	struct build two = build_text(text, 2), three = build_text(text, 3);

	(void)state;
	assert_true(build_has_suite(&two, 0xc02c));
	assert_false(build_has_suite(&three, 0xc02c));
}

static void test_build__tells_suites_that_are_listed_and_not_there(void **state)
{
	struct err e = { 0 };
	static const char text[] = TLS ECDHE
		"#define MBEDTLS_SSL_CIPHERSUITES MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "
		"0xC02B, MBEDTLS_TLS_NOT_A_SUITE\n";
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);
	struct build b;

	(void)state;
	assert_non_null(c);
	build_of(c, 2, &b);
	assert_true(b.suites_listed);
	assert_int_equal(b.n_suites, 1);
	assert_int_equal(b.suites[0].value, 0xc02b);
	assert_int_equal(b.n_lost, 2);
	assert_int_equal(b.lost[0].value, 0xc02c);
	assert_int_equal(b.lost[1].value, 0);
	assert_memory_equal(b.lost[1].name, "MBEDTLS_TLS_NOT_A_SUITE", b.lost[1].len);
	config_close(c);
}

/* The forum's build on an ARM core: 1,024 bytes need 1,069 (measured: two bytes of heap for each byte of content). */
static void test_build__record_buffers_are_as_large_as_the_library_makes_them(void **state)
{
	static const struct {
		const char *text;
		unsigned major;
		long in, out;
	} rows[] = {
		{ TLS ECDHE "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", 2, 1069, 1069 },
		{ TLS ECDHE "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", 3, 16429, 16429 },
		{ TLS ECDHE "#define MBEDTLS_SSL_IN_CONTENT_LEN 4096\n", 3, 4141, 16429 },
		{ TLS ECDHE "#define MBEDTLS_CIPHER_MODE_CBC\n", 2, 16384 + 13 + 16 + 32 + 256,
			16384 + 13 + 16 + 32 + 256 },
		{ TLS ECDHE "#define MBEDTLS_CIPHER_MODE_CBC\n#define MBEDTLS_SHA512_C\n", 2,
			16384 + 13 + 16 + 48 + 256, 16384 + 13 + 16 + 48 + 256 },
		{ TLS ECDHE "#define MBEDTLS_SSL_PROTO_DTLS\n"
			    "#define MBEDTLS_SSL_DTLS_CONNECTION_ID\n"
			    "#define MBEDTLS_SSL_CID_OUT_LEN_MAX 8\n",
			3, 16429 + 48, 16429 + 24 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct build b = build_text(rows[i].text, rows[i].major);

		assert_int_equal(b.in.buffer, rows[i].in);
		assert_int_equal(b.out.buffer, rows[i].out);
	}
}

static void test_build__without_tls_can_nothing(void **state)
{
	struct build b = build_text(ECDHE, 3);

	(void)state;
	assert_int_equal(b.n_versions, 0);
	assert_int_equal(b.n_suites, 0);
	assert_int_equal(b.n_groups, 0);
	assert_int_equal(b.n_schemes, 0);
	assert_false(b.server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build__of_3_6_has_tls_13_and_its_suites),
		cmocka_unit_test(test_build__of_2_28_knows_no_tls_13),
		cmocka_unit_test(test_build__sha_384_is_a_macro_of_its_own_in_3_6),
		cmocka_unit_test(test_build__tells_suites_that_are_listed_and_not_there),
		cmocka_unit_test(test_build__record_buffers_are_as_large_as_the_library_makes_them),
		cmocka_unit_test(test_build__without_tls_can_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
