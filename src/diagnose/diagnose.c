/*
 * The desk. Memory stays bounded whatever the input: of each server the first failed handshakes
 * and a few completed ones are kept, the rest is counted. What is kept decides nothing by itself:
 * the counts stand beside it in every case file.
 */
#include "diagnose/diagnose.h"

#include "base/array.h"
#include "base/table.h"
#include "diagnose/accepted.h"
#include "diagnose/contrast.h"
#include "diagnose/heed.h"
#include "diagnose/identity.h"
#include "diagnose/rank.h"
#include "diagnose/rule.h"

#include <stdlib.h>
#include <utlist.h>

enum {
	SERVERS_MAX = 16384,     /* listed; beyond it the less telling ones are only counted */
	FINDING_BYTES = 8 << 20, /* texts of all findings */
};

/*
 * The most handshakes kept of one server: those that failed or are incomplete, those that completed
 * and show something all the same, and other completed ones. Whenever the room for all servers is
 * used up, the share of each becomes the next one.
 */
enum part { PART_FAILED, PART_NOTABLE, PART_COMPLETED, N_PARTS };

struct share {
	size_t of[N_PARTS];
};

static const struct share shares[] = { { { KEEP_FAILED, 16, KEEP_COMPLETED } },
	{ { KEEP_FAILED, 16, 1 } }, { { KEEP_FAILED, 16, 1 } }, { { 16, 8, 1 } }, { { 8, 4, 1 } },
	{ { 4, 2, 1 } }, { { 2, 1, 0 } }, { { 1, 1, 0 } } };

enum {
	SHARES = COUNT(shares),
	PRESSES_COMPLETED = 1, /* the last one that a completed handshake brings about */
	HEALTHY_NONE = 2,      /* from here on of a server with nothing wrong none is kept */
};

/* What is known against a server. The less there is, the sooner it gives way to another. */
enum ill { ILL_NOTHING, ILL_PERHAPS, ILL_FAILED, N_ILL };

struct server {
	struct identity key;
	struct case_file file;
	size_t room; /* of file.kept */
	struct share kept;
	struct server_result result;
	enum ill ill;
	struct server *prev, *next; /* among those of its kind, by the time they became so */
	UT_hash_handle hh;
};

struct desk {
	const struct evidence *evidence;
	struct diagnose_options options;
	struct server *servers; /* uthash, by key */
	struct housing *housings;
	uint64_t numbered; /* servers that ever had a number */
	struct server *by_ill[N_ILL];
	struct arena *arena;
	size_t kept_bytes;
	size_t pressure; /* which of the shares holds now */
	struct desk_summary summary;
	const struct server_result **results; /* after desk_conclude(), worst first */
	size_t n_results;
};

struct desk *desk_open(const struct evidence *ev, const struct diagnose_options *o)
{
	struct desk *d = memory_zeroed(1, sizeof *d);

	if (d == NULL || (d->arena = arena_new(FINDING_BYTES)) == NULL) {
		free(d);
		return NULL;
	}
	d->evidence = ev;
	d->options = *o;
	return d;
}

bool desk_memory_ran_out(const struct desk *d)
{
	return memory_failures() != d->options.memory_failures;
}

static void withhold(struct examined *ex)
{
	static char why[] = "this machine failed: it ran out of memory, or its library erred";

	if (ex->hs->outcome == OUTCOME_FAILED)
		ex->hs->outcome = OUTCOME_INCOMPLETE;
	for (size_t i = 0; i < N_CHECKS; i++)
		if (ex->answers[i].status != NOT_APPLICABLE)
			ex->answers[i] = (struct answer){ .status = UNKNOWN, .message = why };
}

static void ask(const struct handshake *hs, bool quiet, struct answer answers[static N_CHECKS])
{
	checks_run(hs, quiet, answers);
	answers_heed(hs, answers);
}

static size_t weight(const struct examined *ex)
{
	return sizeof *ex + arena_used(ex->hs->arena);
}

static bool answered(const struct examined *ex, enum status status)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		if (ex->answers[i].status == status)
			return true;
	return false;
}

