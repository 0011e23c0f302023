/* A stack under a lock; how many arenas wait in it is bounded. */
#include "session/pool.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

/*
 * The first block of an arena holds a common handshake whole: its struct, a dozen events and the
 * bodies of its messages.
 */
enum { FIRST_BLOCK = 32 * 1024, IDLE_MAX = 64 };

struct handshake_pool {
	pthread_mutex_t lock;
	size_t limit;
	size_t out; /* arenas that have not come back */
	size_t n_idle;
	bool closed;
	struct arena *idle[IDLE_MAX];
};

struct handshake_pool *pool_open(size_t limit)
{
	struct handshake_pool *p = memory_new(sizeof *p);

	if (p == NULL)
		return NULL;
	if (pthread_mutex_init(&p->lock, NULL) != 0) {
		free(p);
		return NULL;
	}
	p->limit = limit;
	return p;
}

static void pool_free(struct handshake_pool *p)
{
	for (size_t i = 0; i < p->n_idle; i++)
		arena_free(p->idle[i]);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

void pool_close(struct handshake_pool *p)
{
	bool last;

	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->closed = true;
	last = p->out == 0;
	(void)pthread_mutex_unlock(&p->lock);
	if (last)
		pool_free(p);
}

struct arena *pool_take(struct handshake_pool *p)
{
	struct arena *a = NULL;

	(void)pthread_mutex_lock(&p->lock);
	p->out++;
	if (p->n_idle != 0)
		a = p->idle[--p->n_idle];
	(void)pthread_mutex_unlock(&p->lock);
	if (a == NULL && (a = arena_new_sized(p->limit, FIRST_BLOCK)) == NULL) {
		(void)pthread_mutex_lock(&p->lock);
		p->out--;
		(void)pthread_mutex_unlock(&p->lock);
	}
	return a;
}

void pool_give_back(struct handshake_pool *p, struct arena *a)
{
	bool last;

	arena_reset(a);
	(void)pthread_mutex_lock(&p->lock);
	p->out--;
	if (!p->closed && p->n_idle < IDLE_MAX) {
		p->idle[p->n_idle++] = a;
		a = NULL;
	}
	last = p->closed && p->out == 0;
	(void)pthread_mutex_unlock(&p->lock);
	arena_free(a);
	if (last)
		pool_free(p);
}
