/*
 * Sure before likely, fewer assumptions before more, what explains more before what explains less.
 */
#include "diagnose/rank.h"

#include "base/array.h"
#include "base/memory.h"
#include "diagnose/ask.h"
#include "diagnose/configured.h"
#include "diagnose/peers.h"
#include "diagnose/rule.h"
#include "diagnose/story.h"

#include <stdlib.h>

static bool explains(const struct finding *f, enum check_id id)
{
	for (size_t i = 0; i < f->n_explains; i++)
		if (f->explains[i] == id)
			return true;
	return false;
}

/* Its line in the catalogue: where causes.def puts one before another, so do equals. */
static size_t line_of(const struct cause *cause)
{
	size_t i = 0;

	while (i < N_CAUSES && causes[i] != cause)
		i++;
	return i;
}

/* How much a finding explains weighs less than how sure it is, more than how many handshakes it
 * speaks for. */
static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->severity != y->severity)
		return (int)x->severity - (int)y->severity;
	if (x->confidence != y->confidence)
		return (int)y->confidence - (int)x->confidence;
	if (x->assumptions != y->assumptions)
		return x->assumptions < y->assumptions ? -1 : 1;
	if (x->n_explains != y->n_explains)
		return x->n_explains > y->n_explains ? -1 : 1;
	if (x->n_handshakes_all != y->n_handshakes_all)
		return x->n_handshakes_all > y->n_handshakes_all ? -1 : 1;
	return line_of(x->cause) < line_of(y->cause) ? -1 : 1;
}

static bool within(const struct finding *inner, const struct finding *outer)
{
	for (size_t i = 0; i < inner->n_handshakes; i++) {
		bool found = false;

		for (size_t k = 0; k < outer->n_handshakes && !found; k++)
			found = outer->handshakes[k] == inner->handshakes[i];
		if (!found)
			return false;
	}
	return true;
}

/* A finding that explains nothing a better one does not, in no other handshake, is its
 * consequence (or a weaker guess at the same thing). */
static bool folded(const struct finding *f, const struct finding *better)
{
	if (f->n_explains == 0 || !within(f, better))
		return false;
	for (size_t i = 0; i < f->n_explains; i++)
		if (!explains(better, f->explains[i]))
			return false;
	return true;
}

static size_t fold(struct finding *f, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool gone = false;

		for (size_t k = 0; k < kept && !gone; k++)
			gone = folded(&f[i], &f[k]);
		if (!gone)
			f[kept++] = f[i];
	}
	return kept;
}

static bool accused(const struct finding *f, size_t n, const struct cause *cause)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].cause == cause)
			return true;
	return false;
}

/* What a reader suspects first stands first; the rest follows in the catalogue's order. */
static const enum cause_id usual_suspects[] = { CAUSE_signature_scheme_mismatch,
	CAUSE_wrong_private_key, CAUSE_ec_arithmetic_broken, CAUSE_ca_not_trusted,
	CAUSE_certificate_expired, CAUSE_name_mismatch, CAUSE_no_common_cipher_suite,
	CAUSE_no_common_group, CAUSE_no_common_signature_scheme };

static void acquit_one(
	const struct case_file *cf, struct finding *f, size_t n, const struct cause *suspect)
{
	struct finding *first = &f[0];
	const char *because = NULL;

	if (suspect->innocent == NULL || accused(f, n, suspect) ||
		first->n_ruled_out == RULED_OUT_MAX)
		return;
	for (size_t i = 0; i < first->n_ruled_out; i++)
		if (first->ruled_out[i].id == suspect->id)
			return;
	if (suspect->innocent(cf, &because))
		first->ruled_out[first->n_ruled_out++] = (struct ruled_out){ suspect->id, because };
}

