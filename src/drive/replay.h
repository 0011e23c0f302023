/*
 * A hello that was captured, sent again byte for byte; the answer is taken in to the end of the
 * server's first flight. Nothing is answered to it: the keys of that hello are somebody else's.
 */
#ifndef TLSDIAG_DRIVE_REPLAY_H
#define TLSDIAG_DRIVE_REPLAY_H

#include "drive/probe.h"

struct replay_options {
	struct bytes records; /* of the hello, as on the wire */
	int timeout_ms;
	unsigned times; /* each has its own deadline */
	struct probe_way way;
};

/* Fills *out as probe_run() does; of the results it has only what was heard. */
bool replay_run(
	const struct replay_options *o, const struct target *t, struct probe *out, struct err *e);

#endif
