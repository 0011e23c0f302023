/* src/config/build.c, against what builds of mbedTLS 2.28.3 and 3.6.6 negotiated (tests/config/README.md). */
#include "config/build.h"
#include "config/derived.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "names/names.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	SUITES_13,
	ORDER,
	FOLLOWS,
	GROUPS_12,
	ORDER_12,
	GROUPS_13,
	COMPLETED,
	FAILED,
	OWN_PAIR,
	CLIENT_VERSIONS,
	CLIENT_SUITES,
	CLIENT_GROUPS,
	CLIENT_SCHEMES,
	CLIENT_EXTENSIONS,
	BUFFERS,
	CELLS
};

struct measured {
	char *cells[CELLS];
};

static char *whole_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 18);

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 18) - 1, f) > 0);
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

static void add_changes(struct strbuf *text, char *changes)
{
	char *rest = NULL;

	for (char *word = strtok_r(changes, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		size_t len = strcspn(word, "=");

		strbuf_printf(text, "#undef MBEDTLS_%.*s\n", (int)len - 1, word + 1);
		if (*word == '+')
			strbuf_printf(text, "#define MBEDTLS_%.*s %s\n", (int)len - 1, word + 1,
				word[len] == '=' ? word + len + 1 : "");
	}
}

static unsigned major_of(const struct measured *m)
{
	return (unsigned)(*m->cells[VERSION] - '0');
}

/* A configuration of the table, with its changes at the end. */
static struct config *config_of(struct measured *m)
{
	char *base = whole_file(m->cells[BASE]);
	struct config_version v;
	struct strbuf text = { 0 };
	struct err e = { 0 };
	struct config *c;

	strbuf_printf(&text, "%s\n", base);
	add_changes(&text, m->cells[CHANGE]);
	c = config_read("c.h", bytes_of(text.text, text.len), &e);
	assert_non_null(c);
	assert_true(config_version_parse(m->cells[VERSION], &v, &e));
	assert_true(config_derive(c, &v, &e));
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
		build_of(c, major_of(&m), &b);
		claim(&m, &b);
		config_close(c);
		line = next;
		rows++;
	}
	assert_true(rows >= 30);
	free(text);
}

static bool was_served(const struct measured *m)
{
	return strstr(m->cells[SERVER], "none") == NULL;
}

/* What the server had to show: chains of RSA and of ECDSA, or a shared key. */
static bool server_can(const struct measured *m, uint16_t value)
{
	const struct suite *s = suite_find(value);
	const char *has = m->cells[SERVER];
	bool certs = strstr(has, "certs") != NULL, rsa = certs || strstr(has, "rsa") != NULL;

	assert_non_null(s);
	if (s->tls13)
		return true;
	if (s->kx == KX_ECJPAKE)
		return false;
	if (s->kx == KX_RSA_PSK && !rsa)
		return false;
	if (s->kx == KX_PSK || s->kx == KX_DHE_PSK || s->kx == KX_ECDHE_PSK || s->kx == KX_RSA_PSK)
		return strstr(has, "psk") != NULL;
	return certs ||
	       strstr(has, s->auth == AUTH_RSA && s->kx != KX_ECDH ? "rsa" : "p256") != NULL;
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

/* ---- as a server ---- */

/* A version for which none of its suites could be asked for by hand is seen by the build's own client alone. */
static void expect_versions(const struct measured *m, const struct build *b)
{
	if (!was_served(m))
		return;
	for (size_t i = 0; i < b->n_versions; i++) {
		const char *name = name_version(b->versions[i]);

		if (!has_word(m->cells[VERSIONS], name) && !has_word(m->cells[OWN_PAIR], name))
			fail_msg("%s: %s was not spoken", m->cells[ID], name);
	}
	assert_true(b->n_versions >= words_of(m->cells[VERSIONS]));
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
	if (!was_served(m))
		return;
	expect_suites_of(m, b, 0x0301, m->cells[SUITES_10]);
	expect_suites_of(m, b, 0x0302, m->cells[SUITES_11]);
	expect_suites_of(m, b, 0x0303, m->cells[SUITES_12]);
	/* Without key shares it takes a shared key's identity alone, which was not offered. */
	if (*m->cells[SUITES_13] != '\0' || build_has_group(b, 23))
		expect_suites_of(m, b, 0x0304, m->cells[SUITES_13]);
}

static void test_build__takes_the_suites_that_were_measured(void **state)
{
	(void)state;
	for_each_row(expect_suites);
}

/* Of the newest version before TLS 1.3; where the server follows its client, it has none. */
static void expect_order(const struct measured *m, const struct build *b)
{
	const char *at = m->cells[ORDER];

	if (*m->cells[FOLLOWS] != '-')
		assert_int_equal(b->follows_client, strcmp(m->cells[FOLLOWS], "yes") == 0);
	for (size_t i = 0; *at != '\0' && i < b->n_suites; i++) {
		const char *name = name_cipher_suite(b->suites[i].value);

		if (!has_word(m->cells[ORDER], name))
			continue;
		if (strncmp(at, name, strlen(name)) != 0)
			fail_msg("%s: %s comes before %.60s", m->cells[ID], name, at);
		at += strlen(name);
		at += *at == ',';
	}
	assert_string_equal(at, "");
}

static void test_build__prefers_suites_in_the_order_that_was_measured(void **state)
{
	(void)state;
	for_each_row(expect_order);
}

/* Below P-256 the order was not measured: it was always offered. */
static void expect_group_order(const struct measured *m, const struct build *b)
{
	struct strbuf said = { 0 };

	for (size_t i = 0; i < b->n_groups; i++) {
		strbuf_printf(&said, "%s%s", i != 0 ? "," : "", name_group(b->groups[i]));
		if (b->groups[i] == 23)
			break;
	}
	if (*m->cells[ORDER_12] != '\0')
		assert_string_equal(said.text, m->cells[ORDER_12]);
	strbuf_free(&said);
}

static void test_build__prefers_groups_in_the_order_that_was_measured(void **state)
{
	(void)state;
	for_each_row(expect_group_order);
}

static void expect_groups_of(
	const struct measured *m, const struct build *b, uint16_t version, const char *list)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_groups; i++) {
		if (!build_group_is_for(b->groups[i], version))
			continue;
		n++;
		if (!has_word(list, name_group(b->groups[i])))
			fail_msg("%s: %s in %s was not taken", m->cells[ID],
				name_group(b->groups[i]), name_version(version));
	}
	assert_int_equal(n, words_of(list));
}

