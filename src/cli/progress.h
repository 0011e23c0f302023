/* A line on standard error while the work lasts, when someone is there to see it. */
#ifndef TLSDIAG_CLI_PROGRESS_H
#define TLSDIAG_CLI_PROGRESS_H

#include "tlsdiag/tlsdiag.h"

struct progress {
	bool wanted;
	bool shown; /* a line stands there now */
	double start,
		at; /* seconds of a clock: when the work began, when the line was last written */
};

/* streaming: the report is written as the work goes; a line between would spoil a terminal. */
void progress_start(struct progress *p, bool streaming);
void progress_show(struct progress *p, const struct tlsdiag_progress *now);
/* Takes the line away, before anything else is written. */
void progress_end(struct progress *p);

#endif
