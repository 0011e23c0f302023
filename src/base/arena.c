/*
 * Blocks that grow with what is asked of them, one behind the other; the budget counts what they
 * take from the system.
 */
#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 4096, BLOCK = 16384 };

struct block {
	struct block *next;
	size_t size, used;
	max_align_t data[];
};

struct arena {
	struct block *head;  /* the block in use */
	struct block *first; /* kept by arena_reset() */
	size_t limit, held;
	bool failed;
};

static struct block *block_new(struct arena *a, size_t size)
{
	struct block *b;

	if (size > a->limit - a->held || (b = memory_get(sizeof *b + size)) == NULL) {
		a->failed = true;
		return NULL;
	}
	b->next = a->head;
	b->size = size;
	b->used = 0;
	a->held += size;
	a->head = b;
	return b;
}

struct arena *arena_new(size_t limit)
{
	return arena_new_sized(limit, FIRST_BLOCK);
}

struct arena *arena_new_sized(size_t limit, size_t first)
{
	struct arena *a = memory_new(sizeof *a);

	if (a == NULL)
		return NULL;
	a->limit = limit;
	a->first = block_new(a, limit < first ? limit : first);
	if (a->first == NULL) {
		free(a);
		return NULL;
	}
	return a;
}

static void blocks_free(struct arena *a, const struct block *keep)
{
	struct block *b = a->head;

	while (b != NULL && b != keep) {
		struct block *next = b->next;

		a->held -= b->size;
		free(b);
		b = next;
	}
	a->head = b;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	blocks_free(a, NULL);
	free(a);
}

void arena_reset(struct arena *a)
{
	blocks_free(a, a->first);
	a->first->used = 0;
	a->failed = false;
}

void *arena_alloc_raw(struct arena *a, size_t size)
{
	const size_t align = sizeof(max_align_t);
	struct block *b = a->head;
	uint8_t *p;

	if (size > SIZE_MAX - align) {
		a->failed = true;
		return NULL;
	}
	size = (size + align - 1) / align * align;
	if (size > b->size - b->used) {
		size_t want = size > BLOCK / 4 ? size : BLOCK;

		if (want > a->limit - a->held && size <= a->limit - a->held)
			want = a->limit - a->held;
		b = block_new(a, want);
		if (b == NULL)
			return NULL;
	}
	p = (uint8_t *)b->data + b->used;
	b->used += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p = arena_alloc_raw(a, size);

	if (p != NULL)
		memset(p, 0, size);
	return p;
}

struct bytes arena_copy(struct arena *a, struct bytes b)
{
	uint8_t *p = arena_alloc_raw(a, b.len != 0 ? b.len : 1);

	if (p == NULL)
		return bytes_of(NULL, 0);
	if (b.len != 0)
		memcpy(p, b.data, b.len);
	return bytes_of(p, b.len);
}

char *arena_str(struct arena *a, const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = arena_alloc_raw(a, n);

	if (p != NULL)
		memcpy(p, s, n);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p = NULL;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0 && (p = arena_alloc_raw(a, (size_t)n + 1)) != NULL)
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

size_t arena_used(const struct arena *a)
{
	return a->held;
}

bool arena_failed(const struct arena *a)
{
	return a->failed;
}
