/* src/config: which macros a configuration header defines, and what follows from them. */
#include "config/config.h"

#include "base/bytes.h"
#include "base/strbuf.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct config *read_text(const char *text)
{
	struct err e = { 0 };
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);

	if (c == NULL)
		print_message("# %s\n%s\n", e.msg, text);
	assert_non_null(c);
	assert_int_equal(e.code, ERR_NONE);
	return c;
}

/* Texts that end with X defined, or not. Each defines something, or it would be no configuration. */
struct row {
	const char *text;
	bool has;
};

static void expect_x(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct config *c = read_text(rows[i].text);

		if (config_has(c, "X") != rows[i].has)
			print_message("# %s\n", rows[i].text);
		assert_int_equal(config_has(c, "X"), rows[i].has);
		config_close(c);
	}
}

#define EXPECT_X(rows) expect_x(rows, sizeof(rows) / sizeof *(rows))

static void test_config__what_is_defined_last_holds(void **state)
{
	static const struct row rows[] = {
		{ "#define X\n", true },
		{ "#define X", true },
		{ "\t #\t define \t X  \r\n", true },
		{ "#define X 1\n#undef X\n", false },
		{ "#undef X\n#define X 1\n#define X 2\n", true },
		{ "#undef X\n", false },
		{ "#define XX\n#define X_X\n", false },
		{ "#define\n#define Y\n", false },
		{ "define X\n#define Y\n", false },
		{ "#include <X>\n#pragma X\n#define Y\n", false },
	};

	(void)state;
	EXPECT_X(rows);
}

static void test_config__a_comment_defines_nothing(void **state)
{
	static const struct row rows[] = {
		{ "//#define X\n#define Y\n", false },
		{ "/* #define X */\n#define Y\n", false },
		{ "/* \n#define X\n */\n#define Y\n", false },
		{ "/**/ #define X\n", true },
		{ "/*/ #define X\n#define X\n*/\n#define Y\n", false },
		{ "/* one */ /* two\n */ #define X /* three */\n", true },
		{ "#define Y // #undef\n#define X\n", true },
		{ "#define Y /* this goes on\n#undef Y */\n#define X\n", true },
		{ "#define /* name: */ X\n", true },
		{ "/* for ever\n#define X\n#undef Y", false },
	};

	(void)state;
	/* The last row's text has nothing outside of its comment. */
	expect_x(rows, sizeof rows / sizeof *rows - 1);
	assert_null(config_read(
		"c.h", bytes_of(rows[9].text, strlen(rows[9].text)), &(struct err){ 0 }));
}

static void test_config__a_block_is_taken_by_its_condition(void **state)
{
	static const struct row rows[] = {
		{ "#define A\n#ifdef A\n#define X\n#endif\n", true },
		{ "#undef A\n#ifdef A\n#define X\n#endif\n", false },
		{ "#define A\n#ifndef A\n#define X\n#endif\n", false },
		{ "#undef A\n#ifndef A\n#define X\n#endif\n", true },
		{ "#define A\n#if defined(A)\n#define X\n#endif\n", true },
		{ "#define A\n#if defined A\n#define X\n#endif\n", true },
		{ "#define A\n#  if  defined ( A ) \n#define X\n#endif\n", true },
		{ "#undef A\n#if defined(A)\n#define X\n#endif\n", false },
		{ "#undef A\n#if !defined(A)\n#define X\n#endif\n", true },
		{ "#undef A\n#if ! defined(A)\n#define X\n#endif\n", true },
		{ "#define A\n#if !defined(A)\n#define X\n#endif\n", false },
		{ "#define A\n#if 1\n#define X\n#endif\n", true },
		{ "#define A\n#if 0\n#define X\n#endif\n", false },
	};

	(void)state;
	EXPECT_X(rows);
}

static void test_config__of_several_branches_the_first_that_holds_is_taken(void **state)
{
	static const struct row rows[] = {
		{ "#define A\n#ifdef A\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#ifndef A\n#else\n#define X\n#endif\n", true },
		{ "#define A\n#ifdef B\n#elif defined(A)\n#define X\n#endif\n", true },
		{ "#define A\n#ifdef A\n#elif defined(A)\n#define X\n#endif\n", false },
		{ "#define A\n#ifdef B\n#elif defined(B)\n#define X\n#else\n#endif\n", false },
		{ "#define A\n#ifdef B\n#elif defined(B)\n#else\n#define X\n#endif\n", true },
		{ "#define A\n#ifdef B\n#elif 1\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if 0\n#ifdef A\n#define X\n#endif\n#endif\n", false },
		{ "#define A\n#if 0\n#ifdef B\n#else\n#define X\n#endif\n#endif\n", false },
		{ "#define A\n#ifdef A\n#ifdef A\n#endif\n#define X\n#endif\n", true },
		{ "#define A\n#if 0\n#endif\n#define X\n", true },
	};

	(void)state;
	EXPECT_X(rows);
}

