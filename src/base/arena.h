/*
 * An arena: memory that is freed all at once, with a budget.
 *
 * One arena belongs to one handshake, or to one run. Nothing inside has a free function.
 */
#ifndef TLSDIAG_BASE_ARENA_H
#define TLSDIAG_BASE_ARENA_H

#include "base/bytes.h"

struct arena;

/* An empty arena that will hold at most `limit` bytes; NULL when memory is out. */
struct arena *arena_new(size_t limit);
/* The same, with a first block of `first` bytes: what arena_reset() keeps. */
struct arena *arena_new_sized(size_t limit, size_t first);
void arena_free(struct arena *a); /* accepts NULL */

/* Forgets everything and keeps the first block, so that the arena can be used again cheaply. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type; NULL when the budget or the memory is used up. */
void *arena_alloc(struct arena *a, size_t size);
/* The same, with anything in it. */
void *arena_alloc_raw(struct arena *a, size_t size);

/* Copies; an empty copy has a non-NULL pointer. {NULL, 0} / NULL when out of budget. */
struct bytes arena_copy(struct arena *a, struct bytes b);
char *arena_str(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

size_t arena_used(const struct arena *a); /* bytes held from the system */
bool arena_failed(const struct arena *a); /* an allocation was refused since the last reset */

#endif
