/* How a handshake ended, by whom, and when the session asks for no more. */
#include "support/tls_talk.h"

#define FLIGHT   "c:CH s:SH s:CERT s:SKE s:SHD "
#define FULL     FLIGHT "c:CKE c:CCS c:e22 s:CCS s:e22 "
#define FLIGHT13 "c:CH13 s:SH13 s:CCS s:d13 s:f13 "

struct row {
	const char *script;
	enum outcome outcome;
	enum ending ending;
	enum side by;
};

static void assert_rows(const struct row *rows, size_t n, enum flow_end ended)
{
	for (size_t i = 0; i < n; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, rows[i].script);
		talk_end(&t, ended);
		if (t.n != 1 || t.hs[0]->outcome != rows[i].outcome ||
			t.hs[0]->ending != rows[i].ending ||
			(rows[i].ending != ENDING_SETTLED && rows[i].ending != ENDING_CAPTURE &&
				t.hs[0]->ended_by != rows[i].by))
			fail_msg("%s: outcome %d, ending %d, by %d", rows[i].script,
				t.n != 0 ? (int)t.hs[0]->outcome : -1,
				t.n != 0 ? (int)t.hs[0]->ending : -1,
				t.n != 0 ? (int)t.hs[0]->ended_by : -1);
		tls_talk_close(&t);
	}
}

#define ASSERT_ROWS(rows, ended) assert_rows(rows, sizeof(rows) / sizeof *(rows), ended)

