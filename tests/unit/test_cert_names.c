/* src/pki: distinguished names, character by character: what is shown, escaped, cut and alike. */
#include "base/array.h"
#include "pki/cert_walk.h"
#include "support/der_text.h"
#include "support/unit.h"

#include <stdio.h>

enum { NAME_ROOM = 4096 };

#define RDN(oid, value) "31(30(06(" oid ")" value "))"
#define CN(value)       RDN("550403", value)

static enum parse_code read_text(const char *der_name, char text[static NAME_TEXT], char *cn)
{
	uint8_t bytes[NAME_ROOM];
	struct parse_err err;
	struct cur in = cur_init(bytes_of(bytes, der_text(der_name, bytes, sizeof bytes)), &err);
	struct der name;

	assert_true(der_take(&in, DER_SEQUENCE, "Name", &name));
	if (cn != NULL)
		cn[0] = '\0';
	cert_read_name(&name, text, cn, &err);
	return err.code;
}

static void assert_text(const char *der_name, const char *want)
{
	char text[NAME_TEXT];

	assert_int_equal(read_text(der_name, text, NULL), PARSE_OK);
	assert_string_equal(text, want);
}

/* A code point as UTF-8, and as the escapes of its bytes. */
static size_t utf8_of(uint32_t code, uint8_t out[static 4])
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xc0 + code / 64);
		out[1] = (uint8_t)(0x80 + code % 64);
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xe0 + code / 4096);
		out[1] = (uint8_t)(0x80 + code / 64 % 64);
		out[2] = (uint8_t)(0x80 + code % 64);
		return 3;
	}
	out[0] = (uint8_t)(0xf0 + code / 262144);
	out[1] = (uint8_t)(0x80 + code / 4096 % 64);
	out[2] = (uint8_t)(0x80 + code / 64 % 64);
	out[3] = (uint8_t)(0x80 + code % 64);
	return 4;
}

static size_t put_hex(char *out, const char *before, const uint8_t *bytes, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)sprintf(out + len, "%s%02x", before, bytes[i]);
	return len;
}

static void assert_glyph(
	const char *tag, const uint8_t *bytes, size_t n, const uint8_t *shown, size_t n_shown)
{
	char hex[40], name[100], want[60];

	hex[put_hex(hex, "", bytes, n)] = '\0';
	(void)snprintf(name, sizeof name, "30(" CN("%s(%s)") ")", tag, hex);
	if (shown != NULL)
		(void)snprintf(want, sizeof want, "CN=%.*s", (int)n_shown, (const char *)shown);
	else
		want[put_hex(want + sprintf(want, "CN="), "\\x", bytes, n) + 3] = '\0';
	assert_text(name, want);
}

