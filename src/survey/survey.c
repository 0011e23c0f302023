/*
 * The order of the questions: TLS 1.3, the older versions, then what hangs on the connection as a whole. Where
 * two lists can be told from one answer (suites and groups of a HelloRetryRequest, groups and schemes of a
 * ServerKeyExchange), both are shortened at once, and what is left of either is asked for by itself.
 */
#include "survey/survey.h"

#include "base/array.h"
#include "base/memory.h"
#include "names/names.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	TLS12 = 0x0303,
	TLS13 = 0x0304,
	SUITES_END = 0x10000,
	PROTOCOL_VERSION = 70,
	HANDSHAKE_FAILURE = 40,
	NO_APPLICATION_PROTOCOL = 120
};

struct surveyor {
	const struct survey_options *options;
	survey_ask *ask;
	void *ctx;
	struct survey *out;
	bool share_wanted; /* by the server, in the first hello */
	bool with_shares; /* one goes along: it is wanted, or what is asked for stands under the keys */
	bool as_it_is; /* the shares of the offer are not to be touched */
	unsigned silences;
	struct survey_question q;
	struct survey_reply reply;
};

/* ---- asking ---- */

static bool send_question(struct surveyor *s)
{
	if (s->out->cut_short || !s->ask(s->ctx, &s->q, &s->reply)) {
		s->out->cut_short = true;
		return false;
	}
	s->out->questions++;
	return true;
}

static bool ask_once(struct surveyor *s)
{
	if (s->as_it_is)
		return send_question(s);
	s->q.offer.n_shares = 0;
	if (s->with_shares)
		offer_share_first(&s->q.offer);
	return send_question(s);
}

/* Was something chosen? A close or a reset comes by accident, too: it counts when it comes again. Silence takes
 * its time: who is silent again and again is not asked for ever. */
static bool ask(struct surveyor *s)
{
	enum { SILENCES_MAX = 3 };

	if (!ask_once(s))
		return false;
	if ((s->reply.outcome == SURVEY_CLOSED || s->reply.outcome == SURVEY_RESET) && !ask_once(s))
		return false;
	s->silences += s->reply.outcome == SURVEY_SILENT;
	s->out->cut_short = s->silences == SILENCES_MAX || s->reply.outcome == SURVEY_NO_TLS;
	return s->reply.outcome == SURVEY_CHOSE;
}

/* ---- lists ---- */

static void list_of(struct offer_list *l, const struct survey_values *v)
{
	l->n = 0;
	for (size_t i = 0; i < v->n; i++)
		offer_list_add(l, v->value[i]);
}

static void keep(struct survey_values *v, uint16_t value)
{
	if (v->n < OFFER_LIST_MAX)
		v->value[v->n++] = value;
}

/* ---- what a hello is made of ---- */

/* All that is known by name, whether this build could complete it or not. */
static void all_groups(struct offer_list *l, bool tls13)
{
	static const uint16_t both[] = { 0x001d, 0x0017, 0x0018, 0x0019, 0x001e, 0x0100, 0x0101,
		0x0102, 0x0103, 0x0104 };
	static const uint16_t older[] = { 0x001a, 0x001b, 0x001c, 0x0016, 0x0015, 0x0013, 0x0014,
		0x0012, 0x0010, 0x0009, 0x000a, 0x000b, 0x000c, 0x000d, 0x000e, 0x0006, 0x0007 };
	static const uint16_t newer[] = { 0x001f, 0x0020, 0x0021, 0x0029, 0x11ec, 0x11eb, 0x11ed,
		0x0200, 0x0201, 0x0202 };

	l->n = 0;
	for (size_t i = 0; i < COUNT(both); i++)
		offer_list_add(l, both[i]);
	for (size_t i = 0; tls13 && i < COUNT(newer); i++)
		offer_list_add(l, newer[i]);
	for (size_t i = 0; !tls13 && i < COUNT(older); i++)
		offer_list_add(l, older[i]);
}

