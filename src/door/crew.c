/*
 * A probe that finds no socket or no memory left has learned nothing of its target: it waits until
 * another one has given its own back, and is made again. Where no other one is under way it waits a
 * moment, as the want may be another program's.
 */
#include "door/crew.h"

#include "base/memory.h"
#include "base/threads.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum {
	DESCRIPTORS_EACH = 4,   /* a socket, or what a resolver opens for a moment */
	DESCRIPTORS_SEEN = 256, /* of those that are open, so many are looked for */
	AGAIN_MAX = 20,         /* times that one which is alone waits AGAIN_MS */
	AGAIN_MS = 100,
};

static_assert((int)CREW_MAX <= (int)THREADS_MAX, "as many threads as probes at a time");

/* The mutex guards all but the options and what a job under way holds. */
struct crew {
	struct probe_options options;
	struct crew_job *jobs;
	size_t n_jobs, begun;
	size_t given; /* the one that is waited for, or is in the reader's hands (`out`) */
	bool out;
	size_t held;
	unsigned running;
	bool closing;
	struct threads threads;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
};

/* ---- how many at a time ---- */

static size_t descriptors_left(void)
{
	struct rlimit limit;
	size_t open = 0;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return (size_t)DESCRIPTORS_EACH * CREW_MAX;
	for (int fd = 0; fd < DESCRIPTORS_SEEN && (rlim_t)fd < limit.rlim_cur; fd++)
		open += fcntl(fd, F_GETFD) != -1;
	return limit.rlim_cur > open ? (size_t)(limit.rlim_cur - open) : 0;
}

unsigned crew_size(unsigned wanted, size_t descriptors)
{
	size_t most = descriptors / DESCRIPTORS_EACH;

	if (wanted > CREW_MAX)
		wanted = CREW_MAX;
	if (wanted > most)
		wanted = (unsigned)most;
	return wanted < 1 ? 1 : wanted;
}

/* ---- one target ---- */

/* Waits for what is wanting; false when it is not to be had. The mutex is held. */
static bool wait_for_more(struct crew *c, unsigned *alone)
{
	static const struct timespec moment = { .tv_nsec = AGAIN_MS * 1000000L };

	if (c->closing || *alone == AGAIN_MAX)
		return false;
	if (c->running > 1) {
		c->running--;
		(void)pthread_cond_wait(&c->changed, &c->mutex);
		c->running++;
		return true;
	}
	++*alone;
	(void)pthread_mutex_unlock(&c->mutex);
	(void)nanosleep(&moment, NULL);
	(void)pthread_mutex_lock(&c->mutex);
	return true;
}

static bool starved(const struct crew_job *j)
{
	return j->ok ? j->probe.starved : j->err.code == ERR_MEMORY;
}

/* The mutex is held on entry and on return. */
static void do_job(struct crew *c, struct crew_job *j)
{
	unsigned alone = 0;
	bool again;

	c->running++;
	do {
		(void)pthread_mutex_unlock(&c->mutex);
		j->ok = probe_run(&c->options, &j->target, &j->probe, &j->err);
		(void)pthread_mutex_lock(&c->mutex);
		again = starved(j) && wait_for_more(c, &alone);
		if (again)
			probe_free(&j->probe);
	} while (again);
	c->running--;
	j->held = probe_memory(&j->probe);
	c->held += j->held;
	j->done = true;
	(void)pthread_cond_broadcast(&c->changed);
}

/* What the reader waits for is never held back. */
static bool may_begin(const struct crew *c)
{
	return c->begun <= c->given || c->held < CREW_HELD_MAX;
}

static void work(void *ctx)
{
	struct crew *c = ctx;

	(void)pthread_mutex_lock(&c->mutex);
	while (!c->closing && c->begun < c->n_jobs) {
		if (may_begin(c))
			do_job(c, &c->jobs[c->begun++]);
		else
			(void)pthread_cond_wait(&c->changed, &c->mutex);
	}
	(void)pthread_mutex_unlock(&c->mutex);
}

/* ---- all of them ---- */

/* Without threads to be had, or for a single target, who reads does the work. */
static void start(struct crew *c, unsigned jobs)
{
	unsigned wanted = c->n_jobs < jobs ? (unsigned)c->n_jobs : jobs;
	size_t size = wanted > 1 ? crew_size(wanted, descriptors_left()) : c->n_jobs != 0;

	c->options.way.bytes = size != 0 ? CREW_BYTES / size : 0;
	threads_start(&c->threads, size > 1 ? size : 0, work, c);
}

struct crew *crew_open(
	const struct probe_options *o, const struct target *targets, size_t n, unsigned jobs)
{
	struct crew *c = memory_new(sizeof *c);

	if (c == NULL || (c->jobs = memory_zeroed(n + 1, sizeof *c->jobs)) == NULL) {
		free(c);
		return NULL;
	}
	c->options = *o;
	c->n_jobs = n;
	for (size_t i = 0; i < n; i++)
		c->jobs[i].target = targets[i];
	(void)pthread_mutex_init(&c->mutex, NULL);
	(void)pthread_cond_init(&c->changed, NULL);
	start(c, jobs);
	return c;
}

/* The one before was read: what was said with it is not needed any more. */
static void give_back(struct crew *c, struct crew_job *j)
{
	if (!j->done)
		return;
	probe_free(&j->probe);
	c->held -= j->held;
	j->done = false;
}

struct crew_job *crew_next(struct crew *c)
{
	struct crew_job *j;

	(void)pthread_mutex_lock(&c->mutex);
	if (c->out) {
		give_back(c, &c->jobs[c->given++]);
		(void)pthread_cond_broadcast(&c->changed);
	}
	j = c->given < c->n_jobs ? &c->jobs[c->given] : NULL;
	if (j != NULL && c->threads.n == 0) {
		c->begun++;
		do_job(c, j);
	}
	while (j != NULL && !j->done)
		(void)pthread_cond_wait(&c->changed, &c->mutex);
	c->out = j != NULL;
	(void)pthread_mutex_unlock(&c->mutex);
	return j;
}

void crew_close(struct crew *c)
{
	if (c == NULL)
		return;
	(void)pthread_mutex_lock(&c->mutex);
	c->closing = true;
	(void)pthread_cond_broadcast(&c->changed);
	(void)pthread_mutex_unlock(&c->mutex);
	threads_join(&c->threads);
	for (size_t i = 0; i < c->n_jobs; i++)
		give_back(c, &c->jobs[i]);
	(void)pthread_cond_destroy(&c->changed);
	(void)pthread_mutex_destroy(&c->mutex);
	free(c->jobs);
	free(c);
}
