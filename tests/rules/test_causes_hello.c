/* Causes about what a ClientHello says of itself, and what comes before and after it. */
#include "rules/facts.h"
#include "rules/said.h"

#include <stdio.h>

static void refuse(struct handshake *hs, uint8_t alert)
{
	end_with_alert(hs, STAGE_CLIENT_HELLO, SIDE_SERVER, alert);
}

/* ---- server_name ---- */

static void ask_for(struct handshake *hs, const char *name)
{
	hs->client_hello.ext.server_name = text_bytes(name);
}

static void test_server_name_well_formed__host_names_pass(void **state)
{
	static const char *const names[] = { "device.example", "localhost", "a", "x1.2y.example",
		"_dmarc.example", "xn--bcher-kva.example", "printer-7", "4chan.example",
		"cafe.dead.beef", "az.AZ.09.example" };
	struct handshake *hs = first(state);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		ask_for(hs, names[i]);
		assert_answer(hs, server_name_well_formed, "pass", "");
	}
}

static void test_server_name_well_formed__what_is_no_host_name_is_named(void **state)
{
	static const struct {
		const char *name, *fault;
	} bad[] = {
		{ "192.0.2.1", "is an IPv4 address" },
		{ "2001:db8::1", "is an IPv6 address" },
		{ "fe80::1%eth0", "is an IPv6 address" },
		{ "::ffff:192.0.2.1", "is an IPv6 address" },
		{ "[2001:db8::1]", "is an address in brackets" },
		{ "[::1]:8443", "is an address in brackets" },
		{ "device.example:443", "has a port" },
		{ "192.0.2.1:443", "has a port" },
		{ "device.example.", "ends in a dot" },
		{ "192.0.2", "ends in a number" },
		{ "b\xc3\xbc"
		  "cher.example",
			"beyond ASCII" },
		{ "device example", "no host name has" },
		{ "*.example", "no host name has" },
		{ "https://device.example/", "no host name has" },
		{ "a\n.example", "control characters" },
		{ "a..example", "empty label" },
		{ ".example", "empty label" },
		{ "x@.example", "characters that no host name has" },
		{ "x[.example", "characters that no host name has" },
		{ "x`.example", "characters that no host name has" },
		{ "x{.example", "characters that no host name has" },
		{ "x/.example", "characters that no host name has" },
		{ "", "is empty" },
		{ "a123456789a123456789a123456789a123456789a123456789a1234567891234.example",
			"longer" },
	};
	struct handshake *hs = first(state);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		ask_for(hs, bad[i].name);
		assert_answer(hs, server_name_well_formed, "warn", bad[i].fault);
	}
}

static void test_server_name_well_formed__a_long_name_is_shown_to_its_eightieth_byte(void **state)
{
	struct handshake *hs = first(state);
	char name[101] = "", shown[100];

	memset(name, 'a', 100);
	name[79] = 'b';
	ask_for(hs, name);
	(void)snprintf(shown, sizeof shown, "'%.80s'", name);
	assert_answer(hs, server_name_well_formed, "warn", shown);
}

static void test_server_name_well_formed__without_one_there_is_no_question(void **state)
{
	struct handshake *hs = first(state);

	hs->client_hello.ext.has_server_name = false;
	assert_answer(hs, server_name_well_formed, "n/a", "no server_name");
	hs->client_hello.seen = false;
	assert_answer(hs, server_name_well_formed, "unknown", "not in the capture");
}

static void test_sni_not_a_host_name__a_server_that_goes_on_leaves_a_warning(void **state)
{
	struct facts *f = *state;

	assert_not_shown(f, sni_not_a_host_name);
	ask_for(f->hs, "192.0.2.1");
	assert_shown(f, sni_not_a_host_name, "warning", "certain");
	f->hs->outcome = OUTCOME_INCOMPLETE;
	assert_shown(f, sni_not_a_host_name, "note", "certain");
	f->hs->outcome = OUTCOME_COMPLETED;
	assert_proves(f, "the server_name '192.0.2.1' is an IPv4 address");
	assert_explains(f, server_name_well_formed);
}

