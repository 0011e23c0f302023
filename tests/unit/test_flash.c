/* src/config/flash.c: what can be saved of a configuration, and who needs it. */
#include "config/flash.h"

#include "support/unit.h"

#include <string.h>

static struct config *read_text(const char *text)
{
	struct err e = { 0 };
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);

	assert_non_null(c);
	return c;
}

static const struct saving *find(const struct saving *s, size_t n, const char *change)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s[i].change, change) == 0)
			return &s[i];
	return NULL;
}

/* The figures of the measurement: text and data of the base, less those of the change. */
static void test_flash__the_forum_s_build_saves_most_without_debugging(void **state)
{
	struct saving s[SAVINGS_MAX];
	struct err e = { 0 };
	struct config *c = config_open("fixtures/config/forum/config.h", &e);
	size_t n;

	(void)state;
	assert_non_null(c);
	n = savings_of(c, 2, NULL, s);
	assert_string_equal(s[0].change, "-DEBUG_C");
	assert_int_equal(s[0].flash, (55053 + 172) - (80948 + 176));
	assert_int_equal(s[0].ram, (172 + 5568) - (176 + 5572));
	assert_int_equal(s[0].verdict, SAVING_FREE);
	assert_int_equal(find(s, n, "-CERTS_C")->objects, -45101);
	/* It is small already, or has them not. */
	assert_null(find(s, n, "+SHA256_SMALLER"));
	assert_null(find(s, n, "+AES_FEWER_TABLES"));
	assert_null(find(s, n, "-SSL_CLI_C"));
	assert_null(find(s, n, "-ERROR_C"));
	assert_null(find(s, n, "ECP_FIXED_POINT_OPTIM=0"));
	for (size_t i = 1; i < n; i++)
		assert_true(s[i - 1].flash <= s[i].flash);
	/* Flash that buys RAM */
	assert_string_equal(s[n - 1].change, "+AES_ROM_TABLES");
	assert_int_equal(s[n - 1].flash, 2152);
	assert_int_equal(s[n - 1].ram, -2604);
	config_close(c);
}

static void test_flash__each_release_has_its_own_figures(void **state)
{
	static const char text[] = "#define MBEDTLS_DEBUG_C\n#define MBEDTLS_X509_CRT_PARSE_C\n";
	struct saving two[SAVINGS_MAX], three[SAVINGS_MAX];
	struct config *c = read_text(text);
	size_t n_two = savings_of(c, 2, NULL, two), n_three = savings_of(c, 3, NULL, three);

	(void)state;
	assert_int_equal(n_two, 1);
	assert_int_equal(n_three, 2);
	assert_int_equal(find(three, n_three, "-DEBUG_C")->flash, -35029);
	assert_int_equal(find(three, n_three, "+X509_REMOVE_INFO")->flash, -8231);
	config_close(c);
}

static void test_flash__needs_decide_what_can_go(void **state)
{
	static const char text[] =
		"#define MBEDTLS_SHA512_C\n#define MBEDTLS_PEM_PARSE_C\n"
		"#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n#define MBEDTLS_SSL_ALPN\n";
	struct config *c = read_text(text);
	struct saving s[SAVINGS_MAX];
	struct needs needs = { 0 };
	size_t n;

	(void)state;
	needs_find(&needs, NEED_SECP384R1, true);
	needs_find(&needs, NEED_SECP384R1, false);
	needs_find(&needs, NEED_PEM, false);
	needs_find(&needs, NEED_SHA384, false);
	needs_find(&needs, NEED_SHA512, true);
	n = savings_of(c, 2, &needs, s);
	assert_int_equal(find(s, n, "-ECP_DP_SECP384R1_ENABLED")->verdict, SAVING_NEEDED);
	assert_int_equal(find(s, n, "-PEM_PARSE_C -BASE64_C")->verdict, SAVING_NOT_NEEDED);
	assert_int_equal(find(s, n, "-SHA512_C")->verdict, SAVING_NEEDED);
	assert_int_equal(find(s, n, "-SSL_ALPN")->verdict, SAVING_UNKNOWN);
	assert_int_equal(find(s, n, "+SHA512_SMALLER")->verdict, SAVING_FREE);
	config_close(c);
}

static void test_flash__everything_has_a_name(void **state)
{
	(void)state;
	for (int need = NEEDED_BY_NOBODY; need < N_NEEDS; need++)
		assert_non_null(need_name((enum need)need));
	assert_string_equal(need_name(NEED_TLS13), "TLS 1.3");
	assert_string_equal(saving_verdict_name(SAVING_NEEDED), "needed");
	assert_string_equal(saving_verdict_name(SAVING_FREE), "free");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flash__the_forum_s_build_saves_most_without_debugging),
		cmocka_unit_test(test_flash__each_release_has_its_own_figures),
		cmocka_unit_test(test_flash__needs_decide_what_can_go),
		cmocka_unit_test(test_flash__everything_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
