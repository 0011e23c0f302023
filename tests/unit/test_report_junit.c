/* src/report/junit and tally: what stands in the report, and that it stays small. */
#include "report/handshakes/tally.h"
#include "session/handshake.h"
#include "support/lone_desk.h"

#include <string.h>

/* Last: cmocka has a macro of the name fail. */
#include "support/unit.h"

static const struct report_options as_junit = { .form = REPORT_JUNIT };

static void expect(const char *report, const char *part)
{
	if (strstr(report, part) == NULL)
		fail_msg("the report lacks %s\n%s", part, report);
}

static void expect_not(const char *report, const char *part)
{
	if (strstr(report, part) != NULL)
		fail_msg("the report must not hold %s\n%s", part, report);
}

/* The report on the sample; frees the one before it, and itself with NULL. */
static char *report_on(const struct sample *s, const struct report_options *o)
{
	static char *text;

	free(text);
	text = s != NULL ? sample_report(s, o) : NULL;
	return text;
}

static int forget(void **state)
{
	(void)state;
	(void)report_on(NULL, NULL);
	return 0;
}

static void test_junit__a_failed_server_shows_its_cause(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	text = report_on(&s, &as_junit);
	expect(text, "name=\"ec-arithmetic-broken\" time=\"0.000000\">\n      <failure "
		     "message=\"The server computes elliptic curves wrongly\" "
		     "type=\"device-crypto\">");
	expect(text, "packet 8: the ECDHE public key is not a point on secp384r1\n");
	expect(text, "2. capture five more\n");
}

static void test_junit__a_check_is_one_case_over_all_handshakes(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	text = report_on(&s, &as_junit);
	expect(text, "name=\"ske-point-on-curve\" time=\"0.000000\">\n      <failure "
		     "message=\"the point is not on secp384r1\" type=\"check\">"
		     "packet 8 of handshake 1; fails in 2 of 2 handshakes\n");
	assert_null(strstr(
		strstr(text, "name=\"ske-point-on-curve\"") + 1, "name=\"ske-point-on-curve\""));
}

static void test_junit__handshakes_that_failed_fail_and_take_their_time(void **state)
{
	struct sample s;
	char *text, suite[200], all[200];

	(void)state;
	/* a case for each check, and for the handshakes and the server as a whole; the input has two */
	(void)snprintf(suite, sizeof suite,
		"<testsuite name=\"192.0.2.254:4433\" tests=\"%d\" failures=\"3\" "
		"errors=\"0\" skipped=\"%d\" time=\"2.610000\" "
		"timestamp=\"2020-05-18T09:31:07\">",
		N_CHECKS + 2, N_CHECKS - 1);
	(void)snprintf(all, sizeof all,
		"<testsuites name=\"tlsdiag\" tests=\"%d\" failures=\"3\" errors=\"0\" "
		"skipped=\"%d\" time=\"2.610000\">",
		N_CHECKS + 4, N_CHECKS - 1);
	sample_fill(&s);
	text = report_on(&s, &as_junit);
	expect(text, suite);
	expect(text, "name=\"handshakes-completed\" time=\"2.610000\">\n      <failure "
		     "message=\"2 of 2 failed, the first is handshake 1\"");
	expect(text, all);
}

struct answer_row {
	enum status one, other;
	const char *expected;
};

#define CASE_OF(rest) "name=\"chain-complete\" time=\"0.000000\"" rest

static void test_junit__the_worst_answer_stands_for_all_and_unknown_for_none(void **state)
{
	static const struct answer_row rows[] = {
		{ PASS, FAIL, CASE_OF(">\n      <failure message=\"why\"") },
		{ FAIL, WARN, CASE_OF(">\n      <failure message=\"why\"") },
		{ PASS, WARN, CASE_OF(">\n      <system-out>warning: why\nhandshake ") },
		{ PASS, UNKNOWN, CASE_OF("/>") },
		{ NOT_APPLICABLE, PASS, CASE_OF("/>") },
		{ UNKNOWN, NOT_APPLICABLE, CASE_OF(">\n      <skipped message=\"why\"/>") },
		{ NOT_APPLICABLE, NOT_APPLICABLE, CASE_OF(">\n      <skipped message=\"why\"/>") },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		const struct answer_row *row = &rows[i / 2];
		struct sample s;
		struct answer *one, *other;

		sample_fill(&s);
		one = &s.examined[i % 2].answers[CHECK_chain_complete];
		other = &s.examined[1 - i % 2].answers[CHECK_chain_complete];
		one->status = row->one;
		other->status = row->other;
		one->message = other->message = "why";
		expect(report_on(&s, &as_junit), row->expected);
	}
}

