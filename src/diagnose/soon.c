/* Whole days are counted, as `days-left` does: what has begun is no day left. */
#include "diagnose/soon.h"

#include <stdio.h>

enum { DAY = 86400 };

const struct path_step *soon_step(const struct chain_judgement *j, int64_t at, unsigned days)
{
	const struct path_step *first = NULL;

	for (size_t i = 0; i < j->n_steps; i++) {
		const struct path_step *s = &j->step[i];

		if (!s->cert->has_dates || s->expired || s->not_yet)
			continue;
		if (first == NULL || s->cert->not_after < first->cert->not_after)
			first = s;
	}
	if (first == NULL || (first->cert->not_after - at) / DAY >= (int64_t)days)
		return NULL;
	return first;
}

void soon_left(const struct path_step *step, int64_t at, char out[static 32])
{
	long long days = (long long)((step->cert->not_after - at) / DAY);

	if (days == 0)
		(void)snprintf(out, 32, "less than a day");
	else
		(void)snprintf(out, 32, "%lld day%s", days, days == 1 ? "" : "s");
}
