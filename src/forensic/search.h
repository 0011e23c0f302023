/* Trying numbered candidates on every core, with the same answer as one core would give. Internal
 * to forensic. */
#ifndef TLSDIAG_FORENSIC_SEARCH_H
#define TLSDIAG_FORENSIC_SEARCH_H

#include "forensic/budget.h"

#include <stddef.h>

struct search {
	size_t n;                               /* candidates are 0 to n - 1, the likeliest first */
	bool (*try)(const void *ctx, size_t i); /* pure: runs in several threads at once */
	const void *ctx;
};

#define SEARCH_MISS SIZE_MAX

struct search_result {
	size_t hit; /* the lowest candidate for which try() is true, or SEARCH_MISS */
	size_t tried; /* candidates up to and with the hit; without one, how many there was time for */
	bool out_of_budget;
};

struct search_result search_run(const struct search *s, struct budget *b);

#endif
