/* src/pki: the walk over a certificate, names and dates, and the store. */
#include "support/unit.h"

#include "pki/cert_walk.h"
#include "pki/oid.h"
#include "support/certs.h"
#include "support/der_text.h"
#include "support/hex.h"

enum { CERT_MAX = 4096 };

static struct cert_store *store;

static int open_store(void **state)
{
	(void)state;
	store = cert_store_open(1 << 20);
	return store == NULL;
}

static int close_store(void **state)
{
	(void)state;
	cert_store_close(store);
	return 0;
}

/* ---- fields ---- */

static void test_cert__fields_of_a_v3_certificate(void **state)
{
	const struct cert *c = fixture_cert(store, "leaf");

	(void)state;
	assert_true(c->parsed);
	assert_int_equal(c->version, 3);
	assert_string_equal(c->subject, "CN=device.example");
	assert_string_equal(c->issuer, "CN=Plant Sub CA");
	assert_string_equal(c->common_name, "device.example");
	assert_true(c->has_dates);
	assert_int_equal(c->not_before, 1704067200);
	assert_int_equal(c->not_after, 2524521600);
	assert_string_equal(c->signature_name, "ecdsa-with-SHA256");
	assert_int_equal(c->method.signature, SIG_ECDSA);
	assert_int_equal(c->method.hash, HASH_SHA256);
	assert_int_equal(c->key, KEY_EC);
	assert_int_equal(c->key_group, 23);
	assert_int_equal(c->key_bits, 256);
	assert_int_equal(c->key_point.len, 65);
	assert_string_equal(c->key_name, "EC secp256r1");
	assert_int_equal(c->n_san, 4);
	assert_int_equal(c->san[0].kind, SAN_DNS);
	assert_int_equal(c->san[2].kind, SAN_IP);
	assert_int_equal(c->san[2].value.len, 4);
	assert_int_equal(c->san[3].value.len, 16);
	assert_true(c->has_basic_constraints && !c->ca);
	assert_int_equal(c->path_length, -1);
	assert_int_equal(c->key_usage, KU_DIGITAL_SIGNATURE);
	assert_false(c->has_ext_key_usage || c->unknown_critical || c->self_issued);
	assert_int_equal(c->subject_key_id.len, 20);
	assert_int_equal(c->authority_key_id.len, 20);
	cert_release(store, c);
}

static void test_cert__keys_and_signatures_have_names(void **state)
{
	static const struct {
		const char *file, *key, *signature;
		unsigned bits;
	} rows[] = {
		{ "rsa", "RSA 2048", "sha256WithRSAEncryption", 2048 },
		{ "leaf-rsa768", "RSA 768", "ecdsa-with-SHA256", 768 },
		{ "leaf-sha1", "EC secp256r1", "sha1WithRSAEncryption", 256 },
		{ "leaf-pss", "EC secp256r1", "rsassaPss", 256 },
		{ "ed25519", "Ed25519", "ED25519", 256 },
		{ "leaf-explicit", "EC 256, explicit curve", "ecdsa-with-SHA256", 256 },
		{ "mbedtls/test-ca2.crt", "EC secp384r1", "ecdsa-with-SHA256", 384 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cert *c = fixture_cert(store, rows[i].file);

		assert_string_equal(c->key_name, rows[i].key);
		assert_string_equal(c->signature_name, rows[i].signature);
		assert_int_equal(c->key_bits, rows[i].bits);
		cert_release(store, c);
	}
}

static void test_cert__the_most_specific_part_of_a_name_comes_first(void **state)
{
	const struct cert *c = fixture_cert(store, "mbedtls/server5.crt");

	(void)state;
	assert_string_equal(c->subject, "CN=localhost,O=PolarSSL,C=NL");
	cert_release(store, c);
}

static void test_cert__all_names_are_walked_though_the_first_are_kept(void **state)
{
	const struct cert *c = fixture_cert(store, "many-names");
	struct bytes names = c->san_der;
	struct san san;
	size_t n = 0;

	(void)state;
	assert_true(c->parsed);
	assert_int_equal(c->n_san, SAN_MAX);
	while (cert_san_next(&names, &san))
		n++;
	assert_int_equal(n, 130);
	assert_int_equal(cert_name_match(c, "n130.example"), NAME_MATCHES);
	cert_release(store, c);
}

static void test_cert__usages_are_read_bit_by_bit(void **state)
{
	const struct cert *c = fixture_cert(store, "mbedtls/keyUsage.decipherOnly.crt");
	char text[160];

	(void)state;
	assert_int_equal(c->key_usage,
		KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION | KU_KEY_ENCIPHERMENT | KU_DECIPHER_ONLY);
	assert_string_equal(cert_key_usage_text(c->key_usage, text),
		"digitalSignature, nonRepudiation, keyEncipherment, decipherOnly");
	assert_string_equal(cert_key_usage_text(0, text), "no usage");
	cert_release(store, c);
}

static void test_cert__same_key_whatever_the_encoding(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "leaf", "leaf-expired", true },
		{ "leaf", "leaf-compressed", true },
		{ "leaf-compressed", "leaf", true },
		{ "leaf", "leaf-explicit", true },
		{ "leaf", "sub", false },
		{ "leaf-compressed", "sub", false },
		{ "rsa", "rsa", true },
		{ "rsa", "rsa-again", false },
		{ "rsa", "leaf", false },
		{ "ed25519", "leaf", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cert *a = fixture_cert(store, rows[i].a);
		const struct cert *b = fixture_cert(store, rows[i].b);

		assert_int_equal(cert_same_key(a->spki, b->spki), rows[i].same);
		cert_release(store, a);
		cert_release(store, b);
	}
}

