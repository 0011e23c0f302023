/* The Certificate message as a whole: its order and length, what else is in it, and where it leads. */
#include "pki/form.h"
#include "pki/properties_rules.h"

/* ---- order ---- */

static bool issued(const struct cert *issuer, const struct cert *c)
{
	return issuer != c && c->issuer_der.len != 0 &&
	       cert_names_equal(c->issuer_der, issuer->subject_der);
}

/* Is the first a CA that has issued another of them, and the last no CA? A leaf that is named as its
 * CA is not one. */
static bool leaf_is_not_first(const struct property_question *q)
{
	const struct cert *first = q->sent[0];

	if (first == NULL || !first->ca || q->n_sent < 2)
		return false;
	for (size_t i = 1; i < q->n_sent; i++)
		if (q->sent[i] != NULL && !q->sent[i]->self_issued && issued(first, q->sent[i]))
			return true;
	return false;
}

/* Two intermediates of the path, the upper before the lower. */
static bool is_swapped(const struct chain_judgement *j)
{
	int last = -1;

	for (size_t i = 1; i < j->n_steps; i++) {
		const struct path_step *step = &j->step[i];

		if (step->sent_index < 0 || step->trusted || step->cert->self_issued)
			continue;
		if (step->sent_index < last)
			return true;
		last = step->sent_index;
	}
	return false;
}

/* ---- length ---- */

enum {
	MESSAGE_16K = 16384,
	MESSAGE_32K = 32768,
	MESSAGE_64K = 65536,
	SENT_BY_GNUTLS = 16, /* at most; and by Java and wolfSSL: */
	SENT_BY_JAVA = 10,
};

static size_t message_size(const struct property_question *q)
{
	size_t n = 3;

	for (size_t i = 0; i < q->n_sent; i++)
		n += 3 + (q->sent[i] != NULL ? q->sent[i]->der.len : 0);
	return n;
}

static void find_length(struct property_search *s, bool unneeded)
{
	size_t size = message_size(s->q);
	bool many = unneeded && s->q->n_sent > SENT_BY_GNUTLS;

	if (many && size > MESSAGE_32K) {
		property_add(s, PROPERTY_chain_unneeded_120);
		return;
	}
	if (size > MESSAGE_64K)
		property_add(s, PROPERTY_big_70k);
	else if (size > MESSAGE_32K)
		property_add(s, PROPERTY_san_2000);
	else
		property_add_if(s, size > MESSAGE_16K, PROPERTY_big_17k);
	if (many)
		property_add(s, PROPERTY_chain_unneeded_20);
	else
		property_add_if(
			s, unneeded && s->q->n_sent > SENT_BY_JAVA, PROPERTY_chain_unneeded_9);
}

static void find_depth(struct property_search *s, const struct chain_judgement *j)
{
	size_t between = j->n_steps > 2 ? j->n_steps - 2 : 0;

	if (j->n_steps != 0 && !j->step[j->n_steps - 1].trusted &&
		!j->step[j->n_steps - 1].cert->self_issued)
		between++;
	if (between >= 12)
		property_add(s, PROPERTY_chain_deep_12);
	else if (between >= 10)
		property_add(s, PROPERTY_chain_deep_10);
	else if (between == 9)
		property_add(s, PROPERTY_chain_deep_9);
	else
		property_add_if(s, between == 8, PROPERTY_chain_deep_8);
}

/* ---- what else was sent ---- */

static bool in_path(const struct chain_judgement *j, const struct cert *c)
{
	for (size_t i = 0; i < j->n_steps; i++)
		if (j->step[i].cert == c || bytes_equal(j->step[i].cert->der, c->der))
			return true;
	return false;
}

static bool has_unneeded(const struct property_question *q)
{
	for (size_t i = 1; i < q->n_sent; i++)
		if (q->sent[i] != NULL && !in_path(q->chain, q->sent[i]))
			return true;
	return false;
}

