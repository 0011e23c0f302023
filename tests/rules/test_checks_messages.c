/* Checks of messages, records, the capture and the end. */
#include "rules/facts.h"
#include "rules/said.h"

/* ---- messages ---- */

static void test_messages_well_formed__whole_ones_pass(void **state)
{
	assert_answer(first(state), messages_well_formed, "pass",
		"all 6 messages that could be read keep to their structure");
}

static void test_messages_well_formed__a_field_that_lies_fails_with_its_place(void **state)
{
	struct facts *f = *state;
	const struct answer *a = &f->examined[0].answers[CHECK_messages_well_formed];

	event_of(f->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)->wrong =
		(struct parse_err){ PARSE_SHORT, "signature", 73, 71, 40 };
	assert_answer(f->hs, messages_well_formed, "fail", "ServerKeyExchange, byte 73");
	facts_examine(f);
	assert_int_equal(a->evidence[0].place.packet, PACKET_KEY_EXCHANGE);
	assert_int_equal(a->evidence[0].place.offset, 73);
	assert_int_equal(a->evidence[0].place.length, 40);
}

static void test_messages_well_formed__one_the_capture_cut_is_unknown(void **state)
{
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->wrong =
		(struct parse_err){ PARSE_CUT, "body", 40, 900, 40 };
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->unread = true;
	assert_answer(first(state), messages_well_formed, "unknown",
		"Certificate, breaks off: 40 of its 900 bytes are there");
}

static void test_messages_well_formed__a_wrong_one_outweighs_a_cut_one(void **state)
{
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->wrong =
		(struct parse_err){ PARSE_CUT, "body", 40, 900, 40 };
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->unread = true;
	event_of(first(state), SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE)->wrong =
		(struct parse_err){ PARSE_TRAILING, "ClientKeyExchange", 66, 0, 3 };
	assert_answer(first(state), messages_well_formed, "fail", "ClientKeyExchange");
}

static void test_messages_well_formed__our_own_limit_is_not_the_peers_fault(void **state)
{
	event_of(first(state), SIDE_SERVER, HS_CERTIFICATE)->wrong =
		(struct parse_err){ PARSE_LIMIT, "certificate_list", 6, 40, 32 };
	assert_answer(first(state), messages_well_formed, "pass",
		"no message breaks its structure; Certificate holds more than is kept");
}

/* What a log names has no bytes: nothing is read of it, and nothing is wrong with it. */
static void test_messages_well_formed__what_is_only_named_was_not_read(void **state)
{
	struct handshake *hs = first(state);
	size_t read = 0;

	event_of(hs, SIDE_SERVER, HS_CERTIFICATE)->told = true;
	event_of(hs, SIDE_SERVER, HS_CERTIFICATE)->unread = true;
	for (size_t i = 0; i < hs->n_events; i++)
		read += hs->events[i].kind == EVENT_MESSAGE && !hs->events[i].told;
	assert_true(read == 5);
	assert_answer(hs, messages_well_formed, "pass", "all 5 messages that could be read");
	for (size_t i = 0; i < hs->n_events; i++)
		hs->events[i].told = hs->events[i].unread = true;
	assert_answer(hs, messages_well_formed, "unknown",
		"the log names the messages and has no bytes of them");
}

static void test_messages_well_formed__of_one_message_it_speaks_of_one(void **state)
{
	struct handshake *hs = first(state);

	hs->n_events = 1;
	assert_answer(hs, messages_well_formed, "pass", "the one message that could be read keeps");
}

static void test_messages_well_formed__without_messages_it_does_not_apply(void **state)
{
	end_with(first(state), STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	assert_answer(first(state), messages_well_formed, "n/a", "no message in the clear");
}

static void test_messages_in_order__an_unexpected_one_fails(void **state)
{
	assert_answer(first(state), messages_in_order, "pass", "every message came in its turn");
	event_of(first(state), SIDE_SERVER, HS_SERVER_HELLO_DONE)->unexpected = true;
	assert_answer(first(state), messages_in_order, "fail",
		"the server sent ServerHelloDone out of turn");
}

static void test_messages_in_order__an_early_change_cipher_spec_fails(void **state)
{
	struct handshake *hs = first(state);

	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_CHANGE_CIPHER_SPEC) {
			hs->events[i].unexpected = true;
			break;
		}
	assert_answer(
		hs, messages_in_order, "fail", "the client sent ChangeCipherSpec out of turn");
}

