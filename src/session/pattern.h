/*
 * Bytes that no random generator would give. Each answer has a chance of less than 2^-40 to be
 * wrong on true randomness.
 */
#ifndef TLSDIAG_SESSION_PATTERN_H
#define TLSDIAG_SESSION_PATTERN_H

#include "base/arena.h"

enum { PATTERN_BYTES_MIN = 20 };

/*
 * What is regular in b (20 to 32 bytes), as words: "every byte is 0xa5", "the bytes count up by
 * 1"; NULL: nothing, or too few bytes to tell. Text in the arena.
 */
const char *pattern_find(struct arena *a, struct bytes b);

/* False, and cheaper to ask, where neither b nor b without its first `skip` bytes has a pattern. */
bool pattern_likely(struct bytes b, size_t skip);

#endif
