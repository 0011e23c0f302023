/* Causes that stand for properties of certificates, as the one who gave up was measured to mind them. */
#include "diagnose/minded.h"

#include "names/atlas.h"
#include "rules/facts.h"
#include "rules/said.h"

static void have(struct facts *f, enum property p)
{
	struct properties *list = &f->hs->side[SIDE_SERVER].properties;

	list->list[list->n++] = (uint16_t)p;
}

/* The client, of that stack, gives up over the server's certificate. */
static void refused_by(struct facts *f, enum stack stack, uint8_t alert)
{
	f->hs->looks = (struct looks){ stack_name(stack), (int)stack };
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alert);
}

static void test_serial_number_invalid__go_minds_a_negative_one(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_serial_negative);
	refused_by(f, STACK_GO, 42);
	assert_shown(f, serial_number_invalid, "error", "likely");
	assert_proves(f, "a negative serial number");
	assert_proves(f, "Go, measured with it, answers 42");
}

static void test_serial_number_invalid__what_a_client_looks_like_is_a_guess(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_serial_negative);
	refused_by(f, STACK_OPENSSL, 42);
	assert_shown(f, serial_number_invalid, "error", "possible");
	assert_proves(f, "a stack that was measured with it answers 42");
	assert_proves(f, "OpenSSL, which the client looks like, does not answer so");
}

static void test_serial_number_invalid__another_alert_is_about_something_else(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_serial_negative);
	refused_by(f, STACK_GO, 48);
	assert_not_shown(f, serial_number_invalid);
}

static void test_serial_number_invalid__a_general_alert_may_be_another_version_s(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_serial_negative);
	refused_by(f, STACK_GO, 46);
	assert_shown(f, serial_number_invalid, "error", "possible");
	assert_proves(f, "stacks that were measured with it refuse it, with other alerts than 46");
}

static void test_serial_number_invalid__nobody_minds_it_who_completed(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_serial_negative);
	f->hs->looks = (struct looks){ "Go", STACK_GO };
	assert_not_shown(f, serial_number_invalid);
}

static void test_serial_number_invalid__a_client_that_is_not_known_makes_it_possible(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_serial_negative);
	refused_by(f, STACK_UNKNOWN, 42);
	assert_shown(f, serial_number_invalid, "error", "possible");
}

static void test_name_constraints_violated__openssl_says_46(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_nc_permitted_other);
	refused_by(f, STACK_OPENSSL, 46);
	assert_shown(f, name_constraints_violated, "error", "likely");
	assert_not_shown(f, certificate_extension_unsupported);
}

static void test_certificate_extension_unsupported__each_line_of_mbedtls_has_its_own_answer(
	void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_aki_critical);
	refused_by(f, STACK_MBEDTLS_2, 42);
	assert_shown(f, certificate_extension_unsupported, "error", "likely");
	f->hs->looks.stack = STACK_MBEDTLS_3; /* takes it */
	assert_shown(f, certificate_extension_unsupported, "error", "possible");
}

/* The name differs, and Go refuses the serial number with the same alert. */
static void test_name_mismatch__is_not_certain_beside_what_is_refused_alike(void **state)
{
	struct facts *f = *state;

	f->hs->side[SIDE_SERVER].chain.name = NAME_DIFFERS;
	refused_by(f, STACK_GO, 42);
	assert_shown(f, name_mismatch, "error", "certain");
	have(f, PROPERTY_serial_negative);
	assert_shown(f, name_mismatch, "error", "likely");
	assert_proves(f, "refused with that alert too: a negative serial number");
}

static void test_explicit_curve_parameters__nss_closes_without_an_alert(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_ec_explicit);
	f->hs->looks = (struct looks){ "NSS", STACK_NSS };
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	assert_shown(f, explicit_curve_parameters, "error", "likely");
}

static void test_certificate_version_old__two_that_fit_are_both_named(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_leaf_v3_noext);
	have(f, PROPERTY_sig_sha224);
	refused_by(f, STACK_GO, 42);
	assert_shown(f, certificate_version_old, "error", "possible");
	assert_proves(f, "v3 without any extension");
	assert_proves(f, "or: signed with SHA-224");
}

