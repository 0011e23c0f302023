/* Two answers to one hello: what is compared, and what is made of it. */
#include "diagnose/replayed.h"
#include "rules/facts.h"
#include "rules/said.h"

#include <stdio.h>

static struct server_answer answer(void **state)
{
	struct facts *f = *state;
	struct server_answer a;

	facts_examine(f);
	answer_read(f->kept[0], &a);
	return a;
}

static struct server_answer sound(void **state)
{
	return answer(state);
}

/* A point off its curve and a signature that fails; the client broke off over it, or nobody did. */
static struct server_answer broken(void **state, bool cut)
{
	struct handshake *hs = first(state);

	hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	hs->side[SIDE_SERVER].proof.signature =
		(struct verdict){ PROOF_INVALID, "it does not fit" };
	if (cut) {
		end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
		hs->server_hello_done = false;
	}
	return answer(state);
}

static enum replay_verdict verdict(const struct server_answer *then, struct server_answer now)
{
	struct replay r = { .has_then = then != NULL, .n_now = 1 };

	if (then != NULL)
		r.then = *then;
	r.now[0] = now;
	replay_judge(&r);
	return r.verdict;
}

static void test_answer__a_healthy_flight(void **state)
{
	struct server_answer a = sound(state);

	assert_true(answer_sound(&a));
	assert_true(a.whole);
	assert_string_equal(a.fact[ANSWER_VERSION], "TLS 1.2");
	assert_string_equal(a.fact[ANSWER_GROUP], "secp256r1");
	assert_string_equal(a.fact[ANSWER_POINT], "on its curve");
	assert_string_equal(a.fact[ANSWER_SIGNATURE], "valid");
	assert_string_equal(a.fact[ANSWER_END], "the flight is whole");
	assert_non_null(strstr(a.fact[ANSWER_CERTIFICATE], "EC secp256r1"));
}

static void test_answer__a_client_that_breaks_off_hides_the_rest(void **state)
{
	struct server_answer a = broken(state, true);

	assert_false(answer_sound(&a));
	assert_true(a.cut);
	assert_false(a.whole);
	assert_string_equal(a.fact[ANSWER_END], "the client breaks off");
	assert_true(a.failing[CHECK_ske_signature]);
	assert_true(a.failing[CHECK_ske_point_on_curve]);
	assert_false(a.failing[CHECK_no_fatal_alert]);
}

static void test_answer__an_alert_of_the_server_ends_it(void **state)
{
	struct handshake *hs = first(state);
	struct server_answer a;

	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	hs->server_hello_done = false;
	a = answer(state);
	assert_false(answer_sound(&a));
	assert_string_equal(a.fact[ANSWER_END], "alert 40 handshake_failure");
}

static void test_replay__fails_as_then_though_then_was_cut(void **state)
{
	struct server_answer then = broken(state, true), now;

	facts_teardown(state);
	facts_setup(state);
	now = broken(state, false);
	assert_true(now.whole);
	assert_int_equal(verdict(&then, now), REPLAY_FAILS_AS_THEN);
}

static void test_replay__verdicts(void **state)
{
	struct server_answer well = sound(state), bad = broken(state, true), alert;

	facts_teardown(state);
	facts_setup(state);
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	first(state)->server_hello_done = false;
	alert = answer(state);
	assert_int_equal(verdict(&bad, well), REPLAY_ANSWERS_WELL);
	assert_int_equal(verdict(&well, well), REPLAY_ANSWERS_AS_THEN);
	assert_int_equal(verdict(&well, bad), REPLAY_FAILS_NEW);
	assert_int_equal(verdict(&bad, alert), REPLAY_FAILS_OTHERWISE);
	assert_int_equal(verdict(&alert, alert), REPLAY_FAILS_AS_THEN);
	assert_int_equal(verdict(NULL, well), REPLAY_ANSWERS_WELL);
	assert_int_equal(verdict(NULL, bad), REPLAY_FAILS_NEW);
}

static void test_replay__what_the_client_refused_then_is_not_called_well(void **state)
{
	struct server_answer well = sound(state), refused, renewed;

	facts_teardown(state);
	facts_setup(state);
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	refused = answer(state);
	assert_true(answer_sound(&refused));
	assert_int_equal(verdict(&refused, well), REPLAY_REFUSED_THEN);
	assert_false(replay_verdict_good(REPLAY_REFUSED_THEN));
	assert_false(replay_verdict_bad(REPLAY_REFUSED_THEN));
	renewed = well;
	(void)snprintf(renewed.fact[ANSWER_CERTIFICATE], ANSWER_TEXT, "another");
	assert_int_equal(verdict(&refused, renewed), REPLAY_REFUSED_THEN);
	refused.refused_with = 45;
	assert_int_equal(verdict(&refused, renewed), REPLAY_ANSWERS_WELL);
	refused.refused_with = 47;
	(void)snprintf(renewed.fact[ANSWER_SCHEME], ANSWER_TEXT, "another");
	assert_int_equal(verdict(&refused, renewed), REPLAY_ANSWERS_WELL);
}

