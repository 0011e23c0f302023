/* Edit distance, where two letters exchanged count as one edit, as typing errors go. */
#include "cli/nearest.h"

#include <string.h>

enum { WORD_MAX = 40 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
	size_t row[3][WORD_MAX + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = least(last[j], now[j - 1]) + 1;
			now[j] = least(now[j], last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return row[n % 3][m];
}

size_t nearest(const char *word, size_t n, const char *(*candidate)(const void *ctx, size_t i),
	const void *ctx)
{
	size_t best = n, best_distance = strlen(word) < 5 ? 2 : strlen(word) / 3 + 1;

	for (size_t i = 0; i < n; i++) {
		const char *name = candidate(ctx, i);
		size_t d = distance(word, name);

		/* The beginning of a name is a good guess at it. */
		if (strlen(word) >= 3 && strncmp(word, name, strlen(word)) == 0)
			d = 1;
		if (d < best_distance) {
			best = i;
			best_distance = d;
		}
	}
	return best;
}
