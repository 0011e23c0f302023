/* src/config: a configuration of several files, and how they are found. */
#include "config/build.h"
#include "config/version.h"

#include "base/array.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Files of a folder of their own; name NULL: no more. */
struct file {
	const char *name, *text;
};

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[200];

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_files(const struct file *files, size_t n)
{
	(void)snprintf(folder, sizeof folder, "/tmp/test-config-files-XXXXXX");
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < n && files[i].name != NULL; i++) {
		FILE *f = fopen(path_of(files[i].name), "w");

		assert_non_null(f);
		assert_true(fputs(files[i].text, f) >= 0);
		assert_int_equal(fclose(f), 0);
	}
}

static void remove_files(const struct file *files, size_t n)
{
	for (size_t i = 0; i < n && files[i].name != NULL; i++)
		assert_int_equal(unlink(path_of(files[i].name)), 0);
	assert_int_equal(rmdir(folder), 0);
}

enum { FILES_MAX = 3 };

/* The first is opened. */
struct row {
	struct file files[FILES_MAX];
	const char *macro;
	bool has;
	size_t not_included;
};

#define USER_FILE "#define MBEDTLS_USER_CONFIG_FILE \"mine/user.h\"\n"
#define CRYPTO    "#define PSA_WANT_ALG_GCM 1\n"
#define VERSION_4 "#define MBEDTLS_CONFIG_VERSION 0x04000000\n#define MBEDTLS_SSL_TLS_C\n"

static const struct row rows[] = {
	/* what the user puts on top */
	{ { { "c.h", USER_FILE "#define A\n" }, { "user.h", "#define X\n#undef A\n" } }, "X", true,
		0 },
	{ { { "c.h", USER_FILE "#define A\n" }, { "user.h", "#define X\n#undef A\n" } }, "A", false,
		0 },
	{ { { "c.h", USER_FILE "#define A\n" } }, "A", true, 1 },
	{ { { "c.h", USER_FILE "#include MBEDTLS_USER_CONFIG_FILE\n#undef X\n" },
		  { "user.h", "#define X\n" } },
		"X", false, 0 },
	{ { { "c.h", USER_FILE "#include MBEDTLS_USER_CONFIG_FILE\n" } }, "X", false, 1 },
	/* the file of cryptography */
	{ { { "c.h", VERSION_4 }, { "crypto_config.h", CRYPTO } }, "PSA_WANT_ALG_GCM", true, 0 },
	{ { { "c.h", VERSION_4 } }, "PSA_WANT_ALG_GCM", false, 1 },
	{ { { "c.h", VERSION_4 "#define TF_PSA_CRYPTO_CONFIG_FILE \"own.h\"\n" },
		  { "own.h", CRYPTO }, { "crypto_config.h", "#define X\n" } },
		"PSA_WANT_ALG_GCM", true, 0 },
	{ { { "c.h", VERSION_4 "#define TF_PSA_CRYPTO_CONFIG_FILE \"own.h\"\n" },
		  { "own.h", CRYPTO }, { "crypto_config.h", "#define X\n" } },
		"X", false, 0 },
	{ { { "c.h", VERSION_4 "#define TF_PSA_CRYPTO_USER_CONFIG_FILE \"own.h\"\n" },
		  { "own.h", "#undef PSA_WANT_ALG_GCM\n" }, { "crypto_config.h", CRYPTO } },
		"PSA_WANT_ALG_GCM", false, 0 },
	{ { { "c.h", "#define MBEDTLS_PSA_CRYPTO_CONFIG\n" }, { "crypto_config.h", CRYPTO } },
		"PSA_WANT_ALG_GCM", true, 0 },
	{ { { "c.h", "#define MBEDTLS_PSA_CRYPTO_CONFIG\n"
		     "#define MBEDTLS_PSA_CRYPTO_CONFIG_FILE \"own.h\"\n" },
		  { "own.h", CRYPTO } },
		"PSA_WANT_ALG_GCM", true, 0 },
	{ { { "c.h", "#define MBEDTLS_AES_C\n" }, { "crypto_config.h", CRYPTO } },
		"PSA_WANT_ALG_GCM", false, 0 },
	/* a file that includes itself ends */
	{ { { "c.h", "#define X\n#include \"c.h\"\n#include \"c.h\"\n" } }, "X", true, 200 },
};

