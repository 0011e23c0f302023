/*
 * The desk. Memory stays bounded whatever the input: of each server the first failed handshakes
 * and a few completed ones are kept, the rest is counted. What is kept decides nothing by itself:
 * the counts stand beside it in every case file.
 */
#include "diagnose/diagnose.h"

#include "diagnose/rank.h"
#include "diagnose/rule.h"

#include <stdlib.h>
#include <uthash.h>

enum {
	SERVERS_MAX = 16384, /* beyond it handshakes are only counted */
	KEEP_FAILED_UNDER_PRESSURE = 4,
	FINDING_BYTES = 8 << 20, /* texts of all findings */
	NOTABLE_KEPT = 16,       /* completed handshakes that show something all the same */
};

/* Making room goes on until this much is kept; the first handshake of a server may go beyond
 * KEEP_BYTES, up to the other. */
static const size_t keep_relieved = (size_t)KEEP_BYTES / 4 * 3;
static const size_t keep_most = (size_t)KEEP_BYTES / 4 * 5;

struct server_key {
	uint8_t addr[16];
	uint16_t port;
	uint8_t family, transport;
};

struct server {
	struct server_key key;
	struct case_file file;
	size_t room; /* of file.kept */
	size_t kept_failed, kept_completed, kept_notable;
	struct server_result result;
	UT_hash_handle hh;
};

struct desk {
	const struct evidence *evidence;
	struct diagnose_options options;
	struct server *servers; /* uthash, by key */
	struct arena *arena;
	size_t kept_bytes;
	bool tight; /* making room brings no relief any more */
	struct desk_summary summary;
	const struct server_result **results; /* after desk_conclude(), worst first */
	size_t n_results;
};

struct desk *desk_open(const struct evidence *ev, const struct diagnose_options *o)
{
	struct desk *d = calloc(1, sizeof *d);

	if (d == NULL || (d->arena = arena_new(FINDING_BYTES)) == NULL) {
		free(d);
		return NULL;
	}
	d->evidence = ev;
	d->options = *o;
	return d;
}

void desk_examine(struct desk *d, struct handshake *hs, struct examined *out)
{
	bool quiet = d->options.quiet && hs->outcome == OUTCOME_COMPLETED;

	out->hs = hs;
	memset(&out->autopsy, 0, sizeof out->autopsy);
	checks_run(hs, quiet, out->answers);
	if (!quiet)
		return;
	for (size_t i = 0; i < N_CHECKS; i++)
		if (out->answers[i].status == FAIL) {
			checks_run(hs, false, out->answers);
			return;
		}
}

static struct server_key key_of(const struct handshake *hs)
{
	struct server_key key;

	memset(&key, 0, sizeof key);
	memcpy(key.addr, hs->server.addr, hs->server.family == 4 ? 4 : 16);
	key.port = hs->server.port;
	key.family = hs->server.family;
	key.transport = (uint8_t)hs->transport;
	return key;
}

static struct server *server_of(struct desk *d, const struct handshake *hs)
{
	struct server_key key = key_of(hs);
	struct server *s;

	HASH_FIND(hh, d->servers, &key, sizeof key, s);
	if (s != NULL || HASH_COUNT(d->servers) >= SERVERS_MAX)
		return s;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->key = key;
	s->file.server = hs->server;
	s->file.evidence = d->evidence;
	HASH_ADD(hh, d->servers, key, sizeof s->key, s);
	return s;
}

static size_t weight(const struct examined *ex)
{
	return sizeof *ex + sizeof *ex->hs + arena_used(ex->hs->arena);
}

static bool completed(const struct examined *ex)
{
	return ex->hs->outcome == OUTCOME_COMPLETED;
}

/* A completed handshake with something to tell: a failed check. */
static bool notable(const struct examined *ex)
{
	for (size_t i = 0; i < N_CHECKS; i++)
		if (ex->answers[i].status == FAIL)
			return true;
	return false;
}

static void drop(struct desk *d, struct server *s, size_t i)
{
	struct examined *ex = s->file.kept[i];

	d->kept_bytes -= weight(ex);
	if (!completed(ex))
		s->kept_failed--;
	else if (notable(ex))
		s->kept_notable--;
	else
		s->kept_completed--;
	handshake_free(ex->hs);
	free(ex);
	memmove(&s->file.kept[i], &s->file.kept[i + 1],
		(s->file.n_kept - i - 1) * sizeof(struct examined *));
	s->file.n_kept--;
	s->result.n_dropped++;
}

/* Gives up completed handshakes first, then the failed ones of servers that have many. */
static void make_room(struct desk *d)
{
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		for (size_t i = s->file.n_kept; i-- > 0;)
			if (completed(s->file.kept[i]) && !notable(s->file.kept[i]) &&
				s->kept_completed > 1)
				drop(d, s, i);
	if (d->kept_bytes < keep_relieved)
		return;
	for (struct server *s = d->servers; s != NULL; s = s->hh.next)
		for (size_t i = s->file.n_kept;
			i-- > 0 && s->kept_failed > KEEP_FAILED_UNDER_PRESSURE;)
			if (!completed(s->file.kept[i]))
				drop(d, s, i);
}

