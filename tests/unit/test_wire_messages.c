/* src/wire: Certificate, CertificateRequest, CertificateVerify, NewSessionTicket. */
#include "support/unit.h"

#include "support/hex.h"
#include "wire/handshake.h"

static void test_certificate__entries_are_kept_with_their_places(void **state)
{
	struct message m;
	struct cur c = message_of(&m, "00000b 000003 3001aa 000002 30bb");
	struct certificate_message cert;

	(void)state;
	assert_true(parse_certificate(&c, false, &cert));
	assert_true(cert.seen);
	assert_int_equal(cert.n, 2);
	assert_bytes_are_hex(cert.entry[0], "3001aa");
	assert_int_equal(cert.at[0], 6);
	assert_bytes_are_hex(cert.entry[1], "30bb");
	assert_int_equal(cert.at[1], 12);
	assert_int_equal(cert.context.len, 0);
}

static void test_certificate__of_tls13_has_context_and_extensions(void **state)
{
	struct message m;
	struct cur c =
		message_of(&m, "02 c0c1 000013 000003 3001aa 0005 0012 0001 ff 000001 30 0000");
	struct certificate_message cert;

	(void)state;
	assert_true(parse_certificate(&c, true, &cert));
	assert_bytes_are_hex(cert.context, "c0c1");
	assert_int_equal(cert.n, 2);
	assert_bytes_are_hex(cert.entry[0], "3001aa");
	assert_int_equal(cert.at[0], 9);
	assert_int_equal(cert.at[1], 22);
}

/* RFC 8446 4.4.2.1: the leaf's; what is malformed there says nothing. */
static void test_certificate__an_ocsp_response_goes_along_with_the_leaf(void **state)
{
	static const struct {
		const char *hex;
		bool has;
	} rows[] = {
		{ "00 00000c 000001 30 0006 0005 0002 abcd", true },
		{ "00 00000e 000001 30 0008 0012 0000 0005 0000", true },
		{ "00 00000a 000001 30 0004 0012 0000", false },
		{ "00 000012 000001 30 0000 000001 31 0006 0005 0002 abcd", false },
		{ "00 00000a 000001 30 0004 0005 0003", false },
		{ "00 000006 000001 30 0000", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i].hex);
		struct certificate_message cert;

		assert_true(parse_certificate(&c, true, &cert));
		assert_int_equal(cert.has_status, rows[i].has);
	}
}

static void test_certificate__an_empty_list_is_well_formed(void **state)
{
	struct message m;
	struct cur c = message_of(&m, "000000");
	struct certificate_message cert;

	(void)state;
	assert_true(parse_certificate(&c, false, &cert));
	assert_true(cert.seen);
	assert_int_equal(cert.n, 0);
	c = message_of(&m, "00 000000");
	assert_true(parse_certificate(&c, true, &cert));
}

static void test_certificate__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		bool tls13;
		enum parse_code code;
		const char *field;
		size_t at, n;
	} rows[] = {
		{ "", false, PARSE_SHORT, "certificate_list", 0, 0 },
		{ "000003 000000", false, PARSE_RANGE, "cert_data", 3, 0 },
		{ "000005 000003 3001", false, PARSE_SHORT, "cert_data", 6, 0 },
		{ "000002 0000", false, PARSE_SHORT, "cert_data", 3, 0 },
		{ "000006 000002 3000 00", false, PARSE_SHORT, "cert_data", 8, 1 },
		{ "000005 000002 3000 00", false, PARSE_TRAILING, "Certificate", 8, 1 },
		{ "00 000005 000002 3000", true, PARSE_SHORT, "CertificateEntry.extensions", 9, 1 },
		/* cut within the second certificate: the first is there */
		{ "00000a 000002 3000 000002 30", false, PARSE_SHORT, "certificate_list", 3, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i].hex);
		struct certificate_message cert;

		assert_false(parse_certificate(&c, rows[i].tls13, &cert));
		assert_true(cert.seen);
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0 || cert.n != rows[i].n)
			fail_msg("'%s': code %d, %s at %zu, %zu kept", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at, cert.n);
	}
}

static void test_certificate__more_than_are_kept_is_said(void **state)
{
	uint8_t list[3 + 4 * (CERTIFICATES_MAX + 1)] = { 0 };
	struct certificate_message cert;
	struct parse_err err;
	struct cur c;

	(void)state;
	list[2] = sizeof list - 3;
	for (size_t i = 0; i <= CERTIFICATES_MAX; i++)
		list[3 + 4 * i + 2] = 1;
	c = cur_init(bytes_of(list, sizeof list), &err);
	assert_false(parse_certificate(&c, false, &cert));
	assert_int_equal(cert.n, CERTIFICATES_MAX);
	assert_int_equal(err.code, PARSE_LIMIT);
}

