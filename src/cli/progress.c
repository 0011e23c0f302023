/* Written again a few times a second at most, and wiped before the report. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seconds before the first line, and between two. */
static const double patience = 1.0, interval = 0.2;

static double now_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_start(struct progress *p, bool streaming)
{
	const char *term = getenv("TERM");

	*p = (struct progress){
		.wanted = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0 &&
			  !(streaming && isatty(STDOUT_FILENO)),
		.start = now_seconds(),
	};
}

void progress_show(struct progress *p, const struct tlsdiag_progress *now)
{
	double t = p->wanted ? now_seconds() : 0;

	if (!p->wanted || t - p->start < patience || t - p->at < interval)
		return;
	p->at = t;
	p->shown = true;
	(void)fprintf(stderr, "\r\033[K%" PRIu64 " MB", now->bytes / 1000000);
	if (now->total_bytes != 0)
		(void)fprintf(stderr, " of %" PRIu64 " (%" PRIu64 "%%)", now->total_bytes / 1000000,
			100 * now->bytes / now->total_bytes);
	(void)fprintf(stderr, ", %" PRIu64 " packets, %" PRIu64 " handshakes", now->packets,
		now->handshakes);
	(void)fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		(void)fputs("\r\033[K", stderr);
	p->shown = false;
}
