/*
 * Proof is the costly step, and the only one that may run in parallel: handshakes that want it
 * wait in a batch, and those behind them wait too, so that the order is kept. The batch is bounded
 * by number and by bytes.
 */
#include "door/pipeline.h"

#include "base/memory.h"
#include "door/workers.h"
#include "session/fresh.h"
#include "session/handshake.h"
#include "session/prove.h"

#include <stdlib.h>

enum { BATCH = 64, BATCH_BYTES = 4 << 20 };

struct pipeline {
	struct pipeline_options options;
	struct bench *bench;
	struct fresh *fresh;
	struct prover *prover;
	struct workers *workers;
	struct session *session;
	struct desk *desk;
	struct handshake *batch[BATCH];
	size_t n_batch, batch_bytes;
};

static bool endpoint_fits(const struct endpoint *wanted, const struct endpoint *e)
{
	if (wanted->port != 0 && wanted->port != e->port)
		return false;
	return wanted->family == 0 ||
	       (wanted->family == e->family &&
		       memcmp(wanted->addr, e->addr, e->family == 4 ? 4 : 16) == 0);
}

static void finish(struct pipeline *p, struct handshake *hs)
{
	struct examined ex;

	desk_examine(p->desk, hs, &ex);
	if (p->options.watcher.see != NULL)
		p->options.watcher.see(p->options.watcher.ctx, &ex);
	desk_keep(p->desk, &ex);
}

static void prove_one(void *ctx, size_t i)
{
	struct pipeline *p = ctx;

	prove_handshake(p->prover, p->batch[i]);
}

void pipeline_flush(struct pipeline *p)
{
	workers_run(p->workers, p->n_batch, prove_one, p);
	prover_settle(p->prover);
	for (size_t i = 0; i < p->n_batch; i++)
		finish(p, p->batch[i]);
	p->n_batch = 0;
	p->batch_bytes = 0;
}

static bool must_flush(const struct pipeline *p)
{
	if (p->n_batch == BATCH || p->batch_bytes >= BATCH_BYTES || prover_full(p->prover))
		return true;
	return p->options.more != NULL && !p->options.more(p->options.more_ctx);
}

/* One that is to be judged. */
static void admit(void *ctx, struct handshake *hs)
{
	struct pipeline *p = ctx;
	bool wanted;

	fresh_note(p->fresh, hs);
	wanted = prover_wants(p->prover, hs);
	if (!wanted && p->n_batch == 0) {
		prove_handshake(p->prover, hs);
		finish(p, hs);
		return;
	}
	p->batch[p->n_batch++] = hs;
	p->batch_bytes += arena_used(hs->arena);
	if (must_flush(p))
		pipeline_flush(p);
}

/* A server that was asked for by name is of interest, whatever it does. */
static bool was_asked_for(const struct pipeline *p)
{
	return p->options.evidence->asked || p->options.server.family != 0 ||
	       p->options.server.port != 0;
}

static void take(void *ctx, struct handshake *hs)
{
	struct pipeline *p = ctx;

	if (!endpoint_fits(&p->options.server, &hs->side[SIDE_SERVER].address) ||
		!endpoint_fits(&p->options.client, &hs->side[SIDE_CLIENT].address))
		handshake_free(hs);
	else if (was_asked_for(p) || hs->logged)
		admit(p, hs);
	else
		bench_take(p->bench, hs);
}

struct pipeline *pipeline_open(const struct pipeline_options *o, struct err *e)
{
	struct pipeline *p = memory_new(sizeof *p);

	if (p != NULL) {
		p->options = *o;
		p->bench = bench_open((struct bench_sink){ admit, p });
		p->fresh = fresh_open();
		p->prover = prover_open(o->evidence);
		p->workers = workers_open();
		p->desk = desk_open(o->evidence, &o->diagnose);
		p->session = session_open(o->store, (struct handshake_sink){ take, p }, NULL);
		if (p->bench != NULL && p->fresh != NULL && p->prover != NULL &&
			p->workers != NULL && p->desk != NULL && p->session != NULL)
			return p;
	}
	pipeline_close(p);
	err_set(e, ERR_MEMORY, 0, "out of memory");
	return NULL;
}

/* The session gives out what is still open, and needs all the others for that. */
void pipeline_close(struct pipeline *p)
{
	if (p == NULL)
		return;
	session_close(p->session);
	bench_close(p->bench);
	for (size_t i = 0; i < p->n_batch; i++)
		handshake_free(p->batch[i]);
	if (p->desk != NULL)
		desk_close(p->desk);
	workers_close(p->workers);
	if (p->prover != NULL)
		prover_close(p->prover);
	if (p->fresh != NULL)
		fresh_close(p->fresh);
	free(p);
}

struct sink pipeline_sink(struct pipeline *p)
{
	return session_sink(p->session);
}

void pipeline_know_link(
	struct pipeline *p, const uint8_t child[static 32], const uint8_t issuer[static 32])
{
	prover_know_link(p->prover, child, issuer);
}

void pipeline_client_repeats(struct pipeline *p)
{
	fresh_client_repeats(p->fresh);
}

void pipeline_keys(struct pipeline *p, const struct session_keys *keys)
{
	session_keys(p->session, keys);
}

void pipeline_target(struct pipeline *p, const char *target)
{
	session_target(p->session, target);
}

void pipeline_tell(struct pipeline *p, const struct told *told)
{
	(void)session_tell(p->session, told); /* without it the bytes still speak */
}

void pipeline_next_input(struct pipeline *p)
{
	session_next_input(p->session);
}

void pipeline_set_deep(struct pipeline *p, double seconds)
{
	desk_set_deep(p->desk, seconds);
}

void pipeline_conclude(struct pipeline *p)
{
	bench_conclude(p->bench);
	pipeline_flush(p);
	desk_conclude(p->desk);
}

const struct desk *pipeline_desk(const struct pipeline *p)
{
	return p->desk;
}

struct session_totals pipeline_totals(const struct pipeline *p)
{
	return session_totals(p->session);
}

struct prove_totals pipeline_proved(const struct pipeline *p)
{
	return prover_totals(p->prover);
}

struct unmade pipeline_unmade(const struct pipeline *p)
{
	return bench_unmade(p->bench);
}
