/* What the desk makes of all that it has kept: forensics, what parts the failed from the completed, causes. */
#include "diagnose/desk.h"

#include "base/array.h"
#include "diagnose/accepted.h"
#include "diagnose/configured.h"
#include "diagnose/contrast.h"
#include "diagnose/rank.h"

#include <stdlib.h>

/* Forensics are for handshakes with a bad signature or point, and for repeated nonces. */
static bool needs_autopsy(const struct examined *ex)
{
	static const enum check_id telling[] = { CHECK_ske_signature, CHECK_ske_point_on_curve,
		CHECK_certificate_verify_signature, CHECK_cke_point_on_curve, CHECK_nonce_fresh };

	for (size_t i = 0; i < COUNT(telling); i++)
		if (ex->answers[telling[i]].status == FAIL)
			return true;
	return false;
}

struct everyone {
	const struct handshake **hs;
	size_t n;
};

static struct everyone gather(const struct desk *d)
{
	struct everyone all = { NULL, 0 };
	size_t n = 0;

	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		n += s->file.n_kept;
	all.hs = memory_zeroed(n != 0 ? n : 1, sizeof(struct handshake *));
	if (all.hs == NULL)
		return all;
	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		for (size_t i = 0; i < s->file.n_kept; i++)
			all.hs[all.n++] = s->file.kept[i]->hs;
	return all;
}

/* The jobs of one server; none when there is no memory for them. */
static struct autopsy_case case_of(struct server *s)
{
	struct case_file *cf = &s->file;
	struct autopsy_case c = { .server_signer = &cf->signer,
		.client_signer = &cf->client_signer };
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		n += needs_autopsy(cf->kept[i]);
	c.jobs = n != 0 ? memory_zeroed(n, sizeof *c.jobs) : NULL;
	for (size_t i = 0; i < cf->n_kept && c.jobs != NULL; i++)
		if (needs_autopsy(cf->kept[i]))
			c.jobs[c.n_jobs++] =
				(struct autopsy_job){ cf->kept[i]->hs, &cf->kept[i]->autopsy };
	return c;
}

static void autopsies(struct desk *d)
{
	struct everyone others = gather(d);
	struct autopsy_case *cases = memory_zeroed(HASH_COUNT(d->servers) + 1, sizeof *cases);
	struct autopsy_totals totals = { 0 };
	size_t n = 0;

	for (struct server *s = d->servers; s != NULL && cases != NULL; s = s->hh.next) {
		cases[n] = case_of(s);
		n += cases[n].n_jobs != 0;
	}
	if (n != 0)
		autopsies_run(cases, n, others.hs, others.n, d->evidence, d->options.deep_seconds,
			&totals);
	d->summary.autopsies_cut = totals.cut;
	while (n-- > 0)
		free(cases[n].jobs);
	free(cases);
	free(others.hs);
}

static int by_id(const void *a, const void *b)
{
	const struct examined *const *x = a, *const *y = b;

	return ((*x)->hs->id > (*y)->hs->id) - ((*x)->hs->id < (*y)->hs->id);
}

static int worst_first(const void *a, const void *b)
{
	const struct server_result *const *x = a, *const *y = b;
	int rank = rank_compare_servers(*x, *y);
	uint64_t fx, fy;

	if (rank != 0)
		return rank;
	fx = (*x)->file->n_kept != 0 ? (*x)->file->kept[0]->hs->id : UINT64_MAX;
	fy = (*y)->file->n_kept != 0 ? (*y)->file->kept[0]->hs->id : UINT64_MAX;
	return (fx > fy) - (fx < fy);
}

static void judge_expectations(struct desk *d, struct server *s)
{
	const struct diagnose_options *o = &d->options;

	if (o->n_expectations == 0)
		return;
	s->result.expected = memory_zeroed(o->n_expectations, sizeof *s->result.expected);
	if (s->result.expected == NULL)
		return;
	s->result.n_expected = o->n_expectations;
	for (size_t i = 0; i < o->n_expectations; i++) {
		expect_judge(&o->expectations[i], &s->file, &s->result.expected[i]);
		d->summary.unmet += s->result.expected[i].status != PASS;
	}
}

