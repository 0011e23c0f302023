/* Causes below TLS and about the form of messages: silence, closes, other protocols, sizes. */
#include "rules/facts.h"
#include "rules/said.h"

#include "diagnose/endless.h"
#include "names/atlas.h"

/* ---- nobody there ---- */

static void test_connection_refused__a_refused_syn_is_certain(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	assert_shown(f, connection_refused, "error", "certain");
	assert_explains(f, hello_answered);
	assert_not_shown(f, server_silent);
}

static void test_connection_refused__beside_other_servers_it_is_a_note(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	f->file.bystander = true;
	assert_shown(f, connection_refused, "note", "certain");
}

static void test_connection_refused__beside_good_ones_it_listens_at_times(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	end_with(&f->hs[1], STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	f->file.bystander = true;
	assert_shown(f, connection_refused, "error", "certain");
	assert_proves(f, "it listens at times");
}

/* The SYN of the handshake is answered by that ICMP error of 192.0.2.`by`. */
static void cut_off(struct handshake *hs, uint8_t type, uint8_t code, uint8_t by)
{
	end_with(hs, STAGE_NOTHING, SIDE_SERVER, ENDING_UNREACHABLE);
	hs->unreachable = (struct unreachable){ .seen = true,
		.type = type,
		.code = code,
		.by = { 4, { 192, 0, 2, by }, 0 },
		.packet = 2 };
}

static void test_host_unreachable__each_kind_has_its_words(void **state)
{
	static const struct {
		uint8_t type, code;
		const char *summary, *step;
	} rows[] = {
		{ 3, 0, "no way to the server's network", "default gateway" },
		{ 3, 1, "nothing answers for its address", "is the device powered" },
		{ 3, 3, "does not take connections to that port", "in place of a RST" },
		{ 3, 13, "forbids the connection", "look for the rule" },
		{ 11, 0, "go in circles", "traceroute" },
		{ 3, 77, "The network says that the server cannot be reached", "traceroute" },
	};
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cut_off(f->hs, rows[i].type, rows[i].code, 254);
		assert_shown(f, host_unreachable, "error", "certain");
		assert_non_null(strstr(f->finding.summary, rows[i].summary));
		assert_true(advises(&f->finding, rows[i].step));
		assert_proves(f, "192.0.2.254 says so, a host on the way");
		assert_explains(f, hello_answered);
		assert_explains(f, closed_cleanly);
		assert_not_shown(f, server_silent);
		assert_not_shown(f, connection_refused);
		assert_not_shown(f, capture_incomplete);
	}
}

static void test_host_unreachable__names_the_error_and_who_sent_it(void **state)
{
	struct facts *f = *state;

	cut_off(f->hs, 3, 1, 10);
	assert_shown(f, host_unreachable, "error", "certain");
	assert_int_equal(proof_packet(&f->finding, "ICMP type 3, code 1: host unreachable"), 2);
	assert_proves(f, "the client's own system says so");
	cut_off(f->hs, 3, 10, 1);
	assert_shown(f, host_unreachable, "error", "certain");
	assert_proves(f, "the server's own host says so");
}

static void test_host_unreachable__beside_other_servers_it_is_a_note(void **state)
{
	struct facts *f = *state;

	cut_off(f->hs, 3, 1, 254);
	f->file.bystander = true;
	assert_shown(f, host_unreachable, "note", "certain");
}

static void test_host_unreachable__beside_good_ones_the_way_is_open_at_times(void **state)
{
	struct facts *f = *state;

	(void)facts_add(f);
	cut_off(&f->hs[1], 3, 1, 254);
	f->file.bystander = true;
	assert_shown(f, host_unreachable, "error", "certain");
	assert_proves(f, "the way is open at times");
}

static void test_host_unreachable__silence_and_refusal_are_something_else(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_UNANSWERED);
	assert_not_shown(f, host_unreachable);
	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_REFUSED);
	assert_not_shown(f, host_unreachable);
}

/* ---- answers that come to no end ---- */

/* Our own client stopped listening for that reason. */
static void stop_listening(struct handshake *hs, enum cut_off why, uint64_t bytes, uint64_t ms)
{
	end_with(hs, STAGE_CLIENT_HELLO, SIDE_CLIENT, ENDING_CUT_OFF);
	hs->side[SIDE_CLIENT].tcp.fin = true;
	hs->heard = (struct hearing){ .cut = why, .bytes = bytes, .pieces = 4, .ms = ms };
}

static void test_answer_endless__each_kind_of_too_much_has_its_words(void **state)
{
	static const struct {
		enum cut_off cut;
		const char *summary;
	} rows[] = {
		{ CUT_BYTES, "The server never ends its answer" },
		{ CUT_PIECES, "The server never ends its answer" },
		{ CUT_RECORDS, "The server never ends its answer" },
		{ CUT_EMPTY, "The server sends records without content, and no end of them" },
		{ CUT_MESSAGES, "The server sends handshake messages without end" },
		{ CUT_WARNINGS, "The server sends warning alerts without end" },
		{ CUT_CHANGES, "The server sends ChangeCipherSpec again and again" },
	};
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		stop_listening(f->hs, rows[i].cut, 1234, 400);
		f->hs->heard.warnings = 33;
		assert_shown(f, answer_endless, "error", "certain");
		assert_string_equal(f->finding.summary, rows[i].summary);
		assert_proves(f, "1234 bytes within 0.4 s");
		assert_proves(f, "33 warning alerts");
		assert_explains(f, closed_cleanly);
		assert_not_shown(f, answer_too_slow);
		assert_not_shown(f, peer_closed);
		assert_not_shown(f, server_silent);
	}
}

static void test_answer_endless__much_within_the_time_is_not_slow(void **state)
{
	struct facts *f = *state;

	stop_listening(f->hs, CUT_TIME, ENDLESS_BYTES + 1, 30000);
	assert_shown(f, answer_endless, "error", "certain");
	assert_not_shown(f, answer_too_slow);
}

static void test_answer_endless__what_tls13_hides_may_be_data(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	f->hs->outcome = OUTCOME_FAILED;
	stop_listening(f->hs, CUT_BYTES, 1 << 20, 400);
	f->hs->side[SIDE_SERVER].protected_records = 64;
	f->hs->tls13 = true;
	assert_shown(f, answer_endless, "error", "likely");
	assert_proves(f, "before the client's Finished");
}

