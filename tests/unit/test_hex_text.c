/* Bytes out of dumps, C and digits: the forms that tools write, and what is wrong told by its place. */
#include "base/hex_text.h"

#include "support/hex.h"
#include "support/unit.h"

/* What the dumps below show: of its ASCII some looks like hexadecimal, and two lines are equal. */
#define SAMPLE                                                                                     \
	"16030161 62206364 20313200 00000000 00000000000000000000000000000000"                     \
	"00000000000000000000000000000000 0000000000000000 78797a"

enum { ROOM = 256 };

/* The run that the text holds; fails the test when it is not one. */
static struct hex_run run_of(const char *text, uint8_t room[static ROOM])
{
	struct hex_run run = { .data = room, .room = ROOM };
	struct hex_text t;
	struct err e = { 0 };

	hex_text_open(&t, bytes_of(text, strlen(text)));
	if (!hex_text_next(&t, &run, &e))
		fail_msg("'%.40s': %s", text, e.msg);
	return run;
}

static void test_hex_text__forms_of_tools_are_read(void **state)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		/* xxd */
		{ "00000000: 1603 0161 6220 6364 2031 3200 0000 0000  ...ab cd 12.....\n"
		  "00000010: 0000 0000 0000 0000 0000 0000 0000 0000  ................\n"
		  "00000020: 0000 0000 0000 0000 0000 0000 0000 0000  ................\n"
		  "00000030: 0000 0000 0000 0000 7879 7a              ........xyz\n",
			SAMPLE },
		/* xxd -g1 -c 8 */
		{ "00000000: 16 03 01 61 62 20 63 64  ...ab cd\n"
		  "00000008: 20 31 32 00 00 00 00 00   12.....\n"
		  "00000010: 00 00 00 00 00 00 00 00  ........\n"
		  "00000018: 00 00 00 00 00 00 00 00  ........\n"
		  "00000020: 00 00 00 00 00 00 00 00  ........\n"
		  "00000028: 00 00 00 00 00 00 00 00  ........\n"
		  "00000030: 00 00 00 00 00 00 00 00  ........\n"
		  "00000038: 78 79 7a                 xyz\n",
			SAMPLE },
		/* xxd -i */
		{ "unsigned char s1[] = {\n  0x16, 0x03, 0x01, 0x61 /* a */\n};\n"
		  "unsigned int s1_len = 4;\n",
			"16030161" },
		/* xxd -p */
		{ "160301616220\n6364\n", "1603016162206364" },
		/* hexdump -C */
		{ "00000000  16 03 01 61 62 20 63 64  20 31 32 00 00 00 00 00  |...ab cd 12.....|\n"
		  "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
		  "*\n"
		  "00000030  00 00 00 00 00 00 00 00  78 79 7a                 |........xyz|\n"
		  "0000003b\n",
			SAMPLE },
		/* od -t x1 */
		{ "0000000 16 03 01 61 62 20 63 64 20 31 32 00 00 00 00 00\n"
		  "0000020 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		  "*\n"
		  "0000060 00 00 00 00 00 00 00 00 78 79 7a\n"
		  "0000073\n",
			SAMPLE },
		/* od -A x -t x1z */
		{ "000000 16 03 01 61 62 20 63 64 20 31 32 00 00 00 00 00  >...ab cd 12.....<\n"
		  "000010 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  >................<\n"
		  "*\n"
		  "000030 00 00 00 00 00 00 00 00 78 79 7a                 >........xyz<\n"
		  "00003b\n",
			SAMPLE },
		/* od -A d -t x1 */
		{ "0000000 16 03 01 61 62 20 63 64 20 31 32 00 00 00 00 00\n"
		  "0000016 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		  "*\n"
		  "0000048 00 00 00 00 00 00 00 00 78 79 7a\n"
		  "0000059\n",
			SAMPLE },
		/* tcpdump -X */
		{ "12:00:01.000001 IP 192.0.2.1.4444 > 192.0.2.2.443: Flags [P.], length 20\n"
		  "\t0x0000:  4500 003c 0000 4000 4006 b6b0 c000 0201  E..<..@.@.......\n"
		  "\t0x0010:  c000 0202                                ab c\n",
			"4500003c000040004006b6b0c0000201c0000202" },
		/* Wireshark: the dump of a packet, and "as a hex stream" */
		{ "0000   16 03 01 61 62 20 63 64 20 31 32 00 00 00 00 00   ...ab cd 12.....\n"
		  "0010   78 79 7a                                          xyz\n",
			"16030161622063642031320000000000 78797a" },
		{ "16030100C1", "16030100c1" },
		/* gdb's x/12xb */
		{ "0x20000400 <buffer>:\t0x16\t0x03\t0x01\t0x61\t0x62\t0x20\t0x63\t0x64\n"
		  "0x20000408 <buffer+8>:\t0x20\t0x31\t0x32\t0x00\n",
			"160301616220636420313200" },
		/* openssl s_client -msg */
		{ ">>> TLS 1.0, RecordHeader [length 0005]\n    16 03 01 00 c1\n"
		  ">>> TLS 1.3, Handshake [length 00c1], ClientHello\n    01 00 00 bd\n",
			"160301 00c1 010000bd" },
		/* by hand */
		{ "16:03:01:00", "16030100" },
		{ "16-03-01-00\r\n", "16030100" },
		{ "# a hello\n16 0301 // and on\n0x00, 0xC1, 0x1", "16030100c101" },
		{ "const char hello[] = \"\\x16\\x03\"\n\t\"\\x01\";\n", "160301" },
		{ "{ 22, 3, 0x1, 255, }", "160301ff" },
		{ "\xef\xbb\xbf"
		  "1603",
			"1603" },
		{ "", "" },
		{ " \n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t room[ROOM], want[ROOM];
		struct hex_run run = run_of(rows[i].text, room);
		size_t n = hex_decode(rows[i].hex, want, sizeof want);

		if (run.len != n || (n != 0 && memcmp(run.data, want, n) != 0))
			fail_msg("'%.60s': %zu bytes", rows[i].text, run.len);
	}
}

