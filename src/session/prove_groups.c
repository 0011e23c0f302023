/*
 * A p is known by its number alone: g and Y are compared with it, which costs nothing. What the
 * claims reserve is set right as the tests are done.
 */
#include "session/prove_groups.h"

#include "base/table.h"

#include <pthread.h>
#include <stdlib.h>

enum { GROUPS_MAX = 4096, DIGEST = 32 }; /* beyond it they are tested each time, at full price */

enum stage { CLAIMED, UNDER_TEST, TESTED };

struct known_group {
	uint8_t digest[DIGEST]; /* SHA-256 of p */
	enum stage stage;
	unsigned reserved; /* until it is tested */
	struct dh_check check;
	UT_hash_handle hh;
};

struct group_memo {
	pthread_mutex_t lock;
	pthread_cond_t tested;
	struct known_group *table;
	struct group_totals totals;
};

struct group_memo *group_memo_open(void)
{
	struct group_memo *m = memory_new(sizeof *m);

	if (m == NULL)
		return NULL;
	if (pthread_mutex_init(&m->lock, NULL) != 0) {
		free(m);
		return NULL;
	}
	if (pthread_cond_init(&m->tested, NULL) != 0) {
		(void)pthread_mutex_destroy(&m->lock);
		free(m);
		return NULL;
	}
	return m;
}

void group_memo_close(struct group_memo *m)
{
	struct known_group *known, *next;

	if (m == NULL)
		return;
	for (known = m->table; known != NULL; known = next) {
		next = known->hh.next;
		HASH_DEL(m->table, known);
		free(known);
	}
	(void)pthread_cond_destroy(&m->tested);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

struct group_totals group_memo_totals(struct group_memo *m)
{
	struct group_totals t;

	(void)pthread_mutex_lock(&m->lock);
	t = m->totals;
	(void)pthread_mutex_unlock(&m->lock);
	return t;
}

/* ---- numbers as they are ---- */

static struct bytes magnitude(struct bytes b)
{
	while (b.len != 0 && b.data[0] == 0)
		b = bytes_slice(b, 1, b.len);
	return b;
}

/* 1 < y < p - 1, for an odd p: p - 1 is p with its lowest bit cleared. */
static bool in_range(struct bytes y, struct bytes p)
{
	y = magnitude(y);
	p = magnitude(p);
	if (y.len == 0 || (y.len == 1 && y.data[0] == 1) || p.len == 0 || y.len > p.len)
		return false;
	if (y.len < p.len)
		return true;
	for (size_t i = 0; i + 1 < p.len; i++)
		if (y.data[i] != p.data[i])
			return y.data[i] < p.data[i];
	return y.data[p.len - 1] < (p.data[p.len - 1] & 0xfe);
}

void group_look(struct bytes p, struct bytes g, struct bytes y, struct dh_check *out)
{
	struct bytes number = magnitude(p);

	*out = (struct dh_check){ .generator_ok = in_range(g, p), .public_ok = in_range(y, p) };
	if (number.len == 0)
		return;
	out->prime_bits = (unsigned)number.len * 8;
	for (uint8_t top = number.data[0]; top < 0x80; top = (uint8_t)(top << 1))
		out->prime_bits--;
}

/* ---- claims and tests ---- */

static bool digest_of(struct bytes p, struct digest *out)
{
	p = magnitude(p);
	return crypto_hash(HASH_SHA256, &p, 1, out);
}

static struct known_group *find(struct group_memo *m, const struct digest *digest)
{
	struct known_group *known;

	HASH_FIND(hh, m->table, digest->data, DIGEST, known);
	return known;
}

/* Where there is no memory for it, the test comes without a claim. */
static void add(struct group_memo *m, const struct digest *digest, unsigned cost)
{
	struct known_group *fresh;

	if (HASH_COUNT(m->table) >= GROUPS_MAX)
		return;
	fresh = memory_new(sizeof *fresh);
	if (fresh == NULL)
		return;
	memcpy(fresh->digest, digest->data, DIGEST);
	fresh->reserved = cost;
	if (TABLE_ADD(m->table, digest, DIGEST, fresh))
		m->totals.cost += cost;
	else
		free(fresh);
}

bool group_memo_claim(struct group_memo *m, struct bytes p, uint64_t left)
{
	unsigned cost = crypto_dh_cost(p);
	struct digest digest;
	bool may;

	if (cost == 0 || !digest_of(p, &digest))
		return true;
	(void)pthread_mutex_lock(&m->lock);
	may = find(m, &digest) != NULL;
	if (!may && cost <= left) {
		add(m, &digest, cost);
		may = true;
	}
	(void)pthread_mutex_unlock(&m->lock);
	return may;
}

/* The lock is held, before and after. */
static void wait_or_test(struct group_memo *m, struct known_group *known, struct bytes p,
	struct bytes g, struct bytes y)
{
	struct dh_check check;

	while (known->stage == UNDER_TEST)
		(void)pthread_cond_wait(&m->tested, &m->lock);
	if (known->stage == TESTED)
		return;
	known->stage = UNDER_TEST;
	(void)pthread_mutex_unlock(&m->lock);
	crypto_dh_check(p, g, y, &check);
	(void)pthread_mutex_lock(&m->lock);
	known->check = check;
	known->stage = TESTED;
	m->totals.tested++;
	m->totals.cost = m->totals.cost - known->reserved + check.cost;
	(void)pthread_cond_broadcast(&m->tested);
}

static void test_alone(
	struct group_memo *m, struct bytes p, struct bytes g, struct bytes y, struct dh_check *out)
{
	crypto_dh_check(p, g, y, out);
	(void)pthread_mutex_lock(&m->lock);
	m->totals.tested += out->cost != 0;
	m->totals.cost += out->cost;
	(void)pthread_mutex_unlock(&m->lock);
}

void group_memo_check(
	struct group_memo *m, struct bytes p, struct bytes g, struct bytes y, struct dh_check *out)
{
	struct known_group *known = NULL;
	struct digest digest;

	if (crypto_dh_cost(p) != 0 && digest_of(p, &digest)) {
		(void)pthread_mutex_lock(&m->lock);
		known = find(m, &digest);
		if (known != NULL) {
			wait_or_test(m, known, p, g, y);
			*out = known->check;
		}
		(void)pthread_mutex_unlock(&m->lock);
	}
	if (known == NULL) {
		test_alone(m, p, g, y, out);
		return;
	}
	out->generator_ok = in_range(g, p);
	out->public_ok = in_range(y, p);
}
