/* Who could have minded: what came too late, and what others took. */
#include "diagnose/accepted.h"
#include "diagnose/heed.h"
#include "rules/facts.h"
#include "rules/said.h"

/* A bad signature, over which the client says decrypt_error. */
static struct answer *refuse_signature(struct facts *f)
{
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	f->hs->horizon[SIDE_CLIENT].ended = true;
	facts_examine(f);
	return &f->examined[0].answers[CHECK_ske_signature];
}

static void test_heed__what_was_there_in_time_fails(void **state)
{
	struct facts *f = *state;
	struct answer *a = refuse_signature(f);

	answers_heed(f->hs, f->examined[0].answers);
	assert_int_equal(a->status, FAIL);
}

static void test_heed__what_came_too_late_is_a_warning_that_says_so(void **state)
{
	struct facts *f = *state;
	struct answer *a = refuse_signature(f);

	for (size_t i = 0; i < f->hs->n_events; i++)
		f->hs->events[i].late = f->hs->events[i].from == SIDE_SERVER;
	answers_heed(f->hs, f->examined[0].answers);
	assert_int_equal(a->status, WARN);
	assert_non_null(strstr(a->message, "it came after the client had given up"));
}

/* The server closes: it cannot have minded its own date, and that it closed is all that is left to say. */
static void test_heed__nobody_minds_a_certificate_of_its_own(void **state)
{
	struct facts *f = *state;
	const struct answer *a = &f->examined[0].answers[CHECK_chain_dates];

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_FIN);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	facts_examine(f);
	assert_int_equal(a->status, FAIL);
	assert_false(nothing_else_failed(&f->examined[0]));
	answers_heed(f->hs, f->examined[0].answers);
	assert_int_equal(a->status, WARN);
	assert_non_null(
		strstr(a->message, "(no reason for the server, which sent it, to give up)"));
	assert_true(nothing_else_failed(&f->examined[0]));
}

static void test_heed__its_receiver_may_have(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	facts_examine(f);
	answers_heed(f->hs, f->examined[0].answers);
	assert_int_equal(f->examined[0].answers[CHECK_chain_dates].status, FAIL);
}

static void test_heed__a_side_that_never_ended_could_know_all(void **state)
{
	struct facts *f = *state;
	struct answer *a = refuse_signature(f);

	f->hs->horizon[SIDE_CLIENT].ended = false;
	for (size_t i = 0; i < f->hs->n_events; i++)
		f->hs->events[i].late = f->hs->events[i].from == SIDE_SERVER;
	answers_heed(f->hs, f->examined[0].answers);
	assert_int_equal(a->status, FAIL);
}

/* An expired certificate; a second client takes the same without a word. */
static uint64_t accepted(struct facts *f, bool by_another)
{
	struct examined *all[2] = { &f->examined[0], &f->examined[1] };

	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	if (by_another)
		(void)facts_add(f);
	facts_examine(f);
	accepted_note(all, by_another ? 2 : 1);
	return f->examined[0].accepted_in;
}

static void test_accepted__a_close_over_what_another_took_is_no_refusal(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	assert_int_equal(accepted(f, true), 2);
	assert_int_equal(f->examined[0].answers[CHECK_chain_dates].status, WARN);
}

static void test_accepted__alone_it_may_be_one(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	assert_int_equal(accepted(f, false), 0);
	assert_int_equal(f->examined[0].answers[CHECK_chain_dates].status, FAIL);
}

static void test_accepted__an_alert_speaks_for_itself(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 45);
	assert_int_equal(accepted(f, true), 0);
	assert_int_equal(f->examined[0].answers[CHECK_chain_dates].status, FAIL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_heed__what_was_there_in_time_fails),
		RULE_TEST(test_heed__what_came_too_late_is_a_warning_that_says_so),
		RULE_TEST(test_heed__nobody_minds_a_certificate_of_its_own),
		RULE_TEST(test_heed__its_receiver_may_have),
		RULE_TEST(test_heed__a_side_that_never_ended_could_know_all),
		RULE_TEST(test_accepted__a_close_over_what_another_took_is_no_refusal),
		RULE_TEST(test_accepted__alone_it_may_be_one),
		RULE_TEST(test_accepted__an_alert_speaks_for_itself),
	};

	return RULE_TESTS(tests, argc, argv);
}
