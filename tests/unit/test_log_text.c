/* From bytes to lines, and what stands before the words of a program. */
#include "base/strbuf.h"
#include "log/dress.h"
#include "log/text.h"
#include "support/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void show_line(void *ctx, struct bytes line, uint64_t number, bool clipped)
{
	strbuf_printf(ctx, "%" PRIu64 "%s|", number, clipped ? "!" : "");
	strbuf_add(ctx, (const char *)line.data, line.len);
	strbuf_puts(ctx, "|");
}

/* The same whatever pieces it comes in. */
static void assert_lines(const char *text, size_t len, const char *expected)
{
	for (size_t piece = 1; piece <= len + 1; piece += piece < 5 ? 1 : len) {
		struct log_text t;
		struct strbuf out = { 0 };

		assert_true(log_text_open(&t));
		t.take = show_line;
		t.ctx = &out;
		for (size_t at = 0; at < len; at += piece)
			log_text_feed(&t, bytes_slice(bytes_of(text, len), at, piece));
		log_text_end(&t);
		assert_string_equal(strbuf_text(&out), expected);
		strbuf_free(&out);
		log_text_close(&t);
	}
}

#define LINES(text, expected) assert_lines(text, sizeof(text) - 1, expected)

static void test_lines__end_as_any_system_ends_them(void **state)
{
	(void)state;
	LINES("a\nb\r\nc\rd", "1|a|2|b|3|c|4|d|");
	LINES("a\n\nb\n", "1|a|2||3|b|");
	LINES("", "");
}

static void test_lines__lose_colours_and_controls(void **state)
{
	(void)state;
	LINES("\x1b[0;32mI (5) x: y\x1b[0m\n", "1|I (5) x: y|");
	LINES("\x1b]0;title\x07rest", "1|rest|");
	LINES("ab\bc\x01"
	      "d\te",
		"1|acd\te|");
	/* A sequence that is cut ends with its line. */
	LINES("a\x1b[3\nb", "1|a|2|b|");
}

static void test_lines__of_utf16_are_read(void **state)
{
	(void)state;
	LINES("\xff\xfe"
	      "a\0\n\0\xe9\0",
		"1|a|2|\xc3\xa9|");
	LINES("\xfe\xff\0a\0\n\0b", "1|a|2|b|");
	LINES("a\0b\0\r\0\n\0", "1|ab|");
	LINES("\xff\xfe\x3d\xd8\x00\xde", "1|\xf0\x9f\x98\x80|");
}

static void test_lines__of_a_page_are_read_as_they_are_shown(void **state)
{
	(void)state;
	LINES("&gt;&gt;&gt; TLS&#x27;s &amp; &lt;more&gt; &quot;&nbsp;",
		"1|>>> TLS's & <more> \" |");
	LINES("&gt", "1|&gt|");
	LINES("a & b &unknown; &", "1|a & b &unknown; &|");
	LINES("a\xc2\xa0\xe2\x80\xaf"
	      "b\xe2\x80\x8b"
	      "c",
		"1|a  bc|");
}

static void test_lines__that_are_no_utf8_are_mended(void **state)
{
	(void)state;
	LINES("a\xff"
	      "b",
		"1|a\xef\xbf\xbd"
		"b|");
	LINES("\xc3\xa9\xe2\x82\xac", "1|\xc3\xa9\xe2\x82\xac|");
	LINES("\xe2\x82x", "1|\xef\xbf\xbdx|");
	LINES("\xed\xa0\x80.", "1|\xef\xbf\xbd.|"); /* a surrogate */
	LINES("x\xc3", "1|x\xef\xbf\xbd|");
}

static void test_lines__of_any_length_cost_bounded_memory(void **state)
{
	struct log_text t;
	struct strbuf out = { 0 };
	char block[1000];

	(void)state;
	memset(block, 'x', sizeof block);
	assert_true(log_text_open(&t));
	t.take = show_line;
	t.ctx = &out;
	for (unsigned i = 0; i < 100; i++)
		log_text_feed(&t, bytes_of(block, sizeof block));
	log_text_feed(&t, bytes_of("\nshort", 6));
	log_text_end(&t);
	assert_int_equal(out.len, strlen("1!||2|short|") + LOG_LINE_MAX);
	assert_int_equal(t.clipped_lines, 1);
	strbuf_free(&out);
	log_text_close(&t);
}

/* ---- prefixes ---- */

struct dressed {
	const char *whole, *text, *tag;
	char level;
	int64_t ms; /* -1: no time */
};

