/* src/negotiate: what two sides agree on, by hellos of real programs (data/hellos) and configurations. */
#include "client/profile.h"
#include "negotiate/meet.h"
#include "negotiate/wanted.h"
#include "support/unit.h"
#include "wire/record.h"

#include <stdio.h>
#include <string.h>

struct side {
	struct config *config;
	struct build build;
	struct terms terms;
};

static struct side side; /* one at a time */

/* A configuration of the tests with lines behind it, as 2 or 3. */
static struct side *build_with(const char *path, unsigned major, const char *more)
{
	static char text[1 << 17];
	FILE *in = fopen(path, "rb");
	struct err e = { .code = ERR_NONE };
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, sizeof text / 2, in);
	(void)fclose(in);
	(void)snprintf(text + n, sizeof text - n, "\n%s", more);
	config_close(side.config);
	side.config = config_read(path, bytes_of(text, strlen(text)), &e);
	assert_non_null(side.config);
	build_of(side.config, major, &side.build);
	terms_of_build(&side.build, &side.terms);
	return &side;
}

static struct side *forum_with(const char *more)
{
	return build_with("fixtures/config/forum/config.h", 2, more);
}

static int close_side(void **state)
{
	(void)state;
	config_close(side.config);
	return 0;
}

static struct terms terms_of(const char *profile)
{
	const struct hello_profile *p = hello_profile_find(profile);
	struct client_hello hello = { 0 };
	struct record_header h;
	struct terms t;
	struct parse_err e = { 0 };
	struct cur body;

	assert_non_null(p);
	assert_true(record_parse_header(p->records, &h));
	body = cur_init(bytes_slice(p->records, 5 + 4, (size_t)h.length - 4), &e);
	assert_true(parse_client_hello(&body, &hello));
	terms_of_hello(&hello, h.length, &t);
	return t;
}

static const struct credential ec256 = { KEY_EC, 23 }, ec384 = { KEY_EC, 24 }, rsa = { KEY_RSA, 0 };

static struct agreement agreed(
	const struct terms *client, const struct terms *server, const struct credential *key)
{
	struct agreement a;

	agree(client, server, key, &a);
	return a;
}

/* ---- what they agree on ---- */

static void test_agree__a_server_of_tls12_by_its_order_of_groups_and_the_clients_of_schemes(
	void **state)
{
	struct side *forum = forum_with("");
	struct terms openssl = terms_of("openssl-3.0");
	struct agreement a = agreed(&openssl, &forum->terms, &ec256);

	(void)state;
	assert_int_equal(a.step, AGREED);
	assert_int_equal(a.version, 0x0303);
	assert_int_equal(a.suite, 0xc02c);
	assert_int_equal(a.group, 24);
	assert_int_equal(a.scheme, 0x0403);
	assert_false(a.retry);
}

static void test_agree__the_order_of_suites_is_whose_the_server_says(void **state)
{
	struct side *forum = forum_with("");
	struct terms client = terms_of("openssl-3.0");

	(void)state;
	client.suites[0] = (struct build_suite){ 0xc02b, 0, 0x0303 };
	client.suites[1] = (struct build_suite){ 0xc02c, 0, 0x0303 };
	forum->terms.follows_client = true;
	assert_int_equal(agreed(&client, &forum->terms, &ec256).suite, 0xc02b);
	forum->terms.follows_client = false;
	assert_int_equal(agreed(&client, &forum->terms, &ec256).suite, 0xc02c);
}

static void test_agree__in_tls13_a_share_that_is_there_decides(void **state)
{
	struct terms client = terms_of("openssl-3.5"), server = terms_of("openssl-3.0");
	struct agreement a;

	(void)state;
	server.groups = (struct terms_list){ { 24, 29 }, 2 };
	client.shares = (struct terms_list){ { 4588, 29 }, 2 };
	a = agreed(&client, &server, &ec256);
	assert_int_equal(a.step, AGREED);
	assert_int_equal(a.version, 0x0304);
	assert_int_equal(a.group, 29);
	assert_false(a.retry);
	client.shares.n = 1;
	client.groups = (struct terms_list){ { 4588, 24, 29 }, 3 };
	a = agreed(&client, &server, &ec256);
	assert_int_equal(a.group, 24);
	assert_true(a.retry);
	assert_int_equal(a.scheme, 0x0403);
	assert_int_equal(agreed(&client, &server, &ec384).scheme, 0x0503); /* names the curve */
	assert_int_equal(agreed(&client, &server, &rsa).scheme, 0x0804);   /* no PKCS #1 */
}

