/* Completed handshakes by their server's leaf, in a table; each failed one is looked up there. */
#include "diagnose/accepted.h"

#include "base/array.h"
#include "base/table.h"
#include "diagnose/story.h"

#include <stdlib.h>

struct taken {
	uint8_t leaf[32]; /* SHA-256 */
	const struct handshake *hs;
	UT_hash_handle hh;
};

/* What verifiers judge of a chain whoever asks: the name is another matter. */
static const enum check_id of_the_chain[] = { CHECK_chain_complete, CHECK_chain_signatures,
	CHECK_chain_trusted, CHECK_chain_dates, CHECK_chain_usages, CHECK_chain_strength };

static const struct cert *leaf_of(const struct handshake *hs)
{
	return hs->side[SIDE_SERVER].n_certs != 0 ? hs->side[SIDE_SERVER].certs[0] : NULL;
}

static bool same_chain(const struct handshake *a, const struct handshake *b)
{
	const struct party *x = &a->side[SIDE_SERVER], *y = &b->side[SIDE_SERVER];

	if (x->n_certs != y->n_certs)
		return false;
	for (size_t i = 0; i < x->n_certs; i++)
		if (!bytes_equal(x->certs[i]->der, y->certs[i]->der))
			return false;
	return true;
}

static bool closed_over_certificate(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	return certificate_refused(hs, SIDE_SERVER) && st.alert < 0 && !st.hidden;
}

static void soften(struct examined *ex)
{
	for (size_t i = 0; i < COUNT(of_the_chain); i++) {
		struct answer *a = &ex->answers[of_the_chain[i]];

		if (a->status != FAIL)
			continue;
		a->status = WARN;
		if (a->message != NULL && a->arena != NULL)
			a->message =
				arena_printf(a->arena, "%s (which nobody minded in handshake %llu)",
					a->message, (unsigned long long)ex->accepted_in);
	}
}

void accepted_note(struct examined *const *all, size_t n)
{
	struct taken *room = memory_zeroed(n + 1, sizeof *room), *table = NULL, *found;
	size_t used = 0;

	for (size_t i = 0; room != NULL && i < n; i++) {
		const struct cert *leaf = leaf_of(all[i]->hs);
		struct taken *t = &room[used];

		if (leaf == NULL || all[i]->hs->outcome != OUTCOME_COMPLETED)
			continue;
		memcpy(t->leaf, leaf->sha256, sizeof t->leaf);
		t->hs = all[i]->hs;
		HASH_FIND(hh, table, t->leaf, sizeof t->leaf, found);
		used += found == NULL && TABLE_ADD(table, leaf, sizeof t->leaf, t);
	}
	for (size_t i = 0; table != NULL && i < n; i++) {
		const struct cert *leaf = leaf_of(all[i]->hs);

		if (leaf == NULL || !closed_over_certificate(all[i]->hs))
			continue;
		HASH_FIND(hh, table, leaf->sha256, sizeof leaf->sha256, found);
		if (found == NULL || !same_chain(found->hs, all[i]->hs))
			continue;
		all[i]->accepted_in = found->hs->id;
		soften(all[i]);
	}
	HASH_CLEAR(hh, table);
	free(room);
}