static void test_junit__without_a_message_a_case_still_says_why(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	for (size_t i = 0; i < 2; i++) {
		s.examined[i].answers[CHECK_ske_point_on_curve].message = NULL;
		s.examined[i].answers[CHECK_chain_dates].status = UNKNOWN;
	}
	text = report_on(&s, &as_junit);
	expect(text, "<failure message=\"Is the server's ECDHE public key a point on its curve?\"");
	expect(text, "<skipped message=\"it cannot be told\"/>");
	expect(text, "<skipped message=\"it does not apply\"/>");
}

static void test_junit__a_warning_is_a_failure_only_when_asked_for(void **state)
{
	struct report_options strict = as_junit;
	struct sample s;

	(void)state;
	sample_fill(&s);
	s.finding.severity = SEVERITY_WARNING;
	strict.warnings_fail = true;
	expect_not(report_on(&s, &as_junit), "ec-arithmetic-broken");
	expect(report_on(&s, &strict), "name=\"ec-arithmetic-broken\"");
	s.finding.severity = SEVERITY_NOTE;
	expect_not(report_on(&s, &strict), "ec-arithmetic-broken");
}

static void test_junit__an_input_that_breaks_off_is_an_error(void **state)
{
	static const struct input_problem problem = { 17, "packet 17: cut off" };
	struct sample s;

	(void)state;
	sample_fill(&s);
	s.input.problems = &problem;
	s.input.n_problems = 1;
	expect(report_on(&s, &as_junit),
		"name=\"read-to-the-end\" time=\"0.000000\">\n      <system-out>packet 17: cut "
		"off\n</system-out>");
	s.input.n_unread = 1;
	expect(report_on(&s, &as_junit),
		"<error message=\"packet 17: cut off\">packet 17: cut off\n</error>");
}

static void test_junit__a_target_that_is_not_reached_is_an_error(void **state)
{
	struct sample s;

	(void)state;
	sample_fill(&s);
	s.input.n_unread = 1;
	expect(report_on(&s, &as_junit), "<error message=\"it could not be read\"/>");
	s.input.kind = "probe";
	expect(report_on(&s, &as_junit), "<error message=\"no handshake was had with a target\"/>");
}

static void test_junit__nothing_to_judge_is_no_success(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.summary = (struct desk_summary){ .incomplete = 2, .handshakes = 2 };
	s.hs[0].outcome = s.hs[1].outcome = OUTCOME_INCOMPLETE;
	text = report_on(&s, &as_junit);
	expect(text, "<skipped message=\"there was nothing to judge\">");
	expect(text,
		"<skipped message=\"the input has no handshake from its beginning to its end\"/>");
}

static void test_junit__what_a_peer_sent_cannot_break_out(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.finding.summary = "\"/><testcase name='forged\xff\xef\xbf\xbf\n";
	s.examined[0].answers[CHECK_ske_point_on_curve].message = "]]></failure>\033[2J\n<x>";
	text = report_on(&s, &as_junit);
	expect(text, "message=\"&quot;/&gt;&lt;testcase name='forged\\xff\\xef\\xbf\\xbf\\x0a\"");
	expect(text, "message=\"]]&gt;&lt;/failure&gt;\\x1b[2J\\x0a&lt;x&gt;\"");
	expect_not(text, "<x>");
}

/* ---- many ---- */

struct many {
	struct sample *s;
	struct report *report;
	char *text;
	size_t size;
	FILE *out;
};

static void begin_many(struct many *m, struct sample *s)
{
	struct err e;

	sample_fill(s);
	*m = (struct many){ .s = s };
	m->out = open_memstream(&m->text, &m->size);
	m->report = report_open(m->out, &as_junit, &e);
	assert_non_null(m->report);
	report_begin(m->report, &s->input);
}