/* Its reader gave it, and is told by name that it is not at fault. */
static void acquit_configuration(const struct case_file *cf, struct finding *f, size_t n)
{
	const char *because = configured_innocent(cf);

	for (size_t i = 0; i < n; i++)
		if (f[i].by_configuration)
			return;
	if (because != NULL && f[0].n_ruled_out < RULED_OUT_MAX)
		f[0].ruled_out[f[0].n_ruled_out++] = (struct ruled_out){ "configuration", because };
}

/* The first finding carries the innocents: what a reader would suspect and need not. */
static void acquit(const struct case_file *cf, struct finding *f, size_t n)
{
	acquit_configuration(cf, f, n);
	for (size_t i = 0; i < COUNT(usual_suspects); i++)
		acquit_one(cf, f, n, causes[usual_suspects[i]]);
	for (size_t i = 0; i < N_CAUSES; i++)
		acquit_one(cf, f, n, causes[i]);
}

static void defaults(const struct cause *cause, struct finding *f)
{
	*f = (struct finding){ .cause = cause,
		.origin = cause->origin,
		.summary = cause->summary,
		.severity = SEVERITY_ERROR,
		.confidence = CONFIDENCE_LIKELY };
}

static bool speaks_of_chain(const struct finding *f)
{
	return f->of_chain && f->severity == SEVERITY_ERROR;
}

static bool share_handshake(const struct finding *a, const struct finding *b)
{
	for (size_t i = 0; i < a->n_handshakes; i++)
		for (size_t k = 0; k < b->n_handshakes; k++)
			if (a->handshakes[i] == b->handshakes[k])
				return true;
	return false;
}

/* Where several things are wrong with a chain that was refused, each is so, and which of them was
 * minded is not told: none of them is certain to be why. */
static void share_doubt(const struct case_file *cf, struct finding *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			if (k == i || !speaks_of_chain(&f[i]) || !speaks_of_chain(&f[k]) ||
				f[k].confidence == CONFIDENCE_POSSIBLE ||
				!share_handshake(&f[i], &f[k]))
				continue;
			if (f[i].confidence == CONFIDENCE_CERTAIN)
				finding_prove(&f[i], cf, 0,
					"more than this is wrong with the chain: the refusal may "
					"be "
					"about that");
			LOWER_CONFIDENCE(&f[i], CONFIDENCE_LIKELY);
		}
}

static const struct examined *kept_one(const struct case_file *cf, uint64_t id)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->id == id)
			return cf->kept[i];
	return NULL;
}

/* Has a log no more of it than words, or not all of its bytes? Or did somebody put it together from a text, and not
 * well? */
static bool told_in_part(const struct examined *ex)
{
	bool bytes = false;

	for (size_t i = 0; i < ex->hs->n_events; i++)
		bytes |= ex->hs->events[i].raw.len != 0;
	return ex->hs->logged &&
	       (!bytes || ex->answers[CHECK_capture_complete].status != PASS ||
		       (ex->hs->rebuilt && failed_check(ex, CHECK_messages_well_formed)));
}

/* Does it explain nothing but that the handshake failed? Then the alert, the end, is all there is of it: the word
 * of who had enough. What came in place of TLS speaks for itself. */
static bool explains_only_failing(const struct case_file *cf, const struct finding *f)
{
	static const enum check_id failing[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
		CHECK_hello_answered };

	for (size_t i = 0; i < f->n_explains; i++) {
		bool known = false;

		for (size_t k = 0; k < COUNT(failing); k++)
			known |= failing[k] == f->explains[i];
		if (!known)
			return false;
	}
	for (size_t i = 0; i < f->n_handshakes; i++) {
		const struct examined *ex = kept_one(cf, f->handshakes[i]);

		if (ex != NULL && ex->hs->server_said.len != 0)
			return false;
	}
	return cf->logged;
}

