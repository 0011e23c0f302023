/* src/wire: ServerKeyExchange and ClientKeyExchange of every key exchange. */
#include "support/unit.h"

#include "base/array.h"
#include "support/hex.h"
#include "wire/field.h"
#include "wire/handshake.h"

#define POINT_P256                                                                                 \
	"04e449b51715a5a3491c12fc5c54595317957347e551bf154d5bc908821facf2ca"                       \
	"a4bf62e144c41c4ffbadbe59741d74d91533b0951ee7db3cb51488d080beb7af4f"                       \
	"bc56fcf538130d770ee9ce54f20959b0cdb72439de73268252f1ff8200fa11"
#define SIGNATURE                                                                                  \
	"304402206b69daf5571e1ca45c951d26bd0d28279eb2f324a25358775c5ea14c4f7ce17a"                 \
	"022053704ec373a16b36bca922fac61bf85ad268ab690b9fabdce8d4f903a7e2cf92"
#define SKE_ECDHE "03 0018 61" POINT_P256 "0403 0046" SIGNATURE

/* p, g and Ys so short that only their form is right. */
#define DH_PARAMS "0004 fffffffb 0001 02 0003 a1a2a3"
#define HINT      "000c 68696e742e6578616d706c65"
#define X25519    "299e9d29db73efbe2e2d23c4820eb4ed2eff4b9a505a64b85c227edb319ca850"

/* The second round of a J-PAKE on P-256, as mbedTLS writes it: key, commitment, response. */
#define JPAKE_X                                                                                    \
	"0464f8e819df6648f887fd048bd0f67ccb2a3df7ae0c9071a8a21f4a27e4f39046"                       \
	"843967b934d1b85d1902c06bf7664212fd3817becf652486c2edc4f26d840922"
#define JPAKE_V                                                                                    \
	"04a88866408ae4f5c5760bbed80a0b65dc80ea6bc9a913f2be2d3ef8361e791b34"                       \
	"87bd8a7d22a63dd0e839ac34e68f347790ffdbc0d72fa87e330d11c12f7f7f27"
#define JPAKE_R "b5ebda016af74411f51e11a829fea16f9f00bf7fb7da8206c5cfa141e4f2afa9"

static bool read_ske(struct message *m, const char *hex, uint16_t version, enum key_exchange kx,
	enum authentication auth, struct server_key_exchange *out)
{
	struct cur c = message_of(m, hex);

	memset(out, 0xa5, sizeof *out);
	return parse_server_key_exchange(&c, version, kx, auth, out);
}

static bool read_cke(struct message *m, const char *hex, uint16_t version, enum key_exchange kx,
	struct client_key_exchange *out)
{
	struct cur c = message_of(m, hex);

	memset(out, 0xa5, sizeof *out);
	return parse_client_key_exchange(&c, version, kx, out);
}

static void test_ske__ecdhe_is_read_with_every_place(void **state)
{
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_true(read_ske(&m, SKE_ECDHE, 0x0303, KX_ECDHE, AUTH_ECDSA, &s));
	assert_true(s.seen && s.has_curve_type && s.has_group && s.has_scheme && s.has_signature);
	assert_int_equal(s.kx, KX_ECDHE);
	assert_int_equal(s.curve_type, 3);
	assert_int_equal(s.group, 0x0018);
	assert_bytes_are_hex(s.public_key, POINT_P256);
	assert_int_equal(s.public_at, 4);
	assert_bytes_are_hex(s.params, "03 0018 61" POINT_P256);
	assert_int_equal(s.scheme, 0x0403);
	assert_int_equal(s.scheme_at, 101);
	assert_bytes_are_hex(s.signature, SIGNATURE);
	assert_int_equal(s.signature_at, 105);
	assert_false(s.has_hint);
	assert_int_equal(s.dh_p.len, 0);
}

static void test_ske__before_tls12_no_scheme_stands_there(void **state)
{
	static const uint16_t versions[] = { 0x0300, 0x0301, 0x0302 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct message m;
		struct server_key_exchange s;

		assert_true(read_ske(
			&m, "03 001d 02 aabb 0003 010203", versions[i], KX_ECDHE, AUTH_RSA, &s));
		assert_false(s.has_scheme);
		assert_bytes_are_hex(s.signature, "010203");
		assert_int_equal(s.signature_at, 8);
	}
}

