/* Which key belongs to which certificate, which CA signs which, and what a verifier would say. */
#include "pki/credential.h"

#include "base/memory.h"
#include "pki/link.h"
#include "pki/path.h"

#include <stdlib.h>

/* For finding out who signed whom among the files, in the unit of crypto_verify_cost(): three
 * hundred signatures on P-256. Any number of files costs no more. */
enum { RELATIONS_COST = 6000 };

struct work {
	const struct material *m;
	const struct credential_question *q;
	struct credentials *out;
	struct link_memory *memory;
};

static enum given_as role_of(const struct work *w, const struct item *it)
{
	return w->m->files[it->file].role;
}

static bool usable_cert(const struct item *it)
{
	return it->kind == ITEM_CERT && it->cert != NULL;
}

/* ---- relations ---- */

/* (What is no key has an empty one, which is the same as none.) */
static const struct item *key_of(const struct work *w, const struct cert *c)
{
	for (size_t i = 0; i < w->m->n_items; i++)
		if (cert_same_key(w->m->items[i].key.spki, c->spki))
			return &w->m->items[i];
	return NULL;
}

/* The tries of one certificate. */
struct issuer_search {
	struct relation *r;
	size_t tries;
	/* Has the issuer's name, but its signature cannot be judged. */
	const struct item *unverifiable;
};

/* Is it worth the arithmetic? What is told without any always is. */
static bool afford(const struct work *w, struct issuer_search *s, const struct cert *issuer)
{
	unsigned cost = link_cost(s->r->item->cert, issuer);

	if (cost == 0)
		return true;
	if (s->tries == LINKS_TRIED || link_memory_totals(w->memory).cost + cost > RELATIONS_COST) {
		s->r->untried = true;
		return false;
	}
	s->tries++;
	return true;
}

/* True when it is settled. */
static bool try_issuer(const struct work *w, struct issuer_search *s, const struct item *issuer)
{
	const struct cert *c = s->r->item->cert;
	enum link_state state;

	/* two whose names were not read are not of one name */
	if (c->issuer_der.len == 0 || !cert_names_equal(c->issuer_der, issuer->cert->subject_der) ||
		!afford(w, s, issuer->cert))
		return false;
	state = link_check(w->memory, c, issuer->cert).state;
	if (state == LINK_UNVERIFIABLE && s->unverifiable == NULL)
		s->unverifiable = issuer;
	if (state == LINK_VALID)
		s->r->issuer = issuer;
	return state == LINK_VALID;
}

/* Of those that have its name, the ones whose key identifier it names come first. */
static bool try_others(const struct work *w, struct issuer_search *s)
{
	const struct item *it = s->r->item;

	for (int likelihood = 0; likelihood < PATH_LIKELIHOODS; likelihood++)
		for (size_t i = 0; i < w->m->n_items; i++) {
			const struct item *other = &w->m->items[i];

			if (usable_cert(other) && other->cert != it->cert &&
				path_likelihood(it->cert, other->cert) == likelihood &&
				try_issuer(w, s, other))
				return true;
		}
	return false;
}

static struct relation relation_of(const struct work *w, const struct item *it)
{
	struct relation r = { .item = it, .key = key_of(w, it->cert) };
	struct issuer_search s = { .r = &r };

	r.verified = (it->cert->self_issued && try_issuer(w, &s, it)) || try_others(w, &s);
	if (r.verified)
		r.untried = false;
	else
		r.issuer = s.unverifiable;
	return r;
}

static const struct relation *find_relation(const struct work *w, const struct cert *c)
{
	for (size_t i = 0; i < w->out->n_relations; i++)
		if (w->out->relations[i].item->cert == c)
			return &w->out->relations[i];
	return NULL;
}

static void relate_those(const struct work *w, bool ca)
{
	for (size_t i = 0; i < w->out->n_relations; i++)
		if (w->out->relations[i].item->cert->ca == ca)
			w->out->relations[i] = relation_of(w, w->out->relations[i].item);
}

