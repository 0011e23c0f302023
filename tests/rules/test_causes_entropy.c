/* Causes about what should be random and is not. */
#include "rules/facts.h"
#include "rules/said.h"

static struct repeats *repeats(void **state, enum side side)
{
	return &first(state)->side[side].repeats;
}

static void test_random_repeats__the_servers_random_comes_back(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->random = 7;
	assert_shown(f, random_repeats, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The server sends the same random again: its generator repeats itself");
	assert_int_equal(
		proof_packet(&f->finding, "the same as in handshake 7"), PACKET_SERVER_HELLO);
	assert_explains(f, random_fresh);
	repeats(state, SIDE_SERVER)->public_key = 7;
	assert_shown(f, random_repeats, "error", "certain");
	assert_proves(f, "its ephemeral key comes back too");
	assert_explains(f, ephemeral_fresh);
}

static void test_random_repeats__so_may_the_clients(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->random = 7;
	assert_shown(f, random_repeats, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The client sends the same random again: its generator repeats itself");
}

static void test_random_repeats__one_handshake_captured_twice_is_no_fault(void **state)
{
	struct facts *f = *state;

	*repeats(state, SIDE_CLIENT) = (struct repeats){ .random = 7 };
	*repeats(state, SIDE_SERVER) = (struct repeats){ .random = 7, .public_key = 7, .nonce = 7 };
	assert_not_shown(f, random_repeats);
	assert_not_shown(f, ephemeral_key_repeats);
	assert_not_shown(f, nonce_reused);
}

static void test_random_repeats__repeats_of_different_handshakes_are(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->random = 6;
	repeats(state, SIDE_SERVER)->random = 7;
	assert_shown(f, random_repeats, "error", "certain");
}

static void test_random_not_random__quotes_the_pattern(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->pattern = "every byte is 0xa5";
	assert_shown(f, random_not_random, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The client's random is not random: its generator does not work");
	assert_int_equal(proof_packet(&f->finding, "every byte is 0xa5"), PACKET_CLIENT_HELLO);
	assert_explains(f, random_fresh);
}

static void test_random_not_random__the_servers_is_named_first(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->pattern = repeats(state, SIDE_SERVER)->pattern =
		"it counts up";
	assert_shown(f, random_not_random, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The server's random is not random: its generator does not work");
}

static void test_random_not_random__a_repeat_is_no_pattern(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->random = 7;
	assert_not_shown(f, random_not_random);
}

static void test_ephemeral_key_repeats__with_new_randoms_it_may_be_on_purpose(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->public_key = 7;
	assert_shown(f, ephemeral_key_repeats, "warning", "certain");
	assert_proves(f, "so the key may be kept on purpose");
	assert_explains(f, ephemeral_fresh);
}

static void test_ephemeral_key_repeats__with_the_random_it_is_an_error(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->public_key = repeats(state, SIDE_SERVER)->random = 7;
	assert_shown(f, ephemeral_key_repeats, "error", "certain");
}

static void test_ephemeral_key_repeats__the_clients_alone_is_not_the_servers(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->public_key = 7;
	assert_not_shown(f, ephemeral_key_repeats);
}

static void test_ephemeral_key_trivial__says_whose_and_which(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->public_multiple = 2;
	assert_shown(f, ephemeral_key_trivial, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The client's ephemeral private key is 2: anybody can read the session");
	repeats(state, SIDE_SERVER)->public_multiple = 1;
	assert_shown(f, ephemeral_key_trivial, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The server's ephemeral private key is 1: anybody can read the session");
	assert_explains(f, ephemeral_fresh);
}

/* X25519 of nothing but zeros, as of a buffer that no key was written to. */
static void test_ephemeral_key_trivial__is_a_key_that_makes_every_secret_zero(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_CLIENT)->public_multiple = 0;
	f->hs->side[SIDE_SERVER].point = POINT_LOW_ORDER;
	assert_shown(f, ephemeral_key_trivial, "error", "certain");
	assert_string_equal(f->finding.summary,
		"The server's ephemeral public key is none: every secret made with it is zero");
	assert_explains(f, ske_point_on_curve);
	f->hs->side[SIDE_SERVER].point = POINT_ON_CURVE;
	assert_not_shown(f, ephemeral_key_trivial);
	f->hs->side[SIDE_CLIENT].point = POINT_LOW_ORDER;
	assert_shown(f, ephemeral_key_trivial, "error", "certain");
}

static void test_ephemeral_key_trivial__a_repeated_key_is_not(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->public_key = 7;
	assert_not_shown(f, ephemeral_key_trivial);
}

static void test_nonce_reused__one_r_under_one_key_is_an_error(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->nonce = 7;
	assert_shown(f, nonce_reused, "error", "certain");
	assert_explains(f, nonce_fresh);
	assert_false(proves(&f->finding, "the private key computed"));
	f->examined[0].autopsy.nonce_key_recovered = true;
	assert_shown(f, nonce_reused, "error", "certain");
	assert_proves(f, "the private key computed from the two signatures belongs to");
}

static void test_nonce_reused__a_repeated_random_alone_is_not(void **state)
{
	struct facts *f = *state;

	repeats(state, SIDE_SERVER)->random = 7;
	assert_not_shown(f, nonce_reused);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_random_repeats__the_servers_random_comes_back),
		RULE_TEST(test_random_repeats__so_may_the_clients),
		RULE_TEST(test_random_repeats__one_handshake_captured_twice_is_no_fault),
		RULE_TEST(test_random_repeats__repeats_of_different_handshakes_are),
		RULE_TEST(test_random_not_random__quotes_the_pattern),
		RULE_TEST(test_random_not_random__the_servers_is_named_first),
		RULE_TEST(test_random_not_random__a_repeat_is_no_pattern),
		RULE_TEST(test_ephemeral_key_repeats__with_new_randoms_it_may_be_on_purpose),
		RULE_TEST(test_ephemeral_key_repeats__with_the_random_it_is_an_error),
		RULE_TEST(test_ephemeral_key_repeats__the_clients_alone_is_not_the_servers),
		RULE_TEST(test_ephemeral_key_trivial__says_whose_and_which),
		RULE_TEST(test_ephemeral_key_trivial__is_a_key_that_makes_every_secret_zero),
		RULE_TEST(test_ephemeral_key_trivial__a_repeated_key_is_not),
		RULE_TEST(test_nonce_reused__one_r_under_one_key_is_an_error),
		RULE_TEST(test_nonce_reused__a_repeated_random_alone_is_not),
	};

	return RULE_TESTS(tests, argc, argv);
}
