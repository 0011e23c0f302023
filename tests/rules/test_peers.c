/* What each stack does with the fault found, held against what the capture shows. */
#include "diagnose/peers.h"
#include "names/atlas.h"
#include "rules/facts.h"
#include "rules/said.h"

/* Handshake i fails over a point off its curve under a good signature, with this client. */
static void refuse_point(struct facts *f, size_t i, const char *name, enum stack stack)
{
	f->hs[i].side[SIDE_SERVER].point = POINT_OFF_CURVE;
	f->hs[i].looks = (struct looks){ name, (int)stack };
}

static struct finding *explained(struct facts *f)
{
	assert_true(facts_show(f, CAUSE_ec_arithmetic_broken));
	peers_explain(&f->file, &f->finding);
	return &f->finding;
}

static const struct alert_line *line_of(const struct finding *f, const char *stack)
{
	for (size_t i = 0; i < f->n_alerts; i++)
		if (strcmp(f->alerts[i].stack, stack) == 0)
			return &f->alerts[i];
	return NULL;
}

static void test_peers__one_that_does_what_was_measured_agrees(void **state)
{
	struct facts *f = *state;
	const struct finding *found;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	refuse_point(f, 0, "OpenSSL 3", STACK_OPENSSL);
	found = explained(f);
	assert_string_equal(found->alerts[0].stack, "OpenSSL 3");
	assert_string_equal(found->alerts[0].answer, "47 illegal_parameter");
	assert_string_equal(found->alerts[0].text, "tests the point first");
	assert_int_equal(found->alerts[0].packet, PACKET_END);
	assert_false(found->alerts[0].contradicts);
	assert_string_equal(confidence_name(found->confidence), "certain");
}

static void test_peers__stacks_not_seen_are_predicted(void **state)
{
	struct facts *f = *state;
	const struct finding *found;
	const struct alert_line *line;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	refuse_point(f, 0, "OpenSSL 3", STACK_OPENSSL);
	found = explained(f);
	assert_null(line_of(found, stack_name(STACK_OPENSSL)));
	line = line_of(found, stack_name(STACK_MBEDTLS_2));
	assert_non_null(line);
	assert_string_equal(line->answer, "closes without an alert");
	assert_string_equal(line->text, "tests the signature first");
	assert_int_equal(line->packet, 0);
	assert_non_null(line_of(found, stack_name(STACK_GNUTLS)));
}

static void test_peers__one_that_does_otherwise_makes_it_less_sure(void **state)
{
	struct facts *f = *state;
	const struct finding *found;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	refuse_point(f, 0, "OpenSSL 3", STACK_OPENSSL);
	found = explained(f);
	assert_true(found->alerts[0].contradicts);
	assert_string_equal(found->alerts[0].answer, "51 decrypt_error");
	assert_string_equal(found->alerts[0].text, "(47 was measured)");
	assert_string_equal(confidence_name(found->confidence), "likely");
	assert_proves(f, "no peer did what was measured of its stack");
}

/* Its number cannot be seen, so it cannot differ. */
static void test_peers__an_alert_under_the_keys_contradicts_nothing(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	f->hs->looks = (struct looks){ "mbedTLS 3", STACK_MBEDTLS_3 };
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_shown(f, certificate_expired, "error", "certain");
	peers_explain(&f->file, &f->finding);
	assert_int_not_equal(f->finding.n_alerts, 0);
	assert_false(f->finding.alerts[0].contradicts);
	assert_string_equal(confidence_name(f->finding.confidence), "certain");
}

static void test_peers__an_alert_where_none_was_measured_contradicts(void **state)
{
	struct facts *f = *state;
	const struct finding *found;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	refuse_point(f, 0, "mbedTLS 2", STACK_MBEDTLS_2);
	found = explained(f);
	assert_true(found->alerts[0].contradicts);
	assert_string_equal(found->alerts[0].text, "(no alert was measured)");
}

