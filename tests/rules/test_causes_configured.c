/* Causes with a configuration given (--config): whose build it can be, and what follows from that. */
#include "diagnose/configured.h"
#include "rules/facts.h"
#include "rules/said.h"

#include <stdio.h>
#include <string.h>

/* A server of TLS 1.2 with ECDHE-ECDSA, AES-GCM, secp384r1 and secp256r1; and lines behind it. */
static void configure(struct facts *f, const char *more)
{
	FILE *in = fopen("fixtures/config/forum/config.h", "rb");
	char text[16384];
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, sizeof text / 2, in);
	(void)fclose(in);
	(void)snprintf(text + n, sizeof text - n, "\n%s", more);
	facts_configure(f, text);
}

/* The same for a client. */
static const char client[] = "#define MBEDTLS_SSL_CLI_C\n#undef MBEDTLS_SSL_SRV_C\n";

/* As mbedTLS says it with that build. */
static void hello_of_build(struct facts *f, struct handshake *hs)
{
	struct client_hello *hello = &hs->client_hello;

	hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	hello->suites = LIST(f->hs, 0xc02c, 0xc02b, 0x00ff);
	hello->ext.groups = LIST(f->hs, 24, 23);
	hello->ext.schemes = LIST(f->hs, 0x0603, 0x0503, 0x0403);
	hello->ext.has_versions = false;
	hello->ext.versions = (struct u16s){ 0 };
	hello->version = 0x0303;
}

static void refuse(struct handshake *hs, uint8_t alert)
{
	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, alert);
}

static void assert_of(struct facts *f, const char *whose)
{
	facts_examine(f);
	assert_string_equal(configured_side_name(f->file.configured.of), whose);
}

/* ---- whose it is ---- */

static void test_configured__is_the_servers_where_the_client_cannot_be_such_a_build(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	assert_of(f, "server");
	f->hs->client_hello.seen = false; /* lost, or cut */
	assert_of(f, "server");
	f->hs->client_hello.seen = true;
	configure(f, "#define MBEDTLS_SSL_CLI_C\n");
	assert_of(f, "server"); /* the client offers what such a build has not */
	hello_of_build(f, f->hs);
	assert_of(f, "either");
}

static void test_configured__is_the_clients_where_the_server_chose_what_it_lacks(void **state)
{
	struct facts *f = *state;

	configure(f, "#define MBEDTLS_SSL_CLI_C\n");
	hello_of_build(f, f->hs);
	f->hs->suite_value = 0xc02f;
	f->hs->suite = suite_find(0xc02f);
	assert_of(f, "client");
	configure(f, client);
	assert_of(f, "client");
}

static void test_configured__is_nobodys_where_each_did_what_it_cannot(void **state)
{
	struct facts *f = *state;
	const char *because;

	configure(f, "#define MBEDTLS_SSL_CLI_C\n");
	f->hs->suite_value = 0xc02f;
	f->hs->suite = suite_find(0xc02f);
	assert_of(f, "neither");
	because = configured_innocent(&f->file);
	assert_non_null(because);
	assert_non_null(strstr(because, "neither side is such a build"));
	assert_non_null(strstr(because, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
}

static void test_configured__a_few_lines_tell_nothing_by_what_is_not_in_them(void **state)
{
	struct facts *f = *state;

	facts_configure(f, "#define MBEDTLS_SSL_IN_CONTENT_LEN 4096\n");
	assert_of(f, "either");
	assert_null(configured_innocent(&f->file));
	assert_null(configured_build(&f->file, SIDE_SERVER));
}

/* Of two clients one is such a build, and the server is not. */
static void test_configured__one_client_of_several_is_enough(void **state)
{
	struct facts *f = *state;

	hello_of_build(f, facts_add(f));
	configure(f, client);
	assert_of(f, "client");
	assert_non_null(f->file.configured.against[SIDE_CLIENT]);
}

static void test_configured__is_innocent_of_what_it_has(void **state)
{
	struct facts *f = *state;
	const char *because;

	configure(f, "");
	assert_of(f, "server");
	because = configured_innocent(&f->file);
	assert_non_null(because);
	assert_non_null(
		strstr(because, "TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, secp256r1"));
	f->hs->side[SIDE_CLIENT].largest_record = 1025; /* of 1024 */
	facts_examine(f);
	assert_null(configured_innocent(&f->file));
	f->hs->side[SIDE_CLIENT].largest_record = 1024;
	refuse(facts_add(f), 40);
	facts_examine(f);
	assert_null(configured_innocent(&f->file));
}

/* ---- what the server's lacks ---- */

static void test_no_common_group__the_servers_build_has_none_of_them(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	refuse(f->hs, 40);
	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 25);
	assert_shown(f, no_common_group, "error", "certain");
	assert_proves(f, "the configuration given has no x25519: it lacks "
			 "MBEDTLS_ECP_DP_CURVE25519_ENABLED");
	assert_true(advises(&f->finding, "define MBEDTLS_ECP_DP_CURVE25519_ENABLED"));
	assert_not_shown(f, no_common_cipher_suite);
	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 24);
	assert_not_shown(f, no_common_group);
}