static void find_garbage(struct property_search *s)
{
	for (size_t i = 1; i < s->q->n_sent; i++) {
		const struct cert *c = s->q->sent[i];
		struct form f;

		if (c == NULL || c->der.len == 0) {
			property_add(s, PROPERTY_chain_empty_tail);
			continue;
		}
		if (c->parsed || c->spki.len != 0)
			continue;
		form_read(c->der, &f);
		property_add_if(s, !f.readable || f.spki.len == 0, PROPERTY_chain_garbage_tail);
	}
}

static const struct cert *in_trust(const struct trust *t, struct bytes subject)
{
	for (size_t i = 0; i < trust_count(t); i++)
		if (cert_names_equal(trust_at(t, i)->subject_der, subject))
			return trust_at(t, i);
	return NULL;
}

/* One that has expired and is not needed, of a CA that is in the path: its older twin, or its
 * cross-certificate. */
static void find_expired_twin(struct property_search *s, const struct cert *c)
{
	const struct chain_judgement *j = s->q->chain;

	if (!c->has_dates || j->undated || s->q->at <= c->not_after || in_path(j, c))
		return;
	for (size_t i = 1; i < j->n_steps; i++) {
		const struct cert *ca = j->step[i].cert;
		const struct cert *issuer = in_trust(s->q->trust, c->issuer_der);

		if (!bytes_equal(ca->subject_der, c->subject_der) ||
			!cert_same_key(ca->spki, c->spki))
			continue;
		if (!j->step[i].trusted)
			property_add(s, PROPERTY_expired_inter_twin);
		else if (issuer != NULL && !c->self_issued)
			property_add(s, issuer->has_dates && s->q->at > issuer->not_after
						? PROPERTY_expired_cross_oldroot
						: PROPERTY_expired_cross_both);
	}
}

bool find_order(struct property_search *s)
{
	const struct property_question *q = s->q;

	if (q->n_sent == 0) {
		property_add(s, PROPERTY_chain_empty);
		return true;
	}
	if (leaf_is_not_first(q)) {
		property_add(s, q->sent[0]->self_issued ? PROPERTY_chain_reversed
							: PROPERTY_chain_inter_first);
		return true;
	}
	find_garbage(s);
	if (q->chain == NULL || q->chain->n_steps == 0) {
		find_length(s, false);
		return false;
	}
	find_length(s, has_unneeded(q));
	find_depth(s, q->chain);
	property_add_if(s, is_swapped(q->chain), PROPERTY_chain_two_swapped);
	for (size_t i = 1; i < q->n_sent; i++)
		if (q->sent[i] != NULL)
			find_expired_twin(s, q->sent[i]);
	return false;
}

/* ---- trust ---- */

static void find_lone_trust(struct property_search *s)
{
	const struct property_question *q = s->q;

	if (q->trust != NULL && !q->chain->step[0].trusted)
		property_add(s, in_trust(q->trust, s->leaf.cert->subject_der) != NULL
					? PROPERTY_selfsigned_sameDN
					: PROPERTY_selfsigned_untrusted);
	else
		property_add_if(s, !s->leaf.cert->ca && s->leaf.cert->version >= 3,
			PROPERTY_selfsigned_trusted);
}

static void find_anchor(struct property_search *s, const struct path_step *last)
{
	if (last->cert->self_issued)
		return;
	if (last->cert == s->leaf.cert)
		property_add(s, PROPERTY_leaf_in_store);
	else
		property_add(s, PROPERTY_inter_in_store);
}

void find_trust(struct property_search *s)
{
	const struct chain_judgement *j = s->q->chain;

	if (j == NULL || j->n_steps == 0 || j->end == PATH_UNKNOWN)
		return;
	if (s->lone) {
		find_lone_trust(s);
		return;
	}
	if (j->end == PATH_TRUSTED) {
		find_anchor(s, &j->step[j->n_steps - 1]);
		return;
	}
	if (properties_have(s->out, PROPERTY_dn_issuer_other))
		return;
	if (s->q->trust == NULL)
		property_add_if(s, j->intermediate_missing, PROPERTY_chain_no_inter);
	else if (j->issuer_name_in_trust)
		property_add(s, PROPERTY_root_same_dn_other_key);
	else
		property_add(s, s->q->n_sent == 1 ? PROPERTY_chain_no_inter : PROPERTY_unknown_ca);
}
