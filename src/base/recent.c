/* Chains of places in a ring: the next place to be used is that of the oldest value. */
#include "base/recent.h"

int recent_find(const struct recent *r, uint64_t hash)
{
	unsigned at = r->head[hash % RECENT_SIZE];

	while (at != 0 && r->hash[at - 1] != hash)
		at = r->next[at - 1];
	return at != 0 ? (int)at - 1 : RECENT_NONE;
}

/* The oldest is the last of its chain: newer ones were put before it. */
static void forget(struct recent *r, unsigned place)
{
	uint16_t *at = &r->head[r->hash[place] % RECENT_SIZE];

	while (*at != place + 1)
		at = &r->next[*at - 1];
	*at = 0;
}

int recent_add(struct recent *r, uint64_t hash)
{
	unsigned place = (unsigned)(r->added % RECENT_SIZE);
	uint16_t *head = &r->head[hash % RECENT_SIZE];

	if (r->added++ >= RECENT_SIZE)
		forget(r, place);
	r->hash[place] = hash;
	r->next[place] = *head;
	*head = (uint16_t)(place + 1);
	return (int)place;
}