static void test_request__of_tls12_has_types_schemes_and_names(void **state)
{
	struct message m;
	struct cur c =
		message_of(&m, "03 010240 0004 06030804"
			       " 001b 0016 30143112301006035504030c09446576696365204341 0001 30");
	struct certificate_request r;
	struct bytes left, name;

	(void)state;
	assert_true(parse_certificate_request(&c, 0x0303, &r));
	assert_true(r.seen && r.has_schemes);
	assert_bytes_are_hex(r.types, "010240");
	assert_bytes_are_hex(r.schemes.raw, "06030804");
	assert_int_equal(r.schemes.at, 6);
	left = r.authorities;
	assert_true(certificate_request_next_authority(&left, &name));
	assert_bytes_are_hex(name, "30143112301006035504030c09446576696365204341");
	assert_true(certificate_request_next_authority(&left, &name));
	assert_bytes_are_hex(name, "30");
	assert_false(certificate_request_next_authority(&left, &name));
}

static void test_request__before_tls12_has_no_schemes(void **state)
{
	struct message m;
	struct cur c = message_of(&m, "02 0102 0000");
	struct certificate_request r;

	(void)state;
	assert_true(parse_certificate_request(&c, 0x0301, &r));
	assert_bytes_are_hex(r.types, "0102");
	assert_false(r.has_schemes);
	assert_int_equal(r.authorities.len, 0);
}

static void test_request__of_tls13_has_extensions(void **state)
{
	static const char body[] = "01 c0 0014 000d 0006 0004 06030804 002f 0006 0004 0002 3000";
	static const uint16_t versions[] = { 0x0304, 0x7f1c };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct message m;
		struct cur c = message_of(&m, body);
		struct certificate_request r;

		assert_true(parse_certificate_request(&c, versions[i], &r));
		assert_true(r.has_schemes);
		assert_bytes_are_hex(r.schemes.raw, "06030804");
		assert_bytes_are_hex(r.authorities, "0002 3000");
		assert_int_equal(r.types.len, 0);
	}
}

/* RFC 8446 4.2.4: DistinguishedName authorities<3..2^16-1>, and a name has one byte at least. */
static void test_request__the_shortest_authority_is_one_byte(void **state)
{
	struct message m;
	struct cur c = message_of(&m, "00 0011 000d 0004 0002 0403 002f 0005 0003 0001 30");
	struct certificate_request r;

	(void)state;
	assert_true(parse_certificate_request(&c, 0x0304, &r));
	assert_bytes_are_hex(r.authorities, "0001 30");
}

static void test_request__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		uint16_t version;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		{ "", 0x0303, PARSE_SHORT, "certificate_types", 0 },
		{ "01 40 0000 0000", 0x0303, PARSE_RANGE, "supported_signature_algorithms", 2 },
		{ "01 40 0003 060304 0000", 0x0303, PARSE_TRAILING,
			"supported_signature_algorithms", 6 },
		{ "01 40 0002 0603", 0x0303, PARSE_SHORT, "certificate_authorities", 6 },
		{ "01 40 0002 0603 0003 0002 30", 0x0303, PARSE_SHORT, "DistinguishedName", 10 },
		{ "01 40 0002 0603 0002 0000", 0x0303, PARSE_RANGE, "DistinguishedName", 8 },
		{ "01 01 0000 00", 0x0302, PARSE_TRAILING, "CertificateRequest", 4 },
		{ "00 0006 002f 0002 0000", 0x0304, PARSE_RANGE, "certificate_authorities", 7 },
		{ "00 0008 002f 0004 0002 0000", 0x0304, PARSE_RANGE, "certificate_authorities",
			7 },
		{ "00 0009 002f 0005 0003 0000 00", 0x0304, PARSE_RANGE, "DistinguishedName", 9 },
		{ "00 0009 002f 0005 0003 0001 30", 0x0304, PARSE_MISSING, "signature_algorithms",
			12 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i].hex);
		struct certificate_request r;

		assert_false(parse_certificate_request(&c, rows[i].version, &r));
		assert_true(r.seen);
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

