/*
 * Conversations near one that is written down as words (support/tls_talk.h): a word is missing, comes twice or
 * too early, or another one comes in between. The same ones each time.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_NEAR_WORDS_H
#define TLSDIAG_TESTS_SUPPORT_NEAR_WORDS_H

#include "base/array.h"
#include "base/strbuf.h"
#include "support/damage.h"
#include "support/listing.h"

#include <stdlib.h>
#include <string.h>

/* Places at which another word comes in between. */
enum { NEAR_WORDS_MAX = 64, NEAR_PLACES = 3 };

/* Of a capture. */
static const char *const near_words[] = { "c:fin", "s:fin", "c:rst", "s:rst", "c:alert40",
	"s:alert40", "c:alert0", "s:warn0", "c:warn90", "s:warn90", "c:gap5", "s:gap30", "s:gap400",
	"c:lost", "s:lost", "c:ack", "s:ack", "s:wait5", "c:wait11", "s:ms99", "c:ms1", "s:again",
	"c:late", "c:sent9", "s:sent900", "c:CCS", "s:CCS", "c:e22", "s:e22", "c:e23", "s:e23",
	"c:e21", "s:a13", "c:a13", "c:f13", "s:f13", "s:d13", "c:CH", "c:CH13", "s:SH", "s:HRR",
	"s:HREQ", "s:NST", "s:SHD", "s:CERT", "c:noise6", "s:noise30", "s:'220_x", "c:x1603",
	"s:x15030300020228", "c:x160303000101", "s:x1603030000", "c:x1703030000" };

struct near_script {
	const char *word[NEAR_WORDS_MAX];
	size_t n;
};

static inline void near_put(struct strbuf *b, const char *word)
{
	strbuf_printf(b, "%s%s", b->len != 0 ? " " : "", word);
}

/* The words, with `at` left out, said twice, or exchanged with the next one. */
static inline void near_changed(struct strbuf *b, const struct near_script *s, size_t at, char how)
{
	for (size_t i = 0; i < s->n; i++) {
		bool exchanged = how == 'x' && i == at && at + 1 < s->n;

		if (exchanged)
			near_put(b, s->word[i + 1]);
		if (how != '-' || i != at)
			near_put(b, s->word[i]);
		if (how == '+' && i == at)
			near_put(b, s->word[i]);
		if (exchanged)
			i++;
	}
}

static inline void near_with(
	struct strbuf *b, const struct near_script *s, size_t at, const char *word)
{
	for (size_t i = 0; i < s->n; i++) {
		if (i == at)
			near_put(b, word);
		near_put(b, s->word[i]);
	}
	if (at == s->n)
		near_put(b, word);
}

/* Calls back with each. */
static inline void near_each(const char *script, const char *const *words, size_t n_words,
	void (*take)(void *ctx, const char *near), void *ctx)
{
	struct near_script s = { .n = 0 };
	char *copy = strdup(script), *rest = NULL;
	uint32_t draw = 7;

	for (char *w = strtok_r(copy, " ", &rest); w != NULL && s.n < NEAR_WORDS_MAX;
		w = strtok_r(NULL, " ", &rest))
		s.word[s.n++] = w;
	for (size_t i = 0; i < s.n; i++)
		for (const char *how = "-+x"; *how != '\0'; how++) {
			struct strbuf b = { 0 };

			near_changed(&b, &s, i, *how);
			take(ctx, strbuf_text(&b));
			strbuf_free(&b);
		}
	for (size_t i = 0; i < NEAR_PLACES * n_words; i++) {
		struct strbuf b = { 0 };

		draw = draw * 1664525u + 1013904223u;
		near_with(&b, &s, (draw >> 8) % (s.n + 1), words[i % n_words]);
		take(ctx, strbuf_text(&b));
		strbuf_free(&b);
	}
	free(copy);
}

/* ---- sums by title ---- */

struct nearby {
	uint32_t sum;
	unsigned n;
	bool told; /* in full, on standard output */
};

static inline void near_take(struct nearby *all, const char *near, const struct strbuf *b)
{
	if (all->told)
		(void)printf("> %s\n%s", near, strbuf_text(b));
	all->sum = add_up(all->sum, strbuf_text(b));
	all->n++;
}

/* Takes the commands of the listing that stand below the title. */
static inline void near_below(struct nearby *all, const char *listing, const char *title,
	void (*take)(struct nearby *all, const char *script))
{
	char line[LISTING_LINE];
	bool below = false;
	FILE *f = fopen(listing, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '=')
			below = strcmp(line + strspn(line, "= "), title) == 0;
		else if (line[0] == '>' && below)
			take(all, line + strspn(line, ">* "));
	}
	(void)fclose(f);
}

#endif
