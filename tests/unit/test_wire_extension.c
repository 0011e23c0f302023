/* src/wire/extension: the block, what the known extensions say, and what is malformed in them. */
#include "support/unit.h"

#include "support/hex.h"
#include "wire/extension.h"

static bool read_block(
	struct message *m, const char *hex, enum extension_place place, struct extensions *out)
{
	struct cur c = message_of(m, hex);

	memset(out, 0, sizeof *out);
	return parse_extensions(&c, place, out);
}

/* What OpenSSL 3.0 offers, with ALPN, maximum fragment length and record size limit besides. */
#define CLIENT_BLOCK                                                                               \
	"009e"                                                                                     \
	" 0000 000e 000c00 0009 612e6578616d706c65"                                                \
	" 000b 0004 03 000102"                                                                     \
	" 000a 0006 0004 001d0018"                                                                 \
	" 0023 0000 0016 0000 0017 0000"                                                           \
	" 000d 0006 0004 06030804"                                                                 \
	" 0010 000e 000c 02 6832 08 687474702f312e31"                                              \
	" 0001 0001 02 001c 0002 4001"                                                             \
	" 0005 0005 01 0000 0000"                                                                  \
	" 002b 0005 04 03040303 002d 0002 01 01"                                                   \
	" 0033 0026 0024 001d 0020"                                                                \
	" d88de47b832a3c2b6e063cdc99717ed60effcadd18f35a1e9e0d170612e4b651"                        \
	" ff01 0001 00"

static void test_extensions__a_clients_block_is_read(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m, CLIENT_BLOCK, IN_CLIENT_HELLO, &e));
	assert_true(e.present);
	assert_int_equal(e.n, 15);
	assert_true(e.has_server_name);
	assert_bytes_are_hex(e.server_name, "612e6578616d706c65");
	assert_true(e.has_point_formats);
	assert_bytes_are_hex(e.point_formats, "000102");
	assert_true(e.has_groups);
	assert_bytes_are_hex(e.groups.raw, "001d0018");
	assert_true(e.has_session_ticket);
	assert_int_equal(e.session_ticket.len, 0);
	assert_true(e.encrypt_then_mac && e.extended_master_secret && e.status_request);
	assert_true(e.has_schemes);
	assert_bytes_are_hex(e.schemes.raw, "06030804");
	assert_int_equal(e.n_alpn, 2);
	assert_bytes_are_hex(e.alpn[0], "6832");
	assert_bytes_are_hex(e.alpn[1], "687474702f312e31");
	assert_int_equal(e.max_fragment_length, 2);
	assert_int_equal(e.record_size_limit, 0x4001);
	assert_bytes_are_hex(e.versions.raw, "03040303");
	assert_bytes_are_hex(e.psk_modes, "01");
	assert_true(e.has_renegotiation_info);
	assert_int_equal(e.renegotiated_connection.len, 0);
	assert_int_equal(e.n_shares, 1);
	assert_int_equal(e.shares[0].group, 0x001d);
	assert_int_equal(e.shares[0].key.len, 32);
	assert_false(e.has_pre_shared_key || e.early_data || e.cookie || e.encrypted_client_hello);
	assert_int_equal(e.selected_identity, -1);
}

/* Every offset leads to the bytes it is the place of. */
/* One item is a list. */
static void test_extensions__the_shortest_lists_are_read(void **state)
{
	static const char *const rows[] = { "0007 002b 0003 02 0304", "0008 000a 0004 0002 0017",
		"0006 000b 0002 01 00", "0008 000d 0004 0002 0403", "0008 0032 0004 0002 0403",
		"0008 0010 0004 0002 01 61", "0006 002d 0002 01 01" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct extensions e;
		struct message m;

		assert_true(read_block(&m, rows[i], IN_CLIENT_HELLO, &e));
		assert_int_equal(e.n, 1);
	}
}

