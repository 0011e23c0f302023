/* src/config: which release a configuration is for, and what it gets wrong. */
#include "config/deployment.h"
#include "config/derived.h"
#include "config/finding.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "support/unit.h"

#include <string.h>

/* A configuration that was judged. */
struct judged {
	struct config *config;
	struct arena *arena;
	struct config_version version;
	struct config_findings found;
};

static struct judged *judge(const char *release, const char *text)
{
	static struct judged j;
	struct err e = { 0 };

	memset(&j, 0, sizeof j);
	j.config = config_read("c.h", bytes_of(text, strlen(text)), &e);
	assert_non_null(j.config);
	j.arena = arena_new(4 << 20);
	assert_non_null(j.arena);
	if (release != NULL)
		assert_true(config_version_parse(release, &j.version, &e));
	else
		config_version_guess(j.config, &j.version);
	config_findings_written(&j.found, j.config, &j.version, j.arena);
	assert_true(config_derive(j.config, &j.version, &e));
	config_findings_derived(&j.found, j.config, &j.version, j.arena);
	config_findings_sort(&j.found);
	return &j;
}

static void release(struct judged *j)
{
	config_close(j->config);
	arena_free(j->arena);
}

static const struct config_finding *find(const struct judged *j, const char *id, const char *macro)
{
	for (size_t i = 0; i < j->found.n; i++)
		if (strcmp(j->found.list[i].id, id) == 0 &&
			strcmp(j->found.list[i].macro, macro) == 0)
			return &j->found.list[i];
	return NULL;
}

#define AES    "#define MBEDTLS_AES_C\n"
#define CURVES "#define MBEDTLS_ECP_C\n#define MBEDTLS_BIGNUM_C\n"
#define P256   "#define MBEDTLS_ECP_DP_SECP256R1_ENABLED\n"
#define P384   "#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n"
#define P521   "#define MBEDTLS_ECP_DP_SECP521R1_ENABLED\n"
#define TLS    "#define MBEDTLS_SSL_TLS_C\n"
#define X509   "#define MBEDTLS_ECDSA_C\n#define MBEDTLS_X509_CRT_PARSE_C\n"

struct claim {
	const char *release, *text, *id, *macro;
	int severity; /* -1: it is not found */
	unsigned line;
};

#define SERIAL                                                                                     \
	TLS "#define MBEDTLS_SHA256_C\n#define MBEDTLS_SSL_CONTEXT_SERIALIZATION\n"                \
	    "#define MBEDTLS_GCM_C\n#define MBEDTLS_SSL_HAVE_GCM\n"
#define TLS_13     TLS "#define MBEDTLS_SSL_PROTO_TLS1_3\n"
#define MODE(name) "#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_" name "_ENABLED\n"