static void all_schemes(struct offer_list *l)
{
	static const uint16_t schemes[] = { 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b,
		0x081c, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
		0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0x0203, 0x0201, 0x0202 };

	l->n = 0;
	for (size_t i = 0; i < COUNT(schemes); i++)
		offer_list_add(l, schemes[i]);
}

static void begin(struct surveyor *s, uint16_t version)
{
	struct offer *o = &s->q.offer;

	offer_all(o, version, version);
	o->sni = s->options->sni;
	all_groups(&o->groups, version >= TLS13);
	all_schemes(&o->schemes);
	offer_list_add(&o->extensions, EXT_STATUS_REQUEST);
	offer_list_add(&o->extensions, EXT_SESSION_TICKET);
	s->q.depth = TALK_HELLO;
	s->q.hello_record = 0;
	s->with_shares = version >= TLS13 && s->share_wanted;
}

/* The rest of the registry, which nobody should take; without suites of TLS 1.3 and flags. */
static void other_suites(struct offer_list *l, uint16_t version)
{
	struct offer *common = memory_get(sizeof *common);

	l->n = 0;
	if (common == NULL)
		return;
	offer_all(common, version, version);
	for (uint32_t v = 1; v < SUITES_END; v++) {
		const struct suite *suite = suite_find((uint16_t)v);

		if (suite != NULL && !suite->signalling && suite->tls13 == (version >= TLS13) &&
			!offer_list_has(&common->suites, (uint16_t)v))
			offer_list_add(l, (uint16_t)v);
	}
	free(common);
}

/* ---- what every answer tells besides ---- */

static void note(struct surveyor *s, enum survey_feature feature, bool has)
{
	if (s->out->feature[feature] != SURVEY_YES)
		s->out->feature[feature] = has ? SURVEY_YES : SURVEY_NO;
}

static void note_answer(struct surveyor *s)
{
	const struct survey_reply *r = &s->reply;
	const struct suite *suite = suite_find(r->suite);

	if (r->version >= TLS13)
		return;
	note(s, SURVEY_EXTENDED_MASTER_SECRET, r->extended_master_secret);
	note(s, SURVEY_RENEGOTIATION_INFO, r->renegotiation_info);
	note(s, SURVEY_SESSION_TICKET, r->session_ticket);
	note(s, SURVEY_STATUS_REQUEST, r->status_request);
	if (suite != NULL && suite->kind == CIPHER_CBC) /* RFC 7366 3: of no other */
		note(s, SURVEY_ENCRYPT_THEN_MAC, r->encrypt_then_mac);
}

static void note_authentication(struct surveyor *s)
{
	const struct survey_reply *r = &s->reply;

	if (!r->flight || s->out->client_auth != SURVEY_AUTH_UNKNOWN)
		return;
	s->out->client_auth = r->certificate_request ? SURVEY_AUTH_ASKED : SURVEY_AUTH_NOT_ASKED;
	s->out->n_authorities = r->n_authorities;
}

/* ---- one list ---- */

/* A list of the hello, and which field of the answer it is about. */
struct pick {
	struct offer_list *offered; /* in the question */
	struct survey_values *seen;
	struct offer_list left;
	uint16_t (*of)(const struct survey_reply *r);
	uint16_t
		pinned; /* always offered, as the last: without it other things would not go; 0: none */
};

static uint16_t suite_of(const struct survey_reply *r)
{
	return r->suite;
}

static uint16_t group_of(const struct survey_reply *r)
{
	return r->group;
}

static uint16_t scheme_of(const struct survey_reply *r)
{
	return r->scheme;
}

/* False: it chose none of those that were left. */
static bool took(const struct surveyor *s, struct pick *p)
{
	uint16_t value = p->of(&s->reply);

	if (value == 0 || !offer_list_remove(&p->left, value))
		return false;
	keep(p->seen, value);
	return true;
}

static void offer_left(struct pick *p)
{
	*p->offered = p->left;
	if (p->pinned != 0 && !offer_list_has(p->offered, p->pinned))
		offer_list_add(p->offered, p->pinned);
}

static void offer_seen(struct pick *p)
{
	list_of(p->offered, p->seen);
}