/* A capture: the client left, and nobody tells why. */
static void leave(struct handshake *hs, uint64_t bytes, uint32_t segments, double seconds)
{
	end_with(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	hs->server_hello_done = false;
	hs->side[SIDE_SERVER].tcp.bytes = bytes;
	hs->side[SIDE_SERVER].tcp.data_segments = segments;
	hs->end = hs->start + (int64_t)(seconds * 1e9);
	hs->ended_time = hs->end + 1000000000;
}

static void test_answer_endless__a_capture_shows_it_when_the_client_leaves(void **state)
{
	struct facts *f = *state;

	leave(f->hs, ENDLESS_CAPTURED, 400, 3);
	assert_shown(f, answer_endless, "error", "likely");
	leave(f->hs, ENDLESS_CAPTURED - 1, 400, 3);
	assert_not_shown(f, answer_endless);
	f->hs->n_alerts = ENDLESS_REPEATS;
	for (size_t i = 0; i < ENDLESS_REPEATS; i++)
		f->hs->alerts[i] =
			(struct sent_alert){ .from = SIDE_SERVER, .level = 1, .code = 112 };
	assert_shown(f, answer_endless, "error", "likely");
	f->hs->n_alerts--;
	assert_not_shown(f, answer_endless);
}

static void test_answer_endless__a_server_that_leaves_has_come_to_an_end(void **state)
{
	struct facts *f = *state;

	leave(f->hs, ENDLESS_CAPTURED, 400, 3);
	f->hs->ended_by = SIDE_SERVER;
	assert_not_shown(f, answer_endless);
	assert_not_shown(f, answer_too_slow);
}

static void test_answer_endless__a_long_talk_after_the_handshake_is_none(void **state)
{
	struct facts *f = *state;

	f->hs->side[SIDE_SERVER].tcp.bytes = 100 * (uint64_t)ENDLESS_CAPTURED;
	assert_not_shown(f, answer_endless);
}

static void test_answer_too_slow__is_told_by_its_rate(void **state)
{
	struct facts *f = *state;

	stop_listening(f->hs, CUT_TIME, 15, 30000);
	assert_shown(f, answer_too_slow, "error", "certain");
	assert_proves(f, "15 bytes within 30.0 s");
	assert_proves(f, "0.5 bytes a second, in 4 pieces");
	assert_explains(f, closed_cleanly);
	assert_not_shown(f, answer_endless);
	assert_not_shown(f, peer_closed);
	assert_not_shown(f, server_silent);
}

/* Segments of a good size may as well be the network's. */
static void test_answer_too_slow__of_a_good_size_it_is_likely(void **state)
{
	struct facts *f = *state;

	stop_listening(f->hs, CUT_TIME, 4 * SLOW_PIECE + 1, 30000);
	assert_shown(f, answer_too_slow, "error", "likely");
}

static void test_answer_too_slow__a_capture_must_show_it_plainly(void **state)
{
	static const struct {
		const char *claim;
		uint64_t bytes;
		uint32_t segments;
		double seconds;
		bool shown;
	} rows[] = {
		{ "a byte a second", 10, 10, 10, true },
		{ "for too short a time", 10, 10, 4, false },
		{ "fast enough", 2000, 10, 10, false },
		{ "too few to tell", 3, 3, 10, false },
		{ "then silent for longer than its pace", 200, 100, 10, false },
		{ "at the longest pace", 10, 10, 599, true },
		{ "a clock that jumped by a day", 2000, 100, 86400, false },
		{ "half a megabyte of it", UINT64_C(512) * 1024, 100000, 20000, false },
	};
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		leave(f->hs, rows[i].bytes, rows[i].segments, rows[i].seconds);
		if (facts_show(f, CAUSE_answer_too_slow) != rows[i].shown)
			fail_msg("%s", rows[i].claim);
		if (rows[i].shown)
			assert_int_equal(f->finding.confidence, CONFIDENCE_LIKELY);
	}
}

/* ---- silence ---- */

static void test_peer_closed__shows_the_warning_before_it(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	f->hs->alerts[0] =
		(struct sent_alert){ .from = SIDE_SERVER, .level = 1, .code = 40, .packet = 6 };
	f->hs->n_alerts = 1;
	assert_shown(f, peer_closed, "error", "possible");
	assert_int_equal(proof_packet(&f->finding, "the server warned: handshake_failure (40)"), 6);
	assert_string_equal(f->finding.summary, "The server closed the connection after a warning, "
						"and without a fatal alert, after "
						"the ClientHello");
}

static void test_server_silent__a_hello_without_a_byte_in_answer(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	f->hs->ended_time = f->hs->start + 2500000000;
	assert_shown(f, server_silent, "error", "likely");
	f->hs->side[SIDE_CLIENT].tcp.fin = false;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "after 2.5 s there is still no answer");
	f->hs->side[SIDE_CLIENT].tcp.fin = true;
	f->hs->side[SIDE_CLIENT].tcp.fin_packet = PACKET_END;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "after 2.5 s the client gives up");
	f->hs->side[SIDE_CLIENT].tcp.fin_packet =
		0; /* not captured: the server's need not have been */
	assert_shown(f, server_silent, "error", "possible");
	f->hs->side[SIDE_CLIENT].tcp.fin_packet = PACKET_END;
	assert_shown(f, server_silent, "error", "likely");
	assert_explains(f, hello_answered);
	assert_not_shown(f, peer_closed);
}

static void test_server_silent__what_came_before_may_be_why(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	f->hs->before = PLAIN_PROXY;
	assert_shown(f, server_silent, "error", "possible");
	f->hs->before = PLAIN_NONE;
	f->hs->saw_syn = false; /* it may have spoken already */
	assert_shown(f, server_silent, "error", "possible");
	f->hs->saw_syn = true;
	event_of(f->hs, SIDE_CLIENT, HS_CLIENT_HELLO)->length = 1700;
	assert_shown(f, server_silent, "error", "possible");
	assert_shown(f, client_hello_too_large, "error", "possible");
	assert_string_equal(f->finding.summary, "The ClientHello may be too large for the server");
}

static void test_server_silent__its_tcp_tells_whether_the_hello_arrived(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	f->hs->side[SIDE_CLIENT].tcp.sent_max = 300;
	f->hs->side[SIDE_SERVER].tcp.acked = 300;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "acknowledged all of it");
	f->hs->side[SIDE_SERVER].tcp.acked = 0;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "acknowledged none of it");
	f->hs->side[SIDE_SERVER].tcp.acked = 200;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "acknowledged 200 of its 300 bytes");
}

static void test_server_silent__the_client_that_loses_patience_is_not_to_blame(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_CLIENT, ENDING_FIN);
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	assert_shown(f, server_silent, "error", "likely");
	assert_not_shown(f, peer_closed);
}

/* Who sends rubbish sends types that have no name. */
static void test_peer_closed__behind_a_message_of_unknown_type(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = f->hs;

	end_with(hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_FIN);
	hs->has_last_message = true;
	hs->last_message = 0xe9;
	assert_shown(f, peer_closed, "error", "possible");
	assert_proves(f, "the last message in the clear was a message of unknown type");
}

/* It is not "no answer" that the reader sees in the capture. */
static void test_server_silent__resets_that_acknowledge_nothing_are_told(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_UNANSWERED);
	f->hs->side[SIDE_SERVER].tcp.stray_resets = 1;
	f->hs->side[SIDE_SERVER].tcp.stray_packet = 2;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "no answer but a reset that does not acknowledge it");
	f->hs->side[SIDE_SERVER].tcp.stray_resets = 3;
	assert_shown(f, server_silent, "error", "likely");
	assert_proves(f, "no answer but resets that do not acknowledge it");
}

static void test_server_silent__a_syn_without_an_answer_counts_too(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_UNANSWERED);
	assert_shown(f, server_silent, "error", "likely");
	assert_string_equal(f->finding.summary, "Nothing answers the connection request");
}

static void test_server_silent__beside_other_servers_a_host_that_is_away_is_a_note(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_NOTHING, SIDE_SERVER, ENDING_UNANSWERED);
	f->file.bystander = true;
	assert_shown(f, server_silent, "note", "likely");
}

static void test_server_silent__a_server_that_closes_or_a_capture_with_holes_does_not(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	assert_not_shown(f, server_silent);
	f->hs->ending = ENDING_SILENCE;
	f->hs->gaps[f->hs->n_gaps++] = (struct gap_fact){ .from = SIDE_SERVER, .packet = 5 };
	assert_not_shown(f, server_silent);
}

