/* src/report/sarif: read back with a reader that is not ours. */
#include "names/pages.h"
#include "support/lone_desk.h"

#include <cjson/cJSON.h>
#include <string.h>

/* Last: cmocka has a macro of the name fail. */
#include "support/unit.h"

static const struct report_options as_sarif = { .form = REPORT_SARIF };

/* The member at "a/b/0/c"; fails the test when there is none. */
static const cJSON *at(const cJSON *json, const char *path)
{
	char copy[128], *rest = copy, *step;

	(void)snprintf(copy, sizeof copy, "%s", path);
	while ((step = strsep(&rest, "/")) != NULL) {
		if (cJSON_IsArray(json))
			json = cJSON_GetArrayItem(json, (int)strtol(step, NULL, 10));
		else
			json = cJSON_GetObjectItemCaseSensitive(json, step);
		if (json == NULL)
			fail_msg("there is no %s in %s", step, path);
	}
	return json;
}

static const char *text_at(const cJSON *json, const char *path)
{
	const char *text = cJSON_GetStringValue(at(json, path));

	assert_non_null(text);
	return text;
}

static cJSON *report_on(const struct sample *s, const struct desk *d)
{
	char *text = d != NULL ? whole_report(s, d, &as_sarif) : sample_report(s, &as_sarif);
	cJSON *json = cJSON_ParseWithOpts(text, NULL, true);

	assert_non_null(json);
	free(text);
	return json;
}

static void test_sarif__a_finding_is_a_result_with_its_place(void **state)
{
	static const struct {
		const char *path, *text;
	} rows[] = {
		{ "ruleId", "ec-arithmetic-broken" },
		{ "level", "error" },
		{ "locations/0/physicalLocation/artifactLocation/uri", "forum.pcap" },
		{ "locations/0/logicalLocations/0/fullyQualifiedName", "192.0.2.254:4433" },
		{ "properties/confidence", "certain" },
		{ "properties/origin", "device-crypto" },
		{ "properties/ruled_out/0/id", "wrong-private-key" },
	};
	struct sample s;
	cJSON *doc;
	const cJSON *result;

	(void)state;
	sample_fill(&s);
	doc = report_on(&s, NULL);
	assert_string_equal(text_at(doc, "version"), "2.1.0");
	result = at(doc, "runs/0/results/0");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(text_at(result, rows[i].path), rows[i].text);
	assert_int_equal(at(result, "locations/0/physicalLocation/region/startLine")->valueint, 1);
	assert_int_equal(at(result, "properties/handshakes/1")->valueint, 2);
	cJSON_Delete(doc);
}

static void test_sarif__the_message_holds_summary_proof_and_next_steps(void **state)
{
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	doc = report_on(&s, NULL);
	assert_string_equal(text_at(doc, "runs/0/results/0/message/text"),
		"The server computes elliptic curves wrongly\n"
		"(ec-arithmetic-broken, certain, fault of the device's cryptography)\n"
		"\n"
		"Proof:\n"
		"packet 8: the ECDHE public key is not a point on secp384r1\n"
		"no one key can have made the two signatures\n"
		"\n"
		"Next steps:\n"
		"1. run mbedtls_ecp_self_test on the device\n"
		"2. capture five more\n");
	cJSON_Delete(doc);
}

static void test_sarif__a_rule_is_its_page(void **state)
{
	const struct rule_page *page = rule_page_find("ec-arithmetic-broken");
	struct sample s;
	cJSON *doc;
	const cJSON *rule;

	(void)state;
	assert_non_null(page);
	sample_fill(&s);
	s.cause.summary = "A device computes elliptic curves wrongly";
	doc = report_on(&s, NULL);
	rule = at(doc, "runs/0/tool/driver/rules/0");
	assert_string_equal(text_at(rule, "shortDescription/text"), s.cause.summary);
	assert_int_equal(
		strncmp(text_at(rule, "help/text"), page->lines[0], strlen(page->lines[0])), 0);
	assert_int_equal(strncmp(text_at(rule, "fullDescription/text"), page->lines[2],
				 strlen(page->lines[2])),
		0);
	assert_null(strchr(text_at(rule, "fullDescription/text"), '\n'));
	assert_null(cJSON_GetObjectItem(rule, "helpUri"));
	cJSON_Delete(doc);
}