static void test_extensions__offsets_lead_to_the_bytes(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m, CLIENT_BLOCK, IN_CLIENT_HELLO, &e));
	for (size_t i = 0; i < e.n; i++)
		assert_ptr_equal(e.list[i].body.data, m.b.data + e.list[i].at);
	assert_int_equal(e.list[0].at, 6);
	assert_ptr_equal(e.groups.raw.data, m.b.data + e.groups.at);
	assert_ptr_equal(e.schemes.raw.data, m.b.data + e.schemes.at);
	assert_ptr_equal(e.versions.raw.data, m.b.data + e.versions.at);
	assert_ptr_equal(e.shares[0].key.data, m.b.data + e.shares[0].at);
}

static void test_extensions__a_servers_block_has_answers(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m,
		"004f 002b 0002 0304 0033 0008 001d 0004 aabbccdd 0029 0002 0001"
		" 0000 0000 0010 0005 0003 02 6832 0023 0000 0005 0000 0001 0001 01"
		" ff01 0019 18 000102030405060708090a0b0c0d0e0f1011121314151617",
		IN_SERVER_HELLO, &e));
	assert_int_equal(e.selected_version, 0x0304);
	assert_int_equal(e.n_shares, 1);
	assert_int_equal(e.shares[0].group, 0x001d);
	assert_bytes_are_hex(e.shares[0].key, "aabbccdd");
	assert_int_equal(e.shares[0].at, 16);
	assert_true(e.has_pre_shared_key);
	assert_int_equal(e.selected_identity, 1);
	assert_true(e.has_server_name && e.server_name.len == 0);
	assert_int_equal(e.n_alpn, 1);
	assert_bytes_are_hex(e.alpn[0], "6832");
	assert_int_equal(e.renegotiated_connection.len, 24);
}

static void test_extensions__a_retry_names_a_group_without_a_key(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m, "0013 002b 0002 0304 0033 0002 0018 002c 0003 0001 aa",
		IN_HELLO_RETRY_REQUEST, &e));
	assert_int_equal(e.selected_version, 0x0304);
	assert_int_equal(e.n_shares, 1);
	assert_int_equal(e.shares[0].group, 0x0018);
	assert_int_equal(e.shares[0].key.len, 0);
	assert_int_equal(e.shares[0].at, 12);
	assert_true(e.cookie);
}

static void test_extensions__offered_sessions_are_counted(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m,
		"005c 0029 0058 0012 0003 616263 00000001 0003 646566 00000002 0042"
		" 20 0000000000000000000000000000000000000000000000000000000000000000"
		" 20 1111111111111111111111111111111111111111111111111111111111111111",
		IN_CLIENT_HELLO, &e));
	assert_true(e.has_pre_shared_key);
	assert_int_equal(e.n_psk_identities, 2);
	assert_bytes_are_hex(e.psk_identity, "616263");
	assert_int_equal(e.selected_identity, -1);
}

static void test_extensions__unknown_and_grease_are_kept_raw(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(
		&m, "0013 3a3a 0000 3374 0000 0100 0001 ff 8a8a 0002 0102", IN_CLIENT_HELLO, &e));
	assert_int_equal(e.n, 4);
	assert_non_null(extensions_find(&e, 0x3a3a));
	assert_bytes_are_hex(extensions_find(&e, EXT_ECJPAKE)->body, "ff");
	assert_bytes_are_hex(extensions_find(&e, 0x8a8a)->body, "0102");
	assert_null(extensions_find(&e, EXT_SERVER_NAME));
}

static void test_extensions__of_two_of_a_type_the_first_is_read(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(
		&m, "0014 000a 0004 0002 0017 000a 0004 0002 0018 0016 0000", IN_CLIENT_HELLO, &e));
	assert_int_equal(e.n, 3);
	assert_true(u16s_has(&e.groups, 0x0017));
	assert_false(u16s_has(&e.groups, 0x0018));
	assert_true(e.encrypt_then_mac);
}

static void test_extensions__the_drafts_number_of_key_share_is_read(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m, "000d 0028 0009 0007 001d 0003 aabbcc", IN_CLIENT_HELLO, &e));
	assert_true(e.has_key_share);
	assert_int_equal(e.n_shares, 1);
	assert_bytes_are_hex(e.shares[0].key, "aabbcc");
}

