/* Checks of keys, signatures and points, and of what should be random. */
#include "rules/facts.h"
#include "rules/said.h"

static struct place shown(struct facts *f, enum check_id id)
{
	facts_examine(f);
	return f->examined[0].answers[id].evidence[0].place;
}

/* ---- points ---- */

static const struct {
	enum point_state state;
	const char *status, *text;
} points[] = {
	{ POINT_ON_CURVE, "pass", "is a point on secp256r1" },
	{ POINT_OFF_CURVE, "fail", "is not a point on secp256r1" },
	{ POINT_INFINITY, "fail", "is the point at infinity" },
	{ POINT_OUT_OF_RANGE, "fail", "is not below the prime of secp256r1" },
	{ POINT_BAD_LENGTH, "fail", "has 65 bytes, which no point on secp256r1 has" },
	{ POINT_BAD_FORM, "fail", "does not begin with a known form byte (04)" },
	{ POINT_LOW_ORDER, "fail", "is of low order" },
	{ POINT_UNCHECKED, "unknown", "with which this build cannot compute" },
};
enum { N_POINTS = sizeof points / sizeof points[0] };

static void test_ske_point_on_curve__every_state_has_its_answer(void **state)
{
	for (size_t i = 0; i < N_POINTS; i++) {
		first(state)->side[SIDE_SERVER].point = points[i].state;
		assert_answer(first(state), ske_point_on_curve, points[i].status, points[i].text);
	}
}

static void test_ske_point_on_curve__off_curve_shows_the_bytes_of_the_key(void **state)
{
	struct place at;

	first(state)->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	at = shown(*state, CHECK_ske_point_on_curve);
	assert_int_equal(at.packet, PACKET_KEY_EXCHANGE);
	assert_int_equal(at.offset, 4);
	assert_int_equal(at.length, 65);
}

static void test_ske_point_on_curve__a_tls13_share_is_asked_too(void **state)
{
	make_tls13(first(state));
	first(state)->side[SIDE_SERVER].point = POINT_LOW_ORDER;
	assert_answer(first(state), ske_point_on_curve, "fail", "is of low order");
	assert_int_equal(shown(*state, CHECK_ske_point_on_curve).packet, PACKET_SERVER_HELLO);
}

static void test_ske_point_on_curve__not_proved_says_why(void **state)
{
	first(state)->side[SIDE_SERVER].point = POINT_UNCHECKED;
	first(state)->proved = false;
	first(state)->not_proved_why = "--verify=none";
	assert_answer(
		first(state), ske_point_on_curve, "unknown", "was not examined: --verify=none");
}

static void test_ske_point_on_curve__without_a_key_it_does_not_apply(void **state)
{
	memset(&first(state)->ske, 0, sizeof first(state)->ske);
	assert_answer(first(state), ske_point_on_curve, "n/a", "no ECDHE public key");
}

static void test_cke_point_on_curve__every_state_has_its_answer(void **state)
{
	for (size_t i = 0; i < N_POINTS; i++) {
		first(state)->side[SIDE_CLIENT].point = points[i].state;
		assert_answer(first(state), cke_point_on_curve, points[i].status, points[i].text);
	}
}

static void test_cke_point_on_curve__without_a_key_it_does_not_apply(void **state)
{
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 40);
	assert_answer(first(state), cke_point_on_curve, "n/a", "no ECDHE public key in the clear");
}

/* ---- parameters ---- */

static void test_ske_params_valid__a_named_curve_passes(void **state)
{
	assert_answer(first(state), ske_params_valid, "pass", "named_curve secp256r1");
}

static void test_ske_params_valid__other_curve_types_and_groups_fail(void **state)
{
	first(state)->ske.curve_type = 1;
	assert_answer(first(state), ske_params_valid, "fail", "curve_type is 1, only named_curve");
	first(state)->ske.curve_type = 3;
	first(state)->ske.group = 0x4444;
	assert_answer(first(state), ske_params_valid, "fail", "0x4444 is not a registered group");
	first(state)->ske.group = 256;
	assert_answer(first(state), ske_params_valid, "fail", "ffdhe2048 is not an elliptic curve");
}