static void test_agree__in_tls13_a_server_without_a_certificate_wants_a_shared_key(void **state)
{
	struct terms client = terms_of("openssl-3.0"), server = terms_of("openssl-3.0");

	(void)state;
	assert_int_equal(agreed(&client, &server, NULL).step, STOPS_AT_KEY);
	client.shared_key = true;
	assert_int_equal(agreed(&client, &server, NULL).step, AGREED);
	assert_int_equal(agreed(&client, &server, NULL).scheme, 0);
}

/* A version that both have and that leads nowhere is not given up for an older one. */
static void test_agree__no_older_version_is_tried(void **state)
{
	struct terms client = terms_of("openssl-3.0"), server = terms_of("openssl-3.0");

	(void)state;
	server.groups = (struct terms_list){ { 25 }, 1 };
	client.groups = (struct terms_list){ { 23 }, 1 };
	client.shares = client.groups;
	assert_int_equal(agreed(&client, &server, &rsa).step, STOPS_AT_GROUP);
	assert_int_equal(agreed(&client, &server, &rsa).version, 0x0304);
}

/* ---- where they stop ---- */

static void test_agree__stops_at_the_first_thing_that_is_wanting(void **state)
{
	struct side *forum = forum_with("");
	struct terms client = terms_of("openssl-3.0"), c;

	(void)state;
	c = client;
	c.hello = 1025; /* of 1024 */
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, STOPS_AT_RECORD);
	c.hello = 1024;
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, AGREED);
	c = client;
	c.versions = (struct terms_list){ { 0x0304 }, 1 };
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, STOPS_AT_VERSION);
	c = client;
	c.n_suites = 1;
	c.suites[0].value = 0xc02f;
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, STOPS_AT_SUITE);
	assert_int_equal(agreed(&client, &forum->terms, &rsa).step, STOPS_AT_KEY);
	assert_int_equal(agreed(&client, &forum->terms, NULL).step, STOPS_AT_KEY);
	c = client;
	c.groups = (struct terms_list){ { 29, 25, 256 }, 3 };
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, STOPS_AT_GROUP);
	c = client;
	c.schemes = (struct terms_list){ { 0x0401, 0x0804 }, 2 };
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, STOPS_AT_SCHEME);
	c = client;
	c.groups = (struct terms_list){ { 24 }, 1 };
	assert_int_equal(agreed(&c, &forum->terms, &ec256).step, STOPS_AT_CURVE);
	assert_int_equal(agreed(&c, &forum->terms, &ec384).step, AGREED);
}

/* Of several suites the one that comes farthest says what is wanting. */
static void test_agree__tells_the_farthest_step(void **state)
{
	struct side *stock = build_with("tests/config/stock-2.28.3.h", 2, "");
	struct terms client = terms_of("openssl-3.0");

	(void)state;
	client.n_suites = 2;
	client.suites[0] = (struct build_suite){ 0x009c, 0, 0x0303 }; /* RSA */
	client.suites[1] = (struct build_suite){ 0xc02b, 0, 0x0303 }; /* ECDHE-ECDSA */
	client.groups = (struct terms_list){ { 256 }, 1 };
	assert_int_equal(agreed(&client, &stock->terms, &ec256).step, STOPS_AT_GROUP);
	assert_int_equal(agreed(&client, &stock->terms, &rsa).suite, 0x009c);
	assert_int_equal(agreed(&client, &stock->terms, &rsa).group, 0);
	assert_int_equal(agreed(&client, &stock->terms, &rsa).scheme, 0); /* nothing is signed */
}