static void test_dress__is_taken_off(void **state)
{
	static const struct dressed cases[] = {
		{ "plain: text", "plain: text", "", 0, -1 },
		{ "I (1234) mbedtls: ssl_tls.c:10 => x", "ssl_tls.c:10 => x", "mbedtls", 'I',
			1234 },
		{ "W (00:00:01.500) esp-tls: no", "no", "esp-tls", 'W', 1500 },
		{ "<inf> mbedtls: a", "a", "mbedtls", 'I', -1 },
		{ "[00:00:02.250,000] <dbg> mbedtls: a", "a", "mbedtls", 'D', 2250 },
		{ "00> ssl_cli.c:1: b", "ssl_cli.c:1: b", "", 0, -1 },
		{ "10:00:00.250 -> ssl_cli.c:1: b", "ssl_cli.c:1: b", "", 0, 36000250 },
		{ "[    1.204911] random: init", "random: init", "", 0, 1204 },
		{ "2026-11-29T19:18:06.629Z text", "text", "", 0, 1795979886629 },
		{ "> quoted", "quoted", "", 0, -1 },
		{ "- `I (1) tls: x`", "x", "tls", 'I', 1 },
		{ "12. `   a:PKEY: x` ", "   a:PKEY: x", "", 0, -1 },
		{ "`subject `CN=x', y`", "subject `CN=x', y", "", 0, -1 },
		{ "- `CN=x', issuer", "- `CN=x', issuer", "", 0, -1 },
		{ "- Status: x", "- Status: x", "", 0, -1 },
		{ "``", "", "", 0, -1 },
		{ "`", "`", "", 0, -1 },
		{ "| 12 | * text (13) |", "* text (13)", "", 0, -1 },
		{ "| <<< TLS | ", "<<< TLS", "", 0, -1 },
		{ "| |", "| |", "", 0, -1 },
		{ "|3| text |", "|3| text |", "", 0, -1 },
		{ ">> quoted", "quoted", "", 0, -1 },
		{ "[00:00:02.250,000] <dbg> net: zephyr_mbedtls_debug: a", "a", "net", 'D', 2250 },
		{ "<dbg> mbedtls: ssl_tls.c:0123: a", "ssl_tls.c:0123: a", "mbedtls", 'D', -1 },
		{ "Nov 30 08:00:01 host app[12]: a", "a", "app", 0, 28801000 },
		{ "Nov 30 08:00:01", "Nov 30 08:00:01", "", 0, -1 },
		{ "<134>1 2026-11-29T19:18:06Z host app 12 - - a", "a", "", 0, -1 },
		{ "<dump of x>", "<dump of x>", "", 0, -1 },
		{ "device-1  | a", "a", "", 0, -1 },
		{ "|<3>| a", "|<3>| a", "", 0, -1 },
		{ "2026-11-29T19:18:06.629Z stdout F a", "a", "", 0, 1795979886629 },
		{ "11-30 08:00:01.123  2231  2240 I mbedtls : a", "a", "", 'I', 28801123 },
		{ "[   800][D][ssl_client.cpp:210] debug(): a", "a", "", 'D', 800 },
		{ "10:00:00 DEBUG 0010 - 16 03", "0010 - 16 03", "", 'D', 36000000 },
		{ "[DEBUG] a", "a", "", 'D', -1 },
		{ "ERROR a", "ERROR a", "", 0, -1 },
		{ "10:00:00 DEBUG tls: a", "a", "", 'D', 36000000 },
		{ "10:00:00 INFO 4711 --- [main] tls.Client : a", "a", "", 'I', 36000000 },
		{ "10:00:00 INFO ssl_tls.c:10: a", "ssl_tls.c:10: a", "", 'I', 36000000 },
		{ "<p>A post:</p><pre><code>CONNECTED(00000003)",
			"A post:</p><pre><code>CONNECTED(00000003)", "", 0, -1 },
		{ "<pre><code>CONNECTED(00000003)", "CONNECTED(00000003)", "", 0, -1 },
		{ "> 00> I (7) a: b", "b", "a", 'I', 7 },
		{ ">>> TLS 1.2, Handshake", ">>> TLS 1.2, Handshake", "", 0, -1 },
		{ "0000 - 16 03 01", "0000 - 16 03 01", "", 0, -1 },
		{ "00000000: 1603 0100", "00000000: 1603 0100", "", 0, -1 },
		{ "    16 03 01 00", "    16 03 01 00", "", 0, -1 },
		{ "16:03:01:00:ce", "16:03:01:00:ce", "", 0, -1 },
		{ "[0010] 16 03", "[0010] 16 03", "", 0, -1 },
		{ "", "", "", 0, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct log_line line = { .whole =
						 bytes_of(cases[i].whole, strlen(cases[i].whole)) };
		char text[80], tag[40];

		dress_take_off(&line);
		(void)snprintf(text, sizeof text, "%.*s", (int)line.text.len,
			(const char *)line.text.data);
		(void)snprintf(
			tag, sizeof tag, "%.*s", (int)line.tag.len, (const char *)line.tag.data);
		assert_string_equal(text, cases[i].text);
		assert_string_equal(tag, cases[i].tag);
		assert_int_equal(line.level, cases[i].level);
		if (cases[i].ms < 0)
			assert_true(line.at.time == LOG_NO_TIME);
		else if (cases[i].ms < 1000000000)
			assert_int_equal(line.at.time / 1000000, cases[i].ms);
		else /* 2026-11-29 19:18:06.629 */
			assert_int_equal(line.at.time / 1000000, 1795979886629);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines__end_as_any_system_ends_them),
		cmocka_unit_test(test_lines__lose_colours_and_controls),
		cmocka_unit_test(test_lines__of_utf16_are_read),
		cmocka_unit_test(test_lines__of_a_page_are_read_as_they_are_shown),
		cmocka_unit_test(test_lines__that_are_no_utf8_are_mended),
		cmocka_unit_test(test_lines__of_any_length_cost_bounded_memory),
		cmocka_unit_test(test_dress__is_taken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
