/*
 * An attempt is a connection of its own; what it leads through (proxy, STARTTLS) is walked anew
 * each time.
 */
#include "drive/probe.h"

#include "base/array.h"
#include "base/memory.h"
#include "base/secret.h"
#include "crypto/library.h"
#include "drive/proxy.h"

#include <stdio.h>
#include <stdlib.h>

enum { TLS12 = 0x0303, TLS13 = 0x0304 };

struct line *probe_call(
	struct probe *p, const struct probe_way *way, int whole_ms, struct probe_attempt *a)
{
	struct line *l = line_open(way->proxy != NULL ? way->proxy : &p->target, p->tape,
		&(struct line_limits){ .connect_ms = way->connect_ms, .whole_ms = whole_ms });

	p->starved = l == NULL || line_state(l) == LINE_STARVED;
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

bool probe_lead(const struct probe *p, struct line *l, const struct probe_way *way, int timeout_ms,
	struct probe_attempt *a)
{
	bool ok = true;

	a->talked = way->proxy != NULL || way->starttls != STARTTLS_NONE;
	if (way->proxy != NULL)
		ok = proxy_connect(l, &p->target, timeout_ms, &a->before);
	if (ok && way->starttls != STARTTLS_NONE)
		ok = starttls_begin(l, way->starttls, p->target.host, timeout_ms, &a->before);
	if (ok && a->talked)
		a->before.surplus += line_drop_ahead(l);
	return ok;
}

/* Returns the ms it took. */
static double attempt_once(
	const struct probe_options *o, struct probe *p, struct client *c, int whole_ms)
{
	struct probe_attempt *a = &p->attempt[p->n_attempts];
	struct line *l = probe_call(p, &o->way, whole_ms, a);
	double ms;

	if (l == NULL)
		return 0;
	p->n_attempts++;
	if (a->line == LINE_OPEN && probe_lead(p, l, &o->way, o->client.timeout_ms, a)) {
		a->handshaken = true;
		if (o->client.own)
			(void)client_talk(c, l, p->arena, &a->result);
		else
			(void)client_handshake(c, l, p->arena, &a->result);
		a->silent = line_state(l) == LINE_TIMEOUT || line_state(l) == LINE_OVERDUE;
		p->starved = a->result.self_failed && library_lacked_memory(a->result.code);
	}
	ms = line_elapsed_ms(l);
	line_close(l);
	return ms;
}

/* The same, recorded on a tape of its own; NULL: there is no memory, and nothing was done. */
static double attempt_apart(const struct probe_options *o, struct probe *p, struct client *c,
	int whole_ms, struct tape **own)
{
	struct tape *all = p->tape;
	double ms;

	*own = tape_open();
	if (*own == NULL)
		return 0;
	tape_limit(*own, p->tape_bytes);
	p->tape = *own;
	ms = attempt_once(o, p, c, whole_ms);
	p->tape = all;
	return ms;
}

/*
 * What the library refused of its own offer says nothing of the server: it is asked again without. When
 * that comes to nothing either, the first attempt is the one that tells.
 */
static double go_round(const struct probe_options *o, struct probe *p, struct client *c,
	int whole_ms, struct tape **own)
{
	struct probe_attempt *a = &p->attempt[p->n_attempts - 1], first = *a;
	size_t n = p->n_attempts;
	struct tape *again;
	double ms;

	*a = (struct probe_attempt){ .line = LINE_OPEN };
	p->n_attempts--;
	client_avoid_pss(c);
	ms = attempt_apart(o, p, c, whole_ms, &again);
	client_offer_pss(c);
	if (p->n_attempts == n && a->handshaken && a->result.completed) {
		tape_close(*own);
		*own = again;
	} else {
		*a = first;
		p->n_attempts = n;
		tape_close(again);
	}
	return ms;
}

static double take_attempt(
	const struct probe_options *o, struct probe *p, struct client *c, int whole_ms)
{
	size_t before = p->n_attempts;
	struct tape *own;
	double ms;

	if (o->client.own || !client_may_refuse_pss(c))
		return attempt_once(o, p, c, whole_ms);
	ms = attempt_apart(o, p, c, whole_ms, &own);
	if (own == NULL)
		return 0;
	if (p->n_attempts != before && p->attempt[before].result.pss_refused && ms < whole_ms)
		ms += go_round(o, p, c, whole_ms - (int)ms, &own);
	tape_append(p->tape, own);
	tape_close(own);
	return ms;
}

/* Would a further attempt tell more? Where nothing answers, or without an end, it would only take its
 * time. */
static bool worth_another(const struct probe_options *o, const struct probe *p)
{
	const struct probe_attempt *a = &p->attempt[p->n_attempts - 1];
	bool completed = a->handshaken && (a->result.completed || a->result.beyond);

	if (p->starved || tape_failed(p->tape))
		return false;
	if (o->repeat)
		return a->line == LINE_OPEN;
	return !completed &&
	       (o->insist || (a->handshaken && !a->silent && a->result.heard.cut == CUT_NONE));
}

/* Until so many were made. False: another would tell nothing more, or there is no time for it. */
static bool run_attempts(const struct probe_options *o, struct probe *p, struct client *c,
	unsigned most, double *left_ms)
{
	for (size_t n = p->n_attempts; n < most; n++) {
		int whole_ms = o->insist || o->repeat ? o->way.deadline_ms : (int)*left_ms;
		double took_ms = take_attempt(o, p, c, whole_ms);

		*left_ms -= took_ms;
		if (p->n_attempts == n || !worth_another(o, p) ||
			(!o->insist && !o->repeat && *left_ms < 2 * took_ms))
			return false;
	}
	return true;
}

/* The session of the first handshake is offered in a second one. */
static void run_resumption(const struct probe_options *o, struct probe *p, struct client *c)
{
	const struct probe_attempt *last =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1] : NULL;

