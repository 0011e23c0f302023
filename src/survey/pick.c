/* A list is shortened by what the server chose of it, until it refuses: what it takes, in its order. */
#include "survey/surveyor.h"

static void keep(struct survey_values *v, uint16_t value)
{
	if (v->n < OFFER_LIST_MAX)
		v->value[v->n++] = value;
}

uint16_t pick_suite(const struct survey_reply *r)
{
	return r->suite;
}

uint16_t pick_group(const struct survey_reply *r)
{
	return r->group;
}

uint16_t pick_scheme(const struct survey_reply *r)
{
	return r->scheme;
}

/* False: it chose none of those that were left. */
static bool took(struct pick *p, const struct survey_reply *r)
{
	uint16_t value = p->of(r);

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

void pick_offer_seen(struct pick *p)
{
	survey_list(p->offered, p->seen);
}

void pick_offer_all(struct pick *p)
{
	*p->offered = p->all;
}

bool pick_exhaust(struct surveyor *s, struct pick *p)
{
	while (p->left.n != 0) {
		offer_left(p);
		if (!surveyor_ask(s))
			return !s->out->cut_short;
		surveyor_note(s);
		surveyor_note_authentication(s);
		if (!took(p, &s->reply))
			return p->pinned == 0 || p->of(&s->reply) != p->pinned;
	}
	return true;
}

static bool all_left(struct pick *const p[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i]->left.n == 0)
			return false;
	return true;
}

void pick_exhaust_together(struct surveyor *s, struct pick *const p[], size_t n,
	bool (*enough)(const struct survey_reply *r))
{
	bool any = true;

	while (any && all_left(p, n)) {
		for (size_t i = 0; i < n; i++)
			offer_left(p[i]);
		if (!surveyor_ask(s))
			return;
		surveyor_note(s);
		surveyor_note_authentication(s);
		any = false;
		for (size_t i = 0; i < n; i++)
			any |= took(p[i], &s->reply);
		any &= enough == NULL || !enough(&s->reply);
	}
}

void pick_exhaust_each(struct surveyor *s, struct pick *a, struct pick *b)
{
	if (a->seen->n == 0 || b->seen->n == 0)
		return;
	pick_offer_seen(b);
	a->seen->whole = pick_exhaust(s, a);
	pick_offer_seen(a);
	b->seen->whole = pick_exhaust(s, b);
}

/* ---- orders ---- */

static void offer_turned(struct pick *p, const struct offer_list *l)
{
	p->offered->n = 0;
	for (size_t i = l->n; i-- != 0;)
		offer_list_add(p->offered, l->value[i]);
}

bool pick_follows_client(struct surveyor *s, struct pick *p)
{
	offer_left(p);
	if (!surveyor_ask(s))
		return false;
	surveyor_note(s);
	surveyor_note_authentication(s);
	if (!took(p, &s->reply) || p->left.n == 0)
		return false;
	offer_turned(p, &p->all);
	if (!surveyor_ask(s))
		return false;
	surveyor_note(s);
	p->turned = p->of(&s->reply);
	return took(p, &s->reply);
}

/* In the order of the client: no other is known. */
static void sort_as_offered(struct pick *p)
{
	struct survey_values *v = p->seen;
	struct offer_list seen;

	survey_list(&seen, v);
	v->n = 0;
	for (size_t i = 0; i < p->all.n; i++)
		if (offer_list_has(&seen, p->all.value[i]))
			v->value[v->n++] = p->all.value[i];
}

static uint16_t last_offered(const struct pick *p)
{
	struct offer_list seen;

	survey_list(&seen, p->seen);
	for (size_t i = p->all.n; i-- != 0;)
		if (offer_list_has(&seen, p->all.value[i]))
			return p->all.value[i];
	return 0;
}

static void judge_order(struct pick *p)
{
	struct survey_values *v = p->seen;

	if (v->n < 2 || p->turned == 0)
		return;
	if (p->turned == v->value[0]) {
		v->order = SURVEY_ORDER_SERVER;
		return;
	}
	if (p->turned == last_offered(p))
		v->order = SURVEY_ORDER_CLIENT;
	sort_as_offered(p);
}

static void offer_seen_turned(struct pick *p)
{
	struct offer_list seen;

	survey_list(&seen, p->seen);
	offer_turned(p, &seen);
}

void pick_find_order(struct surveyor *s, struct pick *p)
{
	if (p->seen->n >= 2 && p->turned == 0) {
		offer_seen_turned(p);
		if (surveyor_ask(s))
			p->turned = p->of(&s->reply);
	}
	judge_order(p);
}

bool pick_find_orders(struct surveyor *s, struct pick *a, struct pick *b)
{
	if (a->seen->n < 2 && b->seen->n < 2)
		return false;
	offer_seen_turned(a);
	offer_seen_turned(b);
	if (!surveyor_ask(s))
		return false;
	a->turned = a->of(&s->reply);
	b->turned = b->of(&s->reply);
	judge_order(a);
	judge_order(b);
	return true;
}

struct pick pick_of(struct offer_list *offered, struct survey_values *seen,
	uint16_t (*of)(const struct survey_reply *r))
{
	struct pick p = {
		.offered = offered, .seen = seen, .all = *offered, .left = *offered, .of = of
	};

	for (size_t i = 0; i < seen->n; i++)
		(void)offer_list_remove(&p.left, seen->value[i]);
	return p;
}
