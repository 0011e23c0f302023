/* src/report/text: what the report for people says, in which order, and what it leaves out. */
#include "session/handshake.h"
#include "support/lone_desk.h"

#include <string.h>

/* Last: cmocka has a macro of the name fail. */
#include "support/unit.h"

static const struct report_options plain = { .width = 80 };

static void assert_says(const char *report, const char *what)
{
	if (strstr(report, what) == NULL)
		fail_msg("the report lacks: %s\n%s", what, report);
}

static void assert_silent(const char *report, const char *what)
{
	if (strstr(report, what) != NULL)
		fail_msg("the report must not say: %s\n%s", what, report);
}

static void assert_in_order(const char *report, const char *first, const char *second)
{
	const char *a = strstr(report, first), *b = strstr(report, second);

	if (a == NULL || b == NULL || a > b)
		fail_msg("not in this order: %s, %s\n%s", first, second, report);
}

static void test_text__the_verdict_comes_first(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	text = sample_report(&s, &plain);
	assert_in_order(text,
		"forum.pcap: 192.0.2.254:4433 (forum.example), 2 handshakes, both failed",
		"FAIL  The server computes elliptic curves wrongly\n");
	assert_in_order(text, "FAIL", "ec-arithmetic-broken, certain, fault of the device's");
	assert_in_order(text, "certain", "proof   #8  the ECDHE public key");
	assert_in_order(text, "proof", "not     wrong-private-key: 71 bytes");
	assert_in_order(text, "not  ", "alerts  OpenSSL tests the point first");
	assert_in_order(text, "alerts", "next    1. run mbedtls_ecp_self_test");
	assert_in_order(text, "next", "ClientHello");
	free(text);
}

static void test_text__no_line_is_wider_than_eighty_columns(void **state)
{
	struct sample s;
	char *text, *rest, *line;

	(void)state;
	sample_fill(&s);
	text = rest = sample_report(&s, &plain);
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (strlen(line) > 80)
			fail_msg("%zu columns: %s", strlen(line), line);
		if (*line != '\0' && line[strlen(line) - 1] == ' ')
			fail_msg("ends in a blank: '%s'", line);
	}
	free(text);
}

static void test_text__answers_of_stacks_stand_in_columns(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	text = sample_report(&s, &plain);
	assert_says(text, "alerts  OpenSSL tests the point first      47 illegal_parameter  #9\n"
			  "        mbedTLS tests the signature first  51 decrypt_error      #21\n");
	free(text);
}

static void test_ladder__shows_packets_times_facts_and_the_mark(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	text = sample_report(&s, &plain);
	assert_says(text,
		"192.0.2.10:51432, looks like OpenSSL 3; handshake 1, 2020-05-18 09:31:07 UTC\n"
		"  #4  0.000  --> ClientHello          TLS 1.2, 3 suites, SNI forum.example\n");
	assert_says(text, "  #8  1.304  <-- ServerKeyExchange x  secp384r1, SHA-512 with ECDSA,\n");
	assert_says(text, "  #9  1.305  --> Alert                fatal 47 illegal_parameter\n");
	assert_silent(text, "ServerHello        x");
	free(text);
}

static void test_ladder__hostile_names_are_escaped(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[0].client_hello.ext.server_name = bytes_of("a\033[2J\nFAIL\xff", 11);
	s.hs[1].client_hello.ext.server_name = s.hs[0].client_hello.ext.server_name;
	text = sample_report(&s, &plain);
	assert_says(text, "SNI a\\x1b[2J\\x0aFAIL\\xff");
	assert_null(strchr(text, '\033'));
	free(text);
}

static void test_ladder__a_name_of_any_length_stays_short(void **state)
{
	static char name[4096];
	struct sample s;
	char *text;

	(void)state;
	memset(name, 'a', sizeof name);
	sample_fill(&s);
	s.hs[0].client_hello.ext.server_name = bytes_of(name, sizeof name);
	text = sample_report(&s, &plain);
	assert_true(strlen(text) < 4096);
	assert_says(text, "aaaa...");
	free(text);
}

static void test_ladder__a_wide_fact_begins_further_left(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[0].server_hello.suite = 0xcca9;
	s.events[0][1].packet = 123456;
	text = sample_report(&s, &plain);
	assert_says(text, "  #123456  0.018  <-- ServerHello          TLS 1.2,\n"
			  "                                       "
			  "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256\n");
	free(text);
}