static const struct claim claims[] = {
	/* what is missing */
	{ "2.28", AES "#define MBEDTLS_DHM_C\n", "config-missing-dependency", "MBEDTLS_DHM_C", 0,
		2 },
	{ "2.28", "#define MBEDTLS_DHM_C\n#define MBEDTLS_BIGNUM_C\n", "config-missing-dependency",
		"MBEDTLS_DHM_C", -1, 0 },
	{ "2.16", "#define MBEDTLS_CTR_DRBG_C\n", "config-missing-dependency", "MBEDTLS_CTR_DRBG_C",
		0, 1 },
	{ "3.6", "#define MBEDTLS_CTR_DRBG_C\n", "config-missing-dependency", "MBEDTLS_CTR_DRBG_C",
		0, 1 },
	{ "3.6", AES "#define MBEDTLS_CTR_DRBG_C\n", "config-missing-dependency",
		"MBEDTLS_CTR_DRBG_C", -1, 0 },
	{ "3.6", "#define MBEDTLS_ENTROPY_C\n", "config-missing-dependency", "MBEDTLS_ENTROPY_C", 0,
		1 },
	{ "3.6", "#define MBEDTLS_ENTROPY_C\n#define MBEDTLS_SHA256_C\n#define MBEDTLS_MD_C\n",
		"config-missing-dependency", "MBEDTLS_ENTROPY_C", -1, 0 },
	/* what the release's own headers refuse besides */
	{ "3.6", AES "#define MBEDTLS_CONFIG_VERSION 0\n", "config-out-of-range",
		"MBEDTLS_CONFIG_VERSION", 0, 2 },
	{ "3.6", AES "#define MBEDTLS_CONFIG_VERSION 0\n", "config-contradiction",
		"MBEDTLS_CONFIG_VERSION", -1, 0 },
	{ "2.28", AES "#define MBEDTLS_TEST_CONSTANT_FLOW_MEMSAN\n", "config-contradiction",
		"MBEDTLS_TEST_CONSTANT_FLOW_MEMSAN", 0, 2 },
	{ "2.28", TLS "#define MBEDTLS_SSL_PROTO_TLS1_2\n", "config-missing-dependency",
		"MBEDTLS_SSL_PROTO_TLS1_2", 0, 2 },
	{ "3.6", AES "#define MBEDTLS_CONFIG_VERSION 0x03000000\n", "config-out-of-range",
		"MBEDTLS_CONFIG_VERSION", -1, 0 },
	/* 4.x: with both of its files, and with that of TLS alone */
	{ "4.x", TLS "#define MBEDTLS_SSL_PROTO_TLS1_2\n#define PSA_WANT_ALG_GCM 1\n",
		"config-missing-dependency", "MBEDTLS_SSL_TLS_C", 0, 1 },
	{ "4.x", TLS "#define MBEDTLS_SSL_PROTO_TLS1_2\n", "config-missing-dependency",
		"MBEDTLS_SSL_TLS_C", -1, 0 },
	{ "4.x", TLS, "config-missing-dependency", "MBEDTLS_SSL_TLS_C", 0, 1 },
	{ "4.x", "#define MBEDTLS_X509_USE_C\n", "config-missing-dependency", "MBEDTLS_X509_USE_C",
		-1, 0 },
	{ "4.x", "#define MBEDTLS_X509_USE_C\n#define PSA_WANT_ALG_GCM 1\n",
		"config-missing-dependency", "MBEDTLS_X509_USE_C", 0, 1 },
	{ "4.x", "#define MBEDTLS_X509_CRT_PARSE_C\n", "config-no-date-check", "", -1, 0 },
	{ "4.x", "#define MBEDTLS_X509_CRT_PARSE_C\n#define PSA_WANT_ALG_GCM 1\n",
		"config-no-date-check", "", 1, 0 },
	{ "4.x", "#define MBEDTLS_ZLIB_SUPPORT\n", "config-removed-macro", "MBEDTLS_ZLIB_SUPPORT",
		0, 1 },
	{ NULL, "#define MBEDTLS_CONFIG_VERSION 0x04000000\n" TLS, "config-missing-dependency",
		"MBEDTLS_SSL_TLS_C", 0, 2 },
	/* what excludes each other */
	{ "2.28",
		"#define MBEDTLS_THREADING_C\n#define MBEDTLS_THREADING_ALT\n"
		"#define MBEDTLS_THREADING_PTHREAD\n",
		"config-contradiction", "MBEDTLS_THREADING_ALT", 0, 2 },
	/* what a release has not */
	{ "3.6", AES "#define MBEDTLS_CERTS_C\n", "config-removed-macro", "MBEDTLS_CERTS_C", 1, 2 },
	{ "3.6", "#define MBEDTLS_CHECK_PARAMS\n", "config-removed-macro", "MBEDTLS_CHECK_PARAMS",
		0, 1 },
	{ "2.28", "#define MBEDTLS_CERTS_C\n", "config-removed-macro", "MBEDTLS_CERTS_C", -1, 0 },
	{ "2.16", "#define MBEDTLS_SSL_PROTO_TLS1_3\n", "config-unknown-macro",
		"MBEDTLS_SSL_PROTO_TLS1_3", 1, 1 },
	{ "2.28", AES "#define MBEDTLS_SHA265_C\n", "config-unknown-macro", "MBEDTLS_SHA265_C", 1,
		2 },
	{ "2.28", AES "#define MBEDTLS_CONFIG_H\n", "config-unknown-macro", "MBEDTLS_CONFIG_H", -1,
		0 },
	{ "2.28", AES "#define MY_PORT\n", "config-unknown-macro", "MY_PORT", -1, 0 },
	/* off by 0 is on */
	{ "2.28", "#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE 0\n", "config-zero-is-on",
		"MBEDTLS_SSL_KEEP_PEER_CERTIFICATE", 1, 1 },
	{ "2.28", "#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0\n", "config-zero-is-on",
		"MBEDTLS_ECP_FIXED_POINT_OPTIM", -1, 0 },
	{ "2.28", "#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE\n", "config-zero-is-on",
		"MBEDTLS_SSL_KEEP_PEER_CERTIFICATE", -1, 0 },
	/* sizes */
	{ "2.28", CURVES P256 "#define MBEDTLS_MPI_MAX_SIZE 31\n", "config-mpi-too-small",
		"MBEDTLS_MPI_MAX_SIZE", 0, 4 },
	{ "2.28", CURVES P256 "#define MBEDTLS_MPI_MAX_SIZE 32\n", "config-mpi-too-small",
		"MBEDTLS_MPI_MAX_SIZE", -1, 0 },
	{ "2.28", CURVES P521 "#define MBEDTLS_MPI_MAX_SIZE 48\n", "config-mpi-too-small",
		"MBEDTLS_MPI_MAX_SIZE", 0, 4 },
	{ "2.28", "#define MBEDTLS_RSA_C\n#define MBEDTLS_MPI_MAX_SIZE 128\n",
		"config-mpi-too-small", "MBEDTLS_MPI_MAX_SIZE", 0, 2 },
	{ "2.28", "#define MBEDTLS_RSA_C\n#define MBEDTLS_MPI_MAX_SIZE 256\n",
		"config-mpi-too-small", "MBEDTLS_MPI_MAX_SIZE", -1, 0 },
	{ "2.16", CURVES P384 "#define MBEDTLS_ECP_MAX_BITS 256\n", "config-ecp-bits-too-small",
		"MBEDTLS_ECP_MAX_BITS", 0, 4 },
	{ "2.16", CURVES P384 "#define MBEDTLS_ECP_MAX_BITS 384\n", "config-ecp-bits-too-small",
		"MBEDTLS_ECP_MAX_BITS", -1, 0 },
	{ "2.28", TLS "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", "config-content-too-small",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", 1, 2 },
	{ "3.6", TLS "#define MBEDTLS_SSL_IN_CONTENT_LEN 4096\n", "config-content-too-small",
		"MBEDTLS_SSL_IN_CONTENT_LEN", 2, 2 },
	{ "3.6", TLS "#define MBEDTLS_SSL_IN_CONTENT_LEN 16384\n", "config-content-too-small",
		"MBEDTLS_SSL_IN_CONTENT_LEN", -1, 0 },
	{ "2.28", TLS "#define MBEDTLS_SSL_MAX_CONTENT_LEN 16385\n", "config-out-of-range",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", 0, 2 },
	{ "2.28", "#define MBEDTLS_ECP_WINDOW_SIZE 8\n", "config-out-of-range",
		"MBEDTLS_ECP_WINDOW_SIZE", 0, 1 },
	{ "2.28", "#define MBEDTLS_ECP_WINDOW_SIZE 7\n", "config-out-of-range",
		"MBEDTLS_ECP_WINDOW_SIZE", -1, 0 },
	{ "2.28", "#define MBEDTLS_ENTROPY_MAX_SOURCES 0\n", "config-out-of-range",
		"MBEDTLS_ENTROPY_MAX_SOURCES", 0, 1 },
	{ "3.6", "#define MBEDTLS_RSA_GEN_KEY_MIN_BITS 127\n", "config-out-of-range",
		"MBEDTLS_RSA_GEN_KEY_MIN_BITS", 0, 1 },
	{ "3.6", "#define MBEDTLS_RSA_GEN_KEY_MIN_BITS 128\n", "config-out-of-range",
		"MBEDTLS_RSA_GEN_KEY_MIN_BITS", -1, 0 },
	{ "2.28", "#define MBEDTLS_RSA_GEN_KEY_MIN_BITS 127\n", "config-out-of-range",
		"MBEDTLS_RSA_GEN_KEY_MIN_BITS", -1, 0 },
	/* no value */
	{ "2.28", TLS "#define MBEDTLS_SSL_MAX_CONTENT_LEN\n", "config-bad-value",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", 0, 2 },
	/* what a file that is not read may bring */
	{ "2.28", "#define MBEDTLS_CHACHAPOLY_C\n#define MBEDTLS_POLY1305_C\n",
		"config-missing-dependency", "MBEDTLS_CHACHAPOLY_C", 0, 1 },
	{ "2.28",
		"#define MBEDTLS_CHACHAPOLY_C\n#define MBEDTLS_POLY1305_C\n"
		"#define MBEDTLS_PSA_CRYPTO_CONFIG\n",
		"config-missing-dependency", "MBEDTLS_CHACHAPOLY_C", 1, 1 },
	/* what changes nothing */
	{ "2.28", AES "#define MBEDTLS_PADLOCK_C\n", "config-no-effect", "MBEDTLS_PADLOCK_C", 2,
		2 },
	{ "2.28", AES "#define MBEDTLS_PADLOCK_C\n#define MBEDTLS_AESNI_C\n", "config-no-effect",
		"MBEDTLS_PADLOCK_C", -1, 0 },
	/* a rule compares it, be the module that uses it there or not */
	{ "2.28", AES "#define MBEDTLS_SSL_CID_IN_LEN_MAX\n", "config-bad-value",
		"MBEDTLS_SSL_CID_IN_LEN_MAX", 0, 2 },
	{ "3.6", AES "#define MBEDTLS_SSL_MAX_EARLY_DATA_SIZE\n", "config-bad-value",
		"MBEDTLS_SSL_MAX_EARLY_DATA_SIZE", 0, 2 },
	{ "2.28", AES "#define MBEDTLS_SSL_MAX_CONTENT_LEN\n", "config-bad-value",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", -1, 0 },
	{ "2.28", TLS "#define MBEDTLS_SSL_MAX_CONTENT_LEN 16K\n", "config-bad-value",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", 0, 2 },
	{ "2.28", TLS "#define MBEDTLS_SSL_MAX_CONTENT_LEN MY_SIZE\n", "config-bad-value",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", -1, 0 },
	{ "2.28", TLS "#define MBEDTLS_SSL_MAX_CONTENT_LEN (4 * 1024)\n", "config-bad-value",
		"MBEDTLS_SSL_MAX_CONTENT_LEN", -1, 0 },
	{ "2.28", TLS "#define MBEDTLS_SSL_CIPHERSUITES\n", "config-bad-value",
		"MBEDTLS_SSL_CIPHERSUITES", 0, 2 },
	{ "2.28", TLS "#define MBEDTLS_SSL_CIPHERSUITES 0xc02c, 0xc02b\n", "config-bad-value",
		"MBEDTLS_SSL_CIPHERSUITES", -1, 0 },
	{ "2.28", TLS "#define MBEDTLS_SSL_COOKIE_TIMEOUT\n", "config-bad-value",
		"MBEDTLS_SSL_COOKIE_TIMEOUT", -1, 0 },
	{ "3.6", "#define MBEDTLS_ECP_C\n#define MBEDTLS_ECP_WINDOW_SIZE\n", "config-bad-value",
		"MBEDTLS_ECP_WINDOW_SIZE", 0, 2 },
	{ "2.28", "#define MBEDTLS_PLATFORM_STD_FREE\n", "config-bad-value",
		"MBEDTLS_PLATFORM_STD_FREE", -1, 0 },
	/* presets */
	{ "2.28", TLS X509 CURVES P521, "config-preset-curves", "MBEDTLS_ECDSA_C", 2, 2 },
	{ "2.28", TLS X509 CURVES P384, "config-preset-curves", "MBEDTLS_ECDSA_C", -1, 0 },
	{ "3.6", TLS X509 CURVES P521, "config-preset-curves", "MBEDTLS_ECDSA_C", 2, 2 },
	{ "3.6", TLS X509 CURVES "#define MBEDTLS_ECP_DP_SECP256K1_ENABLED\n",
		"config-preset-curves", "MBEDTLS_ECDSA_C", 1, 2 },
	{ "3.6", TLS X509 CURVES P256, "config-preset-curves", "MBEDTLS_ECDSA_C", -1, 0 },
	{ "2.28", TLS CURVES P521, "config-preset-curves", "MBEDTLS_ECDSA_C", -1, 0 },
	/* locks */
	{ "2.28", "#define MBEDTLS_THREADING_C\n#define MBEDTLS_THREADING_ALT\n",
		"config-threading", "MBEDTLS_THREADING_ALT", 2, 2 },
	{ "2.28", TLS, "config-threading", "", 2, 0 },
	{ "2.28", TLS "#define MBEDTLS_THREADING_C\n#define MBEDTLS_THREADING_PTHREAD\n",
		"config-threading", "", -1, 0 },
	/* what only the code refuses */
	{ "2.28", SERIAL AES, "config-missing-dependency", "MBEDTLS_SSL_CONTEXT_SERIALIZATION", 0,
		3 },
	{ "2.28", SERIAL "#define MBEDTLS_SSL_PROTO_TLS1_2\n", "config-missing-dependency",
		"MBEDTLS_SSL_CONTEXT_SERIALIZATION", -1, 0 },
	{ "3.6", SERIAL AES, "config-missing-dependency", "MBEDTLS_SSL_CONTEXT_SERIALIZATION", -1,
		0 },
	/* traps */
	{ "2.28", "#define MBEDTLS_ENTROPY_C\n#define MBEDTLS_NO_PLATFORM_ENTROPY\n",
		"config-no-entropy", "MBEDTLS_NO_PLATFORM_ENTROPY", 1, 2 },
	{ "2.28",
		"#define MBEDTLS_ENTROPY_C\n#define MBEDTLS_NO_PLATFORM_ENTROPY\n"
		"#define MBEDTLS_ENTROPY_NV_SEED\n",
		"config-no-entropy", "MBEDTLS_NO_PLATFORM_ENTROPY", -1, 0 },
	{ "2.28", "#define MBEDTLS_X509_CRT_PARSE_C\n", "config-no-date-check", "", 1, 0 },
	{ "2.28", "#define MBEDTLS_HAVE_ASM\n", "config-assembly", "MBEDTLS_HAVE_ASM", 2, 1 },
	{ "2.28", AES, "config-assembly", "MBEDTLS_HAVE_ASM", -1, 0 },
	{ "2.28", "#define MBEDTLS_AES_ALT\n", "config-alternative-implementation",
		"MBEDTLS_AES_ALT", 1, 1 },
	{ "2.28", "#define MBEDTLS_PLATFORM_EXIT_ALT\n", "config-alternative-implementation",
		"MBEDTLS_PLATFORM_EXIT_ALT", -1, 0 },
	{ "2.28", "#define MBEDTLS_ENABLE_WEAK_CIPHERSUITES\n", "config-weak-allowed",
		"MBEDTLS_ENABLE_WEAK_CIPHERSUITES", 1, 1 },
	{ "2.28",
		"#define MBEDTLS_ENABLE_WEAK_CIPHERSUITES\n#define MBEDTLS_SSL_CIPHERSUITES "
		"0xc02c\n",
		"config-no-effect", "MBEDTLS_ENABLE_WEAK_CIPHERSUITES", 2, 1 },
	{ "3.6", TLS "#define MBEDTLS_SSL_PROTO_TLS1_3\n", "config-no-key-exchange",
		"MBEDTLS_SSL_PROTO_TLS1_3", 0, 2 },
	{ "3.6", TLS_13 "#define MBEDTLS_SSL_CLI_C\n" MODE("PSK"), "config-no-key-exchange",
		"MBEDTLS_SSL_PROTO_TLS1_3", 0, 2 },
	{ "3.6", TLS_13 "#define MBEDTLS_SSL_SRV_C\n" MODE("PSK_EPHEMERAL"),
		"config-no-key-exchange", "MBEDTLS_SSL_PROTO_TLS1_3", 1, 2 },
	{ "3.6", TLS_13 "#define MBEDTLS_SSL_SRV_C\n" MODE("EPHEMERAL"), "config-no-key-exchange",
		"MBEDTLS_SSL_PROTO_TLS1_3", -1, 0 },
};

static void test_config_findings__each_is_found_where_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(claims); i++) {
		const struct claim *c = &claims[i];
		struct judged *j = judge(c->release, c->text);
		const struct config_finding *f = find(j, c->id, c->macro);

		if ((f != NULL) != (c->severity >= 0))
			print_message("# %s, %s %s:\n%s", c->release, c->id, c->macro, c->text);
		assert_true((f != NULL) == (c->severity >= 0));
		if (f != NULL) {
			assert_int_equal(f->severity, c->severity);
			assert_int_equal(f->at.line, c->line);
			assert_true(*f->reason != '\0' && *f->fix != '\0');
		}
		release(j);
	}
}

static void test_config_findings__what_a_derived_macro_follows_from_is_told(void **state)
{
	struct judged *j = judge("3.6", TLS "#define MBEDTLS_SSL_PROTO_TLS1_2\n#define "
					    "MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n");
	const struct config_finding *f =
		find(j, "config-missing-dependency", "MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED");

	(void)state;
	assert_non_null(f);
	assert_non_null(strstr(f->reason, "MBEDTLS_CAN_ECDH (from MBEDTLS_ECDH_C)"));
	release(j);
}

static void test_config_findings__a_rule_of_what_came_later_is_not_asked(void **state)
{
	struct judged *j = judge("2.7", AES "#define MBEDTLS_CTR_DRBG_C\n");

	(void)state;
	assert_int_equal(j->found.errors, 0);
	release(j);
}

static void test_config_findings__errors_come_first_and_too_many_are_counted(void **state)
{
	struct strbuf text = { 0 };
	struct judged *j;

	(void)state;
	for (int i = 0; i < CONFIG_FINDINGS_MAX + 5; i++)
		strbuf_printf(&text, "#define MBEDTLS_NONE_%d\n", i);
	j = judge("2.28", strbuf_text(&text));
	assert_int_equal(j->found.n, CONFIG_FINDINGS_MAX);
	assert_int_equal(j->found.left_out, 5);
	assert_int_equal(j->found.warnings, CONFIG_FINDINGS_MAX + 5);
	release(j);
	strbuf_free(&text);
	j = judge("2.28", "#define MBEDTLS_NONE\n#define MBEDTLS_DHM_C\n");
	assert_int_equal(j->found.list[0].severity, CONFIG_ERROR);
	release(j);
}

static void test_config_findings__only_what_would_help_is_asked_for(void **state)
{
	static const struct {
		const char *release, *text, *id, *macro, *reason, *fix;
	} rows[] = {
		{ "2.28", "#define MBEDTLS_ECP_C\n" P256, "config-missing-dependency",
			"MBEDTLS_ECP_C",
			"MBEDTLS_ECP_C needs MBEDTLS_BIGNUM_C, which is not defined: the release "
			"refuses to compile.",
			"define MBEDTLS_BIGNUM_C, or remove MBEDTLS_ECP_C" },
		{ "2.28", "#define MBEDTLS_ECP_C\n", "config-missing-dependency", "MBEDTLS_ECP_C",
			"MBEDTLS_ECP_C needs MBEDTLS_BIGNUM_C and a curve "
			"(MBEDTLS_ECP_DP_..._ENABLED), which are not defined: the release refuses "
			"to "
			"compile.",
			"define MBEDTLS_BIGNUM_C and a curve (MBEDTLS_ECP_DP_..._ENABLED), or "
			"remove "
			"MBEDTLS_ECP_C" },
		{ "2.28", "#define MBEDTLS_GCM_C\n", "config-missing-dependency", "MBEDTLS_GCM_C",
			"MBEDTLS_GCM_C needs one of MBEDTLS_AES_C, MBEDTLS_CAMELLIA_C, "
			"MBEDTLS_ARIA_C, and none is defined: the release refuses to compile.",
			"define one of MBEDTLS_AES_C, MBEDTLS_CAMELLIA_C, MBEDTLS_ARIA_C, or "
			"remove "
			"MBEDTLS_GCM_C" },
		{ "2.28", "#define MBEDTLS_NIST_KW_C\n", "config-missing-dependency",
			"MBEDTLS_NIST_KW_C",
			"MBEDTLS_NIST_KW_C needs MBEDTLS_AES_C and MBEDTLS_CIPHER_C, which are not "
			"defined: the release refuses to compile.",
			"define MBEDTLS_AES_C and MBEDTLS_CIPHER_C, or remove MBEDTLS_NIST_KW_C" },
		{ "3.6", "#define MBEDTLS_CMAC_C\n", "config-missing-dependency", "MBEDTLS_CMAC_C",
			"MBEDTLS_CMAC_C needs MBEDTLS_CIPHER_C and either MBEDTLS_AES_C or "
			"MBEDTLS_DES_C, and has not got all of that: the release refuses to "
			"compile.",
			"define MBEDTLS_CIPHER_C and either MBEDTLS_AES_C or MBEDTLS_DES_C, or "
			"remove "
			"MBEDTLS_CMAC_C" },
		{ "3.6", "#define MBEDTLS_ENTROPY_C\n", "config-missing-dependency",
			"MBEDTLS_ENTROPY_C",
			"MBEDTLS_ENTROPY_C needs MBEDTLS_MD_CAN_SHA512 (from MBEDTLS_SHA512_C) or "
			"MBEDTLS_MD_CAN_SHA256 (from MBEDTLS_SHA256_C), and neither is defined: "
			"the "
			"release refuses to compile.",
			"define MBEDTLS_SHA512_C or MBEDTLS_SHA256_C, or remove "
			"MBEDTLS_ENTROPY_C" },
		{ "3.6", "#define MBEDTLS_PSA_CRYPTO_C\n", "config-missing-dependency",
			"MBEDTLS_PSA_CRYPTO_C",
			"MBEDTLS_PSA_CRYPTO_C needs MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG, or "
			"MBEDTLS_ENTROPY_C with either MBEDTLS_CTR_DRBG_C or MBEDTLS_HMAC_DRBG_C, "
			"and "
			"has neither: the release refuses to compile.",
			NULL },
		{ "2.28", "#define MBEDTLS_SSL_TLS_C\n#define MBEDTLS_SSL_PROTO_TLS1_2\n",
			"config-missing-dependency", "MBEDTLS_SSL_PROTO_TLS1_2",
			"MBEDTLS_SSL_PROTO_TLS1_2 needs a key exchange "
			"(MBEDTLS_KEY_EXCHANGE_..._ENABLED), which is not defined: the release "
			"refuses to compile.",
			NULL },
		{ "2.28", "#define MBEDTLS_HAVE_INT32\n#define MBEDTLS_HAVE_INT64\n",
			"config-contradiction", "MBEDTLS_HAVE_INT32",
			"MBEDTLS_HAVE_INT32 does not go with MBEDTLS_HAVE_INT64: the release "
			"refuses "
			"to compile.",
			"remove MBEDTLS_HAVE_INT32, or MBEDTLS_HAVE_INT64" },
		{ "3.6", "#define MBEDTLS_CONFIG_VERSION 0x0400\n", "config-out-of-range",
			"MBEDTLS_CONFIG_VERSION",
			"MBEDTLS_CONFIG_VERSION is 0x0400, and the release refuses to compile "
			"where "
			"this holds: defined(MBEDTLS_CONFIG_VERSION) && ( MBEDTLS_CONFIG_VERSION < "
			"0x03000000 || MBEDTLS_CONFIG_VERSION > MBEDTLS_VERSION_NUMBER).",
			"change MBEDTLS_CONFIG_VERSION" },
		{ "3.6", "#define MBEDTLS_ZLIB_SUPPORT\n", "config-removed-macro",
			"MBEDTLS_ZLIB_SUPPORT",
			"MBEDTLS_ZLIB_SUPPORT is gone, and the release refuses to compile while it "
			"is "
			"defined.",
			"remove MBEDTLS_ZLIB_SUPPORT" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judged *j = judge(rows[i].release, rows[i].text);
		bool found = false;

		for (size_t k = 0; k < j->found.n; k++) {
			const struct config_finding *f = &j->found.list[k];

			found |= strcmp(f->id, rows[i].id) == 0 &&
				 strcmp(f->macro, rows[i].macro) == 0 &&
				 strcmp(f->reason, rows[i].reason) == 0 &&
				 (rows[i].fix == NULL || strcmp(f->fix, rows[i].fix) == 0);
			if (!found && strcmp(f->macro, rows[i].macro) == 0)
				print_message("# %s\n", f->reason);
		}
		assert_true(found);
		release(j);
	}
}

static void test_config_version__macros_tell_the_release(void **state)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{ AES "#define MBEDTLS_CERTS_C\n#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE\n",
			"2.28" },
		{ AES "#define MBEDTLS_SHA384_C\n#define MBEDTLS_SSL_PROTO_TLS1_3\n", "3.6" },
		{ AES "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1\n", "2.28" },
		{ AES, "2.28" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judged *j = judge(NULL, rows[i].text);

		assert_string_equal(j->version.name, rows[i].name);
		assert_false(j->version.given);
		release(j);
	}
}

static void test_config_version__what_is_given_is_the_nearest_that_is_known(void **state)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{ "2.7", "2.7" },
		{ "2.16.12", "2.16" },
		{ "2.27", "2.16" },
		{ "2.28.3", "2.28" },
		{ "3.0.0", "3.0" },
		{ "3.5", "3.0" },
		{ "3.6.6", "3.6" },
		{ "4.x", "4.x" },
		{ "4.1", "4.x" },
		{ "2.1", "2.7" },
		{ "1.3", NULL },
		{ "5", NULL },
		{ "", NULL },
		{ "2.28a", NULL },
		{ "x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct config_version v = { 0 };
		struct err e = { 0 };
		bool ok = config_version_parse(rows[i].text, &v, &e);

		assert_true(ok == (rows[i].name != NULL));
		if (ok)
			assert_string_equal(v.name, rows[i].name);
		else
			assert_int_equal(e.code, ERR_USAGE);
	}
}

static void test_config_define__is_as_on_the_compilers_command_line(void **state)
{
	static const char *const wrong[] = { "", "=3", "1X", "A B=1", "A-B", "9" };
	struct err e = { 0 };
	struct config *c = config_read("c.h", bytes_of("#define A\n", 10), &e);

	(void)state;
	assert_non_null(c);
	assert_true(config_define(c, "X", &e));
	assert_true(config_define(c, "Y=0x20", &e));
	for (size_t i = 0; i < COUNT(wrong); i++) {
		e.code = ERR_NONE;
		assert_false(config_define(c, wrong[i], &e));
		assert_int_equal(e.code, ERR_USAGE);
	}
	assert_int_equal(config_number(c, "X", 0), 1);
	assert_int_equal(config_number(c, "Y", 0), 32);
	config_close(c);
}

/* A server fails as soon as such a suite is offered; a client does without. */
static void test_config_findings__suites_that_are_named_and_not_there(void **state)
{
	static const struct {
		const char *release, *text;
		int severity; /* -1: nothing is found */
		const char *says;
	} rows[] = {
		{ "2.28", "#define MBEDTLS_SSL_SRV_C\n", CONFIG_ERROR, "MBEDTLS_SHA512_C" },
		{ "2.28", "#define MBEDTLS_SSL_CLI_C\n", CONFIG_WARNING, "MBEDTLS_SHA512_C" },
		{ "3.6", "#define MBEDTLS_SSL_SRV_C\n#define MBEDTLS_SHA512_C\n", CONFIG_ERROR,
			"MBEDTLS_SHA384_C" },
		{ "2.28", "#define MBEDTLS_SSL_SRV_C\n#define MBEDTLS_SHA512_C\n", -1, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct strbuf text = { 0 };
		struct judged *j;
		const struct config_finding *f;

		strbuf_printf(&text,
			"%s#define MBEDTLS_SSL_PROTO_TLS1_2\n#define MBEDTLS_GCM_C\n" AES TLS
			"#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n"
			"#define MBEDTLS_SSL_CIPHERSUITES "
			"MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\n",
			rows[i].text);
		j = judge(rows[i].release, text.text);
		f = find(j, "config-suite-not-compiled-in", "MBEDTLS_SSL_CIPHERSUITES");
		assert_int_equal(f != NULL ? (int)f->severity : -1, rows[i].severity);
		if (f != NULL)
			assert_non_null(strstr(f->fix, rows[i].says));
		release(j);
		strbuf_free(&text);
	}
}

/* ---- certificates against a build ---- */

static const struct deployed_cert p256 = { .name = "leaf.pem (CN=a)",
	.own = true,
	.bytes = 500,
	.key = DEPLOYED_EC,
	.key_name = "EC secp256r1",
	.key_bits = 256,
	.group = 23,
	.signature = SIG_ECDSA,
	.hash = HASH_SHA256 };

#define EC_SERVER                                                                                  \
	TLS P256 CURVES AES                                                                        \
		"#define MBEDTLS_SSL_SRV_C\n#define MBEDTLS_SSL_PROTO_TLS1_2\n"                    \
		"#define MBEDTLS_GCM_C\n#define MBEDTLS_SHA256_C\n#define MBEDTLS_ECDSA_C\n"       \
		"#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n#define MBEDTLS_MD_C\n"         \
		"#define MBEDTLS_X509_CRT_PARSE_C\n#define MBEDTLS_PK_C\n"
#define RSA "#define MBEDTLS_RSA_C\n"

struct deployed_claim {
	const char *release, *text;
	struct deployed_cert cert;
	const char *id, *macro;
	int severity; /* -1: nothing is found */
	const char *says;
};

static struct deployed_cert with_hash(enum hash hash)
{
	struct deployed_cert c = p256;

	c.hash = hash;
	return c;
}

static struct deployed_cert with_group(uint16_t group, bool own)
{
	struct deployed_cert c = p256;

	c.group = group;
	c.own = own;
	return c;
}

static struct deployed_cert with_rsa(unsigned bits, bool own)
{
	struct deployed_cert c = p256;

	c.own = own;
	c.key = DEPLOYED_RSA;
	c.key_bits = bits;
	c.key_name = "RSA";
	c.group = 0;
	return c;
}

static struct deployed_cert with_signature(enum signature_kind kind)
{
	struct deployed_cert c = p256;

	c.signature = kind;
	return c;
}

static struct deployed_cert of_bytes(size_t bytes)
{
	struct deployed_cert c = p256;

	c.bytes = bytes;
	return c;
}

static struct deployed_cert spelled_out(bool nist)
{
	struct deployed_cert c = p256;

	c.explicit_curve = true;
	c.nist_curve = nist;
	return c;
}

static struct deployed_cert in_pem(void)
{
	struct deployed_cert c = p256;

	c.pem = true;
	return c;
}

static struct deployed_cert of_another_kind(void)
{
	struct deployed_cert c = p256;

	c.key = DEPLOYED_OTHER;
	c.key_name = "Ed25519";
	return c;
}

static const char unusable[] = "config-certificate-unusable";

static void deploy(struct judged *j, const struct deployment *d)
{
	struct build b;
	struct err e = { 0 };
	struct config_findings *found = &j->found;

	build_of(j->config, j->version.release >= RELEASE_3_0 ? 3 : 2, &b);
	memset(found, 0, sizeof *found);
	assert_true(config_derive(j->config, &j->version, &e));
	config_findings_deployment(found, j->config, &j->version, &b, d, j->arena);
}

static struct deployment *deployment_of(struct deployed_cert cert)
{
	static struct deployment d;

	memset(&d, 0, sizeof d);
	d.certs[0] = cert;
	d.n_certs = 1;
	return &d;
}

static void expect_nothing(const struct judged *j)
{
	if (j->found.n != 0)
		print_message("# %s\n", j->found.list[0].reason);
	assert_int_equal(j->found.n, 0);
}

static void expect_deployed(const struct judged *j, const struct deployed_claim *claim)
{
	const struct config_finding *f = find(j, claim->id, claim->macro);

	if (f == NULL) {
		fail_msg("no %s of '%s' in %s", claim->id, claim->macro, claim->text);
		return;
	}
	assert_int_equal(f->severity, claim->severity);
	assert_non_null(strstr(f->reason, claim->says));
	assert_non_null(strstr(f->reason, claim->cert.bytes == 500 ? "leaf.pem" : ""));
	assert_true(*f->fix != '\0');
}

static void check_deployed(const struct deployed_claim *claim)
{
	struct judged *j = judge(claim->release, claim->text);

	deploy(j, deployment_of(claim->cert));
	if (claim->severity < 0)
		expect_nothing(j);
	else
		expect_deployed(j, claim);
	release(j);
}

static void test_config_findings__certificates_that_the_build_cannot_use(void **state)
{
	const struct deployed_claim all[] = {
		{ "2.28", EC_SERVER, p256, "", "", -1, "" },
		{ "3.6", EC_SERVER, p256, "", "", -1, "" },
		{ "2.28", EC_SERVER, with_hash(HASH_SHA384), unusable, "MBEDTLS_SHA512_C", 0,
			"hash" },
		{ "2.28", EC_SERVER "#define MBEDTLS_SHA512_C\n", with_hash(HASH_SHA384), "", "",
			-1, "" },
		{ "3.6", EC_SERVER "#define MBEDTLS_SHA512_C\n", with_hash(HASH_SHA384), unusable,
			"MBEDTLS_SHA384_C", 0, "hash" },
		{ "3.6", EC_SERVER "#define MBEDTLS_SHA384_C\n", with_hash(HASH_SHA384), "", "", -1,
			"" },
		{ "2.28", EC_SERVER, with_hash(HASH_SHA1), unusable, "MBEDTLS_SHA1_C", 0,
			"-0x262E" },
		{ "2.28", EC_SERVER, with_group(24, true), unusable,
			"MBEDTLS_ECP_DP_SECP384R1_ENABLED", 0, "-0x3A00" },
		{ "2.28", EC_SERVER P384, with_group(24, true), "", "", -1, "" },
		{ "3.6", EC_SERVER, with_group(24, true), unusable,
			"MBEDTLS_ECP_DP_SECP384R1_ENABLED", 0, "curve" },
		{ "2.28", EC_SERVER, with_group(0, true), unusable, "", 0, "curve" },
		{ "2.28", EC_SERVER, spelled_out(false), unusable, "MBEDTLS_PK_PARSE_EC_EXTENDED",
			0, "spelled out" },
		{ "2.28", EC_SERVER "#define MBEDTLS_PK_PARSE_EC_EXTENDED\n", spelled_out(false),
			"", "", -1, "" },
		{ "2.28", EC_SERVER "#define MBEDTLS_PK_PARSE_EC_EXTENDED\n", spelled_out(true),
			unusable, "MBEDTLS_PK_PARSE_EC_EXTENDED", 0, "-0x3D00" },
		{ "2.28", EC_SERVER, in_pem(), unusable, "MBEDTLS_PEM_PARSE_C", 1, "PEM" },
		{ "2.28", EC_SERVER "#define MBEDTLS_PEM_PARSE_C\n", in_pem(), "", "", -1, "" },
		{ "2.28", EC_SERVER, with_rsa(2048, false), unusable, "MBEDTLS_RSA_C", 0, "RSA" },
		{ "2.28", EC_SERVER RSA, with_rsa(2048, false), "", "", -1, "" },
		{ "2.28", EC_SERVER RSA, with_rsa(1024, false), unusable, "", 1, "2048" },
		{ "2.28", EC_SERVER, with_signature(SIG_RSA_PKCS1), unusable, "MBEDTLS_RSA_C", 0,
			"RSA" },
		{ "2.28", EC_SERVER RSA, with_signature(SIG_RSA_PSS), unusable,
			"MBEDTLS_X509_RSASSA_PSS_SUPPORT", 0, "PSS" },
		{ "2.28", EC_SERVER, with_signature(SIG_ED25519), unusable, "", 0, "no mbedTLS" },
		{ "2.28", EC_SERVER, of_another_kind(), unusable, "", 0, "no mbedTLS" },
		{ "2.28", TLS AES, p256, unusable, "MBEDTLS_ECP_C", 0, "elliptic" },
		{ "2.28", TLS AES, p256, unusable, "MBEDTLS_ECDSA_C", 0, "ECDSA" },
		/* 3.x's default profile starts at 256 bits */
		{ "3.6", EC_SERVER "#define MBEDTLS_ECP_DP_SECP224R1_ENABLED\n",
			with_group(21, false), unusable, "", 1, "profile" },
		{ "2.28", EC_SERVER "#define MBEDTLS_ECP_DP_SECP224R1_ENABLED\n",
			with_group(21, false), "", "", -1, "" },
		/* a key that no suite goes with */
		{ "2.28", EC_SERVER RSA, with_rsa(2048, true), unusable, "", 0, "no suite" },
		{ "2.28", EC_SERVER RSA "#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED\n",
			with_rsa(2048, true), "", "", -1, "" },
		/* sizes */
		{ "2.28", EC_SERVER RSA "#define MBEDTLS_MPI_MAX_SIZE 256\n", with_rsa(4096, false),
			"config-mpi-too-small", "MBEDTLS_MPI_MAX_SIZE", 0, "-0x3B00" },
		{ "2.28", EC_SERVER RSA "#define MBEDTLS_MPI_MAX_SIZE 512\n", with_rsa(4096, false),
			"", "", -1, "" },
		{ "2.28", EC_SERVER "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", of_bytes(1014),
			"", "", -1, "" },
		{ "2.28", EC_SERVER "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", of_bytes(1015),
			"config-content-too-small", "MBEDTLS_SSL_MAX_CONTENT_LEN", 0,
			"has 1025 bytes, and a record that goes out may have 1024: sending it "
			"fails "
			"with -0x7500" },
		{ "3.6", EC_SERVER "#define MBEDTLS_SSL_OUT_CONTENT_LEN 1024\n", of_bytes(1015),
			"config-content-too-small", "MBEDTLS_SSL_OUT_CONTENT_LEN", 0, "-0x6A00" },
		{ "3.6", EC_SERVER "#define MBEDTLS_SSL_IN_CONTENT_LEN 1024\n", of_bytes(1015), "",
			"", -1, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		check_deployed(&all[i]);
}

/* With what several certificates have in common there is one finding. */
static void test_config_findings__certificates_alike_are_told_once(void **state)
{
	struct judged *j = judge("2.28", EC_SERVER);
	struct deployment *d = deployment_of(with_rsa(2048, false));

	(void)state;
	d->certs[1] = d->certs[2] = d->certs[0];
	d->n_certs = 3;
	deploy(j, d);
	assert_int_equal(j->found.n, 1);
	assert_non_null(strstr(j->found.list[0].reason, "as well as 2 more"));
	release(j);
}

#define SMALL EC_SERVER "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n"

static size_t errors_of_records(
	const char *text, enum deployed_side side, size_t client, size_t server)
{
	static struct deployment d;
	struct judged *j = judge("2.28", text);
	size_t n;

	memset(&d, 0, sizeof d);
	d.side = side;
	d.from_client = client;
	d.from_server = server;
	deploy(j, &d);
	n = j->found.n;
	if (n != 0)
		assert_string_equal(j->found.list[0].id, "config-content-too-small");
	release(j);
	return n;
}

/* What is sent to the device counts, not what it sends itself. */
static void test_config_findings__records_that_were_sent_to_the_device(void **state)
{
	(void)state;
	assert_int_equal(errors_of_records(SMALL, DEPLOYED_SERVER, 1025, 0), 1);
	assert_int_equal(errors_of_records(SMALL, DEPLOYED_SERVER, 1024, 9000), 0);
	assert_int_equal(errors_of_records(SMALL, DEPLOYED_CLIENT, 9000, 1024), 0);
	assert_int_equal(errors_of_records(SMALL, DEPLOYED_CLIENT, 0, 1025), 1);
	/* by the role that it has */
	assert_int_equal(errors_of_records(SMALL, DEPLOYED_UNKNOWN, 1025, 0), 1);
	assert_int_equal(
		errors_of_records(SMALL "#define MBEDTLS_SSL_CLI_C\n", DEPLOYED_UNKNOWN, 1025, 0),
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_findings__each_is_found_where_it_is),
		cmocka_unit_test(test_config_findings__what_a_derived_macro_follows_from_is_told),
		cmocka_unit_test(test_config_findings__a_rule_of_what_came_later_is_not_asked),
		cmocka_unit_test(test_config_findings__errors_come_first_and_too_many_are_counted),
		cmocka_unit_test(test_config_findings__suites_that_are_named_and_not_there),
		cmocka_unit_test(test_config_findings__certificates_that_the_build_cannot_use),
		cmocka_unit_test(test_config_findings__certificates_alike_are_told_once),
		cmocka_unit_test(test_config_findings__records_that_were_sent_to_the_device),
		cmocka_unit_test(test_config_findings__only_what_would_help_is_asked_for),
		cmocka_unit_test(test_config_version__macros_tell_the_release),
		cmocka_unit_test(test_config_version__what_is_given_is_the_nearest_that_is_known),
		cmocka_unit_test(test_config_define__is_as_on_the_compilers_command_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