/* Until it refuses, or chooses nothing new. True: it was asked to the end; what stands behind a value that has to
 * stay on offer, in the server's order, is never chosen. */
static bool exhaust(struct surveyor *s, struct pick *p)
{
	while (p->left.n != 0) {
		offer_left(p);
		if (!ask(s))
			return !s->out->cut_short;
		note_answer(s);
		note_authentication(s);
		if (!took(s, p))
			return p->pinned == 0 || p->of(&s->reply) != p->pinned;
	}
	return true;
}

/* Both at once, as far as that goes; then each of them with all that is known of the other. */
static void exhaust_two(struct surveyor *s, struct pick *a, struct pick *b)
{
	while (a->left.n != 0 && b->left.n != 0) {
		bool any;

		offer_left(a);
		offer_left(b);
		if (!ask(s))
			break;
		note_answer(s);
		note_authentication(s);
		any = took(s, a);
		any |= took(s, b);
		if (!any)
			break;
	}
	if (a->seen->n != 0 && b->seen->n != 0) {
		offer_seen(b);
		a->seen->whole = exhaust(s, a);
		offer_seen(a);
		b->seen->whole = exhaust(s, b);
	}
}

/* Does the choice follow the client's order? Asked with the list turned round. */
static void find_order(struct surveyor *s, struct pick *p)
{
	struct survey_values *v = p->seen;

	if (v->n < 2)
		return;
	p->offered->n = 0;
	for (size_t i = v->n; i-- != 0;)
		offer_list_add(p->offered, v->value[i]);
	if (!ask(s))
		return;
	if (p->of(&s->reply) == v->value[0])
		v->order = SURVEY_ORDER_SERVER;
	else if (p->of(&s->reply) == v->value[v->n - 1])
		v->order = SURVEY_ORDER_CLIENT;
}

static struct pick pick_of(struct offer_list *offered, struct survey_values *seen,
	uint16_t (*of)(const struct survey_reply *r))
{
	return (struct pick){ .offered = offered, .seen = seen, .left = *offered, .of = of };
}

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
	exhaust_two(s, suites, groups);
	if (suites->seen->n != 0 || s->reply.outcome != SURVEY_ALERT ||
		s->reply.alert == PROTOCOL_VERSION)
		return;
	s->share_wanted = s->with_shares = true;
	exhaust_two(s, suites, groups);
}

static void survey_tls13(struct surveyor *s, struct survey_version *v)
{
	struct pick suites, groups;
	struct offer *o = &s->q.offer;

	begin(s, TLS13);
	other_suites(&suites.left, TLS13);
	for (size_t i = 0; i < suites.left.n; i++)
		offer_list_add(&o->suites, suites.left.value[i]);
	suites = pick_of(&o->suites, &v->suites, suite_of);
	groups = pick_of(&o->groups, &s->out->groups[SURVEY_TLS13], group_of);
	take_tls13(s, &suites, &groups);
	settle_version(s, v);
	if (v->taken != SURVEY_YES)
		return;
	offer_seen(&groups);
	find_order(s, &suites);
	offer_seen(&suites);
	find_order(s, &groups);
}

static void survey_older(struct surveyor *s, struct survey_version *v)
{
	struct pick suites;

	begin(s, v->version);
	suites = pick_of(&s->q.offer.suites, &v->suites, suite_of);
	v->suites.whole = exhaust(s, &suites);
	settle_version(s, v);
	/* What nobody should take. Where the version is refused for the suites alone, they show it, too. */
	other_suites(&suites.left, v->version);
	if (v->taken == SURVEY_YES || s->reply.alert == HANDSHAKE_FAILURE)
		v->suites.whole &= exhaust(s, &suites);
	settle_version(s, v);
	find_order(s, &suites);
}

static bool shows_group(uint16_t value)
{
	const struct suite *suite = suite_find(value);

	return suite != NULL && (suite->kx == KX_ECDHE || suite->kx == KX_DHE);
}

/* RFC 8422 5.1: up to TLS 1.2 the groups say, too, on which curve the certificate's key may be. */
static void pin_key(struct surveyor *s, struct pick *groups)
{
	if (ask(s) && offer_list_has(&groups->left, s->reply.key_group))
		groups->pinned = s->reply.key_group;
}

