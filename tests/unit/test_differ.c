/* src/config/differ.c and src/report/config_differ.c: two configurations compared. */
#include "config/differ.h"
#include "names/names.h"
#include "report/config_differ.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct differ_names names = { "a.h", "b.h" };

struct pair {
	struct config *first, *second;
	struct config_findings findings[2];
	struct differ differ;
};

static struct config *read_text(const char *name, const char *text)
{
	struct err e = { 0 };
	struct config *c = config_read(name, bytes_of(text, strlen(text)), &e);

	assert_non_null(c);
	return c;
}

static struct config *open_file(const char *path)
{
	struct err e = { 0 };
	struct config *c = config_open(path, &e);

	assert_non_null(c);
	return c;
}

static struct pair *compared(struct config *first, struct config *second)
{
	struct pair *p = calloc(1, sizeof *p);
	struct err e = { 0 };
	struct differ_side one = { first, 2, NULL }, two = { second, 2, NULL };

	assert_non_null(p);
	p->first = first;
	p->second = second;
	one.findings = &p->findings[0];
	two.findings = &p->findings[1];
	assert_true(differ_of(&one, &two, &p->differ, &e));
	return p;
}

static void done(struct pair *p)
{
	config_close(p->first);
	config_close(p->second);
	free(p);
}

/* A server with two curves; what a test adds comes behind it. */
#define SERVER                                                                                     \
	"#define MBEDTLS_SSL_TLS_C\n#define MBEDTLS_SSL_SRV_C\n"                                   \
	"#define MBEDTLS_SSL_PROTO_TLS1_2\n#define MBEDTLS_AES_C\n#define MBEDTLS_GCM_C\n"         \
	"#define MBEDTLS_SHA256_C\n#define MBEDTLS_ECDSA_C\n"                                      \
	"#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n"                                       \
	"#define MBEDTLS_X509_CRT_PARSE_C\n#define MBEDTLS_ECP_DP_SECP256R1_ENABLED\n"

static struct pair *with_lines(const char *first, const char *second)
{
	char text[2][2048];

	(void)snprintf(text[0], sizeof text[0], "%s%s", SERVER, first);
	(void)snprintf(text[1], sizeof text[1], "%s%s", SERVER, second);
	return compared(read_text("a.h", text[0]), read_text("b.h", text[1]));
}

static const struct difference *find(
	const struct differ *d, enum ability_kind kind, uint16_t value, bool second)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].ability.kind == kind && d->list[i].ability.value == value &&
			d->list[i].second == second)
			return &d->list[i];
	return NULL;
}

static const struct macro_change *find_macro(const struct differ *d, const char *name)
{
	for (size_t i = 0; i < d->n_changes; i++)
		if (strcmp(d->changes[i].name, name) == 0)
			return &d->changes[i];
	return NULL;
}

/* Does this macro, and how many in all, decide it? */
static void expect_decider(
	const struct differ *d, const struct difference *of, const char *name, size_t n)
{
	size_t hits = 0;

	assert_non_null(of);
	assert_int_equal(of->n_deciders, n);
	for (size_t i = 0; i < n && i < DECIDERS_MAX; i++)
		hits += strcmp(d->changes[of->deciders[i]].name, name) == 0;
	assert_int_equal(hits, 1);
}

static void test_differ__one_and_the_same_differs_in_nothing(void **state)
{
	struct pair *p = with_lines("", "");

	(void)state;
	assert_true(differ_is_nothing(&p->differ));
	assert_int_equal(p->differ.n_changes, 0);
	done(p);
}

static void test_differ__a_curve_more_is_an_ability_of_the_second(void **state)
{
	struct pair *p = with_lines("", "#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n");
	const struct macro_change *m = find_macro(&p->differ, "MBEDTLS_ECP_DP_SECP384R1_ENABLED");

	(void)state;
	assert_int_equal(p->differ.n, 1);
	expect_decider(&p->differ, find(&p->differ, ABILITY_GROUP, 24, true),
		"MBEDTLS_ECP_DP_SECP384R1_ENABLED", 1);
	assert_null(m->first);
	assert_string_equal(m->second->at.file, "b.h");
	assert_int_equal(m->second->at.line, 11);
	assert_int_equal(m->n_decided[ABILITY_GROUP], 1);
	done(p);
}

static void test_differ__the_other_way_round_it_is_one_of_the_first(void **state)
{
	struct pair *p = with_lines("#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n", "");

	(void)state;
	assert_int_equal(p->differ.n, 1);
	expect_decider(&p->differ, find(&p->differ, ABILITY_GROUP, 24, false),
		"MBEDTLS_ECP_DP_SECP384R1_ENABLED", 1);
	done(p);
}