static void test_config_files__what_the_library_would_include_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = { 0 };
		struct config *c;
		size_t missing;

		write_files(rows[i].files, FILES_MAX);
		c = config_open(path_of(rows[i].files[0].name), &e);
		assert_non_null(c);
		missing = config_count(c).not_included;
		if (config_has(c, rows[i].macro) != rows[i].has ||
			(missing != 0) != (rows[i].not_included != 0))
			print_message("# row %zu: %s, %zu missing\n", i, rows[i].macro, missing);
		assert_int_equal(config_has(c, rows[i].macro), rows[i].has);
		if (rows[i].not_included < 2)
			assert_int_equal(missing, rows[i].not_included);
		config_close(c);
		remove_files(rows[i].files, FILES_MAX);
	}
}

static void test_config_files__a_user_file_may_be_named_by_d(void **state)
{
	static const struct file files[] = { { "c.h", "#define A\n" },
		{ "user.h", "#define X\n#undef A\n" } };
	struct err e = { 0 };
	struct config *c;

	(void)state;
	write_files(files, COUNT(files));
	c = config_open(path_of("c.h"), &e);
	assert_non_null(c);
	assert_true(config_define(c, "MBEDTLS_USER_CONFIG_FILE=\"user.h\"", &e));
	assert_true(config_has(c, "X"));
	assert_false(config_has(c, "A"));
	config_close(c);
	remove_files(files, COUNT(files));
}

static void test_config_files__two_files_are_one_configuration(void **state)
{
	static const struct file files[] = {
		{ "mbedtls_config.h",
			VERSION_4 "#define MBEDTLS_SSL_PROTO_TLS1_2\n#define MBEDTLS_SSL_CLI_C\n"
				  "#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n"
				  "#define MBEDTLS_X509_CRT_PARSE_C\n" },
		{ "crypto.h",
			CRYPTO "#define PSA_WANT_KEY_TYPE_AES 1\n#define PSA_WANT_ALG_SHA_256 1\n"
			       "#define PSA_WANT_ALG_ECDSA 1\n#define PSA_WANT_ALG_ECDH 1\n"
			       "#define PSA_WANT_ECC_SECP_R1_256 1\n"
			       "#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY 1\n" },
	};
	struct err e = { 0 };
	struct config *c, *crypto;
	struct build b;

	(void)state;
	write_files(files, COUNT(files));
	c = config_open(path_of("mbedtls_config.h"), &e);
	crypto = config_open(path_of("crypto.h"), &e);
	assert_true(c != NULL && crypto != NULL);
	assert_true(config_is_of_crypto(crypto));
	assert_false(config_is_of_crypto(c));
	assert_true(config_lacks_crypto(c, RELEASE_4));
	assert_false(config_lacks_crypto(c, RELEASE_3_6));
	build_of(c, 4, &b);
	assert_true(b.lacks_crypto);
	assert_int_equal(config_count(c).not_included, 1);
	assert_true(config_add(c, path_of("crypto.h"), &e));
	assert_int_equal(config_count(c).not_included, 0);
	assert_false(config_lacks_crypto(c, RELEASE_4));
	build_of(c, 4, &b);
	assert_false(b.lacks_crypto);
	assert_int_equal(b.n_suites, 1);
	assert_int_equal(b.suites[0].value, 0xc02b);
	assert_true(build_has_group(&b, 23));
	assert_true(b.rsa_keys && b.ec_keys);
	assert_false(config_add(c, path_of("none.h"), &e));
	config_close(c);
	config_close(crypto);
	remove_files(files, COUNT(files));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_files__what_the_library_would_include_is_read),
		cmocka_unit_test(test_config_files__a_user_file_may_be_named_by_d),
		cmocka_unit_test(test_config_files__two_files_are_one_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