static void test_sni_not_a_host_name__a_refusal_is_likely_beside_one_that_was_answered(void **state)
{
	struct facts *f = *state;
	struct handshake *other = facts_add(f);

	ask_for(f->hs, "192.0.2.1");
	refuse(f->hs, 50);
	assert_shown(f, sni_not_a_host_name, "error", "likely");
	assert_proves(f, "with a host name, the same server goes on");
	other->client_hello.ext.has_server_name = false;
	assert_shown(f, sni_not_a_host_name, "error", "likely");
	assert_proves(f, "without a server_name, the same server goes on");
	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	assert_shown(f, sni_not_a_host_name, "error", "likely");
}

static void test_sni_not_a_host_name__alone_a_refusal_is_possible(void **state)
{
	struct facts *f = *state;

	ask_for(f->hs, "[2001:db8::1]");
	refuse(f->hs, 50);
	assert_shown(f, sni_not_a_host_name, "error", "possible");
	assert_true(advises(&f->finding, "add a capture of a client that sends a host name"));
}

static void test_sni_not_a_host_name__other_endings_are_over_something_else(void **state)
{
	struct facts *f = *state;

	ask_for(f->hs, "192.0.2.1");
	refuse(f->hs, 70);
	assert_shown(f, sni_not_a_host_name, "note", "certain");
	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	assert_shown(f, sni_not_a_host_name, "note", "certain");
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 42);
	assert_shown(f, sni_not_a_host_name, "note", "certain");
}

static void test_sni_not_a_host_name__a_server_that_has_answered_one_does_not_mind(void **state)
{
	struct facts *f = *state;

	ask_for(f->hs, "192.0.2.1");
	refuse(f->hs, 40);
	ask_for(facts_add(f), "192.0.2.1");
	assert_shown(f, sni_not_a_host_name, "warning", "certain");
}

/* ---- the warning unrecognized_name ---- */

static void warn_of_the_name(struct handshake *hs)
{
	hs->alerts[hs->n_alerts++] = (struct sent_alert){
		.from = SIDE_SERVER, .level = 1, .code = 112, .packet = PACKET_SERVER_HELLO
	};
}

static void test_sni_unknown__a_client_that_gives_up_over_the_warning(void **state)
{
	static const uint8_t alerts[] = { 10, 40, 47, 80, 112 };
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof alerts; i++) {
		f->hs->n_alerts = 0;
		end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alerts[i]);
		warn_of_the_name(f->hs);
		assert_shown(f, sni_unknown, "error", "likely");
	}
	assert_proves(f, "the client asks for server_name 'device.example'");
	assert_proves(f, "the server warns: unrecognized_name (112)");
	assert_int_equal(proof_packet(&f->finding, "the server warns"), PACKET_SERVER_HELLO);
}

static void test_sni_unknown__a_client_that_closes_after_the_warning(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	warn_of_the_name(f->hs);
	assert_shown(f, sni_unknown, "error", "likely");
	warn_of_the_name(facts_add(f));
	assert_shown(f, sni_unknown, "error", "likely");
	assert_proves(f, "another handshake goes on after the same warning");
}

static void test_sni_unknown__a_warning_is_not_over_what_the_client_names_otherwise(void **state)
{
	static const uint8_t alerts[] = { 42, 46, 48, 51, 70, 20 };
	struct facts *f = *state;

	for (size_t i = 0; i < sizeof alerts; i++) {
		f->hs->n_alerts = 0;
		end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, alerts[i]);
		warn_of_the_name(f->hs);
		assert_not_shown(f, sni_unknown);
	}
}

static void test_sni_unknown__a_server_that_warns_over_and_over_is_another_matter(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	for (int i = 0; i < 3; i++)
		warn_of_the_name(f->hs);
	assert_not_shown(f, sni_unknown);
}

static void test_sni_unknown__after_its_own_flight_the_client_has_passed_it_over(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_FLIGHT, SIDE_CLIENT, ENDING_FIN);
	warn_of_the_name(f->hs);
	assert_not_shown(f, sni_unknown);
}

/* ---- key shares ---- */

