/* Each server's findings are ranked already: they are only taken severity by severity. */
#include "report/handshakes/ranked.h"

#include "base/memory.h"

#include <stdlib.h>

static size_t count(const struct desk *d)
{
	size_t n = 0;

	for (size_t i = 0; i < desk_n_servers(d); i++)
		n += desk_server(d, i)->n_findings;
	return n;
}

static size_t take(const struct desk *d, enum severity severity, struct ranked *out)
{
	size_t n = 0;

	for (size_t i = 0; i < desk_n_servers(d); i++) {
		const struct server_result *s = desk_server(d, i);

		for (size_t k = 0; k < s->n_findings; k++)
			if (s->findings[k].severity == severity)
				out[n++] = (struct ranked){ s, &s->findings[k] };
	}
	return n;
}

struct ranked *ranked_findings(const struct desk *d, size_t *n)
{
	size_t all = count(d);
	struct ranked *list = all != 0 ? memory_zeroed(all, sizeof *list) : NULL;

	*n = 0;
	if (list == NULL)
		return NULL;
	for (int severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++)
		*n += take(d, (enum severity)severity, list + *n);
	return list;
}