static void test_sarif__a_rule_stands_once_and_results_point_to_it(void **state)
{
	struct sample s, other, third;
	struct desk d;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	sample_fill(&other);
	sample_fill(&third);
	other.cause.id = "certificate-expired";
	d = lone_desk(&s);
	d.results[d.n_results++] = &other.result;
	d.results[d.n_results++] = &third.result;
	doc = report_on(&s, &d);
	assert_int_equal(cJSON_GetArraySize(at(doc, "runs/0/tool/driver/rules")), 2);
	assert_int_equal(at(doc, "runs/0/results/0/ruleIndex")->valueint, 0);
	assert_int_equal(at(doc, "runs/0/results/1/ruleIndex")->valueint, 1);
	assert_int_equal(at(doc, "runs/0/results/2/ruleIndex")->valueint, 0);
	cJSON_Delete(doc);
}

static void test_sarif__severities_are_levels(void **state)
{
	static const char *const levels[] = {
		[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"
	};

	(void)state;
	for (int i = SEVERITY_ERROR; i <= SEVERITY_NOTE; i++) {
		struct sample s;
		cJSON *doc;

		sample_fill(&s);
		s.finding.severity = (enum severity)i;
		doc = report_on(&s, NULL);
		assert_string_equal(text_at(doc, "runs/0/results/0/level"), levels[i]);
		cJSON_Delete(doc);
	}
}

static void test_sarif__of_several_captures_the_one_with_the_handshake_is_named(void **state)
{
	static const char *const two[] = { "a.pcap", "b c.pcap" };
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	s.input.names = two;
	s.input.n_names = 2;
	s.hs[0].input = 2;
	doc = report_on(&s, NULL);
	assert_string_equal(
		text_at(doc, "runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"),
		"b%20c.pcap");
	assert_int_equal(cJSON_GetArraySize(at(doc, "runs/0/artifacts")), 2);
	cJSON_Delete(doc);
}

static void test_sarif__standard_input_has_a_name(void **state)
{
	static const char *const names[] = { "-" };
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	s.input.names = names;
	doc = report_on(&s, NULL);
	assert_string_equal(text_at(doc, "runs/0/artifacts/0/location/uri"), "stdin");
	cJSON_Delete(doc);
}

static void test_sarif__what_is_wrong_with_the_input_is_a_notification(void **state)
{
	static const struct input_problem problem = { 17, "packet 17: cut off" };
	struct sample s;

	(void)state;
	for (size_t unread = 0; unread < 2; unread++) {
		cJSON *doc;
		const cJSON *run;

		sample_fill(&s);
		s.input.problems = &problem;
		s.input.n_problems = 1;
		s.input.n_unread = unread;
		doc = report_on(&s, NULL);
		run = at(doc, "runs/0/invocations/0");
		assert_int_equal(cJSON_IsTrue(at(run, "executionSuccessful")), unread == 0);
		assert_string_equal(
			text_at(run, "toolExecutionNotifications/0/message/text"), problem.text);
		assert_string_equal(text_at(run, "toolExecutionNotifications/0/level"),
			unread == 0 ? "warning" : "error");
		cJSON_Delete(doc);
	}
}

static void test_sarif__what_a_peer_sent_stays_text(void **state)
{
	struct sample s;
	cJSON *doc;

	(void)state;
	sample_fill(&s);
	s.finding.summary = "a\"\\\xff\033[2J\nb";
	doc = report_on(&s, NULL);
	assert_non_null(strstr(
		text_at(doc, "runs/0/results/0/message/text"), "a\"\\\\xff\\x1b[2J\\x0ab\n"));
	cJSON_Delete(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sarif__a_finding_is_a_result_with_its_place),
		cmocka_unit_test(test_sarif__the_message_holds_summary_proof_and_next_steps),
		cmocka_unit_test(test_sarif__a_rule_is_its_page),
		cmocka_unit_test(test_sarif__a_rule_stands_once_and_results_point_to_it),
		cmocka_unit_test(test_sarif__severities_are_levels),
		cmocka_unit_test(
			test_sarif__of_several_captures_the_one_with_the_handshake_is_named),
		cmocka_unit_test(test_sarif__standard_input_has_a_name),
		cmocka_unit_test(test_sarif__what_is_wrong_with_the_input_is_a_notification),
		cmocka_unit_test(test_sarif__what_a_peer_sent_stays_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