/* ---- closes ---- */

static void test_peer_closed__says_who_and_how_far_it_came(void **state)
{
	static const struct {
		enum stage stage;
		enum side by;
		const char *summary;
	} rows[] = {
		{ STAGE_FINISHED, SIDE_SERVER,
			"The server closed the connection without an alert, after the first "
			"protected record" },
		{ STAGE_CLIENT_FLIGHT, SIDE_SERVER,
			"The server closed the connection without an alert, after the client's "
			"messages" },
		{ STAGE_SERVER_FLIGHT, SIDE_CLIENT,
			"The client closed the connection without an alert, after the server's "
			"messages" },
		{ STAGE_CLIENT_HELLO, SIDE_SERVER,
			"The server closed the connection without an alert, after the "
			"ClientHello" },
	};
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		end_with(f->hs, rows[i].stage, rows[i].by, ENDING_FIN);
		assert_shown(f, peer_closed, "error", "possible");
		assert_string_equal(f->finding.summary, rows[i].summary);
		assert_int_equal(f->finding.assumptions, 2);
		assert_explains(f, closed_cleanly);
	}
}

static void test_peer_closed__any_other_fault_explains_the_close(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	assert_not_shown(f, peer_closed);
}

static void test_peer_closed__an_alert_says_why(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 80);
	assert_not_shown(f, peer_closed);
	assert_not_shown(f, connection_reset);
}

/* The client's FIN or RST stands before the first message of the server. */
static void close_early(struct handshake *hs, enum ending ending)
{
	struct event end;
	size_t last;

	end_with(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ending);
	last = hs->n_events - 1;
	end = hs->events[last];
	memmove(&hs->events[2], &hs->events[1], (last - 1) * sizeof end);
	hs->events[1] = end;
	for (size_t i = 2; i <= last; i++)
		hs->events[i].late = true;
}

static void test_peer_closed__a_client_that_did_not_wait_is_a_warning(void **state)
{
	struct facts *f = *state;

	close_early(f->hs, ENDING_FIN);
	assert_shown(f, peer_closed, "warning", "possible");
	assert_string_equal(
		f->finding.summary, "The client closed the connection before the server answered");
}

/* Who waited for what the server owed, and closed then, has not refused what came. */
static void test_peer_closed__a_client_that_waited_in_vain_says_so(void **state)
{
	static const int64_t second = 1000000000;
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	f->hs->server_hello_done = false;
	f->hs->side[SIDE_SERVER].tcp.bytes = 1000;
	f->hs->last_message = HS_CERTIFICATE;
	f->hs->ended_time = f->hs->end + second - 1;
	assert_shown(f, peer_closed, "error", "possible");
	assert_false(proves(&f->finding, "the client waited for"));
	f->hs->ended_time = f->hs->end + second;
	assert_shown(f, peer_closed, "error", "possible");
	assert_string_equal(f->finding.summary,
		"The server stopped after its Certificate, and the client gave up");
	assert_proves(f, "after the server's last byte the client waited for 1.0 s");
	f->hs->server_hello.seen = false;
	assert_shown(f, peer_closed, "error", "possible");
	assert_string_equal(f->finding.summary,
		"The server stopped after its first bytes, and the client gave up");
	f->hs->server_hello.seen = true;
	f->hs->server_hello_done = true; /* nothing was owed */
	assert_shown(f, peer_closed, "error", "possible");
	assert_false(proves(&f->finding, "the client waited for"));
	f->hs->server_hello_done = false;
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	assert_shown(f, peer_closed, "error", "possible");
	assert_false(proves(&f->finding, "the client waited for"));
}

/* 20 bytes of its last message came, of 70. */
static void break_off_server(struct handshake *hs)
{
	size_t last = 0; /* the ClientHello */

	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == SIDE_SERVER)
			last = i;
	assert_int_not_equal(last, 0);
	hs->events[last].wrong = (struct parse_err){ PARSE_CUT, "body", 20, 70, 20 };
}

static void test_peer_closed__a_message_that_breaks_off_is_named(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_FIN);
	break_off_server(f->hs);
	assert_shown(f, peer_closed, "error", "possible");
	assert_string_equal(f->finding.summary,
		"The server closed the connection in the middle of its ServerHelloDone");
	assert_proves(f, "20 of the 70 bytes of ServerHelloDone were sent");
	assert_true(advises(&f->finding, "the rest was never handed to TCP"));

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	break_off_server(f->hs);
	assert_shown(f, peer_closed, "error", "possible");
	assert_string_equal(f->finding.summary,
		"The server stopped in the middle of its ServerHelloDone, and the client gave up");
}

static void test_peer_closed__a_server_that_stops_before_its_key_gets_its_own_step(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_FIN);
	memset(&f->hs->ske, 0, sizeof f->hs->ske);
	f->hs->server_hello_done = false;
	assert_shown(f, peer_closed, "error", "possible");
	assert_true(advises(&f->finding, "failed to make its key or its signature"));
}

static void test_connection_reset__a_client_that_did_not_wait_is_a_warning(void **state)
{
	struct facts *f = *state;

	close_early(f->hs, ENDING_RST);
	assert_shown(f, connection_reset, "warning", "likely");
	assert_string_equal(
		f->finding.summary, "The client closed the connection before the server answered");
	assert_false(advises(&f->finding, "failed to make its key"));
}

static void test_connection_reset__a_server_before_its_key_exchange_may_have_failed_at_it(
	void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, ENDING_RST);
	memset(&f->hs->ske, 0, sizeof f->hs->ske);
	f->hs->server_hello_done = false;
	assert_shown(f, connection_reset, "error", "likely");
	assert_string_equal(f->finding.summary, "The server reset the connection without an alert");
	assert_true(advises(&f->finding, "failed to make its key or its signature"));
}

static void test_connection_reset__says_who_and_costs_an_assumption(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_RST);
	assert_shown(f, connection_reset, "error", "likely");
	assert_string_equal(f->finding.summary, "The client reset the connection without an alert");
	assert_proves(f, "the last message in the clear was ServerHelloDone");
	assert_int_equal(f->finding.assumptions, 1);
	assert_not_shown(f, peer_closed);
}

static void test_connection_reset__any_other_fault_explains_it(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_RST);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_not_shown(f, connection_reset);
}

static void test_connection_reset__after_a_completed_handshake_is_no_matter(void **state)
{
	struct facts *f = *state;

	f->hs->side[SIDE_CLIENT].tcp.rst = true;
	assert_not_shown(f, connection_reset);
}

/* ---- other protocols ---- */

static void speak(struct handshake *hs, enum plain_protocol what, const char *said)
{
	end_with(hs, STAGE_CLIENT_HELLO, SIDE_CLIENT, ENDING_FIN);
	hs->server_spoke = what;
	hs->server_said = text_bytes(said);
	hs->server_said_packet = PACKET_SERVER_HELLO;
}

static void test_plain_http__quotes_the_answer(void **state)
{
	struct facts *f = *state;

	speak(f->hs, PLAIN_HTTP, "HTTP/1.1 400 Bad Request\r\n");
	assert_shown(f, plain_http, "error", "certain");
	assert_int_equal(proof_packet(&f->finding, "the server answers 'HTTP/1.1 400 Bad Request'"),
		PACKET_SERVER_HELLO);
	assert_explains(f, hello_answered);
	assert_not_shown(f, not_tls);
	assert_not_shown(f, starttls_needed);
	assert_not_shown(f, peer_closed);
}

