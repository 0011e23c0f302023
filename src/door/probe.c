/*
 * Live handshakes as inputs of a run: targets are probed side by side, and read in their order, each
 * as the capture of what was said.
 */
#include "drive/probe.h"

#include "base/memory.h"
#include "door/run.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum {
	CONNECT_MS = 5000,
	ANSWER_MS = 10000,
	ATTEMPTS = 3,
	JOBS = 8,
	JOBS_MAX = 64,
	HTTPS_PORT = 443,
	PROXY_PORT = 3128,
};

struct job {
	struct target target;
	struct probe probe;
	struct err err;
	bool ok, done;
};

/* Shared by the threads; the mutex guards `next` and the jobs' `done`. */
struct board {
	struct probe_options options;
	struct target proxy;
	struct job *jobs;
	size_t n_jobs, next;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
};

void tlsdiag_probe_options_init(struct tlsdiag_probe_options *o)
{
	*o = (struct tlsdiag_probe_options){ .connect_ms = CONNECT_MS,
		.timeout_ms = ANSWER_MS,
		.attempts = ATTEMPTS,
		.jobs = JOBS };
}

bool tlsdiag_target_valid(const char *target, struct tlsdiag_error *e)
{
	struct err err = { 0 };
	struct target ignored;

	return target_parse(target, HTTPS_PORT, &ignored, &err) ||
	       run_tell(e, &err, TLSDIAG_BAD_OPTION);
}

/* ---- the threads ---- */

static void *work(void *ctx)
{
	struct board *b = ctx;

	(void)pthread_mutex_lock(&b->mutex);
	while (b->next < b->n_jobs) {
		struct job *j = &b->jobs[b->next++];

		(void)pthread_mutex_unlock(&b->mutex);
		j->ok = probe_run(&b->options, &j->target, &j->probe, &j->err);
		(void)pthread_mutex_lock(&b->mutex);
		j->done = true;
		(void)pthread_cond_broadcast(&b->changed);
	}
	(void)pthread_mutex_unlock(&b->mutex);
	return NULL;
}

static void await(struct board *b, size_t i)
{
	(void)pthread_mutex_lock(&b->mutex);
	while (!b->jobs[i].done)
		(void)pthread_cond_wait(&b->changed, &b->mutex);
	(void)pthread_mutex_unlock(&b->mutex);
}

/* ---- what becomes of a probe ---- */

/* What of this machine's own ended an attempt, in one line; NULL: nothing. No word about the target. */
static const char *own_failure(const struct probe *p, struct arena *a)
{
	char where[TARGET_TEXT];

	target_text(&p->target, where);
	for (size_t i = 0; i < p->n_attempts; i++) {
		const struct client_result *r = &p->attempt[i].result;

		if (p->attempt[i].handshaken && r->self_failed)
			return arena_printf(a,
				"%s: attempt %zu ended by a failure of this machine's own (%s, "
				"-0x%04X): nothing is said of the server",
				where, i + 1,
				memory_failures() != 0 ? "out of memory" : "its TLS library",
				(unsigned)(r->code < 0 ? -r->code : r->code));
	}
	return NULL;
}

/* What keeps a target from being reached, in one line; NULL when it was. */
static const char *not_reached(const struct probe *p, bool by_proxy, struct arena *a)
{
	const struct probe_attempt *last =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1] : NULL;
	char where[TARGET_TEXT];

	if (probe_reached(p))
		return NULL;
	target_text(&p->target, where);
	if (last == NULL)
		return arena_printf(a, "%s was not tried: out of memory", where);
	if (last->line == LINE_NO_NAME)
		return arena_printf(a, "the name of %s cannot be resolved: %s (after %.0f ms)",
			by_proxy ? "the proxy" : where, last->error, last->connect_ms);
	if (last->talked) {
		char text[320];

		dialogue_result_text(&last->before, text, sizeof text);
		return arena_printf(a, "%s: no TLS: %s", where, text);
	}
	return arena_printf(a, "%s cannot be reached%s: %s (after %.0f ms)", where,
		by_proxy ? " through the proxy" : "", last->error, last->connect_ms);
}

