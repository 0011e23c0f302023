/* What limits of our own made `check` leave out, as a run's report tells it (door/limits.c). */
#include "report/files/limits.h"

#include "base/array.h"

#include <stdio.h>

size_t files_limits(
	const struct presented_chains *chains, struct files_limit out[static FILES_LIMITS_MAX])
{
	struct files_limit rows[FILES_LIMITS_MAX] = {
		{ "presented", 0,
			"certificate stands behind the 256th of its chain: who refuses it was not "
			"asked",
			"certificates stand behind the 256th of their chain: who refuses them was "
			"not asked" },
		{ "properties", 0,
			"chain has more properties that somebody may refuse than are kept: the "
			"first are",
			"chains have more properties that somebody may refuse than are kept: the "
			"first are" },
	};
	size_t n = 0;

	for (size_t i = 0; chains != NULL && i < chains->n; i++) {
		rows[0].count += chains->list[i].n_left_out;
		rows[1].count += chains->list[i].properties.cut;
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].count != 0)
			out[n++] = rows[i];
	return n;
}

const char *files_limit_text(const struct files_limit *limit, char out[static FILES_LIMIT_TEXT])
{
	(void)snprintf(out, FILES_LIMIT_TEXT, "%llu %s", (unsigned long long)limit->count,
		limit->count == 1 ? limit->one : limit->many);
	return out;
}
