/* src/config: directives in a text that is no C, with the lines that they have in it. */
#include "config/config.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#define PROSE "Hello all, this is what I have got:\n"

/* macro: what is looked for; value: NULL, it is not defined. */
struct row {
	const char *text, *macro, *value;
	unsigned line;
};

static const struct row rows[] = {
	/* what stands in front */
	{ "> #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ ">> > #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ PROSE "    #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 2 },
	{ "123: #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ " 7 #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ "12|#define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ "- #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ "\xe2\x80\xa2 #define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 1 },
	{ "`#define MBEDTLS_AES_C`\n", "MBEDTLS_AES_C", "", 1 },
	{ "```c\n#define MBEDTLS_AES_C\n```\n", "MBEDTLS_AES_C", "", 2 },
	{ "&gt; &#35;define MBEDTLS_MPI_MAX_SIZE&nbsp;48\n", "MBEDTLS_MPI_MAX_SIZE", "48", 1 },
	{ PROSE "#define\xc2\xa0MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 2 },
	{ "> #define MBEDTLS_SSL_CIPHERSUITES \\\n>   0xc02c, \\\n>   0xc02b\n> #define "
	  "MBEDTLS_AES_C\n",
		"MBEDTLS_AES_C", "", 4 },
	{ "> #define MBEDTLS_SSL_CIPHERSUITES \\\n>   0xc02c\n", "MBEDTLS_SSL_CIPHERSUITES",
		"0xc02c", 1 },
	/* a diff: what is taken away is not there */
	{ "@@ -1,2 +1,2 @@\n-#define MBEDTLS_AES_C\n+#define MBEDTLS_DES_C\n #define "
	  "MBEDTLS_MD_C\n",
		"MBEDTLS_AES_C", NULL, 0 },
	{ "@@ -1,2 +1,2 @@\n-#define MBEDTLS_AES_C\n+#define MBEDTLS_DES_C\n #define "
	  "MBEDTLS_MD_C\n",
		"MBEDTLS_DES_C", "", 3 },
	{ "@@ -1,2 +1,2 @@\n-#define MBEDTLS_AES_C\n+#define MBEDTLS_DES_C\n #define "
	  "MBEDTLS_MD_C\n",
		"MBEDTLS_MD_C", "", 4 },
	{ "@@ -1,2 +1,2 @@\n- #define MBEDTLS_AES_C\n+#define MBEDTLS_DES_C\n", "MBEDTLS_AES_C",
		NULL, 0 },
	{ "+#define MBEDTLS_DES_C\n-#define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", NULL, 0 },
	{ "+#define MBEDTLS_DES_C\n-#define MBEDTLS_AES_C\n", "MBEDTLS_DES_C", "", 1 },
	/* off stays off */
	{ PROSE "//#define MBEDTLS_AES_C\n#define MBEDTLS_MD_C\n", "MBEDTLS_AES_C", NULL, 0 },
	{ "> //#define MBEDTLS_AES_C\n> #define MBEDTLS_MD_C\n", "MBEDTLS_AES_C", NULL, 0 },
	{ "12: // #define MBEDTLS_AES_C\n12: #define MBEDTLS_MD_C\n", "MBEDTLS_AES_C", NULL, 0 },
	{ "> /* #define MBEDTLS_AES_C */\n> #define MBEDTLS_MD_C\n", "MBEDTLS_AES_C", NULL, 0 },
	{ "> /*\n> #define MBEDTLS_AES_C\n> */\n> #define MBEDTLS_MD_C\n", "MBEDTLS_AES_C", NULL,
		0 },
	{ "> /*\n> #define MBEDTLS_AES_C\n> */\n> #define MBEDTLS_MD_C\n", "MBEDTLS_MD_C", "", 4 },
	{ "> #define MBEDTLS_MD_C\n> #undef MBEDTLS_MD_C\n> #define MBEDTLS_AES_C\n",
		"MBEDTLS_MD_C", NULL, 0 },
	/* a mark in prose hides nothing */
	{ "It reads /usr/include/* and\n#define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 2 },
	{ "I don't know why\n#define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 2 },
	{ "In C:\\temp\\\n#define MBEDTLS_AES_C\n" PROSE, "MBEDTLS_AES_C", "", 2 },
	{ "/* this never ends\n#define MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "", 2 },
	{ PROSE "#define MBEDTLS_MPI_MAX_SIZE 48 /* bytes */\n", "MBEDTLS_MPI_MAX_SIZE", "48", 2 },
	{ PROSE "#define MBEDTLS_MPI_MAX_SIZE 48 // bytes\n", "MBEDTLS_MPI_MAX_SIZE", "48", 2 },
	/* what is said of a macro is no definition */
	{ "We had #define MBEDTLS_AES_C there before.\n#define MBEDTLS_MD_C\n", "MBEDTLS_AES_C",
		NULL, 0 },
	{ "MBEDTLS_AES_C is defined in my build.\n#define MBEDTLS_MD_C\n", "MBEDTLS_AES_C", NULL,
		0 },
	{ "I have tried -DMBEDTLS_AES_C without luck.\n#define MBEDTLS_MD_C\n", "MBEDTLS_AES_C",
		NULL, 0 },
	{ PROSE "# define your macros here\n#define MBEDTLS_MD_C\n", "your", NULL, 0 },
	{ PROSE "# if you define it\n#define MBEDTLS_MD_C\n", "MBEDTLS_MD_C", "", 3 },
	{ PROSE "#if only it worked\n#define MBEDTLS_MD_C\n", "MBEDTLS_MD_C", "", 3 },
	{ PROSE "#define MBEDTLS_MPI_MAX_SIZE 48 is what I have\n", "MBEDTLS_MPI_MAX_SIZE", "48",
		2 },
	{ PROSE "#define MBEDTLS_AES_C and then it works\n", "MBEDTLS_AES_C", "", 2 },
	{ PROSE "#define MBEDTLS_PLATFORM_STD_CALLOC calloc\n", "MBEDTLS_PLATFORM_STD_CALLOC",
		"calloc", 2 },
	/* conditions, where they are closed */
	{ "> #ifdef MBEDTLS_X\n> #define MBEDTLS_AES_C\n> #endif\n> #define MBEDTLS_MD_C\n",
		"MBEDTLS_AES_C", NULL, 0 },
	{ "> #if !defined(MBEDTLS_X)\n> #define MBEDTLS_AES_C\n> #endif\n", "MBEDTLS_AES_C", "",
		2 },
	{ "> #ifndef MBEDTLS_CONFIG_H\n> #define MBEDTLS_AES_C\n> ...\n", "MBEDTLS_AES_C", "", 2 },
	{ "> #ifdef MBEDTLS_X\n> #define MBEDTLS_AES_C\n> ...\n", "MBEDTLS_AES_C", "", 2 },
	{ "> #define MBEDTLS_AES_C\n> #endif\n", "MBEDTLS_AES_C", "", 1 },
	/* command lines */
	{ "gcc -c -DMBEDTLS_AES_C -DMBEDTLS_MPI_MAX_SIZE=48 x.c\n", "MBEDTLS_AES_C", "1", 1 },
	{ "gcc -c -DMBEDTLS_AES_C -DMBEDTLS_MPI_MAX_SIZE=48 x.c\n", "MBEDTLS_MPI_MAX_SIZE", "48",
		1 },
	{ PROSE "CFLAGS += -D MBEDTLS_AES_C\n", "MBEDTLS_AES_C", "1", 2 },
	{ "-DMBEDTLS_CONFIG_FILE='\"my.h\"'\n", "MBEDTLS_CONFIG_FILE", "\"my.h\"", 1 },
	{ "gcc -DMBEDTLS_MPI_MAX_SIZE=48\n#define MBEDTLS_MPI_MAX_SIZE 96\n",
		"MBEDTLS_MPI_MAX_SIZE", "96", 2 },
	/* Kconfig, quoted */
	{ "> CONFIG_MBEDTLS_CMAC_C=y\n", "MBEDTLS_CMAC_C", "", 1 },
	{ "12:CONFIG_MBEDTLS_CMAC_C=y\n", "MBEDTLS_CMAC_C", "", 1 },
};

static void test_pasted__a_line_says_what_is_defined(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = { 0 };
		struct config *c =
			config_read("post", bytes_of(rows[i].text, strlen(rows[i].text)), &e);
		const struct macro_text *m = c != NULL ? config_macro(c, rows[i].macro) : NULL;
		bool right = c != NULL && (m != NULL) == (rows[i].value != NULL) &&
			     (m == NULL || (strcmp(m->value, rows[i].value) == 0 &&
						   m->at.line == rows[i].line));

		if (!right)
			print_message("# %s: '%s', line %u:\n%s", rows[i].macro,
				m != NULL ? m->value : "-", m != NULL ? m->at.line : 0,
				rows[i].text);
		assert_true(right);
		config_close(c);
	}
}

static enum config_kind kind_of(const char *text)
{
	struct err e = { 0 };
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);
	enum config_kind kind;

	assert_non_null(c);
	kind = config_origin(c).kind;
	config_close(c);
	return kind;
}

static void test_pasted__a_header_is_read_as_c(void **state)
{
	static const char *const headers[] = {
		"/* What this header is for,\n   in several words of prose. */\n#define X_Y\n",
		"/**\n * - #define MBEDTLS_AES_C\n */\n#define X_Y\n",
		"#define X_Y \\\n  some words without marks\n",
		"// what this is about\n#define X_Y\n",
		"extern unsigned long my_time\n#define X_Y\n",
		"typedef unsigned long my_time;\nint f(void) {\nreturn 1;\n}\n#define X_Y\n",
		"#if defined(A) && \\\n  defined(B)\n#endif\n#define X_Y\n",
		"#error this does not work here\n#define X_Y\n",
		"#define lower case\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		if (kind_of(headers[i]) != CONFIG_HEADER)
			print_message("# %s\n", headers[i]);
		assert_int_equal(kind_of(headers[i]), CONFIG_HEADER);
	}
	assert_int_equal(kind_of(PROSE "#define X_Y\n"), CONFIG_PASTED);
}

static void test_pasted__marks_without_end_cost_no_more_than_their_bytes(void **state)
{
	static const char *const parts[] = { "/*\n", "> /*\n", "*/ /*\n", "> > > >",
		"1: 1: ", "&gt;", "-D", "# if (\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct strbuf text = { 0 };
		struct err e = { 0 };

		strbuf_puts(&text, PROSE);
		while (text.len < 500000)
			strbuf_puts(&text, parts[i]);
		strbuf_puts(&text, "*/\n#define MBEDTLS_AES_C\n");
		config_close(config_read("post", bytes_of(text.text, text.len), &e));
		strbuf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pasted__a_line_says_what_is_defined),
		cmocka_unit_test(test_pasted__a_header_is_read_as_c),
		cmocka_unit_test(test_pasted__marks_without_end_cost_no_more_than_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
