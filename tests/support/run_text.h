/*
 * All that a run tells of an input but for the words it is told in: every fact of each handshake, its
 * certificates, each answer with its evidence, each diagnosis with what shows it. And a tally of many such runs:
 * how often which outcomes and diagnoses, and a sum of the rest.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_RUN_TEXT_H
#define TLSDIAG_TESTS_SUPPORT_RUN_TEXT_H

#include "door/run.h"
#include "support/cert_text.h"
#include "support/damage.h"
#include "support/facts_text.h"

#include <stdio.h>

struct telling {
	struct strbuf all;    /* every fact */
	struct strbuf short_; /* outcomes and diagnoses */
};

static inline void run_tell_answers(struct strbuf *b, const struct examined *ex)
{
	for (size_t i = 0; i < N_CHECKS; i++) {
		const struct answer *a = &ex->answers[i];

		if (a->status == NOT_APPLICABLE)
			continue;
		strbuf_printf(b, "  %s=%s", checks[i]->id, status_name(a->status));
		for (size_t k = 0; k < a->n_evidence; k++)
			strbuf_printf(b, "@%llu:%zu+%zu",
				(unsigned long long)a->evidence[k].place.packet,
				(size_t)a->evidence[k].place.offset,
				(size_t)a->evidence[k].place.length);
		strbuf_puts(b, "\n");
	}
}

static inline void run_tell_handshake(void *ctx, const struct examined *ex)
{
	struct telling *t = ctx;
	const struct handshake *hs = ex->hs;

	strbuf_printf(&t->short_, " %s", outcome_word(hs->outcome));
	strbuf_printf(&t->all, "handshake %llu ", (unsigned long long)hs->id);
	say_outcome(&t->all, hs);
	say_facts(&t->all, hs);
	for (unsigned side = 0; side < 2; side++) {
		strbuf_puts(&t->all, "  chain: ");
		tell_chain(&t->all, &hs->side[side].chain);
		strbuf_puts(&t->all, "\n");
		for (size_t i = 0; i < hs->side[side].n_certs; i++)
			if (hs->side[side].certs[i] != NULL)
				tell_cert(&t->all, hs->side[side].certs[i]);
	}
	run_tell_answers(&t->all, ex);
}

static inline void run_tell_finding(struct telling *t, const struct finding *f)
{
	struct strbuf *b = &t->all;

	if (f->severity == SEVERITY_ERROR)
		strbuf_printf(&t->short_, " %s", f->cause->id);
	strbuf_printf(b, "%s: %s %s %s of %llu assumes %u", f->cause->id,
		severity_name(f->severity), confidence_name(f->confidence), origin_name(f->origin),
		(unsigned long long)f->n_handshakes_all, f->assumptions);
	for (size_t i = 0; i < f->n_proof; i++)
		strbuf_printf(b, " @%llu", (unsigned long long)f->proof[i].packet);
	for (size_t i = 0; i < f->n_explains; i++)
		strbuf_printf(b, " %s", checks[f->explains[i]]->id);
	for (size_t i = 0; i < f->n_alerts; i++)
		strbuf_printf(b, " alert@%llu%s", (unsigned long long)f->alerts[i].packet,
			f->alerts[i].contradicts ? "!" : "");
	for (size_t i = 0; i < f->n_ruled_out; i++)
		strbuf_printf(b, " not %s", f->ruled_out[i].id);
	strbuf_printf(b, " next %zu\n", f->n_steps);
}

static inline struct tlsdiag *run_open_telling(const struct tlsdiag_options *o, struct telling *t)
{
	struct tlsdiag_error e = { 0 };
	struct tlsdiag *run = tlsdiag_open(o, &e);

	if (run == NULL) {
		fail_msg("cannot open a run: %s", e.message);
		return NULL;
	}
	run->spy = run_tell_handshake;
	run->spy_ctx = t;
	return run;
}

/* e: what came of the reading. */
static inline void run_end_telling(struct tlsdiag *run, struct telling *t, struct tlsdiag_error *e)
{
	const struct desk *desk;

	strbuf_printf(&t->all, "%s\n", e->message);
	assert_true(tlsdiag_finish(run, e));
	desk = pipeline_desk(run->pipeline);
	for (size_t i = 0; i < desk_n_servers(desk); i++)
		for (size_t k = 0; k < desk_server(desk, i)->n_findings; k++)
			run_tell_finding(t, &desk_server(desk, i)->findings[k]);
	tlsdiag_close(run);
}

/* ---- many runs ---- */

enum { WORDS_MAX = 40 };

struct tally {
	char word[WORDS_MAX][64];
	unsigned times[WORDS_MAX];
	size_t n;
	uint32_t sum;
	unsigned damages;
	FILE *whole; /* gets all that is told; NULL: nobody wants it */
};

static inline void count_word(struct tally *y, const char *word, size_t len)
{
	for (size_t i = 0; i < y->n; i++)
		if (strlen(y->word[i]) == len && strncmp(y->word[i], word, len) == 0) {
			y->times[i]++;
			return;
		}
	if (y->n == WORDS_MAX)
		return;
	(void)snprintf(y->word[y->n], sizeof y->word[0], "%.*s", (int)len, word);
	y->times[y->n++] = 1;
}

static inline void count_words(struct tally *y, const char *words)
{
	while (*words == ' ') {
		size_t len = strcspn(++words, " ");

		count_word(y, words, len);
		words += len;
	}
}

/* Takes the texts over. */
static inline void tally_take(struct tally *y, struct telling *t, const char *what)
{
	if (y->whole != NULL)
		(void)fprintf(y->whole, "== %s\n%s", what, strbuf_text(&t->all));
	y->sum = add_up(y->sum, strbuf_text(&t->all));
	y->damages++;
	count_words(y, strbuf_text(&t->short_));
	strbuf_free(&t->all);
	strbuf_free(&t->short_);
}

static inline void say_tally(struct strbuf *now, const struct tally *y)
{
	strbuf_printf(now, "  %u:", y->damages);
	for (size_t i = 0; i < y->n; i++)
		strbuf_printf(now, "%s %s %u", i != 0 ? "," : "", y->word[i], y->times[i]);
	strbuf_printf(now, " %08x\n", (unsigned)y->sum);
}

/* The same numbers on every machine, others for each capture. */
static inline uint32_t draw(uint32_t *seed, size_t below)
{
	uint32_t n = (uint32_t)below;

	*seed = *seed * 1664525u + 1013904223u;
	return n != 0 ? (*seed >> 8) % n : 0;
}

#endif
