/*
 * The order of the questions: TLS 1.3, the older versions, then what hangs on the connection as a whole. Where
 * two lists can be told from one answer (suites and groups of a HelloRetryRequest, groups and schemes of a
 * ServerKeyExchange), both are shortened at once, and what is left of either is asked for by itself.
 */
#include "survey/surveyor.h"

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

/* RFC 8446 4.2.8: a hello without a key share asks the server for its choice; there are servers that refuse. */
static void take_tls13(struct surveyor *s, struct pick *suites, struct pick *groups)
{
	pick_exhaust_two(s, suites, groups);
	if (suites->seen->n != 0 || s->reply.outcome != SURVEY_ALERT ||
		s->reply.alert == PROTOCOL_VERSION)
		return;
	s->share_wanted = s->with_shares = true;
	pick_exhaust_two(s, suites, groups);
}

static void survey_tls13(struct surveyor *s, struct survey_version *v)
{
	struct pick suites, groups;
	struct offer *o = &s->q.offer;

	surveyor_begin(s, TLS13);
	surveyor_other_suites(&suites.left, TLS13);
	for (size_t i = 0; i < suites.left.n; i++)
		offer_list_add(&o->suites, suites.left.value[i]);
	suites = pick_of(&o->suites, &v->suites, pick_suite);
	groups = pick_of(&o->groups, &s->out->groups[SURVEY_TLS13], pick_group);
	take_tls13(s, &suites, &groups);
	settle_version(s, v);
	if (v->taken != SURVEY_YES)
		return;
	pick_offer_seen(&groups);
	pick_find_order(s, &suites);
	pick_offer_seen(&suites);
	pick_find_order(s, &groups);
}

static void survey_older(struct surveyor *s, struct survey_version *v)
{
	struct pick suites;

	surveyor_begin(s, v->version);
	suites = pick_of(&s->q.offer.suites, &v->suites, pick_suite);
	v->suites.whole = pick_exhaust(s, &suites);
	settle_version(s, v);
	/* What nobody should take. Where the version is refused for the suites alone, they show it, too. */
	surveyor_other_suites(&suites.left, v->version);
	if (v->taken == SURVEY_YES || s->reply.alert == HANDSHAKE_FAILURE)
		v->suites.whole &= pick_exhaust(s, &suites);
	settle_version(s, v);
	pick_find_order(s, &suites);
}

static bool shows_group(uint16_t value)
{
	const struct suite *suite = suite_find(value);

	return suite != NULL && (suite->kx == KX_ECDHE || suite->kx == KX_DHE);
}

/* RFC 8422 5.1: up to TLS 1.2 the groups say, too, on which curve the certificate's key may be. */
static void pin_key(struct surveyor *s, struct pick *groups)
{
	if (surveyor_ask(s) && offer_list_has(&groups->left, s->reply.key_group))
		groups->pinned = s->reply.key_group;
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
	pin_key(s, &groups);
	if (v->version < TLS12) {
		groups.seen->whole = pick_exhaust(s, &groups);
		pick_find_order(s, &groups);
		return;
	}
	pick_exhaust_two(s, &groups, &schemes);
	pick_offer_seen(&schemes);
	pick_find_order(s, &groups);
	pick_offer_seen(&groups);
	pick_find_order(s, &schemes);
}

/* The signature of TLS 1.3 stands under the keys: each needs a key exchange. */
static void survey_verify(struct surveyor *s)
{
	struct pick schemes;

	if (s->out->version[0].taken != SURVEY_YES || !surveyor_begin_well(s, TALK_FLIGHT))
		return;
	schemes = pick_of(&s->q.offer.schemes, &s->out->schemes[SURVEY_TLS13], pick_scheme);
	schemes.seen->whole = pick_exhaust(s, &schemes);
	pick_find_order(s, &schemes);
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
	if (wanted(s, TLS13))
		survey_tls13(s, &out->version[0]);
	for (size_t i = 1; i < SURVEY_VERSIONS; i++)
		if (wanted(s, out->version[i].version))
			survey_older(s, &out->version[i]);
	for (size_t i = 1; i < SURVEY_VERSIONS; i++)
		if (out->version[i].taken == SURVEY_YES) {
			survey_key_exchange(s, &out->version[i]);
			break;
		}
	survey_verify(s);
	survey_rest(s);
	free(s);
}