/* RSA needs both of them: neither gives it to the first alone, each alone takes it from the second. */
static void test_differ__all_macros_that_it_takes_are_told(void **state)
{
	struct pair *p = with_lines("", "#define MBEDTLS_RSA_C\n"
					"#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED\n"
					"#define MBEDTLS_PKCS1_V15\n#define MBEDTLS_HAVE_ASM\n");
	const struct difference *suite = find(&p->differ, ABILITY_SUITE, 0xc02f, true);

	(void)state;
	expect_decider(
		&p->differ, suite, "MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED", suite->n_deciders);
	assert_non_null(find(&p->differ, ABILITY_KEY_EXCHANGE, KX_ECDHE << 8 | AUTH_RSA, true));
	assert_non_null(find(&p->differ, ABILITY_SCHEME, 0x0401, true));
	assert_non_null(find(&p->differ, ABILITY_CERTIFICATE, CAN_RSA_KEYS, true));
	assert_false(macro_change_decides(find_macro(&p->differ, "MBEDTLS_HAVE_ASM")));
	assert_int_equal(p->differ.n_changes, 4);
	done(p);
}

static void test_differ__sizes_have_their_macro(void **state)
{
	struct pair *p = with_lines("#define SIZE 1024\n#define MBEDTLS_SSL_MAX_CONTENT_LEN SIZE\n",
		"#define SIZE 4096\n#define MBEDTLS_SSL_MAX_CONTENT_LEN SIZE\n");

	(void)state;
	assert_false(differ_is_nothing(&p->differ));
	assert_int_equal(p->differ.n, 0);
	assert_int_equal(p->differ.n_changes, 1);
	assert_true(find_macro(&p->differ, "SIZE")->sizes);
	assert_int_equal(p->differ.first.in.content, 1024);
	assert_int_equal(p->differ.second.in.content, 4096);
	done(p);
}

#define LIST_OF(a, b)                                                                              \
	"#define MBEDTLS_SHA512_C\n#define MBEDTLS_SSL_CIPHERSUITES "                              \
	"MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_" a ",MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_" b "\n"

/* What both negotiate is the same, and yet one takes more. */
static void test_differ__heap_has_its_macro(void **state)
{
	struct pair *p = with_lines("#define MBEDTLS_ECP_WINDOW_SIZE 2\n"
				    "#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0\n",
		"#define MBEDTLS_ECP_WINDOW_SIZE 4\n#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0\n");

	(void)state;
	assert_true(differ_is_nothing(&p->differ));
	assert_int_equal(p->differ.n_deciding, 1);
	assert_true(find_macro(&p->differ, "MBEDTLS_ECP_WINDOW_SIZE")->heap);
	assert_true(p->differ.second.memory.peak > p->differ.first.memory.peak);
	done(p);
}

static void test_differ__another_order_is_a_difference(void **state)
{
	struct pair *p = with_lines(LIST_OF("256_GCM_SHA384", "128_GCM_SHA256"),
		LIST_OF("128_GCM_SHA256", "256_GCM_SHA384"));

	(void)state;
	assert_int_equal(p->differ.n, 0);
	assert_true(p->differ.suite_order);
	assert_false(p->differ.client_order);
	assert_false(p->differ.group_order);
	assert_true(find_macro(&p->differ, "MBEDTLS_SSL_CIPHERSUITES")->order);
	assert_int_equal(p->differ.n_deciding, 1);
	done(p);
}

static void test_differ__whose_order_a_server_takes_is_one(void **state)
{
	struct pair *p = with_lines("", "#define MBEDTLS_SSL_SRV_RESPECT_CLIENT_PREFERENCE\n");

	(void)state;
	assert_true(p->differ.client_order);
	assert_false(p->differ.suite_order);
	assert_true(find_macro(&p->differ, "MBEDTLS_SSL_SRV_RESPECT_CLIENT_PREFERENCE")->order);
	done(p);
}

/* Of suites that only one has, the order is no matter. */
static void test_differ__a_suite_less_is_no_other_order(void **state)
{
	struct pair *p = with_lines("", "#define MBEDTLS_SHA512_C\n");

	(void)state;
	assert_non_null(find(&p->differ, ABILITY_SUITE, 0xc02c, true));
	assert_false(p->differ.suite_order);
	done(p);
}

static void add_expensive(struct strbuf *text, const char *salt)
{
	static const char *const numbers[] = { "SSL_MAX_CONTENT_LEN", "MPI_MAX_SIZE",
		"ECP_WINDOW_SIZE", "ECP_FIXED_POINT_OPTIM", "PSK_MAX_LEN" };

	strbuf_puts(text, SERVER);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		strbuf_printf(text, "#define MBEDTLS_%s A0\n", numbers[i]);
	for (int i = 0; i < 30; i++)
		strbuf_printf(text, "#define A%d (A%d+A%d)\n", i, i + 1, i + 1);
	for (int i = 0; i < 1500; i++)
		strbuf_printf(text, "#define X%d %s\n", i, salt);
}

