/*
 * What is spoken by a side that does not speak TLS: for each protocol the least that is enough, and
 * what misses it by one byte, one value or one word.
 */
#include "base/array.h"
#include "support/tls_talk.h"

struct spoken {
	const char *client;
	size_t n_client;
	const char *server;
	size_t n_server;
	enum plain_protocol protocol; /* PLAIN_UNKNOWN: none that we know */
};

#define C(text)       (text), sizeof(text) - 1, "", 0
#define S(text)       "", 0, (text), sizeof(text) - 1
#define BOTH(c, text) (c), sizeof(c) - 1, (text), sizeof(text) - 1

/* What the two sides said before a handshake is taken for. */
static enum plain_protocol spoken_before(const struct spoken *row)
{
	struct tls_talk t;
	enum plain_protocol before;

	tls_talk_open(&t, NULL);
	talk_send(&t, 1, row->server, row->n_server);
	talk_send(&t, 0, row->client, row->n_client);
	talk_say(&t, "c:CH s:SH s:alert40 s:fin");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	before = t.hs[0]->before;
	tls_talk_close(&t);
	return before;
}

static void assert_rows(const struct spoken *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum plain_protocol got = spoken_before(&rows[i]);

		if (got != rows[i].protocol)
			fail_msg("row %zu is taken for %s", i, plain_protocol_name(got));
	}
}
#define ASSERT_ROWS(rows) assert_rows((rows), COUNT(rows))