/* RFC 8422 4: without supported_groups any curve will do; mbedTLS takes no suite with curves then. */
static void test_agree__without_a_list_of_groups_mbedtls_uses_none(void **state)
{
	struct side *forum = forum_with("");
	struct terms client = terms_of("openssl-3.0");

	(void)state;
	client.has_groups = false;
	client.groups.n = 0;
	assert_int_equal(agreed(&client, &forum->terms, &ec256).step, STOPS_AT_GROUP);
	forum->terms.mbedtls = false;
	assert_int_equal(agreed(&client, &forum->terms, &ec256).group, 24);
}

/* RFC 5246 7.4.1.4.1: SHA-1 is meant, which the build does not take. */
static void test_agree__without_a_list_of_schemes_sha1_is_meant(void **state)
{
	struct side *forum = forum_with("");
	struct terms client = terms_of("openssl-3.0");

	(void)state;
	client.has_schemes = false;
	client.schemes.n = 0;
	assert_int_equal(agreed(&client, &forum->terms, &ec256).step, STOPS_AT_SCHEME);
	forum->terms.schemes = (struct terms_list){ { 0x0203 }, 1 };
	assert_int_equal(agreed(&client, &forum->terms, &ec256).scheme, 0x0203);
}

/* Measured: ssl_server2 of 3.6.6 passes over rsa_pss_rsae_sha384, which it takes of others, in TLS 1.2. */
static void test_agree__up_to_tls12_mbedtls_does_not_sign_with_pss(void **state)
{
	struct side *stock = build_with("tests/config/stock-2.28.3.h", 2, "");
	struct terms client = terms_of("botan-2.19");

	(void)state;
	stock->terms.schemes = (struct terms_list){ { 0x0805, 0x0501 }, 2 };
	client.schemes = stock->terms.schemes;
	assert_int_equal(agreed(&client, &stock->terms, &rsa).scheme, 0x0501);
	stock->terms.mbedtls = false;
	assert_int_equal(agreed(&client, &stock->terms, &rsa).scheme, 0x0805);
}

static void test_agree__what_a_server_was_not_seen_to_choose_stops_nobody(void **state)
{
	struct terms client = terms_of("openssl-3.0"), server = { 0 };
	struct agreement a;

	(void)state;
	terms_add_choice(&server, &(struct terms_choice){ .version = 0x0303, .suite = 0xc02b });
	a = agreed(&client, &server, &ec256);
	assert_int_equal(a.step, AGREED);
	assert_int_equal(a.group, 0);
	assert_int_equal(a.scheme, 0);
	terms_add_choice(&server, &(struct terms_choice){ .group = 22, .scheme = 0x0403 });
	assert_int_equal(agreed(&client, &server, &ec256).step, STOPS_AT_GROUP);
	terms_add_choice(
		&server, &(struct terms_choice){ .version = 0x0304, .suite = 0x1301, .group = 23 });
	a = agreed(&client, &server, &ec256);
	assert_int_equal(a.version, 0x0304);
	assert_int_equal(a.suite, 0x1301);
	assert_int_equal(a.group, 23);
	assert_int_equal(server.n_suites, 2);
}

static void test_steps__have_names_and_causes_but_for_the_last(void **state)
{
	(void)state;
	for (int step = STOPS_AT_RECORD; step < AGREED; step++) {
		assert_non_null(agreement_step_name((enum agreement_step)step));
		assert_non_null(agreement_cause((enum agreement_step)step));
	}
	assert_null(agreement_step_name(AGREED));
	assert_null(agreement_cause(AGREED));
}

/* ---- a build and a peer ---- */

