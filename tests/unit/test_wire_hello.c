/* src/wire: ClientHello (also in SSLv2 format), ServerHello, HelloRetryRequest, drafts of TLS 1.3. */
#include "support/unit.h"

#include "support/hex.h"
#include "wire/handshake.h"

/* From OpenSSL 3.0 for TLS 1.2. */
#define CLIENT_RANDOM "6691f214854d3f19a899d9656d4bdf2a09d82e779dd6f176087a68f408ef3c98"
#define CLIENT_SUITES                                                                              \
	"c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c013"         \
	"0033009d009c003d003c0035002f00ff"
#define CLIENT_HELLO                                                                               \
	"0303" CLIENT_RANDOM "00 0038" CLIENT_SUITES "01 00"                                       \
	"005c 0000 000e 000c00 0009 612e6578616d706c65 000b 0004 03 000102"                        \
	" 000a 0004 0002 0017 0023 0000 0016 0000 0017 0000"                                       \
	" 000d 002a 0028 040305030603080708080809080a080b080408050806040105010601"                 \
	"030303010302040205020602"

#define SERVER_RANDOM "b18f6e0c75364dd2106b1921f6dfd54756a3739567314c15724a3b6bd0e91b1c"
#define SESSION_ID    "0cd2a3e85ed8af12882ad44071882aff17e71c428167f79b61f2c6812abc51bb"
#define RETRY_RANDOM  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"

static bool read_client(struct message *m, const char *hex, struct client_hello *out)
{
	struct cur c = message_of(m, hex);

	memset(out, 0xa5, sizeof *out); /* the parser clears what it does not find */
	return parse_client_hello(&c, out);
}

static bool read_server(struct message *m, const char *hex, struct server_hello *out)
{
	struct cur c = message_of(m, hex);

	memset(out, 0xa5, sizeof *out);
	return parse_server_hello(&c, out);
}

static void test_client_hello__is_read(void **state)
{
	struct message m;
	struct client_hello h;

	(void)state;
	assert_true(read_client(&m, CLIENT_HELLO, &h));
	assert_true(h.seen && h.has_random);
	assert_false(h.sslv2_format);
	assert_int_equal(h.version, 0x0303);
	assert_bytes_are_hex(bytes_of(h.random, 32), CLIENT_RANDOM);
	assert_int_equal(h.session_id.len, 0);
	assert_bytes_are_hex(h.suites.raw, CLIENT_SUITES);
	assert_int_equal(h.suites.at, 37);
	assert_int_equal(u16s_count(&h.suites), 28);
	assert_int_equal(u16s_at(&h.suites, 0), 0xc02c);
	assert_bytes_are_hex(h.compression, "00");
	assert_int_equal(h.ext.n, 7);
	assert_bytes_are_hex(h.ext.server_name, "612e6578616d706c65");
	assert_bytes_are_hex(h.ext.groups.raw, "0017");
	assert_ptr_equal(h.ext.groups.raw.data, m.b.data + h.ext.groups.at);
	assert_int_equal(h.suites_v2.len, 0);
}

static void test_client_hello__offers_what_is_in_its_list(void **state)
{
	struct message m;
	struct client_hello h;

	(void)state;
	assert_true(read_client(&m, CLIENT_HELLO, &h));
	assert_true(client_hello_offers_suite(&h, 0xc02b));
	assert_true(client_hello_offers_suite(&h, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV));
	assert_false(client_hello_offers_suite(&h, SUITE_FALLBACK_SCSV));
	assert_false(client_hello_offers_suite(&h, 0x2cc0)); /* across two of them */
}

static void test_client_hello__may_end_before_the_extensions(void **state)
{
	struct message m;
	struct client_hello h;

	(void)state;
	assert_true(read_client(&m, "0301" CLIENT_RANDOM "00 0004 002f0035 01 00", &h));
	assert_false(h.ext.present);
	assert_int_equal(h.ext.n, 0);
	assert_int_equal(h.ext.selected_identity, -1);
}