/* Of a ServerKeyExchange: only suites that have one are offered. */
static void survey_key_exchange(struct surveyor *s, const struct survey_version *v)
{
	struct offer *o = &s->q.offer;
	struct pick groups, schemes;

	begin(s, v->version);
	o->suites.n = 0;
	for (size_t i = 0; i < v->suites.n; i++)
		if (shows_group(v->suites.value[i]))
			offer_list_add(&o->suites, v->suites.value[i]);
	if (o->suites.n == 0)
		return;
	groups = pick_of(&o->groups, &s->out->groups[SURVEY_OLDER], group_of);
	schemes = pick_of(&o->schemes, &s->out->schemes[SURVEY_OLDER], scheme_of);
	pin_key(s, &groups);
	if (v->version < TLS12) {
		groups.seen->whole = exhaust(s, &groups);
		find_order(s, &groups);
		return;
	}
	exhaust_two(s, &groups, &schemes);
	offer_seen(&schemes);
	find_order(s, &groups);
	offer_seen(&groups);
	find_order(s, &schemes);
}

/* A question that is answered well: what was found, of one version. */
static bool begin_well(struct surveyor *s, enum talk_depth depth)
{
	const struct survey *out = s->out;
	struct offer *o = &s->q.offer;

	for (size_t i = 0; i < SURVEY_VERSIONS; i++) {
		const struct survey_version *v = &out->version[i];
		enum survey_kind kind = v->version >= TLS13 ? SURVEY_TLS13 : SURVEY_OLDER;

		/* Under TLS 1.3's keys only our own groups show anything. */
		if (v->taken != SURVEY_YES)
			continue;
		begin(s, v->version);
		list_of(&o->suites, &v->suites);
		if (out->groups[kind].n != 0)
			list_of(&o->groups, &out->groups[kind]);
		s->q.depth = depth;
		s->with_shares = v->version >= TLS13 && (s->share_wanted || depth != TALK_HELLO);
		return true;
	}
	return false;
}

/* The signature of TLS 1.3 stands under the keys: each needs a key exchange. */
static void survey_verify(struct surveyor *s)
{
	struct pick schemes;

	if (s->out->version[0].taken != SURVEY_YES || !begin_well(s, TALK_FLIGHT))
		return;
	schemes = pick_of(&s->q.offer.schemes, &s->out->schemes[SURVEY_TLS13], scheme_of);
	schemes.seen->whole = exhaust(s, &schemes);
	find_order(s, &schemes);
}

/* ---- the rest ---- */

/* The older versions show it in the clear. */
static bool begin_open(struct surveyor *s)
{
	struct offer *o = &s->q.offer;

	for (size_t i = 1; i < SURVEY_VERSIONS; i++)
		if (s->out->version[i].taken == SURVEY_YES) {
			begin(s, s->out->version[i].version);
			list_of(&o->suites, &s->out->version[i].suites);
			return true;
		}
	return begin_well(s, TALK_FLIGHT);
}

static size_t protocol_index(const struct offer *o, const char *name)
{
	size_t i = 0;

	while (o->alpn[i] != NULL && strcmp(o->alpn[i], name) != 0)
		i++;
	return i;
}

static void survey_protocols(struct surveyor *s)
{
	static const char *const names[] = { "h2", "http/1.1", "http/1.0", "mqtt", "coap", "imap",
		"pop3", "ftp", "xmpp-client", "dot" };
	struct survey *out = s->out;
	struct offer *o = &s->q.offer;

	if (!begin_open(s))
		return;
	for (size_t i = 0; i < COUNT(names); i++)
		o->alpn[i] = names[i];
	while (o->alpn[0] != NULL && ask(s)) {
		size_t i = protocol_index(o, s->reply.protocol);

		note_authentication(s);
		out->protocols_asked = true;
		if (o->alpn[i] == NULL)
			return;
		(void)snprintf(
			out->protocol[out->n_protocols++], SURVEY_PROTOCOL_MAX, "%s", o->alpn[i]);
		for (; o->alpn[i] != NULL; i++)
			o->alpn[i] = o->alpn[i + 1];
	}
	/* RFC 7301 3.2: a server that has others refuses with alert 120. */
	out->protocols_asked |= !out->cut_short && s->reply.outcome == SURVEY_ALERT &&
				s->reply.alert == NO_APPLICATION_PROTOCOL;
}

