/* How an ending is read: how far it came, who gave up, and with what. */
#include "rules/facts.h"
#include "rules/said.h"

static struct ending_story story(void **state)
{
	return story_of(first(state));
}

static void test_story__a_completed_handshake_did_not_fail(void **state)
{
	struct ending_story st = story(state);

	assert_false(st.failed);
	assert_int_equal(st.alert, -1);
	assert_int_equal(st.stage, STAGE_FINISHED);
}

static void test_story__an_alert_tells_stage_side_and_packet(void **state)
{
	static const struct {
		enum stage stage;
		enum side by;
	} rows[] = {
		{ STAGE_FINISHED, SIDE_SERVER },
		{ STAGE_CLIENT_FLIGHT, SIDE_SERVER },
		{ STAGE_SERVER_FLIGHT, SIDE_CLIENT },
		{ STAGE_CLIENT_HELLO, SIDE_SERVER },
		{ STAGE_NOTHING, SIDE_SERVER },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ending_story st;

		end_with_alert(first(state), rows[i].stage, rows[i].by, 40);
		st = story(state);
		assert_true(st.failed);
		assert_int_equal(st.stage, rows[i].stage);
		assert_int_equal(st.by, rows[i].by);
		assert_int_equal(st.alert, 40);
		assert_int_equal(st.packet, PACKET_END);
		assert_false(st.closed);
		assert_true(gave_up_with(&st, rows[i].by, 40));
		assert_false(gave_up_with(&st, side_other(rows[i].by), 40));
		assert_false(gave_up_with(&st, rows[i].by, 41));
	}
}

static void test_story__in_tls13_the_servers_records_are_its_flight(void **state)
{
	make_tls13(first(state));
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_int_equal(first(state)->side[SIDE_SERVER].protected_records, 1);
	assert_int_equal(story(state).stage, STAGE_SERVER_FLIGHT);
	first(state)->side[SIDE_CLIENT].protected_records = 1;
	assert_int_equal(story(state).stage, STAGE_FINISHED);
}

static void test_story__a_retry_is_an_answer(void **state)
{
	make_retry(first(state));
	end_with(first(state), STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_FIN);
	memset(&first(state)->server_hello, 0, sizeof first(state)->server_hello);
	assert_int_equal(story(state).stage, STAGE_SERVER_FLIGHT);
}

static void test_story__the_first_fatal_alert_counts_and_warnings_do_not(void **state)
{
	struct handshake *hs = first(state);

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	hs->alerts[hs->n_alerts++] =
		(struct sent_alert){ .from = SIDE_SERVER, .level = 1, .code = 0, .packet = 22 };
	assert_int_equal(story(state).alert, 48);
	hs->alerts[hs->n_alerts++] =
		(struct sent_alert){ .from = SIDE_SERVER, .level = 2, .code = 80, .packet = 24 };
	assert_int_equal(story(state).alert, 48); /* the other only answers it */
	assert_int_equal(story(state).by, SIDE_CLIENT);
}

static void test_story__fin_and_rst_close_without_an_alert(void **state)
{
	struct ending_story st;

	end_with(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_RST);
	st = story(state);
	assert_true(st.closed && st.reset && !st.early);
	end_with(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	st = story(state);
	assert_true(st.closed && !st.reset && !st.hidden && !st.early);
	assert_int_equal(st.alert, -1);
}

static void test_story__silence_is_no_close(void **state)
{
	end_with(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	assert_true(story(state).failed);
	assert_false(story(state).closed);
}

static void test_story__an_alert_under_the_keys_is_hidden(void **state)
{
	end_with(first(state), STAGE_FINISHED, SIDE_SERVER, ENDING_PROTECTED_ALERT);
	assert_true(story(state).hidden);
	assert_false(story(state).closed);
}

static void test_story__a_client_that_refuses_under_the_keys_has_not_finished(void **state)
{
	struct handshake *hs = first(state);

	make_tls13(hs);
	end_with(hs, STAGE_FINISHED, SIDE_CLIENT, ENDING_PROTECTED_ALERT);
	assert_int_equal(story(state).stage, STAGE_SERVER_FLIGHT);
	hs->ended_by = SIDE_SERVER;
	assert_int_equal(story(state).stage, STAGE_FINISHED);
}

static void test_story__a_hidden_alert_needs_the_clients_word(void **state)
{
	struct handshake *hs = first(state);

	refuse_in_tls13(*state, hs, -0x2700, "SERVER_CERTIFICATE");
	assert_true(certificate_refused(hs, SIDE_SERVER));
	hs->side[SIDE_CLIENT].word.code = -0x7780;
	assert_false(certificate_refused(hs, SIDE_SERVER));
	hs->side[SIDE_CLIENT].word.release = NULL;
	assert_false(certificate_refused(hs, SIDE_SERVER));
}

/* An OpenSSL server says decode_error to a bare FIN: it was the client who gave up. */
static void test_story__decode_error_after_the_others_fin_is_only_its_echo(void **state)
{
	struct handshake *hs = first(state);
	struct ending_story st;

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, 50);
	hs->side[SIDE_CLIENT].tcp.fin = true;
	hs->side[SIDE_CLIENT].tcp.fin_packet = PACKET_END - 1;
	st = story(state);
	assert_int_equal(st.by, SIDE_CLIENT);
	assert_int_equal(st.alert, -1);
	assert_true(st.closed);
	assert_int_equal(st.packet, 0);
}

static void test_story__decode_error_before_the_fin_means_what_it_says(void **state)
{
	struct handshake *hs = first(state);

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, 50);
	hs->side[SIDE_CLIENT].tcp.fin = true;
	hs->side[SIDE_CLIENT].tcp.fin_packet = PACKET_END + 1;
	assert_int_equal(story(state).alert, 50);
	assert_int_equal(story(state).by, SIDE_SERVER);
	hs->alerts[0].code = 47;
	hs->side[SIDE_CLIENT].tcp.fin_packet = PACKET_END - 1;
	assert_int_equal(story(state).alert, 47);
}