/* What is no CA comes first: if not all can be verified, the CAs that nobody asked for are left. */
static void relate(const struct work *w)
{
	for (size_t i = 0; i < w->m->n_items; i++) {
		const struct item *it = &w->m->items[i];

		if (usable_cert(it) && find_relation(w, it->cert) == NULL)
			w->out->relations[w->out->n_relations++] = (struct relation){ .item = it };
	}
	relate_those(w, false);
	relate_those(w, true);
}

/* ---- one credential ---- */

static void fit_key(struct credential *c)
{
	c->fit = FIT_NONE;
	if (c->key == NULL || c->n_sent == 0)
		return;
	c->fit = FIT_UNKNOWN;
	if (c->key->key.spki.len == 0 || c->sent[0]->spki.len == 0)
		return;
	c->fit = FIT_OTHER;
	for (size_t i = 0; i < c->n_own; i++) {
		if (!cert_same_key(c->key->key.spki, c->sent[i]->spki))
			continue;
		c->fit = i == 0 ? FIT_BELONGS : FIT_OF_ANOTHER;
		c->fit_index = i;
		return;
	}
}

static void judge(const struct work *w, struct credential *c)
{
	struct chain_question q = {
		.sent = c->sent,
		.n_sent = c->n_sent,
		.trust = w->q->trust,
		.at = w->q->at,
		.name = w->q->name,
		.purpose = w->q->purpose,
		.key_usage = KU_DIGITAL_SIGNATURE,
		.verify_signatures = true,
		.all_links = true,
		.sent_more = c->n_left_out != 0,
	};
	struct chain_judgement own;

	if (c->n_sent == 0)
		return;
	if (w->q->purpose == PURPOSE_SERVER && c->sent[0]->key == KEY_RSA)
		q.key_usage |= KU_KEY_ENCIPHERMENT;
	chain_judge(&q, w->memory, &c->chain);
	q.n_sent = c->n_own;
	q.sent_more = false;
	q.verify_signatures = false;
	chain_judge(&q, NULL, &own);
	c->own_out_of_order = own.out_of_order && c->leaf->variable == NULL;
	service_of(c->sent[0], w->q->purpose, &c->service);
	message_size_of(c->sent, c->n_own, &c->size);
}

static bool has(const struct credential *c, const struct cert *cert)
{
	for (size_t i = 0; i < c->n_sent; i++)
		if (c->sent[i] == cert)
			return true;
	return false;
}

/* What stands twice is kept twice where it would be sent twice. */
static void put(struct credential *c, const struct cert *cert)
{
	if (c->n_sent < SENT_MAX)
		c->sent[c->n_sent++] = cert;
	else
		c->n_left_out++;
}

/* The one key that is there, when there is one. */
static const struct item *only_key(const struct work *w)
{
	const struct item *found = NULL;

	for (size_t i = 0; i < w->m->n_items; i++) {
		const struct item *it = &w->m->items[i];

		if (it->kind != ITEM_KEY || role_of(w, it) != FOR_ANY)
			continue;
		if (found != NULL)
			return NULL;
		found = it;
	}
	return found;
}

/* The variables of a C source have no order: what is no CA comes first there. */
static void take_named(
	const struct work *w, struct credential *c, enum given_as as, bool ca_of_source)
{
	for (size_t i = 0; i < w->m->n_items; i++) {
		const struct item *it = &w->m->items[i];

		if (!usable_cert(it) || role_of(w, it) != as ||
			(it->variable != NULL && it->cert->ca) != ca_of_source)
			continue;
		c->leaf = c->leaf != NULL ? c->leaf : it;
		put(c, it->cert);
	}
}

static void judge_named(const struct work *w)
{
	static const enum given_as order[] = { FOR_CERT, FOR_CHAIN };
	struct credential *c = &w->out->list[w->out->n];

	*c = (struct credential){ .named = true };
	for (size_t r = 0; r < 2; r++) {
		take_named(w, c, order[r], false);
		take_named(w, c, order[r], true);
	}
	for (size_t i = 0; i < w->m->n_items && c->key == NULL; i++)
		if (w->m->items[i].kind == ITEM_KEY && role_of(w, &w->m->items[i]) == FOR_KEY)
			c->key = &w->m->items[i];
	if (c->leaf == NULL && c->key == NULL)
		return;
	if (c->key == NULL)
		c->key = key_of(w, c->leaf->cert);
	if (c->key == NULL)
		c->key = only_key(w);
	c->n_own = c->n_sent;
	fit_key(c);
	judge(w, c);
	w->out->n++;
}

