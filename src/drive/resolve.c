/*
 * getaddrinfo() knows no time: it asks server after server, for as long as the system's configuration
 * says. So a thread asks, and we wait for it no longer than we may. An address needs nobody to be
 * asked, and no thread.
 */
#include "drive/resolve.h"

#include "base/memory.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What is asked and answered; it belongs to who asks and who answers, and goes with the last. */
struct question {
	struct target target;
	struct addrinfo *list;
	int code, error;
	bool answered, left; /* under the mutex: the answer is there; nobody waits any more */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
};

static void ask(struct question *q, int flags)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = flags,
		.ai_family = q->target.family == 4   ? AF_INET
			     : q->target.family == 6 ? AF_INET6
						     : AF_UNSPEC };
	char port[8];

	(void)snprintf(port, sizeof port, "%u", (unsigned)q->target.port);
	q->code = getaddrinfo(q->target.host, port, &hints, &q->list);
	q->error = errno;
}

/*
 * glibc (2.36) ends in a null pointer when the first look-up of a process does not get its memory: so
 * first it is seen whether there is any.
 */
static void look_up(struct question *q)
{
	enum { LOOK_UP_BYTES = 256 << 10 };

	if (memory_is_there(LOOK_UP_BYTES))
		ask(q, 0);
	else
		q->code = EAI_MEMORY;
}

static void question_free(struct question *q)
{
	if (q->list != NULL)
		freeaddrinfo(q->list);
	(void)pthread_cond_destroy(&q->changed);
	(void)pthread_mutex_destroy(&q->mutex);
	free(q);
}

static struct question *question_new(const struct target *t)
{
	struct question *q = memory_new(sizeof *q);
	pthread_condattr_t monotonic;

	if (q == NULL)
		return NULL;
	q->target = *t;
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&q->changed, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	(void)pthread_mutex_init(&q->mutex, NULL);
	return q;
}

static void *answer(void *ctx)
{
	struct question *q = ctx;
	bool left;

	look_up(q);
	(void)pthread_mutex_lock(&q->mutex);
	q->answered = true;
	left = q->left;
	(void)pthread_cond_signal(&q->changed);
	(void)pthread_mutex_unlock(&q->mutex);
	if (left)
		question_free(q);
	return NULL;
}

static struct timespec moment_in(int ms)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/* False: the time is over, and the question is not ours any more. */
static bool wait_for(struct question *q, int ms)
{
	struct timespec moment = moment_in(ms > 0 ? ms : 0);
	bool answered;
	int code = 0;

	(void)pthread_mutex_lock(&q->mutex);
	while (!q->answered && code == 0)
		code = pthread_cond_timedwait(&q->changed, &q->mutex, &moment);
	answered = q->answered;
	q->left = !answered;
	(void)pthread_mutex_unlock(&q->mutex);
	return answered;
}

/* Without a thread to be had the resolver's own bounds have to do. */
static bool ask_aside(struct question *q, int ms)
{
	pthread_attr_t detached;
	pthread_t thread;
	int code;

	(void)pthread_attr_init(&detached);
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	code = pthread_create(&thread, &detached, answer, q);
	(void)pthread_attr_destroy(&detached);
	if (code == 0)
		return wait_for(q, ms);
	look_up(q);
	return true;
}

/* A resolver that can open no file and no socket finds no name: that says nothing of the name. */
static bool out_of_descriptors(int *error)
{
	int fd = dup(STDERR_FILENO);

	*error = errno;
	if (fd >= 0)
		(void)close(fd);
	return fd < 0 && (*error == EMFILE || *error == ENFILE);
}

static bool want_of_ours(const struct question *q, int *error)
{
	*error = q->code == EAI_MEMORY ? ENOMEM : q->error;
	if (*error == ENOMEM)
		memory_note_failure();
	if (q->code == EAI_MEMORY ||
		(q->code == EAI_SYSTEM &&
			(q->error == EMFILE || q->error == ENFILE || q->error == ENOMEM)))
		return true;
	return out_of_descriptors(error);
}

static bool take_answer(struct question *q, struct resolved *out)
{
	const char *why = q->code == EAI_SYSTEM ? strerror(q->error) : gai_strerror(q->code);
	int error = 0;

	out->list = q->list;
	q->list = NULL;
	if (q->code != 0 && want_of_ours(q, &error)) {
		out->ours = true;
		why = strerror(error);
	}
	if (q->code != 0)
		(void)snprintf(out->error, sizeof out->error, "%s", why);
	return q->code == 0;
}

bool resolve(const struct target *t, int timeout_ms, struct resolved *out)
{
	struct question *q = question_new(t);
	bool ok;

	*out = (struct resolved){ .ours = q == NULL };
	if (q == NULL) {
		(void)snprintf(out->error, sizeof out->error, "%s", strerror(ENOMEM));
		return false;
	}
	ask(q, AI_NUMERICHOST);
	if (q->code == EAI_NONAME && !ask_aside(q, timeout_ms)) {
		(void)snprintf(
			out->error, sizeof out->error, "the resolver has not answered in time");
		return false;
	}
	ok = take_answer(q, out);
	question_free(q);
	return ok;
}