static void share(struct handshake *hs, size_t n, const uint16_t *groups)
{
	static const uint8_t key[32] = { 9 };

	hs->client_hello.ext.has_key_share = true;
	hs->client_hello.ext.n_shares = n;
	for (size_t i = 0; i < n; i++)
		hs->client_hello.ext.shares[i] =
			(struct key_share){ groups[i], bytes_of(key, sizeof key), 120 };
}

static void test_key_shares_listed__shares_of_listed_groups_pass(void **state)
{
	struct handshake *hs = first(state);

	assert_answer(hs, key_shares_listed, "n/a", "no key_share");
	share(hs, 2, (const uint16_t[]){ 29, 23 });
	assert_answer(hs, key_shares_listed, "pass", "");
	share(hs, 0, NULL);
	assert_answer(hs, key_shares_listed, "pass", "");
}

static void test_key_shares_listed__each_way_to_break_it_is_told(void **state)
{
	struct handshake *hs = first(state);

	share(hs, 2, (const uint16_t[]){ 29, 25 });
	assert_answer(
		hs, key_shares_listed, "fail", "secp521r1, which its supported_groups do not list");
	share(hs, 2, (const uint16_t[]){ 29, 29 });
	assert_answer(hs, key_shares_listed, "fail", "x25519, a second one");
	hs->client_hello.ext.has_groups = false;
	share(hs, 1, (const uint16_t[]){ 29 });
	assert_answer(hs, key_shares_listed, "fail", "no supported_groups at all");
}

static void test_key_shares_listed__the_second_hello_is_read_too(void **state)
{
	struct handshake *hs = first(state);

	share(hs, 1, (const uint16_t[]){ 29 });
	hs->client_hello_2 = hs->client_hello;
	hs->client_hello_2.ext.shares[0].group = 25;
	assert_answer(hs, key_shares_listed, "fail", "the second ClientHello has a key share");
}

static void test_key_share_not_in_groups__illegal_parameter_makes_it_likely(void **state)
{
	struct facts *f = *state;

	share(f->hs, 1, (const uint16_t[]){ 25 });
	assert_shown(f, key_share_not_in_groups, "warning", "certain");
	refuse(f->hs, 47);
	assert_shown(f, key_share_not_in_groups, "error", "likely");
	assert_explains(f, no_fatal_alert);
	refuse(f->hs, 40);
	f->hs->alerts[0].code = 40;
	assert_shown(f, key_share_not_in_groups, "error", "possible");
}

static void test_key_share_not_in_groups__a_server_that_has_answered_one_does_not_mind(void **state)
{
	struct facts *f = *state;
	struct handshake *other = facts_add(f);

	share(f->hs, 1, (const uint16_t[]){ 25 });
	share(other, 1, (const uint16_t[]){ 25 });
	refuse(f->hs, 47);
	assert_shown(f, key_share_not_in_groups, "warning", "certain");
}

/* ---- the PROXY protocol ---- */

static void test_proxy_protocol_mismatch__a_server_that_closes_on_the_line(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	assert_not_shown(f, proxy_protocol_mismatch);
	f->hs->before = PLAIN_PROXY;
	assert_shown(f, proxy_protocol_mismatch, "error", "likely");
	assert_proves(f, "a header of the PROXY protocol comes before the ClientHello");
	(void)facts_add(f);
	assert_shown(f, proxy_protocol_mismatch, "error", "likely");
	assert_proves(f, "without one the same server goes on");
}

static void test_proxy_protocol_mismatch__only_alerts_of_a_broken_record_are_about_it(void **state)
{
	static const uint8_t about[] = { 10, 22, 47, 50, 70, 80 },
			     not_about[] = { 40, 71, 112, 120 };
	struct facts *f = *state;

	f->hs->before = PLAIN_PROXY;
	for (size_t i = 0; i < sizeof about; i++) {
		f->hs->n_alerts = 0;
		refuse(f->hs, about[i]);
		assert_shown(f, proxy_protocol_mismatch, "error", "likely");
	}
	for (size_t i = 0; i < sizeof not_about; i++) {
		f->hs->n_alerts = 0;
		refuse(f->hs, not_about[i]);
		assert_not_shown(f, proxy_protocol_mismatch);
	}
}