static void test_peers__one_that_agrees_outweighs_one_that_does_not(void **state)
{
	struct facts *f = *state;
	const struct finding *found;

	(void)facts_add(f);
	end_with_alert(&f->hs[0], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	end_with_alert(&f->hs[1], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	refuse_point(f, 0, "OpenSSL 3", STACK_OPENSSL);
	refuse_point(f, 1, "mbedTLS 2", STACK_MBEDTLS_2);
	found = explained(f);
	assert_false(found->alerts[0].contradicts);
	assert_true(found->alerts[1].contradicts);
	assert_string_equal(confidence_name(found->confidence), "certain");
}

/* The same bytes get 47 from one stack and 51 from another: the order of their tests decides. */
static void test_peers__two_faults_at_once_get_the_answer_to_the_first_tested(void **state)
{
	struct facts *f = *state;
	const struct finding *found;

	(void)facts_add(f);
	end_with_alert(&f->hs[0], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	end_with_alert(&f->hs[1], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 51);
	refuse_point(f, 0, "OpenSSL 3", STACK_OPENSSL);
	refuse_point(f, 1, "mbedTLS 2", STACK_MBEDTLS_2);
	for (size_t i = 0; i < 2; i++)
		f->hs[i].side[SIDE_SERVER].proof.signature.state = PROOF_INVALID;
	found = explained(f);
	assert_string_equal(found->alerts[0].text, "tests the point first");
	assert_string_equal(found->alerts[1].text, "tests the signature first");
	assert_false(found->alerts[0].contradicts);
	assert_false(found->alerts[1].contradicts);
	assert_string_equal(confidence_name(found->confidence), "certain");
}

static void test_peers__an_unknown_client_contradicts_nothing(void **state)
{
	struct facts *f = *state;
	const struct finding *found;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 80);
	refuse_point(f, 0, NULL, STACK_UNKNOWN);
	found = explained(f);
	assert_string_equal(found->alerts[0].stack, "a client");
	assert_string_equal(found->alerts[0].text, "");
	assert_false(found->alerts[0].contradicts);
	assert_string_equal(confidence_name(found->confidence), "certain");
	assert_non_null(line_of(found, stack_name(STACK_OPENSSL)));
}

static void test_peers__the_same_answer_of_one_stack_is_one_line(void **state)
{
	struct facts *f = *state;
	size_t lines = 0;

	for (size_t i = 0; i < 3; i++) {
		if (i != 0)
			(void)facts_add(f);
		end_with_alert(&f->hs[i], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
		refuse_point(f, i, "OpenSSL 3", STACK_OPENSSL);
	}
	(void)explained(f);
	for (size_t i = 0; i < f->finding.n_alerts; i++)
		lines += strcmp(f->finding.alerts[i].stack, "OpenSSL 3") == 0;
	assert_int_equal(lines, 1);
}

/* Nobody saw the point or the signature, but one client refused the one, and another the other. */
static void test_peers__two_refusals_stand_for_both_faults(void **state)
{
	static const struct {
		uint8_t second;
		const char *gnutls;
	} rows[] = { { 51, "51 decrypt_error" }, { 47, "47 illegal_parameter" } };
	struct facts *f = *state;

	(void)facts_add(f);
	for (size_t i = 0; i < 2; i++) {
		const struct alert_line *line;

		end_with_alert(&f->hs[0], STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
		end_with_alert(&f->hs[1], STAGE_SERVER_FLIGHT, SIDE_CLIENT, rows[i].second);
		facts_examine(f);
		f->finding = (struct finding){ .cause = causes[CAUSE_ec_arithmetic_broken],
			.handshakes = { f->hs[0].id, f->hs[1].id },
			.n_handshakes = 2 };
		peers_explain(&f->file, &f->finding);
		line = line_of(&f->finding, stack_name(STACK_GNUTLS));
		assert_non_null(line);
		assert_string_equal(line->answer, rows[i].gnutls);
	}
}

static void test_peers__one_that_completes_says_nothing(void **state)
{
	struct facts *f = *state;

	refuse_point(f, 0, "wolfSSL", STACK_WOLFSSL);
	assert_int_equal(explained(f)->n_alerts, 0);
}

static void test_peers__a_fault_of_the_client_is_the_servers_to_answer(void **state)
{
	struct facts *f = *state;

	make_mutual(f, f->hs);
	end_with_alert(f->hs, STAGE_CLIENT_FLIGHT, SIDE_SERVER, 45);
	f->hs->side[SIDE_CLIENT].chain.step[0].expired = true;
	assert_true(facts_show(f, CAUSE_certificate_expired));
	peers_explain(&f->file, &f->finding);
	assert_int_equal(f->finding.n_alerts, 1);
	assert_string_equal(f->finding.alerts[0].stack, "the server");
	assert_string_equal(f->finding.alerts[0].answer, "45 certificate_expired");
	assert_false(f->finding.alerts[0].contradicts);
}

/* A certificate that nobody accepts, and behind it a point off its curve. */
static void test_peers__the_answers_are_to_the_fault_of_the_finding(void **state)
{
	struct facts *f = *state;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 45);
	refuse_point(f, 0, "OpenSSL 3", STACK_OPENSSL);
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_true(facts_show(f, CAUSE_certificate_expired));
	peers_explain(&f->file, &f->finding);
	assert_string_equal(f->finding.alerts[0].answer, "45 certificate_expired");
	assert_string_equal(f->finding.alerts[0].text, "");
	assert_false(f->finding.alerts[0].contradicts);
}

static void test_peers__a_fault_nobody_measured_has_no_lines(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_SILENCE);
	f->hs->side[SIDE_SERVER].tcp.bytes = 0;
	assert_true(facts_show(f, CAUSE_server_silent));
	peers_explain(&f->file, &f->finding);
	assert_int_equal(f->finding.n_alerts, 0);
}

/* The order of its tests matters where there is a point to refuse, and only there. */
static void test_peers__of_a_suite_not_offered_the_row_of_suites_counts(void **state)
{
	struct facts *f = *state;
	const struct alert_line *line;

	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 47);
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	f->hs->client_hello.suites = LIST(f->hs, 0xc02c);
	assert_true(facts_show(f, CAUSE_parameter_not_offered));
	peers_explain(&f->file, &f->finding);
	assert_string_equal(f->finding.alerts[0].answer, "47 illegal_parameter");
	assert_string_equal(f->finding.alerts[0].text, "");
	line = line_of(&f->finding, stack_name(STACK_MBEDTLS_2));
	assert_non_null(line);
	assert_string_equal(line->answer, "80 internal_error");
}

/* mbedTLS 2 has no TLS 1.3: what it says to the like in TLS 1.2 is no prediction. */
static void test_peers__of_tls13_nothing_is_predicted_of_who_has_none(void **state)
{
	struct facts *f = *state;

	refuse_in_tls13(f, f->hs, -0x2700, "SERVER_CERTIFICATE");
	f->hs->looks = (struct looks){ "OpenSSL 3", STACK_OPENSSL };
	f->hs->side[SIDE_SERVER].chain.step[0].expired = true;
	assert_shown(f, certificate_expired, "error", "certain");
	peers_explain(&f->file, &f->finding);
	assert_non_null(line_of(&f->finding, stack_name(STACK_GNUTLS)));
	assert_null(line_of(&f->finding, stack_name(STACK_MBEDTLS_2)));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_peers__an_alert_under_the_keys_contradicts_nothing),
		RULE_TEST(test_peers__of_a_suite_not_offered_the_row_of_suites_counts),
		RULE_TEST(test_peers__of_tls13_nothing_is_predicted_of_who_has_none),
		RULE_TEST(test_peers__one_that_does_what_was_measured_agrees),
		RULE_TEST(test_peers__stacks_not_seen_are_predicted),
		RULE_TEST(test_peers__one_that_does_otherwise_makes_it_less_sure),
		RULE_TEST(test_peers__an_alert_where_none_was_measured_contradicts),
		RULE_TEST(test_peers__one_that_agrees_outweighs_one_that_does_not),
		RULE_TEST(test_peers__two_faults_at_once_get_the_answer_to_the_first_tested),
		RULE_TEST(test_peers__an_unknown_client_contradicts_nothing),
		RULE_TEST(test_peers__the_same_answer_of_one_stack_is_one_line),
		RULE_TEST(test_peers__two_refusals_stand_for_both_faults),
		RULE_TEST(test_peers__one_that_completes_says_nothing),
		RULE_TEST(test_peers__a_fault_of_the_client_is_the_servers_to_answer),
		RULE_TEST(test_peers__the_answers_are_to_the_fault_of_the_finding),
		RULE_TEST(test_peers__a_fault_nobody_measured_has_no_lines),
	};

	return RULE_TESTS(tests, argc, argv);
}