static void test_hex_text__units_can_be_turned_round(void **state)
{
	static const struct {
		const char *text, *hex;
		unsigned unit;
	} rows[] = {
		/* hexdump; the last number is wider than the last byte */
		{ "0000000 0316 6101 2062 6463 3120 0032 0000 0000\n"
		  "0000010 0000 0000 0000 0000 0000 0000 0000 0000\n"
		  "*\n"
		  "0000030 0000 0000 0000 0000 7978 007a          \n"
		  "000003b\n",
			SAMPLE "00", 2 },
		/* od -t x4 */
		{ "0000000 61010316 64632062 00323120 00000000\n"
		  "0000020 00000000 00000000 00000000 00000000\n"
		  "*\n"
		  "0000060 00000000 00000000 007a7978\n"
		  "0000073\n",
			SAMPLE "00", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t room[ROOM];
		struct hex_run run = run_of(rows[i].text, room);

		assert_int_equal(run.unit, rows[i].unit);
		hex_run_swap(&run);
		assert_bytes_are_hex(run, rows[i].hex);
	}
}

static void test_hex_text__dumps_follow_each_other(void **state)
{
	static const char text[] =
		"first\n0000  01 02\n0002  03\n\nsecond\n0000  04 05\n0000  06\n";
	static const struct {
		const char *hex;
		size_t line;
	} runs[] = { { "010203", 2 }, { "0405", 6 }, { "06", 7 }, { "", 7 } };
	uint8_t room[ROOM];
	struct hex_run run = { .data = room, .room = sizeof room };
	struct hex_text t;
	struct err e;

	(void)state;
	hex_text_open(&t, bytes_of(text, sizeof text - 1));
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		assert_true(hex_text_next(&t, &run, &e));
		assert_bytes_are_hex(run, runs[i].hex);
		assert_int_equal(run.line, runs[i].line);
	}
}

static void test_hex_text__what_is_wrong_is_told_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "16 03\n01 0g", "line 2, column 4: a digit without its second" },
		{ "16 03\n  hello", "line 2, column 3: no hexadecimal digit" },
		{ "16 03 0", "line 1, column 7: a digit without its second" },
		{ "16 \x80", "line 1, column 4: no hexadecimal digit" },
		{ "0x", "line 1, column 3: no hexadecimal digit" },
		{ "{ 22, 256 }", "line 1, column 7: a number that is no byte" },
		{ "{ 22, 0x1603 }", "line 1, column 9: a number that is no byte" },
		{ "{ 22, ff }", "line 1, column 7: no hexadecimal digit" },
		{ "0000  01 02\n0002  03 04\n0006  05\n",
			"line 3: its offset does not follow: a line is missing or cut" },
		{ "0000  01 02\n0001  03 04\n0001  05\n",
			"line 3: its offset does not follow: a line is missing or cut" },
		{ "0000: 01 02\n0400: 03\n",
			"line 2: its offset does not follow: a line is missing or cut" },
		{ "0000: 01 02\n0002: 03 04\nfffffffffffffff0: 03\n",
			"line 3: its offset does not follow: a line is missing or "
			"cut" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t room[ROOM];
		struct hex_run run = { .data = room, .room = ROOM };
		struct hex_text t;
		struct err e = { 0 };

		hex_text_open(&t, bytes_of(rows[i].text, strlen(rows[i].text)));
		if (hex_text_next(&t, &run, &e))
			fail_msg("'%s' was read", rows[i].text);
		assert_string_equal(e.msg, rows[i].says);
		assert_int_equal(e.code, ERR_INPUT);
	}
}

/* A '*' may stand for any number of lines, but not for more than there is room for. */
static void test_hex_text__room_is_kept_to(void **state)
{
	static const struct {
		const char *text;
		size_t room;
	} rows[] = {
		{ "16030100c1", 4 },
		{ "0000: 01 02\n0002: 03 04\n", 3 },
		{ "00000000: 01 02\n00000002: 03 04\n*\nffffff00\n", ROOM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t room[ROOM];
		struct hex_run run = { .data = room, .room = rows[i].room };
		struct hex_text t;
		struct err e = { 0 };

		hex_text_open(&t, bytes_of(rows[i].text, strlen(rows[i].text)));
		assert_false(hex_text_next(&t, &run, &e));
		assert_int_equal(e.code, ERR_LIMIT);
	}
}

static void test_hex_text__is_told_from_other_bytes(void **state)
{
	(void)state;
	assert_true(hex_text_plausible(bytes_of("16 03\r\n\t", 8)));
	assert_false(hex_text_plausible(bytes_of("\x16\x03\x01", 3)));
	assert_false(hex_text_plausible(bytes_of("16\0", 3)));
	assert_false(hex_text_plausible(bytes_of("", 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hex_text__forms_of_tools_are_read),
		cmocka_unit_test(test_hex_text__units_can_be_turned_round),
		cmocka_unit_test(test_hex_text__dumps_follow_each_other),
		cmocka_unit_test(test_hex_text__what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(test_hex_text__room_is_kept_to),
		cmocka_unit_test(test_hex_text__is_told_from_other_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
