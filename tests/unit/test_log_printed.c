/* Certificates that logs print as text: whose they are, and until when. */
#include "log/printed.h"

#include "support/unit.h"

#include <stdlib.h>

static bool put(struct printed *p, const char *text, uint64_t number)
{
	struct log_line line = { .at = { number, LOG_NO_TIME } };

	line.text = line.whole = bytes_of(text, strlen(text));
	return printed_take(p, &line);
}

static void test_printed__by_each_library_in_its_words(void **state)
{
	static const struct {
		const char *lines[4], *subject, *until;
	} rows[] = {
		{ { "ssl_tls.c:2454: |3| 0x7fff: subject name      : CN=localhost",
			  "ssl_tls.c:2454: |3| 0x7fff: issued  on        : 2026-11-30 15:52:31",
			  "ssl_tls.c:2454: |3| 0x7fff: expires on        : 2026-12-30 15:52:31" },
			"CN=localhost", "2026-12-30 15:52:31" },
		{ { "        Issuer: CN = Root", "            Not Before: Nov 30 15:35:23 2026 GMT",
			  "            Not After : Dec 30 15:35:23 2026 GMT",
			  "        Subject: CN = x.example" },
			"CN = x.example", "Dec 30 15:35:23 2026 GMT" },
		{ { " - subject `CN=localhost,O=Org', issuer `CN=CA', serial 0x09, RSA key 2048 "
		    "bits, signed using RSA-SHA256, activated `2013-09-24 15:52:04 UTC', expires "
		    "`2023-09-22 15:52:04 UTC', pin-sha256=\"x\"" },
			"CN=localhost,O=Org", "2023-09-22 15:52:04 UTC" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct printed p = { 0 };
		bool known = false;
		uint64_t number = 0;

		while (number < 4 && rows[i].lines[number] != NULL) {
			assert_false(known);
			known = put(&p, rows[i].lines[number], 7 + number);
			number++;
		}
		assert_true(known);
		assert_string_equal(p.subject, rows[i].subject);
		assert_string_equal(p.until, rows[i].until);
		assert_true(p.line >= 7 && p.line < 11);
	}
}

static void test_printed__other_lines_say_nothing(void **state)
{
	static const char *const lines[] = { "", ":", "  :", "Subject: ", "expires on: Monday",
		"my subject name : the weather", "- subject `CN=x', issuer `CN=y'",
		"Re: Subject: CN = x" };
	struct printed p = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_false(put(&p, lines[i], 1));
	assert_string_equal(p.until, "");
}

/* Every beginning, in room of its own: nothing is read behind the end. */
static void test_printed__a_line_may_end_anywhere(void **state)
{
	static const char line[] = "- subject `CN=x', expires `2023', expires on        : 2024";

	(void)state;
	for (size_t len = 0; len < sizeof line; len++) {
		struct printed p = { 0 };
		char *cut = malloc(len + 1);

		assert_non_null(cut);
		memcpy(cut, line, len);
		cut[len] = '\0';
		(void)put(&p, cut, 1);
		assert_true(strlen(p.until) < PRINTED_MAX);
		free(cut);
	}
}

/* Nothing in front of the blanks: it was looked for before the line began. */
static void test_printed__a_line_that_is_shorter_than_the_words_is_none(void **state)
{
	(void)state;
	for (size_t blanks = 0; blanks < 24; blanks++) {
		char *exact = malloc(blanks + 1); /* so that a byte too far is seen */
		struct printed p = { 0 };
		struct log_line line = { .at = { 1, LOG_NO_TIME } };

		assert_non_null(exact);
		memset(exact, ' ', blanks);
		exact[blanks] = ':';
		exact[0] = blanks != 0 ? '.' : ':'; /* or it is trimmed */
		line.text = line.whole = bytes_of(exact, blanks + 1);
		assert_false(printed_take(&p, &line));
		free(exact);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed__a_line_that_is_shorter_than_the_words_is_none),
		cmocka_unit_test(test_printed__by_each_library_in_its_words),
		cmocka_unit_test(test_printed__other_lines_say_nothing),
		cmocka_unit_test(test_printed__a_line_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
