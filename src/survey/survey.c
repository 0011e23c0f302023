/*
 * The order of the questions: TLS 1.3, the older versions, then what hangs on the connection as a whole. Where
 * two lists can be told from one answer (suites and groups of a HelloRetryRequest, groups and schemes of a
 * ServerKeyExchange), both are shortened at once, and what is left of either is asked for by itself.
 */
#include "survey/surveyor.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

enum { TLS12 = 0x0303, TLS13 = 0x0304, PROTOCOL_VERSION = 70, HANDSHAKE_FAILURE = 40 };

/* ---- versions ---- */

static bool wanted(const struct surveyor *s, uint16_t version)
{
	const struct survey_options *o = s->options;

	return version >= o->min_version && (o->max_version == 0 || version <= o->max_version);
}

static void settle_version(struct surveyor *s, struct survey_version *v)
{
	if (v->suites.n != 0) {
		v->taken = SURVEY_YES;
	} else if (!s->out->cut_short) {
		v->taken = SURVEY_NO;
		v->refusal = s->reply.outcome;
		v->alert = s->reply.alert;
	}
}

/* A server works long at these: one such flight will do. */
static bool is_over_prime(const struct survey_reply *r)
{
	const struct group *g = group_find(r->group);

	return g != NULL && g->kind == GROUP_FFDHE;
}

/*
 * Suites, groups and the scheme of the signature, as far as all three go, then the groups that are left, which need
 * no more than the server's word on them. RFC 8446 4.2.8: a hello without a key share asks the server for its
 * choice; there are servers that refuse.
 */
static void take_tls13(struct surveyor *s, struct pick *suites, struct pick *groups)
{
	struct pick schemes =
		pick_of(&s->q.offer.schemes, &s->out->schemes[SURVEY_TLS13], pick_scheme);
	struct pick *const all[] = { suites, groups, &schemes };

	s->q.depth = TALK_FLIGHT;
	pick_exhaust_together(s, all, COUNT(all), is_over_prime);
	pick_offer_all(&schemes);
	s->q.depth = TALK_HELLO;
	pick_exhaust_each(s, suites, groups);
}

/* Behind those that some take the rest of the registry, which nobody should take. */
static void add_others(struct offer_list *suites, uint16_t version)
{
	struct offer_list others;

	surveyor_other_suites(&others, version);
	for (size_t i = 0; i < others.n; i++)
		offer_list_add(suites, others.value[i]);
}

static void survey_tls13(struct surveyor *s, struct survey_version *v)
{
	struct pick suites, groups;
	struct offer *o = &s->q.offer;

	surveyor_begin(s, TLS13);
	add_others(&s->q.offer.suites, TLS13);
	suites = pick_of(&o->suites, &v->suites, pick_suite);
	groups = pick_of(&o->groups, &s->out->groups[SURVEY_TLS13], pick_group);
	take_tls13(s, &suites, &groups);
	if (v->suites.n == 0 && s->reply.outcome == SURVEY_ALERT &&
		s->reply.alert != PROTOCOL_VERSION) {
		s->share_wanted = s->with_shares = true;
		take_tls13(s, &suites, &groups);
	}
	if (v->suites.n == 0 || pick_find_orders(s, &suites, &groups))
		return;
	pick_offer_seen(&groups);
	pick_find_order(s, &suites);
	pick_offer_seen(&suites);
	pick_find_order(s, &groups);
}

/* RFC 8422 5.1: up to TLS 1.2 the groups say, too, on which curve the certificate's key may be. */
static void pin_key(const struct surveyor *s, struct pick *groups)
{
	if (offer_list_has(&groups->all, s->key_group))
		groups->pinned = s->key_group;
}

/* Beside the suites of a server that follows the client its groups and schemes cost nothing. False: it refused. */
static bool begin_older(struct surveyor *s, struct pick *suites)
{
	struct offer *o = &s->q.offer;
	struct pick groups = pick_of(&o->groups, &s->out->groups[SURVEY_OLDER], pick_group);
	struct pick schemes = pick_of(&o->schemes, &s->out->schemes[SURVEY_OLDER], pick_scheme);
	struct pick *const all[] = { suites, &groups, &schemes };

	if (pick_follows_client(s, suites)) {
		pin_key(s, &groups);
		pick_exhaust_together(s, all, COUNT(all), NULL);
	}
	pick_offer_all(&groups);
	pick_offer_all(&schemes);
	return suites->seen->n != 0;
}

/* All suites that there are in one hello; false: it is refused, perhaps for its length. */
static bool survey_highest(struct surveyor *s, struct survey_version *v)
{
	struct pick suites;

	surveyor_begin(s, v->version);
	add_others(&s->q.offer.suites, v->version);
	suites = pick_of(&s->q.offer.suites, &v->suites, pick_suite);
	if (!begin_older(s, &suites))
		return s->out->cut_short || s->reply.alert == PROTOCOL_VERSION;
	v->suites.whole = pick_exhaust(s, &suites);
	pick_find_order(s, &suites);
	return true;
}