/* Each question of it looks up tens of thousands of names. */
static void test_differ__what_takes_too_much_is_not_tried(void **state)
{
	struct strbuf one = { 0 }, two = { 0 };
	struct page page = { .width = 80 };
	struct pair *p;

	(void)state;
	add_expensive(&one, "1");
	add_expensive(&two, "2");
	strbuf_puts(&two, "#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n");
	p = compared(read_text("a.h", one.text), read_text("b.h", two.text));
	assert_true(p->differ.n_untried > 900);
	assert_int_equal(p->differ.n_changes, CHANGES_MAX);
	assert_int_equal(p->differ.left_out, 1501 - CHANGES_MAX);
	report_differ_text(&page, &names, &p->differ);
	assert_non_null(strstr(page.out.text, "1,501 macros differ; not all of them were tried"));
	strbuf_free(&page.out);
	strbuf_free(&one);
	strbuf_free(&two);
	done(p);
}

/* What one configuration can do, each once. */
static void test_abilities__are_told_once(void **state)
{
	struct config *c = open_file("tests/config/stock-2.28.3.h");
	struct ability list[ABILITIES_MAX];
	struct build b;
	size_t n;

	(void)state;
	build_of(c, 2, &b);
	n = abilities_of(&b, list);
	assert_true(n > b.n_suites + b.n_groups && n < ABILITIES_MAX);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			assert_false(
				list[i].kind == list[k].kind && list[i].value == list[k].value);
	config_close(c);
}

static void add_finding(struct config_findings *f, const char *id, const char *reason)
{
	f->list[f->n++] = (struct config_finding){
		.id = id, .macro = "", .reason = reason, .fix = "", .severity = CONFIG_WARNING
	};
}

static void test_differ__findings_are_new_or_gone(void **state)
{
	struct config *c = read_text("a.h", SERVER);
	struct config_findings one = { .n = 0 }, two = { .n = 0 };
	struct differ_side first = { c, 2, &one }, second = { c, 2, &two };
	struct differ *d = calloc(1, sizeof *d);
	struct err e = { 0 };

	(void)state;
	assert_non_null(d);
	add_finding(&one, "config-a", "x");
	add_finding(&one, "config-b", "size is 1");
	add_finding(&one, "config-d", "x");
	add_finding(&two, "config-d", "y");
	add_finding(&two, "config-d", "x");
	add_finding(&two, "config-b", "size is 2");
	assert_true(differ_of(&first, &second, d, &e));
	assert_int_equal(d->n_gone, 1);
	assert_string_equal(d->gone[0]->id, "config-a");
	assert_int_equal(d->n_new, 1);
	assert_string_equal(d->new[0]->reason, "y");
	free(d);
	config_close(c);
}

/* ---- the report ---- */

static void expect_text(const struct differ *d, const char *want)
{
	struct page p = { .width = 80 };

	report_differ_text(&p, &names, d);
	assert_string_equal(p.out.text, want);
	strbuf_free(&p.out);
}

static void test_report_differ__text(void **state)
{
	struct pair *p = with_lines("#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n"
				    "#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH\n"
				    "#define MBEDTLS_HAVE_ASM\n",
		"#define MBEDTLS_SSL_MAX_CONTENT_LEN 2048\n"
		"#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n");

	(void)state;
	add_finding(&p->findings[0], "config-x", "because");
	p->differ.gone[p->differ.n_gone++] = &p->findings[0].list[0];
	expect_text(&p->differ,
		"compared b.h with a.h\n"
		"what b.h can do and a.h cannot\n"
		"  groups       secp384r1\n"
		"what a.h can do and b.h cannot\n"
		"  extensions   max_fragment_length\n"
		"what both do, and in another way\n"
		"  records in   up to 2,048 bytes, before 1,024; 2,093 bytes of heap, before\n"
		"               1,069\n"
		"  records out  up to 2,048 bytes, before 1,024; 2,093 bytes of heap, before\n"
		"               1,069\n"
		"  handshake    about 9,500 bytes of heap, before 6,200\n"
		"macros that make the difference\n"
		"  MBEDTLS_SSL_MAX_CONTENT_LEN\n"
		"        a.h:11 (1024), b.h:11 (2048): sizes of records\n"
		"  MBEDTLS_ECP_DP_SECP384R1_ENABLED\n"
		"        b.h:12 alone: secp384r1, heap\n"
		"  MBEDTLS_SSL_MAX_FRAGMENT_LENGTH\n"
		"        a.h:12 alone: max_fragment_length\n"
		"  Besides, 1 macro differs and decides nothing of this by itself.\n"
		"findings\n"
		"  gone  warning config-x\n");
	done(p);
}

