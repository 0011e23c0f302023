/*
 * Memory from the system. A request that cannot be met gives NULL as ever, and is counted: whoever
 * goes on without what it could not get leaves something out, and a run says so at its end, wherever
 * that was. free() gives everything back.
 *
 * A library that reports "out of memory" for itself is counted with memory_note_failure().
 * tests/lint/memory.sh holds the rest of src to these functions.
 */
#ifndef TLSDIAG_BASE_MEMORY_H
#define TLSDIAG_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

void *memory_get(size_t size) __attribute__((malloc, warn_unused_result));
/* Zeroed: one of that size, */
void *memory_new(size_t size) __attribute__((malloc, warn_unused_result));
/* ... or n elements. */
void *memory_zeroed(size_t n, size_t size) __attribute__((malloc, warn_unused_result));
/* Where it fails, what was there stays as it is. */
void *memory_resize(void *p, size_t size) __attribute__((warn_unused_result));
char *memory_text(const char *text) __attribute__((malloc, warn_unused_result));

/*
 * Is so much to be had? For a call of a library that does not bear to get none halfway: what follows at
 * once will most likely find it.
 */
bool memory_is_there(size_t size);

void memory_note_failure(void);
/* Requests of this process that were not met so far; any thread may ask. */
uint64_t memory_failures(void);

#endif