static void test_starttls_needed__names_the_protocol_that_greets(void **state)
{
	struct facts *f = *state;

	speak(f->hs, PLAIN_SMTP, "220 mail.example ESMTP\r\n");
	f->hs->server_spoke_first = true;
	assert_shown(f, starttls_needed, "error", "certain");
	assert_string_equal(f->finding.summary, "The server speaks SMTP and waits for STARTTLS");
	assert_proves(f, "the server begins with '220 mail.example ESMTP'");
	assert_proves(f, "it speaks before the ClientHello");
	assert_true(advises(&f->finding, "tlsdiag probe --starttls smtp HOST:PORT"));
	f->hs->server_spoke = PLAIN_IMAP;
	assert_shown(f, starttls_needed, "error", "certain");
	assert_true(advises(&f->finding, "tlsdiag probe --starttls imap HOST:PORT"));
	f->hs->server_spoke = PLAIN_SMTP_OR_FTP;
	assert_shown(f, starttls_needed, "error", "certain");
	assert_false(advises(&f->finding, "--starttls smtp"));
	assert_not_shown(f, not_tls);
	assert_not_shown(f, plain_http);
}

static void test_not_tls__is_every_other_protocol(void **state)
{
	struct facts *f = *state;

	speak(f->hs, PLAIN_SSH, "SSH-2.0-OpenSSH_9.2\r\n");
	assert_shown(f, not_tls, "error", "certain");
	assert_string_equal(f->finding.summary, "The server speaks SSH on this port, not TLS");
	assert_not_shown(f, plain_http);
	assert_not_shown(f, starttls_needed);
	f->hs->server_spoke = PLAIN_UNKNOWN;
	f->hs->server_said = text_bytes("\x01\x02");
	assert_shown(f, not_tls, "error", "certain");
	assert_proves(f, "the server speaks something unknown, not TLS");
}

static void test_not_tls__an_upgrade_that_went_well_is_none(void **state)
{
	struct facts *f = *state;

	f->hs->before = PLAIN_SMTP;
	assert_not_shown(f, starttls_needed);
	assert_not_shown(f, not_tls);
}

/* ---- sizes ---- */

static void stop_quietly(struct handshake *hs)
{
	end_with(hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
}

static void test_record_too_large__record_overflow_is_certain_where_one_is_seen(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 22);
	assert_shown(f, record_too_large, "error", "likely");
	assert_proves(f, "the longest record of the server has 700 bytes");
	f->hs->server_hello.ext.has_max_fragment_length = true;
	f->hs->server_hello.ext.max_fragment_length = 1;
	assert_shown(f, record_too_large, "error", "certain");
	f->hs->server_hello.ext.has_max_fragment_length = false;
	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 22); /* to a small hello */
	assert_shown(f, record_too_large, "error", "possible");
}

static void test_record_too_large__more_than_was_agreed_is_likely(void **state)
{
	struct facts *f = *state;

	stop_quietly(f->hs);
	f->hs->server_hello.ext.has_max_fragment_length = true;
	f->hs->server_hello.ext.max_fragment_length = 1;
	assert_shown(f, record_too_large, "error", "likely");
	assert_explains(f, record_sizes);
}

/* A client may break it as well: an mbedTLS server closes then, OpenSSL says 22. */
static void test_record_too_large__so_may_the_client_send_more_than_was_agreed(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, ENDING_FIN);
	f->hs->server_hello.ext.has_max_fragment_length = true;
	f->hs->server_hello.ext.max_fragment_length = 2;
	assert_not_shown(f, record_too_large);
	event_of(f->hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE)->record_length = 1025;
	assert_shown(f, record_too_large, "error", "likely");
	assert_string_equal(origin_name(f->finding.origin), "client");
	assert_string_equal(
		f->finding.summary, "A record of the client is longer than the two agreed on");
	assert_explains(f, record_sizes);
	assert_explains(f, closed_cleanly);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 22);
	assert_shown(f, record_too_large, "error", "certain");
	assert_proves(f, "the longest record of the client has 250 bytes");
}

/* Whoever closes after its own long record does not mind that one. */
static void test_record_too_large__the_sender_does_not_mind(void **state)
{
	struct facts *f = *state;

	stop_quietly(f->hs);
	f->hs->side[SIDE_CLIENT].record_oversized = true;
	assert_not_shown(f, record_too_large);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 22);
	assert_shown(f, record_too_large, "error", "likely");
}

static void test_record_too_large__a_quiet_end_after_a_long_record_is_possible(void **state)
{
	struct facts *f = *state;

	stop_quietly(f->hs);
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	f->hs->side[SIDE_SERVER].largest_record = 4500;
	assert_shown(f, record_too_large, "error", "possible");
	assert_explains(f, closed_cleanly);
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	assert_not_shown(f, record_too_large);
}

/* A configuration says what the client's buffer holds. */
static void test_record_too_large__the_buffer_of_a_configuration_decides(void **state)
{
	struct facts *f = *state;

	facts_configure(f, "#define MBEDTLS_SSL_IN_CONTENT_LEN 1024\n");
	stop_quietly(f->hs);
	f->hs->side[SIDE_SERVER].largest_record = 1024;
	assert_not_shown(f, record_too_large);
	f->hs->side[SIDE_SERVER].largest_record = 1025;
	assert_shown(f, record_too_large, "error", "certain");
	assert_proves(f, "the configuration given holds records of 1024 bytes");
	assert_explains(f, closed_cleanly);
}

static void test_record_too_large__small_records_and_shut_windows_have_other_reasons(void **state)
{
	struct facts *f = *state;

	stop_quietly(f->hs);
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	assert_not_shown(f, record_too_large);
	f->hs->side[SIDE_SERVER].largest_record = 4500;
	f->hs->side[SIDE_CLIENT].tcp.zero_windows = 1;
	assert_not_shown(f, record_too_large);
	f->hs->side[SIDE_CLIENT].tcp.zero_windows = 0;
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	assert_not_shown(f, record_too_large);
}

static void split(struct handshake *hs, enum side from, uint8_t type)
{
	struct event *ev = event_of(hs, from, type);

	ev->n_records = 3;
	ev->record_length = 512;
	ev->length = 1400;
}

static void test_message_fragmented__the_client_ends_at_a_message_in_pieces(void **state)
{
	struct facts *f = *state;

	stop_quietly(f->hs);
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	f->hs->side[SIDE_SERVER].largest_record = 4500;
	split(f->hs, SIDE_SERVER, HS_CERTIFICATE);
	assert_shown(f, message_fragmented, "error", "likely");
	assert_proves(f, "nothing that was sent proves wrong, so that it is most likely its form "
			 "that is refused");
	assert_int_equal(
		proof_packet(&f->finding,
			"Certificate (1400 bytes) comes in 3 records of at most 512 bytes"),
		PACKET_CERTIFICATE);
	assert_not_shown(f, record_too_large);
}