static void test_report_differ__the_same_is_said(void **state)
{
	struct pair *p = with_lines("", "#define MBEDTLS_HAVE_ASM\n");

	(void)state;
	expect_text(&p->differ, "compared b.h with a.h\n"
				"  both can negotiate the same\n"
				"  1 macro differs and decides nothing of this by itself.\n");
	done(p);
}

static void test_report_differ__many_suites_are_counted(void **state)
{
	struct pair *p = compared(open_file("fixtures/config/forum/config.h"),
		open_file("tests/config/stock-2.28.3.h"));
	struct page page = { .width = 80 };

	(void)state;
	report_differ_text(&page, &names, &p->differ);
	assert_non_null(strstr(page.out.text, "more (--json has all)\n"));
	assert_non_null(strstr(page.out.text, "  roles        client, DTLS\n"));
	assert_non_null(strstr(page.out.text, "  key exchange ECDHE_RSA, DHE_RSA, "));
	assert_non_null(strstr(page.out.text, "TLS 1.1, TLS 1.0, 64 suites, sizes"));
	assert_non_null(strstr(page.out.text, "of suites, a server takes its own now"));
	assert_null(strstr(page.out.text, "(null)"));
	strbuf_free(&page.out);
	done(p);
}

static void test_report_differ__json(void **state)
{
	struct pair *p = with_lines("", "#define MBEDTLS_ECP_DP_SECP384R1_ENABLED\n"
					"#define MBEDTLS_SSL_CLI_C\n#define MBEDTLS_HAVE_ASM\n");
	struct strbuf out = { 0 };
	struct json j = { .out = &out };

	(void)state;
	report_differ_json(&j, &names, &p->differ);
	assert_string_equal(out.text,
		"\"comparison\":{\"first\":\"a.h\",\"second\":\"b.h\",\"same\":false,"
		"\"second_only\":[{\"kind\":\"role\",\"name\":\"client\",\"macros\":["
		"\"MBEDTLS_SSL_CLI_C\"]},{\"kind\":\"group\",\"value\":\"0x0018\",\"name\":"
		"\"secp384r1\",\"macros\":[\"MBEDTLS_ECP_DP_SECP384R1_ENABLED\"]}],"
		"\"first_only\":[],\"record_in\":{\"first\":{\"content\":16384,\"buffer\":16429},"
		"\"second\":{\"content\":16384,\"buffer\":16429}},\"record_out\":{\"first\":{"
		"\"content\":16384,\"buffer\":16429},\"second\":{\"content\":16384,\"buffer\":"
		"16429}},\"handshake_heap\":{\"first\":36910,\"second\":38813},\"cipher_suite_"
		"order_differs\":false,\"group_order_differs\":false,"
		"\"client_order_differs\":false,\"macros\":[{\"name\":"
		"\"MBEDTLS_ECP_DP_SECP384R1_ENABLED\",\"first\":null,\"second\":{\"file\":\"b.h\","
		"\"line\":11,\"value\":\"\"},\"decides\":[\"group\",\"heap\"]},{\"name\":"
		"\"MBEDTLS_SSL_CLI_C\",\"first\":null,\"second\":{\"file\":\"b.h\",\"line\":12,"
		"\"value\":\"\"},\"decides\":[\"role\",\"heap\"]}],\"other_macros\":1,\"untried_"
		"macros\":0,\"new_"
		"findings\":[],"
		"\"gone_findings\":[]}");
	strbuf_free(&out);
	done(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differ__one_and_the_same_differs_in_nothing),
		cmocka_unit_test(test_differ__a_curve_more_is_an_ability_of_the_second),
		cmocka_unit_test(test_differ__the_other_way_round_it_is_one_of_the_first),
		cmocka_unit_test(test_differ__all_macros_that_it_takes_are_told),
		cmocka_unit_test(test_differ__sizes_have_their_macro),
		cmocka_unit_test(test_differ__heap_has_its_macro),
		cmocka_unit_test(test_differ__another_order_is_a_difference),
		cmocka_unit_test(test_differ__whose_order_a_server_takes_is_one),
		cmocka_unit_test(test_differ__a_suite_less_is_no_other_order),
		cmocka_unit_test(test_differ__what_takes_too_much_is_not_tried),
		cmocka_unit_test(test_abilities__are_told_once),
		cmocka_unit_test(test_differ__findings_are_new_or_gone),
		cmocka_unit_test(test_report_differ__text),
		cmocka_unit_test(test_report_differ__the_same_is_said),
		cmocka_unit_test(test_report_differ__many_suites_are_counted),
		cmocka_unit_test(test_report_differ__json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
