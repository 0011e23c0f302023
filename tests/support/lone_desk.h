/*
 * A desk with the results of one sample on it, in place of the real one. Include it in one test
 * file: it defines the functions through which a report reads a desk.
 */
#ifndef TESTS_SUPPORT_LONE_DESK_H
#define TESTS_SUPPORT_LONE_DESK_H

#include "support/sample.h"

#include <stdio.h>
#include <stdlib.h>

struct desk {
	const struct server_result *results[8];
	size_t n_results;
	struct desk_summary summary;
};

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

static inline struct desk lone_desk(const struct sample *s)
{
	return (struct desk){ .results = { &s->result }, .n_results = 1, .summary = s->summary };
}

/* The whole report on these handshakes, as text that the caller frees. */
static inline char *whole_report(
	const struct sample *s, const struct desk *d, const struct report_options *o)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct err e;
	struct report *r = report_open(f, o, &e);

	report_begin(r, &s->input);
	for (size_t i = 0; i < s->file.n_kept; i++)
		report_handshake(r, s->file.kept[i]);
	(void)report_end(r, &s->input, d, &e);
	report_close(r);
	(void)fclose(f);
	return text;
}

static inline char *sample_report(const struct sample *s, const struct report_options *o)
{
	struct desk d = lone_desk(s);

	return whole_report(s, &d, o);
}

#endif