static void test_meet__a_server_is_tried_with_each_kind_of_key(void **state)
{
	struct side *stock = build_with("tests/config/stock-2.28.3.h", 2, "");
	struct terms client = terms_of("openssl-3.0");
	struct meeting met[MEETINGS_MAX];
	size_t n = meet_client(&stock->build, &client, met);

	(void)state;
	assert_int_equal(n, 3); /* EC, RSA, and a key that both have */
	assert_int_equal(met[0].key.key, KEY_EC);
	assert_int_equal(met[0].agreed.step, AGREED);
	assert_int_equal(met[1].key.key, KEY_RSA);
	assert_int_equal(met[1].agreed.step, AGREED);
	assert_false(met[2].has_key);
	assert_int_equal(met[2].agreed.step, STOPS_AT_KEY);
	assert_string_equal(meeting_cause(&met[2]), "no-common-cipher-suite");
	met[1].agreed.step = STOPS_AT_KEY;
	assert_string_equal(meeting_cause(&met[1]), "certificate-type-unusable");
	met[1].agreed.step = AGREED;
	assert_null(meeting_cause(&met[1]));
	assert_ptr_equal(meet_farthest(met, n), &met[0]);
	n = meet_client(&forum_with("")->build, &client, met);
	assert_int_equal(n, 1);
	assert_true(met[0].has_key);
	assert_true(met[0].build_is_server);
	assert_int_equal(
		meet_client(&forum_with("#undef MBEDTLS_SSL_SRV_C\n")->build, &client, met), 0);
}

/* The client lists P-256 alone: a key on P-384, which the build prefers, would not serve it. */
static void test_meet__an_ec_key_is_on_a_curve_that_serves(void **state)
{
	struct terms client = terms_of("openssl-3.0");
	struct meeting met[MEETINGS_MAX];

	(void)state;
	client.groups = (struct terms_list){ { 23 }, 1 };
	assert_int_equal(meet_client(&forum_with("")->build, &client, met), 1);
	assert_int_equal(met[0].agreed.step, AGREED);
	assert_int_equal(met[0].key.group, 23);
}

static void test_meet__a_client_by_its_buffer_too(void **state)
{
	struct side *forum = forum_with("#define MBEDTLS_SSL_CLI_C\n");
	struct terms server = { 0 };
	struct meeting met[MEETINGS_MAX];

	(void)state;
	terms_add_choice(
		&server, &(struct terms_choice){ 0x0303, 0xc02b, .group = 23, .scheme = 0x0403 });
	assert_int_equal(meet_server(&forum->build, &server, &ec256, 1024, met), 1);
	assert_int_equal(met[0].agreed.step, AGREED);
	assert_int_equal(meet_server(&forum->build, &server, &ec256, 1025, met), 1);
	assert_int_equal(met[0].agreed.step, STOPS_AT_RECORD);
	assert_false(met[0].build_is_server);
	assert_int_equal(meet_server(&forum_with("")->build, &server, &ec256, 0, met), 0);
}

/* ---- what would help ---- */

static void test_wanted__is_the_first_of_the_peers_that_the_release_knows(void **state)
{
	struct side *forum = forum_with("");
	struct terms client = terms_of("openssl-3.0");
	struct wanted w;

	(void)state;
	client.groups = (struct terms_list){ { 4588, 29, 25 }, 3 };
	assert_true(wanted_of(&forum->build, forum->config, &client, STOPS_AT_GROUP, &w));
	assert_int_equal(w.kind, WANTED_GROUP);
	assert_int_equal(w.value, 29);
	assert_non_null(strstr(w.needs, "MBEDTLS_ECP_DP_CURVE25519_ENABLED"));
	client.groups = (struct terms_list){ { 24 }, 1 }; /* it is there */
	assert_false(wanted_of(&forum->build, forum->config, &client, STOPS_AT_GROUP, &w));
	client.suites[0].value = 0x0005; /* RC4 */
	client.suites[1].value = 0xc018; /* anonymous */
	client.suites[2].value = 0xc02f;
	assert_true(wanted_of(&forum->build, forum->config, &client, STOPS_AT_SUITE, &w));
	assert_int_equal(w.value, 0xc02f);
	client.versions = (struct terms_list){ { 0x0304, 0x0303 }, 2 };
	assert_false(wanted_of(&forum->build, forum->config, &client, STOPS_AT_VERSION, &w));
	client.versions = (struct terms_list){ { 0x0302 }, 1 };
	assert_true(wanted_of(&forum->build, forum->config, &client, STOPS_AT_VERSION, &w));
	client.schemes = (struct terms_list){ { 0x0807, 0x0401 }, 2 };
	assert_true(wanted_of(&forum->build, forum->config, &client, STOPS_AT_SCHEME, &w));
	assert_int_equal(w.value, 0x0401);
	assert_false(wanted_of(&forum->build, forum->config, &client, STOPS_AT_RECORD, &w));
}

