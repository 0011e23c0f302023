/*
 * Properties of chains made for the purpose, against tests/unit/facts/properties.txt (support/listing.h):
 *
 *   > FIELD=DER ... | FIELD=DER ... | trusted FIELD=DER ...
 *
 * with what support/made_chain.h says of them.
 *
 * In properties-near.txt stands a sum for each title, of what is told of these chains when an element of one of
 * their certificates is another one (support/der_harm.h), or the time is. `--near TITLE` tells it in full. `> crossed N` is a
 * sum of N chains that are made of several of these.
 */
#include "base/array.h"
#include "support/listing.h"
#include "support/made_chain.h"
#include "support/near_words.h"

#include <stdlib.h>

#define LISTING      "tests/unit/facts/properties.txt"
#define LISTING_NEAR "tests/unit/facts/properties-near.txt"

static void say_made(struct strbuf *now, const char *line)
{
	struct made *m = calloc(1, sizeof *m);

	assert_non_null(m);
	m->at = NOW;
	say_chain(now, line + 2, m);
	free(m);
}

/* ---- chains near to these ---- */

enum { DRAWS = 20, ELEMENTS_DRAWN = 56, CERTS_DRAWN = 3 };

static void take_near(struct nearby *all, const char *text, const struct made *how)
{
	struct made *m = calloc(1, sizeof *m);
	struct strbuf b = { 0 };
	char title[80];

	assert_non_null(m);
	m->at = how->at;
	m->harmed = how->harmed;
	m->element = how->element;
	m->how = how->how;
	say_chain(&b, text, m);
	(void)snprintf(title, sizeof title, "certificate %zu element %zu way %d at %lld: %.20s",
		m->harmed, m->element, (int)m->how, (long long)m->at, text);
	near_take(all, title, &b);
	strbuf_free(&b);
	free(m);
}

/* A day and a second before its dates begin, a day, a second, their first, their last and the one behind them. */
static void take_times(struct nearby *all, const char *text, struct made *how)
{
	static const int64_t times[] = { 1793447999, 1793448000, 1793534399, 1793534400, 1801483200,
		1801483201, 0 };

	how->how = DER_HARM_NONE;
	for (size_t i = 0; i < COUNT(times); i++) {
		how->at = times[i];
		take_near(all, text, how);
	}
	how->at = NOW;
}

static void take_chain(struct nearby *all, const char *text)
{
	struct made *how = calloc(1, sizeof *how);
	uint32_t seed = add_up(2166136261u, text);

	assert_non_null(how);
	take_times(all, text, how);
	for (size_t i = 0; i < DRAWS; i++) {
		seed = seed * 1664525u + 1013904223u;
		how->harmed = (seed >> 8) % CERTS_DRAWN;
		how->element = (seed >> 12) % ELEMENTS_DRAWN;
		how->how = (enum der_harm)(1 + (seed >> 20) % (N_DER_HARMS - 1));
		take_near(all, text, how);
	}
	free(how);
}

/* ---- chains crossed ---- */

enum { LINES_MAX = 2000, CROSSED_LINE = 250 };

struct lines {
	char *text[LINES_MAX];
	size_t n;
};

static void lines_read(struct lines *all)
{
	char line[LISTING_LINE];
	FILE *f = fopen(LISTING, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '>')
			continue;
		assert_true(all->n < LINES_MAX);
		all->text[all->n++] = strdup(line + 2);
	}
	(void)fclose(f);
}

static const char *drawn(const struct lines *all, uint32_t *dice)
{
	*dice = *dice * 1664525u + 1013904223u;
	return all->text[(*dice >> 8) % all->n];
}

/* Adds the certificates of a chain from one on, so many. */
static void add_parts(struct strbuf *b, const char *text, size_t from, size_t n)
{
	for (size_t i = 0; *text != '\0'; i++) {
		size_t len = strcspn(text, "|");

		if (i >= from && i < from + n)
			strbuf_printf(b, "%s%.*s", b->len != 0 ? " | " : "", (int)len, text);
		text += len + (text[len] == '|');
	}
}

/* Adds one field of a chain's leaf to the certificate that is written last. */
static void add_field(struct strbuf *b, const char *text, size_t which)
{
	const char *end = text + strcspn(text, "|");

	for (const char *p = text; p < end; which--) {
		size_t len = strcspn(p, " |");

		if (which == 0 && memchr(p, '=', len) != NULL)
			strbuf_printf(b, " %.*s", (int)len, p);
		p += len + 1;
	}
}

/* A leaf with a field of another one's, issuers of a third and a fourth chain: a line for so many. */
static void say_crossed(struct strbuf *now, unsigned long times)
{
	struct lines all = { .n = 0 };
	struct nearby sum = { .sum = 2166136261u };
	struct made *how = calloc(1, sizeof *how);
	uint32_t dice = 3;

	assert_non_null(how);
	how->at = NOW;
	lines_read(&all);
	for (unsigned long i = 1; i <= times; i++) {
		struct strbuf b = { 0 };

		add_parts(&b, drawn(&all, &dice), 0, 1);
		add_field(&b, drawn(&all, &dice), 1 + dice % 3);
		add_parts(&b, drawn(&all, &dice), 1, dice % 3);
		add_parts(&b, drawn(&all, &dice), 1 + dice % 2, 3);
		if (strlen(strbuf_text(&b)) < LISTING_LINE)
			take_near(&sum, strbuf_text(&b), how);
		if (i % CROSSED_LINE == 0)
			strbuf_printf(now, "  to %lu: %u %08x\n", i, sum.n, (unsigned)sum.sum);
		strbuf_free(&b);
	}
	for (size_t i = 0; i < all.n; i++)
		free(all.text[i]);
	free(how);
}

static void say_near(struct strbuf *now, const char *line)
{
	struct nearby all = { .sum = 2166136261u };

	if (strncmp(line, "> crossed ", 10) == 0) {
		say_crossed(now, strtoul(line + 10, NULL, 10));
		return;
	}
	near_below(&all, LISTING, line + 2, take_chain);
	strbuf_printf(now, "  %u %08x\n", all.n, (unsigned)all.sum);
}

static void test_properties__are_the_same_of_what_is_near(void **state)
{
	(void)state;
	assert_listing(LISTING_NEAR, say_near);
}

static void test_properties__are_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_made);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_properties__are_what_the_listing_says),
		cmocka_unit_test(test_properties__are_the_same_of_what_is_near),
	};
	struct nearby all = { .told = true };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_made) | listing_write(LISTING_NEAR, say_near);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		near_below(&all, LISTING, argv[2], take_chain);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