static void test_ske_params_valid__dh_parameters_are_judged_in_turn(void **state)
{
	struct dh_check *dh = &first(state)->dh;

	first(state)->ske.dh_p = text_bytes("a prime");
	assert_answer(first(state), ske_params_valid, "unknown", "were not examined");
	*dh = (struct dh_check){ .checked = true, .prime_bits = 1024 };
	assert_answer(first(state), ske_params_valid, "fail", "dh_p (1024 bits) is not prime");
	dh->prime = true;
	assert_answer(first(state), ske_params_valid, "fail", "dh_g is not between");
	dh->generator_ok = true;
	assert_answer(first(state), ske_params_valid, "fail", "dh_Ys is not between");
	dh->public_ok = true;
	assert_answer(first(state), ske_params_valid, "warn", "dh_p has 1024 bits");
	dh->prime_bits = 2048;
	dh->named_group = 256;
	assert_answer(
		first(state), ske_params_valid, "pass", "a prime of 2048 bits, a published group");
}

static void test_ske_params_valid__a_prime_that_was_not_tested_is_unknown(void **state)
{
	struct dh_check *dh = &first(state)->dh;

	first(state)->ske.dh_p = text_bytes("a number");
	first(state)->dh_left_out = true;
	*dh = (struct dh_check){ .prime_bits = 8192, .generator_ok = true, .public_ok = true };
	assert_answer(first(state), ske_params_valid, "unknown",
		"it was not tested whether dh_p (8192 bits) is a prime");
	dh->prime_bits = 1024; /* what is seen without a test is told */
	assert_answer(first(state), ske_params_valid, "warn", "dh_p has 1024 bits");
	dh->public_ok = false;
	assert_answer(first(state), ske_params_valid, "fail", "dh_Ys is not between");
}

static void test_ske_params_valid__without_them_it_does_not_apply(void **state)
{
	first(state)->ske.has_curve_type = false;
	assert_answer(first(state), ske_params_valid, "n/a", "no such parameters");
	first(state)->ske.seen = false;
	assert_answer(first(state), ske_params_valid, "n/a", "there is no ServerKeyExchange");
}

/* ---- signatures ---- */

static void test_ske_signature__a_valid_one_passes(void **state)
{
	assert_answer(first(state), ske_signature, "pass",
		"the signature verifies under the key of CN=device.example");
}

static void test_ske_signature__an_invalid_one_fails_and_says_why(void **state)
{
	first(state)->side[SIDE_SERVER].proof.signature = (struct verdict){ PROOF_INVALID, NULL };
	assert_answer(first(state), ske_signature, "fail",
		"the signature does not verify under the certificate's key");
	first(state)->side[SIDE_SERVER].proof.signature.why = "r is 0";
	assert_answer(first(state), ske_signature, "fail", "the certificate's key: r is 0");
	assert_int_equal(shown(*state, CHECK_ske_signature).offset, 73);
}

static void test_ske_signature__what_was_not_verified_is_unknown(void **state)
{
	first(state)->side[SIDE_SERVER].proof.signature =
		(struct verdict){ PROOF_UNVERIFIABLE, "this build has no brainpoolP256r1" };
	assert_answer(first(state), ske_signature, "unknown",
		"cannot be verified: this build has no brainpoolP256r1");
	first(state)->side[SIDE_SERVER].proof.signature.state = PROOF_NONE;
	assert_answer(first(state), ske_signature, "unknown", "was not verified: not asked for");
	first(state)->not_proved_why = "--verify=none";
	assert_answer(first(state), ske_signature, "unknown", "was not verified: --verify=none");
}

static void test_ske_signature__without_one_it_does_not_apply(void **state)
{
	first(state)->ske.has_signature = false;
	assert_answer(first(state), ske_signature, "n/a", "signed nothing in the clear");
}