static void test_config__a_condition_that_cannot_be_decided_leaves_all_its_branches_out(
	void **state)
{
	static const struct row rows[] = {
		{ "#define A 3\n#if A > 2\n#define X\n#endif\n", false },
		{ "#define A 3\n#if A > 2\n#else\n#define X\n#endif\n", false },
		{ "#define A 3\n#if A > 2\n#elif defined(A)\n#define X\n#endif\n", false },
		{ "#define A\n#if defined(A) && defined(A)\n#define X\n#endif\n", false },
		{ "#define A\n#if defined()\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if 0\n#elif A > 2\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if !A\n#define X\n#endif\n", false },
		{ "#define X\n#if A > 2\n#undef X\n#endif\n", true },
	};

	(void)state;
	EXPECT_X(rows);
}

static void test_config__what_closes_nothing_is_passed_over(void **state)
{
	static const struct row rows[] = {
		{ "#endif\n#define X\n", true },
		{ "#else\n#define X\n", true },
		{ "#elif 0\n#define X\n", true },
		{ "#define X\n#ifdef X\n", true },
	};

	(void)state;
	EXPECT_X(rows);
}

static void test_config__a_long_line_does_not_hide_the_next(void **state)
{
	struct strbuf text = { 0 };
	struct config *c;

	(void)state;
	strbuf_puts(&text, "//");
	for (size_t i = 0; i < 3000; i++)
		strbuf_puts(&text, "long");
	strbuf_puts(&text, "\n#define X 7\n");
	c = read_text(strbuf_text(&text));
	assert_int_equal(config_number(c, "X", 0), 7);
	config_close(c);
	strbuf_free(&text);
}

static void test_config__a_number_is_one_in_any_base_and_in_parentheses(void **state)
{
	static const struct {
		const char *value;
		long number;
	} rows[] = {
		{ "16384", 16384 },
		{ "0x4000", 16384 },
		{ "040000", 16384 },
		{ "(16384)", 16384 },
		{ "( ( 16384 ) )", 16384 },
		{ "-1", -1 },
		{ "4096 /* four */", 4096 },
		{ "4096u", 4096 },
		{ "(4096UL)", 4096 },
		{ "(16 * 1024)", 16384 },
		{ "2*2*(1024)", 4096 },
		/* No number, or none that can be told: what the caller takes in its place. */
		{ "", -7 },
		{ "()", -7 },
		{ "OTHER", -7 },
		{ "\"16\"", -7 },
		{ "4096 + 512", -7 },
		{ "(1 << 14)", -7 },
		{ "16 * OTHER", -7 },
		{ "16 *", -7 },
		{ "4096 K", -7 },
		{ "99999999999999999999", -7 },
		{ "4611686018427387904 * 4", -7 },
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config *c;

		(void)snprintf(text, sizeof text, "#define X %s\n", rows[i].value);
		c = read_text(text);
		if (config_number(c, "X", -7) != rows[i].number)
			print_message("# %s\n", rows[i].value);
		assert_int_equal(config_number(c, "X", -7), rows[i].number);
		assert_int_equal(config_number(c, "Y", 5), 5);
		config_close(c);
	}
}