static void test_message_fragmented__so_may_the_server(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	split(f->hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	assert_shown(f, message_fragmented, "error", "likely");
	assert_string_equal(origin_name(f->finding.origin), "interop");
}

static void test_message_fragmented__an_alert_or_a_fault_is_the_better_reason(void **state)
{
	struct facts *f = *state;

	split(f->hs, SIDE_SERVER, HS_CERTIFICATE);
	assert_not_shown(f, message_fragmented);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_not_shown(f, message_fragmented);
}

static void test_message_fragmented__not_where_the_same_client_joined_others(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = facts_add(f);

	stop_quietly(f->hs);
	split(f->hs, SIDE_SERVER, HS_CERTIFICATE);
	split(hs, SIDE_SERVER, HS_CERTIFICATE);
	assert_not_shown(f, message_fragmented);
	hs->side[SIDE_CLIENT].address.addr[3] = 77;
	assert_shown(f, message_fragmented, "error", "likely");
}

static void test_message_fragmented__nor_where_it_had_joined_them_before(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = facts_add(f);

	stop_quietly(hs);
	split(hs, SIDE_SERVER, HS_CERTIFICATE);
	assert_shown(f, message_fragmented, "error", "likely");
	split(f->hs, SIDE_SERVER, HS_CERTIFICATE);
	assert_not_shown(f, message_fragmented);
}

static void test_message_fragmented__a_whole_message_is_not(void **state)
{
	struct facts *f = *state;

	stop_quietly(f->hs);
	assert_not_shown(f, message_fragmented);
}

static void large_hello(struct handshake *hs, uint64_t length)
{
	end_with(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	event_of(hs, SIDE_CLIENT, HS_CLIENT_HELLO)->length = length;
	hs->client_hello_segments = 2;
}

static void test_client_hello_too_large__a_small_one_that_is_answered_proves_it(void **state)
{
	struct facts *f = *state;

	large_hello(facts_add(f), 1700);
	assert_shown(f, client_hello_too_large, "error", "likely");
	assert_proves(f, "a ClientHello of 1700 bytes in 2 segments gets no answer");
	assert_proves(f, "one of 90 bytes does");
	assert_explains(f, closed_cleanly);
}

/* Below what is large by itself it is the second segment that tells, where others in one are answered. */
static void test_client_hello_too_large__two_segments_are_enough_beside_one_that_is_answered(
	void **state)
{
	struct facts *f = *state;
	struct handshake *hs = facts_add(f);

	large_hello(hs, 300);
	assert_shown(f, client_hello_too_large, "error", "likely");
	hs->client_hello_segments = 1;
	assert_not_shown(f, client_hello_too_large);
	hs->client_hello_segments = 2;
	f->hs->server_hello.seen = false; /* no other was answered */
	assert_not_shown(f, client_hello_too_large);
}

static void test_client_hello_too_large__as_often_as_chance_would_not_have_it(void **state)
{
	struct facts *f = *state;

	for (size_t i = 0; i < 3; i++)
		(void)facts_add(f);
	for (size_t i = 0; i < 4; i++)
		large_hello(facts_add(f), 1700);
	assert_shown(f, client_hello_too_large, "error", "certain");
	f->hs[3].outcome = OUTCOME_INCOMPLETE;
	assert_shown(f, client_hello_too_large, "error", "likely");
}

static void test_client_hello_too_large__what_made_it_larger_takes_certainty_away(void **state)
{
	struct facts *f = *state;
	struct handshake *hs = facts_add(f);

	large_hello(hs, 1700);
	hs->client_hello.ext.groups = LIST(hs, 4588, 29, 23, 24);
	assert_shown(f, client_hello_too_large, "error", "likely");
	hs->client_hello_segments = 1;
	assert_shown(f, client_hello_too_large, "error", "possible");
}

static void test_client_hello_too_large__alone_it_is_possible(void **state)
{
	struct facts *f = *state;

	large_hello(f->hs, 1700);
	assert_shown(f, client_hello_too_large, "error", "possible");
}

static void test_client_hello_too_large__a_larger_one_that_is_answered_acquits(void **state)
{
	struct facts *f = *state;

	event_of(f->hs, SIDE_CLIENT, HS_CLIENT_HELLO)->length = 2000;
	large_hello(facts_add(f), 1700);
	assert_not_shown(f, client_hello_too_large);
}

static void test_client_hello_too_large__a_small_one_is_not(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	assert_not_shown(f, client_hello_too_large);
}

static void test_receive_window_closed__names_the_side_that_shut_it(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_SILENCE);
	f->hs->side[SIDE_CLIENT].tcp.zero_windows = 4;
	f->hs->side[SIDE_CLIENT].tcp.zero_window_packet = 9;
	f->hs->side[SIDE_CLIENT].tcp.window_shut = true;
	assert_shown(f, receive_window_closed, "error", "certain");
	assert_int_equal(proof_packet(&f->finding, "a receive window of zero 4 times"), 9);
	assert_explains(f, window_open);
}

static void test_receive_window_closed__one_that_opened_again_is_no_matter(void **state)
{
	struct facts *f = *state;

	f->hs->side[SIDE_CLIENT].tcp.zero_windows = 4;
	assert_not_shown(f, receive_window_closed);
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_SILENCE);
	assert_shown(f, receive_window_closed, "error", "possible");
}

static void test_receive_window_closed__an_alert_says_more(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	f->hs->side[SIDE_CLIENT].tcp.zero_windows = 4;
	assert_not_shown(f, receive_window_closed);
}

/* ---- messages ---- */

static void test_message_malformed__names_the_message_and_its_sender(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 50);
	event_of(f->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)->wrong =
		(struct parse_err){ PARSE_SHORT, "signature", 73, 71, 40 };
	assert_shown(f, message_malformed, "error", "certain");
	assert_string_equal(f->finding.summary, "The server sends a malformed ServerKeyExchange");
	assert_string_equal(origin_name(f->finding.origin), "server");
	assert_explains(f, messages_well_formed);
	assert_explains(f, no_fatal_alert);
}

static void test_message_malformed__the_clients_is_the_clients_fault(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 50);
	event_of(f->hs, SIDE_CLIENT, HS_CLIENT_HELLO)->wrong =
		(struct parse_err){ PARSE_TRAILING, "ClientHello", 200, 0, 3 };
	assert_shown(f, message_malformed, "error", "certain");
	assert_string_equal(f->finding.summary, "The client sends a malformed ClientHello");
	assert_string_equal(origin_name(f->finding.origin), "client");
}

static void test_message_malformed__one_cut_by_the_capture_is_not(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 50);
	event_of(f->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)->wrong =
		(struct parse_err){ PARSE_CUT, "signature", 73, 71, 40 };
	f->hs->gaps[0] = (struct gap_fact){ .from = SIDE_SERVER, .reason = GAP_CUT };
	f->hs->n_gaps = 1;
	assert_not_shown(f, message_malformed);
}

/* Its sender has sent no more of it, and its receiver calls it malformed. */
static void test_message_malformed__one_refused_before_its_end_is_likely(void **state)
{
	struct facts *f = *state;
	struct event *ev = event_of(f->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE);

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 50);
	ev->unread = true;
	ev->wrong = (struct parse_err){ PARSE_CUT, "body", 40, 71, 40 };
	assert_shown(f, message_malformed, "error", "likely");
	assert_proves(f, "breaks off: 40 of its 71 bytes are there, and the client refused it");
	f->hs->side[SIDE_SERVER].tcp.fin =
		true; /* decode_error is what OpenSSL says to a bare FIN */
	f->hs->side[SIDE_SERVER].tcp.fin_packet = 1;
	assert_not_shown(f, message_malformed);
}

