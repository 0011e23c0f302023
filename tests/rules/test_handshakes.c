/* The walk over the kept handshakes that most causes share. */
#include "diagnose/claims.h"

#include "diagnose/chains.h"
#include "rules/facts.h"
#include "rules/said.h"

static bool failed(const struct handshake_view *v)
{
	return v->st.failed;
}

static bool nobody(const struct handshake_view *v)
{
	(void)v;
	return false;
}

/* Which handshake proves it, and that take() came before. */
static void name_it(const struct handshake_view *v, struct finding *f)
{
	finding_prove(f, v->cf, v->hs->first_packet, "proved by %llu after %u",
		(unsigned long long)v->hs->id, f->assumptions);
}

static void count_it(const struct handshake_view *v, struct finding *f)
{
	(void)v;
	f->assumptions++;
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_ske_signature, N_CHECKS };
static const struct handshake_rule rule = {
	.shows = failed,
	.prove = name_it,
	.take = count_it,
	.explains = explains,
	.severity = SEVERITY_WARNING,
	.confidence = CONFIDENCE_CERTAIN,
	.assumptions = 3,
};

/* One healthy handshake, then two that an alert ended. */
static struct facts *one_good_two_bad(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	(void)facts_add(f);
	end_with_alert(&f->hs[1], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	end_with_alert(&f->hs[2], STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	facts_examine(f);
	return f;
}

static void test_handshakes__each_that_shows_it_is_added(void **state)
{
	struct facts *f = one_good_two_bad(state);
	struct finding out = { 0 };

	assert_int_equal(handshake_cause(&f->file, &out, &rule), 2);
	assert_int_equal(out.n_handshakes, 2);
	assert_int_equal(out.handshakes[0], 2);
	assert_int_equal(out.handshakes[1], 3);
	assert_int_equal(out.severity, SEVERITY_WARNING);
	assert_int_equal(out.confidence, CONFIDENCE_CERTAIN);
	/* Of the checks listed, those that failed. */
	assert_int_equal(out.n_explains, 1);
	assert_int_equal(out.explains[0], CHECK_no_fatal_alert);
}

static void test_handshakes__the_first_proves_it_and_each_is_taken(void **state)
{
	struct facts *f = one_good_two_bad(state);
	struct finding out = { 0 };

	assert_int_equal(handshake_cause(&f->file, &out, &rule), 2);
	assert_int_equal(out.n_proof, 1);
	assert_string_equal(out.proof[0].text, "proved by 2 after 4");
	assert_int_equal(out.proof[0].packet, f->hs[1].first_packet);
	assert_int_equal(out.assumptions, 5);
}

static void test_handshakes__what_nobody_shows_leaves_the_finding_alone(void **state)
{
	struct facts *f = one_good_two_bad(state);
	struct handshake_rule none = rule;
	struct finding out = { .severity = SEVERITY_NOTE, .assumptions = 7 };
	struct finding before = out;

	none.shows = nobody;
	assert_int_equal(handshake_cause(&f->file, &out, &none), 0);
	assert_memory_equal(&out, &before, sizeof out);
}

static void test_handshakes__a_rule_without_hooks_says_how_sure_it_is(void **state)
{
	static const struct handshake_rule bare = {
		.shows = failed, .explains = explains, .confidence = CONFIDENCE_LIKELY
	};
	struct facts *f = one_good_two_bad(state);
	struct finding out = { .severity = SEVERITY_NOTE };

	assert_int_equal(handshake_cause(&f->file, &out, &bare), 2);
	assert_int_equal(out.n_proof, 0);
	assert_int_equal(out.severity, SEVERITY_ERROR);
	assert_int_equal(out.confidence, CONFIDENCE_LIKELY);
	assert_int_equal(out.assumptions, 0);
}

static bool completed(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED;
}

static void test_handshakes__where_none_shows_it_the_rule_has_another(void **state)
{
	static const struct handshake_rule last = {
		.shows = failed, .prove = name_it, .explains = explains
	};
	static const struct handshake_rule second = {
		.shows = completed, .explains = explains, .assumptions = 2, .otherwise = &last
	};
	static const struct handshake_rule first = {
		.shows = nobody, .explains = explains, .assumptions = 1, .otherwise = &second
	};
	struct facts *f = one_good_two_bad(state);
	struct finding out = { 0 };

	assert_int_equal(handshake_cause(&f->file, &out, &first), 1);
	assert_int_equal(out.n_handshakes, 1);
	assert_int_equal(out.handshakes[0], 1);
	assert_int_equal(out.assumptions, 2);
	assert_int_equal(out.n_proof, 0);
}

static void say_how_many(const struct case_file *cf, struct finding *f, size_t n)
{
	finding_prove(f, cf, 0, "%zu of %zu after %u", n, cf->n_kept, f->assumptions);
}

static void test_handshakes__it_is_concluded_once_when_all_were_asked(void **state)
{
	struct facts *f = one_good_two_bad(state);
	struct handshake_rule concluded = rule, none = rule;
	struct finding out = { 0 };

	concluded.prove = NULL;
	none.shows = nobody;
	none.conclude = concluded.conclude = say_how_many;
	assert_int_equal(handshake_cause(&f->file, &out, &none), 0);
	assert_int_equal(out.n_proof, 0);
	assert_int_equal(handshake_cause(&f->file, &out, &concluded), 2);
	assert_int_equal(out.n_proof, 1);
	assert_string_equal(out.proof[0].text, "2 of 3 after 5");
}

static bool asked_for(const struct handshake_view *v)
{
	return v->cause == causes[CAUSE_clock_wrong];
}

static void test_handshakes__a_rule_knows_whose_it_is(void **state)
{
	static const struct handshake_rule whose = { .shows = asked_for, .explains = explains };
	struct facts *f = one_good_two_bad(state);
	struct finding of_it = { .cause = causes[CAUSE_clock_wrong] }, other = { 0 };

	assert_int_equal(handshake_cause(&f->file, &of_it, &whose), 3);
	assert_int_equal(handshake_cause(&f->file, &other, &whose), 0);
}

static void test_handshakes__the_first_of_a_kind_is_found(void **state)
{
	struct facts *f = one_good_two_bad(state);

	assert_ptr_equal(find_handshake(&f->file, failed), f->file.kept[1]);
	assert_null(find_handshake(&f->file, nobody));
}

static void test_handshakes__a_view_knows_how_it_ended(void **state)
{
	struct facts *f = one_good_two_bad(state);
	struct handshake_view v = handshake_view_of(&f->file, f->file.kept[1]);

	assert_ptr_equal(v.cf, &f->file);
	assert_ptr_equal(v.ex, f->file.kept[1]);
	assert_ptr_equal(v.hs, &f->hs[1]);
	assert_int_equal(v.st.by, SIDE_CLIENT);
	assert_int_equal(v.st.alert, 48);
	assert_int_equal(v.st.stage, STAGE_SERVER_FLIGHT);
}

static void test_handshakes__severity_follows_whether_it_failed(void **state)
{
	struct facts *f = one_good_two_bad(state);
	struct handshake_view good = handshake_view_of(&f->file, f->file.kept[0]);
	struct handshake_view bad = handshake_view_of(&f->file, f->file.kept[1]);
	struct finding out = { .severity = SEVERITY_ERROR };

	warn_unless_failed(&bad, &out);
	assert_int_equal(out.severity, SEVERITY_ERROR);
	warn_unless_failed(&good, &out);
	assert_int_equal(out.severity, SEVERITY_WARNING);
	raise_when_failed(&good, &out);
	assert_int_equal(out.severity, SEVERITY_WARNING);
	raise_when_failed(&bad, &out);
	assert_int_equal(out.severity, SEVERITY_ERROR);
}

/* What the check of the second handshake answers, and is it then shown? */
static bool breach(struct facts *f, size_t i, enum status s, enum side by)
{
	static const int alerts[] = { 47, 48, 0 };
	struct handshake_view v = handshake_view_of(&f->file, f->file.kept[i]);

	f->examined[i].answers[CHECK_renegotiation_info].status = s;
	return breach_let_pass_or_refused(&v, CHECK_renegotiation_info, by, alerts);
}

static void test_handshakes__a_breach_counts_when_let_pass_or_refused_for(void **state)
{
	struct facts *f = one_good_two_bad(state);

	/* Let pass. */
	assert_true(breach(f, 0, FAIL, SIDE_CLIENT));
	assert_true(breach(f, 0, WARN, SIDE_SERVER));
	/* None at all. */
	assert_false(breach(f, 0, PASS, SIDE_CLIENT));
	assert_false(breach(f, 1, UNKNOWN, SIDE_CLIENT));
	/* The client gave up with 48. */
	assert_true(breach(f, 1, WARN, SIDE_CLIENT));
	assert_false(breach(f, 1, WARN, SIDE_SERVER));
	/* The server gave up with 40, which is not among those that speak of it. */
	assert_false(breach(f, 2, FAIL, SIDE_SERVER));
	/* A close without an alert speaks of nothing. */
	end_with(facts_add(f), STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	assert_false(breach(f, 3, FAIL, SIDE_CLIENT));
}

static void test_handshakes__never_failed_wants_one_that_passed(void **state)
{
	struct facts *f = one_good_two_bad(state);
	enum check_id id = CHECK_group_offered;

	for (size_t i = 0; i < 3; i++)
		f->examined[i].answers[id].status = UNKNOWN;
	assert_false(never_failed(&f->file, id));
	f->examined[1].answers[id].status = PASS;
	assert_true(never_failed(&f->file, id));
	f->examined[2].answers[id].status = FAIL;
	assert_false(never_failed(&f->file, id));
}

/* By the bytes there are rules or a function; what no byte shows, programs can say. */
static void test_handshakes__every_cause_has_one_way_to_be_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_CAUSES; i++) {
		const struct cause *c = causes[i];
		int ways = (c->handshake != NULL || c->chain != NULL) + (c->run != NULL);

		if (ways != 1 && !(ways == 0 && claims_know(c)))
			fail_msg("%s has %d", c->id, ways);
		for (const struct handshake_rule *r = c->handshake; r != NULL; r = r->otherwise)
			assert_true(r->shows != NULL && r->explains != NULL);
		if (c->chain != NULL)
			assert_true(c->chain->shows != NULL && c->chain->explains != NULL);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_handshakes__each_that_shows_it_is_added),
		RULE_TEST(test_handshakes__the_first_proves_it_and_each_is_taken),
		RULE_TEST(test_handshakes__what_nobody_shows_leaves_the_finding_alone),
		RULE_TEST(test_handshakes__a_rule_without_hooks_says_how_sure_it_is),
		RULE_TEST(test_handshakes__where_none_shows_it_the_rule_has_another),
		RULE_TEST(test_handshakes__it_is_concluded_once_when_all_were_asked),
		RULE_TEST(test_handshakes__a_rule_knows_whose_it_is),
		RULE_TEST(test_handshakes__the_first_of_a_kind_is_found),
		RULE_TEST(test_handshakes__a_view_knows_how_it_ended),
		RULE_TEST(test_handshakes__severity_follows_whether_it_failed),
		RULE_TEST(test_handshakes__a_breach_counts_when_let_pass_or_refused_for),
		RULE_TEST(test_handshakes__never_failed_wants_one_that_passed),
		RULE_TEST(test_handshakes__every_cause_has_one_way_to_be_shown),
	};

	return RULE_TESTS(tests, argc, argv);
}
