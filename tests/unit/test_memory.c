/* src/config/memory.c, against handshakes of real builds on 32 bits (data/README.md). */
#include "config/build.h"

#include "base/array.h"
#include "config/derived.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct build build_from(struct config *c, unsigned major)
{
	struct build b;

	assert_non_null(c);
	build_of(c, major, &b);
	config_close(c);
	return b;
}

static struct build open_build(const char *path, const char *define)
{
	struct err e = { 0 };
	struct config *c = config_open(path, &e);

	assert_non_null(c);
	if (define != NULL)
		assert_true(config_define(c, define, &e));
	return build_from(c, 2);
}

static struct build read_build(const char *text, unsigned major)
{
	struct err e = { 0 };

	return build_from(config_read("c.h", bytes_of(text, strlen(text)), &e), major);
}

/* Bytes that the allocator was asked for at most, and of these by mbedtls_ssl_setup(). Only the first row's curve,
 * window and switches are those of the table. */
static const struct {
	const char *path;
	bool client;
	long setup, total;
} measured[] = {
	{ "fixtures/config/forum/config.h", false, 3118, 5542 },
	{ "tests/config/own-ecdsa.h", true, 33622, 37397 },
	{ "tests/config/suite-b-2.28.3.h", true, 3134, 5965 },
	{ "tests/config/stock-2.28.3.h", true, 36082, 43859 },
	{ "tests/config/own-rsasrv.h", false, 35746, 43178 },
};

static bool within_percent(long estimate, long real, long percent)
{
	return labs(estimate - real) * 100 <= real * percent;
}

static void test_memory__agrees_with_real_builds_within_five_percent(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(measured); i++) {
		struct build b = open_build(measured[i].path, NULL);
		const struct build_memory *m = &b.memory;

		print_message("# %s: setup %ld (%ld), all %ld (%ld)\n", measured[i].path,
			m->buffers + m->structures, measured[i].setup, m->total, measured[i].total);
		assert_int_equal(m->client, measured[i].client);
		assert_true(within_percent(m->buffers + m->structures, measured[i].setup, 1));
		assert_true(within_percent(m->total, measured[i].total, 5));
		assert_int_equal(m->total, m->buffers + m->structures + m->peak);
	}
}

#define SERVER_3                                                                                   \
	"#define MBEDTLS_SSL_TLS_C\n#define MBEDTLS_SSL_SRV_C\n#define MBEDTLS_SSL_CLI_C\n"        \
	"#define MBEDTLS_SSL_PROTO_TLS1_2\n#define MBEDTLS_AES_C\n#define MBEDTLS_GCM_C\n"         \
	"#define MBEDTLS_SHA256_C\n#define MBEDTLS_SHA512_C\n#define MBEDTLS_SHA384_C\n"           \
	"#define MBEDTLS_ECDSA_C\n#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n"              \
	"#define MBEDTLS_X509_CRT_PARSE_C\n#define MBEDTLS_ECP_DP_SECP256R1_ENABLED\n"             \
	"#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH\n"      \
	"#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE\n#define MBEDTLS_ECP_WINDOW_SIZE 2\n"           \
	"#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0\n"
#define TLS13                                                                                      \
	"#define MBEDTLS_PSA_CRYPTO_C\n#define MBEDTLS_SSL_PROTO_TLS1_3\n"                         \
	"#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED\n"                         \
	"#define MBEDTLS_HKDF_C\n"
#define CONTENT(n)                                                                                 \
	"#define MBEDTLS_SSL_IN_CONTENT_LEN " n "\n#define MBEDTLS_SSL_OUT_CONTENT_LEN " n "\n"

/* 3.6.6, as a client with P-384 */
static void test_memory__of_3_6_with_tls_1_3(void **state)
{
	struct build b = read_build(SERVER_3 TLS13 CONTENT("2048"), 3);

	(void)state;
	assert_true(b.memory.client);
	assert_true(within_percent(b.memory.buffers + b.memory.structures, 5914, 1));
	assert_true(within_percent(b.memory.total, 10849, 5));
}

/* PSA copies the room that is left for a key share, all of it. */
static void test_memory__a_key_share_of_tls_1_3_costs_a_record(void **state)
{
	struct build large = read_build(SERVER_3 TLS13, 3);
	struct build none =
		read_build(SERVER_3 TLS13 "#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS\n", 3);
	struct build old = read_build(SERVER_3, 3);

	(void)state;
	assert_int_equal(large.memory.peak, 16384 + 1375);
	assert_int_equal(none.memory.peak, old.memory.peak + 850);
}

/* A premaster secret of DHE is as long as a number may be. */
static void test_memory__the_premaster_secret_has_the_size_of_the_largest(void **state)
{
	struct build small = open_build("fixtures/config/forum/config.h", NULL);
	struct build large = open_build(
		"fixtures/config/forum/config.h", "MBEDTLS_KEY_EXCHANGE_DHE_RSA_ENABLED");
	struct build psk =
		open_build("fixtures/config/forum/config.h", "MBEDTLS_KEY_EXCHANGE_PSK_ENABLED");

	(void)state;
	assert_int_equal(
		large.memory.structures, small.memory.structures); /* numbers of 48 bytes */
	assert_int_equal(psk.memory.structures, small.memory.structures + 28);
}

static void test_memory__a_wider_window_costs_heap(void **state)
{
	static const char *const windows[] = { "MBEDTLS_ECP_WINDOW_SIZE=2",
		"MBEDTLS_ECP_WINDOW_SIZE=3", "MBEDTLS_ECP_WINDOW_SIZE=4",
		"MBEDTLS_ECP_WINDOW_SIZE=5" };
	long before = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(windows); i++) {
		struct build b = open_build("fixtures/config/forum/config.h", windows[i]);

		assert_true(b.memory.peak >= before);
		before = b.memory.peak;
	}
	assert_true(before > 4000);
}

static void test_memory__without_certificates_it_is_not_known(void **state)
{
	struct build b = open_build("tests/config/own-psk.h", NULL);

	(void)state;
	assert_int_equal(b.memory.total, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory__agrees_with_real_builds_within_five_percent),
		cmocka_unit_test(test_memory__of_3_6_with_tls_1_3),
		cmocka_unit_test(test_memory__a_key_share_of_tls_1_3_costs_a_record),
		cmocka_unit_test(test_memory__the_premaster_secret_has_the_size_of_the_largest),
		cmocka_unit_test(test_memory__a_wider_window_costs_heap),
		cmocka_unit_test(test_memory__without_certificates_it_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
