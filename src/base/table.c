/* The key of this process's hash tables, and the hash under it. */
#include "base/table.h"

#include "base/siphash.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

static uint64_t key[2];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_bool drawn;

/* Without a source of randomness: where the loader put us, and when, is not known beforehand. */
static void draw(void)
{
	if (getrandom(key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key) {
		struct timespec now = { 0 };

		(void)clock_gettime(CLOCK_REALTIME, &now);
		key[0] = (uint64_t)(uintptr_t)&now ^ (uint64_t)(uintptr_t)&key << 20;
		key[1] = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec ^
			 (uint64_t)clock() << 40;
	}
	atomic_store_explicit(&drawn, true, memory_order_release);
}

const uint64_t *table_key(void)
{
	if (!atomic_load_explicit(&drawn, memory_order_acquire))
		(void)pthread_once(&once, draw);
	return key;
}

void table_set_key(const uint64_t wanted[static 2])
{
	(void)table_key();
	key[0] = wanted[0];
	key[1] = wanted[1];
}

uint64_t table_hash(struct bytes b)
{
	return siphash_of(table_key(), b);
}
