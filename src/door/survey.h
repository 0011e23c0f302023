/* Questions to a live server: each a connection of its own, read back like a capture. */
#ifndef TLSDIAG_DOOR_SURVEY_H
#define TLSDIAG_DOOR_SURVEY_H

#include "base/err.h"
#include "survey/isolate.h"
#include "tlsdiag/tlsdiag.h"

struct survey_terms {
	unsigned budget;   /* most connections */
	unsigned delay_ms; /* before each but the first */
	struct isolate_ends ends;
	bool always;  /* isolate even where a hello gets through: known stacks are asked about */
	bool follows; /* packets of another target stand in the capture already */
};

/* What the server was reached as, and what kept it from being asked on. */
struct survey_course {
	char target[300];  /* as it was written, with its port */
	char problem[400]; /* why no more was asked; "": nothing kept it */
	bool reached;      /* one connection at least came to TLS */
	double took_ms;
};

/*
 * Asks the target, within the terms. Of the probe's options what is offered beside versions and server name is
 * the survey's own. False when it could not be begun: an option that cannot be, or memory.
 */
bool survey_target(const struct tlsdiag_probe_options *o, const struct survey_terms *terms,
	const char *target, struct survey *out, struct survey_course *course, struct err *e);

/* The same, for what makes its handshake fail. */
bool isolate_target(const struct tlsdiag_probe_options *o, const struct survey_terms *terms,
	const char *target, struct isolation *out, struct survey_course *course, struct err *e);

#endif