static void test_plain__ldap_is_a_sequence_that_begins_with_a_small_number(void **state)
{
	static const struct spoken rows[] = {
		{ C("\x30\x05\x02\x01\x01\x42\x00"), PLAIN_LDAP },
		{ S("\x30\x05\x02\x01\x01\x61\x00"), PLAIN_LDAP },
		{ C("\x30\x06\x02\x02\x01\x00\x42\x00"), PLAIN_LDAP },
		{ C("\x30\x07\x02\x03\x01\x00\x00\x42\x00"), PLAIN_LDAP },
		{ C("\x30\x07\x02\x03\x01\x00\x00\x42"), PLAIN_LDAP },
		{ C("\x30\x07\x02\x03\x01\x00\x00"), PLAIN_UNKNOWN },
		{ C("\x30\x08\x02\x04\x01\x00\x00\x00\x42"), PLAIN_LDAP },
		{ C("\x30\x08\x02\x04\x42\x00\x00\x00\x02"), PLAIN_UNKNOWN },
		{ C("\x30\x08\x02\x04\x42\x42\x42\x42"), PLAIN_UNKNOWN },
		{ C("\x30\x84\x00\x00\x00\x05\x02"), PLAIN_UNKNOWN },
		{ C("\x30\x80\x02\x01\x01\x42\x00"), PLAIN_LDAP },
		{ C("\x30\x81\x05\x02\x01\x01\x42\x00"), PLAIN_LDAP },
		{ C("\x30\x84\x00\x00\x00\x05\x02\x01\x01\x42\x00"), PLAIN_LDAP },
		{ C("\x30\x84\x00\x00\x00\x05\x02\x01\x01\x42"), PLAIN_LDAP },
		{ C("\x30\x84\x00\x00\x00\x05\x02\x01\x01"), PLAIN_UNKNOWN },
		{ C("\x30\x85\x00\x00\x00\x00\x05\x02\x01\x01\x42\x00"), PLAIN_UNKNOWN },
		{ C("\x30\x05\x02\x01\x01\x42"), PLAIN_UNKNOWN },
		{ C("\x31\x05\x02\x01\x01\x42\x00"), PLAIN_UNKNOWN },
		{ C("\x30\x05\x03\x01\x01\x42\x00"), PLAIN_UNKNOWN },
		{ C("\x30\x05\x02\x00\x42\x42\x42"), PLAIN_UNKNOWN },
		{ C("\x30\x0a\x02\x05\x01\x41\x41\x41\x41\x42\x00"), PLAIN_UNKNOWN },
		{ C("\x30\x05\x02\x01\x01\x1f\x00"), PLAIN_UNKNOWN },
		{ C("\x30\x05\x02\x01\x01\x20\x00"), PLAIN_LDAP },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__mysql_greets_with_version_ten_or_an_error(void **state)
{
	static const struct spoken rows[] = {
		{ S("\x04\0\0\0\x0a"
		    "0\0"),
			PLAIN_MYSQL },
		{ S("\0\x04\0\0\x0a"
		    "9\0"),
			PLAIN_MYSQL },
		{ S("\x03\0\0\0\x0a"
		    "8\0"),
			PLAIN_UNKNOWN },
		{ S("\x01\x04\0\0\x0a"
		    "8\0"),
			PLAIN_UNKNOWN },
		{ S("\x04\0\x01\0\x0a"
		    "8\0"),
			PLAIN_UNKNOWN },
		{ S("\x04\0\0\x01\x0a"
		    "8\0"),
			PLAIN_UNKNOWN },
		{ S("\x04\0\0\0\x09"
		    "8\0"),
			PLAIN_UNKNOWN },
		{ S("\x04\0\0\0\x0b"
		    "8\0"),
			PLAIN_UNKNOWN },
		{ S("\x04\0\0\0\x0a/\0"), PLAIN_UNKNOWN },
		{ S("\x04\0\0\0\x0a:\0"), PLAIN_UNKNOWN },
		{ S("\x04\0\0\0\x0a"
		    "8"),
			PLAIN_UNKNOWN },
		{ S("\x10\0\0\0\xff\x10\x03"), PLAIN_MYSQL },
		{ S("\x10\0\0\0\xff\x10\x05"), PLAIN_MYSQL },
		{ S("\x10\0\0\0\xff\x10\x02"), PLAIN_UNKNOWN },
		{ S("\x10\0\0\0\xff\x10\x06"), PLAIN_UNKNOWN },
		{ S("\x10\0\0\0\xfe\x10\x04"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__postgres_asks_for_tls_or_answers_with_an_error(void **state)
{
	static const struct spoken rows[] = {
		{ C("\0\0\0\x08\x04\xd2\x16\x2f"), PLAIN_POSTGRES },
		{ C("\0\0\0\x08\x04\xd2\x16"), PLAIN_UNKNOWN },
		{ C("\0\0\0\x09\x04\xd2\x16\x2f"), PLAIN_UNKNOWN },
		{ C("\x01\0\0\x08\x04\xd2\x16\x2f"), PLAIN_UNKNOWN },
		{ C("\0\0\0\x08\x04\xd2\x16\x2e"), PLAIN_UNKNOWN },
		{ C("\0\0\0\x08\x05\xd2\x16\x2f"), PLAIN_UNKNOWN },
		{ C("\0\0\0\x08\x04\xd3\x16\x2f"), PLAIN_UNKNOWN },
		{ C("\0\0\0\x08\x04\xd2\x17\x2f"), PLAIN_UNKNOWN },
		{ S("E\0\0\x0f\xffSX"), PLAIN_POSTGRES },
		{ S("E\0\0\x0f\xffS"), PLAIN_UNKNOWN },
		{ S("E\0\0\x10\0SX"), PLAIN_UNKNOWN },
		{ S("E\0\x01\0\x20SX"), PLAIN_UNKNOWN },
		{ S("E\x01\0\0\x20SX"), PLAIN_UNKNOWN },
		{ S("E\0\0\0\x20MX"), PLAIN_UNKNOWN },
		{ S("F\0\0\0\x20SX"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__socks_of_both_versions(void **state)
{
	static const struct spoken rows[] = {
		{ C("\x05\x01\0"), PLAIN_SOCKS },
		{ C("\x05\x08\x09"), PLAIN_SOCKS },
		{ C("\x05\x01"), PLAIN_UNKNOWN },
		{ C("\x06\x01\0"), PLAIN_UNKNOWN },
		{ C("\x05\0\0"), PLAIN_UNKNOWN },
		{ C("\x05\x09\0"), PLAIN_UNKNOWN },
		{ C("\x05\x01\x0a"), PLAIN_UNKNOWN },
		{ C("\x04\x01\x01\xbb\xc0\0\x02\x02\0"), PLAIN_SOCKS },
		{ C("\x04\x01\x01\xbb\xc0\0\x02\x02"), PLAIN_UNKNOWN },
		{ C("\x04\x02\x01\xbb\xc0\0\x02\x02\0"), PLAIN_UNKNOWN },
		{ C("\x03\x01\x01\xbb\xc0\0\x02\x02\0"), PLAIN_UNKNOWN },
		{ S("\x05\0"), PLAIN_SOCKS },
		{ S("\x05\x02"), PLAIN_SOCKS },
		{ S("\x05\xff"), PLAIN_SOCKS },
		{ S("\x05\x03"), PLAIN_UNKNOWN },
		{ S("\x05\xfe"), PLAIN_UNKNOWN },
		{ S("\x04\0"), PLAIN_UNKNOWN },
		{ S("\x05"), PLAIN_UNKNOWN },
		{ S("\x05\0\x05\0\0\x01\xc0\0\x02\x02\x01\xbb"), PLAIN_SOCKS },
		{ S("\x05\0\x05\0\0\x01\xc0\0\x02\x02\x01\xbb\0"), PLAIN_UNKNOWN },
		{ BOTH("x", "\x05\0"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__rdp_asks_or_confirms_in_a_tpkt(void **state)
{
	static const struct spoken rows[] = {
		{ C("\x03\0\0\x07\x02\xe0\0"), PLAIN_RDP },
		{ C("\x03\0\0\x07\x02\xd0\0"), PLAIN_RDP },
		{ S("\x03\0\0\x07\x02\xd0\0"), PLAIN_RDP },
		{ S("\x03\0\0\x07\x02\xef\0"), PLAIN_RDP },
		{ C("\x03\0\0\x07\x02\xe0"), PLAIN_UNKNOWN },
		{ C("\x02\0\0\x07\x02\xe0\0"), PLAIN_UNKNOWN },
		{ C("\x03\x01\0\x07\x02\xe0\0"), PLAIN_UNKNOWN },
		{ C("\x03\0\0\x07\x02\xc0\0"), PLAIN_UNKNOWN },
		{ C("\x03\0\0\x07\x02\xf0\0"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__mqtt_connects_by_name_or_is_acknowledged(void **state)
{
	static const struct spoken rows[] = {
		{ C("\x10\x06\0\x04MQTT"), PLAIN_MQTT },
		{ C("\x10\x06\0\x06MQIsdp"), PLAIN_MQTT },
		{ C("\x10\x06\0\x04MQT"), PLAIN_UNKNOWN },
		{ C("\x11\x06\0\x04MQTT"), PLAIN_UNKNOWN },
		{ C("\x10\x06\0\x04MPTT"), PLAIN_UNKNOWN },
		{ C("\x10\x06\0\x04xxxxxxMQ"), PLAIN_MQTT },
		{ C("\x10\x06\0\x04xxxxxxxMQ"), PLAIN_UNKNOWN },
		{ S("\x20\x02\0\0"), PLAIN_MQTT },
		{ S("\x20\x02\x01\x05"), PLAIN_MQTT },
		{ S("\x20\x03\0\x05\0"), PLAIN_MQTT },
		{ S("\x20\x01\0"), PLAIN_UNKNOWN },
		{ S("\x20\x03\0\0"), PLAIN_UNKNOWN },
		{ S("\x20\x02\x02\0"), PLAIN_UNKNOWN },
		{ S("\x21\x02\0\0"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__telnet_and_the_proxy_header_have_fixed_bytes(void **state)
{
	static const struct spoken rows[] = {
		{ S("\xff\xfb\x01"), PLAIN_TELNET },
		{ S("\xff\xfe\x01"), PLAIN_TELNET },
		{ S("\xff\xfa\x01"), PLAIN_UNKNOWN },
		{ S("\xff\xff\x01"), PLAIN_UNKNOWN },
		{ S("\xff\xfb"), PLAIN_UNKNOWN },
		{ S("\xfe\xfb\x01"), PLAIN_UNKNOWN },
		{ C("\xff\xfb\x01"), PLAIN_UNKNOWN },
		{ C("\r\n\r\n\0\r\nQUIT\n"), PLAIN_PROXY },
		{ C("\r\n\r\n\0\r\nQUIT"), PLAIN_UNKNOWN },
		{ C("\r\n\r\n\0\r\nQUIX\n"), PLAIN_UNKNOWN },
		{ S("\r\n\r\n\0\r\nQUIT\n"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

/* The number is shared by protocols; a word tells which. */
static void test_plain__a_greeting_with_a_number_is_told_by_its_words(void **state)
{
	static const struct spoken rows[] = {
		{ S("220 mx SMTP"), PLAIN_SMTP },
		{ S("220 eMail"), PLAIN_SMTP },
		{ S("220 postfix"), PLAIN_SMTP },
		{ BOTH("xEHLO", "220 x"), PLAIN_SMTP },
		{ BOTH("xHELO", "220 x"), PLAIN_SMTP },
		{ S("220 FTP"), PLAIN_FTP },
		{ BOTH("xAUTH TLS", "220 x"), PLAIN_FTP },
		{ S("220 x"), PLAIN_SMTP_OR_FTP },
		{ S("220-x"), PLAIN_SMTP_OR_FTP },
		{ S("220"), PLAIN_UNKNOWN },
		{ S("22"), PLAIN_UNKNOWN },
		{ S("221 smtp"), PLAIN_UNKNOWN },
		{ S("220 smt"), PLAIN_SMTP_OR_FTP },
		{ S("200 x NNTP"), PLAIN_NNTP },
		{ S("201 news"), PLAIN_NNTP },
		{ S("200 INN"), PLAIN_NNTP },
		{ S("200 x"), PLAIN_UNKNOWN },
		{ S("202 news"), PLAIN_UNKNOWN },
		{ S("421 x"), PLAIN_SMTP },
		{ S("500 x"), PLAIN_SMTP },
		{ S("501 x"), PLAIN_SMTP },
		{ S("502 x"), PLAIN_SMTP },
		{ S("503 x"), PLAIN_SMTP },
		{ S("554 x"), PLAIN_SMTP },
		{ S("421 ftp"), PLAIN_FTP },
		{ S("554 FTP"), PLAIN_FTP },
		{ S("504 x"), PLAIN_UNKNOWN },
		{ S(":x NOTICE"), PLAIN_IRC },
		{ S(":x CAP x"), PLAIN_IRC },
		{ S(":x"), PLAIN_UNKNOWN },
		{ S("x NOTICE"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

/* The client's words count first: it knows what it wanted. */
static void test_plain__the_first_words_of_either_side_tell(void **state)
{
	static const struct spoken rows[] = {
		{ C("CONNECT x"), PLAIN_HTTP },
		{ C("GET /"), PLAIN_HTTP },
		{ C("GET"), PLAIN_UNKNOWN },
		{ C("LHLO x"), PLAIN_SMTP },
		{ C("AUTH SSL"), PLAIN_FTP },
		{ C("CAPA"), PLAIN_POP3 },
		{ C("NICK x"), PLAIN_IRC },
		{ C("SSH-2.0"), PLAIN_SSH },
		{ BOTH("PROXY TCP4", "220 smtp"), PLAIN_PROXY },
		{ BOTH("STLS", "220 smtp"), PLAIN_POP3 },
		{ S("* OK"), PLAIN_IMAP },
		{ S("* BYE"), PLAIN_IMAP },
		{ S("-ERR"), PLAIN_UNKNOWN },
		{ S("-ERR unknown command"), PLAIN_REDIS },
		{ S("+PONG"), PLAIN_REDIS },
		{ S("<stream:x"), PLAIN_XMPP },
		{ S("NOTICE AUTH"), PLAIN_IRC },
		{ C("x"), PLAIN_UNKNOWN },
		{ S("x"), PLAIN_UNKNOWN },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void test_plain__a_handshake_at_once_has_nothing_before_it(void **state)
{
	static const struct spoken nothing[] = { { BOTH("", ""), PLAIN_NONE } };

	(void)state;
	ASSERT_ROWS(nothing);
}

static void test_plain__every_protocol_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int p = PLAIN_NONE; p <= PLAIN_LAST; p++) {
		assert_non_null(plain_protocol_name((enum plain_protocol)p));
		for (int other = PLAIN_NONE; other < p; other++)
			assert_string_not_equal(plain_protocol_name((enum plain_protocol)p),
				plain_protocol_name((enum plain_protocol)other));
	}
	assert_string_equal(
		plain_protocol_name((enum plain_protocol)(PLAIN_LAST + 1)), "an unknown protocol");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain__ldap_is_a_sequence_that_begins_with_a_small_number),
		cmocka_unit_test(test_plain__mysql_greets_with_version_ten_or_an_error),
		cmocka_unit_test(test_plain__postgres_asks_for_tls_or_answers_with_an_error),
		cmocka_unit_test(test_plain__socks_of_both_versions),
		cmocka_unit_test(test_plain__rdp_asks_or_confirms_in_a_tpkt),
		cmocka_unit_test(test_plain__mqtt_connects_by_name_or_is_acknowledged),
		cmocka_unit_test(test_plain__telnet_and_the_proxy_header_have_fixed_bytes),
		cmocka_unit_test(test_plain__a_greeting_with_a_number_is_told_by_its_words),
		cmocka_unit_test(test_plain__the_first_words_of_either_side_tell),
		cmocka_unit_test(test_plain__a_handshake_at_once_has_nothing_before_it),
		cmocka_unit_test(test_plain__every_protocol_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
