/* Time of threads, not of the clock: on a busy machine a search gets as far as on an idle one. */
#include "forensic/budget.h"

#include <time.h>

static uint64_t thread_time(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void budget_init(struct budget *b, double seconds)
{
	const double longest = 1e9; /* some thirty years: no overflow below */

	b->limit = (uint64_t)((seconds < longest ? seconds : longest) * 1e9);
	atomic_init(&b->spent, 0);
}

bool budget_left(const struct budget *b)
{
	return atomic_load(&b->spent) < b->limit;
}

struct meter meter_start(struct budget *b)
{
	return (struct meter){ b, thread_time() };
}

bool meter_charge(struct meter *m)
{
	uint64_t now = thread_time();

	atomic_fetch_add(&m->budget->spent, now - m->last);
	m->last = now;
	return budget_left(m->budget);
}
