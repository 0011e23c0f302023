/*
 * A round is one workers_run(): the jobs are handed out by a counter, and the round is over when as
 * many have been finished as there are. Threads sleep between rounds.
 */
#include "door/workers.h"

#include "base/memory.h"
#include "base/processors.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { THREADS_MAX = 63 }; /* besides the caller */

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	void (*job)(void *ctx, size_t i);
	void *ctx;
	size_t n, next, finished;
	bool closing, started;
	pthread_t threads[THREADS_MAX];
	size_t n_threads;
};

struct workers *workers_open(void)
{
	struct workers *p = memory_zeroed(1, sizeof *p);

	if (p == NULL)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	return p;
}

/* Does jobs of this round until none is left; the lock is held on entry and on return. */
static void take_jobs(struct workers *p)
{
	while (p->next < p->n) {
		size_t i = p->next++;

		pthread_mutex_unlock(&p->lock);
		p->job(p->ctx, i);
		pthread_mutex_lock(&p->lock);
		if (++p->finished == p->n)
			pthread_cond_signal(&p->done);
	}
}

static void *worker(void *arg)
{
	struct workers *p = arg;

	pthread_mutex_lock(&p->lock);
	while (!p->closing) {
		take_jobs(p);
		pthread_cond_wait(&p->work, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* A thread that cannot be had is no failure: the others do its work. */
static void start_threads(struct workers *p)
{
	size_t wanted = processors_usable() - 1;

	p->started = true;
	if (wanted > THREADS_MAX)
		wanted = THREADS_MAX;
	while (p->n_threads < wanted &&
		pthread_create(&p->threads[p->n_threads], NULL, worker, p) == 0)
		p->n_threads++;
}

void workers_run(struct workers *p, size_t n, void (*job)(void *ctx, size_t i), void *ctx)
{
	if (n < 2) {
		if (n == 1)
			job(ctx, 0);
		return;
	}
	if (!p->started)
		start_threads(p);
	pthread_mutex_lock(&p->lock);
	p->job = job;
	p->ctx = ctx;
	p->n = n;
	p->next = 0;
	p->finished = 0;
	pthread_cond_broadcast(&p->work);
	take_jobs(p);
	while (p->finished < p->n)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void workers_close(struct workers *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->n_threads; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