/* What rests on words alone is never proved. */
static void words_prove_nothing(const struct case_file *cf, struct finding *f)
{
	for (size_t i = 0; i < f->n_handshakes; i++) {
		const struct examined *ex = kept_one(cf, f->handshakes[i]);

		if (ex == NULL || !told_in_part(ex))
			return;
	}
	if (f->n_handshakes != 0)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static void doubt_words(const struct case_file *cf, struct finding *f)
{
	words_prove_nothing(cf, f);
	if (f->n_handshakes != 0 && explains_only_failing(cf, f))
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

/*
 * What words make no more than possible is not said beside what the bytes show; but that one connection was reset
 * says nothing of the others of a server's log.
 */
static size_t drop_idle_words(struct finding *f, size_t n)
{
	bool apart = n != 0 && (f[0].origin == ORIGIN_UNKNOWN || f[0].origin == ORIGIN_NETWORK) &&
		     f[0].n_handshakes == f[0].n_handshakes_all;
	size_t kept = 0;

	if (n == 0 || f[0].of_words || f[0].severity != SEVERITY_ERROR ||
		f[0].confidence == CONFIDENCE_POSSIBLE)
		return n;
	for (size_t i = 0; i < n; i++)
		if (!f[i].of_words || f[i].confidence != CONFIDENCE_POSSIBLE ||
			(apart && !within(&f[i], &f[0])))
			f[kept++] = f[i];
	return kept;
}

/* What the first one's peers did may make it less sure, and another the first. */
static void sort_weighed(const struct case_file *cf, struct finding *f, size_t n)
{
	for (size_t tries = 0; tries < n; tries++) {
		enum confidence before;

		qsort(f, n, sizeof *f, compare);
		if (f[0].n_alerts != 0) /* weighed already */
			return;
		before = f[0].confidence;
		peers_explain(cf, &f[0]);
		if (f[0].confidence == before)
			return;
	}
	if (n != 0)
		qsort(f, n, sizeof *f, compare);
}

/* After those that fit this case in particular. */
static void take_default_steps(struct finding *f)
{
	const char *const *steps = f->cause->next_steps;

	for (; steps != NULL && !f->steps_done && f->n_steps < STEPS_MAX && *steps != NULL; steps++)
		f->next_steps[f->n_steps++] = *steps;
}

/* The ids in their order: a cause may come upon them otherwise. */
static void sort_handshakes(struct finding *f)
{
	for (size_t i = 1; i < f->n_handshakes; i++)
		for (size_t k = i; k > 0 && f->handshakes[k - 1] > f->handshakes[k]; k--) {
			uint64_t id = f->handshakes[k];

			f->handshakes[k] = f->handshakes[k - 1];
			f->handshakes[k - 1] = id;
		}
}

void rank_findings(const struct case_file *cf, struct finding **out, size_t *n)
{
	struct finding *f =
		memory_get(N_CAUSES * sizeof *f); /* defaults() fills each that is used */

	*out = NULL;
	*n = 0;
	if (f == NULL)
		return;
	for (size_t i = 0; i < N_CAUSES; i++) {
		defaults(causes[i], &f[*n]);
		f[*n].logged = cf->logged;
		if (!cause_shows(causes[i], cf, &f[*n]))
			continue;
		take_default_steps(&f[*n]);
		++*n;
	}
	share_doubt(cf, f, *n);
	for (size_t i = 0; i < *n; i++)
		doubt_words(cf, &f[i]);
	sort_weighed(cf, f, *n);
	*n = fold(f, drop_idle_words(f, *n));
	if (*n != 0)
		acquit(cf, f, *n);
	ask_for_more(cf, f, *n);
	for (size_t i = 0; i < *n; i++)
		sort_handshakes(&f[i]);
	if (*n == 0) {
		free(f);
		return;
	}
	*out = memory_resize(f, *n * sizeof *f);
	if (*out == NULL)
		*out = f;
}

int rank_compare_servers(const struct server_result *a, const struct server_result *b)
{
	if (a->n_findings == 0 || b->n_findings == 0)
		return (a->n_findings == 0) - (b->n_findings == 0);
	if (a->findings[0].severity != b->findings[0].severity)
		return (int)a->findings[0].severity - (int)b->findings[0].severity;
	return (int)b->findings[0].confidence - (int)a->findings[0].confidence;
}
