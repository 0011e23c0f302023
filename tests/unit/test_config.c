/* src/config: which macros a configuration header defines, and what follows from them. */
#include "config/config.h"

#include "base/array.h"
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
		{ "#define A(x) x\n#if A(3) > 2\n#define X\n#endif\n", false },
		{ "#define A(x) x\n#if A(3) > 2\n#else\n#define X\n#endif\n", false },
		{ "#define A(x) x\n#if A((3), 4)\n#elif defined(A)\n#define X\n#endif\n", false },
		{ "#define A\n#if defined()\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if defined(A\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if 0\n#elif 1 / 0\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if !A\n#define X\n#endif\n", false },
		{ "#define A\n#if\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define A\n#if 1 2\n#define X\n#else\n#define X\n#endif\n", false },
		{ "#define X\n#if 1 +\n#undef X\n#endif\n", true },
	};

	(void)state;
	EXPECT_X(rows);
}

/* C11 6.10.1, 6.5: precedence, names that nobody knows, what one side decides. */
static void test_config__conditions_are_worked_out(void **state)
{
	static const struct {
		const char *condition;
		bool holds;
	} rows[] = {
		{ "A > 2", true },
		{ "A >= 3 && A <= 3", true },
		{ "A < 3 || A != 3", false },
		{ "A == 3 ? 0 : 1", false },
		{ "!defined(NONE) && defined A", true },
		{ "NONE", false },
		{ "NONE == 0", true },
		{ "1 + 2 * 3 == 7", true },
		{ "(1 + 2) * 3 == 9", true },
		{ "10 - 3 - 2 == 5", true },
		{ "7 / 2 == 3 && 7 % 2 == 1", true },
		{ "1 << 4 == 16 && 256 >> 4 == 16", true },
		{ "(6 & 3) == 2 && (6 | 1) == 7 && (6 ^ 3) == 5", true },
		{ "6 & 3 == 3", false }, /* & binds less than == */
		{ "1 | 0 && 0", false },
		{ "-1 < 0 && ~0 == -1 && +2 == 2 && - - 2 == 2", true },
		{ "TWICE == 6", true },     /* text, not a value: A + A */
		{ "TWICE * 2 == 9", true }, /* 3 + 3 * 2 */
		{ "SELF == 0", true },      /* a macro within itself is none */
		{ "1 || CALL(3)", true },   /* one side decides */
		{ "CALL(3, (4)) && 0", false },
		{ "defined(CALL)", true },
		{ "A == 0x3u && A == 03L && A == 3ULL", true },
		{ "__GNUC__ >= 5 && CHAR_BIT == 8", true },
		{ "defined(__has_include) && __has_include(<x.h>)", false },
		{ "A /* three */ == /* yes */ 3 // indeed", true },
		{ "A \\\n == 3", true },
	};
	char text[400];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct config *c;

		(void)snprintf(text, sizeof text,
			"#define A 3\n#define TWICE A + A\n#define SELF SELF\n#define CALL(x) "
			"x\n#if "
			"%s\n#define X\n#else\n#define NOT_X\n#endif\n",
			rows[i].condition);
		c = read_text(text);
		if (config_has(c, "X") != rows[i].holds || config_has(c, "NOT_X") == rows[i].holds)
			print_message("# %s\n", rows[i].condition);
		assert_int_equal(config_has(c, "X"), rows[i].holds);
		assert_int_equal(config_has(c, "NOT_X"), !rows[i].holds);
		config_close(c);
	}
}

/* What would grow without end is no value; nothing hangs. */
static void test_config__what_explodes_is_left_out(void **state)
{
	struct strbuf text = { 0 };
	struct config *c;

	(void)state;
	strbuf_puts(&text, "#define M0 1\n");
	for (unsigned i = 1; i < 60; i++)
		strbuf_printf(&text, "#define M%u M%u+M%u\n", i, i - 1, i - 1);
	strbuf_puts(&text,
		"#if M8 == 256\n#define EIGHT\n#endif\n#if M30\n#define X\n#endif\n#if M59\n"
		"#define X\n#endif\n#if ");
	for (unsigned i = 0; i < 100000; i++)
		strbuf_puts(&text, "(");
	strbuf_puts(&text, "\n#define X\n#endif\n#if ");
	for (unsigned i = 0; i < 60000; i++)
		strbuf_puts(&text, "-");
	strbuf_puts(&text, "1\n#define X\n#endif\n");
	c = read_text(strbuf_text(&text));
	assert_true(config_has(c, "EIGHT"));
	assert_false(config_has(c, "X"));
	config_close(c);
	strbuf_free(&text);
}

