/* A tunnel through an HTTP proxy. */
#ifndef TLSDIAG_DRIVE_PROXY_H
#define TLSDIAG_DRIVE_PROXY_H

#include "drive/dialogue.h"
#include "drive/line.h"

/*
 * Asks the proxy on an open line to connect to a target. True when the line leads there now; *out
 * says in any case what happened. The reply has timeout_ms.
 */
bool proxy_connect(
	struct line *l, const struct target *t, int timeout_ms, struct dialogue_result *out);

#endif