static void test_ske__dhe_is_read_with_every_place(void **state)
{
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_true(read_ske(&m, DH_PARAMS "0401 0002 5555", 0x0303, KX_DHE, AUTH_RSA, &s));
	assert_bytes_are_hex(s.dh_p, "fffffffb");
	assert_int_equal(s.dh_p_at, 2);
	assert_bytes_are_hex(s.dh_g, "02");
	assert_bytes_are_hex(s.public_key, "a1a2a3");
	assert_int_equal(s.public_at, 11);
	assert_bytes_are_hex(s.params, DH_PARAMS);
	assert_int_equal(s.scheme, 0x0401);
	assert_int_equal(s.scheme_at, 14);
	assert_int_equal(s.signature_at, 18);
	assert_false(s.has_group || s.has_curve_type);
}

static void test_ske__anonymous_ones_are_not_signed(void **state)
{
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_true(read_ske(&m, "03 001d 20" X25519, 0x0303, KX_ECDHE, AUTH_NONE, &s));
	assert_int_equal(s.group, 0x001d);
	assert_bytes_are_hex(s.public_key, X25519);
	assert_false(s.has_scheme || s.has_signature);
	assert_bytes_are_hex(s.params, "03 001d 20" X25519);
	assert_true(read_ske(&m, DH_PARAMS, 0x0303, KX_DHE, AUTH_NONE, &s));
	assert_bytes_are_hex(s.public_key, "a1a2a3");
	assert_false(s.has_signature);
}

