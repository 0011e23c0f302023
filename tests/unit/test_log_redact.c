/* Copies of logs: what is taken out of which line, and what stays. */
#include "base/array.h"
#include "base/strbuf.h"
#include "log/log.h"
#include "support/unit.h"

#include <string.h>

static void keep(void *ctx, struct bytes line)
{
	strbuf_add(ctx, (const char *)line.data, line.len);
	strbuf_puts(ctx, "\n");
}

static void pass_over(void *ctx, const struct log_conn *c)
{
	(void)ctx;
	(void)c;
}

/* The copy of a log; the caller's to free. */
static struct strbuf copy_of(const char *text)
{
	struct strbuf copy = { 0 };
	const struct log_options o = { .redacted = keep, .redacted_ctx = &copy };
	struct log *l = log_open((struct log_conn_sink){ pass_over, NULL }, &o);

	assert_non_null(l);
	log_feed(l, bytes_of(text, strlen(text)));
	log_end(l);
	log_close(l);
	return copy;
}

static void expect(const char *text, const char *copy)
{
	struct strbuf made = copy_of(text);

	if (strcmp(strbuf_text(&made), copy) != 0)
		fail_msg("the copy of\n%sis\n%snot\n%s", text, strbuf_text(&made), copy);
	strbuf_free(&made);
}

struct row {
	const char *text, *copy;
};

static void expect_all(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect(rows[i].text, rows[i].copy);
}

