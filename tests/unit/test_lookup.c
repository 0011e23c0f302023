/* src/report: the layout of what strerror and alert write, and what both their forms say. */
#include "support/unit.h"

#include "report/lookups/alert_lookup.h"
#include "report/lookups/code_lookup.h"
#include "report/lookups/page_lookup.h"

#include <stdio.h>

enum { MATCHES = 8 };

static struct code_match first_of(const char *asked)
{
	struct code_match matches[MATCHES];

	if (codes_find(asked, matches, MATCHES) == 0)
		fail_msg("'%s' is not known", asked);
	return matches[0];
}

static void test_lookup__a_number_is_written_as_its_library_does(void **state)
{
	static const struct {
		const char *asked, *want;
	} rows[] = {
		{ "19584", "-0x4C80" },
		{ "-135", "-0x0087" },
		{ "0xa000132", "0A000132" },
		{ "SSL_R_BAD_ECPOINT", "0A000132" },
		{ "error:14094410:SSL routines", "14094410" },
		{ "-330", "-330" },
		{ "flags 0x08", "0x08" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct code_match m = first_of(rows[i].asked);
		char number[CODE_NUMBER];

		assert_string_equal(code_number(&m, number), rows[i].want);
	}
}

static void test_lookup__every_code_has_a_next_command_and_none_twice(void **state)
{
	(void)state;
	for (int value = -0x8000; value <= 300; value++) {
		struct code_match matches[MATCHES];
		struct next_commands next;
		char text[16];
		size_t n;

		(void)snprintf(text, sizeof text, "%d", value);
		n = codes_find(text, matches, MATCHES);
		for (size_t i = 0; i < n && i < MATCHES; i++) {
			code_next(matches[i].code, &next);
			assert_true(next.n >= 1);
			for (size_t a = 0; a < next.n; a++)
				for (size_t b = 0; b < a; b++)
					assert_string_not_equal(next.list[a], next.list[b]);
		}
	}
}

static void test_lookup__a_code_is_laid_out_in_labelled_rows(void **state)
{
	static const struct code code = {
		.library = CODE_WOLFSSL,
		.kind = CODE_PLAIN,
		.value = -9,
		.name = "MADE_UP_E",
		.alert = 51,
		.meaning = "a code that no library has",
		.numbered = true,
		.see = "",
		.says = "",
	};
	const struct code_match match = { &code, CODE_WHOLE, -9 };
	const struct code_lookup lookup = { "0xf\033", &match, 1, false };
	struct page p = { .width = 60 };

	(void)state;
	code_lookup_text(&p, &lookup);
	assert_string_equal(strbuf_text(&p.out),
		"-9        MADE_UP_E\n"
		"          wolfSSL; given as '0xf\\x1b'\n"
		"\n"
		"meaning   a code that no library has\n"
		"alert     51 decrypt_error, which is sent to the peer\n"
		"next      tlsdiag alert 51\n");
	strbuf_free(&p.out);
}

static void test_lookup__an_unknown_code_is_told_and_is_safe(void **state)
{
	const struct code_lookup lookup = { "\033[2J\xff", NULL, 0, false };
	struct page p = { .width = 80, .utf8 = true };
	struct json j = { &p.out, false };

	(void)state;
	code_lookup_text(&p, &lookup);
	assert_non_null(strstr(strbuf_text(&p.out), "'\\x1b[2J\\xff' is not known"));
	strbuf_clear(&p.out);
	code_lookup_json(&j, &lookup);
	assert_string_equal(
		strbuf_text(&p.out), "{\"asked\":\"\\u001b[2J\\ufffd\",\"matches\":[]}");
	strbuf_free(&p.out);
}

static void expect_within(const struct page *p, unsigned width)
{
	for (const char *line = strbuf_text(&p->out); *line != '\0';) {
		size_t n = strcspn(line, "\n");

		if (n > width)
			fail_msg("%zu columns: %.*s", n, (int)n, line);
		line += n + (line[n] != '\0');
	}
}

static void test_lookup__alerts_and_faults_keep_to_the_width(void **state)
{
	(void)state;
	for (int code = ATLAS_NO_ALERT; code < 256; code++) {
		struct alert_lookup a = { code, { ALERT_FROM_ANY, "mbedTLS", ATLAS_ANY_MESSAGE },
			PASTE_SENDER_UNKNOWN };
		struct page p = { .width = 80 };

		alert_lookup_text(&p, &a);
		expect_within(&p, 80);
		strbuf_free(&p.out);
	}
	for (size_t i = 0; i < atlas_fault_count(); i++) {
		struct fault_lookup f = { atlas_fault_at(i)->id,
			{ ALERT_FROM_ANY, NULL, ATLAS_ANY_MESSAGE } };
		struct page p = { .width = 80 };

		fault_lookup_text(&p, &f);
		expect_within(&p, 80);
		strbuf_free(&p.out);
	}
}

static void test_lookup__stacks_with_one_answer_share_a_line(void **state)
{
	struct fault_lookup f = { "pt_offcurve", { ALERT_FROM_ANY, "mbedTLS", ATLAS_ANY_MESSAGE } };
	struct page p = { .width = 100 };

	(void)state;
	fault_lookup_text(&p, &f);
	assert_non_null(strstr(strbuf_text(&p.out),
		"\n  closes without an alert   mbedTLS 2.28 (-0x4C80), mbedTLS 3.6 (-0x4C80)\n"));
	assert_null(strstr(strbuf_text(&p.out), "OpenSSL"));
	strbuf_free(&p.out);
}

static void test_lookup__a_fault_is_found_by_whole_ids_only(void **state)
{
	struct fault_lookup f = { "weak", { ALERT_FROM_ANY, NULL, ATLAS_ANY_MESSAGE } };

	(void)state;
	assert_int_equal(fault_lookup_count(&f), 0);
	f.id = "weak-key";
	assert_true(fault_lookup_count(&f) != 0);
	f.id = "";
	assert_int_equal(fault_lookup_count(&f), 0);
	f.id = "no_cipher";
	assert_int_equal(fault_lookup_count(&f), 1);
	f.query.from = ATLAS_CLIENT;
	assert_int_equal(fault_lookup_count(&f), 0);
}

static void test_lookup__measured_alerts_are_those_asked_for(void **state)
{
	struct alert_lookup a = { 51, { ATLAS_CLIENT, "OpenSSL", ATLAS_ANY_MESSAGE },
		PASTE_SENDER_UNKNOWN };
	struct alert_hits h = alert_hits_find(&a);
	size_t i = 0, same;

	(void)state;
	assert_true(h.n != 0);
	for (; i < h.n; i += same) {
		same = alert_hits_same_fault(&h, i);
		assert_int_equal(same, 1);
		assert_int_equal(h.hits[i].stack, STACK_OPENSSL);
		assert_int_equal(h.hits[i].fault->side, ATLAS_CLIENT);
		assert_int_equal(h.hits[i].answer->alert, 51);
	}
	alert_hits_free(&h);
}

static void test_lookup__ids_are_an_array(void **state)
{
	struct strbuf out = { 0 };
	struct json j = { &out, false };

	(void)state;
	json_object(&j, NULL);
	lookup_json_ids(&j, "none", "");
	lookup_json_ids(&j, "two", "a-b c");
	json_int(&j, "least", INT64_MIN);
	json_int(&j, "code", -19584);
	json_end_object(&j);
	assert_string_equal(strbuf_text(&out), "{\"none\":[],\"two\":[\"a-b\",\"c\"],"
					       "\"least\":-9223372036854775808,\"code\":-19584}");
	strbuf_free(&out);
}

static void test_lookup__a_headline_does_not_repeat_the_id(void **state)
{
	static const char *const none[] = { NULL };
	const struct rule_page pages[] = {
		{ "clock-wrong", "clock-wrong: the device lives in 1970", none },
		{ "clock-wrong", "clock-wrongly set", none },
	};

	(void)state;
	assert_string_equal(page_headline(&pages[0]), "the device lives in 1970");
	assert_string_equal(page_headline(&pages[1]), "clock-wrongly set");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup__a_number_is_written_as_its_library_does),
		cmocka_unit_test(test_lookup__every_code_has_a_next_command_and_none_twice),
		cmocka_unit_test(test_lookup__a_code_is_laid_out_in_labelled_rows),
		cmocka_unit_test(test_lookup__an_unknown_code_is_told_and_is_safe),
		cmocka_unit_test(test_lookup__alerts_and_faults_keep_to_the_width),
		cmocka_unit_test(test_lookup__stacks_with_one_answer_share_a_line),
		cmocka_unit_test(test_lookup__a_fault_is_found_by_whole_ids_only),
		cmocka_unit_test(test_lookup__measured_alerts_are_those_asked_for),
		cmocka_unit_test(test_lookup__ids_are_an_array),
		cmocka_unit_test(test_lookup__a_headline_does_not_repeat_the_id),
	};

	return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
