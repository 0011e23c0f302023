/* Sorts the certificates of a chain by their part in it, then asks each finder. */
#include "pki/properties.h"

#include "pki/properties_rules.h"

bool properties_have(const struct properties *p, enum property id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i] == (uint16_t)id)
			return true;
	return false;
}

void property_add(struct property_search *s, enum property id)
{
	if (id == N_PROPERTIES || properties_have(s->out, id))
		return;
	s->out->cut |= s->out->n == PROPERTIES_MAX;
	if (s->out->n < PROPERTIES_MAX)
		s->out->list[s->out->n++] = (uint16_t)id;
}

void property_add_if(struct property_search *s, bool has, enum property id)
{
	if (has)
		property_add(s, id);
}

static struct looked_at look_at(const struct cert *c)
{
	struct looked_at l = { .cert = c };

	form_read(c->der, &l.form);
	return l;
}

static void add_ca(struct property_search *s, const struct cert *c)
{
	if (s->n_cas < CAS_MAX)
		s->ca[s->n_cas++] = look_at(c);
}

/* Without a path (a name that does not lead on, a leaf that a strict reader gives up) the CAs that
 * were sent are taken for what they were sent as. */
static void take_those_sent(struct property_search *s)
{
	for (size_t i = 1; i < s->q->n_sent; i++)
		if (s->q->sent[i] != NULL && !s->q->sent[i]->self_issued &&
			s->q->sent[i] != s->leaf.cert)
			add_ca(s, s->q->sent[i]);
}

static void take_path(struct property_search *s)
{
	const struct chain_judgement *j = s->q->chain;
	size_t last = j != NULL && j->n_steps != 0 ? j->n_steps - 1 : 0;

	for (size_t i = 1; i <= last; i++) {
		const struct path_step *step = &j->step[i];

		if (i == last && (step->trusted || step->cert->self_issued))
			s->root = look_at(step->cert);
		else
			add_ca(s, step->cert);
	}
	if (last == 0)
		take_those_sent(s);
	s->lone = last == 0 && j != NULL && j->n_steps == 1 && s->leaf.cert->self_issued &&
		  j->step[0].signature != LINK_BAD;
}

static void ask_about_certificates(struct property_search *s)
{
	find_shape(s);
	find_dates(s);
	find_names(s);
	find_name_links(s);
	find_usages(s);
	find_extensions(s);
	find_constraints(s);
	find_keys(s);
	find_signatures(s);
	find_trust(s);
}

void properties_find(const struct property_question *q, struct properties *out)
{
	struct looked_at ca[CAS_MAX];
	struct property_search s = { .q = q, .out = out, .ca = ca };

	*out = (struct properties){ .n = 0 };
	if (find_order(&s))
		return;
	if (q->sent[0] == NULL) { /* no verifier reads on, as with one that is cut short */
		property_add(&s, PROPERTY_der_truncated);
		return;
	}
	s.leaf = look_at(q->sent[0]);
	take_path(&s);
	ask_about_certificates(&s);
}