/* ---- those found among the files ---- */

static bool issues_another(const struct work *w, const struct item *it)
{
	for (size_t i = 0; i < w->out->n_relations; i++) {
		const struct relation *r = &w->out->relations[i];

		if (r->issuer != NULL && r->issuer->cert == it->cert && r->item->cert != it->cert)
			return true;
	}
	return false;
}

static bool is_leaf(const struct work *w, const struct item *it)
{
	return role_of(w, it) == FOR_ANY && !it->cert->ca && !issues_another(w, it);
}

/* Its issuer, the issuer's issuer and so on, as far as that is known. */
static void put_ancestors(const struct work *w, struct credential *c)
{
	const struct relation *r = find_relation(w, c->leaf->cert);

	for (size_t n = 0; n < PATH_MAX_CERTS && r != NULL && r->issuer != NULL; n++) {
		if (role_of(w, r->issuer) == FOR_ANY && !has(c, r->issuer->cert))
			put(c, r->issuer->cert);
		r = find_relation(w, r->issuer->cert);
	}
}

/* The certificates of the leaf's own file follow it in their order, then every CA that is there, its
 * ancestors first. */
static void gather(const struct work *w, struct credential *c)
{
	put(c, c->leaf->cert);
	for (size_t i = 0; i < w->m->n_items; i++) {
		const struct item *it = &w->m->items[i];

		if (usable_cert(it) && it->file == c->leaf->file && !is_leaf(w, it) &&
			(it->variable == NULL || it->line == c->leaf->line))
			put(c, it->cert);
	}
	c->n_own = c->n_sent;
	put_ancestors(w, c);
	for (size_t i = 0; i < w->out->n_relations; i++) {
		const struct item *it = w->out->relations[i].item;

		if (role_of(w, it) == FOR_ANY && !is_leaf(w, it) && !has(c, it->cert))
			put(c, it->cert);
	}
}

static size_t count_leaves(const struct work *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->out->n_relations; i++)
		n += is_leaf(w, w->out->relations[i].item);
	return n;
}

/* Is it the key of a certificate, of whatever kind, that is there? */
static bool has_owner(const struct work *w, const struct item *key)
{
	for (size_t i = 0; i < w->out->n_relations; i++)
		if (w->out->relations[i].key == key)
			return true;
	return false;
}

static void judge_found(const struct work *w)
{
	const struct item *only = count_leaves(w) == 1 ? only_key(w) : NULL;

	for (size_t i = 0; i < w->out->n_relations; i++) {
		const struct relation *r = &w->out->relations[i];
		struct credential *c = &w->out->list[w->out->n];

		if (!is_leaf(w, r->item))
			continue;
		*c = (struct credential){ .leaf = r->item, .key = r->key };
		if (c->key == NULL && only != NULL && !has_owner(w, only))
			c->key = only;
		gather(w, c);
		fit_key(c);
		judge(w, c);
		w->out->n++;
	}
}

bool credentials_judge(
	const struct material *m, const struct credential_question *q, struct credentials *out)
{
	struct work w = { m, q, out, link_memory_open() };

	*out = (struct credentials){
		.list = memory_zeroed(m->n_items + 1, sizeof *out->list),
		.relations = memory_zeroed(m->n_items, sizeof *out->relations),
	};
	if (w.memory == NULL || out->list == NULL || out->relations == NULL) {
		link_memory_close(w.memory);
		credentials_free(out);
		return false;
	}
	relate(&w);
	judge_named(&w);
	judge_found(&w);
	link_memory_close(w.memory);
	return true;
}

void credentials_free(struct credentials *c)
{
	free(c->list);
	free(c->relations);
	*c = (struct credentials){ .list = NULL };
}