static void test_config__each_macro_is_known_with_its_line(void **state)
{
	struct config *c = read_text(
		"/* a\n comment */\n#define A 1\n#define B \\\n  2\n#define C(x) x\n#define A "
		"3\n#undef B\n#define MBEDTLS_D\n");
	static const struct {
		const char *name, *value;
		unsigned line;
	} want[] = { { "C", "", 6 }, { "A", "3", 7 }, { "MBEDTLS_D", "", 9 } };
	const struct macro_text *m = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++) {
		m = config_next(c, m);
		assert_non_null(m);
		assert_string_equal(m->name, want[i].name);
		assert_string_equal(m->value, want[i].value);
		assert_string_equal(m->at.file, "c.h");
		assert_int_equal(m->at.line, want[i].line);
	}
	assert_true(config_macro(c, "C")->takes_arguments);
	assert_null(config_next(c, m));
	assert_null(config_macro(c, "B"));
	assert_int_equal(config_count(c).mbedtls, 1);
	assert_int_equal(config_count(c).others, 2);
	config_close(c);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[300];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void remove_file(const char *folder, const char *name)
{
	char path[300];

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

/* Files of the same folder, by whatever folder they are called; loops end; what is not there is counted. */
static void test_config__what_is_included_counts(void **state)
{
	static const char *const files[] = { "config.h", "user.h", "other.h", "never.h" };
	char folder[] = "/tmp/test-config-XXXXXX", path[300];
	struct err e = { 0 };
	struct config *c;

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "config.h",
		"#define MBEDTLS_A\n#include \"user.h\"\n#define USER <mbedtls/other.h>\n#include "
		"USER\n"
		"#include <mbedtls/check_config.h>\n#if 0\n#include \"never.h\"\n#endif\n#ifdef "
		"B\n#define "
		"AFTER\n#endif\n#include\n#include \"open\n");
	write_file(folder, "user.h", "#undef MBEDTLS_A\n#define B\n#if 1\n#include \"config.h\"\n");
	write_file(folder, "other.h", "#define OTHER 5\n#endif\n");
	write_file(folder, "never.h", "#define NEVER\n");
	(void)snprintf(path, sizeof path, "%s/config.h", folder);
	c = config_open(path, &e);
	assert_non_null(c);
	assert_true(config_has(c, "AFTER"));
	assert_false(config_has(c, "NEVER"));
	assert_int_equal(config_number(c, "OTHER", 0), 5);
	assert_non_null(strstr(config_macro(c, "OTHER")->at.file, "/other.h"));
	assert_int_equal(config_macro(c, "OTHER")->at.line, 1);
	assert_true(config_count(c).not_included != 0);
	config_close(c);
	for (size_t i = 0; i < COUNT(files); i++)
		remove_file(folder, files[i]);
	assert_int_equal(rmdir(folder), 0);
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
		{ "4096 + 512", 4608 },
		{ "(1 << 14)", 16384 },
		/* No number, or none that can be told: what the caller takes in its place. */
		{ "", -7 },
		{ "()", -7 },
		{ "OTHER", -7 },
		{ "\"16\"", -7 },
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

static void test_config__a_curve_of_psa_is_one_and_what_is_not_known_is_no_want(void **state)
{
	static const struct {
		const char *text;
		bool has;
	} rows[] = {
		{ "#define PSA_WANT_ECC_SECP_R1_256 1\n", true },
		{ "#define PSA_WANT_ECC_SECP_R1_384 1\n", false },
		{ "#define MBEDTLS_CONFIG_VERSION 0x04000000\n", true },
		{ "#define MBEDTLS_CONFIG_VERSION 0x04000000\n#define PSA_WANT_ALG_GCM 1\n",
			false },
		{ "#define MBEDTLS_CONFIG_VERSION 0x03060000\n", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct config *c = read_text(rows[i].text);

		assert_int_equal(config_has_group(c, 23), rows[i].has);
		config_close(c);
	}
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
	nest(&most, 256);
	c = read_text(strbuf_text(&most));
	assert_true(config_has(c, "X"));
	config_close(c);
	nest(&more, 257);
	expect_refused(
		strbuf_text(&more), more.len, ERR_INPUT, "'c.h' nests more than 256 conditions");
	strbuf_free(&most);
	strbuf_free(&more);
}

/* Before anything else is defined. */
static void test_config__what_compilers_define_may_be_defined_anew(void **state)
{
	struct config *c = read_text("#define INT_MAX 32767\n#undef __GNUC__\n#define A\n");

	(void)state;
	assert_int_equal(config_number(c, "INT_MAX", 0), 32767);
	assert_false(config_has(c, "__GNUC__"));
	assert_true(config_has(c, "A"));
	config_close(c);
}

/* With the places, and another's changes are not its own. */
static void test_config__a_copy_is_another_of_the_same(void **state)
{
	struct config *c = read_text("#define A 1\n#define F(x) x\n#define B\n");
	struct err e = { 0 };
	struct config *copy = config_copy(c, &e);

	(void)state;
	assert_non_null(copy);
	assert_true(config_macro(copy, "F")->takes_arguments);
	assert_int_equal(config_macro(copy, "B")->at.line, 3);
	assert_true(config_define(copy, "A=2", &e));
	assert_int_equal(config_number(copy, "A", 0), 2);
	assert_int_equal(config_number(c, "A", 0), 1);
	assert_int_equal(config_count(copy).others, 3);
	config_close(copy);
	config_close(c);
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
		cmocka_unit_test(test_config__conditions_are_worked_out),
		cmocka_unit_test(test_config__what_explodes_is_left_out),
		cmocka_unit_test(test_config__each_macro_is_known_with_its_line),
		cmocka_unit_test(test_config__what_is_included_counts),
		cmocka_unit_test(test_config__what_closes_nothing_is_passed_over),
		cmocka_unit_test(test_config__a_long_line_does_not_hide_the_next),
		cmocka_unit_test(test_config__a_number_is_one_in_any_base_and_in_parentheses),
		cmocka_unit_test(test_config__the_buffer_has_its_name_of_now_and_of_old),
		cmocka_unit_test(test_config__a_curve_is_there_by_its_own_macro),
		cmocka_unit_test(
			test_config__a_curve_of_psa_is_one_and_what_is_not_known_is_no_want),
		cmocka_unit_test(test_config__what_defines_nothing_is_no_configuration),
		cmocka_unit_test(test_config__conditions_nest_so_far_and_no_further),
		cmocka_unit_test(test_config__what_compilers_define_may_be_defined_anew),
		cmocka_unit_test(test_config__a_copy_is_another_of_the_same),
		cmocka_unit_test(test_config__so_many_macros_and_no_more),
		cmocka_unit_test(test_config__a_file_is_read_and_one_that_is_missing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