static void test_ske__psk_mixtures_begin_with_the_hint(void **state)
{
	static const struct {
		enum key_exchange kx;
		enum authentication auth;
		const char *hex;
		size_t public_at;
	} rows[] = {
		{ KX_PSK, AUTH_NONE, HINT, 0 },
		{ KX_RSA_PSK, AUTH_RSA, HINT, 0 },
		{ KX_DHE_PSK, AUTH_NONE, HINT DH_PARAMS, 25 },
		{ KX_ECDHE_PSK, AUTH_NONE, HINT "03 001d 20" X25519, 18 },
		/* none of them signs, whatever the certificate's key is */
		{ KX_PSK, AUTH_RSA, HINT, 0 },
		{ KX_RSA_PSK, AUTH_NONE, HINT, 0 },
		{ KX_DHE_PSK, AUTH_RSA, HINT DH_PARAMS, 25 },
		{ KX_ECDHE_PSK, AUTH_ECDSA, HINT "03 001d 20" X25519, 18 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct server_key_exchange s;

		assert_true(read_ske(&m, rows[i].hex, 0x0303, rows[i].kx, rows[i].auth, &s));
		assert_true(s.has_hint);
		assert_bytes_are_hex(s.psk_identity_hint, "68696e742e6578616d706c65");
		assert_int_equal(s.public_at, rows[i].public_at);
		assert_false(s.has_signature);
	}
}

/* One byte is a number; none is not. */
static void test_ske__the_shortest_numbers_are_read(void **state)
{
	static const struct {
		enum key_exchange kx;
		const char *least, *lacks[4];
	} rows[] = {
		{ KX_SRP, "0001 61 0001 02 01 63 0001 64",
			{ "0000 0001 02 01 63 0001 64", "0001 61 0000 01 63 0001 64",
				"0001 61 0001 02 00 0001 64", "0001 61 0001 02 01 63 0000" } },
		{ KX_DHE, "0001 61 0001 02 0001 63",
			{ "0000 0001 02 0001 63", "0001 61 0000 0001 63",
				"0001 61 0001 02 0000" } },
		{ KX_RSA, "0001 61 0001 03", { "0000 0001 03", "0001 61 0000" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct server_key_exchange s;
		struct message m;

		assert_true(read_ske(&m, rows[i].least, 0x0303, rows[i].kx, AUTH_NONE, &s));
		for (size_t k = 0; k < 4 && rows[i].lacks[k] != NULL; k++)
			assert_false(
				read_ske(&m, rows[i].lacks[k], 0x0303, rows[i].kx, AUTH_NONE, &s));
	}
}

static void test_ske__srp_is_signed_when_the_suite_has_a_key(void **state)
{
	static const char params[] = "0004 fffffffb 0001 02 04 5a5b5c5d 0003 a1a2a3";
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_true(read_ske(&m, params, 0x0303, KX_SRP, AUTH_NONE, &s));
	assert_bytes_are_hex(s.public_key, "a1a2a3");
	assert_int_equal(s.public_at, 16);
	assert_true(read_ske(&m, "0004 fffffffb 0001 02 04 5a5b5c5d 0003 a1a2a3 0401 0002 5555",
		0x0303, KX_SRP, AUTH_RSA, &s));
	assert_bytes_are_hex(s.params, params);
	assert_bytes_are_hex(s.signature, "5555");
}

static void test_ske__ecjpake_is_a_curve_a_key_and_its_proof(void **state)
{
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_true(read_ske(&m, "03 0017 41" JPAKE_X "41" JPAKE_V "20" JPAKE_R, 0x0303, KX_ECJPAKE,
		AUTH_NONE, &s));
	assert_int_equal(s.group, 0x0017);
	assert_bytes_are_hex(s.public_key, JPAKE_X);
	assert_int_equal(s.public_at, 4);
	assert_false(s.has_signature);
}

static void test_ske__export_rsa_has_a_short_key(void **state)
{
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_true(read_ske(&m, "0001 b1 0001 03 0002 5555", 0x0301, KX_RSA, AUTH_RSA, &s));
	assert_bytes_are_hex(s.params, "0001 b1 0001 03");
	assert_false(read_ske(&m, "0000 0001 03 0002 5555", 0x0301, KX_RSA, AUTH_RSA, &s));
	assert_string_equal(m.err.field, "rsa_modulus");
	assert_false(read_ske(&m, "0001 b1 0000 0002 5555", 0x0301, KX_RSA, AUTH_RSA, &s));
	assert_string_equal(m.err.field, "rsa_exponent");
	assert_true(
		read_ske(&m, "0004 b1b2b3b4 0003 010001 0002 5555", 0x0301, KX_RSA, AUTH_RSA, &s));
	assert_bytes_are_hex(s.params, "0004 b1b2b3b4 0003 010001");
	assert_bytes_are_hex(s.signature, "5555");
	assert_int_equal(s.public_key.len, 0);
}

static void test_ske__of_an_unknown_kind_is_left_alone(void **state)
{
	static const enum key_exchange kinds[] = { KX_UNKNOWN, KX_GOST, KX_ECCPWD, KX_TLS13 };

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct message m;
		struct server_key_exchange s;

		assert_true(read_ske(&m, "0102030405", 0x0303, kinds[i], AUTH_UNKNOWN, &s));
		assert_true(s.seen);
		assert_int_equal(s.kx, kinds[i]);
		assert_int_equal(s.params.len, 0);
	}
}

static void test_ske__an_explicit_curve_cannot_be_read_on(void **state)
{
	struct message m;
	struct server_key_exchange s;

	(void)state;
	assert_false(read_ske(&m, HINT "01 02 ffff", 0x0303, KX_ECDHE_PSK, AUTH_NONE, &s));
	assert_true(s.has_curve_type);
	assert_int_equal(s.curve_type, 1);
	assert_false(s.has_group);
	assert_int_equal(m.err.code, PARSE_VALUE);
	assert_string_equal(m.err.field, "curve_type");
	assert_int_equal(m.err.at, 14);
	assert_int_equal(m.err.need, 3); /* named_curve */
}

static void test_ske__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		enum key_exchange kx;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		{ "", KX_ECDHE, PARSE_SHORT, "curve_type", 0 },
		{ "03 00", KX_ECDHE, PARSE_SHORT, "namedcurve", 1 },
		{ "03 0017 00 0403 0000", KX_ECDHE, PARSE_RANGE, "ECPoint.point", 3 },
		{ "03 0017 05 04aabb", KX_ECDHE, PARSE_SHORT, "ECPoint.point", 4 },
		{ "03 0017 03 04aabb", KX_ECDHE, PARSE_SHORT, "SignatureAndHashAlgorithm", 7 },
		{ "03 0017 03 04aabb 0403 0004 3000", KX_ECDHE, PARSE_SHORT, "signature", 11 },
		{ "03 0017 03 04aabb 0403 0002 3000 00", KX_ECDHE, PARSE_TRAILING,
			"ServerKeyExchange", 13 },
		{ "0000 0001 02 0001 03", KX_DHE, PARSE_RANGE, "dh_p", 0 },
		{ "0001 05 0001 02 0004 03", KX_DHE, PARSE_SHORT, "dh_Ys", 8 },
		{ "000c 68", KX_PSK, PARSE_SHORT, "psk_identity_hint", 2 },
		{ "0001 68 00", KX_PSK, PARSE_TRAILING, "ServerKeyExchange", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct server_key_exchange s;

		assert_false(read_ske(&m, rows[i].hex, 0x0303, rows[i].kx, AUTH_ECDSA, &s));
		assert_true(s.seen);
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

/* A signature that is cut off leaves the point before it readable, and the reverse is told. */
static void test_ske__fields_before_a_cut_are_kept(void **state)
{
	struct message m;
	struct cur c = message_cut(&m, SKE_ECDHE, 10);
	struct server_key_exchange s;

	(void)state;
	assert_false(parse_server_key_exchange(&c, 0x0303, KX_ECDHE, AUTH_ECDSA, &s));
	assert_bytes_are_hex(s.public_key, POINT_P256);
	assert_true(s.has_scheme);
	assert_false(s.has_signature);
	assert_int_equal(m.err.at, 105);
}

static void test_cke__each_kind_has_its_form(void **state)
{
	static const struct {
		enum key_exchange kx;
		uint16_t version;
		const char *hex, *public_key, *identity, *premaster;
		size_t public_at;
	} rows[] = {
		{ KX_RSA, 0x0303, "0003 a1a2a3", "", "", "a1a2a3", 0 },
		{ KX_RSA, 0x0300, "a1a2a3", "", "", "a1a2a3", 0 },
		{ KX_DHE, 0x0303, "0003 a1a2a3", "a1a2a3", "", "", 2 },
		{ KX_DHE, 0x0300, "0003 a1a2a3", "a1a2a3", "", "", 2 },
		{ KX_ECDHE, 0x0303, "20" X25519, X25519, "", "", 1 },
		{ KX_ECDH, 0x0301, "02 04aa", "04aa", "", "", 1 },
		{ KX_PSK, 0x0303, "0009 6465766963652d3137", "", "6465766963652d3137", "", 0 },
		{ KX_RSA_PSK, 0x0303, "0001 61 0003 a1a2a3", "", "61", "a1a2a3", 0 },
		{ KX_DHE_PSK, 0x0303, "0001 61 0003 a1a2a3", "a1a2a3", "61", "", 5 },
		{ KX_ECDHE_PSK, 0x0303, "0001 61 20" X25519, X25519, "61", "", 4 },
		{ KX_SRP, 0x0303, "0003 a1a2a3", "a1a2a3", "", "", 2 },
		{ KX_ECJPAKE, 0x0303, "41" JPAKE_X "41" JPAKE_V "20" JPAKE_R, JPAKE_X, "", "", 1 },
		{ KX_GOST, 0x0303, "30020500", "", "", "", 0 },
		/* implicit: the key is in the client's certificate */
		{ KX_DH, 0x0301, "", "", "", "", 0 },
		{ KX_ECDH, 0x0303, "", "", "", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct client_key_exchange k;

		assert_true(read_cke(&m, rows[i].hex, rows[i].version, rows[i].kx, &k));
		assert_true(k.seen);
		assert_bytes_are_hex(k.public_key, rows[i].public_key);
		assert_bytes_are_hex(k.psk_identity, rows[i].identity);
		assert_true(k.has_psk_identity == (rows[i].identity[0] != '\0'));
		assert_bytes_are_hex(k.encrypted_premaster, rows[i].premaster);
		assert_int_equal(k.public_at, rows[i].public_at);
	}
}

static void test_cke__what_is_malformed_is_told_with_its_place(void **state)
{
	static const struct {
		const char *hex;
		enum key_exchange kx;
		enum parse_code code;
		const char *field;
		size_t at;
	} rows[] = {
		{ "", KX_RSA, PARSE_SHORT, "encrypted_pre_master_secret", 0 },
		{ "a1a2a3", KX_RSA, PARSE_SHORT, "encrypted_pre_master_secret", 2 },
		{ "00", KX_ECDHE, PARSE_RANGE, "ecdh_Yc", 0 },
		{ "41 04", KX_ECDHE, PARSE_SHORT, "ecdh_Yc", 1 },
		{ "01 04 ff", KX_ECDHE, PARSE_TRAILING, "ClientKeyExchange", 2 },
		{ "0000", KX_DHE, PARSE_RANGE, "dh_Yc", 0 },
		{ "0001 61", KX_ECDHE_PSK, PARSE_SHORT, "ecdh_Yc", 3 },
		{ "0001 61 00", KX_PSK, PARSE_TRAILING, "ClientKeyExchange", 3 },
		{ "0000", KX_SRP, PARSE_RANGE, "srp_A", 0 },
		{ "01 04 01 04", KX_ECJPAKE, PARSE_SHORT, "ECSchnorrZKP.r", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m;
		struct client_key_exchange k;

		assert_false(read_cke(&m, rows[i].hex, 0x0303, rows[i].kx, &k));
		assert_true(k.seen);
		if (m.err.code != rows[i].code || m.err.at != rows[i].at ||
			strcmp(m.err.field, rows[i].field) != 0)
			fail_msg("'%s': code %d, %s at %zu", rows[i].hex, (int)m.err.code,
				m.err.field, m.err.at);
	}
}

/* SKE_ECDHE: the curve at 0, the length of the point at 3, the point at 4, the scheme at 101, the
 * signature's length at 103, its bytes at 105 to 175. */
static void test_outline__tells_what_is_seen_of_one_with_holes(void **state)
{
	static const struct {
		struct hidden hidden[2];
		size_t n;
		bool seen;
	} rows[] = {
		{ { { 40, 61 }, { 141, 34 } }, 2, true },
		{ { { 4, 97 }, { 105, 70 } }, 2, true },
		{ { { 4, 1 } }, 1, true },
		{ { { 100, 1 } }, 1, true },
		{ { { 105, 1 } }, 1, true },
		{ { { 0, 1 } }, 1, false },
		{ { { 3, 1 } }, 1, false },
		{ { { 2, 50 } }, 1, false },
		{ { { 100, 2 } }, 1, false },
		{ { { 104, 1 } }, 1, false },
		{ { { 150, 10 }, { 102, 1 } }, 2, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct message m;
		struct cur c = message_of(&m, SKE_ECDHE);
		struct server_key_outline o;

		memset(&o, 0xa5, sizeof o);
		assert_int_equal(outline_server_key_exchange(
					 cur_rest(&c), rows[i].hidden, rows[i].n, 0x0303, &o),
			rows[i].seen);
		assert_int_equal(o.seen, rows[i].seen);
		assert_int_equal(o.group, rows[i].seen ? 0x0018 : 0);
		assert_int_equal(o.scheme, rows[i].seen ? 0x0403 : 0);
		assert_int_equal(o.has_scheme, rows[i].seen);
		assert_int_equal(o.signature_length, rows[i].seen ? 70 : 0);
	}
}

static void test_outline__follows_the_version_and_the_form(void **state)
{
	static const struct hidden hole = { 5, 1 };
	static const struct {
		const char *hex;
		uint16_t version;
		bool seen;
	} rows[] = {
		{ "03 001d 02 aabb 0003 010203", 0x0302, true },
		{ "03 001d 02 aabb 0003 010203", 0x0303, false },
		{ "03 001d 02 aabb 0003 0102", 0x0302, false },
		{ "01 001d 02 aabb 0003 010203", 0x0302, false },
		{ "", 0x0303, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i].hex);
		struct server_key_outline o;

		assert_int_equal(
			outline_server_key_exchange(cur_rest(&c), &hole, 1, rows[i].version, &o),
			rows[i].seen);
		assert_int_equal(o.signature_length, rows[i].seen ? 3 : 0);
		assert_false(o.has_scheme);
	}
}

static void test_field__what_was_read_between_two_places(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7 };
	struct parse_err err;
	struct cur c = cur_init(bytes_of(bytes, sizeof bytes), &err), from;
	struct bytes read;

	(void)state;
	(void)cur_u16(&c, "first");
	from = c;
	(void)cur_u24(&c, "second");
	read = field_between(from, &c);
	assert_ptr_equal(read.data, bytes + 2);
	assert_int_equal(read.len, 3);
	assert_int_equal(field_between(c, &c).len, 0);
	assert_int_equal(cur_left(&c), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ske__ecdhe_is_read_with_every_place),
		cmocka_unit_test(test_ske__before_tls12_no_scheme_stands_there),
		cmocka_unit_test(test_ske__dhe_is_read_with_every_place),
		cmocka_unit_test(test_ske__anonymous_ones_are_not_signed),
		cmocka_unit_test(test_ske__psk_mixtures_begin_with_the_hint),
		cmocka_unit_test(test_ske__the_shortest_numbers_are_read),
		cmocka_unit_test(test_ske__srp_is_signed_when_the_suite_has_a_key),
		cmocka_unit_test(test_ske__ecjpake_is_a_curve_a_key_and_its_proof),
		cmocka_unit_test(test_ske__export_rsa_has_a_short_key),
		cmocka_unit_test(test_ske__of_an_unknown_kind_is_left_alone),
		cmocka_unit_test(test_ske__an_explicit_curve_cannot_be_read_on),
		cmocka_unit_test(test_ske__what_is_malformed_is_told_with_its_place),
		cmocka_unit_test(test_ske__fields_before_a_cut_are_kept),
		cmocka_unit_test(test_outline__tells_what_is_seen_of_one_with_holes),
		cmocka_unit_test(test_outline__follows_the_version_and_the_form),
		cmocka_unit_test(test_field__what_was_read_between_two_places),
		cmocka_unit_test(test_cke__each_kind_has_its_form),
		cmocka_unit_test(test_cke__what_is_malformed_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
