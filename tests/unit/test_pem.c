/* src/pki: PEM as it must not be, read without a fault, and told where it is wrong. */
#include "pki/pem.h"

#include "base/file.h"
#include "pki/material.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#define B(label)  "-----BEGIN " label "-----\n"
#define E(label)  "-----END " label "-----\n"
#define CERT      "CERTIFICATE"
#define GARBAGE   "MIIB\n"
#define MARK_UTF8 "\xef\xbb\xbf"

struct row {
	const char *text;
	size_t n;           /* items */
	size_t line[3];     /* of each */
	const char *broken; /* of the first, a part of it; NULL: of none */
	const char *holds;  /* where there is no item */
};

static void take(struct material *m, const char *text, size_t len)
{
	struct err e = { .code = ERR_NONE };

	assert_true(material_open(m, &e));
	assert_true(material_take(m, "file", FOR_ANY, bytes_of(text, len), NULL, &e));
	assert_int_equal(m->n_files, 1);
}

static void assert_row(const struct row *row)
{
	struct material m;

	take(&m, row->text, strlen(row->text));
	assert_int_equal(m.n_items, row->n);
	for (size_t i = 0; i < row->n; i++)
		assert_int_equal(m.items[i].line, row->line[i]);
	if (row->broken != NULL) {
		assert_non_null(m.items[0].broken);
		assert_non_null(strstr(m.items[0].broken, row->broken));
	}
	if (row->holds != NULL)
		assert_string_equal(m.files[0].holds, row->holds);
	material_close(&m);
}

