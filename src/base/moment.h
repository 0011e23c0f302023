/*
 * Arithmetic on points in time, in ns since 1970. Any 64-bit number may stand in a capture as a time,
 * so differences are kept within what 64 bits hold.
 */
#ifndef TLSDIAG_BASE_MOMENT_H
#define TLSDIAG_BASE_MOMENT_H

#include <stdint.h>

/* later - earlier, or the nearest number there is. */
static inline int64_t moment_apart(int64_t later, int64_t earlier)
{
	int64_t apart;

	if (__builtin_sub_overflow(later, earlier, &apart))
		return later > earlier ? INT64_MAX : INT64_MIN;
	return apart;
}

/* Sum of two durations, or the nearest number there is. */
static inline int64_t moment_sum(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

/* The second it lies in; those before 1970 are negative. */
static inline int64_t moment_seconds(int64_t ns)
{
	return ns / 1000000000 - (ns % 1000000000 < 0);
}

#endif
