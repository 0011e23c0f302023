/* The findings of all servers in one order: errors, warnings, notes; the worst server's first. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_RANKED_H
#define TLSDIAG_REPORT_HANDSHAKES_RANKED_H

#include "diagnose/diagnose.h"

struct ranked {
	const struct server_result *server;
	const struct finding *finding;
};

/* malloc'ed; *n is their number. NULL with *n 0 when there is none, or no memory. */
struct ranked *ranked_findings(const struct desk *d, size_t *n);

#endif