/* Of two that cannot be read nobody knows whether they are one. */
static void test_cert__keys_that_cannot_be_read_are_not_the_same(void **state)
{
	static const char one[] = "30(30(06(2a864886f70d010101)0500)03(0001))";
	static const char other[] = "30(30(06(2a864886f70d010101)0500)03(0002))";
	uint8_t a[64], b[64];
	size_t n_a = der_text(one, a, sizeof a), n_b = der_text(other, b, sizeof b);

	(void)state;
	assert_false(cert_same_key(bytes_of(a, n_a), bytes_of(b, n_b)));
	assert_false(cert_same_key(bytes_of(a, 0), bytes_of(b, 0)));
}

/* ---- flaws ---- */

static void test_cert__cut_short_keeps_what_stands_before_the_break(void **state)
{
	const struct cert *c = fixture_cert(store, "leaf-cut.der");

	(void)state;
	assert_false(c->parsed);
	assert_int_equal(c->broken.code, PARSE_SHORT);
	assert_string_equal(c->broken.field, "Certificate");
	assert_int_equal(c->broken.need, c->broken.have + 20);
	assert_string_equal(c->subject, "CN=device.example");
	assert_true(c->has_dates && c->tbs.len != 0 && c->spki.len != 0);
	assert_int_equal(c->signature.len, 0);
	assert_string_equal(c->signature_name, "ecdsa-with-SHA256");
	cert_release(store, c);
}

static void test_cert__every_cut_is_told_and_harmless(void **state)
{
	const struct cert *whole = fixture_cert(store, "leaf");

	(void)state;
	for (size_t len = 0; len < whole->der.len; len++) {
		uint8_t *copy = test_malloc(len != 0 ? len : 1);
		struct cert c;

		memcpy(copy, whole->der.data, len);
		cert_parse(bytes_of(copy, len), &c);
		assert_false(c.parsed);
		assert_in_range(c.broken.at, 0, len);
		test_free(copy);
	}
	cert_release(store, whole);
}

static void test_cert__bytes_after_the_end_are_told(void **state)
{
	const struct cert *c = fixture_cert(store, "leaf");
	uint8_t longer[CERT_MAX] = { 0 };
	struct cert again;

	(void)state;
	memcpy(longer, c->der.data, c->der.len);
	cert_parse(bytes_of(longer, c->der.len + 2), &again);
	assert_false(again.parsed);
	assert_int_equal(again.broken.code, PARSE_TRAILING);
	assert_int_equal(again.broken.at, c->der.len);
	assert_int_equal(again.broken.have, 2);
	assert_true(bytes_equal(again.signature, c->signature));
	cert_release(store, c);
}

