/*
 * Targets probed side by side, and handed out in their order. How many at a time is bounded by what
 * is asked for, by the descriptors that are left, and by the memory of what is not handed out yet.
 */
#ifndef TLSDIAG_DOOR_CREW_H
#define TLSDIAG_DOOR_CREW_H

#include "drive/probe.h"

enum {
	CREW_MAX = 64,
	CREW_BYTES = 48 << 20,    /* for what is said in all probes under way */
	CREW_HELD_MAX = 16 << 20, /* of what was said with targets that wait for an earlier one */
};

struct crew_job {
	struct target target;
	struct probe probe;
	struct err err; /* why it could not be begun, when not ok */
	bool ok, done;
	size_t held; /* bytes */
};

struct crew;

/* Begins; the options' way.bytes is set here. Options and what they point to are borrowed. NULL: out of
 * memory. */
struct crew *crew_open(
	const struct probe_options *o, const struct target *targets, size_t n, unsigned jobs);
/* The next in the order of targets, as soon as it is done; NULL after the last. It is valid until the
 * next call. */
struct crew_job *crew_next(struct crew *c);
/* What has not begun never does; what is under way is waited for. */
void crew_close(struct crew *c); /* accepts NULL */

/* So many probes at a time go with so many descriptors left: at least 1. */
unsigned crew_size(unsigned wanted, size_t descriptors);

#endif
