/* A table by server; a server past the limit is counted with the rest. */
#include "report/handshakes/tally.h"

#include "base/moment.h"
#include "base/table.h"
#include "session/handshake.h"

#include <stdlib.h>

struct entry {
	uint64_t number; /* of the server */
	struct server_tally counts;
	UT_hash_handle hh;
};

struct tally {
	struct entry *servers; /* uthash, by number */
	struct server_tally rest;
	bool has_rest;
	struct arena *texts;
};

struct tally *tally_open(void)
{
	struct tally *t = memory_new(sizeof *t);

	if (t == NULL || (t->texts = arena_new(TALLY_TEXT_BYTES)) == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

void tally_close(struct tally *t)
{
	struct entry *each, *next;

	if (t == NULL)
		return;
	each = t->servers;
	HASH_CLEAR(hh, t->servers); /* frees the table; the entries still hang together */
	for (; each != NULL; each = next) {
		next = each->hh.next;
		free(each);
	}
	arena_free(t->texts);
	free(t);
}

static struct entry *find(const struct tally *t, uint64_t number)
{
	struct entry *found;

	HASH_FIND(hh, t->servers, &number, sizeof number, found);
	return found;
}

static struct server_tally *counts_of(struct tally *t, const struct examined *ex)
{
	struct entry *entry = find(t, ex->server);

	if (entry != NULL)
		return &entry->counts;
	if (ex->server == 0 || HASH_COUNT(t->servers) >= TALLY_SERVERS_MAX) {
		t->has_rest = true;
		return &t->rest;
	}
	entry = memory_new(sizeof *entry);
	if (entry == NULL)
		return NULL;
	entry->number = ex->server;
	if (TABLE_ADD(t->servers, number, sizeof entry->number, entry))
		return &entry->counts;
	free(entry);
	return NULL;
}

/* The higher one stands for both: a question that was once answered is not unknown. */
static unsigned weight(enum status s)
{
	static const unsigned weights[N_STATUS] = {
		[NOT_APPLICABLE] = 0, [UNKNOWN] = 1, [PASS] = 2, [WARN] = 3, [FAIL] = 4
	};

	return weights[s];
}

static void add_answer(struct tally *t, struct check_tally *c, const struct answer *a, uint64_t id)
{
	bool first = c->handshake == 0;

	c->n[a->status]++;
	if (!first && weight(a->status) <= weight(c->status))
		return;
	c->status = a->status;
	c->message =
		a->message != NULL && a->status != PASS ? arena_str(t->texts, a->message) : NULL;
	c->packet = a->n_evidence != 0 ? a->evidence[0].place.packet : 0;
	c->handshake = id;
}

bool tally_add(struct tally *t, const struct examined *ex)
{
	const struct handshake *hs = ex->hs;
	struct server_tally *s = counts_of(t, ex);

	if (s == NULL)
		return false;
	if (s->completed + s->failed + s->incomplete == 0 || hs->start < s->start)
		s->start = hs->start;
	s->logged |= hs->logged;
	s->completed += hs->outcome == OUTCOME_COMPLETED;
	s->failed += hs->outcome == OUTCOME_FAILED;
	s->incomplete += hs->outcome == OUTCOME_INCOMPLETE;
	if (hs->outcome == OUTCOME_FAILED && s->first_failed == 0)
		s->first_failed = hs->id;
	if (hs->end > hs->start)
		s->ns = moment_sum(s->ns, moment_apart(hs->end, hs->start));
	for (size_t i = 0; i < N_CHECKS; i++)
		add_answer(t, &s->checks[i], &ex->answers[i], hs->id);
	return true;
}

const struct server_tally *tally_of(const struct tally *t, const struct case_file *server)
{
	const struct entry *entry = find(t, server->number);

	return entry != NULL ? &entry->counts : NULL;
}

const struct server_tally *tally_rest(const struct tally *t)
{
	return t->has_rest ? &t->rest : NULL;
}