static void test_cert__extensions_before_v3_are_told_and_read(void **state)
{
	const struct cert *c = fixture_cert(store, "mbedtls/cert_v1_with_ext.crt");

	(void)state;
	assert_int_equal(c->version, 1);
	assert_false(c->parsed);
	assert_string_equal(c->broken.field, "extensions");
	assert_true(c->has_san);
	cert_release(store, c);
}

/* A flaw in one field does not hide the fields after it. */
static void test_cert__a_bad_date_is_told_and_the_rest_read(void **state)
{
	const struct cert *c = fixture_cert(store, "leaf");
	uint8_t changed[CERT_MAX];
	struct cert again;
	size_t at = 0;

	(void)state;
	memcpy(changed, c->der.data, c->der.len);
	while (memcmp(changed + at, "\x17\x0d", 2) != 0)
		at++;
	changed[at + 4] = '9'; /* month 91 */
	cert_parse(bytes_of(changed, c->der.len), &again);
	assert_string_equal(again.broken.field, "validity.notBefore");
	assert_int_equal(again.broken.at, at);
	assert_false(again.has_dates);
	assert_string_equal(again.key_name, "EC secp256r1");
	assert_int_equal(again.n_san, 4);
	cert_release(store, c);
}

/* ---- names as text ---- */

/* A Name of one common name, the value given with its tag and length in hex. */
static void read_name(const char *value_hex, char text[static NAME_TEXT], char *cn)
{
	uint8_t buf[300] = { 0x30, 0, 0x31, 0, 0x30, 0, 0x06, 0x03, 0x55, 0x04, 0x03 };
	size_t n = hex_decode(value_hex, buf + 11, sizeof buf - 11);
	struct parse_err err;
	struct cur in;
	struct der name;

	buf[1] = (uint8_t)(n + 9);
	buf[3] = (uint8_t)(n + 7);
	buf[5] = (uint8_t)(n + 5);
	in = cur_init(bytes_of(buf, n + 11), &err);
	assert_true(der_take(&in, DER_SEQUENCE, "Name", &name));
	cn[0] = '\0';
	cert_read_name(&name, text, cn, &err);
	assert_int_equal(err.code, PARSE_OK);
}

