/* Causes that hold the certificate given against the hello, and keys against who refuses them. */
#include "rules/facts.h"
#include "rules/said.h"

#include <stdio.h>

static const struct cert *given[2];

/* The server turns the hello down; the certificate given is for it, and has another kind of key. */
static struct client_hello *refuse_beside(struct facts *f, struct cert *cert)
{
	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	cert->has_ext_key_usage = true;
	cert->ext_key_usage = EKU_SERVER_AUTH;
	given[0] = cert;
	f->evidence.certs = given;
	f->evidence.n_certs = 1;
	return &f->hs->client_hello;
}

static void make_key(struct cert *c, enum key_kind kind, uint16_t group, const char *name)
{
	c->key = kind;
	c->key_group = group;
	(void)snprintf(c->key_name, sizeof c->key_name, "%s", name);
}

static void test_certificate_type_unusable__a_dsa_key_serves_nobody(void **state)
{
	struct facts *f = *state;

	(void)refuse_beside(f, &f->leaf);
	assert_not_shown(f, certificate_type_unusable);
	make_key(&f->leaf, KEY_DSA, 0, "DSA 2048");
	assert_shown(f, certificate_type_unusable, "error", "certain");
	assert_proves(f, "the certificate given, 'CN=device.example', has the key DSA 2048");
	assert_proves(f, "none of the suites that the client offers is for such a key");
	f->leaf.has_basic_constraints = f->leaf.ca = true; /* as `openssl req -x509` makes it */
	assert_shown(f, certificate_type_unusable, "error", "certain");
	make_tls13(f->hs);
	(void)refuse_beside(f, &f->leaf);
	assert_shown(f, certificate_type_unusable, "error", "certain");
}

static void test_certificate_type_unusable__a_client_with_such_suites_is_served(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = refuse_beside(f, &f->leaf);

	make_key(&f->leaf, KEY_DSA, 0, "DSA 2048");
	hello->suites = LIST(f->hs, 0xc02b, 0x0032); /* TLS_DHE_DSS_WITH_AES_128_CBC_SHA */
	assert_true(facts_show(f, CAUSE_no_common_signature_scheme));
	assert_string_equal(confidence_name(f->finding.confidence), "certain");
	hello->ext.schemes = LIST(f->hs, 0x0403, 0x0202);
	assert_not_shown(f, certificate_type_unusable);
}

static void test_given__another_certificate_that_serves_acquits(void **state)
{
	struct facts *f = *state;

	(void)refuse_beside(f, &f->leaf);
	make_key(&f->leaf, KEY_DSA, 0, "DSA 2048");
	given[1] = &f->client_leaf;
	f->evidence.n_certs = 2;
	assert_not_shown(f, certificate_type_unusable);
	f->client_leaf.has_basic_constraints = f->client_leaf.ca = true; /* its issuer */
	assert_shown(f, certificate_type_unusable, "error", "certain");
}

static void test_given__one_that_may_be_a_clients_is_likely_at_most(void **state)
{
	struct facts *f = *state;

	(void)refuse_beside(f, &f->leaf);
	make_key(&f->leaf, KEY_DSA, 0, "DSA 2048");
	f->leaf.ext_key_usage = EKU_SERVER_AUTH | EKU_CLIENT_AUTH;
	f->hs->client_hello.ext.server_name = text_bytes("unit-7.example");
	assert_shown(f, certificate_type_unusable, "error", "likely");
	f->leaf.has_ext_key_usage = false;
	assert_shown(f, certificate_type_unusable, "error", "likely");
	f->leaf.has_ext_key_usage = true;
	f->leaf.ext_key_usage = EKU_SERVER_AUTH;
	assert_shown(f, certificate_type_unusable, "error", "certain");
	f->leaf.ext_key_usage = EKU_CLIENT_AUTH;
	assert_not_shown(f, certificate_type_unusable);
}

static void test_given__a_server_that_shows_another_one_has_another_one(void **state)
{
	struct facts *f = *state;
	struct handshake *other = facts_add(f);

	(void)refuse_beside(f, &f->client_leaf);
	make_key(&f->client_leaf, KEY_DSA, 0, "DSA 2048");
	other->cert_given = LINK_BAD;
	assert_not_shown(f, certificate_type_unusable);
}

static void test_given__other_alerts_are_less_sure_or_about_something_else(void **state)
{
	struct facts *f = *state;

	(void)refuse_beside(f, &f->leaf);
	make_key(&f->leaf, KEY_DSA, 0, "DSA 2048");
	f->hs->alerts[0].code = 80;
	assert_shown(f, certificate_type_unusable, "error", "likely");
	f->hs->alerts[0].code = 70;
	assert_not_shown(f, certificate_type_unusable);
}