/* The part of a share that the handshake counts against. */
static enum part part_of(const struct examined *ex)
{
	if (ex->hs->outcome != OUTCOME_COMPLETED)
		return PART_FAILED;
	return answered(ex, FAIL) ? PART_NOTABLE : PART_COMPLETED;
}

static bool fits(const struct share *kept, const struct share *most, const struct examined *ex)
{
	enum part part = part_of(ex);

	return kept->of[part] < most->of[part];
}

static void count_dropped(struct desk *d, struct server *s, const struct examined *ex)
{
	s->result.n_dropped++;
	d->summary.not_judged += part_of(ex) != PART_COMPLETED;
}

/* Keeps the first handshakes of each kind. */
static void cut_to_share(struct desk *d, struct server *s, struct share most)
{
	size_t n = s->file.n_kept;

	s->kept = (struct share){ 0 };
	s->file.n_kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct examined *ex = s->file.kept[i];

		if (fits(&s->kept, &most, ex)) {
			s->kept.of[part_of(ex)]++;
			s->file.kept[s->file.n_kept++] = ex;
			continue;
		}
		d->kept_bytes -= weight(ex);
		count_dropped(d, s, ex);
		handshake_free(ex->hs);
		free(ex);
	}
}

/* ---- which servers are listed ---- */

static enum ill ill_of(const struct examined *ex)
{
	static const enum ill ills[N_PARTS] = {
		[PART_FAILED] = ILL_FAILED,
		[PART_NOTABLE] = ILL_PERHAPS,
		[PART_COMPLETED] = ILL_NOTHING,
	};

	return ex->hs->outcome == OUTCOME_INCOMPLETE ? ILL_PERHAPS : ills[part_of(ex)];
}

static void note_ill(struct desk *d, struct server *s, enum ill ill)
{
	if (ill <= s->ill)
		return;
	DL_DELETE(d->by_ill[s->ill], s);
	s->ill = ill;
	DL_APPEND(d->by_ill[s->ill], s);
}

static void count_unlisted(struct desk *d, uint64_t completed, uint64_t failed, uint64_t incomplete)
{
	d->summary.unlisted += completed + failed + incomplete;
	d->summary.unlisted_failed += failed + incomplete;
}

static void server_free(struct server *s)
{
	for (size_t i = 0; i < s->file.n_kept; i++) {
		handshake_free(s->file.kept[i]->hs);
		free(s->file.kept[i]);
	}
	free(s->file.kept);
	free(s->file.contrasts);
	free(s->result.findings);
	free(s->result.expected);
	free(s);
}

/* The end of a server that is in the table no more: it is only counted. */
static void unlist(struct desk *d, struct server *s)
{
	for (size_t i = 0; i < s->file.n_kept; i++)
		d->kept_bytes -= weight(s->file.kept[i]);
	count_unlisted(d, s->file.n_completed, s->file.n_failed, s->file.n_incomplete);
	DL_DELETE(d->by_ill[s->ill], s);
	housing_remove(&d->housings, &s->key);
	server_free(s);
}

/* Makes room for a server of which more is known than of another; the oldest of the least goes. */
static bool give_way(struct desk *d, enum ill ill)
{
	for (enum ill least = ILL_NOTHING; least < ill; least++) {
		struct server *s = d->by_ill[least];

		if (s == NULL)
			continue;
		HASH_DEL(d->servers, s);
		unlist(d, s);
		return true;
	}
	return false;
}

static struct server *known(struct desk *d, const struct identity *id)
{
	struct server *s;

	HASH_FIND(hh, d->servers, id, sizeof *id, s);
	return s;
}

static void take_identity(struct server *s, const struct identity *id)
{
	s->key = *id;
	s->file.target = id->kind == IDENTITY_TARGET ? s->key.name : NULL;
	s->file.name = id->kind == IDENTITY_NAME ? identity_name(&s->key) : bytes_of(NULL, 0);
}