static void end_many(struct many *m, const struct desk *d)
{
	struct err e;

	assert_true(report_end(m->report, &m->s->input, d, &e));
	report_close(m->report);
	(void)fclose(m->out);
}

static void test_junit__a_hundred_thousand_handshakes_give_a_small_file(void **state)
{
	struct sample s;
	struct many m;
	struct desk d;

	(void)state;
	begin_many(&m, &s);
	for (uint64_t id = 1; id <= 100000; id++) {
		s.hs[id % 2].id = id;
		report_handshake(m.report, &s.examined[id % 2]);
	}
	d = lone_desk(&s);
	end_many(&m, &d);
	assert_true(m.size < 16384);
	expect(m.text, "100000 of 100000 failed, the first is handshake 1");
	expect(m.text, "fails in 100000 of 100000 handshakes");
	expect(m.text, "time=\"130500.000000\"");
	free(m.text);
}

static void test_junit__servers_beyond_the_limit_share_a_suite_and_lose_nothing(void **state)
{
	struct sample s, last;
	struct many m;
	struct desk d;

	(void)state;
	begin_many(&m, &s);
	for (unsigned i = 0; i < TALLY_SERVERS_MAX + 500; i++) {
		s.hs[0].side[SIDE_SERVER].address.port = (uint16_t)(1 + i);
		s.hs[0].id = 1 + i;
		s.examined[0].server = 1 + i;
		report_handshake(m.report, &s.examined[0]);
	}
	s.file.server.port = 1;
	sample_fill(&last);
	last.file.server.port = TALLY_SERVERS_MAX + 500;
	last.file.number = TALLY_SERVERS_MAX + 500;
	d = lone_desk(&s);
	d.results[d.n_results++] = &last.result;
	end_many(&m, &d);
	expect(m.text, "<testsuite name=\"192.0.2.254:1\" ");
	expect(m.text, "<testsuite name=\"other servers\" ");
	expect(m.text, "500 of 500 failed, the first is handshake 1025");
	expect(m.text, "classname=\"other servers\" name=\"ec-arithmetic-broken of "
		       "192.0.2.254:1524\"");
	free(m.text);
}

static void test_tally__messages_end_with_their_room_and_counts_do_not(void **state)
{
	enum { LONG = 500 };
	char message[LONG + 1];
	struct sample s;
	struct tally *t = tally_open();

	(void)state;
	assert_non_null(t);
	sample_fill(&s);
	memset(message, 'm', LONG);
	message[LONG] = '\0';
	for (size_t i = 0; i < N_CHECKS; i++)
		s.examined[0].answers[i] = (struct answer){ .status = FAIL, .message = message };
	for (unsigned i = 0; i < TALLY_SERVERS_MAX; i++) {
		s.examined[0].server = s.file.number = 1 + i;
		assert_true(tally_add(t, &s.examined[0]));
	}
	assert_null(tally_of(t, &s.file)->checks[0].message);
	assert_int_equal(tally_of(t, &s.file)->checks[0].n[FAIL], 1);
	assert_null(tally_rest(t));
	tally_close(t);
	tally_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_junit__a_failed_server_shows_its_cause),
		cmocka_unit_test(test_junit__a_check_is_one_case_over_all_handshakes),
		cmocka_unit_test(test_junit__handshakes_that_failed_fail_and_take_their_time),
		cmocka_unit_test(test_junit__the_worst_answer_stands_for_all_and_unknown_for_none),
		cmocka_unit_test(test_junit__without_a_message_a_case_still_says_why),
		cmocka_unit_test(test_junit__a_warning_is_a_failure_only_when_asked_for),
		cmocka_unit_test(test_junit__an_input_that_breaks_off_is_an_error),
		cmocka_unit_test(test_junit__a_target_that_is_not_reached_is_an_error),
		cmocka_unit_test(test_junit__nothing_to_judge_is_no_success),
		cmocka_unit_test(test_junit__what_a_peer_sent_cannot_break_out),
		cmocka_unit_test(test_junit__a_hundred_thousand_handshakes_give_a_small_file),
		cmocka_unit_test(
			test_junit__servers_beyond_the_limit_share_a_suite_and_lose_nothing),
		cmocka_unit_test(test_tally__messages_end_with_their_room_and_counts_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