static void test_ske_signature_size_fits_key__r_and_s_of_the_curve_pass(void **state)
{
	assert_answer(first(state), ske_signature_size_fits_key, "pass",
		"8 bytes with r and s of up to 256 bits: what a key on EC secp256r1 makes");
}

static void test_ske_signature_size_fits_key__larger_ones_fail(void **state)
{
	first(state)->side[SIDE_SERVER].proof.ecdsa.s_bits = 383;
	assert_answer(first(state), ske_signature_size_fits_key, "fail",
		"r and s have up to 383 bits, more than a key on EC secp256r1 can give");
}

static void test_ske_signature_size_fits_key__far_smaller_ones_warn(void **state)
{
	struct ecdsa_signature *sig = &first(state)->side[SIDE_SERVER].proof.ecdsa;

	sig->r_bits = sig->s_bits = 191;
	assert_answer(first(state), ske_signature_size_fits_key, "warn", "have at most 191 bits");
	sig->r_bits = 192;
	assert_answer(first(state), ske_signature_size_fits_key, "pass", "up to 192 bits");
}

static void test_ske_signature_size_fits_key__bytes_that_are_no_integers_fail(void **state)
{
	first(state)->side[SIDE_SERVER].proof.ecdsa.readable = false;
	assert_answer(first(state), ske_signature_size_fits_key, "fail",
		"8 bytes that are not two DER integers");
}

static void test_ske_signature_size_fits_key__rsa_signs_with_the_modulus_length(void **state)
{
	struct facts *f = *state;

	f->leaf.key = KEY_RSA;
	f->leaf.key_bits = 64;
	assert_answer(f->hs, ske_signature_size_fits_key, "pass", "8 bytes: what");
	f->leaf.key_bits = 2048;
	assert_answer(f->hs, ske_signature_size_fits_key, "fail", "8 bytes, but");
	f->leaf.key = KEY_ED25519;
	assert_answer(f->hs, ske_signature_size_fits_key, "n/a", "the size says nothing");
}

static void test_ske_signature_size_fits_key__needs_certificate_and_signature(void **state)
{
	first(state)->side[SIDE_SERVER].n_certs = 0;
	assert_answer(first(state), ske_signature_size_fits_key, "unknown", "was not seen");
	first(state)->ske.has_signature = false;
	assert_answer(first(state), ske_signature_size_fits_key, "n/a", "signed nothing");
}

static void test_certificate_verify_signature__every_verdict_has_its_answer(void **state)
{
	struct verdict *v = &first(state)->side[SIDE_CLIENT].proof.signature;

	make_mutual(*state, first(state));
	assert_answer(first(state), certificate_verify_signature, "pass", "verifies");
	*v = (struct verdict){ PROOF_INVALID, "s is 0" };
	assert_answer(first(state), certificate_verify_signature, "fail",
		"does not verify under its certificate's key: s is 0");
	*v = (struct verdict){ PROOF_UNVERIFIABLE, "a message it covers is missing" };
	assert_answer(first(state), certificate_verify_signature, "unknown",
		"cannot be verified: a message it covers is missing");
	v->state = PROOF_NONE;
	assert_answer(first(state), certificate_verify_signature, "unknown", "was not verified");
}

static void test_certificate_verify_signature__one_that_the_capture_lost_is_unknown(void **state)
{
	struct handshake *hs = first(state);

	make_mutual(*state, hs);
	hs->side[SIDE_CLIENT].verify.seen = false;
	hs->gaps[0] = (struct gap_fact){ .from = SIDE_CLIENT, .packet = 8, .bytes = 85 };
	hs->n_gaps = 1;
	assert_answer(hs, certificate_verify_signature, "unknown", "the capture lost packets");
	hs->gaps[0].from = SIDE_SERVER;
	assert_answer(hs, certificate_verify_signature, "n/a", "no CertificateVerify");
	hs->gaps[0].from = SIDE_CLIENT;
	hs->tls13 = true;
	assert_answer(hs, certificate_verify_signature, "n/a", "no CertificateVerify");
}

