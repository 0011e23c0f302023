/* Started one by one, and no more after the first that cannot be had. */
#include "base/threads.h"

#include "base/processors.h"

size_t threads_useful(void)
{
	size_t n = processors_usable();

	return n < THREADS_MAX ? n : THREADS_MAX;
}

static void *begin(void *arg)
{
	const struct threads *t = arg;

	t->work(t->ctx);
	return NULL;
}

/* Threads read what to do while t->n still grows: it is not theirs. */
void threads_start(struct threads *t, size_t n, void (*work)(void *ctx), void *ctx)
{
	t->n = 0;
	t->work = work;
	t->ctx = ctx;
	if (n > THREADS_MAX)
		n = THREADS_MAX;
	while (t->n < n && pthread_create(&t->each[t->n], NULL, begin, t) == 0)
		t->n++;
}

void threads_join(struct threads *t)
{
	while (t->n != 0)
		(void)pthread_join(t->each[--t->n], NULL);
}

void threads_run(size_t n, void (*work)(void *ctx), void *ctx)
{
	struct threads others;

	threads_start(&others, n > 1 ? n - 1 : 0, work, ctx);
	work(ctx);
	threads_join(&others);
}
