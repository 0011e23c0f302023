/* src/config/build.c, against what builds of mbedTLS 2.28.3 negotiated (tests/config/README.md). */
#include "config/build.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "names/names.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

enum {
	ID,
	VERSION,
	BASE,
	CHANGE,
	SERVER,
	VERSIONS,
	SUITES_10,
	SUITES_11,
	SUITES_12,
	ORDER_12,
	FOLLOWS,
	CURVES,
	CURVES_IN_ORDER,
	CELLS
};

struct measured {
	char *cells[CELLS];
};

static char *whole_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 17);

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 17) - 1, f) > 0);
	(void)fclose(f);
	return text;
}

static void split_row(char *line, struct measured *m)
{
	for (size_t i = 0; i < CELLS; i++) {
		m->cells[i] = line;
		line += strcspn(line, "\t");
		if (*line != '\0')
			*line++ = '\0';
	}
}

/* A configuration of the table, with its changes at the end. */
static const char *base_file(const char *base)
{
	static const char *const files[][2] = {
		{ "forum", "fixtures/config/forum/config.h" },
		{ "stock", "tests/config/stock-2.28.3.h" },
		{ "own:ecdsa", "tests/config/own-ecdsa.h" },
		{ "own:rsasrv", "tests/config/own-rsasrv.h" },
		{ "own:psk", "tests/config/own-psk.h" },
		{ "sample:config-suite-b.h", "tests/config/suite-b-2.28.3.h" },
		{ "sample:config-mini-tls1_1.h", "tests/config/mini-tls1_1-2.28.3.h" },
	};

	for (size_t i = 0; i < COUNT(files); i++)
		if (strcmp(files[i][0], base) == 0)
			return files[i][1];
	fail_msg("no file for %s", base);
	return NULL;
}

static void add_changes(struct strbuf *text, char *changes)
{
	char *rest = NULL;

	for (char *word = strtok_r(changes, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		char *equals = strchr(word, '=');

		if (equals != NULL)
			*equals = ' ';
		if (*word == '+')
			strbuf_printf(text, "#define MBEDTLS_%s\n", word + 1);
		else if (*word == '-')
			strbuf_printf(text, "#undef MBEDTLS_%s\n", word + 1);
	}
}

static struct config *config_of(struct measured *m)
{
	char *base = whole_file(base_file(m->cells[BASE]));
	struct strbuf text = { 0 };
	struct err e = { 0 };
	struct config *c;

	strbuf_printf(&text, "%s\n", base);
	add_changes(&text, m->cells[CHANGE]);
	c = config_read("c.h", bytes_of(text.text, text.len), &e);
	assert_non_null(c);
	strbuf_free(&text);
	free(base);
	return c;
}

static void for_each_row(void (*claim)(const struct measured *m, const struct build *b))
{
	char *text = whole_file("tests/config/negotiates.tsv"), *line = strchr(text, '\n') + 1;
	size_t rows = 0;

	while (*line != '\0') {
		char *next = line + strcspn(line, "\n");
		struct measured m;
		struct build b;
		struct config *c;

		if (*next != '\0')
			*next++ = '\0';
		split_row(line, &m);
		c = config_of(&m);
		build_of(c, 2, &b);
		claim(&m, &b);
		config_close(c);
		line = next;
		rows++;
	}
	assert_int_equal(rows, 14);
	free(text);
}

/* What the server had to show: a chain of RSA and one of ECDSA, P-256 alone, or a shared key. */
static bool server_can(const struct measured *m, uint16_t value)
{
	const struct suite *s = suite_find(value);
	bool psk = strncmp(m->cells[SERVER], "psk=", 4) == 0;

	assert_non_null(s);
	if (s->kx == KX_ECJPAKE)
		return false;
	return psk == (s->kx == KX_PSK || s->kx == KX_DHE_PSK || s->kx == KX_ECDHE_PSK ||
			      s->kx == KX_RSA_PSK);
}

static size_t words_of(const char *list)
{
	size_t n = *list != '\0' ? 1 : 0;

	for (; *list != '\0'; list++)
		n += *list == ',';
	return n;
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)) != NULL; at += len)
		if ((at == list || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
			return true;
	return false;
}

/* ---- claims ---- */

static void expect_versions(const struct measured *m, const struct build *b)
{
	assert_int_equal(b->n_versions, words_of(m->cells[VERSIONS]));
	for (size_t i = 0; i < b->n_versions; i++)
		assert_true(has_word(m->cells[VERSIONS], name_version(b->versions[i])));
}

static void test_build__speaks_the_versions_that_were_measured(void **state)
{
	(void)state;
	for_each_row(expect_versions);
}

static void expect_suites_of(
	const struct measured *m, const struct build *b, uint16_t version, const char *list)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_suites; i++) {
		const struct build_suite *s = &b->suites[i];

		if (!build_has_version(b, version) || version < s->from || version > s->to ||
			!server_can(m, s->value))
			continue;
		n++;
		if (!has_word(list, name_cipher_suite(s->value)))
			fail_msg("%s: %s in %s was not taken", m->cells[ID],
				name_cipher_suite(s->value), name_version(version));
	}
	if (n != words_of(list))
		fail_msg("%s: %zu suites of %s, measured %zu", m->cells[ID], n,
			name_version(version), words_of(list));
}