static void test_config__the_buffer_has_its_name_of_now_and_of_old(void **state)
{
	static const struct {
		const char *text;
		long bytes;
	} rows[] = {
		{ "#define OTHER\n", 16384 },
		{ "#define MBEDTLS_SSL_MAX_CONTENT_LEN 4096\n", 4096 },
		{ "#define MBEDTLS_SSL_IN_CONTENT_LEN 2048\n", 2048 },
		{ "#define MBEDTLS_SSL_MAX_CONTENT_LEN 4096\n#define MBEDTLS_SSL_IN_CONTENT_LEN "
		  "2048\n",
			2048 },
		{ "#define MBEDTLS_SSL_OUT_CONTENT_LEN 1024\n", 16384 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config *c = read_text(rows[i].text);

		assert_int_equal(config_in_content_len(c), rows[i].bytes);
		config_close(c);
	}
}

/* RFC 8446 4.2.7, RFC 8422 5.1.1, RFC 7027: the number of each curve, and the macro that has it compiled
 * in. */
static void test_config__a_curve_is_there_by_its_own_macro(void **state)
{
	static const struct {
		uint16_t group;
		const char *name;
	} rows[] = {
		{ 18, "SECP192K1" },
		{ 19, "SECP192R1" },
		{ 20, "SECP224K1" },
		{ 21, "SECP224R1" },
		{ 22, "SECP256K1" },
		{ 23, "SECP256R1" },
		{ 24, "SECP384R1" },
		{ 25, "SECP521R1" },
		{ 26, "BP256R1" },
		{ 27, "BP384R1" },
		{ 28, "BP512R1" },
		{ 29, "CURVE25519" },
		{ 30, "CURVE448" },
	};
	enum { N = sizeof rows / sizeof *rows };
	char text[128];

	(void)state;
	for (size_t i = 0; i < N; i++) {
		struct config *c;

		(void)snprintf(
			text, sizeof text, "#define MBEDTLS_ECP_DP_%s_ENABLED\n", rows[i].name);
		c = read_text(text);
		for (size_t k = 0; k < N; k++)
			assert_int_equal(config_has_group(c, rows[k].group), i == k);
		assert_true(config_has_group(c, 256)); /* ffdhe2048: no macro of its own */
		config_close(c);
	}
}

static void expect_refused(const char *text, size_t len, enum err_code code, const char *says)
{
	struct err e = { 0 };

	assert_null(config_read("c.h", bytes_of(text, len), &e));
	assert_int_equal(e.code, code);
	assert_string_equal(e.msg, says);
}

static void test_config__what_defines_nothing_is_no_configuration(void **state)
{
	static const char *const texts[] = { "", "\n\n", "int main(void) { return 0; }\n",
		"#include <stdio.h>\n#ifdef A\n#define X\n#endif\n", "{ \"json\": true }" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_refused(texts[i], strlen(texts[i]), ERR_INPUT,
			"'c.h' is not a configuration header: it defines no macro");
}

static void nest(struct strbuf *text, size_t n)
{
	while (n-- != 0)
		strbuf_puts(text, "#if 1\n");
	strbuf_puts(text, "#define X\n");
}

static void test_config__conditions_nest_so_far_and_no_further(void **state)
{
	struct strbuf most = { 0 }, more = { 0 };
	struct config *c;

	(void)state;
	nest(&most, 64);
	c = read_text(strbuf_text(&most));
	assert_true(config_has(c, "X"));
	config_close(c);
	nest(&more, 65);
	expect_refused(
		strbuf_text(&more), more.len, ERR_INPUT, "'c.h' nests more than 64 conditions");
	strbuf_free(&most);
	strbuf_free(&more);
}

static void test_config__so_many_macros_and_no_more(void **state)
{
	struct strbuf text = { 0 };
	struct config *c;

	(void)state;
	for (size_t i = 0; i < 8192; i++)
		strbuf_printf(&text, "#define X%zu\n", i);
	strbuf_puts(&text, "#define X5\n"); /* defined anew, it takes no place */
	c = read_text(strbuf_text(&text));
	assert_true(config_has(c, "X0") && config_has(c, "X8191"));
	config_close(c);
	strbuf_puts(&text, "#define Y\n");
	expect_refused(
		strbuf_text(&text), text.len, ERR_LIMIT, "'c.h' defines more than 8192 macros");
	strbuf_free(&text);
}

static void test_config__a_file_is_read_and_one_that_is_missing_is_told(void **state)
{
	char path[] = "/tmp/tlsdiag-config-XXXXXX";
	static const char text[] = "#define MBEDTLS_SSL_IN_CONTENT_LEN 4096\n";
	int fd = mkstemp(path);
	struct err e = { 0 };
	struct config *c;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (long)strlen(text));
	assert_int_equal(close(fd), 0);
	c = config_open(path, &e);
	assert_non_null(c);
	assert_int_equal(config_in_content_len(c), 4096);
	config_close(c);
	assert_int_equal(unlink(path), 0);
	assert_null(config_open(path, &e));
	assert_int_equal(e.code, ERR_OS);
	assert_non_null(strstr(e.msg, path));
	config_close(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config__what_is_defined_last_holds),
		cmocka_unit_test(test_config__a_comment_defines_nothing),
		cmocka_unit_test(test_config__a_block_is_taken_by_its_condition),
		cmocka_unit_test(test_config__of_several_branches_the_first_that_holds_is_taken),
		cmocka_unit_test(
			test_config__a_condition_that_cannot_be_decided_leaves_all_its_branches_out),
		cmocka_unit_test(test_config__what_closes_nothing_is_passed_over),
		cmocka_unit_test(test_config__a_long_line_does_not_hide_the_next),
		cmocka_unit_test(test_config__a_number_is_one_in_any_base_and_in_parentheses),
		cmocka_unit_test(test_config__the_buffer_has_its_name_of_now_and_of_old),
		cmocka_unit_test(test_config__a_curve_is_there_by_its_own_macro),
		cmocka_unit_test(test_config__what_defines_nothing_is_no_configuration),
		cmocka_unit_test(test_config__conditions_nest_so_far_and_no_further),
		cmocka_unit_test(test_config__so_many_macros_and_no_more),
		cmocka_unit_test(test_config__a_file_is_read_and_one_that_is_missing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