static void test_no_common_signature_scheme__none_goes_with_the_key_given(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = refuse_beside(f, &f->leaf);

	hello->ext.schemes = LIST(f->hs, 0x0401, 0x0804);
	assert_shown(f, no_common_signature_scheme, "error", "certain");
	assert_proves(f, "none of the signature schemes that the client offers goes with it");
	make_key(&f->leaf, KEY_ED25519, 0, "Ed25519");
	hello->ext.schemes = LIST(f->hs, 0x0403, 0x0401);
	assert_shown(f, no_common_signature_scheme, "error", "certain");
	hello->ext.schemes = LIST(f->hs, 0x0403, 0x0807);
	assert_not_shown(f, certificate_type_unusable);
	assert_not_shown(f, certificate_curve_unsupported);
}

static void test_no_common_signature_scheme__tls13_schemes_name_the_curve(void **state)
{
	struct facts *f = *state;
	struct client_hello *hello;

	make_tls13(f->hs);
	hello = refuse_beside(f, &f->leaf);
	make_key(&f->leaf, KEY_EC, 25, "EC secp521r1");
	hello->ext.versions = LIST(f->hs, 0x0304);
	hello->ext.groups = LIST(f->hs, 29, 25);
	hello->ext.schemes = LIST(f->hs, 0x0403, 0x0503);
	assert_shown(f, no_common_signature_scheme, "error", "certain");
	hello->ext.schemes = LIST(f->hs, 0x0403, 0x0603);
	assert_not_shown(f, certificate_type_unusable);
	/* RSA keys sign with PSS there */
	make_key(&f->leaf, KEY_RSA, 0, "RSA 2048");
	hello->ext.schemes = LIST(f->hs, 0x0401, 0x0809);
	assert_shown(f, no_common_signature_scheme, "error", "certain");
}

static void test_certificate_curve_unsupported__the_curve_of_the_key_given_is_not_listed(
	void **state)
{
	struct facts *f = *state;
	struct client_hello *hello = refuse_beside(f, &f->leaf);

	make_key(&f->leaf, KEY_EC, 25, "EC secp521r1");
	assert_shown(f, certificate_curve_unsupported, "error", "certain");
	assert_proves(f, "the client's supported_groups do not list secp521r1");
	hello->ext.groups = LIST(f->hs, 23, 25);
	assert_not_shown(f, certificate_curve_unsupported);
}

/* ---- signatures in the chain ---- */

static void test_chain_schemes_offered__each_certificate_is_held_against_the_list(void **state)
{
	struct handshake *hs = first(state);
	struct facts *f = *state;

	assert_answer(hs, chain_schemes_offered, "pass", "");
	f->leaf.method = (struct signature_method){ SIG_RSA_PKCS1, HASH_SHA512 };
	(void)snprintf(
		f->leaf.signature_name, sizeof f->leaf.signature_name, "sha512WithRSAEncryption");
	assert_answer(hs, chain_schemes_offered, "warn",
		"'CN=device.example' is signed with sha512WithRSAEncryption");
	hs->client_hello.ext.schemes_cert = LIST(hs, 0x0601);
	assert_answer(hs, chain_schemes_offered, "pass", "");
	f->leaf.self_issued = true;
	hs->client_hello.ext.schemes_cert = LIST(hs, 0x0401);
	assert_answer(hs, chain_schemes_offered, "pass", "");
	hs->client_hello.ext.has_schemes = false;
	assert_answer(hs, chain_schemes_offered, "n/a", "lists no schemes");
}

static void test_no_common_signature_scheme__a_chain_signed_with_another_is_refused(void **state)
{
	struct facts *f = *state;

	f->leaf.method = (struct signature_method){ SIG_RSA_PKCS1, HASH_SHA512 };
	assert_not_shown(f, no_common_signature_scheme);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 43);
	assert_shown(f, no_common_signature_scheme, "error", "likely");
	assert_explains(f, chain_schemes_offered);
	(void)facts_add(f); /* took the same chain */
	assert_shown(f, no_common_signature_scheme, "error", "possible");
	f->hs->alerts[0].code = 48;
	assert_not_shown(f, no_common_signature_scheme);
	f->hs->alerts[0].code = 43; /* a weak hash is weak-signature's */
	f->leaf.method.hash = HASH_SHA1;
	f->hs->side[SIDE_SERVER].chain.step[0].weak_signature = true;
	assert_not_shown(f, no_common_signature_scheme);
}