static bool wanted(struct desk *d, const struct server *s, const struct examined *ex)
{
	size_t have = s->kept_failed, most = KEEP_FAILED;

	if (completed(ex)) {
		have = notable(ex) ? s->kept_notable : s->kept_completed;
		most = notable(ex) ? NOTABLE_KEPT : KEEP_COMPLETED;
	}
	if (have >= most)
		return false;
	if (d->kept_bytes + weight(ex) > KEEP_BYTES && !d->tight) {
		make_room(d);
		d->tight = d->kept_bytes > keep_relieved;
	}
	if (d->kept_bytes + weight(ex) <= KEEP_BYTES)
		return true;
	return s->file.n_kept == 0 && d->kept_bytes <= keep_most;
}

static bool keep(struct desk *d, struct server *s, const struct examined *ex)
{
	struct examined *copy;

	if (s->file.n_kept == s->room) {
		size_t room = s->room != 0 ? 2 * s->room : 4;
		struct examined **more = realloc(s->file.kept, room * sizeof(struct examined *));

		if (more == NULL)
			return false;
		s->file.kept = more;
		s->room = room;
	}
	copy = malloc(sizeof *copy);
	if (copy == NULL)
		return false;
	*copy = *ex;
	s->file.kept[s->file.n_kept++] = copy;
	if (!completed(ex))
		s->kept_failed++;
	else if (notable(ex))
		s->kept_notable++;
	else
		s->kept_completed++;
	d->kept_bytes += weight(ex);
	return true;
}

void desk_keep(struct desk *d, struct examined *ex)
{
	struct server *s = server_of(d, ex->hs);
	uint64_t *count[] = {
		[OUTCOME_COMPLETED] = &d->summary.completed,
		[OUTCOME_FAILED] = &d->summary.failed,
		[OUTCOME_INCOMPLETE] = &d->summary.incomplete,
	};

	d->summary.handshakes++;
	++*count[ex->hs->outcome];
	if (s != NULL) {
		s->file.n_completed += ex->hs->outcome == OUTCOME_COMPLETED;
		s->file.n_failed += ex->hs->outcome == OUTCOME_FAILED;
		s->file.n_incomplete += ex->hs->outcome == OUTCOME_INCOMPLETE;
		if (wanted(d, s, ex) && keep(d, s, ex))
			return;
		s->result.n_dropped++;
	}
	handshake_free(ex->hs);
	ex->hs = NULL;
}

/* Forensics are for handshakes with a bad signature or point, and for repeated nonces. */
static bool needs_autopsy(const struct examined *ex)
{
	static const enum check_id telling[] = { CHECK_ske_signature, CHECK_ske_point_on_curve,
		CHECK_certificate_verify_signature, CHECK_cke_point_on_curve, CHECK_nonce_fresh };

	for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
		if (ex->answers[telling[i]].status == FAIL)
			return true;
	return false;
}

struct everyone {
	const struct handshake **hs;
	size_t n;
};

static void autopsies(struct desk *d, struct server *s, const struct everyone *others)
{
	struct case_file *cf = &s->file;
	struct autopsy_job *jobs = calloc(cf->n_kept != 0 ? cf->n_kept : 1, sizeof *jobs);
	size_t n = 0;

	if (jobs == NULL)
		return;
	for (size_t i = 0; i < cf->n_kept; i++)
		if (needs_autopsy(cf->kept[i]))
			jobs[n++] = (struct autopsy_job){ cf->kept[i]->hs, &cf->kept[i]->autopsy };
	if (n != 0)
		autopsy_run(jobs, n, others->hs, others->n, d->evidence, d->options.deep_seconds,
			&cf->signer, &cf->client_signer);
	free(jobs);
}

static struct everyone gather(const struct desk *d)
{
	struct everyone all = { NULL, 0 };
	size_t n = 0;

	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		n += s->file.n_kept;
	all.hs = calloc(n != 0 ? n : 1, sizeof(struct handshake *));
	if (all.hs == NULL)
		return all;
	for (const struct server *s = d->servers; s != NULL; s = s->hh.next)
		for (size_t i = 0; i < s->file.n_kept; i++)
			all.hs[all.n++] = s->file.kept[i]->hs;
	return all;
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

static void conclude_server(struct desk *d, struct server *s, const struct everyone *others)
{
	struct case_file *cf = &s->file;

	qsort(cf->kept, cf->n_kept, sizeof(struct examined *), by_id);
	cf->arena = d->arena;
	cf->only_server = HASH_COUNT(d->servers) == 1;
	autopsies(d, s, others);
	s->result.file = cf;
	rank_findings(cf, &s->result.findings, &s->result.n_findings);
	for (size_t i = 0; i < s->result.n_findings; i++) {
		d->summary.errors += s->result.findings[i].severity == SEVERITY_ERROR;
		d->summary.warnings += s->result.findings[i].severity == SEVERITY_WARNING;
	}
	d->results[d->n_results++] = &s->result;
}

void desk_conclude(struct desk *d)
{
	struct everyone others = gather(d);

	d->results = calloc(HASH_COUNT(d->servers) + 1, sizeof(struct server_result *));
	if (d->results != NULL) {
		for (struct server *s = d->servers; s != NULL; s = s->hh.next)
			conclude_server(d, s, &others);
		qsort(d->results, d->n_results, sizeof(struct server_result *), worst_first);
	}
	free(others.hs);
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
		for (size_t i = 0; i < s->file.n_kept; i++) {
			handshake_free(s->file.kept[i]->hs);
			free(s->file.kept[i]);
		}
		free(s->file.kept);
		free(s->result.findings);
		free(s);
	}
	free(d->results);
	arena_free(d->arena);
	free(d);
}
