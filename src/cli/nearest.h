/* "Did you mean ...?" */
#ifndef TLSDIAG_CLI_NEAREST_H
#define TLSDIAG_CLI_NEAREST_H

#include <stddef.h>

/*
 * The index of the candidate that word is most likely a misspelling of; n when none is near.
 * candidate(ctx, i) gives the i-th name.
 */
size_t nearest(const char *word, size_t n, const char *(*candidate)(const void *ctx, size_t i),
	const void *ctx);

#endif
