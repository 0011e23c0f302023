/* include/tlsdiag/tlsdiag.h as another program uses it. Run at the top of the sources. */
#include "tlsdiag/tlsdiag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#include "base/memory.h"

#define FORUM    "fixtures/forum/forum.pcap"
#define FORUM_CA "fixtures/forum/ca.pem"
#define NO_TLS   "fixtures/capture/ethernet.pcap"
#define CUT_OFF  "fixtures/capture/cut-off.pcap"

static struct tlsdiag *open_run(const struct tlsdiag_options *o)
{
	struct tlsdiag_error e = { 0 };
	struct tlsdiag *run = tlsdiag_open(o, &e);

	if (run == NULL)
		fail_msg("cannot open: %s", e.message);
	return run;
}

static void test_door__findings_can_be_walked(void **state)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;
	struct tlsdiag_finding f;

	(void)state;
	tlsdiag_options_init(&o);
	o.ca = FORUM_CA;
	run = open_run(&o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_true(tlsdiag_n_findings(run) >= 1);
	f = tlsdiag_finding_at(run, 0);
	assert_string_equal(f.id, "ec-arithmetic-broken");
	assert_string_equal(f.severity, "error");
	assert_string_equal(f.origin, "device-crypto");
	assert_int_equal(f.n_handshakes, 2);
	assert_true(f.n_proof >= 1);
	assert_true(f.n_next_steps >= 1);
	assert_int_equal(tlsdiag_summarize(run).failed, 2);
	tlsdiag_close(run);
}

static void lose_memory(void *ctx, const struct tlsdiag_handshake *hs)
{
	(void)ctx;
	if (hs->id == 1)
		memory_note_failure();
	else
		for (size_t i = 0; i < hs->n_checks; i++)
			assert_true(strcmp(hs->checks[i].status, "unknown") == 0 ||
				    strcmp(hs->checks[i].status, "n/a") == 0);
}

