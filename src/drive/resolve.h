/* The addresses of a host, within a time. */
#ifndef TLSDIAG_DRIVE_RESOLVE_H
#define TLSDIAG_DRIVE_RESOLVE_H

#include "drive/target.h"

#include <netdb.h>

struct resolved {
	struct addrinfo *list; /* for freeaddrinfo() */
	bool ours;             /* it failed for want of something of our own: memory, descriptors */
	char error[120];       /* "Name or service not known" */
};

/*
 * As getaddrinfo() does it, for TCP. False: out->error says why. A resolver that takes longer is left
 * to itself: its thread ends when it answers, or with the program.
 */
bool resolve(const struct target *t, int timeout_ms, struct resolved *out);

#endif