/* RSA BSAFE: an opaque value, by its length not a list of key shares. */
static void test_extensions__extended_random_is_no_key_share(void **state)
{
	static const enum extension_place places[] = { IN_CLIENT_HELLO, IN_SERVER_HELLO };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct message m;
		struct extensions e;

		assert_true(read_block(&m, "0016 0028 000e 000c a1b2c3d4e5f60718293a4b5c 0016 0000",
			places[i], &e));
		assert_false(e.has_key_share);
		assert_int_equal(e.n_shares, 0);
		assert_true(e.encrypt_then_mac);
	}
}

static void test_extensions__an_empty_block_is_present(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_true(read_block(&m, "0000", IN_CLIENT_HELLO, &e));
	assert_true(e.present);
	assert_int_equal(e.n, 0);
}

static void test_extensions__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		enum extension_place place;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		/* the block */
		{ "", IN_CLIENT_HELLO, PARSE_SHORT, "extensions", 0 },
		{ "0005 0016 0000", IN_CLIENT_HELLO, PARSE_SHORT, "extensions", 2 },
		{ "0003 0016 00", IN_CLIENT_HELLO, PARSE_SHORT, "extension_data", 4 },
		{ "0004 0016 0001", IN_CLIENT_HELLO, PARSE_SHORT, "extension_data", 6 },
		{ "0001 00", IN_CLIENT_HELLO, PARSE_SHORT, "extension_type", 2 },
		{ "0004 0016 0000 ff", IN_CLIENT_HELLO, PARSE_TRAILING, "extensions", 6 },
		/* bodies */
		{ "0005 0016 0001 00", IN_CLIENT_HELLO, PARSE_TRAILING, "encrypt_then_mac", 6 },
		{ "0005 0017 0001 00", IN_SERVER_HELLO, PARSE_TRAILING, "extended_master_secret",
			6 },
		{ "0004 0000 0000", IN_CLIENT_HELLO, PARSE_SHORT, "server_name_list", 6 },
		{ "0007 0000 0003 0001 00", IN_CLIENT_HELLO, PARSE_SHORT, "HostName", 9 },
		{ "0009 0000 0005 0003 00 0000", IN_CLIENT_HELLO, PARSE_RANGE, "HostName", 9 },
		{ "0009 0000 0005 0003 00 0004", IN_CLIENT_HELLO, PARSE_SHORT, "HostName", 11 },
		{ "0005 0000 0001 61", IN_SERVER_HELLO, PARSE_TRAILING, "server_name", 6 },
		{ "0004 0001 0000", IN_SERVER_HELLO, PARSE_SHORT, "MaxFragmentLength", 6 },
		{ "0006 0001 0002 0101", IN_SERVER_HELLO, PARSE_TRAILING, "max_fragment_length",
			7 },
		{ "0006 000a 0002 0000", IN_CLIENT_HELLO, PARSE_RANGE, "named_group_list", 6 },
		{ "0009 000a 0005 0003 0017 00", IN_CLIENT_HELLO, PARSE_TRAILING,
			"named_group_list", 10 },
		{ "0008 000a 0004 0004 0017", IN_CLIENT_HELLO, PARSE_SHORT, "named_group_list", 8 },
		{ "0005 000b 0001 00", IN_CLIENT_HELLO, PARSE_RANGE, "ec_point_format_list", 6 },
		{ "0006 000d 0002 0000", IN_CLIENT_HELLO, PARSE_RANGE,
			"supported_signature_algorithms", 6 },
		{ "0006 0032 0002 0000", IN_CLIENT_HELLO, PARSE_RANGE, "signature_algorithms_cert",
			6 },
		{ "0007 0010 0003 0001 00", IN_CLIENT_HELLO, PARSE_RANGE, "protocol_name_list", 6 },
		{ "0008 0010 0004 0002 00 61", IN_CLIENT_HELLO, PARSE_RANGE, "ProtocolName", 8 },
		{ "000a 0010 0006 0004 01 61 01 62", IN_SERVER_HELLO, PARSE_TRAILING,
			"protocol_name_list", 10 },
		{ "0005 001c 0001 40", IN_CLIENT_HELLO, PARSE_SHORT, "RecordSizeLimit", 6 },
		{ "0005 0023 0001 00", IN_SERVER_HELLO, PARSE_TRAILING, "session_ticket", 6 },
		{ "0006 002b 0002 0103", IN_CLIENT_HELLO, PARSE_RANGE, "versions", 6 },
		{ "0008 002b 0004 03 0304 03", IN_CLIENT_HELLO, PARSE_TRAILING, "versions", 9 },
		{ "0104 002b 0100 ff "
		  "03040304030403040304030403040304030403040304030403040304030403040304030403040304"
		  "03040304030403040304030403040304030403040304030403040304030403040304030403040304"
		  "03040304030403040304030403040304030403040304030403040304030403040304030403040304"
		  "03040304030403040304030403040304030403040304030403040304030403040304030403040304"
		  "03040304030403040304030403040304030403040304030403040304030403040304030403040304"
		  "03040304030403040304030403040304030403040304030403040304030403040304030403040304"
		  "030403040304030403040304030403",
			IN_CLIENT_HELLO, PARSE_RANGE, "versions", 6 },
		{ "0007 000a 0003 0001 00", IN_CLIENT_HELLO, PARSE_RANGE, "named_group_list", 6 },
		{ "0007 000d 0003 0001 04", IN_CLIENT_HELLO, PARSE_RANGE,
			"supported_signature_algorithms", 6 },
		{ "0007 0032 0003 0001 04", IN_CLIENT_HELLO, PARSE_RANGE,
			"signature_algorithms_cert", 6 },
		{ "000c 0029 0008 0006 0001 6100 0000", IN_CLIENT_HELLO, PARSE_RANGE, "identities",
			6 },
		{ "002f 0029 002b 0007 0001 61 00000000 0020 1f "
		  "00000000000000000000000000000000000000000000000000000000000000",
			IN_CLIENT_HELLO, PARSE_RANGE, "binders", 15 },
		{ "0030 0029 002c 0007 0001 61 00000000 0021 1f "
		  "0000000000000000000000000000000000000000000000000000000000000000",
			IN_CLIENT_HELLO, PARSE_RANGE, "PskBinderEntry", 17 },
		{ "0007 002b 0003 03 0304", IN_SERVER_HELLO, PARSE_TRAILING, "supported_versions",
			8 },
		{ "0006 002c 0002 0000", IN_HELLO_RETRY_REQUEST, PARSE_RANGE, "cookie", 6 },
		{ "0005 002d 0001 00", IN_CLIENT_HELLO, PARSE_RANGE, "ke_modes", 6 },
		{ "000a 0033 0006 0004 001d 0000", IN_CLIENT_HELLO, PARSE_RANGE,
			"KeyShareEntry.key_exchange", 10 },
		{ "000c 0033 0008 0006 001d 0009 0102", IN_CLIENT_HELLO, PARSE_SHORT,
			"KeyShareEntry.key_exchange", 12 },
		{ "0006 0033 0002 0018", IN_SERVER_HELLO, PARSE_SHORT, "KeyShareEntry.key_exchange",
			8 },
		{ "000a 0033 0006 001d 0002 0102", IN_HELLO_RETRY_REQUEST, PARSE_TRAILING,
			"key_share", 8 },
		{ "0005 0029 0001 00", IN_SERVER_HELLO, PARSE_SHORT, "selected_identity", 6 },
		{ "0006 0029 0002 0003", IN_CLIENT_HELLO, PARSE_RANGE, "identities", 6 },
		{ "0005 ff01 0001 01", IN_SERVER_HELLO, PARSE_SHORT, "renegotiated_connection", 7 },
		{ "0004 ff01 0000", IN_CLIENT_HELLO, PARSE_SHORT, "renegotiated_connection", 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct extensions e;

		assert_false(read_block(&m, rows[i].hex, rows[i].place, &e));
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

static void test_extensions__a_malformed_one_does_not_hide_the_next(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_false(
		read_block(&m, "0017 000a 0005 0004 0017 00 0016 0000 0001 0000 002b 0002 0304",
			IN_SERVER_HELLO, &e));
	assert_string_equal(m.err.field, "named_group_list"); /* the first of the two failures */
	assert_int_equal(m.err.at, 8);
	assert_int_equal(e.n, 4);
	assert_true(e.has_groups && e.encrypt_then_mac && e.has_max_fragment_length);
	assert_int_equal(e.selected_version, 0x0304);
}

/* RFC 8446 4.2.10: empty, but for a NewSessionTicket, where it holds max_early_data_size. */
static void test_extensions__early_data_has_a_size_in_a_ticket_only(void **state)
{
	static const enum extension_place places[] = { IN_CLIENT_HELLO, IN_OTHER };
	struct message m;
	struct extensions e;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_true(read_block(&m, "0004 002a 0000", places[i], &e));
		assert_true(e.early_data);
	}
	assert_true(read_block(&m, "0008 002a 0004 00004000", IN_OTHER, &e));
	assert_true(e.early_data);
	assert_false(read_block(&m, "0008 002a 0004 00004000", IN_CLIENT_HELLO, &e));
	assert_int_equal(m.err.code, PARSE_TRAILING);
}

