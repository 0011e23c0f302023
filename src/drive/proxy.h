/* A tunnel through an HTTP proxy. */
#ifndef TLSDIAG_DRIVE_PROXY_H
#define TLSDIAG_DRIVE_PROXY_H

#include "drive/dialogue.h"
#include "drive/line.h"

/* "HOST:PORT", an IPv6 address in brackets. */
enum { PROXY_AUTHORITY = LINE_HOST_MAX + 8 };
void proxy_authority(const struct target *t, char out[static PROXY_AUTHORITY]);

/*
 * Asks the proxy on an open line to connect to a target. True when the line leads there now; *out
 * says in any case what happened. The reply has timeout_ms.
 */
bool proxy_connect(
	struct line *l, const struct target *t, int timeout_ms, struct dialogue_result *out);

#endif