static void test_ladder__those_alike_are_folded(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.events[1][4].alert = s.events[0][4].alert;
	text = sample_report(&s, &plain);
	assert_says(text, "  and 1 more like it\n");
	assert_silent(text, "handshake 2");
	free(text);
}

static void test_ladder__protected_records_gaps_and_ends_have_words(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.events[0][4].kind = EVENT_PROTECTED;
	s.events[0][4].content_type = 23;
	s.events[0][4].n_records = 4;
	s.events[0][4].length = 2345;
	s.events[0][5] = (struct event){ .kind = EVENT_GAP,
		.from = SIDE_SERVER,
		.packet = 12,
		.time = s.hs[0].end,
		.length = 1460 };
	s.events[0][6] = (struct event){ .kind = EVENT_RST, .packet = 13, .time = s.hs[0].end };
	s.hs[0].n_events = 7;
	s.hs[0].ending = ENDING_SILENCE;
	text = sample_report(&s, &plain);
	assert_says(text, "protected            4 encrypted records, 2,345 bytes\n");
	assert_says(text, "(missing)            1,460 bytes not in the capture\n");
	assert_says(text, "RST                  the client resets the connection\n");
	assert_says(text, "... nothing more is said\n");
	free(text);
}

/* 10,000 healthy handshakes with other servers must not push the one that matters off the screen. */
static void test_text__healthy_servers_share_one_line(void **state)
{
	struct sample s, healthy[2];
	struct desk d;
	char *text;

	(void)state;
	sample_fill(&s);
	d = lone_desk(&s);
	for (size_t i = 0; i < 2; i++) {
		sample_fill(&healthy[i]);
		healthy[i].file.n_failed = healthy[i].result.n_findings = 0;
		healthy[i].file.n_completed = 5000;
		d.results[d.n_results++] = &healthy[i].result;
	}
	d.summary.handshakes = 10002;
	d.summary.completed = 10000;
	text = whole_report(&s, &d, &plain);
	assert_says(text, "forum.pcap: 3 servers, 10,002 handshakes: 10,000 completed, 2 failed\n");
	assert_says(text, "OK    2 servers, 10,000 handshakes, all completed\n");
	assert_in_order(text, "FAIL", "OK  ");
	free(text);
}

/* A busy capture has the ends of many connections that are nobody's concern. */
static void test_text__servers_that_are_only_unfinished_share_a_line(void **state)
{
	struct sample s, cut[4];
	struct desk d;
	char *text;

	(void)state;
	sample_fill(&s);
	d = lone_desk(&s);
	for (size_t i = 0; i < 4; i++) {
		sample_fill(&cut[i]);
		cut[i].file.n_failed = cut[i].result.n_findings = 0;
		cut[i].file.n_incomplete = 2;
		cut[i].hs[0].outcome = cut[i].hs[1].outcome = OUTCOME_INCOMPLETE;
		d.results[d.n_results++] = &cut[i].result;
	}
	d.summary.handshakes = 10;
	text = whole_report(&s, &d, &plain);
	assert_says(text,
		"NOTE  4 servers, 8 handshakes: the capture does not hold all of them from\n"
		"      beginning to end (--only all lists them)\n");
	assert_in_order(text, "FAIL", "NOTE");
	free(text);
	d.n_results = 4; /* the failed one, and three that have a block each */
	text = whole_report(&s, &d, &plain);
	assert_silent(text, "--only all");
	assert_says(text, "NOTE  The capture does not hold the handshake from beginning to end\n");
	free(text);
}