/* The first and the last of each range that could steer a terminal, and their neighbours. */
static void test_names__each_range_of_unsafe_characters_has_its_ends(void **state)
{
	static const struct {
		uint32_t code;
		bool shown;
	} rows[] = {
		{ 0, false },
		{ 0x1f, false },
		{ 0x21, true },
		{ 0x7e, true },
		{ 0x7f, false },
		{ 0x80, false },
		{ 0x9f, false },
		{ 0xa0, true },
		{ 0xac, true },
		{ 0xad, false },
		{ 0xae, true },
		{ 0x7ff, true },
		{ 0x800, true },
		{ 0x61b, true },
		{ 0x61c, false },
		{ 0x61d, true },
		{ 0x200a, true },
		{ 0x200b, false },
		{ 0x200f, false },
		{ 0x2010, true },
		{ 0x2027, true },
		{ 0x2028, false },
		{ 0x202e, false },
		{ 0x202f, true },
		{ 0x205f, true },
		{ 0x2060, false },
		{ 0x206f, false },
		{ 0x2070, true },
		{ 0xd7ff, true },
		{ 0xe000, true },
		{ 0xfefe, true },
		{ 0xfeff, false },
		{ 0xff00, true },
		{ 0xffef, true },
		{ 0xfff0, false },
		{ 0xfffb, false },
		{ 0xfffc, true },
		{ 0xfffd, true },
		{ 0xfffe, false },
		{ 0xffff, false },
		{ 0x10000, true },
		{ 0x1fffd, true },
		{ 0x1fffe, false },
		{ 0x1ffff, false },
		{ 0xdfffd, true },
		{ 0xe0000, false },
		{ 0xe0fff, false },
		{ 0xe1000, true },
		{ 0x10fffd, true },
		{ 0x10fffe, false },
		{ 0x10ffff, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t code = rows[i].code;
		uint8_t utf8[4],
			wide[4] = { 0, (uint8_t)(code >> 16), (uint8_t)(code >> 8), (uint8_t)code };
		size_t n = utf8_of(code, utf8);

		assert_glyph("0c", utf8, n, rows[i].shown ? utf8 : NULL, n);
		assert_glyph("1c", wide, 4, rows[i].shown ? utf8 : NULL, n);
		if (code <= 0xffff)
			assert_glyph("1e", wide + 2, 2, rows[i].shown ? utf8 : NULL, n);
		if (code <= 0xff)
			assert_glyph("14", wide + 3, 1, rows[i].shown ? utf8 : NULL, n);
		if (code <= 0x7f) {
			assert_glyph("13", wide + 3, 1, rows[i].shown ? utf8 : NULL, n);
			assert_glyph("16", wide + 3, 1, rows[i].shown ? utf8 : NULL, n);
			assert_glyph("12", wide + 3, 1, rows[i].shown ? utf8 : NULL, n);
			assert_glyph("1a", wide + 3, 1, rows[i].shown ? utf8 : NULL, n);
		}
	}
}

/* RFC 3629: the last form before, and the first behind, what is no character. */
static void test_names__what_is_no_utf8_is_shown_byte_by_byte(void **state)
{
	static const struct {
		size_t n;
		uint8_t bytes[4];
		bool good;
	} rows[] = {
		{ 1, { 0x80 }, false },
		{ 1, { 0xbf }, false },
		{ 2, { 0xc0, 0x80 }, false },
		{ 2, { 0xc1, 0xbf }, false },
		{ 2, { 0xc2, 0xa0 }, true },
		{ 2, { 0xdf, 0xbf }, true },
		{ 1, { 0xc2 }, false },
		{ 2, { 0xc2, 0xc0 }, false },
		{ 3, { 0xe0, 0x9f, 0xbf }, false },
		{ 3, { 0xe0, 0xa0, 0x80 }, true },
		{ 3, { 0xed, 0x9f, 0xbf }, true },
		{ 3, { 0xed, 0xa0, 0x80 }, false },
		{ 3, { 0xed, 0xbf, 0xbf }, false },
		{ 3, { 0xee, 0x80, 0x80 }, true },
		{ 2, { 0xe2, 0x82 }, false },
		{ 4, { 0xf0, 0x8f, 0xbf, 0xbf }, false },
		{ 4, { 0xf0, 0x90, 0x80, 0x80 }, true },
		{ 4, { 0xf4, 0x8f, 0xbf, 0xbd }, true },
		{ 4, { 0xf4, 0x90, 0x80, 0x80 }, false },
		{ 4, { 0xf5, 0x80, 0x80, 0x80 }, false },
		{ 3, { 0xf0, 0x9f, 0x92 }, false },
		{ 1, { 0xff }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool shown = rows[i].good;
		assert_glyph(
			"0c", rows[i].bytes, rows[i].n, shown ? rows[i].bytes : NULL, rows[i].n);
	}
	assert_text("30(" CN("1c(0000d800)") ")", "CN=\\x00\\x00\\xd8\\x00");
	assert_text("30(" CN("1c(0000dfff)") ")", "CN=\\x00\\x00\\xdf\\xff");
	assert_text("30(" CN("1c(00110000)") ")", "CN=\\x00\\x11\\x00\\x00");
	assert_text("30(" CN("1c(000061)") ")", "CN=\\x00\\x00\\x61");
	assert_text("30(" CN("1e(61)") ")", "CN=\\x61");
	assert_text("30(" CN("13(80)") ")", "CN=\\x80");
}

/* RFC 4514 2.4 */
static void test_names__what_has_a_meaning_is_escaped(void **state)
{
	static const char *const rows[][2] = {
		{ "a\"b", "a\\\"b" },
		{ "a+b", "a\\+b" },
		{ "a,b", "a\\,b" },
		{ "a;b", "a\\;b" },
		{ "a<b>c", "a\\<b\\>c" },
		{ "a\\b", "a\\\\b" },
		{ "a=b", "a=b" },
		{ "#a#", "\\#a#" },
		{ " a b ", "\\ a b\\ " },
		{ "  ", "\\ \\ " },
		{ " ", "\\ " },
		{ "!-./:@[]^_`{|}~", "!-./:@[]^_`{|}~" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char name[100], want[60], text[NAME_TEXT], cn[NAME_TEXT];

		(void)snprintf(name, sizeof name, "30(" CN("0c('%s')") ")", rows[i][0]);
		(void)snprintf(want, sizeof want, "CN=%s", rows[i][1]);
		assert_int_equal(read_text(name, text, cn), PARSE_OK);
		assert_string_equal(text, want);
		assert_string_equal(cn, rows[i][0]); /* by itself it needs no escapes */
	}
}

static void test_names__the_specific_part_goes_first(void **state)
{
	char text[NAME_TEXT], cn[NAME_TEXT];

	(void)state;
	assert_int_equal(
		read_text("30(" RDN("550406", "13('DE')") CN("0c('one')") CN("0c('two')") ")", text,
			cn),
		PARSE_OK);
	assert_string_equal(text, "CN=two,CN=one,C=DE");
	assert_string_equal(cn, "two");
	assert_int_equal(read_text("30(31(30(06(550403) 0c('a')) 30(06(55040a) 0c('b')))" RDN(
					   "550406", "13('DE')") ")",
				 text, cn),
		PARSE_OK);
	assert_string_equal(text, "C=DE,CN=a+O=b");
	assert_string_equal(cn, "a");
	assert_text("30()", "");
	assert_text("30(" RDN("2a03", "0c('x')") ")", "1.2.3=x");
	assert_text("30(" CN("0500") ")", "CN=#0500");
	assert_text("30(" CN("0c()") ")", "CN=");
}

static void test_names__attributes_have_short_names(void **state)
{
	static const char *const rows[][2] = { { "550403", "CN" }, { "55040a", "O" },
		{ "55040b", "OU" }, { "550406", "C" }, { "550408", "ST" }, { "550407", "L" },
		{ "550409", "STREET" }, { "0992268993f22c640119", "DC" },
		{ "0992268993f22c640101", "UID" }, { "2a864886f70d010901", "emailAddress" },
		{ "550405", "serialNumber" }, { "550404", "SN" }, { "55042a", "GN" },
		{ "55042b", "initials" }, { "55042c", "generationQualifier" },
		{ "55040c", "title" }, { "55042e", "dnQualifier" }, { "550441", "pseudonym" },
		{ "550411", "postalCode" }, { "55040f", "businessCategory" },
		{ "550461", "organizationIdentifier" },
		{ "2b0601040182373c020103", "jurisdictionC" },
		{ "2b0601040182373c020102", "jurisdictionST" },
		{ "2b0601040182373c020101", "jurisdictionL" } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char name[100], want[60];

		(void)snprintf(name, sizeof name, "30(" RDN("%s", "0c('x')") ")", rows[i][0]);
		(void)snprintf(want, sizeof want, "%s=x", rows[i][1]);
		assert_text(name, want);
	}
}

/* NAME_TEXT has room for 252 bytes and "...". */
static void test_names__a_name_is_cut_when_it_must_be(void **state)
{
	(void)state;
	for (size_t n = 248; n <= 251; n++) {
		char name[600], text[NAME_TEXT], letters[300];

		memset(letters, 'a', n);
		letters[n] = '\0';
		(void)snprintf(name, sizeof name, "30(" CN("0c('%s')") ")", letters);
		assert_int_equal(read_text(name, text, NULL), PARSE_OK);
		assert_int_equal(strlen(text), n <= 249 ? 3 + n : 255);
		assert_int_equal(strstr(text, "...") != NULL, n > 249);
	}
}

static void test_names__parts_have_a_limit_that_is_told(void **state)
{
	(void)state;
	for (size_t n = 47; n <= 49; n++) {
		char name[2000], text[NAME_TEXT];
		size_t len = (size_t)sprintf(name, "30(");

		for (size_t i = 0; i < n; i++)
			len += (size_t)sprintf(name + len, "%s", CN("0c('x')"));
		(void)sprintf(name + len, ")");
		assert_int_equal(read_text(name, text, NULL), n <= 48 ? PARSE_OK : PARSE_LIMIT);
	}
}

static void test_names__flaws_are_told(void **state)
{
	static const char *const rows[] = { "30(30())", "30(31(31()))", "30(31(30(0500)))",
		"30(31(30(06(550403))))", "30(31(30(06(550403) 0c('x') 0500)))",
		"30(" CN("0c('x')") "0500)" };
	char text[NAME_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (read_text(rows[i], text, NULL) == PARSE_OK)
			fail_msg("%s is read as %s", rows[i], text);
}

/* RFC 5280 7.1 */
static void test_names__are_alike_but_for_case_blanks_and_kind(void **state)
{
	static const struct {
		const char *a, *b;
		bool alike;
	} rows[] = {
		{ "30(" CN("0c('AZ')") ")", "30(" CN("13('az')") ")", true },
		{ "30(" CN("0c('@[')") ")", "30(" CN("13('`{')") ")", false },
		{ "30(" CN("0c('a b')") ")", "30(" CN("0c('  a   b ')") ")", true },
		{ "30(" CN("0c('ab')") ")", "30(" CN("0c('a b')") ")", false },
		{ "30(" CN("0c('a')") ")", "30(" CN("0c('a ')") ")", true },
		{ "30(" CN("0c('a')") ")", "30(" CN("0c('ab')") ")", false },
		{ "30(" CN("0c()") ")", "30(" CN("0c('  ')") ")", true },
		{ "30(" CN("0c(c3a9)") ")", "30(" CN("14(e9)") ")", true },
		{ "30(" CN("0c(c3a9)") ")", "30(" CN("1e(00e9)") ")", true },
		{ "30(" CN("0c(c3a9)") ")", "30(" CN("1c(000000e9)") ")", true },
		{ "30(" CN("0c(ff)") ")", "30(" CN("14(ff)") ")", false },
		{ "30(" CN("0c(ff)") ")", "30(" CN("13(ff)") ")", true },
		/* of what is no character each byte counts */
		{ "30(" CN("0c(eda080)") ")", "30(" CN("0c(eda180)") ")", false },
		{ "30(" CN("0c(eda080)") ")", "30(" CN("0c(eda081)") ")", false },
		{ "30(" CN("0c(f4908080)") ")", "30(" CN("0c(f4918080)") ")", false },
		{ "30(" CN("0c(e0a0)") ")", "30(" CN("0c(e0a1)") ")", false },
		{ "30(" CN("0c(e28261)") ")", "30(" CN("0c(e28361)") ")", false },
		{ "30(" CN("0c(61c0a062)") ")", "30(" CN("0c(612062)") ")", false },
		{ "30(" CN("16('a')") ")", "30(" CN("1a('A')") ")", true },
		{ "30(" CN("12('1')") ")", "30(" CN("0c('1')") ")", true },
		{ "30(" CN("04('a')") ")", "30(" CN("04('A')") ")", false },
		{ "30(" CN("04('a')") ")", "30(" CN("0c('a')") ")", false },
		{ "30(" CN("0c('a')") ")", "30(" RDN("55040a", "0c('a')") ")", false },
		{ "30(" CN("0c('a')") CN("0c('b')") ")", "30(" CN("0c('A')") CN("0c('B')") ")",
			true },
		{ "30(" CN("0c('a')") CN("0c('b')") ")", "30(" CN("0c('A')") ")", false },
		{ "30(" CN("0c('a')") ")", "30(" CN("0c('A')") CN("0c('b')") ")", false },
		{ "30(31(30(06(550403) 0c('a')) 30(06(55040a) 0c('b'))))",
			"30(31(30(06(550403) 0c('A')) 30(06(55040a) 0c('B'))))", true },
		{ "30(31(30(06(550403) 0c('a')) 30(06(55040a) 0c('b'))))", "30(" CN("0c('A')") ")",
			false },
		{ "30()", "31()", false },
		{ "31()", "30()", false },
		{ "30(" CN("0c('a')") ")", "30()", false },
		{ "30(31(0500))", "30(31(0501ff))", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t a[200], b[200];
		struct bytes x = bytes_of(a, der_text(rows[i].a, a, sizeof a));
		struct bytes y = bytes_of(b, der_text(rows[i].b, b, sizeof b));

		if (cert_names_equal(x, y) != rows[i].alike ||
			cert_names_equal(y, x) != rows[i].alike)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
		assert_true(cert_names_equal(x, x));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names__each_range_of_unsafe_characters_has_its_ends),
		cmocka_unit_test(test_names__what_is_no_utf8_is_shown_byte_by_byte),
		cmocka_unit_test(test_names__what_has_a_meaning_is_escaped),
		cmocka_unit_test(test_names__the_specific_part_goes_first),
		cmocka_unit_test(test_names__attributes_have_short_names),
		cmocka_unit_test(test_names__a_name_is_cut_when_it_must_be),
		cmocka_unit_test(test_names__parts_have_a_limit_that_is_told),
		cmocka_unit_test(test_names__flaws_are_told),
		cmocka_unit_test(test_names__are_alike_but_for_case_blanks_and_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