static void test_pem__boundary_lines_that_do_not_pair_are_told(void **state)
{
	static const struct row rows[] = {
		{ B(CERT) B(CERT) GARBAGE E(CERT), 2, { 1, 2 },
			"line 1 has no line '-----END CERTIFICATE-----'", NULL },
		{ B(CERT) B(CERT) B(CERT), 3, { 1, 2, 3 }, "line 1 has no line", NULL },
		{ B(CERT), 1, { 1 }, "has no line", NULL },
		{ "-----BEGIN CERTIFICATE-----", 1, { 1 }, "has no line", NULL },
		{ "\n\n" B(CERT) GARBAGE, 1, { 3 }, "line 3 has no line", NULL },
		{ B(CERT) E(CERT), 1, { 1 }, "nothing between BEGIN and END", NULL },
		{ B(CERT) GARBAGE E("X509 CRL"), 1, { 1 }, "has no line", NULL },
		{ B(CERT) GARBAGE E("PRIVATE KEY") B(CERT) GARBAGE E(CERT), 2, { 1, 4 },
			"has no line", NULL },
		{ E(CERT), 0, { 0 }, NULL, "neither PEM nor DER" },
		{ E(CERT) B(CERT) GARBAGE E(CERT), 1, { 2 }, NULL, NULL },
		{ B("PRIVATE KEY") B("PRIVATE KEY") GARBAGE E("PRIVATE KEY"), 2, { 1, 2 },
			"has no line", NULL },
		{ B("") E(""), 1, { 1 }, NULL, NULL },
		/* 47 characters are a label, 48 none. */
		{ B("A23456789B23456789C23456789D23456789E2345678901") "MIIB\n" E(
			  "A23456789B23456789C23456789D23456789E2345678901"),
			1, { 1 }, NULL, NULL },
		{ B("A23456789B23456789C23456789D23456789E23456789012") "MIIB\n" E(
			  "A23456789B23456789C23456789D23456789E23456789012"),
			0, { 0 }, NULL, "PEM of another kind" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_row(&rows[i]);
}

static void test_pem__what_stands_inside_a_block_is_told(void **state)
{
	static const struct row rows[] = {
		{ B(CERT) "MIIB-----BEGIN CERTIFICATE-----\n" GARBAGE E(CERT), 1, { 1 },
			"line 2: '-' is not base64", NULL },
		{ B(CERT) "MI\x01IB!\n" E(CERT), 1, { 1 }, "line 2: '!' is not base64", NULL },
		{ B(CERT) "MII\xc3\xa9\n" E(CERT), 1, { 1 }, "byte 0xc3 is not base64", NULL },
		{ B(CERT) "subject: x\n" GARBAGE E(CERT), 1, { 1 }, "line 2: ':'", NULL },
		{ B(CERT) "MII\n" E(CERT), 1, { 1 }, NULL, NULL },
		{ B(CERT) "A\n" E(CERT), 1, { 1 }, "make no whole bytes", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_row(&rows[i]);
}

/* Every byte that is no digit of base64, no padding and no blank breaks a body, and is named. */
static void test_pem__each_byte_is_base64_or_told(void **state)
{
	static const char fits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

	(void)state;
	for (int c = '!'; c < 256; c++) {
		char text[] = B(CERT) "MIxB!\n" E(CERT), want[40];
		int flaw = strchr(fits, c) != NULL ? '!' : c;
		struct material m;

		*strchr(text, 'x') = (char)c;
		take(&m, text, sizeof text - 1);
		assert_int_equal(m.n_items, 1);
		(void)snprintf(want, sizeof want,
			flaw < 0x7f ? "line 2: '%c' is not base64"
				    : "line 2: byte 0x%02x is not base64",
			flaw);
		assert_non_null(m.items[0].broken);
		assert_string_equal(m.items[0].broken, want);
		material_close(&m);
	}
}

static void test_pem__blanks_in_a_body_are_no_flaw(void **state)
{
	static const struct row rows[] = {
		{ B(CERT) "M I\tI B!\n" E(CERT), 1, { 1 }, "line 2: '!' is not base64", NULL },
		{ B(CERT) " \t\n" E(CERT), 1, { 1 }, "nothing between BEGIN and END", NULL },
		{ B(CERT) "A \n" E(CERT), 1, { 1 }, "has 1 digits, which make no whole bytes",
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_row(&rows[i]);
}

static void test_pem__line_ends_marks_and_prose_do_not_hide_a_block(void **state)
{
	static const struct row rows[] = {
		{ "-----BEGIN CERTIFICATE-----\r\nMIIB\r\n-----END CERTIFICATE-----\r\n", 1, { 1 },
			NULL, NULL },
		{ MARK_UTF8 B(CERT) GARBAGE E(CERT), 1, { 1 }, NULL, NULL },
		{ B(CERT) GARBAGE E(CERT) MARK_UTF8 B(CERT) GARBAGE E(CERT), 2, { 1, 4 }, NULL,
			NULL },
		{ "Dear all,\nthis is -----BEGIN of it\n" B(CERT) GARBAGE E(CERT) "bye\n", 1, { 3 },
			NULL, NULL },
		{ "-----BEGIN CERTIFICATE-----\rMIIB\r-----END CERTIFICATE-----\r", 0, { 0 }, NULL,
			"PEM whose lines end in CR alone" },
		{ "\xff\xfe-", 0, { 0 }, NULL, "text in UTF-16" },
		{ "\xfe\xff", 0, { 0 }, NULL, "text in UTF-16" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_row(&rows[i]);
}

static void test_pem__the_line_where_two_blocks_are_glued_is_counted(void **state)
{
#define GLUED GARBAGE "-----END CERTIFICATE----------BEGIN CERTIFICATE-----\n" GARBAGE E(CERT)
	static const struct {
		const char *text;
		size_t line;
	} rows[] = {
		{ B(CERT) GLUED, 3 },
		{ "\n" B(CERT) GLUED, 4 },
		{ "a\n\n" B(CERT) GARBAGE E(CERT) B(CERT) GLUED, 8 },
		{ B(CERT) GARBAGE E(CERT), 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct material m;

		take(&m, rows[i].text, strlen(rows[i].text));
		assert_int_equal(m.files[0].glued_line, rows[i].line);
		material_close(&m);
	}
}

static void test_pem__a_nul_inside_is_found(void **state)
{
	static const char text[] = B(CERT) "MI\0IB\n" E(CERT);
	struct material m;

	(void)state;
	take(&m, text, sizeof text - 1);
	assert_int_equal(m.n_items, 1);
	assert_int_equal(m.files[0].nul_at, 31);
	material_close(&m);
}

/* A label of a MiB is no label, and a body on one line is read as any other. */
static void test_pem__a_line_may_be_long(void **state)
{
	enum { LONG = 1 << 20 };
	static const char begin[] = B(CERT), end[] = "\n" E(CERT);
	char *text = malloc(LONG + 200);
	struct material m;

	(void)state;
	assert_non_null(text);
	memset(text, 'A', LONG + 200);
	memcpy(text, begin, 11); /* up to the label */
	take(&m, text, LONG);
	assert_int_equal(m.n_items, 0);
	material_close(&m);
	memcpy(text, begin, sizeof begin - 1);
	memcpy(text + LONG, end, sizeof end - 1);
	take(&m, text, LONG + sizeof end - 1);
	assert_int_equal(m.n_items, 1);
	assert_int_equal(m.items[0].block_len, LONG + sizeof end - 1);
	material_close(&m);
	free(text);
}

static void test_pem__headers_given_twice_are_passed_over(void **state)
{
	static const char text[] =
		B("RSA PRIVATE KEY") "Proc-Type: 4,ENCRYPTED\n"
				     "Proc-Type: 4,ENCRYPTED\n"
				     "DEK-Info: AES-128-CBC,00\n"
				     "DEK-Info: DES-CBC,11\n\n" GARBAGE E("RSA PRIVATE KEY");
	struct material m;

	(void)state;
	take(&m, text, sizeof text - 1);
	assert_int_equal(m.n_items, 1);
	assert_int_equal(m.items[0].key.state, KEY_LOCKED);
	assert_string_equal(m.items[0].key.cipher.text, "traditional PEM, AES-128-CBC");
	material_close(&m);
}

static void test_pem__a_block_has_a_window_of_its_own(void **state)
{
	static const char text[] = "x\n  " B(CERT) B(CERT) GARBAGE E(CERT) "y\n";
	struct pem_reader r = { bytes_of(text, sizeof text - 1), 0 };
	struct pem_block block;

	(void)state;
	assert_true(pem_next(&r, &block));
	assert_false(block.ended);
	assert_int_equal(block.line, 2);
	assert_int_equal(block.body.len, 0);
	assert_true(bytes_equal(block.whole, bytes_of(B(CERT), strlen(B(CERT)))));
	assert_true(pem_next(&r, &block));
	assert_true(block.ended);
	assert_true(bytes_equal(block.body, bytes_of(GARBAGE, strlen(GARBAGE))));
	assert_true(bytes_equal(
		block.whole, bytes_of(B(CERT) GARBAGE E(CERT), strlen(B(CERT) GARBAGE E(CERT)))));
	assert_false(pem_next(&r, &block));
}

/* ---- PEM in C sources ---- */

#define C_PEM "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"
enum { C_PEM_LEN = 59 }; /* bytes of it in the program, without a NUL */

/* mbedtls_x509_crt_parse() wants the NUL behind PEM: a literal has one if there is room for it. */
static void test_pem__in_a_c_source_it_ends_with_nul_or_is_told(void **state)
{
	static const struct {
		size_t declared; /* 0: [] */
		const char *value;
		bool unterminated;
	} rows[] = {
		{ 0, "\"" C_PEM "\"", false },
		{ C_PEM_LEN + 1, "\"" C_PEM "\"", false },
		{ C_PEM_LEN + 2, "\"" C_PEM "\"", false },
		{ C_PEM_LEN, "\"" C_PEM "\"", true },
		{ C_PEM_LEN + 1, "\"" C_PEM "\\0\"", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[300], size[24] = "";
		struct material m;

		if (rows[i].declared != 0)
			(void)snprintf(size, sizeof size, "%zu", rows[i].declared);
		(void)snprintf(
			text, sizeof text, "const char pem[%s] = %s;\n", size, rows[i].value);
		take(&m, text, strlen(text));
		assert_int_equal(m.n_items, 1);
		if (m.items[0].unterminated != rows[i].unterminated)
			fail_msg("row %zu", i);
		material_close(&m);
	}
}

/* A list of bytes has a NUL only where it says so. */
static void test_pem__in_a_list_of_bytes_the_nul_is_one_of_them(void **state)
{
	static const char pem[] = B(CERT) GARBAGE E(CERT);

	(void)state;
	for (size_t nul = 0; nul < 2; nul++) {
		char text[600];
		size_t n = (size_t)snprintf(text, sizeof text, "const char pem[] = {");
		struct material m;

		for (size_t i = 0; i < sizeof pem - 1 + nul; i++)
			n += (size_t)snprintf(text + n, sizeof text - n, " %d,", pem[i]);
		n += (size_t)snprintf(text + n, sizeof text - n, " };\n");
		take(&m, text, n);
		assert_int_equal(m.n_items, 1);
		assert_int_equal(m.items[0].unterminated, nul == 0);
		material_close(&m);
	}
}

/* ---- what a password costs ---- */

/* fixtures/check/key-des3.pem with another count, as DER of the same length. */
static void stretch(struct secret *der, uint16_t high)
{
	static const uint8_t count[] = { 0x02, 0x02, 0x08, 0x00 };

	for (size_t i = 0; i + sizeof count <= der->len; i++)
		if (memcmp(der->data + i, count, sizeof count) == 0) {
			der->data[i + 2] = (uint8_t)(high >> 8);
			der->data[i + 3] = (uint8_t)high;
			return;
		}
	fail();
}

static void read_des3(struct secret *der)
{
	struct secret text;
	struct pem_reader r;
	struct pem_block block;
	struct err e;

	assert_true(file_read("fixtures/check/key-des3.pem", &file_kind_key, &text, &e));
	r = (struct pem_reader){ bytes_of(text.data, text.len), 0 };
	assert_true(pem_next(&r, &block));
	assert_true(secret_new(der, block.body.len));
	assert_true(pem_decode(block.body, der->data, &der->len));
	secret_wipe(&text);
}

static void test_key__passwords_are_stretched_within_a_budget(void **state)
{
	struct material m;
	struct secret der;
	struct err e = { .code = ERR_NONE };

	(void)state;
	read_des3(&der);
	stretch(&der, 0x7fff);
	assert_true(material_open(&m, &e));
	m.stretched = KEY_ITERATIONS_MAX - 0x7fff;
	for (size_t i = 0; i < 2; i++)
		assert_true(material_take(
			&m, "key", FOR_KEY, bytes_of(der.data, der.len), "wrong", &e));
	assert_false(m.items[0].key.too_costly);
	assert_int_equal(m.stretched, KEY_ITERATIONS_MAX);
	assert_true(m.items[1].key.too_costly);
	assert_non_null(strstr(m.items[1].broken, "stretched '32767' times"));
	/* without a password nothing is stretched, and the key is only locked */
	assert_true(material_take(&m, "key", FOR_KEY, bytes_of(der.data, der.len), NULL, &e));
	assert_int_equal(m.items[2].key.state, KEY_LOCKED);
	material_close(&m);
	secret_wipe(&der);
}

static void test_key__one_that_asks_for_too_much_is_told_beforehand(void **state)
{
	/* EncryptedPrivateKeyInfo: pbeWithSHAAnd3-KeyTripleDES-CBC, salt, 2^31 - 1 */
	static const uint8_t der[] = { 0x30, 0x22, 0x30, 0x1e, 0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86,
		0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03, 0x30, 0x10, 0x04, 0x08, 1, 2, 3, 4, 5, 6, 7, 8,
		0x02, 0x04, 0x7f, 0xff, 0xff, 0xff, 0x04, 0x00 };
	struct key_cipher cipher;

	(void)state;
	assert_true(key_cipher_read(bytes_of(der, sizeof der), &cipher));
	assert_int_equal(cipher.iterations, 0x7fffffff);
	assert_true(key_too_costly(bytes_of(der, sizeof der)));
	assert_false(key_too_costly(bytes_of(der, 12)));
	assert_false(key_too_costly(bytes_of(NULL, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pem__boundary_lines_that_do_not_pair_are_told),
		cmocka_unit_test(test_pem__what_stands_inside_a_block_is_told),
		cmocka_unit_test(test_pem__in_a_c_source_it_ends_with_nul_or_is_told),
		cmocka_unit_test(test_pem__in_a_list_of_bytes_the_nul_is_one_of_them),
		cmocka_unit_test(test_pem__each_byte_is_base64_or_told),
		cmocka_unit_test(test_pem__blanks_in_a_body_are_no_flaw),
		cmocka_unit_test(test_pem__line_ends_marks_and_prose_do_not_hide_a_block),
		cmocka_unit_test(test_pem__the_line_where_two_blocks_are_glued_is_counted),
		cmocka_unit_test(test_pem__a_nul_inside_is_found),
		cmocka_unit_test(test_pem__a_line_may_be_long),
		cmocka_unit_test(test_pem__headers_given_twice_are_passed_over),
		cmocka_unit_test(test_pem__a_block_has_a_window_of_its_own),
		cmocka_unit_test(test_key__passwords_are_stretched_within_a_budget),
		cmocka_unit_test(test_key__one_that_asks_for_too_much_is_told_beforehand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