static void test_certificate_verify_signature__without_one_it_does_not_apply(void **state)
{
	assert_answer(first(state), certificate_verify_signature, "n/a", "no CertificateVerify");
}

/* ---- what the user gave ---- */

static void test_key_matches_certificate__the_same_key_passes(void **state)
{
	first(state)->key_given = LINK_VALID;
	assert_answer(first(state), key_matches_certificate, "pass", "belongs to the certificate");
}

static void test_key_matches_certificate__another_key_fails(void **state)
{
	first(state)->key_given = LINK_BAD;
	assert_answer(first(state), key_matches_certificate, "fail",
		"the given key is not that of the certificate sent (EC secp256r1)");
}

static void test_key_matches_certificate__another_certificate_warns(void **state)
{
	first(state)->cert_given = LINK_BAD;
	assert_answer(first(state), key_matches_certificate, "warn", "is not the one given");
}

static void test_key_matches_certificate__what_cannot_be_compared_is_unknown(void **state)
{
	first(state)->key_given = LINK_UNVERIFIABLE;
	assert_answer(first(state), key_matches_certificate, "unknown", "cannot be compared");
}

static void test_key_matches_certificate__without_either_it_does_not_apply(void **state)
{
	assert_answer(first(state), key_matches_certificate, "n/a", "no --key or --cert");
}

/* ---- randomness ---- */

static void test_random_fresh__new_randoms_pass(void **state)
{
	assert_answer(first(state), random_fresh, "pass", "neither random was seen before");
}

static void test_random_fresh__a_repeat_fails_on_either_side(void **state)
{
	first(state)->side[SIDE_CLIENT].repeats.random = 3;
	assert_answer(first(state), random_fresh, "fail",
		"the client's random is the same as in handshake 3");
	first(state)->side[SIDE_SERVER].repeats.random = 2;
	assert_answer(first(state), random_fresh, "fail",
		"the server's random is the same as in handshake 2");
	assert_int_equal(shown(*state, CHECK_random_fresh).packet, PACKET_SERVER_HELLO);
}

static void test_random_fresh__a_pattern_fails(void **state)
{
	first(state)->side[SIDE_CLIENT].repeats.pattern = "every byte is 0xa5";
	assert_answer(first(state), random_fresh, "fail",
		"the client's random is not random: every byte is 0xa5");
}

