/* Secret bytes (private keys): wiped on release, never in an arena, argv or a report. */
#ifndef TLSDIAG_BASE_SECRET_H
#define TLSDIAG_BASE_SECRET_H

#include "base/bytes.h"

struct secret {
	uint8_t *data;
	size_t len;
};

bool secret_new(struct secret *s, size_t len); /* false when memory is out */
void secret_wipe(struct secret *s); /* overwrites, frees, empties; accepts an empty one */
void wipe(void *p, size_t len);     /* overwrites in a way the compiler keeps */

#endif