static void expect_suites(const struct measured *m, const struct build *b)
{
	expect_suites_of(m, b, 0x0301, m->cells[SUITES_10]);
	expect_suites_of(m, b, 0x0302, m->cells[SUITES_11]);
	expect_suites_of(m, b, 0x0303, m->cells[SUITES_12]);
}

static void test_build__takes_the_suites_that_were_measured(void **state)
{
	(void)state;
	for_each_row(expect_suites);
}

/* Where the server follows its client, the client's order was measured. */
static void expect_order(const struct measured *m, const struct build *b)
{
	const char *at = m->cells[ORDER_12];

	if (*m->cells[FOLLOWS] != '-')
		assert_int_equal(b->follows_client, strcmp(m->cells[FOLLOWS], "yes") == 0);
	for (size_t i = 0; *at != '\0' && !b->follows_client && i < b->n_suites; i++) {
		const char *name = name_cipher_suite(b->suites[i].value);

		if (!server_can(m, b->suites[i].value) || b->suites[i].to < 0x0303)
			continue;
		if (strncmp(at, name, strlen(name)) != 0)
			fail_msg("%s: %s comes before %.60s", m->cells[ID], name, at);
		at += strlen(name);
		at += *at == ',';
	}
}

static void test_build__prefers_suites_in_the_order_that_was_measured(void **state)
{
	(void)state;
	for_each_row(expect_order);
}

static const char *curve_name(uint16_t group)
{
	static const struct {
		uint16_t group;
		const char *name;
	} other[] = { { 26, "bp256r1" }, { 27, "bp384r1" }, { 28, "bp512r1" } };

	for (size_t i = 0; i < COUNT(other); i++)
		if (other[i].group == group)
			return other[i].name;
	return name_group(group);
}

/* Below P-256 the order was not measured: it was always offered. */
static void expect_group_order(const struct measured *m, const struct build *b)
{
	struct strbuf said = { 0 };

	for (size_t i = 0; i < b->n_groups; i++) {
		strbuf_printf(&said, "%s%s", i != 0 ? "," : "", curve_name(b->groups[i]));
		if (b->groups[i] == 23)
			break;
	}
	if (b->n_groups != 0 || *m->cells[CURVES_IN_ORDER] != '\0')
		assert_string_equal(said.text, m->cells[CURVES_IN_ORDER]);
	strbuf_free(&said);
}

static void test_build__prefers_groups_in_the_order_that_was_measured(void **state)
{
	(void)state;
	for_each_row(expect_group_order);
}

/* With an ECDSA certificate alone, its own curve must be among those offered; so only a build with ECDHE_RSA tells of
 * all of its groups. */
static void expect_groups(const struct measured *m, const struct build *b)
{
	if (!build_has_suite(b, 0xc02f) && !build_has_suite(b, 0xc013))
		return;
	assert_int_equal(b->n_groups, words_of(m->cells[CURVES]));
	for (size_t i = 0; i < b->n_groups; i++)
		assert_true(has_word(m->cells[CURVES], curve_name(b->groups[i])));
}

static void test_build__has_the_groups_that_were_measured(void **state)
{
	(void)state;
	for_each_row(expect_groups);
}

/* ---- what was not measured there ---- */

static struct build build_text(const char *text, unsigned major)
{
	struct err e = { 0 };
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);
	struct build b;

	assert_non_null(c);
	build_of(c, major, &b);
	assert_true(b.n_lost == 0 || b.lost[0].len != 0);
	config_close(c);
	return b;
}

#define TLS "#define MBEDTLS_SSL_TLS_C\n#define MBEDTLS_SSL_SRV_C\n"
#define ECDHE                                                                                      \
	"#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED\n#define MBEDTLS_SSL_PROTO_TLS1_2\n"     \
	"#define MBEDTLS_AES_C\n#define MBEDTLS_GCM_C\n#define MBEDTLS_SHA256_C\n"                 \
	"#define MBEDTLS_ECDSA_C\n#define MBEDTLS_ECDH_C\n#define MBEDTLS_X509_CRT_PARSE_C\n"      \
	"#define MBEDTLS_ECP_DP_SECP256R1_ENABLED\n"

static void test_build__of_3_6_has_tls_13_and_its_suites(void **state)
{
	struct build b = build_text(TLS ECDHE "#define MBEDTLS_SSL_PROTO_TLS1_3\n"
					      "#define MBEDTLS_ECP_DP_CURVE25519_ENABLED\n",
		3);

	(void)state;
	assert_int_equal(b.n_versions, 2);
	assert_int_equal(b.versions[0], 0x0304);
	assert_int_equal(b.n_suites, 2);
	assert_int_equal(b.suites[0].value, 0x1301);
	assert_int_equal(b.suites[1].value, 0xc02b);
	assert_int_equal(b.groups[0], 29);
	assert_int_equal(b.groups[1], 23);
	assert_int_equal(b.schemes[0], 0x0403);
	assert_int_equal(b.n_schemes, 1);
}

