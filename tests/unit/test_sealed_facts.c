/*
 * What the session makes of records under keys that it is given, in whole, in tests/unit/facts/sealed.txt, below
 * connections in the words of support/sealed_talk.h. Below `>> ` stands besides a sum of what is told of conversations
 * near to it (support/near_words.h); `> crossed N` is a sum of N that are made of three of these.
 *
 * `test_sealed_facts --write` writes down what is told now, `--near SCRIPT` tells all that is near.
 */
#include "base/array.h"
#include "support/facts_text.h"
#include "support/listing.h"
#include "support/near_words.h"
#include "support/sealed_talk.h"

#define LISTING "tests/unit/facts/sealed.txt"

enum { SCRIPTS_MAX = 100, CROSSED_LINE = 250 };

static void say_totals(struct strbuf *b, const struct session_totals *t)
{
	strbuf_printf(b, "  totals: %d %d", (int)t->flows, (int)t->handshakes);
	say_number(b, "unlocked", t->unlocked);
	say_number(b, "locked", t->locked);
	say_number(b, "refused", t->refused);
	say_number(b, "plain", t->plain_flows);
	strbuf_puts(b, "\n");
}

static void say_script(struct strbuf *b, const char *script)
{
	struct sealed_talk *k = calloc(1, sizeof *k);
	char *copy = strdup(script), *rest = NULL;
	struct session_keys keys = { 0 };
	struct session_totals totals;

	assert_non_null(k);
	tls_talk_open(&k->t, NULL);
	keys.log = k->log = keylog_open();
	assert_non_null(k->log);
	session_keys(k->t.session, &keys);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest))
		say_word(k, word);
	talk_end(&k->t, FLOW_CLOSED);
	for (size_t i = 0; i < k->t.n; i++) {
		say_outcome(b, k->t.hs[i]);
		say_facts(b, k->t.hs[i]);
	}
	totals = session_totals(k->t.session);
	say_totals(b, &totals);
	tls_talk_close(&k->t);
	record_keys_close(k->keys[0]);
	record_keys_close(k->keys[1]);
	keylog_close(k->log);
	free(copy);
	free(k);
}

/* ---- near, and crossed ---- */

static const char *const words[] = { "c:kd", "s:kd", "c:kD", "s:kD", "c:kz", "s:kz", "c:ka:0",
	"s:ka:40", "c:ka:51", "c:kw:0", "s:kw:0", "s:ka:0", "c:kw:90", "c:kb", "s:kb", "c:kn",
	"s:kn", "c:kc", "s:kC", "c:ku", "s:ku", "c:kh", "s:kh", "c:kF", "s:kF", "s:k:NST",
	"c:k:CERT13", "s:k:CERT13+CV", "s:k:EE", "s:kp:CERT", "c:gap30", "s:gap30", "c:lost",
	"s:lost", "c:CCS", "s:CCS", "c:keys:m", "c:keys:hHaA", "c:keys:whwH", "c:fin", "s:rst",
	"c:e23", "s:e23", "s:d13", "c:a13", "c:CH", "s:alert40", "s:k:HREQ", "c:k:CH", "s:CERT",
	"c:wait11", "s:r22.40", "c:r20.1" };

static void take_near(void *ctx, const char *near)
{
	struct strbuf b = { 0 };

	say_script(&b, near);
	near_take(ctx, near, &b);
	strbuf_free(&b);
}

static void say_near(struct strbuf *now, const char *script)
{
	struct nearby all = { .sum = 2166136261u };

	near_each(script, words, COUNT(words), take_near, &all);
	strbuf_printf(now, "  near: %u %08x\n", all.n, (unsigned)all.sum);
}

struct scripts {
	struct near_script s[SCRIPTS_MAX];
	char *copy[SCRIPTS_MAX];
	size_t n;
};

static void scripts_read(struct scripts *all)
{
	char line[LISTING_LINE], *rest;
	FILE *f = fopen(LISTING, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		struct near_script *s = &all->s[all->n];

		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '>' || strchr(line, ':') == NULL)
			continue;
		assert_true(all->n < SCRIPTS_MAX);
		all->copy[all->n] = strdup(line + strspn(line, "> "));
		for (char *w = strtok_r(all->copy[all->n++], " ", &rest);
			w != NULL && s->n < NEAR_WORDS_MAX; w = strtok_r(NULL, " ", &rest))
			s->word[s->n++] = w;
	}
	(void)fclose(f);
}

static size_t draw(uint32_t *dice, size_t n)
{
	*dice = *dice * 1664525u + 1013904223u;
	return (*dice >> 8) % n;
}

static void add_words(struct strbuf *b, const struct near_script *s, size_t from, size_t n)
{
	for (size_t i = from; i < s->n && i < from + n; i++)
		near_put(b, s->word[i]);
}

static void say_crossed(struct strbuf *now, unsigned long times)
{
	struct scripts *all = calloc(1, sizeof *all);
	struct nearby sum = { .sum = 2166136261u };
	uint32_t dice = 17;

	assert_non_null(all);
	scripts_read(all);
	for (unsigned long i = 1; i <= times; i++) {
		struct strbuf b = { 0 };

		add_words(&b, &all->s[draw(&dice, all->n)], 0, 2 + draw(&dice, 9));
		add_words(&b, &all->s[draw(&dice, all->n)], 2 + draw(&dice, 9), draw(&dice, 5));
		add_words(&b, &all->s[draw(&dice, all->n)], 3 + draw(&dice, 9), 20);
		take_near(&sum, strbuf_text(&b));
		if (i % CROSSED_LINE == 0)
			strbuf_printf(now, "  to %lu: %08x\n", i, (unsigned)sum.sum);
		strbuf_free(&b);
	}
	for (size_t i = 0; i < all->n; i++)
		free(all->copy[i]);
	free(all);
}

static void say_line(struct strbuf *now, const char *line)
{
	const char *script = line + strspn(line, "> ");

	if (strncmp(script, "crossed ", 8) == 0) {
		say_crossed(now, strtoul(script + 8, NULL, 10));
		return;
	}
	say_script(now, script);
	if (line[1] == '>')
		say_near(now, script);
}

static void test_sealed__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_line);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sealed__tells_what_the_listing_says),
	};
	struct nearby all = { .told = true };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_line);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		near_each(argv[2], words, COUNT(words), take_near, &all);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