static void test_extensions__entries_before_the_failure_are_kept(void **state)
{
	struct message m;
	struct extensions e;

	(void)state;
	assert_false(read_block(&m, "0017 0033 0013 0011 0017 0003 aabbcc 001d 0002 ddee 0018 00ff",
		IN_CLIENT_HELLO, &e));
	assert_int_equal(e.n_shares, 2);
	assert_int_equal(e.shares[1].group, 0x001d);
	assert_bytes_are_hex(e.shares[1].key, "ddee");
}

static void test_extensions__what_there_is_of_a_cut_block_is_read(void **state)
{
	struct message m;
	struct extensions e = { 0 };
	struct cur c = message_cut(&m, CLIENT_BLOCK, 60);

	(void)state;
	assert_false(parse_extensions(&c, IN_CLIENT_HELLO, &e));
	assert_int_equal(m.err.code, PARSE_SHORT);
	assert_string_equal(m.err.field, "extensions");
	assert_bytes_are_hex(e.server_name, "612e6578616d706c65");
	assert_int_equal(e.n_alpn, 2);
	assert_false(e.has_renegotiation_info);
}

static void test_extensions__more_than_are_kept_is_said(void **state)
{
	uint8_t block[2 + 4 * (EXTENSIONS_MAX + 1)] = { 0 };
	struct extensions e = { 0 };
	struct parse_err err;
	struct cur c;

	(void)state;
	block[0] = (uint8_t)((sizeof block - 2) >> 8);
	block[1] = (uint8_t)(sizeof block - 2);
	for (size_t i = 0; i <= EXTENSIONS_MAX; i++)
		block[2 + 4 * i] = (uint8_t)(0x40 + i);
	c = cur_init(bytes_of(block, sizeof block), &err);
	assert_false(parse_extensions(&c, IN_CLIENT_HELLO, &e));
	assert_int_equal(e.n, EXTENSIONS_MAX);
	assert_int_equal(err.code, PARSE_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extensions__a_clients_block_is_read),
		cmocka_unit_test(test_extensions__the_shortest_lists_are_read),
		cmocka_unit_test(test_extensions__offsets_lead_to_the_bytes),
		cmocka_unit_test(test_extensions__a_servers_block_has_answers),
		cmocka_unit_test(test_extensions__a_retry_names_a_group_without_a_key),
		cmocka_unit_test(test_extensions__offered_sessions_are_counted),
		cmocka_unit_test(test_extensions__unknown_and_grease_are_kept_raw),
		cmocka_unit_test(test_extensions__of_two_of_a_type_the_first_is_read),
		cmocka_unit_test(test_extensions__the_drafts_number_of_key_share_is_read),
		cmocka_unit_test(test_extensions__extended_random_is_no_key_share),
		cmocka_unit_test(test_extensions__an_empty_block_is_present),
		cmocka_unit_test(test_extensions__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_extensions__a_malformed_one_does_not_hide_the_next),
		cmocka_unit_test(test_extensions__early_data_has_a_size_in_a_ticket_only),
		cmocka_unit_test(test_extensions__entries_before_the_failure_are_kept),
		cmocka_unit_test(test_extensions__what_there_is_of_a_cut_block_is_read),
		cmocka_unit_test(test_extensions__more_than_are_kept_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