static void test_names__nothing_that_steers_a_terminal_comes_through(void **state)
{
	static const struct {
		const char *value, *text, *cn;
	} rows[] = {
		{ "0c 03 61622e", "CN=ab.", "ab." },
		{ "0c 04 61 1b 5b 6d", "CN=a\\x1b[m", "a\\x1b[m" },
		{ "0c 03 61 00 62", "CN=a\\x00b", "a\\x00b" },
		{ "0c 02 c3a9", "CN=\xc3\xa9", "\xc3\xa9" },
		{ "0c 02 c3 28", "CN=\\xc3(", "\\xc3(" },                    /* not UTF-8 */
		{ "0c 02 c0 af", "CN=\\xc0\\xaf", "\\xc0\\xaf" },            /* overlong */
		{ "0c 03 eda080", "CN=\\xed\\xa0\\x80", "\\xed\\xa0\\x80" }, /* surrogate */
		{ "0c 03 e280ae", "CN=\\xe2\\x80\\xae", "\\xe2\\x80\\xae" }, /* right to left */
		{ "0c 02 c285", "CN=\\xc2\\x85", "\\xc2\\x85" },             /* C1 control */
		{ "0c 03 61 2c 62", "CN=a\\,b", "a,b" },
		{ "0c 03 20 61 20", "CN=\\ a\\ ", " a " },
		{ "0c 02 23 61", "CN=\\#a", "#a" },
		{ "13 02 61 e9", "CN=a\\xe9", "a\\xe9" },                   /* PrintableString */
		{ "14 02 61 e9", "CN=a\xc3\xa9", "a\xc3\xa9" },             /* T61String */
		{ "16 02 61 62", "CN=ab", "ab" },                           /* IA5String */
		{ "1e 04 0061 20ac", "CN=a\xe2\x82\xac", "a\xe2\x82\xac" }, /* BMPString */
		{ "1e 03 0061 20", "CN=a\\x20", "a\\x20" },
		{ "1c 04 0001f512", "CN=\xf0\x9f\x94\x92", "\xf0\x9f\x94\x92" },
		{ "02 01 05", "CN=#020105", "\\x05" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[NAME_TEXT], cn[NAME_TEXT];

		read_name(rows[i].value, text, cn);
		assert_string_equal(text, rows[i].text);
		assert_string_equal(cn, rows[i].cn);
	}
}

static void test_names__a_long_one_is_cut_between_characters(void **state)
{
	char value[512] = "0c 70 ", text[NAME_TEXT], cn[NAME_TEXT];
	size_t len;

	(void)state;
	for (size_t i = 0; i < 112; i++)
		(void)snprintf(value + strlen("0c 70 ") + 2 * i, 3, "1b");
	read_name(value, text, cn);
	len = strlen(text);
	assert_in_range(len, NAME_TEXT - 8, NAME_TEXT - 1);
	assert_string_equal(text + len - 7, "\\x1b...");
}

/* RFC 5280 4.2.1.3 names nine; a tenth is nobody's. */
static void test_key_usage__has_nine_bits(void **state)
{
	static const struct {
		uint8_t bits[2];
		size_t len;
		unsigned usage;
	} rows[] = { { { 0 }, 0, 0 }, { { 0x80 }, 1, KU_DIGITAL_SIGNATURE },
		{ { 0x04 }, 1, KU_KEY_CERT_SIGN }, { { 0x01 }, 1, 1u << 7 },
		{ { 0, 0x80 }, 2, 1u << 8 }, { { 0, 0x7f }, 2, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
			cert_key_usage(bytes_of(rows[i].bits, rows[i].len)), rows[i].usage);
}

static void test_names__compare_without_case_blanks_and_kind(void **state)
{
	/* SEQUENCE { SET { SEQUENCE { commonName, value } } } */
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{ "300e310c300a0603550403 0c036162 63", "300e310c300a0603550403 1303416243", true },
		{ "300f310d300b0603550403 0c0461206263", "3010310e300c0603550403 0c056120206263",
			true },
		{ "300f310d300b0603550403 0c0461626320", "300e310c300a0603550403 0c03616263",
			true },
		{ "300e310c300a0603550403 0c03616263", "300e310c300a0603550403 0c03616264", false },
		{ "300e310c300a0603550403 0c03616263", "300e310c300a060355040a 0c03616263", false },
		{ "300e310c300a0603550403 0c03616263", "3000", false },
		{ "3000", "3000", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message a, b;

		(void)message_of(&a, rows[i].a);
		(void)message_of(&b, rows[i].b);
		assert_int_equal(cert_names_equal(a.b, b.b), rows[i].equal);
	}
}

/* ---- object identifiers and dates ---- */

static void test_oid__text_of_any_bytes(void **state)
{
	static const struct {
		const char *hex, *text;
		bool good;
	} rows[] = {
		{ "2a864886f70d01010b", "1.2.840.113549.1.1.11", true },
		{ "550403", "2.5.4.3", true },
		{ "883703", "2.999.3", true },
		{ "", "an unreadable OID", false },
		{ "5504 83", "an unreadable OID", false },
		{ "5504 8003", "an unreadable OID", false },
		{ "2a ffffffffffffffffffff7f", "an unreadable OID", false },
		{ "2a 7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
			"1.2.127.127.127.127.127.127.127.127."
			"127.127.127.127.127.127...",
			true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[OID_TEXT];
		struct message m;

		(void)message_of(&m, rows[i].hex);
		assert_int_equal(oid_text(m.b, text), rows[i].good);
		assert_string_equal(text, rows[i].text);
	}
}

static void test_time__both_forms_and_their_bounds(void **state)
{
	static const struct {
		uint8_t tag;
		const char *text;
		bool good, strict;
		int64_t seconds;
	} rows[] = {
		{ DER_UTC_TIME, "700101000000Z", true, true, 0 },
		{ DER_UTC_TIME, "491231235959Z", true, true, 2524607999 },
		{ DER_UTC_TIME, "500101000000Z", true, true, -631152000 },
		{ DER_UTC_TIME, "000229120000Z", true, true, 951825600 },
		{ DER_UTC_TIME, "010229120000Z", false, false, 0 },
		{ DER_UTC_TIME, "7001010000Z", true, false, 0 },
		{ DER_UTC_TIME, "700101013000+0130", true, false, 0 },
		{ DER_UTC_TIME, "691231230000-0100", true, false, 0 },
		{ DER_UTC_TIME, "701301000000Z", false, false, 0 },
		{ DER_UTC_TIME, "700101240000Z", false, false, 0 },
		{ DER_UTC_TIME, "70010100000", false, false, 0 },
		{ DER_UTC_TIME, "", false, false, 0 },
		{ DER_GENERALIZED_TIME, "20500101000000Z", true, true, 2524608000 },
		{ DER_GENERALIZED_TIME, "99991231235959Z", true, true, 253402300799 },
		{ DER_GENERALIZED_TIME, "19700101000000.5Z", true, false, 0 },
		{ DER_GENERALIZED_TIME, "00000101000000Z", true, true, -62167219200 },
		{ DER_GENERALIZED_TIME, "2050010100000xZ", false, false, 0 },
		{ DER_GENERALIZED_TIME, "2050.5", false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct der time = { .tag = rows[i].tag,
			.body = bytes_of(rows[i].text, strlen(rows[i].text)) };
		int64_t seconds = 0;
		bool strict;

		assert_int_equal(cert_read_time(&time, &seconds, &strict), rows[i].good);
		if (!rows[i].good)
			continue;
		assert_int_equal(strict, rows[i].strict);
		assert_int_equal(seconds, rows[i].seconds);
	}
}

/* ---- DER ---- */

static void test_der__what_only_ber_allows_is_refused(void **state)
{
	static const char *const rows[] = {
		"30 80 0000",    /* indefinite */
		"30 81 02 0500", /* a length in more bytes than it needs */
		"30 81 7f", "30 82 0002 0500", "30 82 00ff", "30 83 00ffff", "30 84 00ffffff",
		"30 85 0000000002 0500", "3f 81 02 0500", /* a tag of several bytes */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i]);
		struct der el;

		assert_false(der_next(&c, "x", &el));
		assert_int_equal(m.err.code, PARSE_VALUE);
		assert_int_equal(m.err.at, 0);
	}
}

/* Each length in the shortest form there is, the first and the last of every form. */
static void test_der__lengths_of_every_form_are_read(void **state)
{
	static const struct {
		const char *header;
		size_t len, header_len;
	} rows[] = {
		{ "04 00", 0, 2 },
		{ "04 7f", 0x7f, 2 },
		{ "04 8180", 0x80, 3 },
		{ "04 81ff", 0xff, 3 },
		{ "04 820100", 0x100, 4 },
		{ "04 82ffff", 0xffff, 4 },
		{ "04 83010000", 0x10000, 5 },
		{ "04 83012345", 0x12345, 5 },
		{ "04 8401000000", 0x1000000, 6 },
		{ "04 8401020304", 0x1020304, 6 },
	};
	uint8_t *whole = calloc(1, 0x1020304 + 6);

	(void)state;
	assert_non_null(whole);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t n = rows[i].header_len + rows[i].len;
		struct parse_err err;
		struct cur c = cur_init(bytes_of(whole, n), &err), shorter;
		struct der el;

		assert_int_equal(hex_decode(rows[i].header, whole, 6), rows[i].header_len);
		assert_true(der_take(&c, DER_OCTET_STRING, "x", &el));
		assert_int_equal(el.body.len, rows[i].len);
		assert_int_equal(el.body_at, rows[i].header_len);
		assert_int_equal(el.whole.len, n);
		assert_int_equal(cur_left(&c), 0);
		shorter = cur_init(bytes_of(whole, n - 1), &err);
		assert_false(der_take(&shorter, DER_OCTET_STRING, "x", &el));
		assert_int_equal(err.code, PARSE_SHORT);
		assert_int_equal(el.whole.len, 0);
	}
	free(whole);
}

static void test_der__small_integers(void **state)
{
	static const struct {
		const char *hex;
		int32_t value;
	} rows[] = {
		{ "02 01 00", 0 },
		{ "02 02 00ff", 255 },
		{ "02 04 7fffffff", INT32_MAX },
		{ "02 05 0080000000", -1 },
		{ "02 01 ff", -1 },
		{ "02 00", -1 },
		{ "02 06 000000000001", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct message m;
		struct cur c = message_of(&m, rows[i].hex);
		struct der el;

		assert_true(der_take(&c, DER_INTEGER, "x", &el));
		assert_int_equal(der_small(&el), rows[i].value);
	}
}

/* ---- the store ---- */

static void test_store__equal_bytes_are_one_certificate(void **state)
{
	const struct cert *a = fixture_cert(store, "leaf"), *b = fixture_cert(store, "leaf");
	const struct cert *other = fixture_cert(store, "sub");

	(void)state;
	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, other);
	assert_int_not_equal(a->id, other->id);
	cert_release(store, a);
	cert_release(store, b);
	cert_release(store, other);
}

static void test_store__only_what_nobody_holds_is_dropped(void **state)
{
	struct cert_store *small = cert_store_open(1);
	const struct cert *held = fixture_cert(small, "leaf"), *gone;
	uint32_t id = held->id, gone_id;

	(void)state;
	cert_hold(small, held);
	gone = fixture_cert(small, "sub");
	gone_id = gone->id;
	cert_release(small, gone);
	cert_release(small, held);
	assert_int_equal(fixture_cert(small, "leaf")->id, id);
	assert_int_not_equal(fixture_cert(small, "sub")->id, gone_id);
	cert_store_close(small);
}

static void test_store__an_idle_one_is_found_again(void **state)
{
	const struct cert *c = fixture_cert(store, "line");
	uint32_t id = c->id;

	(void)state;
	cert_release(store, c);
	c = fixture_cert(store, "line");
	assert_int_equal(c->id, id);
	cert_release(store, c);
}

static void test_store__no_bytes_are_a_certificate_too(void **state)
{
	const struct cert *c = cert_store_get(store, bytes_of(NULL, 0));

	(void)state;
	assert_non_null(c);
	assert_false(c->parsed);
	cert_release(store, c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cert__fields_of_a_v3_certificate),
		cmocka_unit_test(test_cert__keys_and_signatures_have_names),
		cmocka_unit_test(test_cert__the_most_specific_part_of_a_name_comes_first),
		cmocka_unit_test(test_cert__all_names_are_walked_though_the_first_are_kept),
		cmocka_unit_test(test_cert__usages_are_read_bit_by_bit),
		cmocka_unit_test(test_cert__same_key_whatever_the_encoding),
		cmocka_unit_test(test_cert__keys_that_cannot_be_read_are_not_the_same),
		cmocka_unit_test(test_cert__cut_short_keeps_what_stands_before_the_break),
		cmocka_unit_test(test_cert__every_cut_is_told_and_harmless),
		cmocka_unit_test(test_cert__bytes_after_the_end_are_told),
		cmocka_unit_test(test_cert__extensions_before_v3_are_told_and_read),
		cmocka_unit_test(test_cert__a_bad_date_is_told_and_the_rest_read),
		cmocka_unit_test(test_names__nothing_that_steers_a_terminal_comes_through),
		cmocka_unit_test(test_names__a_long_one_is_cut_between_characters),
		cmocka_unit_test(test_key_usage__has_nine_bits),
		cmocka_unit_test(test_names__compare_without_case_blanks_and_kind),
		cmocka_unit_test(test_oid__text_of_any_bytes),
		cmocka_unit_test(test_time__both_forms_and_their_bounds),
		cmocka_unit_test(test_der__what_only_ber_allows_is_refused),
		cmocka_unit_test(test_der__lengths_of_every_form_are_read),
		cmocka_unit_test(test_der__small_integers),
		cmocka_unit_test(test_store__equal_bytes_are_one_certificate),
		cmocka_unit_test(test_store__only_what_nobody_holds_is_dropped),
		cmocka_unit_test(test_store__an_idle_one_is_found_again),
		cmocka_unit_test(test_store__no_bytes_are_a_certificate_too),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