static void survey_fragments(struct surveyor *s)
{
	if (!begin_open(s))
		return;
	s->q.offer.max_fragment_length = 1024;
	if (ask(s))
		note(s, SURVEY_MAX_FRAGMENT_LENGTH, s->reply.max_fragment_length);
}

static void survey_records(struct surveyor *s)
{
	enum { SMALL = 64 };

	if (!begin_well(s, TALK_HELLO))
		return;
	s->q.hello_record = SMALL;
	if (ask(s) || !s->out->cut_short)
		note(s, SURVEY_HELLO_IN_RECORDS, s->reply.outcome == SURVEY_CHOSE);
}

static bool takes_hello_of(struct surveyor *s, size_t bytes)
{
	s->q.offer.padded_to = bytes;
	if (ask(s)) {
		s->out->hello_taken = bytes;
		return true;
	}
	if (!s->out->cut_short)
		s->out->hello_refused = bytes;
	return false;
}

/* Between what is taken and what is not, by halves; no finer than a few hundred bytes. */
static void survey_sizes(struct surveyor *s)
{
	enum { LARGEST = 16000, FINE = 512 };
	struct survey *out = s->out;

	if (!begin_well(s, TALK_HELLO))
		return;
	offer_list_add(&s->q.offer.extensions, EXT_PADDING);
	if (takes_hello_of(s, LARGEST) || !takes_hello_of(s, FINE))
		return;
	while (!out->cut_short && out->hello_refused - out->hello_taken > FINE)
		(void)takes_hello_of(s, (out->hello_taken + out->hello_refused) / 2);
}

static void survey_authentication(struct surveyor *s)
{
	struct survey *out = s->out;

	if (out->client_auth == SURVEY_AUTH_UNKNOWN && begin_open(s) && ask(s))
		note_authentication(s);
	if (out->client_auth != SURVEY_AUTH_ASKED || !begin_well(s, TALK_WHOLE))
		return;
	s->q.patient = true;
	if (ask(s) && !s->reply.completed)
		out->client_auth = SURVEY_AUTH_DEMANDED;
	s->q.patient = false;
}

/* Where a certificate is demanded, nobody comes further without one than to the end of the server's flight. */
static bool comes_in(const struct surveyor *s)
{
	return s->reply.completed || s->reply.beyond ||
	       (s->out->client_auth == SURVEY_AUTH_DEMANDED && s->reply.flight);
}

static void survey_stacks(struct surveyor *s)
{
	struct survey *out = s->out;
	size_t n;
	const struct hello_profile *profiles = hello_profiles(&n);

	s->as_it_is = true;
	for (size_t i = 0; i < n && out->n_stacks < SURVEY_STACKS_MAX; i++) {
		struct survey_stack *stack = &out->stack[out->n_stacks];

		if (!hello_profile_is_newest(&profiles[i]))
			continue;
		s->q = (struct survey_question){ .depth = TALK_WHOLE };
		(void)hello_profile_offer(&profiles[i], &s->q.offer);
		offer_name(&s->q.offer, s->options->sni);
		(void)ask(s);
		if (out->cut_short)
			return;
		*stack = (struct survey_stack){ &profiles[i], comes_in(s) ? SURVEY_YES : SURVEY_NO,
			s->reply };
		out->n_stacks++;
	}
}

void survey_run(
	const struct survey_options *o, survey_ask *ask_server, void *ctx, struct survey *out)
{
	struct surveyor *s = memory_zeroed(1, sizeof *s);

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
	survey_protocols(s);
	survey_fragments(s);
	survey_authentication(s);
	survey_records(s);
	survey_sizes(s);
	survey_stacks(s);
	free(s);
}
