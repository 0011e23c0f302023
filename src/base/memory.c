/* Requests for memory, and the count of those that were not met. */
#include "base/memory.h"

#include <stdatomic.h>
#include <string.h>

static atomic_uint_fast64_t failures;

void memory_note_failure(void)
{
	(void)atomic_fetch_add_explicit(&failures, 1, memory_order_relaxed);
}

uint64_t memory_failures(void)
{
	return atomic_load_explicit(&failures, memory_order_relaxed);
}

static void *noted(void *p)
{
	if (p == NULL)
		memory_note_failure();
	return p;
}

void *memory_get(size_t size)
{
	return noted(malloc(size != 0 ? size : 1));
}

void *memory_zeroed(size_t n, size_t size)
{
	return noted(n != 0 && size != 0 ? calloc(n, size) : calloc(1, 1));
}

void *memory_new(size_t size)
{
	return memory_zeroed(1, size);
}

void *memory_resize(void *p, size_t size)
{
	return noted(realloc(p, size != 0 ? size : 1));
}

char *memory_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = memory_get(size);

	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

bool memory_is_there(size_t size)
{
	void *room = memory_get(size);

	free(room);
	return room != NULL;
}