static void test_messages_in_order__without_messages_it_does_not_apply(void **state)
{
	end_with(first(state), STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	assert_answer(first(state), messages_in_order, "n/a", "no message in the clear");
}

/* ---- records and windows ---- */

static void test_closed_cleanly__a_goodbye_is_no_reason(void **state)
{
	struct handshake *hs = first(state);

	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 0);
	assert_answer(hs, closed_cleanly, "pass",
		"the client announced that it closes, and gave no reason");
	end_with_alert(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 40);
	assert_answer(hs, closed_cleanly, "pass", "the client said why in an alert");
}

/* A server that says handshake_failure as a warning has said something. */
static void test_closed_cleanly__a_warning_is_an_alert(void **state)
{
	struct handshake *hs = first(state);

	end_with(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	hs->alerts[0] =
		(struct sent_alert){ .from = SIDE_SERVER, .level = 1, .code = 40, .packet = 6 };
	hs->n_alerts = 1;
	assert_answer(hs, closed_cleanly, "fail",
		"the server closed the connection after a warning, and without a fatal alert");
	hs->alerts[0].from = SIDE_CLIENT;
	assert_answer(
		hs, closed_cleanly, "fail", "the server closed the connection without an alert");
}

static void test_record_sizes__records_within_bounds_pass(void **state)
{
	assert_answer(first(state), record_sizes, "pass",
		"the longest record has 700 bytes from the server, 250 from the client");
}

static void test_record_sizes__beyond_any_version_fails(void **state)
{
	first(state)->side[SIDE_CLIENT].record_oversized = true;
	first(state)->side[SIDE_CLIENT].largest_record = 20000;
	assert_answer(first(state), record_sizes, "fail",
		"the client sent a record of 20000 bytes, more than any version allows");
}

static void test_record_sizes__what_was_agreed_binds_the_server(void **state)
{
	struct extensions *answer = &first(state)->server_hello.ext;

	answer->has_max_fragment_length = true;
	answer->max_fragment_length = 2;
	assert_answer(first(state), record_sizes, "pass", "700 bytes");
	answer->max_fragment_length = 1;
	assert_answer(first(state), record_sizes, "fail", "max_fragment_length 512 was agreed");
	answer->max_fragment_length = 9;
	assert_answer(first(state), record_sizes, "pass", "700 bytes");
}

/* Its hello, which asked for the limit, came before there was one. */
static void test_record_sizes__what_was_agreed_binds_the_client_after_its_hello(void **state)
{
	struct handshake *hs = first(state);

	hs->server_hello.ext.has_max_fragment_length = true;
	hs->server_hello.ext.max_fragment_length = 2;
	event_of(hs, SIDE_CLIENT, HS_CLIENT_HELLO)->record_length = 1700;
	hs->side[SIDE_CLIENT].largest_record = 1700;
	assert_answer(hs, record_sizes, "pass", "1700 from the client");
	event_of(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE)->record_length = 1024;
	assert_answer(hs, record_sizes, "pass", "1700 from the client");
	event_of(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE)->record_length = 1025;
	assert_answer(hs, record_sizes, "fail",
		"max_fragment_length 1024 was agreed, but the client sent a record of 1025 bytes");
}

static void test_record_sizes__without_records_it_does_not_apply(void **state)
{
	first(state)->side[SIDE_CLIENT].largest_record = 0;
	first(state)->side[SIDE_SERVER].largest_record = 0;
	assert_answer(first(state), record_sizes, "n/a", "no record was seen");
}

static void test_window_open__a_zero_window_of_a_failed_handshake_warns(void **state)
{
	struct handshake *hs = first(state);

	end_with(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_SILENCE);
	assert_answer(hs, window_open, "pass", "neither side shut its receive window");
	hs->side[SIDE_CLIENT].tcp.zero_windows = 3;
	hs->side[SIDE_CLIENT].tcp.zero_window_packet = 9;
	assert_answer(
		hs, window_open, "warn", "the client advertised a receive window of zero 3 times");
	hs->side[SIDE_CLIENT].tcp.zero_windows = 0;
	hs->side[SIDE_SERVER].tcp.zero_windows = 1;
	hs->side[SIDE_SERVER].tcp.zero_window_packet = 10;
	assert_answer(
		hs, window_open, "warn", "the server advertised a receive window of zero 1 times");
}

static void test_window_open__one_that_opened_again_passes(void **state)
{
	first(state)->side[SIDE_SERVER].tcp.zero_windows = 3;
	assert_answer(first(state), window_open, "pass", "the handshake got through");
}

static void test_window_open__does_not_apply_to_udp(void **state)
{
	first(state)->transport = TRANSPORT_UDP;
	assert_answer(first(state), window_open, "n/a", "not TCP");
}

/* ---- the capture ---- */

static void lose(struct handshake *hs, struct gap_fact gap)
{
	gap.packet = PACKET_CERTIFICATE;
	hs->gaps[hs->n_gaps++] = gap;
}

static void test_capture_complete__a_whole_one_passes(void **state)
{
	assert_answer(
		first(state), capture_complete, "pass", "no byte of the handshake is missing");
}

static void test_capture_complete__bytes_that_differ_the_second_time_warn(void **state)
{
	first(state)->side[SIDE_SERVER].tcp.conflicts = 2;
	first(state)->side[SIDE_SERVER].tcp.conflict_packet = 17;
	assert_answer(first(state), capture_complete, "warn",
		"the server sent bytes a second time that differ from the first (2 segments, from "
		"packet 17 on)");
}

static void test_capture_complete__a_limit_of_ours_is_no_fault_of_the_capture(void **state)
{
	end_with(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_LIMIT);
	first(state)->outcome = OUTCOME_INCOMPLETE;
	assert_answer(first(state), capture_complete, "unknown", "limit of this program's memory");
	assert_answer(first(state), closed_cleanly, "unknown", "limit of this program's memory");
	first(state)->skimmed = SKIM_BYTES;
	first(state)->skimmed_from = 99;
	assert_answer(
		first(state), messages_well_formed, "unknown", "after packet 99 were not read");
}

static void test_record_sizes__what_an_empty_record_is_is_told(void **state)
{
	struct empty_records *empty = &first(state)->side[SIDE_CLIENT].empty;

	*empty = (struct empty_records){ 1, 8, CONTENT_ALERT };
	assert_answer(first(state), record_sizes, "warn", "the client sent an empty alert record");
	empty->type = CONTENT_CHANGE_CIPHER_SPEC;
	assert_answer(first(state), record_sizes, "warn",
		"the client sent an empty ChangeCipherSpec record");
	empty->type = CONTENT_APPLICATION_DATA; /* under the keys of TLS 1.3, and no type inside */
	assert_answer(first(state), record_sizes, "warn",
		"the client sent 1 protected record that holds no content type");
	empty->n = 2;
	assert_answer(first(state), record_sizes, "warn",
		"the client sent 2 protected records that hold no content type");
}

static void test_record_sizes__empty_records_warn(void **state)
{
	first(state)->side[SIDE_SERVER].empty = (struct empty_records){ 1, 8, CONTENT_HANDSHAKE };
	assert_answer(
		first(state), record_sizes, "warn", "the server sent an empty handshake record");
	first(state)->side[SIDE_SERVER].empty.n = 40;
	assert_answer(first(state), record_sizes, "warn", "the server sent 40 empty records");
}

static void test_capture_complete__a_lost_message_fails(void **state)
{
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	lose(first(state), (struct gap_fact){ .from = SIDE_SERVER, .bytes = 1448 });
	lose(first(state), (struct gap_fact){ .from = SIDE_SERVER,
				   .bytes = GAP_UNKNOWN,
				   .reason = GAP_CUT,
				   .has_message = true,
				   .in_message = HS_CERTIFICATE });
	assert_answer(first(state), capture_complete, "fail",
		"an unknown number of bytes of the server's Certificate are not in the capture: "
		"packets were cut short");
	first(state)->outcome = OUTCOME_COMPLETED; /* it stood in nobody's way */
	assert_answer(first(state), capture_complete, "warn", "are not in the capture");
	first(state)->outcome = OUTCOME_INCOMPLETE;
	assert_answer(first(state), capture_complete, "warn", "are not in the capture");
}

static void test_capture_complete__a_hole_between_messages_matters_when_it_failed(void **state)
{
	lose(first(state), (struct gap_fact){ .from = SIDE_CLIENT, .bytes = 100 });
	assert_answer(first(state), capture_complete, "warn",
		"100 bytes from the client are not in the capture: packets are missing");
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_answer(first(state), capture_complete, "fail", "100 bytes from the client");
}

static void test_capture_complete__beginning_midway_fails(void **state)
{
	struct handshake *hs = first(state);

	hs->midway = true;
	lose(hs, (struct gap_fact){ .from = SIDE_CLIENT, .reason = GAP_MIDWAY });
	assert_answer(hs, capture_complete, "pass", "no byte of the handshake is missing");
	memset(&hs->client_hello, 0, sizeof hs->client_hello);
	assert_answer(hs, capture_complete, "pass", "no byte of the handshake is missing");
	hs->side[SIDE_CLIENT].begun = 0;
	assert_answer(hs, capture_complete, "warn", "begins after this handshake did");
	hs->outcome = OUTCOME_FAILED;
	assert_answer(hs, capture_complete, "fail", "begins after this handshake did");
}

static void test_capture_complete__ending_too_soon_warns(void **state)
{
	end_with(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_CAPTURE);
	first(state)->outcome = OUTCOME_INCOMPLETE;
	assert_answer(first(state), capture_complete, "warn", "the capture ends before");
}

/* ---- the end ---- */

static void test_closed_cleanly__every_ending_has_its_answer(void **state)
{
	static const struct {
		enum ending ending;
		const char *status, *text;
	} rows[] = {
		{ ENDING_SETTLED, "pass", "the handshake completed" },
		{ ENDING_ALERT, "pass", "the client said why in an alert" },
		{ ENDING_PROTECTED_ALERT, "unknown", "most likely sent an alert" },
		{ ENDING_FIN, "fail", "the client closed the connection without an alert" },
		{ ENDING_RST, "fail", "the client reset the connection without an alert" },
		{ ENDING_SILENCE, "fail", "the client fell silent" },
		{ ENDING_REFUSED, "fail", "the server's host refused the connection" },
		{ ENDING_UNANSWERED, "fail", "nothing answered the connection request" },
		{ ENDING_CAPTURE, "unknown", "the capture ends first" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		first(state)->ending = rows[i].ending;
		first(state)->ended_by = SIDE_CLIENT;
		first(state)->outcome = i == 0 ? OUTCOME_COMPLETED : OUTCOME_FAILED;
		assert_answer(first(state), closed_cleanly, rows[i].status, rows[i].text);
	}
}

/* A TLS 1.3 server judges the client's certificate after the client is done. */
static void test_finished_accepted__who_closes_before_the_server_spoke_leaves_it_open(void **state)
{
	static const enum ending endings[] = { ENDING_FIN, ENDING_RST };
	struct handshake *hs = first(state);

	for (size_t i = 0; i < 2; i++) {
		hs->ending = endings[i];
		hs->ended_by = SIDE_SERVER;
		hs->tls13 = true;
		assert_answer(hs, finished_accepted, "unknown",
			"the server closed soon after the client's Finished, and nothing that was "
			"seen of the server");
		assert_answer(hs, closed_cleanly, "unknown",
			"the server closed soon after the last Finished");
		hs->ended_by = SIDE_CLIENT;
		assert_answer(hs, finished_accepted, "unknown",
			"the client closed soon after the client's Finished");
		/* up to TLS 1.2 it is the client that has the last word */
		hs->tls13 = false;
		assert_answer(hs, finished_accepted, "unknown",
			"the client closed at once after the last Finished, which was its to "
			"verify");
	}
}

static void test_finished_accepted__the_end_of_the_capture_leaves_it_open(void **state)
{
	first(state)->ending = ENDING_CAPTURE;
	assert_answer(first(state), finished_accepted, "unknown",
		"the capture has nothing more of who has to judge the last Finished");
	assert_answer(first(state), closed_cleanly, "unknown", "the capture ends first");
}

static void test_no_fatal_alert__a_fatal_one_fails_by_name(void **state)
{
	assert_answer(first(state), no_fatal_alert, "pass", "no fatal alert in the clear");
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	assert_answer(first(state), no_fatal_alert, "fail",
		"the client sent fatal alert 47 illegal_parameter");
	first(state)->alerts[0].code = 200;
	assert_answer(first(state), no_fatal_alert, "fail", "fatal alert 200 0xc8");
}

static void test_no_fatal_alert__a_warning_passes(void **state)
{
	first(state)->alerts[first(state)->n_alerts++] =
		(struct sent_alert){ .from = SIDE_SERVER, .level = 1, .code = 112 };
	assert_answer(first(state), no_fatal_alert, "pass", "no fatal alert in the clear");
}

static void test_no_fatal_alert__one_under_the_keys_is_unknown(void **state)
{
	end_with(first(state), STAGE_FINISHED, SIDE_SERVER, ENDING_PROTECTED_ALERT);
	assert_answer(first(state), no_fatal_alert, "unknown", "under the session keys");
}

static void test_hello_answered__a_server_hello_or_an_alert_is_an_answer(void **state)
{
	assert_answer(first(state), hello_answered, "pass", "the server answered in TLS");
	end_with_alert(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, 40);
	assert_answer(first(state), hello_answered, "pass", "the server answered in TLS");
}

static void test_hello_answered__silence_fails(void **state)
{
	end_with(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	assert_answer(
		first(state), hello_answered, "fail", "the server did not answer the ClientHello");
}

static void test_hello_answered__another_protocol_fails(void **state)
{
	end_with(first(state), STAGE_CLIENT_HELLO, SIDE_CLIENT, ENDING_FIN);
	first(state)->server_spoke = PLAIN_HTTP;
	assert_answer(first(state), hello_answered, "fail", "the server speaks HTTP, not TLS");
}

static void test_hello_answered__no_connection_fails(void **state)
{
	end_with(first(state), STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	assert_answer(first(state), hello_answered, "fail", "refused before any hello");
	first(state)->ending = ENDING_UNANSWERED;
	assert_answer(first(state), hello_answered, "fail", "nothing answered");
}

static void test_hello_answered__a_hole_leaves_it_unknown(void **state)
{
	end_with(first(state), STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	lose(first(state), (struct gap_fact){ .from = SIDE_SERVER });
	assert_answer(first(state), hello_answered, "unknown", "the answer is not in the capture");
}

static void test_hello_answered__without_a_hello_it_does_not_apply(void **state)
{
	end_with(first(state), STAGE_NOTHING, SIDE_SERVER, ENDING_FIN);
	assert_answer(first(state), hello_answered, "n/a", "no ClientHello was seen");
}

static void test_finished_accepted__a_completed_handshake_passes(void **state)
{
	assert_answer(
		first(state), finished_accepted, "pass", "nothing after it speaks against it");
}

static void test_finished_accepted__what_the_secrets_give_is_said(void **state)
{
	struct handshake *hs = first(state);

	hs->side[SIDE_CLIENT].finished.verdict.state = PROOF_VALID;
	assert_answer(hs, finished_accepted, "pass", "nothing after it speaks against it");
	hs->side[SIDE_SERVER].finished.verdict.state = PROOF_VALID;
	assert_answer(hs, finished_accepted, "pass", "and both Finished are what the secrets give");
}

static void test_finished_accepted__a_refused_record_fails(void **state)
{
	end_with_alert(first(state), STAGE_FINISHED, SIDE_SERVER, 20);
	assert_answer(first(state), finished_accepted, "fail",
		"the server answered the protected records with bad_record_mac");
	first(state)->alerts[0].code = 51;
	assert_answer(first(state), finished_accepted, "fail", "decrypt_error");
}

static void test_finished_accepted__another_end_is_unknown(void **state)
{
	end_with(first(state), STAGE_FINISHED, SIDE_SERVER, ENDING_FIN);
	assert_answer(first(state), finished_accepted, "unknown", "ended before both Finished");
}

static void test_finished_accepted__an_alert_right_after_the_last_is_unknown(void **state)
{
	first(state)->ending = ENDING_PROTECTED_ALERT;
	first(state)->ended_by = SIDE_CLIENT;
	assert_answer(first(state), finished_accepted, "unknown",
		"soon the client sent an alert under the keys");
}

static void test_finished_accepted__before_the_keys_it_does_not_apply(void **state)
{
	end_with_alert(first(state), STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	assert_answer(first(state), finished_accepted, "n/a", "no protected record was sent");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_messages_well_formed__whole_ones_pass),
		RULE_TEST(test_messages_well_formed__a_field_that_lies_fails_with_its_place),
		RULE_TEST(test_messages_well_formed__one_the_capture_cut_is_unknown),
		RULE_TEST(test_messages_well_formed__a_wrong_one_outweighs_a_cut_one),
		RULE_TEST(test_messages_well_formed__our_own_limit_is_not_the_peers_fault),
		RULE_TEST(test_messages_well_formed__what_is_only_named_was_not_read),
		RULE_TEST(test_messages_well_formed__of_one_message_it_speaks_of_one),
		RULE_TEST(test_messages_well_formed__without_messages_it_does_not_apply),
		RULE_TEST(test_messages_in_order__an_unexpected_one_fails),
		RULE_TEST(test_messages_in_order__an_early_change_cipher_spec_fails),
		RULE_TEST(test_messages_in_order__without_messages_it_does_not_apply),
		RULE_TEST(test_closed_cleanly__a_goodbye_is_no_reason),
		RULE_TEST(test_closed_cleanly__a_warning_is_an_alert),
		RULE_TEST(test_record_sizes__records_within_bounds_pass),
		RULE_TEST(test_record_sizes__beyond_any_version_fails),
		RULE_TEST(test_record_sizes__what_was_agreed_binds_the_server),
		RULE_TEST(test_record_sizes__what_was_agreed_binds_the_client_after_its_hello),
		RULE_TEST(test_record_sizes__without_records_it_does_not_apply),
		RULE_TEST(test_window_open__a_zero_window_of_a_failed_handshake_warns),
		RULE_TEST(test_window_open__one_that_opened_again_passes),
		RULE_TEST(test_window_open__does_not_apply_to_udp),
		RULE_TEST(test_capture_complete__a_whole_one_passes),
		RULE_TEST(test_capture_complete__a_lost_message_fails),
		RULE_TEST(test_capture_complete__bytes_that_differ_the_second_time_warn),
		RULE_TEST(test_capture_complete__a_limit_of_ours_is_no_fault_of_the_capture),
		RULE_TEST(test_record_sizes__empty_records_warn),
		RULE_TEST(test_record_sizes__what_an_empty_record_is_is_told),
		RULE_TEST(test_capture_complete__a_hole_between_messages_matters_when_it_failed),
		RULE_TEST(test_capture_complete__beginning_midway_fails),
		RULE_TEST(test_capture_complete__ending_too_soon_warns),
		RULE_TEST(test_closed_cleanly__every_ending_has_its_answer),
		RULE_TEST(
			test_finished_accepted__who_closes_before_the_server_spoke_leaves_it_open),
		RULE_TEST(test_finished_accepted__the_end_of_the_capture_leaves_it_open),
		RULE_TEST(test_no_fatal_alert__a_fatal_one_fails_by_name),
		RULE_TEST(test_no_fatal_alert__a_warning_passes),
		RULE_TEST(test_no_fatal_alert__one_under_the_keys_is_unknown),
		RULE_TEST(test_hello_answered__a_server_hello_or_an_alert_is_an_answer),
		RULE_TEST(test_hello_answered__silence_fails),
		RULE_TEST(test_hello_answered__another_protocol_fails),
		RULE_TEST(test_hello_answered__no_connection_fails),
		RULE_TEST(test_hello_answered__a_hole_leaves_it_unknown),
		RULE_TEST(test_hello_answered__without_a_hello_it_does_not_apply),
		RULE_TEST(test_finished_accepted__a_completed_handshake_passes),
		RULE_TEST(test_finished_accepted__what_the_secrets_give_is_said),
		RULE_TEST(test_finished_accepted__a_refused_record_fails),
		RULE_TEST(test_finished_accepted__another_end_is_unknown),
		RULE_TEST(test_finished_accepted__an_alert_right_after_the_last_is_unknown),
		RULE_TEST(test_finished_accepted__before_the_keys_it_does_not_apply),
	};

	return RULE_TESTS(tests, argc, argv);
}