/* Into the table, under that identity; false: out of memory. */
static bool list(struct desk *d, struct server *s, const struct identity *id)
{
	take_identity(s, id);
	if (!housing_add(&d->housings, id))
		return false;
	if (TABLE_ADD(d->servers, key, sizeof s->key, s))
		return true;
	housing_remove(&d->housings, id);
	return false;
}

/*
 * What had no hello, a SYN that was refused or a connection of which the beginning is missing, is with
 * the only server of its address; and such a server has the first name that is heard of.
 */
static struct server *match(struct desk *d, const struct identity *id)
{
	struct server *s = known(d, id);
	struct identity only;

	if (s != NULL || !housing_only(d->housings, id, &only) || (s = known(d, &only)) == NULL)
		return s;
	if (id->kind == IDENTITY_UNKNOWN)
		return s;
	if (only.kind != IDENTITY_UNKNOWN)
		return NULL;
	HASH_DEL(d->servers, s);
	housing_remove(&d->housings, &only);
	if (list(d, s, id))
		return s;
	unlist(d, s);
	return NULL;
}

static struct server *server_of(struct desk *d, const struct examined *ex)
{
	struct identity id;
	struct server *s;

	identity_of(ex->hs, &id);
	s = match(d, &id);
	if (s != NULL)
		return s;
	if (HASH_COUNT(d->servers) >= SERVERS_MAX && !give_way(d, ill_of(ex)))
		return NULL;
	s = memory_zeroed(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->file.server = ex->hs->side[SIDE_SERVER].address;
	s->file.evidence = d->evidence;
	s->file.logged = ex->hs->logged;
	if (!list(d, s, &id)) {
		free(s);
		return NULL;
	}
	s->file.number = ++d->numbered;
	DL_APPEND(d->by_ill[ILL_NOTHING], s);
	return s;
}

void desk_examine(struct desk *d, struct handshake *hs, struct examined *out)
{
	const struct server *s;

	out->hs = hs;
	memset(&out->autopsy, 0, sizeof out->autopsy);
	out->accepted_in = 0;
	ask(hs, d->options.quiet, out->answers);
	if (desk_memory_ran_out(d) || hs->self_failed)
		withhold(out);
	s = server_of(d, out);
	out->server = s != NULL ? s->file.number : 0;
}

static struct share share_of(const struct desk *d, const struct server *s)
{
	struct share share = shares[d->pressure];

	if (s->ill == ILL_NOTHING && d->pressure >= HEALTHY_NONE)
		share.of[PART_COMPLETED] = 0;
	/* What failed is held against what completed: where there is room, more of them tell more. */
	if (s->ill == ILL_FAILED && d->pressure == 0)
		share.of[PART_COMPLETED] = KEEP_CONTRASTED;
	return share;
}

/* What failed is never cut for the sake of one that went well. */
static size_t most_pressure(const struct examined *ex)
{
	return part_of(ex) == PART_COMPLETED ? PRESSES_COMPLETED : SHARES - 1;
}

static bool wanted(struct desk *d, struct server *s, const struct examined *ex)
{
	struct share most;

	while (d->kept_bytes + weight(ex) > KEEP_BYTES && d->pressure < most_pressure(ex)) {
		d->pressure++;
		for (struct server *each = d->servers; each != NULL; each = each->hh.next)
			cut_to_share(d, each, share_of(d, each));
	}
	most = share_of(d, s);
	return d->kept_bytes + weight(ex) <= KEEP_BYTES && fits(&s->kept, &most, ex);
}

/* Causes and reports quote what the checks say of such a handshake. */
static bool telling(const struct examined *ex)
{
	return ex->hs->outcome != OUTCOME_COMPLETED || answered(ex, FAIL) || answered(ex, WARN);
}

static bool keep(struct desk *d, struct server *s, const struct examined *ex)
{
	struct examined *copy;

	if (s->file.n_kept == s->room) {
		size_t room = s->room != 0 ? 2 * s->room : 4;
		struct examined **more =
			memory_resize(s->file.kept, room * sizeof(struct examined *));

		if (more == NULL)
			return false;
		s->file.kept = more;
		s->room = room;
	}
	copy = memory_get(sizeof *copy);
	if (copy == NULL)
		return false;
	*copy = *ex;
	if (d->options.quiet && telling(ex))
		ask(copy->hs, false, copy->answers);
	s->file.kept[s->file.n_kept++] = copy;
	s->kept.of[part_of(copy)]++;
	d->kept_bytes += weight(copy);
	return true;
}

/* The server that desk_examine() has found or added; NULL: there was no room, or it has gone. */
static struct server *examined_with(struct desk *d, const struct examined *ex)
{
	struct identity id;