/* ---- terms ---- */

static void test_terms__of_a_hello_leave_out_what_is_no_value(void **state)
{
	struct terms chrome = terms_of("chrome"), gnutls = terms_of("gnutls-3.7");

	(void)state;
	assert_int_equal(chrome.versions.value[0], 0x0304);
	for (size_t i = 0; i < chrome.n_suites; i++)
		assert_false(is_grease(chrome.suites[i].value));
	for (size_t i = 0; i < chrome.groups.n; i++)
		assert_false(is_grease(chrome.groups.value[i]));
	assert_false(terms_have_suite(&gnutls, 0x00ff));
	assert_true(terms_have_suite(&gnutls, 0xc02b));
	assert_true(terms_take_scheme(&gnutls, 0x0403));
	assert_false(terms_take_scheme(&gnutls, 0x0102));
}

static void test_terms__without_supported_versions_all_up_to_the_one_named(void **state)
{
	struct client_hello hello = { .version = 0x0302 };
	struct terms t;

	(void)state;
	terms_of_hello(&hello, 0, &t);
	assert_int_equal(t.versions.n, 3);
	assert_int_equal(terms_highest_version(&t), 0x0302);
	assert_int_equal(t.versions.value[2], 0x0300);
	assert_true(terms_take_scheme(&t, 0x0403)); /* there is no choice before TLS 1.2 */
	hello.version = 0x0304;
	terms_of_hello(&hello, 0, &t);
	assert_int_equal(terms_highest_version(&t), 0x0303);
	assert_true(terms_take_scheme(&t, 0x0203));
	assert_false(terms_take_scheme(&t, 0x0403));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_agree__a_server_of_tls12_by_its_order_of_groups_and_the_clients_of_schemes),
		cmocka_unit_test(test_agree__the_order_of_suites_is_whose_the_server_says),
		cmocka_unit_test(test_agree__in_tls13_a_share_that_is_there_decides),
		cmocka_unit_test(
			test_agree__in_tls13_a_server_without_a_certificate_wants_a_shared_key),
		cmocka_unit_test(test_agree__no_older_version_is_tried),
		cmocka_unit_test(test_agree__stops_at_the_first_thing_that_is_wanting),
		cmocka_unit_test(test_agree__tells_the_farthest_step),
		cmocka_unit_test(test_agree__without_a_list_of_groups_mbedtls_uses_none),
		cmocka_unit_test(test_agree__without_a_list_of_schemes_sha1_is_meant),
		cmocka_unit_test(test_agree__up_to_tls12_mbedtls_does_not_sign_with_pss),
		cmocka_unit_test(test_agree__what_a_server_was_not_seen_to_choose_stops_nobody),
		cmocka_unit_test(test_steps__have_names_and_causes_but_for_the_last),
		cmocka_unit_test(test_meet__a_server_is_tried_with_each_kind_of_key),
		cmocka_unit_test(test_meet__an_ec_key_is_on_a_curve_that_serves),
		cmocka_unit_test(test_meet__a_client_by_its_buffer_too),
		cmocka_unit_test(test_wanted__is_the_first_of_the_peers_that_the_release_knows),
		cmocka_unit_test(test_terms__of_a_hello_leave_out_what_is_no_value),
		cmocka_unit_test(test_terms__without_supported_versions_all_up_to_the_one_named),
	};

	return cmocka_run_group_tests(tests, NULL, close_side);
}
