/* src/report/utf8: what a peer sent, made fit for a terminal. */
#include "support/unit.h"

#include "report/utf8.h"

#include <string.h>

struct safe_row {
	const char *in;
	size_t len;
	bool utf8;
	const char *out;
};

static void test_safe__nothing_a_terminal_obeys_gets_through(void **state)
{
	static const struct safe_row rows[] = {
		{ "forum.example", 13, false, "forum.example" },
		{ "a\033[2Jb", 6, true, "a\\x1b[2Jb" },
		{ "a\0b\r\n", 5, true, "a\\x00b\\x0d\\x0a" },
		{ "\x7f", 1, true, "\\x7f" },
		{ "\xc2\x9b"
		  "31m",
			5, true, "\\xc2\\x9b31m" }, /* CSI as one character */
		{ "\xe2\x80\xae"
		  "gpj",
			6, true, "\\xe2\\x80\\xaegpj" }, /* right-to-left override */
		{ "\xff\xfe", 2, true, "\\xff\\xfe" },
		{ "\xc0\xaf", 2, true, "\\xc0\\xaf" },          /* a slash in too long a form */
		{ "\xed\xa0\x80", 3, true, "\\xed\\xa0\\x80" }, /* half of a surrogate pair */
		{ "b\xc3\xbc", 3, true, "b\xc3\xbc" },
		{ "b\xc3\xbc", 3, false, "b\\xc3\\xbc" },
		{ "\xc3", 1, true, "\\xc3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf out = { 0 };

		utf8_put_safe(&out, bytes_of(rows[i].in, rows[i].len), rows[i].utf8, SIZE_MAX);
		assert_string_equal(strbuf_text(&out), rows[i].out);
		strbuf_free(&out);
	}
}

static void test_safe__long_names_end_in_dots(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	utf8_put_safe(&out, bytes_of("abcdefgh", 8), true, 4);
	assert_string_equal(strbuf_text(&out), "abcd...");
	strbuf_clear(&out);
	utf8_put_safe(&out, bytes_of("abcd", 4), true, 4);
	assert_string_equal(strbuf_text(&out), "abcd");
	strbuf_free(&out);
}

static void test_columns__wide_and_combining_characters_count_as_shown(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns('a'), 1);
	assert_int_equal(utf8_columns(0xfc), 1);
	assert_int_equal(utf8_columns(0x301), 0);
	assert_int_equal(utf8_columns(0x4e2d), 2);
	assert_int_equal(utf8_columns(0x1f512), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe__nothing_a_terminal_obeys_gets_through),
		cmocka_unit_test(test_safe__long_names_end_in_dots),
		cmocka_unit_test(test_columns__wide_and_combining_characters_count_as_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