static void test_story__a_client_that_closed_before_the_answer_did_not_judge_it(void **state)
{
	struct handshake *hs = first(state);
	struct event end;

	end_with(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	end = hs->events[hs->n_events - 1];
	memmove(&hs->events[2], &hs->events[1], (hs->n_events - 2) * sizeof end);
	hs->events[1] = end;
	assert_false(story(state).early); /* the order of the capture is not the point */
	for (size_t i = 2; i < hs->n_events; i++)
		hs->events[i].late = true;
	assert_true(story(state).early);
	assert_int_equal(story(state).stage, STAGE_CLIENT_HELLO);
	assert_false(certificate_refused(hs, SIDE_SERVER));
}

static void test_story__a_certificate_is_refused_by_its_receiver_and_in_its_stage(void **state)
{
	struct handshake *hs = first(state);

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_true(certificate_refused(hs, SIDE_SERVER));
	assert_false(certificate_refused(hs, SIDE_CLIENT));
	hs->alerts[0].code = 10;
	assert_false(certificate_refused(hs, SIDE_SERVER));
	hs->alerts[0].code = 48;
	hs->cke.seen = true;
	assert_false(certificate_refused(hs, SIDE_SERVER));
}

static void test_story__a_certificate_never_sent_was_not_refused(void **state)
{
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	first(state)->side[SIDE_SERVER].n_certs = 0;
	assert_false(certificate_refused(first(state), SIDE_SERVER));
}

static void test_story__a_client_certificate_may_be_refused_after_finished(void **state)
{
	make_mutual(*state, first(state));
	end_with_alert(first(state), STAGE_FINISHED, SIDE_SERVER, 48);
	assert_true(certificate_refused(first(state), SIDE_CLIENT));
}

static void test_story__what_any_broken_handshake_fails_is_nothing_else(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	facts_examine(f);
	assert_true(nothing_else_failed(&f->examined[0]));
	f->examined[0].answers[CHECK_record_sizes].status = FAIL;
	assert_false(nothing_else_failed(&f->examined[0]));
}

static void test_story__a_warning_makes_the_servers_flight_unsound(void **state)
{
	struct facts *f = *state;

	facts_examine(f);
	assert_true(server_flight_sound(&f->examined[0]));
	f->examined[0].answers[CHECK_chain_strength].status = WARN;
	assert_false(server_flight_sound(&f->examined[0]));
}

static void test_story__a_finding_lists_no_more_than_it_has_room_for(void **state)
{
	struct facts *f = *state;
	struct finding finding = { .severity = SEVERITY_ERROR };

	for (size_t i = 0; i < FINDING_HANDSHAKES_MAX + 10; i++)
		finding_add(&finding, &f->examined[0], NULL);
	for (int i = 0; i < PROOFS_MAX + 10; i++) {
		finding_prove(&finding, &f->file, 0, "line %d", i);
		finding_step(&finding, &f->file, "step %d", i);
	}
	assert_int_equal(finding.n_handshakes, FINDING_HANDSHAKES_MAX);
	assert_int_equal(finding.n_handshakes_all, FINDING_HANDSHAKES_MAX + 10);
	assert_int_equal(finding.n_proof, PROOFS_MAX);
	assert_int_equal(finding.n_steps, STEPS_MAX);
}

static void test_story__a_check_is_explained_once(void **state)
{
	static const enum check_id both[] = { CHECK_no_fatal_alert, CHECK_ske_signature, N_CHECKS };
	struct facts *f = *state;
	struct finding finding = { .severity = SEVERITY_ERROR };

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	facts_examine(f);
	finding_add(&finding, &f->examined[0], both);
	finding_add(&finding, &f->examined[0], both);
	assert_int_equal(finding.n_explains, 1);
	assert_int_equal(finding.explains[0], CHECK_no_fatal_alert);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_story__a_client_that_refuses_under_the_keys_has_not_finished),
		RULE_TEST(test_story__a_hidden_alert_needs_the_clients_word),
		RULE_TEST(test_story__a_completed_handshake_did_not_fail),
		RULE_TEST(test_story__an_alert_tells_stage_side_and_packet),
		RULE_TEST(test_story__in_tls13_the_servers_records_are_its_flight),
		RULE_TEST(test_story__a_retry_is_an_answer),
		RULE_TEST(test_story__the_first_fatal_alert_counts_and_warnings_do_not),
		RULE_TEST(test_story__fin_and_rst_close_without_an_alert),
		RULE_TEST(test_story__silence_is_no_close),
		RULE_TEST(test_story__an_alert_under_the_keys_is_hidden),
		RULE_TEST(test_story__decode_error_after_the_others_fin_is_only_its_echo),
		RULE_TEST(test_story__decode_error_before_the_fin_means_what_it_says),
		RULE_TEST(test_story__a_client_that_closed_before_the_answer_did_not_judge_it),
		RULE_TEST(test_story__a_certificate_is_refused_by_its_receiver_and_in_its_stage),
		RULE_TEST(test_story__a_certificate_never_sent_was_not_refused),
		RULE_TEST(test_story__a_client_certificate_may_be_refused_after_finished),
		RULE_TEST(test_story__what_any_broken_handshake_fails_is_nothing_else),
		RULE_TEST(test_story__a_warning_makes_the_servers_flight_unsound),
		RULE_TEST(test_story__a_finding_lists_no_more_than_it_has_room_for),
		RULE_TEST(test_story__a_check_is_explained_once),
	};

	return RULE_TESTS(tests, argc, argv);
}
