/*
 * Tables under locks, keyed by all that a judgement depends on; a chain's holds between two dates.
 */
#include "session/prove_memo.h"

#include "base/table.h"
#include "wire/handshake.h"

#include <pthread.h>
#include <stdlib.h>

enum { CHAINS_MAX = 2048, KEY_NAME_MAX = 256 };

/* Everything that an answer depends on, but for the time, one after the other. */
struct chain_key {
	uint8_t bytes[CERTIFICATES_MAX * 16 + 16 + KEY_NAME_MAX];
	unsigned len;
};

struct known_chain {
	struct chain_key key;
	struct chain_judgement judgement;
	int64_t from, until; /* holds for from <= time < until */
	UT_hash_handle hh;
};

struct chain_memo {
	pthread_mutex_t lock;
	struct known_chain *table;
};

struct chain_memo *chain_memo_open(void)
{
	struct chain_memo *m = memory_new(sizeof *m);

	if (m != NULL && pthread_mutex_init(&m->lock, NULL) != 0) {
		free(m);
		return NULL;
	}
	return m;
}

static void forget_all(struct chain_memo *m)
{
	struct known_chain *known = m->table;

	HASH_CLEAR(hh, m->table); /* frees the table; the entries still hang together */
	while (known != NULL) {
		struct known_chain *next = known->hh.next;

		free(known);
		known = next;
	}
}

void chain_memo_close(struct chain_memo *m)
{
	if (m == NULL)
		return;
	forget_all(m);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

static void key_add(struct chain_key *k, const void *data, size_t len)
{
	memcpy(k->bytes + k->len, data, len);
	k->len += (unsigned)len;
}

/* A certificate's id goes with its address, which may be another's after it was dropped. False:
 * too large to be kept. */
static bool key_of(const struct chain_question *q, struct chain_key *k)
{
	size_t name_len = q->name != NULL ? strlen(q->name) : 0;
	uint32_t facts[4] = { (uint32_t)q->n_sent, q->purpose, q->key_usage,
		(uint32_t)q->verify_signatures << 1 | (q->name != NULL) };

	if (q->n_sent > CERTIFICATES_MAX || name_len > KEY_NAME_MAX)
		return false;
	k->len = 0;
	key_add(k, facts, sizeof facts);
	for (size_t i = 0; i < q->n_sent; i++) {
		key_add(k, &q->sent[i], sizeof q->sent[i]);
		key_add(k, &q->sent[i]->id, sizeof q->sent[i]->id);
	}
	if (name_len != 0)
		key_add(k, q->name, name_len);
	return true;
}

/* No date of this certificate lies between the time asked for and the ends of the span. */
static void narrow(struct known_chain *known, const struct cert *c)
{
	const int64_t bounds[] = { c->not_before, c->not_after + 1 };

	for (size_t i = 0; i < 2 && c->has_dates; i++) {
		if (bounds[i] <= known->judgement.at && bounds[i] > known->from)
			known->from = bounds[i];
		if (bounds[i] > known->judgement.at && bounds[i] < known->until)
			known->until = bounds[i];
	}
}

static struct known_chain *new_known(const struct chain_question *q, const struct chain_key *key,
	const struct chain_judgement *judgement)
{
	struct known_chain *known = memory_get(sizeof *known);

	if (known == NULL)
		return NULL;
	known->key = *key;
	known->judgement = *judgement;
	known->from = INT64_MIN;
	known->until = INT64_MAX;
	for (size_t i = 0; i < q->n_sent; i++)
		narrow(known, q->sent[i]);
	for (size_t i = 0; i < trust_count(q->trust); i++)
		narrow(known, trust_at(q->trust, i));
	return known;
}

static bool recall(
	struct chain_memo *m, const struct chain_key *key, int64_t at, struct chain_judgement *out)
{
	struct known_chain *known;
	bool holds;

	(void)pthread_mutex_lock(&m->lock);
	HASH_FIND(hh, m->table, key->bytes, key->len, known);
	holds = known != NULL && at >= known->from && at < known->until;
	if (holds)
		*out = known->judgement;
	(void)pthread_mutex_unlock(&m->lock);
	out->at = at;
	return holds;
}

static void remember(struct chain_memo *m, struct known_chain *fresh)
{
	struct known_chain *old;

	(void)pthread_mutex_lock(&m->lock);
	HASH_FIND(hh, m->table, fresh->key.bytes, fresh->key.len, old);
	if (old != NULL) { /* of another time, or by another thread just now */
		HASH_DEL(m->table, old);
		free(old);
	}
	if (HASH_COUNT(m->table) >= CHAINS_MAX)
		forget_all(m);
	if (!TABLE_ADD(m->table, key.bytes, fresh->key.len, fresh))
		free(fresh);
	(void)pthread_mutex_unlock(&m->lock);
}

void chain_memo_judge(struct chain_memo *m, struct link_memory *links,
	const struct chain_question *q, struct chain_judgement *out)
{
	struct known_chain *fresh;
	struct chain_key key;

	if (!key_of(q, &key)) {
		chain_judge(q, links, out);
		return;
	}
	if (recall(m, &key, q->at, out))
		return;
	chain_judge(q, links, out);
	fresh = new_known(q, &key, out);
	if (fresh != NULL)
		remember(m, fresh);
}