/* A handshake of its got somewhere: it is more than a port that somebody has tried. */
static bool was_spoken_to(const struct server *s)
{
	if (s->file.n_completed != 0)
		return true;
	for (size_t i = 0; i < s->file.n_kept; i++)
		if (s->file.kept[i]->hs->client_hello.seen)
			return true;
	return false;
}

/* What beside real handshakes with others may be of no interest. */
static void find_bystanders(struct desk *d)
{
	size_t spoken = 0;

	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		spoken += was_spoken_to(s);
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		s->file.bystander = !d->evidence->asked && spoken > (size_t)was_spoken_to(s);
}

static void conclude_server(struct desk *d, struct server *s)
{
	struct case_file *cf = &s->file;

	cf->arena = d->arena;
	cf->n_open_ends = open_ends_count(&s->ends);
	s->result.file = cf;
	cf->configured = configured_find(cf);
	contrast_keep(cf);
	rank_findings(cf, &s->result.findings, &s->result.n_findings);
	for (size_t i = 0; i < s->result.n_findings; i++) {
		d->summary.errors += s->result.findings[i].severity == SEVERITY_ERROR;
		d->summary.warnings += s->result.findings[i].severity == SEVERITY_WARNING;
	}
	judge_expectations(d, s);
	d->results[d->n_results++] = &s->result;
}

static void conclude_nothing(struct desk *d)
{
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		s->result.n_findings = s->result.n_expected = s->file.n_contrasts = 0;
	d->summary.errors = d->summary.warnings = d->summary.unmet = 0;
}

/* What all servers' handshakes tell about one another. */
static void compare_all(struct desk *d)
{
	struct examined **all;
	size_t n = 0;

	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		n += s->file.n_kept;
	if ((all = memory_zeroed(n + 1, sizeof *all)) == NULL)
		return;
	n = 0;
	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		for (size_t i = 0; i < s->file.n_kept; i++)
			all[n++] = s->file.kept[i];
	accepted_note(all, n);
	free(all);
}

static int by_address(const void *a, const void *b)
{
	const struct server *const *x = a, *const *y = b;
	const struct endpoint *p = &(*x)->file.server, *q = &(*y)->file.server;

	if (p->family != q->family)
		return p->family < q->family ? -1 : 1;
	if (p->port != q->port)
		return p->port < q->port ? -1 : 1;
	return memcmp(p->addr, q->addr, p->family == 6 ? 16 : 4);
}

/* Rings of those that share an address; without memory for it everyone stays alone. */
static void join_neighbours(struct desk *d)
{
	struct server **all = memory_zeroed(HASH_COUNT(d->servers) + 1, sizeof(struct server *));
	size_t n = 0, first = 0;

	if (all == NULL)
		return;
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		if (s->file.server.family != 0)
			all[n++] = s;
	qsort(all, n, sizeof(struct server *), by_address);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && by_address(&all[first], &all[i]) == 0)
			continue;
		for (size_t k = first; i - first > 1 && k < i; k++)
			all[k]->file.beside = &all[k + 1 < i ? k + 1 : first]->file;
		first = i;
	}
	free(all);
}

void desk_set_deep(struct desk *d, double seconds)
{
	d->options.deep_seconds = seconds;
}

void desk_conclude(struct desk *d)
{
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		if (s->file.n_kept != 0)
			qsort(s->file.kept, s->file.n_kept, sizeof(struct examined *), by_id);
	compare_all(d);
	join_neighbours(d);
	find_bystanders(d);
	autopsies(d);
	d->results = memory_zeroed(HASH_COUNT(d->servers) + 1, sizeof(struct server_result *));
	for (struct server *s = d->servers; d->results != NULL && s != NULL; s = s->hh.next)
		conclude_server(d, s);
	if (d->results != NULL)
		qsort(d->results, d->n_results, sizeof(struct server_result *), worst_first);
	if (d->results == NULL || desk_memory_ran_out(d))
		conclude_nothing(d);
}