static void test_build__of_2_28_knows_no_tls_13(void **state)
{
	struct build b = build_text(TLS ECDHE "#define MBEDTLS_SSL_PROTO_TLS1_3\n", 2);

	(void)state;
	assert_int_equal(b.n_versions, 1);
	assert_int_equal(b.suites[0].value, 0xc02b);
	/* SHA-256 brings SHA-224 */
	assert_int_equal(b.n_schemes, 2);
	assert_int_equal(b.schemes[1], 0x0303);
}

static void test_build__sha_384_is_a_macro_of_its_own_in_3_6(void **state)
{
	static const char text[] = TLS ECDHE "#define MBEDTLS_SHA512_C\n";
	struct build two = build_text(text, 2), three = build_text(text, 3);

	(void)state;
	assert_true(build_has_suite(&two, 0xc02c));
	assert_false(build_has_suite(&three, 0xc02c));
}

static void test_build__tells_suites_that_are_listed_and_not_there(void **state)
{
	struct err e = { 0 };
	static const char text[] = TLS ECDHE
		"#define MBEDTLS_SSL_CIPHERSUITES MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "
		"0xC02B, MBEDTLS_TLS_NOT_A_SUITE\n";
	struct config *c = config_read("c.h", bytes_of(text, strlen(text)), &e);
	struct build b;

	(void)state;
	assert_non_null(c);
	build_of(c, 2, &b);
	assert_true(b.suites_listed);
	assert_int_equal(b.n_suites, 1);
	assert_int_equal(b.suites[0].value, 0xc02b);
	assert_int_equal(b.n_lost, 2);
	assert_int_equal(b.lost[0].value, 0xc02c);
	assert_int_equal(b.lost[1].value, 0);
	assert_memory_equal(b.lost[1].name, "MBEDTLS_TLS_NOT_A_SUITE", b.lost[1].len);
	config_close(c);
}

/* The forum's build on an ARM core: 1,024 bytes need 1,069 (measured: two bytes of heap for each byte of content). */
static void test_build__record_buffers_are_as_large_as_the_library_makes_them(void **state)
{
	static const struct {
		const char *text;
		unsigned major;
		long in, out;
	} rows[] = {
		{ TLS ECDHE "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", 2, 1069, 1069 },
		{ TLS ECDHE "#define MBEDTLS_SSL_MAX_CONTENT_LEN 1024\n", 3, 16429, 16429 },
		{ TLS ECDHE "#define MBEDTLS_SSL_IN_CONTENT_LEN 4096\n", 3, 4141, 16429 },
		{ TLS ECDHE "#define MBEDTLS_CIPHER_MODE_CBC\n", 2, 16384 + 13 + 16 + 32 + 256,
			16384 + 13 + 16 + 32 + 256 },
		{ TLS ECDHE "#define MBEDTLS_CIPHER_MODE_CBC\n#define MBEDTLS_SHA512_C\n", 2,
			16384 + 13 + 16 + 48 + 256, 16384 + 13 + 16 + 48 + 256 },
		{ TLS ECDHE "#define MBEDTLS_SSL_PROTO_DTLS\n"
			    "#define MBEDTLS_SSL_DTLS_CONNECTION_ID\n"
			    "#define MBEDTLS_SSL_CID_OUT_LEN_MAX 8\n",
			3, 16429 + 48, 16429 + 24 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct build b = build_text(rows[i].text, rows[i].major);

		assert_int_equal(b.in.buffer, rows[i].in);
		assert_int_equal(b.out.buffer, rows[i].out);
	}
}

static void test_build__without_tls_can_nothing(void **state)
{
	struct build b = build_text(ECDHE, 3);

	(void)state;
	assert_int_equal(b.n_versions, 0);
	assert_int_equal(b.n_suites, 0);
	assert_int_equal(b.n_groups, 0);
	assert_int_equal(b.n_schemes, 0);
	assert_false(b.server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build__speaks_the_versions_that_were_measured),
		cmocka_unit_test(test_build__takes_the_suites_that_were_measured),
		cmocka_unit_test(test_build__prefers_suites_in_the_order_that_was_measured),
		cmocka_unit_test(test_build__prefers_groups_in_the_order_that_was_measured),
		cmocka_unit_test(test_build__has_the_groups_that_were_measured),
		cmocka_unit_test(test_build__of_3_6_has_tls_13_and_its_suites),
		cmocka_unit_test(test_build__of_2_28_knows_no_tls_13),
		cmocka_unit_test(test_build__sha_384_is_a_macro_of_its_own_in_3_6),
		cmocka_unit_test(test_build__tells_suites_that_are_listed_and_not_there),
		cmocka_unit_test(test_build__record_buffers_are_as_large_as_the_library_makes_them),
		cmocka_unit_test(test_build__without_tls_can_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
