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

void pick_offer_seen(struct pick *p)
{
	survey_list(p->offered, p->seen);
}

/* Until it refuses, or chooses nothing new. True: it was asked to the end; what stands behind a value that has to
 * stay on offer, in the server's order, is never chosen. */
bool pick_exhaust(struct surveyor *s, struct pick *p)
{
	while (p->left.n != 0) {
		offer_left(p);
		if (!surveyor_ask(s))
			return !s->out->cut_short;
		surveyor_note(s);
		surveyor_note_authentication(s);
		if (!took(s, p))
			return p->pinned == 0 || p->of(&s->reply) != p->pinned;
	}
	return true;
}

/* Both at once, as far as that goes; then each of them with all that is known of the other. */
void pick_exhaust_two(struct surveyor *s, struct pick *a, struct pick *b)
{
	while (a->left.n != 0 && b->left.n != 0) {
		bool any;

		offer_left(a);
		offer_left(b);
		if (!surveyor_ask(s))
			break;
		surveyor_note(s);
		surveyor_note_authentication(s);
		any = took(s, a);
		any |= took(s, b);
		if (!any)
			break;
	}
	if (a->seen->n != 0 && b->seen->n != 0) {
		pick_offer_seen(b);
		a->seen->whole = pick_exhaust(s, a);
		pick_offer_seen(a);
		b->seen->whole = pick_exhaust(s, b);
	}
}

/* Does the choice follow the client's order? Asked with the list turned round. */
void pick_find_order(struct surveyor *s, struct pick *p)
{
	struct survey_values *v = p->seen;

	if (v->n < 2)
		return;
	p->offered->n = 0;
	for (size_t i = v->n; i-- != 0;)
		offer_list_add(p->offered, v->value[i]);
	if (!surveyor_ask(s))
		return;
	if (p->of(&s->reply) == v->value[0])
		v->order = SURVEY_ORDER_SERVER;
	else if (p->of(&s->reply) == v->value[v->n - 1])
		v->order = SURVEY_ORDER_CLIENT;
}

struct pick pick_of(struct offer_list *offered, struct survey_values *seen,
	uint16_t (*of)(const struct survey_reply *r))
{
	return (struct pick){ .offered = offered, .seen = seen, .left = *offered, .of = of };
}