static void test_message_malformed__a_length_that_none_can_have_is_certain(void **state)
{
	struct facts *f = *state;
	struct event *ev = event_of(f->hs, SIDE_SERVER, HS_SERVER_HELLO);

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 10);
	ev->unread = true;
	ev->length = 16777215;
	ev->wrong = (struct parse_err){ PARSE_RANGE, "length", 0, 65607, 16777215 };
	assert_shown(f, message_malformed, "error", "certain");
	assert_proves(f, "says it has 16777215 bytes; it cannot have more than 65607");
}

static void test_unexpected_message__names_the_one_out_of_turn(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 10);
	event_of(f->hs, SIDE_SERVER, HS_SERVER_HELLO_DONE)->unexpected = true;
	assert_shown(f, unexpected_message, "error", "certain");
	assert_proves(f, "the server sent ServerHelloDone out of turn");
	assert_string_equal(origin_name(f->finding.origin), "server");
	assert_explains(f, messages_in_order);
}

static void test_unexpected_message__a_hole_before_it_explains_it(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 10);
	event_of(f->hs, SIDE_SERVER, HS_SERVER_HELLO_DONE)->unexpected = true;
	f->hs->gaps[f->hs->n_gaps++] = (struct gap_fact){ .from = SIDE_SERVER, .packet = 7 };
	assert_not_shown(f, unexpected_message);
}

static void test_unexpected_message__an_alert_10_alone_shows_none(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 10);
	assert_not_shown(f, unexpected_message);
}

/* ---- what the capture holds ---- */

static void lose(struct handshake *hs, uint8_t type)
{
	hs->gaps[hs->n_gaps++] = (struct gap_fact){ .from = SIDE_SERVER,
		.packet = PACKET_CERTIFICATE,
		.bytes = 1448,
		.has_message = true,
		.in_message = type };
}

static void test_capture_incomplete__a_lost_message_in_a_failed_handshake(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	lose(f->hs, HS_CERTIFICATE);
	assert_shown(f, capture_incomplete, "error", "certain");
	assert_proves(f, "1448 bytes of the server's Certificate are not in the capture");
	assert_explains(f, capture_complete);
	assert_true(advises(&f->finding, "capture again with whole packets"));
}

/* What a log leaves out is no fault: nothing is called lost. */
static void test_capture_incomplete__a_log_is_not_incomplete(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	lose(f->hs, HS_CERTIFICATE);
	f->hs->logged = true;
	assert_not_shown(f, capture_incomplete);
}

static void test_capture_incomplete__a_completed_handshake_misses_nothing(void **state)
{
	struct facts *f = *state;

	lose(f->hs, HS_CERTIFICATE);
	assert_not_shown(f, capture_incomplete);
}

static void test_hidden_by_encryption__tls13_hides_what_the_alert_is_about(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_shown(f, hidden_by_encryption, "error", "likely");
	assert_string_equal(f->finding.summary,
		"TLS 1.3: the client says unknown_ca (48), about something that is encrypted");
	assert_proves(f, "the certificate and its signature are under encryption");
	assert_true(advises(&f->finding, "shake hands with TLS 1.2 only"));
	assert_true(advises(&f->finding, "look at what the side that gave up logs"));
	assert_int_equal(f->finding.assumptions, 1);
}

static void test_hidden_by_encryption__an_alert_under_the_keys_is_told_by_its_size(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with(f->hs, STAGE_FINISHED, SIDE_CLIENT, ENDING_PROTECTED_ALERT);
	assert_shown(f, hidden_by_encryption, "error", "likely");
	assert_string_equal(
		f->finding.summary, "TLS 1.3: the client gave up over something that is encrypted");
	assert_proves(f, "one short protected record, the size of an alert");
}

static void test_hidden_by_encryption__silence_alone_is_nobody_who_gave_up(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_SILENCE);
	f->hs->side[SIDE_CLIENT].tcp.fin = f->hs->side[SIDE_SERVER].tcp.fin = false;
	f->hs->side[SIDE_SERVER].protected_records = 4;
	assert_shown(f, hidden_by_encryption, "error", "possible");
	assert_string_equal(
		f->finding.summary, "TLS 1.3: the client fell silent where all is encrypted");
}

/* Before a client that is there to be asked nothing was hidden: what it says is all there is. */
static void test_hidden_by_encryption__hides_nothing_from_a_client_that_is_asked(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	assert_not_shown(f, hidden_by_encryption);
	f->hs->side[SIDE_CLIENT].word = (struct library_word){ .release = NULL };
	assert_shown(f, hidden_by_encryption, "error", "likely");
}

/* A client that breaks off over a hello which breaks a rule need not have minded what is hidden. */
static void test_hidden_by_encryption__yields_to_what_the_clear_bytes_show(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	f->hs->server_hello.compression = 1;
	assert_not_shown(f, hidden_by_encryption);
	assert_shown(f, parameter_not_offered, "error", "certain");
	assert_explains(f, compression_offered);
	f->hs->server_hello.compression = 0;
	add_extension(&f->hs->server_hello.ext, EXT_EXTENDED_MASTER_SECRET);
	add_extension(&f->hs->client_hello.ext, EXT_EXTENDED_MASTER_SECRET);
	assert_not_shown(f, hidden_by_encryption);
	assert_shown(f, message_malformed, "error", "certain");
	assert_explains(f, server_hello_fits_version);
	assert_string_equal(origin_name(f->finding.origin), "server");
}

static void test_message_malformed__a_hello_with_an_extension_twice(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	add_extension(&f->hs->server_hello.ext, EXT_RENEGOTIATION_INFO);
	add_extension(&f->hs->server_hello.ext, EXT_RENEGOTIATION_INFO);
	assert_shown(f, message_malformed, "error", "certain");
	assert_proves(f, "the ServerHello has the extension renegotiation_info twice");
	assert_false(proves(&f->finding, "read to their last byte"));
}

/* The server does not mind its own hello. */
static void test_message_malformed__a_hello_is_minded_by_who_received_it(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, 80);
	add_extension(&f->hs->server_hello.ext, EXT_RENEGOTIATION_INFO);
	add_extension(&f->hs->server_hello.ext, EXT_RENEGOTIATION_INFO);
	assert_not_shown(f, message_malformed);
	add_extension(&f->hs->client_hello.ext, EXT_SUPPORTED_GROUPS);
	add_extension(&f->hs->client_hello.ext, EXT_SUPPORTED_GROUPS);
	assert_shown(f, message_malformed, "error", "certain");
	assert_string_equal(origin_name(f->finding.origin), "client");
}

/* What the keys hide the client of a probe has read: its code says what was wrong with it. */
static void test_word__names_what_the_keys_hide(void **state)
{
	struct facts *f = *state;
	static const struct {
		int code;
		const char *at;
		enum cause_id cause;
		const char *says;
	} rows[] = {
		{ -0x7700, "SERVER_CERTIFICATE", CAUSE_unexpected_message,
			"Where the client waits for Certificate, the server sends something else" },
		{ -0x7300, "ENCRYPTED_EXTENSIONS", CAUSE_message_malformed,
			"The client cannot read the server's EncryptedExtensions to its end" },
		{ -0x7200, "SERVER_FINISHED", CAUSE_message_malformed,
			"The client cannot make a message of what the server sends under its "
			"keys" },
		{ -0x6600, "ENCRYPTED_EXTENSIONS", CAUSE_parameter_not_offered,
			"The server's EncryptedExtensions answers what the client did not ask" },
		{ -0x7500, "ENCRYPTED_EXTENSIONS", CAUSE_parameter_not_offered, "answers what" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		refuse_in_tls13(f, f->hs, rows[i].code, rows[i].at);
		assert_true(facts_show(f, rows[i].cause));
		assert_string_equal(confidence_name(f->finding.confidence), "likely");
		assert_non_null(strstr(f->finding.summary, rows[i].says));
		assert_proves(f, "the client itself: mbedtls_ssl_handshake returned");
		f->hs->side[SIDE_CLIENT].word.got_alert = true; /* then it was the server's */
		assert_false(facts_show(f, rows[i].cause));
	}
}

static void test_word__of_a_message_in_the_clear_the_bytes_tell(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x7300, "SERVER_HELLO");
	assert_not_shown(f, message_malformed);
	refuse_in_tls13(f, f->hs, -0x6600, "ENCRYPTED_EXTENSIONS");
	f->hs->server_hello.ext.has_key_share = false; /* which it had to mind before */
	assert_not_shown(f, parameter_not_offered);
}

