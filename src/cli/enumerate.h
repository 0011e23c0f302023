/*
 * `tlsdiag probe --enumerate` and `--isolate`: not whether a handshake goes well, but all that the server takes,
 * and what of a hello makes it fail.
 */
#ifndef TLSDIAG_CLI_ENUMERATE_H
#define TLSDIAG_CLI_ENUMERATE_H

#include "cli/net_options.h"
#include "door/survey.h"

struct enumerate_work {
	const struct net_settings *net;
	const struct tlsdiag_probe_options *probe;
	struct survey_terms terms;
	bool isolate; /* else a survey */
	const char *const *targets;
	size_t n_targets;
};

/* Writes the report to standard output. Returns the exit status; *done: what was said was kept whole. */
int enumerate_targets(const struct enumerate_work *w, bool *done);

#endif