	if (o->client.resume && last != NULL && last->handshaken && last->result.completed &&
		p->n_attempts < p->size && !tape_failed(p->tape))
		(void)take_attempt(o, p, c, o->way.deadline_ms);
}

bool probe_open(
	struct probe *p, const struct target *t, unsigned attempts, size_t bytes, struct err *e)
{
	if (bytes == 0 || bytes > PROBE_BYTES_MAX)
		bytes = PROBE_BYTES_MAX;
	*p = (struct probe){
		.target = *t, .tape = tape_open(), .size = attempts, .arena = arena_new(bytes / 4)
	};
	p->attempt = memory_zeroed(attempts + 1, sizeof *p->attempt);
	if (p->tape == NULL || p->arena == NULL || p->attempt == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	/* Growing it takes the old half and the new one for a moment. */
	p->tape_bytes = bytes / 2;
	tape_limit(p->tape, p->tape_bytes);
	return true;
}

/* The client is opened, asked, and closed again. *more: is another attempt worth while? */
static bool ask(const struct probe_options *o, struct probe *p, unsigned most, double *left_ms,
	bool *more, struct err *e)
{
	struct client *c = client_open(&o->client, e);

	if (c == NULL)
		return false;
	client_log_keys(c, &p->keys);
	*more = run_attempts(o, p, c, most, left_ms);
	run_resumption(o, p, c);
	client_close(c);
	return true;
}

/* Can mbedTLS tell more than our own client did? Not where the server speaks what it does not. */
static bool worth_mbedtls(const struct probe_options *o, const struct probe *p)
{
	const struct client_result *r =
		p->n_attempts != 0 ? &p->attempt[p->n_attempts - 1].result : NULL;

	return r == NULL || !r->tls13 || client_highest() >= TLS13 || o->clients == PROBE_BOTH;
}

/* Did the server answer our own hello, and not take it? What another would get is the question then. */
static bool refused_hello(const struct probe *p)
{
	const struct probe_attempt *a = p->n_attempts != 0 ? &p->attempt[0] : NULL;
	const struct client_result *r = a != NULL ? &a->result : NULL;

	return r != NULL && a->handshaken && !a->silent && r->own && !r->chosen && !r->self_failed;
}

static bool has_lists(const struct client_options *c)
{
	return c->profile != NULL || c->build != NULL ||
	       c->n_suites + c->n_groups + c->n_schemes != 0 || c->alpn != NULL ||
	       c->max_fragment_length != 0;
}

static bool has_bounds(const struct client_options *c)
{
	return c->min_version != 0 || c->max_version != 0;
}

/* One kind of what was asked for is left out, so that nothing else parts the two hellos: the lists; where there
 * are none, the versions; the want of a name. It says which; NULL: nothing was asked for. */
static const char *offer_more(struct client_options *c, const struct target *t)
{
	const bool nameless = c->sni == NULL && !target_is_address(t);

	if (has_lists(c)) {
		c->profile = NULL;
		c->build = NULL;
		c->n_suites = c->n_groups = c->n_schemes = 0;
		c->alpn = NULL;
		c->max_fragment_length = 0;
		return "with all cipher suites, groups and schemes on offer";
	}
	if (has_bounds(c)) {
		c->min_version = c->max_version = 0;
		return "with every version on offer";
	}
	if (nameless) {
		c->sni = t->host;
		return "with the server's name";
	}
	return NULL;
}

/* What nearly every server of the last fifteen years takes, without a name. */
static const char *offer_little(struct client_options *c)
{
	static const uint16_t suites[] = { 0xc02b, 0xc02f, 0xc009, 0xc013, 0x009c, 0x002f };
	static const uint16_t groups[] = { 0x0017, 0x0018 };
	static const uint16_t schemes[] = { 0x0403, 0x0401, 0x0804, 0x0501, 0x0201 };

	c->suites = suites;
	c->n_suites = COUNT(suites);
	c->groups = groups;
	c->n_groups = COUNT(groups);
	c->schemes = schemes;
	c->n_schemes = COUNT(schemes);
	c->max_version = TLS12;
	c->sni = NULL;
	return "with a small ClientHello of TLS 1.2, without a name";
}

/* One attempt more, which is only kept if it completes: what becomes of another hello else is nobody's question. */
static void attempt_if_well(const struct probe_options *o, struct probe *p, struct client *c,
	double *left_ms, const char *otherwise)
{
	const size_t n = p->n_attempts;
	struct tape *own;

	*left_ms -= attempt_apart(o, p, c, (int)*left_ms, &own);
	if (own == NULL)
		return;
	if (p->n_attempts > n && p->attempt[n].handshaken && p->attempt[n].result.completed) {
		tape_append(p->tape, own);
		p->attempt[n].otherwise = otherwise;
	} else {
		p->attempt[n] = (struct probe_attempt){ .line = LINE_OPEN };
		p->n_attempts = n;
	}
	tape_close(own);
}

/* A hello that was refused, beside one that gets through, names its fault: more than was asked for, or, where all
 * was offered that we have, little. */
static bool ask_otherwise(
	const struct probe_options *o, struct probe *p, double *left_ms, struct err *e)
{
	struct probe_options other = *o;
	const char *otherwise;
	struct client *c;

	other.client.own = true;
	otherwise = offer_more(&other.client, &p->target);
	if (otherwise == NULL)
		otherwise = offer_little(&other.client);
	c = client_open(&other.client, e);
	if (c == NULL)
		return false;
	client_log_keys(c, &p->keys);
	attempt_if_well(&other, p, c, left_ms, otherwise);
	client_close(c);
	return true;
}

/* The same again: by our own client, or, beside it, mbedTLS's. */
static bool ask_again(const struct probe_options *o, struct probe *p, unsigned most,
	double *left_ms, bool *more, struct err *e)
{
	struct probe_options again = *o;

	again.client.own = o->clients == PROBE_OWN;
	if (!again.client.own && o->clients != PROBE_MBEDTLS && !worth_mbedtls(o, p))
		return true;
	/* What is asked for may be more than the library can do: that is no obstacle to our own. */
	return ask(&again, p, most, left_ms, more, e) || o->clients == PROBE_OWN_FIRST;
}

static bool ask_clients(
	const struct probe_options *o, struct probe *p, unsigned most, struct err *e)
{
	const bool as_told = o->repeat || o->client.resume;
	struct probe_options own = *o;
	double left_ms = o->way.deadline_ms;
	bool more = true, otherwise;

	own.client.own = true;
	if (o->clients == PROBE_OWN && as_told)
		return ask(&own, p, most, &left_ms, &more, e);
	if (o->clients != PROBE_MBEDTLS && !ask(&own, p, 1, &left_ms, &more, e))
		return false;
	if (o->clients == PROBE_BOTH)
		more = !p->starved && !tape_failed(p->tape);
	otherwise = more && !as_told && most > 2 && refused_hello(p);
	if (more && !ask_again(o, p, otherwise ? most - 1 : most, &left_ms, &more, e))
		return false;
	if (!more || !otherwise)
		return true;
	return ask_otherwise(o, p, &left_ms, e) &&
	       (p->n_attempts == most || ask_again(o, p, most, &left_ms, &more, e));
}

bool probe_run(
	const struct probe_options *o, const struct target *t, struct probe *out, struct err *e)
{
	unsigned most = o->attempts < PROBE_ATTEMPTS_MAX ? o->attempts : PROBE_ATTEMPTS_MAX;
	struct probe_options options = *o;
	struct client_options *co = &options.client;

	if (o->clients == PROBE_BOTH && most < 2)
		most = 2;
	if (!probe_open(out, t, most + co->resume, o->way.bytes, e))
		return false;
	if (!target_is_address(t)) {
		co->sni = co->sni != NULL ? co->sni : out->target.host;
		co->name = co->name != NULL ? co->name : out->target.host;
	}
	if (o->no_sni)
		co->sni = NULL;
	out->by_client = true;
	return ask_clients(&options, out, most, e);
}

void probe_free(struct probe *p)
{
	tape_close(p->tape);
	if (p->arena != NULL)
		arena_free(p->arena);
	free(p->attempt);
	if (p->keys.text != NULL)
		wipe(p->keys.text, p->keys.size);
	strbuf_free(&p->keys);
}

size_t probe_memory(const struct probe *p)
{
	return sizeof *p->attempt * (p->size + 1) + p->keys.size +
	       (p->tape != NULL ? tape_file(p->tape).len : 0) +
	       (p->arena != NULL ? arena_used(p->arena) : 0);
}

bool probe_reached(const struct probe *p)
{
	for (size_t i = 0; i < p->n_attempts; i++)
		if (p->attempt[i].handshaken)
			return true;
	return false;
}
