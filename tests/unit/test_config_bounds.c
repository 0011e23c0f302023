/* src/config: texts that nobody means well with end, and soon. */
#include "config/build.h"
#include "config/derived.h"
#include "config/finding.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_MAX = 60, MIB = 1 << 20 };

/* All that is asked of a configuration, of each release; a text that is refused is fine. */
static void judge(struct bytes text)
{
	struct err e = { 0 };
	struct config *c = config_read("c.h", text, &e);

	assert_true(c != NULL || e.code != ERR_NONE);
	for (int r = 0; c != NULL && r < N_RELEASES; r += 2) {
		struct config_version v = { .release = (enum config_release)r,
			.name = config_release_name((enum config_release)r) };
		struct config_findings *f = calloc(1, sizeof *f);
		struct arena *a = arena_new(4 << 20);
		struct build b;

		assert_true(f != NULL && a != NULL);
		build_of(c, config_release_major(v.release), &b);
		config_findings_written(f, c, &v, a);
		config_findings_derived(f, c, &v, a);
		config_findings_sort(f);
		arena_free(a);
		free(f);
	}
	config_close(c);
}

static void judge_all(struct strbuf *text)
{
	assert_false(text->failed);
	(void)alarm(SECONDS_MAX);
	judge(bytes_of(text->text, text->len));
	(void)alarm(0);
	strbuf_free(text);
}

static void test_config_bounds__random_bytes_are_told_from_a_configuration(void **state)
{
	struct strbuf text = { 0 };
	unsigned x = 1;

	(void)state;
	for (int i = 0; i < MIB; i++) {
		char byte;

		x = x * 1664525 + 1013904223;
		byte = (char)(x >> 24);
		strbuf_add(&text, &byte, 1);
	}
	judge_all(&text);
}

static void test_config_bounds__words_in_any_order_end(void **state)
{
	static const char *const words[] = { "#define ", "#if ", "#else\n", "#endif\n",
		"MBEDTLS_AES_C", "\n", " ", "defined(", ")", "/*", "*/", "\"", "\\\n", "> ",
		"CONFIG_MBEDTLS_", "=y", "# ", " is not set", "-D", "1", "@@ -" };
	struct strbuf text = { 0 };
	unsigned x = 7;

	(void)state;
	while (text.len < MIB) {
		x = x * 1664525 + 1013904223;
		strbuf_puts(&text, words[(x >> 20) % COUNT(words)]);
	}
	judge_all(&text);
}

static void test_config_bounds__conditions_without_end_are_refused(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	strbuf_puts(&text, "#define X\n");
	for (int i = 0; i < 100000; i++)
		strbuf_puts(&text, "#if 1\n");
	judge_all(&text);
}

static void test_config_bounds__macros_that_name_each_other_have_no_value(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	for (int i = 0; i < 8000; i++)
		strbuf_printf(&text,
			"#define MBEDTLS_M%d MBEDTLS_M%d + MBEDTLS_M%d * MBEDTLS_M%d\n", i,
			(i + 1) % 8000, (i * 7 + 3) % 8000, (i * 13 + 5) % 8000);
	strbuf_puts(&text, "#define MBEDTLS_SSL_TLS_C\n#define MBEDTLS_MPI_MAX_SIZE MBEDTLS_M0\n"
			   "#if MBEDTLS_M3 > 2\n#define MBEDTLS_AES_C\n#endif\n");
	judge_all(&text);
	for (int i = 0; i < 10000; i++)
		strbuf_printf(&text, "#define MBEDTLS_M%d MBEDTLS_M%d\n", i, (i + 1) % 10000);
	judge_all(&text);
}

/* Each condition asks for a macro that grows; the whole is bounded, not only one of them. */
static void test_config_bounds__many_conditions_that_grow_end(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	strbuf_puts(&text, "#define M0 1\n");
	for (int i = 1; i < 31; i++)
		strbuf_printf(&text, "#define M%d M%d+M%d\n", i, i - 1, i - 1);
	while (text.len < MIB)
		strbuf_puts(&text, "#if M30\n#endif\n");
	judge_all(&text);
}

static void test_config_bounds__many_options_are_bounded(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	for (int i = 0; text.len < MIB; i++)
		strbuf_printf(&text, "CONFIG_MBEDTLS_X%d=y\n", i);
	judge_all(&text);
	for (int i = 0; i < 8000; i++)
		strbuf_printf(&text, "CONFIG_MBEDTLS_X%d=y\n", i);
	judge_all(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_bounds__random_bytes_are_told_from_a_configuration),
		cmocka_unit_test(test_config_bounds__words_in_any_order_end),
		cmocka_unit_test(test_config_bounds__conditions_without_end_are_refused),
		cmocka_unit_test(test_config_bounds__macros_that_name_each_other_have_no_value),
		cmocka_unit_test(test_config_bounds__many_conditions_that_grow_end),
		cmocka_unit_test(test_config_bounds__many_options_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