static void test_no_common_cipher_suite__the_servers_build_has_none_of_them(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	refuse(f->hs, 40);
	f->hs->client_hello.suites = LIST(f->hs, 0xc02f, 0x009c);
	assert_shown(f, no_common_cipher_suite, "error", "certain");
	assert_proves(f, "it lacks MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED");
	/* The library has it, and the list of its configuration does not name it. */
	f->hs->client_hello.suites = LIST(f->hs, 0xc009);
	configure(f, "#define MBEDTLS_SHA1_C\n#define MBEDTLS_CIPHER_MODE_CBC\n");
	assert_shown(f, no_common_cipher_suite, "error", "certain");
	assert_proves(f, "MBEDTLS_SSL_CIPHERSUITES of the configuration given names none of them");
	assert_true(
		advises(&f->finding, "add one that the client offers to MBEDTLS_SSL_CIPHERSUITES"));
	assert_false(advises(&f->finding, "see whether the server speaks TLS 1.3 only"));
	configure(f,
		"#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED\n#undef MBEDTLS_SSL_CIPHERSUITES\n"
		"#define MBEDTLS_RSA_C\n#define MBEDTLS_PKCS1_V15\n");
	f->hs->client_hello.suites = LIST(f->hs, 0xc02f, 0x009c);
	assert_shown(f, no_common_cipher_suite, "error",
		"possible"); /* its key may be of another kind */
	assert_proves(f, "against it: a server of the configuration given would find all");
}

static void test_no_common_signature_scheme__the_servers_build_has_none_of_them(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	refuse(f->hs, 40);
	f->hs->client_hello.ext.schemes = LIST(f->hs, 0x0807, 0x0401);
	assert_shown(f, no_common_signature_scheme, "error", "certain");
}

static void test_no_common_version__the_servers_build_has_none_of_them(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	refuse(f->hs, 40);
	f->hs->client_hello.ext.has_versions = true;
	f->hs->client_hello.ext.versions = LIST(f->hs, 0x0304);
	assert_shown(f, no_common_version, "error", "certain");
	assert_proves(f, "the configuration given has none of them"); /* 2.28 knows no TLS 1.3 */
	refuse(f->hs, 70);
	assert_shown(f, no_common_version, "error", "certain");
	assert_proves(f, "the configuration given speaks TLS 1.2 and nothing else");
}

/* With other servers around it may be one of theirs. */
static void test_no_common_group__beside_other_servers_a_build_is_no_proof(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	refuse(f->hs, 40);
	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 25);
	f->file.bystander = true;
	assert_shown(f, no_common_group, "error", "likely");
}

