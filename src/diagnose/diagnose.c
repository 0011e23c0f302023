/*
 * The desk as others see it. Memory stays bounded whatever the input: of each server the first failed
 * handshakes and a few completed ones are kept, the rest is counted.
 */
#include "diagnose/desk.h"

#include <stdlib.h>

enum { FINDING_BYTES = 8 << 20 }; /* texts of all findings */

struct desk *desk_open(const struct evidence *ev, const struct diagnose_options *o)
{
	struct desk *d = memory_new(sizeof *d);

	if (d == NULL || (d->arena = arena_new(FINDING_BYTES)) == NULL) {
		free(d);
		return NULL;
	}
	d->evidence = ev;
	d->options = *o;
	return d;
}

bool desk_memory_ran_out(const struct desk *d)
{
	return memory_failures() != d->options.memory_failures;
}

static void withhold(struct examined *ex)
{
	static char why[] = "this machine failed: it ran out of memory, or its library erred";

	if (ex->hs->outcome == OUTCOME_FAILED)
		ex->hs->outcome = OUTCOME_INCOMPLETE;
	for (size_t i = 0; i < N_CHECKS; i++)
		if (ex->answers[i].status != NOT_APPLICABLE)
			ex->answers[i] = (struct answer){ .status = UNKNOWN, .message = why };
}

void desk_examine(struct desk *d, struct handshake *hs, struct examined *out)
{
	const struct server *s;

	out->hs = hs;
	memset(&out->autopsy, 0, sizeof out->autopsy);
	out->accepted_in = 0;
	kept_ask(hs, d->options.quiet, out->answers);
	if (desk_memory_ran_out(d) || hs->self_failed)
		withhold(out);
	s = listed_add(d, out);
	out->server = s != NULL ? s->file.number : 0;
}

void desk_keep(struct desk *d, struct examined *ex)
{
	struct server *s = listed_find(d, ex);
	uint64_t *count[] = {
		[OUTCOME_COMPLETED] = &d->summary.completed,
		[OUTCOME_FAILED] = &d->summary.failed,
		[OUTCOME_INCOMPLETE] = &d->summary.incomplete,
	};

	d->summary.handshakes++;
	++*count[ex->hs->outcome];
	listed_count(d, s, ex);
	if (s != NULL && kept_add(d, s, ex))
		return;
	handshake_free(ex->hs);
	ex->hs = NULL;
}

size_t desk_n_servers(const struct desk *d)
{
	return d->n_results;
}

const struct server_result *desk_server(const struct desk *d, size_t i)
{
	return d->results[i];
}

struct desk_summary desk_summary(const struct desk *d)
{
	return d->summary;
}

void desk_close(struct desk *d)
{
	if (d == NULL)
		return;
	listed_free(d);
	free(d->results);
	arena_free(d->arena);
	free(d);
}
