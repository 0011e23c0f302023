/*
 * A round is one workers_run(): the jobs are handed out by a counter, and the round is over when as
 * many have been finished as there are. Threads sleep between rounds.
 */
#include "door/workers.h"

#include "base/memory.h"
#include "base/threads.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	void (*job)(void *ctx, size_t i);
	void *ctx;
	size_t n, next, finished;
	bool closing, started;
	struct threads threads; /* besides the caller */
};

struct workers *workers_open(void)
{
	struct workers *p = memory_new(sizeof *p);

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

static void worker(void *ctx)
{
	struct workers *p = ctx;

	pthread_mutex_lock(&p->lock);
	while (!p->closing) {
		take_jobs(p);
		pthread_cond_wait(&p->work, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}

void workers_run(struct workers *p, size_t n, void (*job)(void *ctx, size_t i), void *ctx)
{
	if (n < 2) {
		if (n == 1)
			job(ctx, 0);
		return;
	}
	if (!p->started)
		threads_start(&p->threads, threads_useful() - 1, worker, p);
	p->started = true;
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
	threads_join(&p->threads);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