static void test_message_malformed__an_empty_list_of_tls13_is_told_by_its_alert(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 41);
	assert_shown(f, message_malformed, "error", "likely");
	assert_string_equal(f->finding.summary, "The server's Certificate holds no certificate");
}

static void test_certificate_malformed__the_client_may_say_so_of_a_hidden_one(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x2180, "SERVER_CERTIFICATE");
	f->hs->side[SIDE_SERVER].n_certs = 0;
	assert_shown(f, certificate_malformed, "error", "likely");
	assert_not_shown(f, library_limit);
	f->hs->side[SIDE_CLIENT].word.code = -0x2562; /* an extension that it does not know */
	assert_not_shown(f, certificate_malformed);
	assert_shown(f, library_limit, "error", "possible");
}

static void test_server_silent__in_the_middle_of_the_handshake_is_possible(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, ENDING_SILENCE);
	f->hs->side[SIDE_SERVER].tcp.bytes = 1000;
	assert_shown(f, server_silent, "error", "possible");
	assert_string_equal(f->finding.summary,
		"The server falls silent in the handshake, and the client gives up");
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true; /* something else is wrong */
	assert_not_shown(f, server_silent);
}

static void test_message_malformed__a_record_that_is_none(void **state)
{
	struct facts *f = *state;
	struct event *ev = event_of(f->hs, SIDE_SERVER, HS_SERVER_HELLO_DONE);

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 70);
	*ev = (struct event){ .kind = EVENT_BROKEN,
		.from = SIDE_SERVER,
		.packet = ev->packet,
		.content_type = CONTENT_ALERT,
		.length = 3,
		.wrong = { PARSE_RANGE, "Alert", 0, 2, 3 } };
	assert_shown(f, message_malformed, "error", "certain");
	assert_string_equal(f->finding.summary, "The server sends a malformed Alert");
	ev->late = true; /* it came after the client had given up */
	assert_not_shown(f, message_malformed);
	ev->late = false;
	f->hs->client_hello.version = 0x0303;
	assert_not_shown(f, no_common_version); /* 70 is said to what is no TLS */
}

/* What follows a choice that was never offered is read by the wrong rules. */
static void test_message_malformed__yields_to_a_version_that_was_not_offered(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 70);
	event_of(f->hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE)->wrong =
		(struct parse_err){ PARSE_TRAILING, "ServerKeyExchange", 140, 0, 2 };
	assert_shown(f, message_malformed, "error", "certain");
	f->hs->client_hello.version = 0x0302;
	assert_not_shown(f, message_malformed);
}

/* mbedTLS refuses the first, OpenSSL bears a few. */
static void test_message_malformed__empty_records_are_minded_by_some(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	f->hs->side[SIDE_SERVER].empty =
		(struct empty_records){ .n = 1, .first_packet = 7, .type = CONTENT_HANDSHAKE };
	f->hs->looks = (struct looks){ "mbedTLS 2", STACK_MBEDTLS_2 };
	assert_shown(f, message_malformed, "error", "likely");
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	assert_not_shown(f, message_malformed);
	f->hs->side[SIDE_SERVER].empty.n = 33;
	assert_shown(f, message_malformed, "error", "likely");
}

/* An alert of the server's in the clear, where its keys are due, does not open either. */
static void test_record_cipher_broken__an_alert_in_the_clear_is_no_cipher(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x7180, "ENCRYPTED_EXTENSIONS");
	assert_shown(f, record_cipher_broken, "error", "likely");
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_SERVER, 40);
	assert_not_shown(f, record_cipher_broken);
}

/* Nobody asked this client for a certificate: what the server says then is about the Finished, or nothing. */
static void test_alerts__of_certificates_need_the_servers_wish(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_FINISHED, SIDE_SERVER, 116);
	assert_shown(f, client_certificate_missing, "error", "certain");
	f->hs->client_auth = CLIENT_AUTH_NOT_ASKED;
	assert_not_shown(f, client_certificate_missing);
	f->hs->alerts[0].code = 48;
	assert_not_shown(f, client_certificate_untrusted);
	f->hs->alerts[0].code = 51;
	assert_shown(f, finished_mismatch, "error", "likely");
	f->hs->client_auth = CLIENT_AUTH_SENT;
	assert_not_shown(f, finished_mismatch);
}

static void test_client_certificate_missing__no_server_asks_before_its_hello(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, 116);
	f->hs->tls13 = false;
	assert_not_shown(f, client_certificate_missing);
}

static void test_hidden_by_encryption__a_share_off_its_curve_needs_no_keys(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	f->hs->side[SIDE_SERVER].point = POINT_OFF_CURVE;
	assert_not_shown(f, hidden_by_encryption);
}

static void test_hidden_by_encryption__is_no_fault_of_the_network(void **state)
{
	struct facts *f = *state;

	make_tls13(f->hs);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_shown(f, hidden_by_encryption, "error", "likely");
	assert_null(origin_name(f->finding.origin));
	assert_not_shown(f, capture_incomplete);
}