static void test_redact__digits_behind_the_words_for_a_secret_are_masked(void **state)
{
	static const struct row rows[] = {
		{ "    Master-Key: 4C80A1B2C3D4E5F60718293A4B5C6D7E\n",
			"    Master-Key: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" },
		{ "|<9>| INT: CLIENT WRITE KEY [32]: 9ffdbf349f604b06d9463dc52c2d2073\n",
			"|<9>| INT: CLIENT WRITE KEY [32]: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" },
		{ "CLIENT_RANDOM 00112233445566778899aabbccddeeff "
		  "a1b2c3d4e5f60718293a4b5c6d7e8f90\n",
			"CLIENT_RANDOM 00112233445566778899aabbccddeeff "
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" },
		{ "ssl_client2 psk=1a2b psk_identity=sensor17 debug_level=3\n",
			"ssl_client2 psk=xxxx psk_identity=sensor17 debug_level=3\n" },
		{ "$ openssl s_client -psk 1a2b3c -connect a:1\n",
			"$ openssl s_client -psk xxxxxx -connect a:1\n" },
		{ "> Authorization: Basic dXNlcjp3b3Jk\n",
			"> Authorization: xxxxx xxxxxxxxxxxx\n" },
		{ "mqtts://sensor:word@broker.example:8883/\n",
			"mqtts://sensor:xxxx@broker.example:8883/\n" },
		{ "\"password\": \"hunter2\", \"port\": 8883\n",
			"\"password\": \"xxxxxxx\", \"port\": 8883\n" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_redact__what_is_no_secret_stays_as_it_is(void **state)
{
	static const char *const texts[] = {
		"ssl_cli.c:0639: |3| client hello, adding extended_master_secret extension\n",
		("dumping 'client hello, random bytes' (32 bytes)\n"
		 "0000:  5e c2 0b 1a 00 11 22 33 44 55 66 77 88 99 aa bb  ^.......\n"),
		"random: 4C80A1B2C3D4E5F60718293A4B5C6D7E\n",
		"Keystore was tampered with, or password was incorrect\n",
		"https://device.example:4433/a@b\n",
		"static const unsigned char rx[4] = {\n    0x16, 0x03, 0x03, 0x00,\n};\n",
		"static const uint8_t server_key_exchange[] = { 0x0c, 0x00, 0x00, 0xac };\n",
		"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		expect(texts[i], texts[i]);
}

static void test_redact__rows_of_a_dump_go_with_its_name_in_any_dress(void **state)
{
	static const struct row rows[] = {
		{ "ssl_tls.c:1078: |3| dumping 'master secret' (20 bytes)\n"
		  "ssl_tls.c:1078: |3| 0000:  93 ed 4b 4e f2 2a d6 15 b5 f4 90 ec 97 0d 87 7a  "
		  "..KN\n"
		  "ssl_tls.c:1078: |3| 0010:  01 02 03 04  ....\n"
		  "ssl_tls.c:1078: |2| <= derive keys\n",
			"ssl_tls.c:1078: |3| dumping 'master secret' (20 bytes)\n"
			"ssl_tls.c:1078: |3| 0000:  xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx "
			"xx  "
			"xxxx\n"
			"ssl_tls.c:1078: |3| 0010:  xx xx xx xx  xxxx\n"
			"ssl_tls.c:1078: |2| <= derive keys\n" },
		{ "[00:00:03.649,536] <dbg> mbedtls: ssl_tls.c:1078: dumping 'master secret' (4 "
		  "bytes)\n"
		  "[00:00:03.649,567] <dbg> mbedtls: ssl_tls.c:1078: 0000:  93 ed 4b 4e  ..KN\n",
			"[00:00:03.649,536] <dbg> mbedtls: ssl_tls.c:1078: dumping 'master secret' "
			"(4 bytes)\n"
			"[00:00:03.649,567] <dbg> mbedtls: ssl_tls.c:1078: 0000:  xx xx xx xx  "
			"xxxx\n" },
		{ "D (3283) mbedtls: ssl_tls.c:1078 dumping 'premaster secret' (4 bytes)\n"
		  "D (3284) mbedtls: ssl_tls.c:1078 0000:  93 ed 4b 4e  ..KN\n",
			"D (3283) mbedtls: ssl_tls.c:1078 dumping 'premaster secret' (4 bytes)\n"
			"D (3284) mbedtls: ssl_tls.c:1078 0000:  xx xx xx xx  xxxx\n" },
		{ "value of 'ECDH: z' (80 bits) is:\n"
		  " 01 da d3 55 4a 9b 15 19\n"
		  "[rtc] sync pending\n"
		  " f8 ad\n",
			"value of 'ECDH: z' (80 bits) is:\n"
			" xx xx xx xx xx xx xx xx\n"
			"[rtc] sync pending\n"
			" xx xx\n" },
		{ "dumping 'master secret' (16 bytes)\n"
		  "0000:  93 ed 4b 4e f2 2a d6 15 b5 f4 90 ec 97 0d 87 7a\n"
		  "0000:  93 ed 4b 4e f2 2a d6 15 b5 f4 90 ec 97 0d 87 7a\n",
			"dumping 'master secret' (16 bytes)\n"
			"0000:  xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx\n"
			"0000:  xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx\n" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_redact__a_dump_ends_where_another_begins(void **state)
{
	(void)state;
	expect("dumping 'master secret' (48 bytes)\n"
	       "0000:  93 ed 4b 4e f2 2a d6 15\n"
	       "dumping 'server hello' (8 bytes)\n"
	       "0000:  02 00 00 51 03 03 aa bb\n",
		"dumping 'master secret' (48 bytes)\n"
		"0000:  xx xx xx xx xx xx xx xx\n"
		"dumping 'server hello' (8 bytes)\n"
		"0000:  02 00 00 51 03 03 aa bb\n");
}

static void test_redact__a_secret_is_known_again_in_any_grouping(void **state)
{
	static const char *const groupings[] = { "93ed4b4ef22ad615b5f490ec970d877a",
		"93ED4B4E F22AD615 B5F490EC 970D877A",
		"93:ed:4b:4e:f2:2a:d6:15:b5:f4:90:ec:97:0d:87:7a",
		("0x93, 0xed, 0x4b, 0x4e, 0xf2, 0x2a, 0xd6, 0x15, 0xb5, 0xf4, 0x90, 0xec, 0x97, "
		 "0x0d, 0x87, 0x7a"),
		"\\x93\\xed\\x4b\\x4e\\xf2\\x2a\\xd6\\x15\\xb5\\xf4\\x90\\xec\\x97\\x0d\\x87\\x7a",
		"93ed 4b4e f22a d615 b5f4 90ec 970d 877a" };

	(void)state;
	for (size_t i = 0; i < COUNT(groupings); i++) {
		struct strbuf text = { 0 }, copy;
		const char *again;

		strbuf_printf(&text,
			"Master-Key: 93ED4B4EF22AD615B5F490EC970D877A\nagain: %s\nother: "
			"00112233445566778899aabbccddeeff\n",
			groupings[i]);
		copy = copy_of(strbuf_text(&text));
		assert_non_null(
			strstr(strbuf_text(&copy), "other: 00112233445566778899aabbccddeeff"));
		again = strstr(strbuf_text(&copy), "again: ") + strlen("again: ");
		assert_int_equal(again[strcspn(again, "123456789\n")], '\n');
		strbuf_free(&text);
		strbuf_free(&copy);
	}
}

static void test_redact__private_keys_go_in_pem_and_in_arrays(void **state)
{
	static const struct row rows[] = {
		{ "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE+/A=\n-----END EC PRIVATE "
		  "KEY-----\nMIIB\n",
			"-----BEGIN EC PRIVATE KEY-----\nxxxxxxxxxxxx\n-----END EC PRIVATE "
			"KEY-----\nMIIB\n" },
		{ "key = \"-----BEGIN PRIVATE KEY-----\\nMHcC\\n-----END PRIVATE KEY-----\\n\";\n",
			"key = \"-----BEGIN PRIVATE KEY-----\\nxxxx\\n-----END PRIVATE "
			"KEY-----\\n\";\n" },
		{ "uint8_t device_key[] = { 0x30, 0x77,\n  0x02, 0x01 };\nuint8_t crt[] = { 0x30 "
		  "};\n",
			"uint8_t device_key[] = { 0xxx, 0xxx,\n  0xxx, 0xxx };\nuint8_t crt[] = { "
			"0x30 };\n" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_redact__application_data_goes_and_the_handshake_stays(void **state)
{
	(void)state;
	expect("=> handshake\n"
	       "dumping 'input payload after decrypt' (16 bytes)\n"
	       "0000:  14 00 00 0c aa bb cc dd 01 02 03 04 05 06 07 08\n"
	       "<= handshake\n"
	       "dumping 'input payload after decrypt' (2 bytes)\n"
	       "0000:  01 00\n"
	       "dumping 'input payload after decrypt' (16 bytes)\n"
	       "0000:  48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d  HTTP/1.1 200 OK.\n",
		"=> handshake\n"
		"dumping 'input payload after decrypt' (16 bytes)\n"
		"0000:  14 00 00 0c aa bb cc dd 01 02 03 04 05 06 07 08\n"
		"<= handshake\n"
		"dumping 'input payload after decrypt' (2 bytes)\n"
		"0000:  01 00\n"
		"dumping 'input payload after decrypt' (16 bytes)\n"
		"0000:  xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx xx  xxxxxxxx xxx xxx\n");
	expect("<= Recv data, 6 bytes (0x6)\n0000: 48 65 6c 6c 6f 0a             Hello.\n"
	       "== Info: Connection #0 to host a left intact\n",
		"<= Recv data, 6 bytes (0x6)\n0000: xx xx xx xx xx xx             xxxxxx\n"
		"== Info: Connection #0 to host a left intact\n");
	expect("=> Send header, 20 bytes (0x14)\n0000: GET / HTTP/1.1\n000f: Host: a\n"
	       "== Info: done\n",
		"=> Send header, 20 bytes (0x14)\n0000: xxx x xxxxxxxx\n000f: xxxxx x\n"
		"== Info: done\n");
}

static void test_redact__no_line_is_too_long_or_too_odd(void **state)
{
	struct strbuf text = { 0 }, copy;

	(void)state;
	for (size_t i = 0; i < 40000; i++)
		strbuf_puts(&text, i % 3 == 0 ? "psk=" : i % 3 == 1 ? "0x" : "-----BEGIN[");
	strbuf_puts(&text, "\nkey[={\n://:@\nMaster-Key:\nCLIENT_RANDOM \nmaster secret (\n");
	copy = copy_of(strbuf_text(&text));
	assert_true(copy.len != 0);
	strbuf_free(&text);
	strbuf_free(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_redact__digits_behind_the_words_for_a_secret_are_masked),
		cmocka_unit_test(test_redact__what_is_no_secret_stays_as_it_is),
		cmocka_unit_test(test_redact__rows_of_a_dump_go_with_its_name_in_any_dress),
		cmocka_unit_test(test_redact__a_dump_ends_where_another_begins),
		cmocka_unit_test(test_redact__a_secret_is_known_again_in_any_grouping),
		cmocka_unit_test(test_redact__private_keys_go_in_pem_and_in_arrays),
		cmocka_unit_test(test_redact__application_data_goes_and_the_handshake_stays),
		cmocka_unit_test(test_redact__no_line_is_too_long_or_too_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
