/* Other digests, then other readings, then other keys: a hit ends it. */
#include "forensic/signature.h"

#include "base/array.h"
#include "base/memory.h"
#include "forensic/oracle.h"
#include "forensic/search.h"
#include "session/handshake.h"

#include <stdlib.h>

enum { SCRATCH_MAX = 64 * 1024 * 1024 };

/* One suspect on the table. */
struct table {
	struct inquiry *q;
	struct suspect *s;
	struct arena *scratch;
	struct candidates candidates;
	struct reading readings[READINGS_MAX];
	size_t n_readings;
};

static bool table_lay(struct table *t, struct inquiry *q, struct suspect *s)
{
	t->q = q;
	t->s = s;
	t->scratch = arena_new(SCRATCH_MAX);
	if (t->scratch == NULL)
		return false;
	t->n_readings = readings_make(s, t->scratch, t->readings);
	return candidates_make(s, q->others, q->n_others, t->scratch, &t->candidates);
}

/* ---- one key, one reading, many digests ---- */

struct trial {
	const struct oracle *oracle;
	const struct candidate *candidates;
};

static bool try_candidate(const void *ctx, size_t i)
{
	const struct trial *t = ctx;

	return oracle_says(t->oracle, &t->candidates[i].digest);
}

static enum finding_kind kind_of(
	const char *key, const char *reading, const char *remark, const struct candidate *c)
{
	if (key != NULL)
		return FIND_OTHER_KEY;
	if (reading != NULL || remark != NULL)
		return FIND_OTHER_ENCODING;
	if (c->handling != NULL)
		return FIND_DIGEST_HANDLING;
	return c->transcript != NULL ? FIND_OTHER_TRANSCRIPT : FIND_OTHER_HASH;
}

static void note_hit(struct table *t, const struct known_key *key, const struct reading *reading,
	const struct oracle *o, const struct candidate *c)
{
	const char *remark = oracle_remark(o, t->s, c, t->scratch);
	const char *text[] = { key->what, candidate_hash_text(c, t->s, t->scratch), c->transcript,
		c->handling, remark, reading->what };

	suspect_found(t->s, kind_of(key->what, reading->what, remark, c), text, COUNT(text));
	t->s->out->found_hash = c->hash;
	t->s->out->other_handshake = c->handshake;
	if (key->what != NULL || t->q->hint.set)
		return;
	t->q->hint = (struct hint){ true, (size_t)(reading - t->readings),
		(size_t)(c - t->candidates.at) };
}

static void note_oracle(struct table *t, const struct known_key *key, const struct reading *reading,
	const struct oracle *o)
{
	struct suspect *s = t->s;

	if (key->what != NULL || reading != t->readings)
		return;
	s->key_asked = true;
	if (o == NULL || !oracle_key_proved(o))
		return;
	s->key_proved = true;
	s->digest_text = oracle_digest_text(o, s->hs->arena);
}

/* Candidates from `from` on, up to `end`. */
static bool try_range(struct table *t, const struct known_key *key, const struct reading *reading,
	size_t from, size_t end)
{
	struct oracle *o = oracle_open(t->s, key, reading, &t->q->spare);
	const struct candidate *c = t->candidates.at + from;
	struct trial trial = { o, c };
	struct search search = { end - from, try_candidate, &trial };
	struct search_result r = { .hit = SEARCH_MISS };

	note_oracle(t, key, reading, o);
	if (o == NULL)
		return false;
	if (meter_charge(&t->q->meter))
		r = search_run(&search, &t->q->budget);
	else
		r.out_of_budget = true;
	t->q->meter = meter_start(&t->q->budget); /* the search has charged itself */
	t->s->out->tried.out_of_budget |= r.out_of_budget;
	if (r.hit != SEARCH_MISS)
		note_hit(t, key, reading, o, &c[r.hit]);
	oracle_close(o, &t->q->spare);
	return r.hit != SEARCH_MISS;
}

/* ---- the stages ---- */

static bool try_hint(struct table *t, const struct known_key *leaf)
{
	const struct hint *h = &t->q->hint;

	return h->set && h->reading < t->n_readings && h->candidate < t->candidates.n &&
	       try_range(t, leaf, &t->readings[h->reading], h->candidate, h->candidate + 1);
}

/* The right digest proves nothing under the plainest reading, unless that is not quite what was
 * sent: it is tried all the same, which costs nothing. */
static void try_digests(struct table *t, const struct known_key *leaf)
{
	struct trial_counts *tried = &t->s->out->tried;

	tried->hashes = t->candidates.hashes;
	tried->transcripts = t->candidates.transcripts;
	tried->digests = t->candidates.digests;
	if (try_hint(t, leaf) || t->n_readings == 0)
		return;
	(void)try_range(t, leaf, &t->readings[0], 0, t->candidates.n);
}

static void try_readings(struct table *t, const struct known_key *leaf)
{
	for (size_t i = 1; i < t->n_readings; i++) {
		t->s->out->tried.encodings++;
		if (try_range(t, leaf, &t->readings[i], 0, t->candidates.n_core))
			return;
	}
}

static void try_keys(struct table *t)
{
	struct known_key keys[KEYS_MAX];
	size_t n = keys_besides(t->s, t->q->ev, t->scratch, keys);

	for (size_t i = 0; i < n && t->n_readings != 0; i++) {
		t->s->out->tried.keys++;
		if (try_range(t, &keys[i], &t->readings[0], 0, t->candidates.n_core))
			return;
	}
}

void signature_try(struct inquiry *q, struct suspect *s, enum plain_stage stage)
{
	struct known_key leaf = key_of_cert(s->leaf);
	struct table *t;

	if (suspect_settled(s))
		return;
	if (!meter_charge(&q->meter)) {
		s->out->tried.out_of_budget = true;
		return;
	}
	t = memory_new(sizeof *t);
	if (t != NULL && table_lay(t, q, s)) {
		if (stage == PLAIN_OTHER_DIGEST)
			try_digests(t, &leaf);
		else if (stage == PLAIN_OTHER_READING)
			try_readings(t, &leaf);
		else
			try_keys(t);
	}
	if (t != NULL)
		arena_free(t->scratch);
	free(t);
}

void signature_conclude(struct suspect *s)
{
	struct signature_autopsy *out = s->out;

	if (out->found != FIND_NOTHING || !s->key_asked ||
		(s->method.signature != SIG_RSA_PKCS1 && s->method.signature != SIG_RSA_PSS))
		return;
	if (!s->key_proved) {
		out->found = FIND_RSA_WRONG_KEY;
		return;
	}
	out->found = FIND_RSA_WRONG_DIGEST;
	out->what = s->digest_text == NULL
			    ? "as far as its padding, but over a digest that no trial gives"
			    : arena_printf(s->hs->arena,
				      "as far as its padding: inside is %s, which no trial gives",
				      s->digest_text);
}
