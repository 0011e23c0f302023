/*
 * Blocks of candidates are handed out in order. A thread that meets a hit goes on for no higher
 * block, and all lower ones are finished, so that the lowest hit wins whoever is faster.
 */
#include "forensic/search.h"

#include "base/threads.h"

enum { BLOCK = 32 };

struct shared {
	const struct search *search;
	struct budget *budget;
	atomic_size_t next; /* first candidate of the next block */
	atomic_size_t hit;
	atomic_size_t tried; /* in whole blocks */
};

static void note_hit(struct shared *sh, size_t i)
{
	size_t best = atomic_load(&sh->hit);

	while (i < best && !atomic_compare_exchange_weak(&sh->hit, &best, i))
		;
}

static size_t try_block(struct shared *sh, size_t from)
{
	const struct search *s = sh->search;
	size_t end = s->n - from < BLOCK ? s->n : from + BLOCK;

	for (size_t i = from; i < end; i++)
		if (s->try(s->ctx, i)) {
			note_hit(sh, i);
			return i + 1 - from;
		}
	return end - from;
}

static void work(void *ctx)
{
	struct shared *sh = ctx;
	struct meter meter = meter_start(sh->budget);

	while (meter_charge(&meter)) {
		size_t from = atomic_fetch_add(&sh->next, BLOCK);

		if (from >= sh->search->n || from > atomic_load(&sh->hit))
			break;
		atomic_fetch_add(&sh->tried, try_block(sh, from));
	}
	meter_charge(&meter);
}

static size_t threads_for(size_t n)
{
	size_t most = threads_useful(), blocks = (n + BLOCK - 1) / BLOCK;

	return blocks < most ? blocks : most;
}

struct search_result search_run(const struct search *s, struct budget *b)
{
	struct shared sh = { .search = s, .budget = b };
	struct search_result r;

	atomic_init(&sh.next, 0);
	atomic_init(&sh.hit, SEARCH_MISS);
	atomic_init(&sh.tried, 0);
	threads_run(threads_for(s->n), work, &sh);
	r.hit = atomic_load(&sh.hit);
	r.tried = r.hit != SEARCH_MISS ? r.hit + 1 : atomic_load(&sh.tried);
	r.out_of_budget = r.hit == SEARCH_MISS && r.tried < s->n;
	return r;
}