static void survey_older(struct surveyor *s, struct survey_version *v)
{
	struct pick suites;

	surveyor_begin(s, v->version);
	suites = pick_of(&s->q.offer.suites, &v->suites, pick_suite);
	v->suites.whole = pick_exhaust(s, &suites);
	/* Where the version is refused for the suites alone, the others show it, too. */
	surveyor_other_suites(&suites.left, v->version);
	add_others(&suites.all, v->version);
	if (v->suites.n != 0 || s->reply.alert == HANDSHAKE_FAILURE)
		v->suites.whole &= pick_exhaust(s, &suites);
	pick_find_order(s, &suites);
}

static bool shows_group(uint16_t value)
{
	const struct suite *suite = suite_find(value);

	return suite != NULL && (suite->kx == KX_ECDHE || suite->kx == KX_DHE);
}

/*
 * Orders, and beside them what any answer tells: whether lengths of fragments are agreed, whether a hello is taken in
 * small records, and the first protocol. When it is refused, each is asked for by itself (survey_rest() has those).
 */
static void find_orders_older(struct surveyor *s, struct pick *groups, struct pick *schemes)
{
	struct offer *o = &s->q.offer;

	o->max_fragment_length = SURVEY_FRAGMENT;
	s->q.hello_record = SURVEY_SMALL_RECORD;
	survey_offer_protocols(o);
	if (pick_find_orders(s, groups, schemes)) {
		surveyor_note_feature(s, SURVEY_MAX_FRAGMENT_LENGTH, s->reply.max_fragment_length);
		surveyor_note_feature(s, SURVEY_HELLO_IN_RECORDS, true);
		survey_note_protocol(s);
		return;
	}
	o->max_fragment_length = 0;
	s->q.hello_record = 0;
	o->alpn[0] = NULL;
	pick_offer_seen(schemes);
	pick_find_order(s, groups);
	pick_offer_seen(groups);
	pick_find_order(s, schemes);
}

static void exhaust_key_exchange(struct surveyor *s, struct pick *groups, struct pick *schemes)
{
	struct pick *const both[] = { groups, schemes };

	if (groups->seen->n == 0 || schemes->seen->n == 0)
		pick_exhaust_together(s, both, COUNT(both), NULL);
	pick_exhaust_each(s, groups, schemes);
}

/* Of a ServerKeyExchange: only suites that have one are offered. */
static void survey_key_exchange(struct surveyor *s, const struct survey_version *v)
{
	struct offer *o = &s->q.offer;
	struct pick groups, schemes;

	surveyor_begin(s, v->version);
	o->suites.n = 0;
	for (size_t i = 0; i < v->suites.n; i++)
		if (shows_group(v->suites.value[i]))
			offer_list_add(&o->suites, v->suites.value[i]);
	if (o->suites.n == 0)
		return;
	groups = pick_of(&o->groups, &s->out->groups[SURVEY_OLDER], pick_group);
	schemes = pick_of(&o->schemes, &s->out->schemes[SURVEY_OLDER], pick_scheme);
	if (!s->key_known && surveyor_ask(s))
		surveyor_note(s);
	pin_key(s, &groups);
	if (v->version < TLS12) {
		groups.seen->whole = pick_exhaust(s, &groups);
		pick_find_order(s, &groups);
		return;
	}
	exhaust_key_exchange(s, &groups, &schemes);
	find_orders_older(s, &groups, &schemes);
}

/* The signature of TLS 1.3 stands under the keys: each needs a key exchange. The last question is waited with, for a
 * ticket, and for a refusal of who has no certificate. */
static void survey_verify(struct surveyor *s)
{
	struct pick schemes;

	if (s->out->version[0].taken != SURVEY_YES || !surveyor_begin_well(s, TALK_FLIGHT))
		return;
	schemes = pick_of(&s->q.offer.schemes, &s->out->schemes[SURVEY_TLS13], pick_scheme);
	schemes.seen->whole = pick_exhaust(s, &schemes);
	s->q.depth = TALK_WHOLE;
	s->q.patient = true;
	pick_find_order(s, &schemes);
	if (schemes.turned != 0)
		surveyor_note(s);
	s->q.patient = false;
}

static bool takes_older(const struct survey *out)
{
	for (size_t i = 1; i < SURVEY_VERSIONS; i++)
		if (out->version[i].taken == SURVEY_YES)
			return true;
	return false;
}

static void survey_version(struct surveyor *s, struct survey_version *v)
{
	if (v->version >= TLS13)
		survey_tls13(s, v);
	else if (takes_older(s->out) || !survey_highest(s, v))
		survey_older(s, v);
	settle_version(s, v);
}

void survey_run(
	const struct survey_options *o, survey_ask *ask_server, void *ctx, struct survey *out)
{
	struct surveyor *s = memory_new(sizeof *s);

	*out = (struct survey){ .questions = 0 };
	for (size_t i = 0; i < SURVEY_VERSIONS; i++)
		out->version[i].version = (uint16_t)(TLS13 - i);
	out->cut_short = s == NULL;
	if (s == NULL)
		return;
	*s = (struct surveyor){ .options = o, .ask = ask_server, .ctx = ctx, .out = out };
	for (size_t i = 0; i < SURVEY_VERSIONS; i++)
		if (wanted(s, out->version[i].version))
			survey_version(s, &out->version[i]);
	for (size_t i = 1; i < SURVEY_VERSIONS; i++)
		if (out->version[i].taken == SURVEY_YES) {
			survey_key_exchange(s, &out->version[i]);
			break;
		}
	survey_verify(s);
	survey_rest(s);
	free(s);
}