/* Refused, unreachable, unanswered: the packets say so, and the diagnosis says it better. */
static bool shown_by_packets(const struct probe *p)
{
	const struct probe_attempt *last =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1] : NULL;

	return last != NULL && (last->line == LINE_REFUSED || last->line == LINE_UNREACHABLE ||
				       last->line == LINE_UNANSWERED);
}

/* What only the client itself knows. */
static void tell_words(struct tlsdiag *run, const struct probe *p)
{
	char library[48];
	const char *name = run->given.evidence.name;

	(void)snprintf(library, sizeof library, "mbedTLS %s", crypto_library_version());
	if (name == NULL && !target_is_address(&p->target))
		name = p->target.host;
	for (size_t i = 0; i < p->n_attempts; i++) {
		const struct probe_attempt *a = &p->attempt[i];
		const struct client_result *r = &a->result;
		struct library_word word = { library, r->code, r->state, r->got_alert, r->alert,
			r->verify_flags };
		struct told told = { .client = a->client,
			.server = a->server,
			.word = { [SIDE_CLIENT] = word },
			.chain = r->chain,
			.n_chain = r->n_chain,
			.alpn = r->alpn,
			.name = name,
			.self_failed = r->self_failed };

		if (a->handshaken)
			pipeline_tell(run->pipeline, &told);
		for (size_t k = 0; k < r->n_links; k++)
			pipeline_know_link(run->pipeline, r->links[k].child, r->links[k].issuer);
	}
}

bool run_read_probe(struct tlsdiag *run, const char *kind, const struct probe *p, bool by_proxy,
	size_t *unreached, struct err *e)
{
	char name[TARGET_TEXT];
	const char *own = p->by_client ? own_failure(p, run->given.arena) : NULL;
	const char *problem = own != NULL ? own : not_reached(p, by_proxy, run->given.arena);

	*unreached += problem != NULL;
	run->inputs.n_unread += problem != NULL;
	if (own == NULL && shown_by_packets(p))
		problem = NULL;
	run->given.evidence.asked = true;
	target_text(&p->target, name);
	if (problem == NULL && p->n_attempts != 0 && p->attempt[0].passed[0] != '\0')
		problem = arena_printf(run->given.arena,
			"the name has other addresses that do not answer: %s",
			p->attempt[0].passed);
	if (problem == NULL && tape_failed(p->tape))
		problem = "more was said than is recorded: the rest of it is not diagnosed";
	if (p->by_client)
		tell_words(run, p);
	return run_read_bytes(run, kind, name, tape_file(p->tape), problem, e);
}

static bool write_out(FILE *to, const char *what, const void *data, size_t len, struct err *e)
{
	if (to == NULL || fwrite(data, 1, len, to) == len)
		return true;
	return err_set(e, ERR_OS, errno, "cannot write %s: %s", what, strerror(errno));
}

static bool read_all(struct tlsdiag *run, const struct tlsdiag_probe_options *o, struct board *b,
	struct tape *all, size_t *unreached, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; i < b->n_jobs; i++) {
		struct job *j = &b->jobs[i];

		await(b, i); /* also after a failure: the threads use the jobs */
		if (ok && !j->ok)
			*e = j->err;
		ok = ok && j->ok &&
		     run_read_probe(run, "probe", &j->probe, o->proxy != NULL, unreached, e) &&
		     write_out(o->keylog, "the key log", strbuf_text(&j->probe.keys),
			     j->probe.keys.len, e);
		if (ok)
			tape_append(all, j->probe.tape);
		probe_free(&j->probe);
	}
	return ok;
}

