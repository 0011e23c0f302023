/* Where a connection of ours goes. */
#ifndef TLSDIAG_DRIVE_TARGET_H
#define TLSDIAG_DRIVE_TARGET_H

#include "session/source.h"

enum { TARGET_HOST_MAX = 256, TARGET_TEXT = TARGET_HOST_MAX + 16 };

struct target {
	char host[TARGET_HOST_MAX]; /* name or address, without brackets */
	uint16_t port;
	int family; /* 4, 6, or 0: either */
};

/*
 * "HOST", "HOST:PORT", "HOST PORT", "IPV6", "[IPV6]:PORT", "https://HOST:PORT/path" and other
 * schemes that begin with TLS. False with ERR_USAGE, the text and what it should be: also for what a
 * resolver would take as an address and nobody means so ("4433", "10.1", "::1:4433").
 */
bool target_parse(const char *text, uint16_t default_port, struct target *out, struct err *e);
/* Is the text a port and nothing else? */
bool target_is_port(const char *text);
/* Is the host an address, not a name? */
bool target_is_address(const struct target *t);
/* "host:443", "[2001:db8::1]:443". */
void target_text(const struct target *t, char out[static TARGET_TEXT]);

#endif