static void test_verify__has_a_scheme_from_tls12_on(void **state)
{
	struct message m;
	struct cur c = message_of(&m, "0403 0003 300102");
	struct certificate_verify v;

	(void)state;
	assert_true(parse_certificate_verify(&c, 0x0303, &v));
	assert_true(v.seen && v.has_scheme);
	assert_int_equal(v.scheme, 0x0403);
	assert_int_equal(v.scheme_at, 0);
	assert_bytes_are_hex(v.signature, "300102");
	assert_int_equal(v.signature_at, 4);
	c = message_of(&m, "0003 300102");
	assert_true(parse_certificate_verify(&c, 0x0301, &v));
	assert_false(v.has_scheme);
	assert_int_equal(v.signature_at, 2);
}

static void test_verify__of_a_wrong_length_is_malformed(void **state)
{
	struct message m;
	struct certificate_verify v;
	struct cur c = message_of(&m, "0403 0004 300102");

	(void)state;
	assert_false(parse_certificate_verify(&c, 0x0303, &v));
	assert_int_equal(m.err.code, PARSE_SHORT);
	assert_int_equal(v.signature.len, 0);
	c = message_of(&m, "0403 0002 300102");
	assert_false(parse_certificate_verify(&c, 0x0303, &v));
	assert_int_equal(m.err.code, PARSE_TRAILING);
	assert_int_equal(m.err.at, 6);
}

static void test_ticket__has_a_lifetime_and_its_bytes(void **state)
{
	struct message m;
	struct new_session_ticket t;
	struct cur c = message_of(&m, "00001c20 0004 aabbccdd");

	(void)state;
	assert_true(parse_new_session_ticket(&c, &t));
	assert_int_equal(t.lifetime, 7200);
	assert_bytes_are_hex(t.ticket, "aabbccdd");
	c = message_of(&m, "00000000 0000"); /* "no ticket after all" (RFC 5077 3.3) */
	assert_true(parse_new_session_ticket(&c, &t));
	assert_int_equal(t.ticket.len, 0);
	c = message_of(&m, "00000000 0000 00");
	assert_false(parse_new_session_ticket(&c, &t));
	assert_int_equal(m.err.at, 6);
}

/* The sum of the longest that each field can be (RFC 5246 7.4, RFC 8446 4). */
static void test_body_max__is_the_sum_of_the_fields(void **state)
{
	static const struct {
		uint8_t type;
		size_t most;
	} rows[] = {
		{ HS_HELLO_REQUEST, 65537 },
		{ HS_SERVER_HELLO_DONE, 65537 },
		{ HS_CLIENT_HELLO, 2 + 32 + 33 + 65537 + 256 + 65537 },
		{ HS_SERVER_HELLO, 2 + 32 + 33 + 2 + 1 + 65537 },
		{ HS_HELLO_RETRY_REQUEST, 2 + 32 + 33 + 2 + 1 + 65537 },
		{ HS_NEW_SESSION_TICKET, 4 + 4 + 256 + 65537 + 65537 },
		{ HS_SERVER_KEY_EXCHANGE, 4 * 65537 + 2 + 65537 },
		{ HS_CERTIFICATE_REQUEST, 256 + 65537 + 65537 },
		{ HS_CLIENT_KEY_EXCHANGE, 65537 + 65537 },
		{ HS_CERTIFICATE_VERIFY, 2 + 65537 },
		{ HS_CERTIFICATE, 0xffffff },
		{ HS_FINISHED, 0xffffff },
		{ 255, 0xffffff },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(handshake_body_max(rows[i].type), rows[i].most);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body_max__is_the_sum_of_the_fields),
		cmocka_unit_test(test_certificate__entries_are_kept_with_their_places),
		cmocka_unit_test(test_certificate__of_tls13_has_context_and_extensions),
		cmocka_unit_test(test_certificate__an_ocsp_response_goes_along_with_the_leaf),
		cmocka_unit_test(test_certificate__an_empty_list_is_well_formed),
		cmocka_unit_test(test_certificate__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_certificate__more_than_are_kept_is_said),
		cmocka_unit_test(test_request__of_tls12_has_types_schemes_and_names),
		cmocka_unit_test(test_request__before_tls12_has_no_schemes),
		cmocka_unit_test(test_request__of_tls13_has_extensions),
		cmocka_unit_test(test_request__the_shortest_authority_is_one_byte),
		cmocka_unit_test(test_request__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_verify__has_a_scheme_from_tls12_on),
		cmocka_unit_test(test_verify__of_a_wrong_length_is_malformed),
		cmocka_unit_test(test_ticket__has_a_lifetime_and_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