static void test_session__outcome_up_to_tls12(void **state)
{
	static const struct row rows[] = {
		{ FULL "c:e23", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		/* a Finished lost: data shows that it was accepted, an alert alone shows nothing */
		{ FLIGHT "c:CKE c:CCS c:e22 s:gap51 c:e23 s:e23 c:e21 c:fin", OUTCOME_COMPLETED,
			ENDING_SETTLED, SIDE_CLIENT },
		{ FLIGHT "c:gap126 s:CCS s:e22 c:e23 s:e23 c:e21 c:fin", OUTCOME_COMPLETED,
			ENDING_SETTLED, SIDE_CLIENT },
		{ FLIGHT "c:CKE c:CCS c:e22 s:gap51 c:e21 c:fin", OUTCOME_INCOMPLETE,
			ENDING_PROTECTED_ALERT, SIDE_CLIENT },
		/* nor does a bare close at once of who verifies it show that it was accepted */
		{ FULL "c:fin s:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_CLIENT },
		{ FULL "c:rst", OUTCOME_COMPLETED, ENDING_RST, SIDE_CLIENT },
		{ FULL "c:fin s:e21 s:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_CLIENT },
		{ FULL "s:e21 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		{ FULL "s:e23 c:rst", OUTCOME_COMPLETED, ENDING_RST, SIDE_CLIENT },
		{ FULL "c:wait1 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		{ FULL "c:e23 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		/* without the ServerHello it may be TLS 1.3, and so short a record an alert */
		{ "c:CH13 s:gap1200 c:a13 c:fin", OUTCOME_INCOMPLETE, ENDING_FIN, SIDE_CLIENT },
		{ "c:CH13 s:gap90 s:d13 c:fin", OUTCOME_INCOMPLETE, ENDING_FIN, SIDE_CLIENT },
		/* a server that speaks first has not been accepted yet */
		{ FULL "s:e23 c:e21 c:fin", OUTCOME_COMPLETED, ENDING_PROTECTED_ALERT,
			SIDE_CLIENT },
		{ FULL "s:e23 c:e23", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		/* closed at once, with a close_notify each */
		{ FULL "c:e21 s:e21 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		/* an alert at once that nobody answers: refused or closed */
		{ FULL "c:e21 c:fin s:fin", OUTCOME_COMPLETED, ENDING_PROTECTED_ALERT,
			SIDE_CLIENT },
		/* on a long way at once is later: the hello was as long in coming */
		{ "c:ms250 " FULL "c:ms320 c:e21 c:fin s:fin", OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, SIDE_CLIENT },
		{ "c:ms250 " FULL "c:ms500 c:e21 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		{ FULL "c:ms320 c:e21 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		/* so it is where the machine is slow */
		{ "c:CH s:ms1600 s:SH s:CERT s:SKE s:SHD c:CKE c:CCS c:e22 s:CCS s:e22 c:ms450 "
		  "c:e21 "
		  "c:fin s:fin",
			OUTCOME_COMPLETED, ENDING_PROTECTED_ALERT, SIDE_CLIENT },
		/* later, or after the other's end, it only closes */
		{ FULL "c:wait1 c:e21 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		{ FULL "s:fin c:e21 c:fin", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		{ FULL "s:e21 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_SERVER },
		{ FLIGHT "c:alert42 c:fin", OUTCOME_FAILED, ENDING_ALERT, SIDE_CLIENT },
		{ FLIGHT "c:CKE c:CCS c:e22 s:alert20 s:fin", OUTCOME_FAILED, ENDING_ALERT,
			SIDE_SERVER },
		{ FLIGHT "c:CKE c:CCS c:e22 s:CCS c:e21 c:fin", OUTCOME_FAILED,
			ENDING_PROTECTED_ALERT, SIDE_CLIENT },
		/* a Finished that was on its way when the other side said no is not what it judged */
		{ FLIGHT "c:CKE c:CCS c:e22 s:CCS c:ack c:e21 s:e22 s:fin c:fin", OUTCOME_FAILED,
			ENDING_PROTECTED_ALERT, SIDE_CLIENT },
		{ "c:CH s:warn112 s:SH c:fin", OUTCOME_FAILED, ENDING_FIN, SIDE_CLIENT },
		{ "c:CH s:warn0 s:fin", OUTCOME_FAILED, ENDING_ALERT, SIDE_SERVER },
		{ FLIGHT "c:fin s:fin", OUTCOME_FAILED, ENDING_FIN, SIDE_CLIENT },
		{ FLIGHT "c:rst", OUTCOME_FAILED, ENDING_RST, SIDE_CLIENT },
		{ "c:CH s:fin c:fin", OUTCOME_FAILED, ENDING_FIN, SIDE_SERVER },
		{ "c:CH s:rst", OUTCOME_FAILED, ENDING_RST, SIDE_SERVER },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_CLOSED);
}

static void test_session__outcome_of_a_resumption(void **state)
{
	static const struct row rows[] = {
		{ "c:CHS s:SHR s:CCS s:e22 c:CCS c:e22 s:e23", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		{ "c:CHS s:SHR s:CCS s:e22 c:alert20 c:fin", OUTCOME_FAILED, ENDING_ALERT,
			SIDE_CLIENT },
		{ "c:CHS s:SHR s:CCS s:e22 c:CCS c:e22 s:e21 s:fin", OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, SIDE_SERVER },
		{ "c:CHS s:SHR s:CCS s:e22 c:CCS c:e22 c:e23 s:wait1 s:e21 s:fin",
			OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_SERVER },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_CLOSED);
}

static void test_session__outcome_of_tls13(void **state)
{
	static const struct row rows[] = {
		{ FLIGHT13 "c:f13 s:d13", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		/* the same where the ServerHello is lost, and its version with it */
		{ "c:CH13 s:gap1200 c:CCS c:f13 s:a13 s:fin c:fin", OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, SIDE_SERVER },
		{ "c:CH13 s:gap1200 c:CCS c:f13 s:fin c:fin", OUTCOME_COMPLETED, ENDING_FIN,
			SIDE_SERVER },
		{ "c:CH13 s:gap1200 c:CCS c:f13 s:d13 s:d13 c:d13 c:fin", OUTCOME_COMPLETED,
			ENDING_SETTLED, SIDE_CLIENT },
		{ "c:CH s:gap1200 c:e23 s:fin c:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		/* a client that closes first does not wait for the server to judge it */
		{ FLIGHT13 "c:f13 c:fin s:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_CLIENT },
		{ FLIGHT13 "c:f13 c:a13 c:fin s:a13", OUTCOME_COMPLETED, ENDING_PROTECTED_ALERT,
			SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:wait11 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		{ FLIGHT13 "c:f13 c:a13 c:fin s:d13 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		{ FLIGHT13 "c:alert51 c:fin", OUTCOME_FAILED, ENDING_ALERT, SIDE_CLIENT },
		{ FLIGHT13 "c:warn45 c:fin", OUTCOME_FAILED, ENDING_ALERT, SIDE_CLIENT },
		{ FLIGHT13 "c:CCS c:a13 s:fin", OUTCOME_FAILED, ENDING_PROTECTED_ALERT,
			SIDE_CLIENT },
		/* the server refuses the client's certificate, or its Finished */
		{ FLIGHT13 "c:CCS c:f13 s:a13 s:fin", OUTCOME_FAILED, ENDING_PROTECTED_ALERT,
			SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:fin s:a13 s:fin", OUTCOME_COMPLETED, ENDING_PROTECTED_ALERT,
			SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:d13 s:a13 s:fin", OUTCOME_FAILED, ENDING_PROTECTED_ALERT,
			SIDE_SERVER },
		/* who has listened for so long refuses nothing any more */
		{ FLIGHT13 "c:f13 c:d13 s:wait11 s:a13 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_SERVER },
		{ "c:CH13 s:SH13 s:CCS s:a13 s:fin", OUTCOME_FAILED, ENDING_PROTECTED_ALERT,
			SIDE_SERVER },
		{ "c:CH13 s:HRR c:alert47 c:fin", OUTCOME_FAILED, ENDING_ALERT, SIDE_CLIENT },
		{ FLIGHT13 "c:fin", OUTCOME_FAILED, ENDING_FIN, SIDE_CLIENT },
		/* at once, without a record: it may have refused the client's certificate */
		{ FLIGHT13 "c:f13 s:fin c:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_SERVER },
		{ FLIGHT13 "c:f13 s:rst", OUTCOME_COMPLETED, ENDING_RST, SIDE_SERVER },
		/* its only word is an alert: a client that does not read closes all the same */
		{ FLIGHT13 "c:f13 s:a13 c:a13 c:fin s:fin", OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:a13 s:a13 c:fin s:fin", OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, SIDE_SERVER },
		/* after a ticket, which the library sends before its program has judged */
		{ FLIGHT13 "c:f13 s:d13 s:fin c:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_SERVER },
		{ FLIGHT13 "c:f13 s:d13 s:a13 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_SERVER },
		{ FLIGHT13 "c:f13 s:d13 s:wait3 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_SERVER },
		{ FLIGHT13 "c:f13 s:d13 c:d13 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_SERVER },
		{ FLIGHT13 "c:f13 s:d13 c:a13 c:fin s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_CLIENT },
		/* what the client says at once is no sign that it was accepted */
		{ FLIGHT13 "c:f13 c:d13 s:fin c:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:d13 s:rst", OUTCOME_COMPLETED, ENDING_RST, SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:d13 s:wait11 s:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_SERVER },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_CLOSED);
}

static void test_session__alert_that_answers_a_closing_is_not_the_ending(void **state)
{
	static const struct row rows[] = {
		{ "c:CH s:fin c:alert50 c:fin", OUTCOME_FAILED, ENDING_FIN, SIDE_SERVER },
		{ FLIGHT "c:fin s:alert50 c:rst", OUTCOME_FAILED, ENDING_FIN, SIDE_CLIENT },
		{ FLIGHT "c:fin s:alert47", OUTCOME_FAILED, ENDING_ALERT, SIDE_SERVER },
		{ FLIGHT "s:fin c:alert48", OUTCOME_FAILED, ENDING_ALERT, SIDE_CLIENT },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_CLOSED);
}

static void test_session__silence_is_of_the_side_that_owes(void **state)
{
	static const struct row rows[] = {
		{ "c:CH c:wait4 c:fin", OUTCOME_FAILED, ENDING_SILENCE, SIDE_SERVER },
		{ "c:CH c:wait4 c:fin s:alert50 c:rst", OUTCOME_FAILED, ENDING_SILENCE,
			SIDE_SERVER },
		{ "c:CH c:wait4 c:rst", OUTCOME_FAILED, ENDING_SILENCE, SIDE_SERVER },
		{ FLIGHT "s:wait30 s:fin", OUTCOME_FAILED, ENDING_SILENCE, SIDE_CLIENT },
		/* three seconds of arithmetic, then the client gives up */
		{ FLIGHT "c:wait3 c:fin", OUTCOME_FAILED, ENDING_FIN, SIDE_CLIENT },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_CLOSED);
}

static void test_session__end_of_the_capture_is_no_failure(void **state)
{
	static const struct row rows[] = {
		{ "c:CH s:SH", OUTCOME_INCOMPLETE, ENDING_CAPTURE, SIDE_CLIENT },
		{ FLIGHT "c:CKE c:CCS c:e22", OUTCOME_INCOMPLETE, ENDING_CAPTURE, SIDE_CLIENT },
		/* nor is it a proof that the last Finished was accepted */
		{ FULL, OUTCOME_COMPLETED, ENDING_CAPTURE, SIDE_SERVER },
		{ FULL "s:e23", OUTCOME_COMPLETED, ENDING_CAPTURE, SIDE_SERVER },
		{ FULL "c:e23", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		{ FLIGHT13 "c:f13", OUTCOME_COMPLETED, ENDING_CAPTURE, SIDE_CLIENT },
		{ FLIGHT13 "c:f13 c:d13", OUTCOME_COMPLETED, ENDING_CAPTURE, SIDE_CLIENT },
		{ FLIGHT13 "c:f13 s:d13", OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT },
		{ "c:CH c:wait12", OUTCOME_FAILED, ENDING_SILENCE, SIDE_SERVER },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_INPUT_ENDED);
}

/* Each of the waits, one millisecond before it counts and as it does. */
static void test_session__waits_count_to_the_millisecond(void **state)
{
	static const struct {
		const char *before;
		int64_t wait_ms;
		const char *after;
		enum flow_end ended;
		enum ending ending;
	} rows[] = {
		{ "c:CH", 9999, "", FLOW_INPUT_ENDED, ENDING_CAPTURE },
		{ "c:CH", 10000, "", FLOW_INPUT_ENDED, ENDING_SILENCE },
		{ "c:CH", 998, "c:fin", FLOW_CLOSED, ENDING_FIN },
		{ "c:CH", 999, "c:fin", FLOW_CLOSED, ENDING_SILENCE },
		{ "c:CH", 998, "c:rst", FLOW_CLOSED, ENDING_RST },
		{ "c:CH", 999, "c:rst", FLOW_CLOSED, ENDING_SILENCE },
		/* a tenth of a second, as long as it was from the SYN to the hello, and a quarter of
		 * the ten milliseconds that it took since */
		{ FULL, 102, "c:e21 c:fin s:fin", FLOW_CLOSED, ENDING_PROTECTED_ALERT },
		{ FULL, 103, "c:e21 c:fin s:fin", FLOW_CLOSED, ENDING_SETTLED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, rows[i].before);
		t.flow.last_time = t.time +=
			rows[i].wait_ms * 1000000; /* the next packet adds one */
		talk_say(&t, rows[i].after);
		talk_end(&t, rows[i].ended);
		assert_int_equal(t.n, 1);
		if (t.hs[0]->ending != rows[i].ending)
			fail_msg("row %zu: ending %d", i, (int)t.hs[0]->ending);
		tls_talk_close(&t);
	}
}

static void test_session__a_hello_sent_again_was_not_answered(void **state)
{
	static const struct {
		uint64_t acked;
		int64_t again_ms; /* after the hello; 0: never */
		enum outcome want;
	} rows[] = {
		{ 0, 0, OUTCOME_INCOMPLETE },
		{ 0, 1000, OUTCOME_FAILED },
		/* one packet, captured twice */
		{ 0, 1, OUTCOME_INCOMPLETE },
		{ 0, 100, OUTCOME_INCOMPLETE },
		{ 0, 101, OUTCOME_FAILED },
		{ 99, 0, OUTCOME_INCOMPLETE },
		{ 100, 0, OUTCOME_FAILED },
		{ 100, 1, OUTCOME_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;
		struct direction *client = &t.flow.dir[0];

		tls_talk_open(&t, NULL);
		talk_say(&t, "c:CH");
		client->sent_max = 100;
		t.flow.dir[1].acked = rows[i].acked;
		client->retransmissions = rows[i].again_ms != 0;
		client->retransmission_time = t.time + rows[i].again_ms * 1000000;
		talk_say(&t, "c:wait12");
		talk_end(&t, FLOW_INPUT_ENDED);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.hs[0]->outcome, rows[i].want);
		tls_talk_close(&t);
	}
}

static void test_session__settled_connection_wants_no_more(void **state)
{
	static const char *const scripts[] = { FULL "c:e23", FLIGHT13 "c:f13 c:d13 s:d13",
		"c:CHS s:SHR s:CCS s:e22 c:CCS c:e22 s:e23" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, scripts[i]);
		assert_int_equal(t.answer, SINK_DONE);
		assert_int_equal(t.n, 1);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		tls_talk_close(&t);
	}
}

static void test_session__data_after_a_failure_is_not_read_for_ever(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_say(&t, "c:CH s:alert40");
	for (int i = 0; i < 200 && t.answer == SINK_MORE; i++)
		talk_record(&t, 1, CONTENT_APPLICATION_DATA, 1000);
	assert_int_equal(t.answer, SINK_DONE);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.hs[0]->ending, ENDING_ALERT);
	talk_end(&t, FLOW_CLOSED);
	tls_talk_close(&t);
}

static void test_session__closings_stand_in_the_ladder_by_packet(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:CH c:fin s:alert50 s:fin c:rst");
	assert_ladder(hs, "c:ClientHello c:fin s:alert50 s:fin c:rst");
	assert_true(hs->side[SIDE_CLIENT].tcp.rst && hs->side[SIDE_SERVER].tcp.fin);
	tls_talk_close(&t);
}

static void test_session__refused_and_unanswered_connections_are_given_out(void **state)
{
	static const struct {
		bool refused, unanswered, unreachable;
		int64_t seconds;
		enum outcome outcome;
		enum ending ending;
	} rows[] = {
		{ true, false, false, 0, OUTCOME_FAILED, ENDING_REFUSED },
		{ false, true, false, 3, OUTCOME_FAILED, ENDING_UNANSWERED },
		{ false, true, false, 0, OUTCOME_INCOMPLETE, ENDING_CAPTURE },
		{ false, false, true, 0, OUTCOME_FAILED, ENDING_UNREACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.flow.refused = rows[i].refused;
		t.flow.unanswered = rows[i].unanswered;
		t.flow.unreachable.seen = rows[i].unreachable;
		t.flow.last_time += rows[i].seconds * 1000000000;
		talk_end(&t, FLOW_INPUT_ENDED);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.hs[0]->outcome, rows[i].outcome);
		assert_int_equal(t.hs[0]->ending, rows[i].ending);
		assert_int_equal(t.hs[0]->side[SIDE_CLIENT].address.port, 50000);
		tls_talk_close(&t);
	}
}

static void test_session__connection_without_a_word_is_not_a_handshake(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 0);
	assert_int_equal(session_totals(t.session).plain_flows, 1);
	assert_int_equal(session_totals(t.session).flows, 1);
	tls_talk_close(&t);
}

static void test_session__one_side_alone_gives_what_it_has(void **state)
{
	static const struct {
		const char *script;
		unsigned missing;
		enum outcome outcome;
	} rows[] = {
		{ "s:SH s:CERT s:SKE s:SHD s:CCS s:e22 s:fin", 0, OUTCOME_COMPLETED },
		{ "s:SH s:CERT s:SKE s:SHD s:fin", 0, OUTCOME_INCOMPLETE },
		{ "s:SH s:CERT s:SKE s:SHD s:alert20 s:fin", 0, OUTCOME_FAILED },
		{ "c:CH c:CKE c:CCS c:e22 c:e23 c:fin", 1, OUTCOME_COMPLETED },
		{ "c:CH c:fin", 1, OUTCOME_INCOMPLETE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.flow.dir[rows[i].missing] = (struct direction){ 0 };
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.hs[0]->outcome, rows[i].outcome);
		assert_int_equal(t.hs[0]->side[SIDE_CLIENT].address.port, 50000);
		for (size_t k = 0; k < t.hs[0]->n_events; k++)
			assert_false(t.hs[0]->events[k].unexpected);
		tls_talk_close(&t);
	}
}

/* Without a hello an alert in the clear proves a failure only where all was captured. */
static void test_session__a_failure_without_a_hello_needs_a_whole_capture(void **state)
{
	static const struct {
		const char *script;
		bool syn;
		enum outcome outcome;
	} rows[] = {
		{ "c:fin s:alert50", true, OUTCOME_FAILED },
		{ "s:alert50 s:fin", true, OUTCOME_FAILED },
		{ "s:alert50 s:fin", false, OUTCOME_INCOMPLETE },
		{ "s:SKE s:SHD c:alert51 c:fin", false, OUTCOME_INCOMPLETE },
		{ "s:SH s:SKE s:SHD c:alert51 c:fin", false, OUTCOME_FAILED },
		{ "c:CH s:alert40 s:fin", false, OUTCOME_FAILED },
		{ "s:HRR c:alert47 c:fin", false, OUTCOME_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.flow.dir[0].syn = t.flow.dir[1].syn = rows[i].syn;
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		if (t.n != 1 || t.hs[0]->outcome != rows[i].outcome)
			fail_msg("row %zu, %s: outcome %d", i, rows[i].script,
				t.n != 0 ? (int)t.hs[0]->outcome : -1);
		tls_talk_close(&t);
	}
}

/* A hello after the end of a handshake begins another; which alerts are such an end? */
static void test_session__a_hello_after_a_closing_alert_is_a_new_handshake(void **state)
{
	static const struct {
		const char *script;
		size_t handshakes;
	} rows[] = {
		{ "c:CH s:SH s:alert40 c:CH", 2 },
		{ "c:CH s:SH s:warn0 c:CH", 2 },
		{ "c:CH s:SH s:warn112 c:CH", 1 },
		{ "c:CH s:SH s:warn90 c:CH", 1 },
		{ "c:CH13 s:SH13 s:warn10 c:CH13", 2 },
		{ "c:CH13 s:SH13 s:warn90 c:CH13", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		if (t.n != rows[i].handshakes)
			fail_msg("row %zu, %s: %zu handshakes", i, rows[i].script, t.n);
		tls_talk_close(&t);
	}
}

/* A record in the clear that cannot be what it says: an alert, a ChangeCipherSpec, or no record at all. */
static void test_session__what_is_no_record_is_malformed(void **state)
{
	static const struct {
		uint8_t bytes[16];
		size_t n;
		enum event_kind kind;
		const char *field;
	} rows[] = {
		{ { 21, 3, 3, 0, 1, 2 }, 6, EVENT_BROKEN, "Alert" },
		{ { 21, 3, 3, 0, 3, 2, 40, 0 }, 8, EVENT_BROKEN, "Alert" },
		{ { 21, 3, 3, 0, 2, 7, 40 }, 7, EVENT_ALERT, "AlertLevel" },
		{ { 20, 3, 3, 0, 2, 1, 1 }, 7, EVENT_BROKEN, "ChangeCipherSpec" },
		{ { 20, 3, 3, 0, 1, 2 }, 6, EVENT_CHANGE_CIPHER_SPEC, "ChangeCipherSpec" },
		{ { 0x63, 3, 3, 0, 4, 2, 0, 0, 0 }, 9, EVENT_PLAIN, "the record's header" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct event *ev;
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, "c:CH s:SH");
		talk_send(&t, 1, rows[i].bytes, rows[i].n);
		talk_say(&t, "s:fin c:fin");
		talk_end(&t, FLOW_CLOSED);
		ev = &t.hs[0]->events[2];
		assert_int_equal(ev->kind, rows[i].kind);
		assert_int_equal(ev->from, SIDE_SERVER);
		assert_int_not_equal(ev->wrong.code, PARSE_OK);
		assert_string_equal(ev->wrong.field, rows[i].field);
		tls_talk_close(&t);
	}
}

/* Under keys of TLS 1.2 an alert is longer; and of a capture with a hole nothing is sure. */
static void test_session__other_lengths_are_those_of_the_keys(void **state)
{
	static const char *const scripts[] = { FULL "s:e21 c:fin", FLIGHT "s:gap51 s:e21 c:fin" };

	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, scripts[i]);
		talk_end(&t, FLOW_CLOSED);
		for (size_t k = 0; k < t.hs[0]->n_events; k++)
			assert_int_not_equal(t.hs[0]->events[k].kind, EVENT_BROKEN);
		tls_talk_close(&t);
	}
}

/* Whoever answers the closing with an alert under its keys has not ended it. */
static void test_session__who_closed_first_has_ended_it(void **state)
{
	static const struct row rows[] = {
		{ FLIGHT "s:fin c:CKE c:CCS c:e22 c:e21 c:fin", OUTCOME_FAILED, ENDING_FIN,
			SIDE_SERVER },
		{ FLIGHT "c:CKE c:CCS c:e22 s:CCS s:fin c:e21 c:fin", OUTCOME_FAILED, ENDING_FIN,
			SIDE_SERVER },
		{ FLIGHT "c:CKE c:CCS c:e22 c:e21 s:fin c:fin", OUTCOME_FAILED,
			ENDING_PROTECTED_ALERT, SIDE_CLIENT },
		/* TLS 1.3: it never said that it had accepted the client's Finished */
		{ FLIGHT13 "s:fin c:f13 c:a13 c:fin", OUTCOME_COMPLETED, ENDING_FIN, SIDE_SERVER },
		{ FLIGHT13 "c:f13 s:rst", OUTCOME_COMPLETED, ENDING_RST, SIDE_SERVER },
		{ FLIGHT13 "c:f13 c:d13 s:d13 s:fin c:fin", OUTCOME_COMPLETED, ENDING_SETTLED,
			SIDE_SERVER },
	};

	(void)state;
	ASSERT_ROWS(rows, FLOW_CLOSED);
}

/* A log tells of a closing after the alert that answered it, but not after what was still read from that side. */
static void test_session__in_a_log_who_is_heard_after_the_alert_had_not_closed(void **state)
{
	static const struct {
		const char *script;
		enum ending ending;
		enum side by;
	} rows[] = {
		{ "c:CH s:SH s:CERT s:SKE s:SHD c:alert80 s:fin", ENDING_FIN, SIDE_SERVER },
		{ "c:CH s:SH s:CERT c:alert80 s:SKE s:SHD s:fin", ENDING_ALERT, SIDE_CLIENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		t.flow.logged = true;
		talk_say(&t, rows[i].script);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
		assert_int_equal(t.hs[0]->ending, rows[i].ending);
		assert_int_equal(t.hs[0]->ended_by, rows[i].by);
		tls_talk_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session__outcome_up_to_tls12),
		cmocka_unit_test(test_session__outcome_of_a_resumption),
		cmocka_unit_test(test_session__outcome_of_tls13),
		cmocka_unit_test(test_session__alert_that_answers_a_closing_is_not_the_ending),
		cmocka_unit_test(test_session__silence_is_of_the_side_that_owes),
		cmocka_unit_test(test_session__end_of_the_capture_is_no_failure),
		cmocka_unit_test(test_session__waits_count_to_the_millisecond),
		cmocka_unit_test(test_session__a_hello_sent_again_was_not_answered),
		cmocka_unit_test(test_session__settled_connection_wants_no_more),
		cmocka_unit_test(test_session__data_after_a_failure_is_not_read_for_ever),
		cmocka_unit_test(test_session__closings_stand_in_the_ladder_by_packet),
		cmocka_unit_test(test_session__refused_and_unanswered_connections_are_given_out),
		cmocka_unit_test(test_session__connection_without_a_word_is_not_a_handshake),
		cmocka_unit_test(test_session__one_side_alone_gives_what_it_has),
		cmocka_unit_test(test_session__a_failure_without_a_hello_needs_a_whole_capture),
		cmocka_unit_test(test_session__a_hello_after_a_closing_alert_is_a_new_handshake),
		cmocka_unit_test(test_session__what_is_no_record_is_malformed),
		cmocka_unit_test(test_session__other_lengths_are_those_of_the_keys),
		cmocka_unit_test(test_session__who_closed_first_has_ended_it),
		cmocka_unit_test(
			test_session__in_a_log_who_is_heard_after_the_alert_had_not_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