static void test_random_fresh__without_a_hello_it_does_not_apply(void **state)
{
	end_with(first(state), STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	assert_answer(first(state), random_fresh, "n/a", "no hello was seen");
}

static void test_ephemeral_fresh__new_keys_pass(void **state)
{
	assert_answer(first(state), ephemeral_fresh, "pass", "no ephemeral key was seen before");
}

static void test_ephemeral_fresh__a_repeat_warns(void **state)
{
	first(state)->side[SIDE_CLIENT].repeats.public_key = 3;
	assert_answer(first(state), ephemeral_fresh, "warn",
		"the client's ephemeral key is the same as in handshake 3");
	first(state)->side[SIDE_SERVER].repeats.public_key = 2;
	assert_answer(first(state), ephemeral_fresh, "warn",
		"the server's ephemeral key is the same as in handshake 2");
}

static void test_ephemeral_fresh__a_trivial_key_fails(void **state)
{
	first(state)->side[SIDE_CLIENT].repeats.public_multiple = 2;
	assert_answer(first(state), ephemeral_fresh, "fail", "the client's ECDHE public key is 2");
	first(state)->side[SIDE_SERVER].repeats.public_multiple = 1;
	assert_answer(first(state), ephemeral_fresh, "fail",
		"the server's ECDHE public key is 1 times the generator");
}

static void test_ephemeral_fresh__without_a_key_it_does_not_apply(void **state)
{
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_answer(first(state), ephemeral_fresh, "n/a", "no ephemeral key was seen");
}

static void test_nonce_fresh__a_new_r_passes_and_an_old_one_fails(void **state)
{
	assert_answer(first(state), nonce_fresh, "pass", "r was not seen before");
	first(state)->side[SIDE_SERVER].repeats.nonce = 4;
	assert_answer(first(state), nonce_fresh, "fail",
		"r is the same as in handshake 4 under the same key");
}

static void test_nonce_fresh__only_ecdsa_has_one(void **state)
{
	first(state)->side[SIDE_SERVER].proof.ecdsa.readable = false;
	assert_answer(first(state), nonce_fresh, "n/a", "made no ECDSA signature");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_ske_point_on_curve__every_state_has_its_answer),
		RULE_TEST(test_ske_point_on_curve__off_curve_shows_the_bytes_of_the_key),
		RULE_TEST(test_ske_point_on_curve__a_tls13_share_is_asked_too),
		RULE_TEST(test_ske_point_on_curve__not_proved_says_why),
		RULE_TEST(test_ske_point_on_curve__without_a_key_it_does_not_apply),
		RULE_TEST(test_cke_point_on_curve__every_state_has_its_answer),
		RULE_TEST(test_cke_point_on_curve__without_a_key_it_does_not_apply),
		RULE_TEST(test_ske_params_valid__a_named_curve_passes),
		RULE_TEST(test_ske_params_valid__other_curve_types_and_groups_fail),
		RULE_TEST(test_ske_params_valid__dh_parameters_are_judged_in_turn),
		RULE_TEST(test_ske_params_valid__a_prime_that_was_not_tested_is_unknown),
		RULE_TEST(test_ske_params_valid__without_them_it_does_not_apply),
		RULE_TEST(test_ske_signature__a_valid_one_passes),
		RULE_TEST(test_ske_signature__an_invalid_one_fails_and_says_why),
		RULE_TEST(test_ske_signature__what_was_not_verified_is_unknown),
		RULE_TEST(test_ske_signature__without_one_it_does_not_apply),
		RULE_TEST(test_ske_signature_size_fits_key__r_and_s_of_the_curve_pass),
		RULE_TEST(test_ske_signature_size_fits_key__larger_ones_fail),
		RULE_TEST(test_ske_signature_size_fits_key__far_smaller_ones_warn),
		RULE_TEST(test_ske_signature_size_fits_key__bytes_that_are_no_integers_fail),
		RULE_TEST(test_ske_signature_size_fits_key__rsa_signs_with_the_modulus_length),
		RULE_TEST(test_ske_signature_size_fits_key__needs_certificate_and_signature),
		RULE_TEST(test_certificate_verify_signature__every_verdict_has_its_answer),
		RULE_TEST(test_certificate_verify_signature__one_that_the_capture_lost_is_unknown),
		RULE_TEST(test_certificate_verify_signature__without_one_it_does_not_apply),
		RULE_TEST(test_key_matches_certificate__the_same_key_passes),
		RULE_TEST(test_key_matches_certificate__another_key_fails),
		RULE_TEST(test_key_matches_certificate__another_certificate_warns),
		RULE_TEST(test_key_matches_certificate__what_cannot_be_compared_is_unknown),
		RULE_TEST(test_key_matches_certificate__without_either_it_does_not_apply),
		RULE_TEST(test_random_fresh__new_randoms_pass),
		RULE_TEST(test_random_fresh__a_repeat_fails_on_either_side),
		RULE_TEST(test_random_fresh__a_pattern_fails),
		RULE_TEST(test_random_fresh__without_a_hello_it_does_not_apply),
		RULE_TEST(test_ephemeral_fresh__new_keys_pass),
		RULE_TEST(test_ephemeral_fresh__a_repeat_warns),
		RULE_TEST(test_ephemeral_fresh__a_trivial_key_fails),
		RULE_TEST(test_ephemeral_fresh__without_a_key_it_does_not_apply),
		RULE_TEST(test_nonce_fresh__a_new_r_passes_and_an_old_one_fails),
		RULE_TEST(test_nonce_fresh__only_ecdsa_has_one),
	};

	return RULE_TESTS(tests, argc, argv);
}