/* With an ECDSA certificate alone, its own curve must be among those offered; so only a build with ECDHE_RSA tells of
 * all of its groups in TLS 1.2. */
static void expect_groups(const struct measured *m, const struct build *b)
{
	if (strstr(m->cells[SUITES_12], "_ECDHE_RSA_") != NULL)
		expect_groups_of(m, b, 0x0303, m->cells[GROUPS_12]);
	if (*m->cells[SUITES_13] != '\0')
		expect_groups_of(m, b, 0x0304, m->cells[GROUPS_13]);
}

static void test_build__has_the_groups_that_were_measured(void **state)
{
	(void)state;
	for_each_row(expect_groups);
}

/* ---- as a client: the lists of its ClientHello, in their order ---- */

static void expect_list(const struct measured *m, const char *what, const char *measured,
	const char *(*name)(uint16_t value), const uint16_t *values, size_t n)
{
	struct strbuf said = { 0 };

	for (size_t i = 0; i < n; i++)
		strbuf_printf(&said, "%s%s", i != 0 ? "," : "", name(values[i]));
	if (strcmp(strbuf_text(&said), measured) != 0)
		fail_msg("%s: %s '%s', measured '%s'", m->cells[ID], what, strbuf_text(&said),
			measured);
	strbuf_free(&said);
}

/* Before TLS 1.3 a ClientHello says the newest of its versions alone. */
static void expect_client(const struct measured *m, const struct build *b)
{
	uint16_t suites[BUILD_SUITES_MAX];

	if (*m->cells[CLIENT_SUITES] == '\0') {
		assert_false(b->client);
		return;
	}
	assert_true(b->client);
	for (size_t i = 0; i < b->n_suites; i++)
		suites[i] = b->suites[i].value;
	expect_list(m, "versions", m->cells[CLIENT_VERSIONS], name_version, b->versions,
		b->versions[0] == 0x0304 ? b->n_versions : 1);
	expect_list(m, "suites", m->cells[CLIENT_SUITES], name_cipher_suite, suites, b->n_suites);
	expect_list(m, "groups", m->cells[CLIENT_GROUPS], name_group, b->groups, b->n_groups);
	expect_list(m, "schemes", m->cells[CLIENT_SCHEMES], name_scheme, b->schemes, b->n_schemes);
}

static void test_build__offers_what_its_client_was_seen_to_offer(void **state)
{
	(void)state;
	for_each_row(expect_client);
}

/* TLS 1.3 has tickets without asking. */
static void expect_extensions(const struct measured *m, const struct build *b)
{
	const char *list = m->cells[CLIENT_EXTENSIONS];

	if (*list == '\0')
		return;
	assert_int_equal(has_word(list, "28"), b->record_size_limit);
	assert_int_equal(has_word(list, "23"), b->extended_master_secret);
	assert_int_equal(has_word(list, "22"), b->encrypt_then_mac);
	assert_int_equal(has_word(list, "35"), b->tickets && build_has_version(b, 0x0303));
}

static void test_build__asks_for_the_extensions_that_its_client_asked_for(void **state)
{
	(void)state;
	for_each_row(expect_extensions);
}

/* As the library's own header computes them. */
static void expect_buffers(const struct measured *m, const struct build *b)
{
	char said[48];

	(void)snprintf(said, sizeof said, "%ld,%ld", b->in.buffer, b->out.buffer);
	if (strcmp(said, m->cells[BUFFERS]) != 0)
		fail_msg("%s: buffers of %s, measured %s", m->cells[ID], said, m->cells[BUFFERS]);
}

static void test_build__has_the_record_buffers_of_the_library(void **state)
{
	(void)state;
	for_each_row(expect_buffers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build__speaks_the_versions_that_were_measured),
		cmocka_unit_test(test_build__takes_the_suites_that_were_measured),
		cmocka_unit_test(test_build__prefers_suites_in_the_order_that_was_measured),
		cmocka_unit_test(test_build__prefers_groups_in_the_order_that_was_measured),
		cmocka_unit_test(test_build__has_the_groups_that_were_measured),
		cmocka_unit_test(test_build__offers_what_its_client_was_seen_to_offer),
		cmocka_unit_test(test_build__asks_for_the_extensions_that_its_client_asked_for),
		cmocka_unit_test(test_build__has_the_record_buffers_of_the_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
