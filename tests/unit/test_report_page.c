/* src/report/page and when: lines, columns, numbers and dates for people. */
#include "support/unit.h"

#include "base/calendar.h"
#include "report/page.h"
#include "report/when.h"

#include <stdio.h>

static void test_wrap__breaks_at_blanks_and_indents(void **state)
{
	struct page p = { .width = 20 };

	(void)state;
	page_put(&p, ROLE_LABEL, "not");
	page_tab(&p, 8);
	page_wrap(&p, 8, "the private key of the server");
	page_end_line(&p);
	assert_string_equal(strbuf_text(&p.out), "not     the private\n"
						 "        key of the\n"
						 "        server\n");
	strbuf_free(&p.out);
}

static void test_wrap__a_word_that_fits_nowhere_is_not_cut(void **state)
{
	struct page p = { .width = 10 };

	(void)state;
	page_wrap(&p, 2, "see 0123456789abcdef now");
	page_end_line(&p);
	assert_string_equal(strbuf_text(&p.out), "see\n  0123456789abcdef\n  now\n");
	strbuf_free(&p.out);
}

static void test_wrap__counts_columns_not_bytes(void **state)
{
	struct page p = { .width = 10, .utf8 = true };

	(void)state;
	page_wrap(&p, 0, "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6 \xc3\xbc\xc3\xbc\xc3\xbc");
	assert_null(memchr(p.out.text, '\n', p.out.len));
	strbuf_clear(&p.out);
	p.column = 0;
	page_wrap(&p, 0, "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad abc");
	assert_non_null(memchr(p.out.text, '\n', p.out.len));
	strbuf_free(&p.out);
}

static void test_put__text_of_others_is_escaped(void **state)
{
	struct page p = { .width = 80, .color = true };

	(void)state;
	page_put(&p, ROLE_PLAIN, "a\033[31m");
	page_wrap(&p, 0, "x\ny");
	assert_string_equal(strbuf_text(&p.out), "a\\x1b[31mx\\x0ay");
	strbuf_free(&p.out);
}

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define INDENT "            "

static void test_wrap__a_long_digest_goes_over_several_lines(void **state)
{
	struct page p = { .width = 80 };

	(void)state;
	page_wrap(&p, 12, "digest " DIGITS DIGITS " which");
	assert_string_equal(
		strbuf_text(&p.out), "digest " DIGITS "\n" INDENT DIGITS "\n" INDENT "which");
	strbuf_free(&p.out);
}

static void test_wrap__a_long_name_goes_on_after_a_comma(void **state)
{
	static const char one[] = "CN=activation.service.example,CN=*.activation.service.example,";
	static const char two[] = "CN=validation.service.example";
	struct page p = { .width = 80 };
	char text[200], want[200];

	(void)state;
	(void)snprintf(text, sizeof text, "%s%s", one, two);
	(void)snprintf(want, sizeof want, "%s\n" INDENT "%s", one, two);
	page_wrap(&p, 12, text);
	assert_string_equal(strbuf_text(&p.out), want);
	strbuf_free(&p.out);
}

static void test_color__is_there_only_when_asked_for(void **state)
{
	struct page p = { .width = 80 };

	(void)state;
	page_put(&p, ROLE_ERROR, "FAIL");
	assert_string_equal(strbuf_text(&p.out), "FAIL");
	strbuf_clear(&p.out);
	p.color = true;
	p.column = 0;
	page_put(&p, ROLE_ERROR, "FAIL");
	assert_string_equal(strbuf_text(&p.out), "\033[1;31mFAIL\033[0m");
	assert_int_equal(p.column, 4);
	strbuf_free(&p.out);
}

static void test_blank_line__never_two_and_never_first(void **state)
{
	struct page p = { .width = 80 };

	(void)state;
	page_blank_line(&p);
	page_put(&p, ROLE_PLAIN, "a ");
	page_end_line(&p);
	page_blank_line(&p);
	page_blank_line(&p);
	page_put(&p, ROLE_PLAIN, "b");
	page_end_line(&p);
	assert_string_equal(strbuf_text(&p.out), "a\n\nb\n");
	strbuf_free(&p.out);
}

static void test_count__has_separators(void **state)
{
	char text[COUNT_TEXT];

	(void)state;
	assert_string_equal(page_count(0, text), "0");
	assert_string_equal(page_count(999, text), "999");
	assert_string_equal(page_count(1000, text), "1,000");
	assert_string_equal(page_count(UINT64_MAX, text), "18,446,744,073,709,551,615");
}

static void test_when__instants_are_rfc_3339(void **state)
{
	char text[WHEN_TEXT];

	(void)state;
	when_instant(1589794267123456789, text);
	assert_string_equal(text, "2020-05-18T09:31:07.123456Z");
	when_instant(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
	when_instant(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
	when_second(951782400, text);
	assert_string_equal(text, "2000-02-29T00:00:00Z");
	when_second(253402300799, text);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	when_readable(1589794267, text);
	assert_string_equal(text, "2020-05-18 09:31:07 UTC");
}

static void test_when__a_year_has_four_digits_or_all_it_needs(void **state)
{
	static const struct {
		int64_t year;
		const char *date;
	} rows[] = { { 33, "0033-04-03" }, { 10191, "10191-04-03" }, { -1, "-1-04-03" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[WHEN_TEXT];

		when_date(calendar_days(rows[i].year, 4, 3) * DAY_SECONDS, text);
		assert_string_equal(text, rows[i].date);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrap__breaks_at_blanks_and_indents),
		cmocka_unit_test(test_wrap__a_word_that_fits_nowhere_is_not_cut),
		cmocka_unit_test(test_wrap__counts_columns_not_bytes),
		cmocka_unit_test(test_put__text_of_others_is_escaped),
		cmocka_unit_test(test_wrap__a_long_digest_goes_over_several_lines),
		cmocka_unit_test(test_wrap__a_long_name_goes_on_after_a_comma),
		cmocka_unit_test(test_color__is_there_only_when_asked_for),
		cmocka_unit_test(test_blank_line__never_two_and_never_first),
		cmocka_unit_test(test_count__has_separators),
		cmocka_unit_test(test_when__instants_are_rfc_3339),
		cmocka_unit_test(test_when__a_year_has_four_digits_or_all_it_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
