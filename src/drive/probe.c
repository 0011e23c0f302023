/*
 * An attempt is a connection of its own; what it leads through (proxy, STARTTLS) is walked anew
 * each time.
 */
#include "drive/probe.h"

#include "base/secret.h"
#include "drive/proxy.h"

#include <stdio.h>

enum { PROBE_BYTES = 8 << 20 };

struct line *probe_call(
	struct probe *p, const struct target *proxy, int connect_ms, struct probe_attempt *a)
{
	struct line *l = line_open(proxy != NULL ? proxy : &p->target, p->tape, connect_ms);

	if (l == NULL)
		return NULL;
	a->connect_ms = line_elapsed_ms(l);
	a->line = line_state(l);
	a->client = line_end(l, 0);
	a->server = line_end(l, 1);
	(void)snprintf(a->error, sizeof a->error, "%s", line_error(l));
	(void)snprintf(a->passed, sizeof a->passed, "%s", line_passed(l));
	return l;
}

bool probe_lead(const struct probe *p, struct line *l, const struct target *proxy,
	enum starttls starttls, int timeout_ms, struct probe_attempt *a)
{
	bool ok = true;

	a->talked = proxy != NULL || starttls != STARTTLS_NONE;
	if (proxy != NULL)
		ok = proxy_connect(l, &p->target, timeout_ms, &a->before);
	if (ok && starttls != STARTTLS_NONE)
		ok = starttls_begin(l, starttls, p->target.host, timeout_ms, &a->before);
	return ok;
}

static void take_attempt(const struct probe_options *o, struct probe *p, struct client *c)
{
	struct probe_attempt *a = &p->attempt[p->n_attempts];
	struct line *l = probe_call(p, o->proxy, o->connect_ms, a);

	if (l == NULL)
		return;
	p->n_attempts++;
	if (a->line == LINE_OPEN &&
		probe_lead(p, l, o->proxy, o->starttls, o->client.timeout_ms, a)) {
		a->handshaken = true;
		(void)client_handshake(c, l, p->arena, &a->result);
		a->silent = line_state(l) == LINE_TIMEOUT;
	}
	line_close(l);
}

/* Would a further attempt tell more? Where nothing answers, it would only take its time. */
static bool worth_another(const struct probe_options *o, const struct probe_attempt *a)
{
	bool completed = a->handshaken && a->result.code == 0;

	if (completed)
		return false;
	return o->insist || (a->handshaken && !a->silent);
}

static void run_attempts(const struct probe_options *o, struct probe *p, struct client *c)
{
	unsigned most = o->attempts < PROBE_ATTEMPTS_MAX ? o->attempts : PROBE_ATTEMPTS_MAX;

	for (size_t n = 0; n < most; n++) {
		take_attempt(o, p, c);
		if (p->n_attempts == n || !worth_another(o, &p->attempt[n]))
			return;
	}
}

/* The session of the first handshake is offered in a second one. */
static void run_resumption(const struct probe_options *o, struct probe *p, struct client *c)
{
	const struct probe_attempt *last =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1] : NULL;

	if (o->client.resume && last != NULL && p->n_attempts < PROBE_ATTEMPTS_MAX &&
		last->handshaken && last->result.code == 0)
		take_attempt(o, p, c);
}

bool probe_open(struct probe *p, const struct target *t, struct err *e)
{
	*p = (struct probe){ .target = *t, .tape = tape_open(), .arena = arena_new(PROBE_BYTES) };
	if (p->tape != NULL && p->arena != NULL)
		return true;
	return err_set(e, ERR_MEMORY, 0, "out of memory");
}

bool probe_run(
	const struct probe_options *o, const struct target *t, struct probe *out, struct err *e)
{
	struct client_options co = o->client;
	struct client *c;

	if (!probe_open(out, t, e))
		return false;
	if (!target_is_address(t)) {
		co.sni = co.sni != NULL ? co.sni : out->target.host;
		co.name = co.name != NULL ? co.name : out->target.host;
	}
	if (o->no_sni)
		co.sni = NULL;
	c = client_open(&co, e);
	if (c == NULL)
		return false;
	if (o->log_keys)
		client_log_keys(c, &out->keys);
	out->by_client = true;
	run_attempts(o, out, c);
	run_resumption(o, out, c);
	client_close(c);
	return true;
}

void probe_free(struct probe *p)
{
	tape_close(p->tape);
	arena_free(p->arena);
	if (p->keys.text != NULL)
		wipe(p->keys.text, p->keys.size);
	strbuf_free(&p->keys);
}

bool probe_reached(const struct probe *p)
{
	for (size_t i = 0; i < p->n_attempts; i++)
		if (p->attempt[i].handshaken)
			return true;
	return false;
}