/* A failure of ours is no fact about a peer: after it nothing is answered, and nothing concluded. */
static void test_door__where_memory_ran_out_nothing_is_concluded(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;

	(void)state;
	tlsdiag_options_init(&o);
	o.deep_seconds = 0;
	o.on_handshake = lose_memory;
	o.report = TLSDIAG_JSON;
	o.out = open_memstream(&text, &size);
	run = open_run(&o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_int_equal(tlsdiag_n_findings(run), 0);
	assert_int_equal(tlsdiag_summarize(run).errors, 0);
	tlsdiag_close(run);
	(void)fclose(o.out);
	assert_non_null(strstr(text, "this machine ran out of memory"));
	assert_non_null(strstr(text, "\"diagnoses\":[]"));
	free(text);

	o.on_handshake = NULL; /* the next run begins with a clean sheet */
	o.report = TLSDIAG_NO_REPORT;
	run = open_run(&o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_true(tlsdiag_n_findings(run) >= 1);
	tlsdiag_close(run);
}

struct seen {
	size_t handshakes, failed_checks;
	uint64_t last_id;
};

static void see(void *ctx, const struct tlsdiag_handshake *hs)
{
	struct seen *seen = ctx;

	seen->handshakes++;
	assert_true(hs->id > seen->last_id);
	seen->last_id = hs->id;
	assert_string_equal(hs->outcome, "failed");
	assert_string_equal(hs->version, "TLS1.2");
	for (size_t i = 0; i < hs->n_checks; i++)
		if (strcmp(hs->checks[i].status, "fail") == 0) {
			assert_non_null(hs->checks[i].message);
			seen->failed_checks++;
		}
}

static void test_door__handshakes_are_shown_as_they_settle(void **state)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct seen seen = { 0 };
	struct tlsdiag *run;

	(void)state;
	tlsdiag_options_init(&o);
	o.deep_seconds = 0;
	o.on_handshake = see;
	o.ctx = &seen;
	run = open_run(&o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_int_equal(seen.handshakes, 2);
	assert_true(seen.failed_checks >= 2);
	tlsdiag_close(run);
}

static void test_door__a_filter_leaves_the_others_out(void **state)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;

	(void)state;
	tlsdiag_options_init(&o);
	o.server = ":1";
	run = open_run(&o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_int_equal(tlsdiag_summarize(run).handshakes, 0);
	tlsdiag_close(run);
}

static void test_door__what_came_before_a_break_counts(void **state)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;

	(void)state;
	tlsdiag_options_init(&o);
	run = open_run(&o);
	assert_false(tlsdiag_read_capture(run, CUT_OFF, &e));
	assert_int_equal(e.kind, TLSDIAG_BAD_INPUT);
	assert_non_null(strstr(e.message, "packet 10"));
	assert_false(tlsdiag_read_capture(run, "no-such-file.pcap", &e));
	assert_non_null(strstr(e.message, "no-such-file.pcap"));
	assert_true(tlsdiag_read_capture(run, NO_TLS, &e));
	assert_true(tlsdiag_finish(run, &e));
	assert_true(tlsdiag_summarize(run).packets > 9);
	tlsdiag_close(run);
}

struct refusal {
	struct tlsdiag_options o;
	enum tlsdiag_error_kind kind;
	const char *says;
};

static void test_door__options_that_cannot_be_are_told(void **state)
{
	const struct refusal rows[] = {
		{ { .ca = "no-such-ca.pem" }, TLSDIAG_BAD_INPUT, "no-such-ca.pem" },
		{ { .cert = "no-such-cert.pem" }, TLSDIAG_BAD_INPUT, "no-such-cert.pem" },
		{ { .key = "no-such-key.pem" }, TLSDIAG_BAD_INPUT, "no-such-key.pem" },
		{ { .server = "nobody" }, TLSDIAG_BAD_OPTION, "--server" },
		{ { .client = "192.0.2.1:0" }, TLSDIAG_BAD_OPTION, "--client" },
		{ { .filter = "tcp prt 1" }, TLSDIAG_BAD_OPTION, "tcp prt 1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tlsdiag_error e = { 0 };

		assert_null(tlsdiag_open(&rows[i].o, &e));
		assert_int_equal(e.kind, rows[i].kind);
		assert_non_null(strstr(e.message, rows[i].says));
	}
}

/* What a run over the forum's capture writes, when it is asked for these forms at once. */
static void write_all(
	struct tlsdiag_options *o, struct tlsdiag_output *also, size_t n, char **texts)
{
	size_t sizes[TLSDIAG_OUTPUTS_MAX];
	struct tlsdiag_error e;
	struct tlsdiag *run;

	for (size_t i = 0; i < n; i++)
		also[i].out = open_memstream(&texts[i], &sizes[i]);
	o->ca = FORUM_CA;
	o->deep_seconds = 0;
	o->also = also;
	o->n_also = n;
	run = open_run(o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_true(tlsdiag_finish(run, &e));
	tlsdiag_close(run);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(fclose(also[i].out), 0);
}

static void test_door__several_reports_come_of_one_run(void **state)
{
	struct tlsdiag_output also[] = { { .form = TLSDIAG_JUNIT }, { .form = TLSDIAG_SARIF },
		{ .form = TLSDIAG_TEXT } };
	char *texts[3];
	struct tlsdiag_options o;

	(void)state;
	tlsdiag_options_init(&o);
	write_all(&o, also, 3, texts);
	assert_non_null(strstr(texts[0], "<testsuite name=\"192.0.2.254:4433 (localhost)\""));
	assert_non_null(strstr(texts[0], "is not a point on secp384r1"));
	assert_non_null(strstr(texts[1], "\"ruleId\":\"ec-arithmetic-broken\""));
	assert_non_null(strstr(texts[2], "FAIL  The server computes elliptic curves wrongly"));
	for (size_t i = 0; i < 3; i++)
		free(texts[i]);
}

static void test_door__a_report_is_the_same_beside_others(void **state)
{
	struct tlsdiag_output one[] = { { .form = TLSDIAG_JUNIT } };
	struct tlsdiag_output two[] = { { .form = TLSDIAG_SARIF }, { .form = TLSDIAG_JUNIT } };
	char *alone, *beside[2];
	struct tlsdiag_options o;

	(void)state;
	tlsdiag_options_init(&o);
	write_all(&o, one, 1, &alone);
	write_all(&o, two, 2, beside);
	assert_string_equal(alone, beside[1]);
	free(alone);
	free(beside[0]);
	free(beside[1]);
}

static void test_door__one_report_that_cannot_be_written_is_told(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct tlsdiag_output also = { TLSDIAG_SARIF, full };
	struct tlsdiag_options o;
	struct tlsdiag_error e = { 0 };
	struct tlsdiag *run;

	(void)state;
	assert_non_null(full);
	tlsdiag_options_init(&o);
	o.deep_seconds = 0;
	o.also = &also;
	o.n_also = 1;
	run = open_run(&o);
	assert_true(tlsdiag_read_capture(run, FORUM, &e));
	assert_false(tlsdiag_finish(run, &e));
	assert_int_equal(e.kind, TLSDIAG_BAD_OUTPUT);
	assert_int_equal(e.system_error, ENOSPC);
	tlsdiag_close(run);
	(void)fclose(full);
}

static void test_door__more_reports_than_there_can_be_are_refused(void **state)
{
	const struct tlsdiag_output also[TLSDIAG_OUTPUTS_MAX + 1] = { { .form = TLSDIAG_TEXT } };
	struct tlsdiag_options o;
	struct tlsdiag_error e = { 0 };

	(void)state;
	tlsdiag_options_init(&o);
	o.also = also;
	o.n_also = TLSDIAG_OUTPUTS_MAX + 1;
	assert_null(tlsdiag_open(&o, &e));
	assert_int_equal(e.kind, TLSDIAG_BAD_OPTION);
}

/* Who names a key that there is not is told those that there are. */
static void test_door__the_keys_of_expectations_are_those_that_are_taken(void **state)
{
	static const char *const made_up[] = { "no-such-key=1" };
	const char *key, *meaning;
	struct tlsdiag_options o;
	struct tlsdiag_error e = { 0 };
	size_t n = 0;

	(void)state;
	tlsdiag_options_init(&o);
	o.expect = made_up;
	o.n_expect = 1;
	assert_null(tlsdiag_open(&o, &e));
	assert_int_equal(e.kind, TLSDIAG_BAD_OPTION);
	for (; (key = tlsdiag_expect_key(n, &meaning)) != NULL; n++) {
		assert_non_null(strstr(e.message, key));
		assert_true(strlen(meaning) > 0);
	}
	assert_true(n > 10);
}

static void test_door__a_run_without_input_is_empty(void **state)
{
	struct tlsdiag_options o;
	struct tlsdiag_error e;
	struct tlsdiag *run;

	(void)state;
	tlsdiag_options_init(&o);
	run = open_run(&o);
	assert_true(tlsdiag_finish(run, &e));
	assert_int_equal(tlsdiag_summarize(run).handshakes, 0);
	assert_int_equal(tlsdiag_n_findings(run), 0);
	tlsdiag_close(run);
	tlsdiag_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_door__findings_can_be_walked),
		cmocka_unit_test(test_door__where_memory_ran_out_nothing_is_concluded),
		cmocka_unit_test(test_door__handshakes_are_shown_as_they_settle),
		cmocka_unit_test(test_door__a_filter_leaves_the_others_out),
		cmocka_unit_test(test_door__what_came_before_a_break_counts),
		cmocka_unit_test(test_door__options_that_cannot_be_are_told),
		cmocka_unit_test(test_door__several_reports_come_of_one_run),
		cmocka_unit_test(test_door__a_report_is_the_same_beside_others),
		cmocka_unit_test(test_door__one_report_that_cannot_be_written_is_told),
		cmocka_unit_test(test_door__more_reports_than_there_can_be_are_refused),
		cmocka_unit_test(test_door__the_keys_of_expectations_are_those_that_are_taken),
		cmocka_unit_test(test_door__a_run_without_input_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
