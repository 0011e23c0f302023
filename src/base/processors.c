/*
 * sysconf() reads a file of /sys each time, which a sandbox forbids, and counts processors that the
 * process is kept from.
 */
#define _GNU_SOURCE /* sched_getaffinity() */

#include "base/processors.h"

#include <sched.h>
#include <unistd.h>

#ifdef __linux__
static long count(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}
#else
static long count(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}
#endif

size_t processors_usable(void)
{
	long n = count();

	return n > 1 ? (size_t)n : 1;
}