static bool probe_all(struct tlsdiag *run, const struct tlsdiag_probe_options *o, struct board *b,
	size_t *unreached, struct err *e)
{
	pthread_t thread[JOBS_MAX];
	struct tape *all = tape_open();
	size_t wanted = o->jobs < 1 ? 1 : o->jobs > JOBS_MAX ? JOBS_MAX : o->jobs, n = 0;
	bool ok;

	if (all == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	if (wanted > b->n_jobs)
		wanted = b->n_jobs;
	while (wanted > 1 && n < wanted && pthread_create(&thread[n], NULL, work, b) == 0)
		n++;
	if (n == 0) /* a single one, or no thread to be had */
		(void)work(b);
	ok = read_all(run, o, b, all, unreached, e) &&
	     write_out(o->pcap, "the capture", tape_file(all).data, tape_file(all).len, e);
	for (size_t i = 0; i < n; i++)
		(void)pthread_join(thread[i], NULL);
	tape_close(all);
	return ok;
}

/* ---- the door's words in the driver's ---- */

static struct probe_options driver_options(
	const struct tlsdiag *run, const struct tlsdiag_probe_options *o)
{
	const struct evidence *ev = &run->given.evidence;

	return (struct probe_options){
		.client = { .sni = o->sni,
			.name = ev->name,
			.trust = ev->trust,
			.has_at = ev->has_at,
			.at = ev->at,
			.min_version = o->min_version,
			.max_version = o->max_version,
			.suites = o->suites,
			.groups = o->groups,
			.schemes = o->schemes,
			.n_suites = o->n_suites,
			.n_groups = o->n_groups,
			.n_schemes = o->n_schemes,
			.alpn = o->alpn,
			.max_fragment_length = o->max_fragment_length,
			.cert = o->cert,
			.key = o->key != NULL ? o->key : o->cert,
			.key_password = o->key_password,
			.psk = bytes_of(o->psk, o->psk_len),
			.psk_identity = o->psk_identity,
			.resume = o->resume,
			.timeout_ms = (int)o->timeout_ms },
		.no_sni = o->no_sni,
		.connect_ms = (int)o->connect_ms,
		.attempts = o->attempts,
		.insist = o->insist,
		.log_keys = o->keylog != NULL,
	};
}

static bool parse_targets(const struct tlsdiag_probe_options *o, const char *const *targets,
	struct board *b, struct err *e)
{
	for (size_t i = 0; i < b->n_jobs; i++) {
		if (!target_parse(targets[i], ways_port(o->starttls), &b->jobs[i].target, e))
			return false;
		b->jobs[i].target.family = o->family;
	}
	return true;
}

bool ways_parse(const char *starttls, const char *proxy, enum starttls *protocol, struct target *by,
	struct err *e)
{
	*protocol = starttls != NULL ? starttls_find(starttls) : STARTTLS_NONE;
	if (starttls != NULL && *protocol == STARTTLS_NONE)
		return err_set(e, ERR_USAGE, 0,
			"--starttls takes smtp, imap, pop3, ftp, ldap, xmpp, postgres or mysql, "
			"not '%s'",
			starttls);
	if (proxy == NULL || target_parse(proxy, PROXY_PORT, by, e))
		return true;
	return err_context(e, "--proxy");
}

uint16_t ways_port(const char *starttls)
{
	enum starttls p = starttls != NULL ? starttls_find(starttls) : STARTTLS_NONE;

	return p != STARTTLS_NONE ? starttls_port(p) : HTTPS_PORT;
}

bool tlsdiag_probe(struct tlsdiag *run, const struct tlsdiag_probe_options *o,
	const char *const *targets, size_t n_targets, size_t *unreached, struct tlsdiag_error *e)
{
	struct board b = { .options = driver_options(run, o), .n_jobs = n_targets };
	struct err err = { 0 };
	bool ok = false;

	*unreached = 0;
	b.jobs = memory_zeroed(n_targets + 1, sizeof *b.jobs);
	if (b.jobs == NULL)
		err_set(&err, ERR_MEMORY, 0, "out of memory");
	(void)pthread_mutex_init(&b.mutex, NULL);
	(void)pthread_cond_init(&b.changed, NULL);
	if (b.jobs != NULL &&
		ways_parse(o->starttls, o->proxy, &b.options.starttls, &b.proxy, &err) &&
		parse_targets(o, targets, &b, &err)) {
		b.options.proxy = o->proxy != NULL ? &b.proxy : NULL;
		ok = probe_all(run, o, &b, unreached, &err);
	}
	(void)pthread_cond_destroy(&b.changed);
	(void)pthread_mutex_destroy(&b.mutex);
	free(b.jobs);
	return ok || run_tell(e, &err, TLSDIAG_BAD_INPUT);
}
