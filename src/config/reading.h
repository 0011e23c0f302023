/*
 * A configuration as evidence beside handshakes: which release it was read for, what a build of it can negotiate,
 * and how much is wrong with it by itself (`tlsdiag config` says what).
 */
#ifndef TLSDIAG_CONFIG_READING_H
#define TLSDIAG_CONFIG_READING_H

#include "config/build.h"
#include "config/version.h"

struct config_reading {
	const struct config *config; /* borrowed */
	struct config_count count;   /* of its own macros */
	struct config_version version;
	struct build build;
	size_t errors, warnings;
};

/* Adds to the configuration what its release sets by itself. False with ERR_MEMORY. */
bool config_reading_of(struct config *c, struct config_reading *out, struct err *e);

#endif