static void test_text__one_healthy_server_says_what_was_agreed(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[0].outcome = s.hs[1].outcome = OUTCOME_COMPLETED;
	s.file.n_failed = s.result.n_findings = 0;
	s.file.n_completed = 2;
	text = sample_report(&s, &plain);
	assert_says(text, "OK    forum.pcap: 192.0.2.254:4433 (forum.example), 2 handshakes, both");
	assert_silent(text, "ClientHello");
	free(text);
	s.file.version_min = s.file.version_max = 0x0303;
	s.file.suite = 0xc02c;
	text = sample_report(&s, &plain);
	assert_says(text, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\n");
	free(text);
	s.file.version_min = 0x0302; /* not all with one */
	s.file.suites_differ = true;
	text = sample_report(&s, &plain);
	assert_says(text, "TLS 1.1 to TLS 1.2\n");
	assert_silent(text, "TLS_ECDHE");
	free(text);
}

static void test_text__a_failure_without_a_cause_shows_the_checks_that_speak(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.result.n_findings = 0;
	text = sample_report(&s, &plain);
	assert_says(text, "FAIL  No known cause explains the failure; this is wrong in it:\n"
			  "      the point is not on secp384r1\n");
	assert_silent(text, "cannot be told");
	assert_says(text, "next    tlsdiag alert 47 tells over what each stack sends it");
	assert_says(text, "ClientHello");
	free(text);
}

/* "no-fatal-alert: the client sent fatal alert 47" reads as its opposite. */
static void test_text__beside_what_failed_no_id_says_that_it_holds(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.result.n_findings = 0;
	for (size_t i = 0; i < s.file.n_kept; i++)
		for (size_t k = 0; k < N_CHECKS; k++)
			if (k != CHECK_no_fatal_alert)
				s.file.kept[i]->answers[k].status = PASS;
	s.file.kept[0]->answers[CHECK_no_fatal_alert] = (struct answer){ .status = FAIL,
		.message = "the client sent fatal alert 47 illegal_parameter" };
	text = sample_report(&s, &plain);
	assert_says(text, "FAIL  Why it failed cannot be told from this capture\n"
			  "      the client sent fatal alert 47 illegal_parameter\n");
	assert_silent(text, "no-fatal-alert:");
	free(text);
}

static void test_text__a_conversation_of_ours_is_no_capture(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.input.kind = "probe";
	s.result.n_findings = 0;
	for (size_t i = 0; i < s.file.n_kept; i++)
		for (size_t k = 0; k < N_CHECKS; k++)
			s.file.kept[i]->answers[k].status = PASS;
	text = sample_report(&s, &plain);
	assert_says(text, "FAIL  Why it failed cannot be told from what the two sides said\n");
	assert_silent(text, "this capture");
	free(text);
}

static void test_text__a_client_that_is_asked_has_the_last_word(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[1].side[SIDE_CLIENT].word = (struct library_word){ .release = "mbedTLS 2.28.3",
		.code = -0x4e00,
		.state = "SERVER_KEY_EXCHANGE",
		.verify_flags = 0 };
	text = sample_report(&s, &plain);
	assert_says(text,
		"  this client: mbedtls_ssl_handshake returned -0x4E00, ECP_VERIFY_FAILED, in\n"
		"    SERVER_KEY_EXCHANGE\n");
	assert_in_order(text, "51 decrypt_error", "this client");
	free(text);
}

static void test_text__an_icmp_error_stands_where_the_answer_would(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[0].ending = s.hs[1].ending = ENDING_UNREACHABLE;
	s.hs[0].n_events = 1;
	s.events[0][0] = (struct event){
		.kind = EVENT_UNREACHABLE, .from = SIDE_SERVER, .packet = 2, .time = s.hs[0].start
	};
	s.hs[0].unreachable = (struct unreachable){
		.seen = true, .type = 3, .code = 1, .by = { 4, { 192, 0, 2, 1 }, 0 }
	};
	text = sample_report(&s, &plain);
	assert_says(text, "<-- ICMP                 host unreachable, says 192.0.2.1\n");
	free(text);
}

static void test_text__all_lists_every_handshake_before_the_verdict(void **state)
{
	struct report_options o = { .width = 80, .only = ONLY_ALL };
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[1].outcome = OUTCOME_COMPLETED;
	text = sample_report(&s, &o);
	assert_in_order(text, "handshake 1", "handshake 2 completed");
	assert_in_order(text, "handshake 2", "FAIL");
	free(text);
}

static void test_text__only_chooses_what_is_listed(void **state)
{
	struct report_options o = { .width = 80, .only = ONLY_COMPLETED };
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.hs[1].outcome = OUTCOME_COMPLETED;
	text = sample_report(&s, &o);
	assert_silent(text, "handshake 1,");
	assert_says(text, "handshake 2 completed");
	free(text);
}

static void test_text__nothing_to_judge_says_what_was_there(void **state)
{
	struct sample s;
	struct desk d = { .n_results = 0 };
	char *text;

	(void)state;
	sample_fill(&s);
	s.file.n_kept = 0;
	s.input.verified = 0;
	s.input.flows = 3;
	s.input.dtls_flows = 2;
	text = whole_report(&s, &d, &plain);
	assert_says(text,
		"forum.pcap: nothing to judge: 22 packets, 3 connections, none of which speaks\n"
		"  TLS\n");
	assert_says(text, "2 DTLS flows were seen: DTLS is not diagnosed yet.\n");
	assert_silent(text, "erified");
	free(text);
}

static void test_text__tells_what_was_not_verified_and_why(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.input.not_verified = 9000;
	s.summary.handshakes = 9002;
	text = sample_report(&s, &plain);
	assert_says(text, "Verified 2 of 9,002 handshakes: signatures");
	assert_says(text, "9,000 completed");
	assert_says(text, "--verify=all");
	free(text);
	s.input.not_verified = 0;
	text = sample_report(&s, &plain);
	assert_says(text, "Of the others none");
	free(text);
	s.input.verify = VERIFY_NONE;
	text = sample_report(&s, &plain);
	assert_says(text, "No signature, point or chain was verified (--verify=none).\n");
	free(text);
}

/* TLS 1.3 hides the signatures and the chains; of a resumed handshake there is nothing. */
static void test_text__what_was_not_there_was_not_verified(void **state)
{
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.input.with_signature = s.input.with_chain = 0;
	text = sample_report(&s, &plain);
	assert_says(text, "Verified what is in the clear in both handshakes: points.\n");
	free(text);
	s.input.with_point = 0;
	s.input.verified = 1;
	text = sample_report(&s, &plain);
	assert_says(text, "Verified 1 of 2 handshakes. Of the other none could be read.\n");
	free(text);
}

static void test_text__problems_of_the_input_are_told(void **state)
{
	static const struct input_problem problem = { 17,
		"packet 17: cut off by the end of the file" };
	struct sample s;
	char *text;

	(void)state;
	sample_fill(&s);
	s.input.problems = &problem;
	s.input.n_problems = 1;
	text = sample_report(&s, &plain);
	assert_says(text, "Input: packet 17: cut off by the end of the file\n");
	free(text);
}

static void test_text__color_changes_no_words(void **state)
{
	struct report_options o = { .width = 80, .color = true };
	struct sample s;
	char *plain_text, *colored, *from, *to;

	(void)state;
	sample_fill(&s);
	plain_text = sample_report(&s, &plain);
	colored = sample_report(&s, &o);
	assert_says(colored, "\033[1;31mFAIL\033[0m");
	for (from = to = colored; *from != '\0';) {
		if (*from == '\033')
			from = strchr(from, 'm') + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	assert_string_equal(colored, plain_text);
	free(plain_text);
	free(colored);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text__servers_that_are_only_unfinished_share_a_line),
		cmocka_unit_test(test_text__beside_what_failed_no_id_says_that_it_holds),
		cmocka_unit_test(test_text__what_was_not_there_was_not_verified),
		cmocka_unit_test(test_text__a_conversation_of_ours_is_no_capture),
		cmocka_unit_test(test_text__a_client_that_is_asked_has_the_last_word),
		cmocka_unit_test(test_text__an_icmp_error_stands_where_the_answer_would),
		cmocka_unit_test(test_text__the_verdict_comes_first),
		cmocka_unit_test(test_text__no_line_is_wider_than_eighty_columns),
		cmocka_unit_test(test_text__answers_of_stacks_stand_in_columns),
		cmocka_unit_test(test_ladder__shows_packets_times_facts_and_the_mark),
		cmocka_unit_test(test_ladder__hostile_names_are_escaped),
		cmocka_unit_test(test_ladder__a_name_of_any_length_stays_short),
		cmocka_unit_test(test_ladder__a_wide_fact_begins_further_left),
		cmocka_unit_test(test_ladder__those_alike_are_folded),
		cmocka_unit_test(test_ladder__protected_records_gaps_and_ends_have_words),
		cmocka_unit_test(test_text__healthy_servers_share_one_line),
		cmocka_unit_test(test_text__one_healthy_server_says_what_was_agreed),
		cmocka_unit_test(test_text__a_failure_without_a_cause_shows_the_checks_that_speak),
		cmocka_unit_test(test_text__all_lists_every_handshake_before_the_verdict),
		cmocka_unit_test(test_text__only_chooses_what_is_listed),
		cmocka_unit_test(test_text__nothing_to_judge_says_what_was_there),
		cmocka_unit_test(test_text__tells_what_was_not_verified_and_why),
		cmocka_unit_test(test_text__problems_of_the_input_are_told),
		cmocka_unit_test(test_text__color_changes_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