static void test_replay__what_tls13_hides_is_not_called_well(void **state)
{
	struct server_answer bad = broken(state, true), hidden, completed;

	facts_teardown(state);
	facts_setup(state);
	make_tls13(first(state));
	first(state)->side[SIDE_SERVER].n_certs = 0;
	first(state)->side[SIDE_SERVER].protected_records = 4;
	hidden = answer(state);
	assert_true(hidden.hidden);
	assert_true(answer_sound(&hidden));
	assert_int_equal(verdict(NULL, hidden), REPLAY_ANSWERS_HIDDEN);
	assert_int_equal(verdict(&bad, hidden), REPLAY_ANSWERS_HIDDEN);
	completed = hidden;
	completed.completed = true;
	assert_int_equal(verdict(&completed, hidden), REPLAY_ANSWERS_AS_THEN);
	completed.completed = false;
	assert_int_equal(verdict(&completed, hidden), REPLAY_ANSWERS_HIDDEN);
	assert_false(replay_verdict_good(REPLAY_ANSWERS_HIDDEN));
}

static void test_replay__answers_that_differ_vary(void **state)
{
	struct server_answer well = sound(state), bad = broken(state, true);
	struct replay r = { .has_then = true, .then = bad, .n_now = 3 };

	r.now[0] = r.now[1] = well;
	r.now[2] = bad;
	replay_judge(&r);
	assert_int_equal(r.verdict, REPLAY_VARIES);
	assert_true(replay_verdict_bad(r.verdict));
	assert_false(replay_unchanged(&r, ANSWER_POINT));
	assert_true(replay_unchanged(&r, ANSWER_SUITE));
	r.n_now = 0;
	replay_judge(&r);
	assert_int_equal(r.verdict, REPLAY_NO_ANSWER);
}

static void test_answer__extensions_are_compared_by_their_numbers(void **state)
{
	struct handshake *hs = first(state);
	struct server_answer a;

	hs->server_hello.ext.n = 0;
	a = answer(state);
	assert_string_equal(a.fact[ANSWER_EXTENSIONS], "none");
	assert_string_equal(a.fact[ANSWER_ENCRYPTED], "");
	hs->server_hello.ext.list[0].type = EXT_RENEGOTIATION_INFO;
	hs->server_hello.ext.list[1].type = EXT_SERVER_NAME;
	hs->server_hello.ext.list[2].type = EXT_SERVER_NAME;
	hs->server_hello.ext.n = 3;
	hs->encrypted_extensions.seen = true;
	hs->encrypted_extensions.list[0].type = EXT_ALPN;
	hs->encrypted_extensions.n = 1;
	hs->alpn.from = FROM_DECRYPTED;
	hs->alpn.name = bytes_of((const uint8_t *)"h2", 2);
	a = answer(state);
	assert_string_equal(a.fact[ANSWER_EXTENSIONS], "server_name, renegotiation_info");
	assert_string_equal(a.fact[ANSWER_ENCRYPTED], "application_layer_protocol_negotiation");
	assert_string_equal(a.fact[ANSWER_ALPN], "h2");
}

/* A re-keyed hello has no certificate to show, whoever sent it first. */
static void test_replay__a_certificate_that_is_wanted_is_no_fault(void **state)
{
	struct handshake *hs = first(state);
	struct replay r = { .has_then = true, .rekeyed = true, .n_now = 1, .then = sound(state) };

	hs->certificate_request.seen = true;
	hs->side[SIDE_CLIENT].n_certs = 0;
	hs->side[SIDE_CLIENT].finished.seen = true;
	end_with_alert(hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 116);
	r.now[0] = answer(state);
	assert_true(r.now[0].wanted);
	replay_judge(&r);
	assert_int_equal(r.verdict, REPLAY_WANTS_MORE);
	assert_false(replay_verdict_bad(r.verdict) || replay_verdict_good(r.verdict));
	r.rekeyed = false;
	replay_judge(&r);
	assert_int_equal(r.verdict, REPLAY_FAILS_NEW);
	r.rekeyed = true;
	r.then = r.now[0];
	replay_judge(&r);
	assert_int_equal(r.verdict, REPLAY_FAILS_AS_THEN);
	r.then = sound(state);
	r.then.wanted = false;
	r.now[0].failing[CHECK_chain_dates] = true;
	replay_judge(&r);
	assert_true(replay_verdict_bad(r.verdict));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_replay__what_the_client_refused_then_is_not_called_well),
		RULE_TEST(test_replay__what_tls13_hides_is_not_called_well),
		RULE_TEST(test_answer__a_healthy_flight),
		RULE_TEST(test_answer__a_client_that_breaks_off_hides_the_rest),
		RULE_TEST(test_answer__an_alert_of_the_server_ends_it),
		RULE_TEST(test_replay__fails_as_then_though_then_was_cut),
		RULE_TEST(test_replay__verdicts),
		RULE_TEST(test_replay__answers_that_differ_vary),
		RULE_TEST(test_answer__extensions_are_compared_by_their_numbers),
		RULE_TEST(test_replay__a_certificate_that_is_wanted_is_no_fault),
	};

	return RULE_TESTS(tests, argc, argv);
}
