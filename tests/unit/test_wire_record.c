/* src/wire/record: headers, and the recognition of hellos in bytes of any kind. */
#include "support/unit.h"

#include "support/hex.h"
#include "wire/record.h"

/* How a ClientHello of TLS 1.2, one of TLS 1.3 and a ServerHello begin. */
#define CLIENT_TLS12 "160301 00c1 01 0000bd 0303 6691f214"
#define SERVER_TLS12 "160303 0057 02 000053 0303 b18f6e0c"
#define CLIENT_SSL2  "8067 01 0301 004e 0000 0010 010080 030080"

static void test_record__header_is_big_endian(void **state)
{
	struct message m;
	struct record_header h;

	(void)state;
	(void)message_of(&m, "16 0303 0102 ff");
	assert_true(record_parse_header(m.b, &h));
	assert_int_equal(h.type, CONTENT_HANDSHAKE);
	assert_int_equal(h.version, 0x0303);
	assert_int_equal(h.length, 0x0102);
}

static void test_record__four_bytes_are_no_header(void **state)
{
	struct message m;
	struct record_header h;

	(void)state;
	(void)message_of(&m, "16 0303 01");
	assert_false(record_parse_header(m.b, &h));
	assert_false(record_plausible(m.b));
}

static void test_record__plausible_means_type_version_and_length_fit(void **state)
{
	static const struct {
		const char *hex;
		bool plausible;
	} rows[] = {
		{ "14 0300 0001 01", true },
		{ "15 0301 0002 0228", true },
		{ "16 0303 4000", true },
		{ "17 0303 4800", true },
		{ "18 0304 0003", true },
		{ "17 0303 0000", true }, /* empty, as a guard against old attacks on CBC */
		{ "13 0303 0001", false },
		{ "19 0303 0001", false },
		{ "16 0305 0001", false },
		{ "16 0203 0001", false },
		{ "17 0303 4801", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;

		(void)message_of(&m, rows[i].hex);
		if (record_plausible(m.b) != rows[i].plausible)
			fail_msg("'%s' was judged wrongly", rows[i].hex);
	}
}

static void test_probe__tells_hellos_from_other_bytes(void **state)
{
	static const struct {
		const char *hex;
		enum hello_probe answer;
	} rows[] = {
		{ CLIENT_TLS12, HELLO_CLIENT },
		{ SERVER_TLS12, HELLO_SERVER },
		{ CLIENT_SSL2, HELLO_CLIENT_SSL2 },
		{ "802e 01 0002 0015 0000 0010 070340", HELLO_CLIENT_SSL2 },
		{ "804c 01 0300 0033 0000 0010 000004", HELLO_CLIENT_SSL2 },
		/* a draft of TLS 1.3, and the version a draft-14 server wrote */
		{ "160301 0052 02 00004e 7f12 02bd", HELLO_SERVER },
		{ "160301 0073 02 00006f 0304 2393", HELLO_SERVER },
		/* in records of 4 and of 37 bytes: the message goes on in the next one */
		{ "160301 0004 01 0000bd 1603010025", HELLO_CLIENT },
		{ "160301 0004 01 0000bd 1603030025", HELLO_NO }, /* of another version */
		{ "160301 0004 01 0000bd 0303", HELLO_NO },       /* no record follows */
		{ "160301 0003 01 0000 17", HELLO_NO },
		{ "160301 0003 01 0000 16", HELLO_MAYBE },
		{ "160301 0003 01 0000 1602", HELLO_NO },
		{ "160301 0003 01 0000 1603", HELLO_MAYBE },
		{ "160301 0003 01 0000 160302", HELLO_NO },
		{ "160301 0003 01 0000 160301", HELLO_MAYBE },
		{ "160305 0003 01 0000 160305", HELLO_NO },
		{ "160304 0003 01 0000 160304", HELLO_MAYBE },
		{ "160301 0003 01 0000 160301 00", HELLO_MAYBE },
		{ "160301 0001 01 160301 0001 00", HELLO_MAYBE },
		{ "160301 0001 01 160301 0001 00 160301 0001 00 160301 0001 bd 160301 0001 03",
			HELLO_MAYBE },
		{ "160301 0001 01 160301 0001 00 160301 0001 00 160301 0001 bd 160301 0001 03"
		  "160301 0001 03",
			HELLO_CLIENT },
		{ "160303 0003 02 0000 160303 0003 53 0303", HELLO_SERVER },
		{ "160301 0002 01 00 160301 0005 00bd 0303 11", HELLO_CLIENT },
		{ "160301 0003 01 0000 160301 0003 bd 0304 16", HELLO_CLIENT },
		{ "160301 0003 01 0000 160301 0003 bd 0204", HELLO_NO },
		{ "160301 0003 01 0000 160301 0003 28 0303", HELLO_NO }, /* too short */
		{ "160301 0003 01 0000 4142434445", HELLO_NO },
		{ "160301 0003 01 0000 160301 0000", HELLO_NO }, /* an empty record */
		{ "160301 0001 0b 160301 0001 00", HELLO_NO },
		{ "160301 0004 01 0000bd", HELLO_CLIENT },
		{ "160301 0025 01 0000bd 0303", HELLO_CLIENT },
		/* certificates behind it in the same record */
		{ "160303 0f00 02 000053 0303", HELLO_SERVER },
		{ "160301 0003 01 0000", HELLO_MAYBE }, /* the header goes on in the next */
		{ "160301 0000", HELLO_NO },
		{ "160301 4801 01 0000bd", HELLO_NO },      /* longer than any version allows */
		{ "160301 00c1 0b 0000bd", HELLO_NO },      /* another message */
		{ "160301 00c1 01 000028 0303", HELLO_NO }, /* too short for its fixed fields */
		{ "160303 0057 02 000025 0303", HELLO_NO },
		{ "160301 00c1 01 030000", HELLO_NO }, /* longer than hellos are */
		{ "160301 00c1 01 03", HELLO_NO },
		{ "160301 00c1 01 02", HELLO_CLIENT },
		{ "160301 00c1 01", HELLO_CLIENT },
		{ "160301 00c1 01 0200", HELLO_CLIENT },
		{ "160301 00c1 01 0300", HELLO_NO },
		{ "160301 00c1 01 020001", HELLO_NO },
		{ "160301 00c1 01 020000", HELLO_CLIENT },
		{ "160301 00c1 01 0000bd 0203", HELLO_NO },
		{ "160301 00c1 01 0000bd 0305", HELLO_NO },
		{ "160201 00c1 01 0000bd 0303", HELLO_NO },
		{ "170303 0057 02 000053 0303", HELLO_NO },
		{ "8067 02 0301 004e 0000 0010", HELLO_NO }, /* SSLv2's own ServerHello has 4 */
		{ "8067 01 0403 004e 0000 0010", HELLO_NO },
		{ "8067 01 0301 004d 0000 0010", HELLO_NO }, /* not three bytes each */
		{ "8068 01 0301 004e 0000 0010", HELLO_NO }, /* a byte that belongs to nothing */
		{ "8067 01 0301 004e 0003 000d", HELLO_NO },
		{ "8057 01 0301 0000 003e 0010", HELLO_NO },
		{ "805e 01 0301 004e 0000 0007", HELLO_NO },
		{ "474554202f20485454502f312e31", HELLO_NO },
		{ "", HELLO_MAYBE },
		{ "16", HELLO_MAYBE },
		{ "160301 00c1", HELLO_MAYBE },
		{ "8067 01 0301 004e 0000 00", HELLO_MAYBE },
		{ "15", HELLO_NO },
		{ "1602", HELLO_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;

		(void)message_of(&m, rows[i].hex);
		if (record_probe_hello(m.b) != rows[i].answer)
			fail_msg("'%s' was judged wrongly", rows[i].hex);
	}
}

static void test_probe__never_refuses_the_beginning_of_a_hello(void **state)
{
	static const char *const hellos[] = { CLIENT_TLS12, SERVER_TLS12, CLIENT_SSL2 };

	(void)state;
	for (size_t i = 0; i < sizeof hellos / sizeof *hellos; i++) {
		struct message m;

		(void)message_of(&m, hellos[i]);
		for (size_t n = 0; n <= m.b.len; n++)
			assert_int_not_equal(record_probe_hello(bytes_slice(m.b, 0, n)), HELLO_NO);
	}
}

static void test_probe__finds_nothing_in_noise(void **state)
{
	uint8_t noise[4096];
	uint64_t x = 1;

	(void)state;
	for (unsigned round = 0; round < 256; round++) {
		for (size_t i = 0; i < sizeof noise; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			noise[i] = (uint8_t)(x >> 56);
		}
		for (size_t i = 0; i + 16 <= sizeof noise; i++)
			assert_int_equal(record_probe_hello(bytes_of(noise + i, 16)), HELLO_NO);
	}
}

static void test_dtls__a_record_is_told_from_other_datagrams(void **state)
{
	static const struct {
		const char *hex;
		bool plausible;
	} rows[] = {
		{ "16 feff 0000 000000000000 00c2 01", true },
		{ "16 fefd 0000 000000000001 0053 02", true },
		{ "17 fefd 0001 000000000005 0030 00", true },
		{ "16 0100 0000 000000000000 004f 01", true }, /* from before the RFC */
		{ "16 0303 0000 000000000000 00c2 01", false },
		{ "13 feff 0000 000000000000 00c2 01", false },
		{ "1b feff 0000 000000000000 00c2 01", false },
		{ "16 feff 0000 000000000000 0000 01", false },
		{ "16 feff 0000 000000000000 4801 01", false },
		{ "16 feff 0000 000000000000 00", false },
		/* a query to a name server, numbered 0x1601 */
		{ "1601 0000 0001 0000 0000 0001 07 6578616d706c65 00", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;

		(void)message_of(&m, rows[i].hex);
		if (dtls_record_plausible(m.b) != rows[i].plausible)
			fail_msg("'%s' was judged wrongly", rows[i].hex);
	}
}

static void test_alert__is_a_level_and_a_description(void **state)
{
	struct message m;
	struct cur c = message_of(&m, "02 2f");
	struct alert alert;

	(void)state;
	assert_true(parse_alert(&c, &alert));
	assert_int_equal(alert.level, 2);
	assert_int_equal(alert.code, 47);
}

static void test_alert__of_another_length_is_malformed(void **state)
{
	struct message m;
	struct alert alert;
	struct cur c = message_of(&m, "02");

	(void)state;
	assert_false(parse_alert(&c, &alert));
	assert_int_equal(m.err.code, PARSE_SHORT);
	assert_int_equal(alert.level, 2);
	c = message_of(&m, "02 2f 00");
	assert_false(parse_alert(&c, &alert));
	assert_int_equal(m.err.code, PARSE_TRAILING);
	assert_int_equal(m.err.at, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record__header_is_big_endian),
		cmocka_unit_test(test_record__four_bytes_are_no_header),
		cmocka_unit_test(test_record__plausible_means_type_version_and_length_fit),
		cmocka_unit_test(test_probe__tells_hellos_from_other_bytes),
		cmocka_unit_test(test_probe__never_refuses_the_beginning_of_a_hello),
		cmocka_unit_test(test_probe__finds_nothing_in_noise),
		cmocka_unit_test(test_dtls__a_record_is_told_from_other_datagrams),
		cmocka_unit_test(test_alert__is_a_level_and_a_description),
		cmocka_unit_test(test_alert__of_another_length_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