static void test_ca_certificate_as_leaf__a_check_that_fails_says_more(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_leaf_ca_true);
	refused_by(f, STACK_RUSTLS, 46);
	assert_shown(f, ca_certificate_as_leaf, "error", "likely");
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_not_shown(f, ca_certificate_as_leaf);
}

static void test_issuer_name_encoding__and_no_heap_is_blamed_for_it(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_dn_printable_vs_utf8);
	refused_by(f, STACK_UNKNOWN, 48);
	f->hs->looks.name = NULL;
	assert_shown(f, issuer_name_encoding, "error", "possible");
	assert_not_shown(f, heap_exhausted);
}

static void test_leaf_named_as_its_ca__is_self_signed_to_openssl(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_dn_leaf_named_as_ca_no_aki);
	refused_by(f, STACK_OPENSSL, 48);
	assert_shown(f, leaf_named_as_its_ca, "error", "likely");
	refused_by(f, STACK_OPENSSL, 42);
	assert_shown(f, leaf_named_as_its_ca, "error", "possible");
}

static void test_certificate_property_refused__is_for_what_no_cause_stands_for(void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_key_ed25519);
	refused_by(f, STACK_MBEDTLS_3, 42);
	assert_shown(f, certificate_property_refused, "error", "likely");
	assert_proves(f, "an Ed25519 key");
	have(f, PROPERTY_ec_explicit);
	assert_not_shown(f, certificate_property_refused);
}

static void test_ca_certificate_as_leaf__alone_and_without_ca_it_is_more_likely_not_trusted(
	void **state)
{
	struct facts *f = *state;

	have(f, PROPERTY_selfsigned_trusted_ca);
	refused_by(f, STACK_NSS, 46);
	assert_shown(f, ca_certificate_as_leaf, "error", "likely");
	f->hs->side[SIDE_SERVER].chain.has_trust = false;
	assert_not_shown(f, ca_certificate_as_leaf);
}

static void test_authority_key_id_missing__is_not_blamed_where_something_else_is_minded(
	void **state)
{
	struct facts *f = *state;

	f->leaf.has_authority_key_id = false;
	refused_by(f, STACK_UNKNOWN, 42);
	f->hs->looks.name = NULL;
	assert_shown(f, authority_key_id_missing, "error", "likely");
	have(f, PROPERTY_dn_printable_vs_utf8);
	assert_not_shown(f, authority_key_id_missing);
}

static void test_authority_key_id_missing__go_does_not_insist_on_one(void **state)
{
	struct facts *f = *state;

	f->leaf.has_authority_key_id = false;
	refused_by(f, STACK_GO, 42);
	assert_not_shown(f, authority_key_id_missing);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_serial_number_invalid__go_minds_a_negative_one),
		RULE_TEST(test_serial_number_invalid__what_a_client_looks_like_is_a_guess),
		RULE_TEST(test_serial_number_invalid__a_general_alert_may_be_another_version_s),
		RULE_TEST(test_serial_number_invalid__another_alert_is_about_something_else),
		RULE_TEST(test_serial_number_invalid__nobody_minds_it_who_completed),
		RULE_TEST(test_serial_number_invalid__a_client_that_is_not_known_makes_it_possible),
		RULE_TEST(test_name_constraints_violated__openssl_says_46),
		RULE_TEST(
			test_certificate_extension_unsupported__each_line_of_mbedtls_has_its_own_answer),
		RULE_TEST(test_name_mismatch__is_not_certain_beside_what_is_refused_alike),
		RULE_TEST(test_explicit_curve_parameters__nss_closes_without_an_alert),
		RULE_TEST(test_certificate_version_old__two_that_fit_are_both_named),
		RULE_TEST(test_ca_certificate_as_leaf__a_check_that_fails_says_more),
		RULE_TEST(
			test_ca_certificate_as_leaf__alone_and_without_ca_it_is_more_likely_not_trusted),
		RULE_TEST(
			test_authority_key_id_missing__is_not_blamed_where_something_else_is_minded),
		RULE_TEST(test_authority_key_id_missing__go_does_not_insist_on_one),
		RULE_TEST(test_issuer_name_encoding__and_no_heap_is_blamed_for_it),
		RULE_TEST(test_leaf_named_as_its_ca__is_self_signed_to_openssl),
		RULE_TEST(test_certificate_property_refused__is_for_what_no_cause_stands_for),
	};

	return RULE_TESTS(tests, argc, argv);
}
