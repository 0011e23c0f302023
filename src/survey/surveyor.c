/* Asking one question, what it is made of, and what every answer tells besides. */
#include "survey/surveyor.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

enum { TLS13 = 0x0304, SUITES_END = 0x10000 };

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
bool surveyor_ask(struct surveyor *s)
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

void surveyor_begin(struct surveyor *s, uint16_t version)
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
void surveyor_other_suites(struct offer_list *l, uint16_t version)
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

/* A question that is answered well: what was found, of one version. */
bool surveyor_begin_well(struct surveyor *s, enum talk_depth depth)
{
	const struct survey *out = s->out;
	struct offer *o = &s->q.offer;

	for (size_t i = 0; i < SURVEY_VERSIONS; i++) {
		const struct survey_version *v = &out->version[i];
		enum survey_kind kind = v->version >= TLS13 ? SURVEY_TLS13 : SURVEY_OLDER;

		/* Under TLS 1.3's keys only our own groups show anything. */
		if (v->taken != SURVEY_YES)
			continue;
		surveyor_begin(s, v->version);
		survey_list(&o->suites, &v->suites);
		if (out->groups[kind].n != 0)
			survey_list(&o->groups, &out->groups[kind]);
		s->q.depth = depth;
		s->with_shares = v->version >= TLS13 && (s->share_wanted || depth != TALK_HELLO);
		return true;
	}
	return false;
}

/* ---- what every answer tells besides ---- */

void surveyor_note_feature(struct surveyor *s, enum survey_feature feature, bool has)
{
	if (s->out->feature[feature] != SURVEY_YES)
		s->out->feature[feature] = has ? SURVEY_YES : SURVEY_NO;
}

void surveyor_note(struct surveyor *s)
{
	const struct survey_reply *r = &s->reply;
	const struct suite *suite = suite_find(r->suite);

	/* There both stand under the keys; a ticket comes when all else is over, if the client stays so long. */
	if (r->version >= TLS13 && r->flight)
		surveyor_note_feature(s, SURVEY_STATUS_REQUEST, r->status_request);
	if (r->version >= TLS13 && r->completed && (r->session_ticket || s->q.patient)) {
		surveyor_note_feature(s, SURVEY_SESSION_TICKET, r->session_ticket);
		s->came_through |= s->q.patient;
	}
	if (r->version >= TLS13)
		return;
	if (r->flight && suite != NULL && (suite->kx == KX_ECDHE || suite->kx == KX_DHE)) {
		s->key_known = true;
		s->key_group = r->key_group != 0 ? r->key_group : s->key_group;
	}
	surveyor_note_feature(s, SURVEY_EXTENDED_MASTER_SECRET, r->extended_master_secret);
	surveyor_note_feature(s, SURVEY_RENEGOTIATION_INFO, r->renegotiation_info);
	surveyor_note_feature(s, SURVEY_SESSION_TICKET, r->session_ticket);
	surveyor_note_feature(s, SURVEY_STATUS_REQUEST, r->status_request);
	if (suite != NULL && suite->kind == CIPHER_CBC) /* RFC 7366 3: of no other */
		surveyor_note_feature(s, SURVEY_ENCRYPT_THEN_MAC, r->encrypt_then_mac);
}

void surveyor_note_authentication(struct surveyor *s)
{
	const struct survey_reply *r = &s->reply;

	if (!r->flight || s->out->client_auth != SURVEY_AUTH_UNKNOWN)
		return;
	s->out->client_auth = r->certificate_request ? SURVEY_AUTH_ASKED : SURVEY_AUTH_NOT_ASKED;
	s->out->n_authorities = r->n_authorities;
}
