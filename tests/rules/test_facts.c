/* The ground the tests of the rules stand on: healthy facts, in which no rule finds anything. */
#include "rules/facts.h"
#include "rules/said.h"

static void expect_no_fault(struct facts *f)
{
	facts_examine(f);
	for (size_t i = 0; i < f->file.n_kept; i++)
		for (size_t id = 0; id < N_CHECKS; id++) {
			const struct answer *a = &f->examined[i].answers[id];

			if (a->status != PASS && a->status != NOT_APPLICABLE)
				fail_msg("%s: %s", checks[id]->id, a->message);
		}
	for (enum cause_id id = 0; id < N_CAUSES; id++)
		if (facts_show(f, id))
			fail_msg("%s is shown: %s", causes[id]->id, f->finding.summary);
}

static void test_facts__a_healthy_handshake_fails_no_check_and_shows_no_cause(void **state)
{
	expect_no_fault(*state);
}

static void test_facts__so_do_several(void **state)
{
	(void)facts_add(*state);
	(void)facts_add(*state);
	expect_no_fault(*state);
}

static void test_facts__so_does_one_with_a_client_certificate(void **state)
{
	make_mutual(*state, first(state));
	expect_no_fault(*state);
}

static void test_facts__so_does_one_with_an_intermediate(void **state)
{
	make_long_chain(*state, first(state));
	expect_no_fault(*state);
}

static void test_facts__so_does_tls13(void **state)
{
	make_tls13(first(state));
	expect_no_fault(*state);
}

static void test_facts__so_does_a_retry(void **state)
{
	make_retry(first(state));
	expect_no_fault(*state);
}

static void test_facts__every_rule_has_its_texts(void **state)
{
	(void)state;
	for (size_t id = 0; id < N_CHECKS; id++) {
		assert_non_null(checks[id]->rfc);
		assert_int_equal(checks[id]->question[strlen(checks[id]->question) - 1], '?');
		assert_int_equal(check_find(checks[id]->id), id);
	}
	for (size_t id = 0; id < N_CAUSES; id++) {
		assert_true(strlen(causes[id]->summary) != 0);
		assert_non_null(causes[id]->next_steps[0]);
		assert_ptr_equal(cause_find(causes[id]->id), causes[id]);
	}
	assert_int_equal(check_find("none-such"), N_CHECKS);
	assert_null(cause_find("none-such"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_facts__a_healthy_handshake_fails_no_check_and_shows_no_cause),
		RULE_TEST(test_facts__so_do_several),
		RULE_TEST(test_facts__so_does_one_with_a_client_certificate),
		RULE_TEST(test_facts__so_does_one_with_an_intermediate),
		RULE_TEST(test_facts__so_does_tls13),
		RULE_TEST(test_facts__so_does_a_retry),
		RULE_TEST(test_facts__every_rule_has_its_texts),
	};

	return RULE_TESTS(tests, argc, argv);
}