static void test_client_hello__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		{ "", PARSE_SHORT, "client_version", 0 },
		{ "0303 00", PARSE_SHORT, "random", 2 },
		{ "0303" CLIENT_RANDOM, PARSE_SHORT, "session_id", 34 },
		{ "0303" CLIENT_RANDOM "21", PARSE_RANGE, "session_id", 34 },
		{ "0303" CLIENT_RANDOM "04 010203", PARSE_SHORT, "session_id", 35 },
		{ "0303" CLIENT_RANDOM "00 0000 01 00", PARSE_RANGE, "cipher_suites", 35 },
		{ "0303" CLIENT_RANDOM "00 0003 002f00 01 00", PARSE_TRAILING, "cipher_suites",
			39 },
		{ "0303" CLIENT_RANDOM "00 0002 002f 00", PARSE_RANGE, "compression_methods", 39 },
		{ "0303" CLIENT_RANDOM "00 0002 002f 01 00 00", PARSE_SHORT, "extensions", 41 },
		{ "0303" CLIENT_RANDOM "00 0002 002f 01 00 0000 ff", PARSE_TRAILING, "extensions",
			43 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct client_hello h;

		assert_false(read_client(&m, rows[i].hex, &h));
		assert_true(h.seen);
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

/* A message cut anywhere is read as far as it goes, and never beyond. */
static void test_client_hello__any_cut_is_noticed(void **state)
{
	struct message m;
	size_t whole = message_of(&m, CLIENT_HELLO).left;

	(void)state;
	for (size_t cut = 1; cut <= whole; cut++) {
		struct cur c = message_cut(&m, CLIENT_HELLO, cut);
		struct client_hello h;
		bool before_extensions = whole - cut == 35 + 2 + 56 + 2;

		assert_true(parse_client_hello(&c, &h) == before_extensions);
		assert_true(h.has_random == (whole - cut >= 34));
		assert_true(h.ext.has_server_name == (whole - cut >= 115));
	}
}

/* A browser of 2004: 39 cipher specs, some of SSLv2, and a challenge of 16 bytes. */
#define HELLO_V2                                                                                   \
	"8067 01 0301 004e 0000 0010"                                                              \
	" 010080 030080 0700c0 060040 020080 040080 000039 000038 000035 000033 000032 000004"     \
	" 000005 00002f 000016 000013 00feff 00000a 000015 000012 00fefe 000009 000064 000062"     \
	" 000003 000006 3143c465d52771e466a42be1701787fd"

static void test_client_hello_v2__is_read(void **state)
{
	struct message m;
	struct cur c = message_of(&m, HELLO_V2);
	struct client_hello h;

	(void)state;
	assert_true(parse_client_hello_v2(&c, &h));
	assert_true(h.seen && h.sslv2_format && h.has_random);
	assert_int_equal(h.version, 0x0301);
	assert_int_equal(h.suites_v2.len, 78);
	assert_bytes_are_hex(bytes_of(h.random, 32),
		"00000000000000000000000000000000 3143c465d52771e466a42be1701787fd");
	assert_true(client_hello_offers_suite(&h, 0x0039));
	assert_true(client_hello_offers_suite(&h, 0x0006));
	assert_false(client_hello_offers_suite(&h, 0x0080)); /* 01 00 80 is SSLv2's RC4 */
	assert_false(client_hello_offers_suite(&h, 0x3900));
}

static void test_client_hello_v2__of_a_long_challenge_the_end_counts(void **state)
{
	struct message m;
	struct cur c = message_of(&m,
		"8030 01 0300 0003 0000 0024 00002f"
		" aaaaaaaa 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	struct client_hello h;

	(void)state;
	assert_true(parse_client_hello_v2(&c, &h));
	assert_bytes_are_hex(bytes_of(h.random, 32),
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

static void test_client_hello_v2__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		{ "8009 01 0301 0003 0000 0010", PARSE_SHORT, "cipher_specs", 11 },
		{ "800b 01 0301 0002 0000 0000 0000", PARSE_VALUE, "cipher_spec_length", 5 },
		{ "800c 01 0301 0003 0000 0010 00002f", PARSE_SHORT, "challenge", 14 },
		{ "800d 01 0301 0003 0000 0000 00002f ff", PARSE_TRAILING, "V2ClientHello", 14 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i].hex);
		struct client_hello h;

		assert_false(parse_client_hello_v2(&c, &h));
		if (m.err.code == PARSE_VALUE)
			assert_int_equal(m.err.need, 3); /* bytes for each */
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

static void test_server_hello__of_tls12_is_read(void **state)
{
	struct message m;
	struct server_hello h;

	(void)state;
	assert_true(read_server(&m,
		"0303" SERVER_RANDOM "20" SESSION_ID "c02b 00"
		"000f ff01 0001 00 0017 0000 000b 0002 01 00",
		&h));
	assert_true(h.seen && h.has_random && h.has_suite);
	assert_false(h.is_retry);
	assert_int_equal(server_hello_version(&h), 0x0303);
	assert_bytes_are_hex(bytes_of(h.random, 32), SERVER_RANDOM);
	assert_bytes_are_hex(h.session_id, SESSION_ID);
	assert_int_equal(h.suite, 0xc02b);
	assert_int_equal(h.compression, 0);
	assert_true(h.ext.has_renegotiation_info && h.ext.extended_master_secret);
}

static void test_server_hello__may_end_before_the_extensions(void **state)
{
	struct message m;
	struct server_hello h;

	(void)state;
	assert_true(read_server(&m, "0300" SERVER_RANDOM "00 0035 00", &h));
	assert_false(h.ext.present);
	assert_int_equal(h.suite, 0x0035);
	assert_int_equal(server_hello_version(&h), 0x0300);
}

static void test_server_hello__of_tls13_has_its_version_in_an_extension(void **state)
{
	struct message m;
	struct server_hello h;

	(void)state;
	assert_true(read_server(&m,
		"0303" SERVER_RANDOM "20" SESSION_ID "1302 00 002e 002b 0002 0304 0033 0024 001d"
		"0020 0d98d40fe2b489a573752ba7b41abb8917567d47835056c4c9d187156b5cab4d",
		&h));
	assert_int_equal(h.version, 0x0303);
	assert_int_equal(server_hello_version(&h), 0x0304);
	assert_int_equal(h.ext.shares[0].group, 0x001d);
	assert_int_equal(h.ext.shares[0].key.len, 32);
	assert_ptr_equal(h.ext.shares[0].key.data, m.b.data + h.ext.shares[0].at);
}

static void test_server_hello__with_the_special_random_is_a_retry(void **state)
{
	struct message m;
	struct server_hello h;

	(void)state;
	assert_true(read_server(&m,
		"0303" RETRY_RANDOM "20" SESSION_ID "1302 00 000c 002b 0002 0304 0033 0002 0018",
		&h));
	assert_true(h.is_retry);
	assert_int_equal(h.ext.n_shares, 1);
	assert_int_equal(h.ext.shares[0].group, 0x0018);
	assert_int_equal(server_hello_version(&h), 0x0304);
}

/* Drafts before 22 had neither session id nor compression method, and key_share as number 40. */
static void test_server_hello__of_early_drafts_is_read(void **state)
{
	static const struct {
		const char *hex;
		uint16_t version, suite, group;
		size_t key;
	} rows[] = {
		{ "7f12 02bd41aca41e1c31adf97d61d77a3dc049a2432c95c1853199b53329092afe91 1301"
		  "0028 0028 0024 001d 0020"
		  "488b28156cbe7eac624db0e9457a3d98199a0065f8aa1655884818f6489eaa64",
			0x7f12, 0x1301, 0x001d, 32 },
		{ "0304 2393b6518b8dd3d7ae957155977935932a6f5e600e5b7d9774daa7bc2f2cbcc3 c02b"
		  "0049 0028 0045 0017 0041 04"
		  "2dd0952da464b93202b067c846029914097c1887d6d068d353f8bea919880519"
		  "90f726f1f2739d87d6f7e63b2bd045d19d6940e75fe8ae06fd04b350c5bf1565",
			0x0304, 0xc02b, 0x0017, 65 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct server_hello h;

		assert_true(read_server(&m, rows[i].hex, &h));
		assert_int_equal(server_hello_version(&h), rows[i].version);
		assert_int_equal(h.suite, rows[i].suite);
		assert_int_equal(h.session_id.len, 0);
		assert_int_equal(h.ext.shares[0].group, rows[i].group);
		assert_int_equal(h.ext.shares[0].key.len, rows[i].key);
	}
}

/* Against RFC 8446, yet with the RFC's layout: a server that writes its version in both places. */
static void test_server_hello__with_0x0304_and_a_session_id_is_no_draft(void **state)
{
	struct message m;
	struct server_hello h;

	(void)state;
	assert_true(read_server(
		&m, "0304" SERVER_RANDOM "20" SESSION_ID "1301 00 0006 002b 0002 0304", &h));
	assert_int_equal(h.suite, 0x1301);
	assert_int_equal(h.session_id.len, 32);
	assert_true(read_server(&m, "0304" SERVER_RANDOM "00 1303 00 0006 002b 0002 0304", &h));
	assert_int_equal(h.suite, 0x1303);
}

static void test_server_hello__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		{ "03", PARSE_SHORT, "server_version", 0 },
		{ "0303" SERVER_RANDOM "21", PARSE_RANGE, "session_id", 34 },
		{ "0303" SERVER_RANDOM "00 c0", PARSE_SHORT, "cipher_suite", 35 },
		{ "0303" SERVER_RANDOM "00 c02b", PARSE_SHORT, "compression_method", 37 },
		{ "0303" SERVER_RANDOM "00 c02b 00 00", PARSE_SHORT, "extensions", 38 },
		{ "0303" SERVER_RANDOM "00 c02b 00 0000 0b", PARSE_TRAILING, "extensions", 40 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct server_hello h;

		assert_false(read_server(&m, rows[i].hex, &h));
		assert_true(h.seen);
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

static void test_hello_retry_draft__has_a_suite_from_draft_19_on(void **state)
{
	struct message m;
	struct server_hello h;
	struct cur c = message_of(&m, "7f12 0006 0028 0002 001d");

	(void)state;
	assert_true(parse_hello_retry_draft(&c, &h));
	assert_true(h.seen && h.is_retry);
	assert_false(h.has_suite || h.has_random);
	assert_int_equal(h.ext.shares[0].group, 0x001d);
	c = message_of(&m, "7f13 1301 0006 0028 0002 0017");
	assert_true(parse_hello_retry_draft(&c, &h));
	assert_true(h.has_suite);
	assert_int_equal(h.suite, 0x1301);
	assert_int_equal(h.ext.shares[0].group, 0x0017);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_hello__is_read),
		cmocka_unit_test(test_client_hello__offers_what_is_in_its_list),
		cmocka_unit_test(test_client_hello__may_end_before_the_extensions),
		cmocka_unit_test(test_client_hello__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_client_hello__any_cut_is_noticed),
		cmocka_unit_test(test_client_hello_v2__is_read),
		cmocka_unit_test(test_client_hello_v2__of_a_long_challenge_the_end_counts),
		cmocka_unit_test(test_client_hello_v2__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_server_hello__of_tls12_is_read),
		cmocka_unit_test(test_server_hello__may_end_before_the_extensions),
		cmocka_unit_test(test_server_hello__of_tls13_has_its_version_in_an_extension),
		cmocka_unit_test(test_server_hello__with_the_special_random_is_a_retry),
		cmocka_unit_test(test_server_hello__of_early_drafts_is_read),
		cmocka_unit_test(test_server_hello__with_0x0304_and_a_session_id_is_no_draft),
		cmocka_unit_test(test_server_hello__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_hello_retry_draft__has_a_suite_from_draft_19_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