/* ---- the group of DHE ---- */

static void use_dhe(struct handshake *hs, size_t bytes)
{
	static const uint8_t p[256] = { 0xc0 };

	hs->ske.dh_p = bytes_of(p, bytes);
	hs->ske.dh_g = bytes_of(p, 1);
	hs->dh = (struct dh_check){ .checked = true,
		.prime = true,
		.generator_ok = true,
		.public_ok = true,
		.prime_bits = 8 * (unsigned)bytes };
}

static void test_weak_key__a_small_group_that_the_client_refuses(void **state)
{
	static const uint8_t alerts[] = { 40, 47, 71 };
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof alerts; i++) {
		f->hs->n_alerts = 0;
		end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alerts[i]);
		use_dhe(f->hs, 128);
		assert_shown(f, weak_key, "error", "likely");
		assert_proves(f, "dh_p has 1024 bits");
	}
	use_dhe(f->hs, 192);
	assert_shown(f, weak_key, "error", "possible");
	use_dhe(f->hs, 256);
	assert_not_shown(f, weak_key);
}

static void test_weak_key__a_small_group_is_not_the_reason_of_every_end(void **state)
{
	struct facts *f = *state;

	use_dhe(f->hs, 128);
	assert_not_shown(f, weak_key);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	use_dhe(f->hs, 128);
	assert_not_shown(f, weak_key);
}

static void test_weak_key__a_prime_that_is_none_is_refused_whatever_its_size(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	use_dhe(f->hs, 256);
	f->hs->dh.prime = false;
	assert_shown(f, weak_key, "error", "likely");
	assert_string_equal(f->finding.summary, "The server's Diffie-Hellman prime is none");
	assert_explains(f, ske_params_valid);
	assert_proves(f, "is not prime");
	f->hs->dh.checked = false;
	assert_not_shown(f, weak_key);
	f->hs->dh.checked = true;
	f->hs->ended_by = SIDE_SERVER;
	f->hs->alerts[0].from = SIDE_SERVER;
	assert_not_shown(f, weak_key);
}

static void test_weak_key__a_stack_that_took_such_a_group_elsewhere_lowers_it(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 40);
	use_dhe(f->hs, 128);
	use_dhe(facts_add(f), 128);
	f->hs[0].looks.name = f->hs[1].looks.name = "OpenSSL 3";
	assert_shown(f, weak_key, "error", "possible");
	use_dhe(&f->hs[1], 96); /* smaller still */
	assert_shown(f, weak_key, "error", "possible");
	use_dhe(&f->hs[1], 192);
	assert_shown(f, weak_key, "error", "likely");
	use_dhe(&f->hs[1], 128);
	f->hs[1].looks.name = "mbedTLS 2";
	assert_shown(f, weak_key, "error", "likely");
	f->hs[0].looks.name = f->hs[1].looks.name = NULL;
	assert_shown(f, weak_key, "error", "likely");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_certificate_type_unusable__a_dsa_key_serves_nobody),
		RULE_TEST(test_certificate_type_unusable__a_client_with_such_suites_is_served),
		RULE_TEST(test_given__another_certificate_that_serves_acquits),
		RULE_TEST(test_given__one_that_may_be_a_clients_is_likely_at_most),
		RULE_TEST(test_given__a_server_that_shows_another_one_has_another_one),
		RULE_TEST(test_given__other_alerts_are_less_sure_or_about_something_else),
		RULE_TEST(test_no_common_signature_scheme__none_goes_with_the_key_given),
		RULE_TEST(test_no_common_signature_scheme__tls13_schemes_name_the_curve),
		RULE_TEST(
			test_certificate_curve_unsupported__the_curve_of_the_key_given_is_not_listed),
		RULE_TEST(test_chain_schemes_offered__each_certificate_is_held_against_the_list),
		RULE_TEST(test_no_common_signature_scheme__a_chain_signed_with_another_is_refused),
		RULE_TEST(test_weak_key__a_small_group_that_the_client_refuses),
		RULE_TEST(test_weak_key__a_prime_that_is_none_is_refused_whatever_its_size),
		RULE_TEST(test_weak_key__a_small_group_is_not_the_reason_of_every_end),
		RULE_TEST(test_weak_key__a_stack_that_took_such_a_group_elsewhere_lowers_it),
	};

	return RULE_TESTS(tests, argc, argv);
}