/* A hole beside a fault that is there to be seen is not what stands in the way. */
static void test_capture_incomplete__what_is_seen_to_be_wrong_comes_first(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	lose(f->hs, HS_CERTIFICATE_STATUS);
	f->hs->side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	assert_shown(f, capture_incomplete, "warning", "certain");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_connection_refused__a_refused_syn_is_certain),
		RULE_TEST(test_connection_refused__beside_other_servers_it_is_a_note),
		RULE_TEST(test_connection_refused__beside_good_ones_it_listens_at_times),
		RULE_TEST(test_host_unreachable__each_kind_has_its_words),
		RULE_TEST(test_host_unreachable__names_the_error_and_who_sent_it),
		RULE_TEST(test_host_unreachable__beside_other_servers_it_is_a_note),
		RULE_TEST(test_host_unreachable__beside_good_ones_the_way_is_open_at_times),
		RULE_TEST(test_host_unreachable__silence_and_refusal_are_something_else),
		RULE_TEST(test_answer_endless__each_kind_of_too_much_has_its_words),
		RULE_TEST(test_answer_endless__much_within_the_time_is_not_slow),
		RULE_TEST(test_answer_endless__what_tls13_hides_may_be_data),
		RULE_TEST(test_answer_endless__a_capture_shows_it_when_the_client_leaves),
		RULE_TEST(test_answer_endless__a_server_that_leaves_has_come_to_an_end),
		RULE_TEST(test_answer_endless__a_long_talk_after_the_handshake_is_none),
		RULE_TEST(test_answer_too_slow__is_told_by_its_rate),
		RULE_TEST(test_answer_too_slow__of_a_good_size_it_is_likely),
		RULE_TEST(test_answer_too_slow__a_capture_must_show_it_plainly),
		RULE_TEST(test_peer_closed__shows_the_warning_before_it),
		RULE_TEST(test_server_silent__a_hello_without_a_byte_in_answer),
		RULE_TEST(test_server_silent__what_came_before_may_be_why),
		RULE_TEST(test_server_silent__its_tcp_tells_whether_the_hello_arrived),
		RULE_TEST(test_server_silent__the_client_that_loses_patience_is_not_to_blame),
		RULE_TEST(test_peer_closed__behind_a_message_of_unknown_type),
		RULE_TEST(test_server_silent__resets_that_acknowledge_nothing_are_told),
		RULE_TEST(test_server_silent__a_syn_without_an_answer_counts_too),
		RULE_TEST(test_server_silent__beside_other_servers_a_host_that_is_away_is_a_note),
		RULE_TEST(
			test_server_silent__a_server_that_closes_or_a_capture_with_holes_does_not),
		RULE_TEST(test_peer_closed__says_who_and_how_far_it_came),
		RULE_TEST(test_peer_closed__any_other_fault_explains_the_close),
		RULE_TEST(test_peer_closed__an_alert_says_why),
		RULE_TEST(test_peer_closed__a_client_that_did_not_wait_is_a_warning),
		RULE_TEST(test_peer_closed__a_message_that_breaks_off_is_named),
		RULE_TEST(test_peer_closed__a_server_that_stops_before_its_key_gets_its_own_step),
		RULE_TEST(test_connection_reset__a_client_that_did_not_wait_is_a_warning),
		RULE_TEST(
			test_connection_reset__a_server_before_its_key_exchange_may_have_failed_at_it),
		RULE_TEST(test_connection_reset__says_who_and_costs_an_assumption),
		RULE_TEST(test_connection_reset__any_other_fault_explains_it),
		RULE_TEST(test_connection_reset__after_a_completed_handshake_is_no_matter),
		RULE_TEST(test_plain_http__quotes_the_answer),
		RULE_TEST(test_starttls_needed__names_the_protocol_that_greets),
		RULE_TEST(test_not_tls__is_every_other_protocol),
		RULE_TEST(test_not_tls__an_upgrade_that_went_well_is_none),
		RULE_TEST(test_record_too_large__record_overflow_is_certain_where_one_is_seen),
		RULE_TEST(test_record_too_large__more_than_was_agreed_is_likely),
		RULE_TEST(test_record_too_large__the_buffer_of_a_configuration_decides),
		RULE_TEST(test_peer_closed__a_client_that_waited_in_vain_says_so),
		RULE_TEST(test_record_too_large__so_may_the_client_send_more_than_was_agreed),
		RULE_TEST(test_record_too_large__the_sender_does_not_mind),
		RULE_TEST(test_record_too_large__a_quiet_end_after_a_long_record_is_possible),
		RULE_TEST(test_record_too_large__small_records_and_shut_windows_have_other_reasons),
		RULE_TEST(test_message_fragmented__the_client_ends_at_a_message_in_pieces),
		RULE_TEST(test_message_fragmented__so_may_the_server),
		RULE_TEST(test_message_fragmented__an_alert_or_a_fault_is_the_better_reason),
		RULE_TEST(test_message_fragmented__not_where_the_same_client_joined_others),
		RULE_TEST(test_message_fragmented__nor_where_it_had_joined_them_before),
		RULE_TEST(test_message_fragmented__a_whole_message_is_not),
		RULE_TEST(test_client_hello_too_large__a_small_one_that_is_answered_proves_it),
		RULE_TEST(
			test_client_hello_too_large__two_segments_are_enough_beside_one_that_is_answered),
		RULE_TEST(test_client_hello_too_large__as_often_as_chance_would_not_have_it),
		RULE_TEST(test_client_hello_too_large__what_made_it_larger_takes_certainty_away),
		RULE_TEST(test_client_hello_too_large__alone_it_is_possible),
		RULE_TEST(test_client_hello_too_large__a_larger_one_that_is_answered_acquits),
		RULE_TEST(test_client_hello_too_large__a_small_one_is_not),
		RULE_TEST(test_receive_window_closed__names_the_side_that_shut_it),
		RULE_TEST(test_receive_window_closed__one_that_opened_again_is_no_matter),
		RULE_TEST(test_receive_window_closed__an_alert_says_more),
		RULE_TEST(test_message_malformed__names_the_message_and_its_sender),
		RULE_TEST(test_message_malformed__the_clients_is_the_clients_fault),
		RULE_TEST(test_message_malformed__one_cut_by_the_capture_is_not),
		RULE_TEST(test_message_malformed__one_refused_before_its_end_is_likely),
		RULE_TEST(test_message_malformed__a_length_that_none_can_have_is_certain),
		RULE_TEST(test_unexpected_message__names_the_one_out_of_turn),
		RULE_TEST(test_unexpected_message__a_hole_before_it_explains_it),
		RULE_TEST(test_unexpected_message__an_alert_10_alone_shows_none),
		RULE_TEST(test_capture_incomplete__a_lost_message_in_a_failed_handshake),
		RULE_TEST(test_capture_incomplete__a_log_is_not_incomplete),
		RULE_TEST(test_capture_incomplete__a_completed_handshake_misses_nothing),
		RULE_TEST(test_hidden_by_encryption__is_no_fault_of_the_network),
		RULE_TEST(test_capture_incomplete__what_is_seen_to_be_wrong_comes_first),
		RULE_TEST(test_hidden_by_encryption__tls13_hides_what_the_alert_is_about),
		RULE_TEST(test_hidden_by_encryption__an_alert_under_the_keys_is_told_by_its_size),
		RULE_TEST(test_hidden_by_encryption__silence_alone_is_nobody_who_gave_up),
		RULE_TEST(test_hidden_by_encryption__hides_nothing_from_a_client_that_is_asked),
		RULE_TEST(test_hidden_by_encryption__a_share_off_its_curve_needs_no_keys),
		RULE_TEST(test_hidden_by_encryption__yields_to_what_the_clear_bytes_show),
		RULE_TEST(test_message_malformed__a_hello_with_an_extension_twice),
		RULE_TEST(test_message_malformed__a_hello_is_minded_by_who_received_it),
		RULE_TEST(test_word__names_what_the_keys_hide),
		RULE_TEST(test_word__of_a_message_in_the_clear_the_bytes_tell),
		RULE_TEST(test_message_malformed__an_empty_list_of_tls13_is_told_by_its_alert),
		RULE_TEST(test_certificate_malformed__the_client_may_say_so_of_a_hidden_one),
		RULE_TEST(test_server_silent__in_the_middle_of_the_handshake_is_possible),
		RULE_TEST(test_message_malformed__a_record_that_is_none),
		RULE_TEST(test_message_malformed__yields_to_a_version_that_was_not_offered),
		RULE_TEST(test_message_malformed__empty_records_are_minded_by_some),
		RULE_TEST(test_record_cipher_broken__an_alert_in_the_clear_is_no_cipher),
		RULE_TEST(test_alerts__of_certificates_need_the_servers_wish),
		RULE_TEST(test_client_certificate_missing__no_server_asks_before_its_hello),
	};

	return RULE_TESTS(tests, argc, argv);
}