	identity_of(ex->hs, &id);
	return ex->server != 0 ? match(d, &id) : NULL;
}

/* A version of which nothing is known, and a suite, count as another one. */
static void note_agreed(struct case_file *cf, const struct handshake *hs)
{
	bool first = cf->n_completed == 1;

	if (hs->outcome != OUTCOME_COMPLETED)
		return;
	if (first || hs->version < cf->version_min)
		cf->version_min = hs->version;
	if (first || hs->version > cf->version_max)
		cf->version_max = hs->version;
	cf->suites_differ |= !hs->has_suite || (!first && hs->suite_value != cf->suite);
	cf->suite = hs->suite_value;
}

void desk_keep(struct desk *d, struct examined *ex)
{
	struct server *s = examined_with(d, ex);
	uint64_t *count[] = {
		[OUTCOME_COMPLETED] = &d->summary.completed,
		[OUTCOME_FAILED] = &d->summary.failed,
		[OUTCOME_INCOMPLETE] = &d->summary.incomplete,
	};

	d->summary.handshakes++;
	++*count[ex->hs->outcome];
	if (s != NULL) {
		s->file.n_completed += ex->hs->outcome == OUTCOME_COMPLETED;
		note_agreed(&s->file, ex->hs);
		s->file.n_ambiguous += handshake_ambiguous(ex->hs);
		s->file.n_failed += ex->hs->outcome == OUTCOME_FAILED;
		s->file.n_incomplete += ex->hs->outcome == OUTCOME_INCOMPLETE;
		note_ill(d, s, ill_of(ex));
		if (!ex->hs->self_failed && wanted(d, s, ex) && keep(d, s, ex))
			return;
		count_dropped(d, s, ex);
	} else {
		count_unlisted(d, ex->hs->outcome == OUTCOME_COMPLETED,
			ex->hs->outcome == OUTCOME_FAILED, ex->hs->outcome == OUTCOME_INCOMPLETE);
	}
	handshake_free(ex->hs);
	ex->hs = NULL;
}

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

static void conclude_server(struct desk *d, struct server *s)
{
	struct case_file *cf = &s->file;

	cf->arena = d->arena;
	cf->bystander = housings_count(d->housings) > 1 && !d->evidence->asked;
	s->result.file = cf;
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

void desk_conclude(struct desk *d)
{
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		if (s->file.n_kept != 0)
			qsort(s->file.kept, s->file.n_kept, sizeof(struct examined *), by_id);
	compare_all(d);
	join_neighbours(d);
	autopsies(d);
	d->results = memory_zeroed(HASH_COUNT(d->servers) + 1, sizeof(struct server_result *));
	for (struct server *s = d->servers; d->results != NULL && s != NULL; s = s->hh.next)
		conclude_server(d, s);
	if (d->results != NULL)
		qsort(d->results, d->n_results, sizeof(struct server_result *), worst_first);
	if (d->results == NULL || desk_memory_ran_out(d))
		conclude_nothing(d);
}

size_t desk_n_servers(const struct desk *d)
{
	return d->n_results;
}

const struct server_result *desk_server(const struct desk *d, size_t i)
{
	return d->results[i];
}

struct desk_summary desk_summary(const struct desk *d)
{
	return d->summary;
}

void desk_close(struct desk *d)
{
	struct server *s, *next;

	if (d == NULL)
		return;
	HASH_ITER(hh, d->servers, s, next)
	{
		HASH_DEL(d->servers, s);
		server_free(s);
	}
	housings_free(d->housings);
	free(d->results);
	arena_free(d->arena);
	free(d);
}
