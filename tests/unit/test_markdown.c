/* src/report/markdown: pages rendered for a terminal. */
#include "support/unit.h"

#include "report/markdown.h"

#define MAX_LINES 8

struct row {
	const char *claim;
	const char *lines[MAX_LINES];
	const char *want;
};

static void expect(const struct row *row, unsigned width, bool color)
{
	struct page p = { .width = width, .color = color };

	markdown_put(&p, row->lines);
	if (strcmp(strbuf_text(&p.out), row->want) != 0)
		fail_msg("%s:\n%s", row->claim, strbuf_text(&p.out));
	strbuf_free(&p.out);
}

static void test_markdown__blocks_are_laid_out(void **state)
{
	static const struct row rows[] = {
		{ "an empty page is nothing", { NULL }, "" },
		{ "lines of a paragraph are joined and wrapped", { "one two", "three four five" },
			"one two three four\nfive\n" },
		{ "a heading loses its marks, with an empty line before it",
			{ "text", "## How it is", "more" }, "text\n\nHow it is\nmore\n" },
		{ "a heading is wrapped, and its further lines stand in",
			{ "# one-two: three `four` five six" },
			"one-two: three four\n  five six\n" },
		{ "a number sign that begins no heading is text", { "#8 is a packet" },
			"#8 is a packet\n" },
		{ "items of a list hang", { "- one two three four", "  five", "- six" },
			"- one two three four\n  five\n- six\n" },
		{ "numbers are markers of a list",
			{ "1. one two three", "   four five", "10. six" },
			"1. one two three\n   four five\n10. six\n" },
		{ "a list inside a list keeps its place", { "- one", "  - two" },
			"- one\n  - two\n" },
		{ "a dash inside a line is no list", { "one - two" }, "one - two\n" },
		{ "several empty lines are one", { "a", "", "", "b" }, "a\n\nb\n" },
		{ "indented code is not wrapped",
			{ "run", "", "    openssl verify -x509_strict", "", "so" },
			"run\n\n    openssl verify -x509_strict\n\nso\n" },
		{ "fenced code is not wrapped, nor is it markup",
			{ "```sh", "# a `b` c d e f g h i j k", "- x", "```", "so" },
			"    # a `b` c d e f g h i j k\n    - x\nso\n" },
		{ "a fence that is left open ends with the page", { "```", "x" }, "    x\n" },
		{ "a word wider than the page is not cut",
			{ "see MBEDTLS_ERR_X509_CERT_VERIFY_FAILED now" },
			"see\nMBEDTLS_ERR_X509_CERT_VERIFY_FAILED\nnow\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(&rows[i], 20, false);
}

static void test_markdown__marks_inside_text(void **state)
{
	static const struct row rows[] = {
		{ "code and strong are bold", { "a `b c` **d**." },
			"a \033[1mb\033[0m \033[1mc\033[0m \033[1md\033[0m.\n" },
		{ "a heading is bold, marks or not", { "# a `b`" },
			"\033[1ma\033[0m \033[1mb\033[0m\n" },
		{ "a mark inside a word", { "(`--ca`)," }, "(\033[1m--ca\033[0m),\n" },
		{ "a mark may close on the next line", { "`a", "b`" },
			"\033[1ma\033[0m \033[1mb\033[0m\n" },
		{ "what is never closed is text", { "a ` b ** c" }, "a ` b ** c\n" },
		{ "stars inside code are text", { "`a**b**`" }, "\033[1ma**b**\033[0m\n" },
		{ "one star is text", { "MBEDTLS_ECP_DP_*" }, "MBEDTLS_ECP_DP_*\n" },
		{ "nothing between marks is nothing", { "a `` b" }, "a b\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(&rows[i], 40, true);
}

static void test_markdown__marks_take_no_columns(void **state)
{
	static const struct row row = { "wrapping counts what is seen", { "`aaaa` `bbbb` `cccc`" },
		"aaaa bbbb\ncccc\n" };

	(void)state;
	expect(&row, 9, false);
}

static void test_markdown__a_deep_item_stays_on_the_page(void **state)
{
	static const struct row row = { "half the width at most",
		{ "- a", "                              - b c d" }, "- a\n     - b c\n       d\n" };

	(void)state;
	expect(&row, 10, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markdown__blocks_are_laid_out),
		cmocka_unit_test(test_markdown__marks_inside_text),
		cmocka_unit_test(test_markdown__marks_take_no_columns),
		cmocka_unit_test(test_markdown__a_deep_item_stays_on_the_page),
	};

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