static void test_proxy_protocol_mismatch__http_in_answer_is_about_the_line(void **state)
{
	struct facts *f = *state;

	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	f->hs->server_spoke = PLAIN_HTTP;
	assert_true(facts_show(f, CAUSE_plain_http));
	f->hs->before = PLAIN_PROXY;
	assert_false(facts_show(f, CAUSE_plain_http));
	assert_shown(f, proxy_protocol_mismatch, "error", "likely");
}

static void test_proxy_protocol_mismatch__a_server_that_goes_on_takes_it(void **state)
{
	struct facts *f = *state;
	struct handshake *other;

	f->hs->before = PLAIN_PROXY;
	assert_not_shown(f, proxy_protocol_mismatch);
	end_with_alert(f->hs, STAGE_SERVER_FLIGHT, SIDE_CLIENT, 48);
	assert_not_shown(f, proxy_protocol_mismatch);
	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	other = facts_add(f);
	other->before = PLAIN_PROXY;
	assert_not_shown(f, proxy_protocol_mismatch);
}

static void test_proxy_protocol_mismatch__a_server_that_demands_the_line(void **state)
{
	struct facts *f = *state;
	struct handshake *other = facts_add(f);

	other->before = PLAIN_PROXY;
	end_with(f->hs, STAGE_CLIENT_HELLO, SIDE_SERVER, ENDING_FIN);
	assert_shown(f, proxy_protocol_mismatch, "error", "likely");
	assert_string_equal(f->finding.summary,
		"The server wants a PROXY protocol header first, and none came");
	(void)facts_add(f); /* without a line, and answered */
	assert_not_shown(f, proxy_protocol_mismatch);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		RULE_TEST(test_server_name_well_formed__host_names_pass),
		RULE_TEST(test_server_name_well_formed__what_is_no_host_name_is_named),
		RULE_TEST(test_server_name_well_formed__a_long_name_is_shown_to_its_eightieth_byte),
		RULE_TEST(test_server_name_well_formed__without_one_there_is_no_question),
		RULE_TEST(test_sni_not_a_host_name__a_server_that_goes_on_leaves_a_warning),
		RULE_TEST(
			test_sni_not_a_host_name__a_refusal_is_likely_beside_one_that_was_answered),
		RULE_TEST(test_sni_not_a_host_name__alone_a_refusal_is_possible),
		RULE_TEST(test_sni_not_a_host_name__other_endings_are_over_something_else),
		RULE_TEST(test_sni_not_a_host_name__a_server_that_has_answered_one_does_not_mind),
		RULE_TEST(test_sni_unknown__a_client_that_gives_up_over_the_warning),
		RULE_TEST(test_sni_unknown__a_client_that_closes_after_the_warning),
		RULE_TEST(test_sni_unknown__a_warning_is_not_over_what_the_client_names_otherwise),
		RULE_TEST(test_sni_unknown__a_server_that_warns_over_and_over_is_another_matter),
		RULE_TEST(test_sni_unknown__after_its_own_flight_the_client_has_passed_it_over),
		RULE_TEST(test_key_shares_listed__shares_of_listed_groups_pass),
		RULE_TEST(test_key_shares_listed__each_way_to_break_it_is_told),
		RULE_TEST(test_key_shares_listed__the_second_hello_is_read_too),
		RULE_TEST(test_key_share_not_in_groups__illegal_parameter_makes_it_likely),
		RULE_TEST(
			test_key_share_not_in_groups__a_server_that_has_answered_one_does_not_mind),
		RULE_TEST(test_proxy_protocol_mismatch__a_server_that_closes_on_the_line),
		RULE_TEST(
			test_proxy_protocol_mismatch__only_alerts_of_a_broken_record_are_about_it),
		RULE_TEST(test_proxy_protocol_mismatch__http_in_answer_is_about_the_line),
		RULE_TEST(test_proxy_protocol_mismatch__a_server_that_goes_on_takes_it),
		RULE_TEST(test_proxy_protocol_mismatch__a_server_that_demands_the_line),
	};

	return RULE_TESTS(tests, argc, argv);
}