/* The client may be what became of the build since: that alone does not make it the server's. */
static void test_no_common_group__that_the_client_is_another_build_is_no_proof(void **state)
{
	struct facts *f = *state;

	configure(f, "#define MBEDTLS_SSL_CLI_C\n");
	refuse(f->hs, 40);
	f->hs->client_hello.ext.groups = LIST(f->hs, 29, 25);
	assert_shown(f, no_common_group, "error", "likely");
	f->evidence.asked = true; /* the client is ours */
	assert_shown(f, no_common_group, "error", "certain");
	f->evidence.asked = false;
	(void)facts_add(f); /* the server chose what it has */
	assert_shown(f, no_common_group, "error", "certain");
}

/* ---- what the client's lacks ---- */

static void test_no_common_group__the_clients_build_leaves_out_what_another_had(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = facts_add(f);

	configure(f, "#define MBEDTLS_SSL_CLI_C\n#undef MBEDTLS_SSL_SRV_C\n"
		     "#undef MBEDTLS_ECP_DP_SECP256R1_ENABLED\n");
	hello_of_build(f, hs);
	hs->client_hello.ext.groups = LIST(f->hs, 24);
	refuse(hs, 40);
	assert_true(facts_show(f, CAUSE_no_common_group));
	assert_proves(f, "the configuration given has no secp256r1: it lacks "
			 "MBEDTLS_ECP_DP_SECP256R1_ENABLED");
	assert_true(advises(&f->finding, "define MBEDTLS_ECP_DP_SECP256R1_ENABLED"));
}

/* ---- buffers ---- */

static void test_record_too_large__the_servers_build_does_not_hold_the_hello(void **state)
{
	struct facts *f = *state;

	configure(f, "");
	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	f->hs->side[SIDE_CLIENT].largest_record = 1024;
	assert_not_shown(f, record_too_large);
	f->hs->side[SIDE_CLIENT].largest_record = 1725;
	assert_shown(f, record_too_large, "error", "certain");
	assert_proves(f, "the configuration given holds records of 1024 bytes");
	assert_explains(f, hello_answered);
	f->file.bystander = true;
	assert_shown(f, record_too_large, "error", "likely");
}

static void test_record_too_large__the_servers_own_chain_does_not_fit(void **state)
{
	static const uint8_t der[1100];
	const struct cert *given[1];
	struct facts *f = *state;

	configure(f, "");
	f->leaf.der = bytes_of(der, 1014); /* with 10 more bytes 1024 */
	given[0] = &f->leaf;
	f->evidence.certs = given;
	f->evidence.n_certs = 1;
	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	f->hs->side[SIDE_SERVER].n_certs = 0;
	assert_not_shown(f, record_too_large);
	f->leaf.der = bytes_of(der, 1015);
	assert_shown(f, record_too_large, "error", "likely");
	assert_proves(f, "the Certificate message takes 1025 bytes");
	assert_true(advises(&f->finding, "raise MBEDTLS_SSL_OUT_CONTENT_LEN"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_configured__is_the_servers_where_the_client_cannot_be_such_a_build),
		RULE_TEST(test_configured__is_the_clients_where_the_server_chose_what_it_lacks),
		RULE_TEST(test_configured__is_nobodys_where_each_did_what_it_cannot),
		RULE_TEST(test_configured__a_few_lines_tell_nothing_by_what_is_not_in_them),
		RULE_TEST(test_configured__one_client_of_several_is_enough),
		RULE_TEST(test_configured__is_innocent_of_what_it_has),
		RULE_TEST(test_no_common_group__the_servers_build_has_none_of_them),
		RULE_TEST(test_no_common_cipher_suite__the_servers_build_has_none_of_them),
		RULE_TEST(test_no_common_signature_scheme__the_servers_build_has_none_of_them),
		RULE_TEST(test_no_common_version__the_servers_build_has_none_of_them),
		RULE_TEST(test_no_common_group__beside_other_servers_a_build_is_no_proof),
		RULE_TEST(test_no_common_group__that_the_client_is_another_build_is_no_proof),
		RULE_TEST(test_no_common_group__the_clients_build_leaves_out_what_another_had),
		RULE_TEST(test_record_too_large__the_servers_build_does_not_hold_the_hello),
		RULE_TEST(test_record_too_large__the_servers_own_chain_does_not_fit),
	};

	return RULE_TESTS(tests, argc, argv);
}
