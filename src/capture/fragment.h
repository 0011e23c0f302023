/*
 * IP datagrams put together from fragments (RFC 791 3.2, RFC 8200 4.5). Bounded: a fixed number
 * of datagrams at a time, the oldest gives way. Where fragments overlap the first bytes stay.
 */
#ifndef TLSDIAG_CAPTURE_FRAGMENT_H
#define TLSDIAG_CAPTURE_FRAGMENT_H

#include "base/bytes.h"

struct fragments;

struct fragment {
	uint8_t family;
	uint8_t protocol;
	struct bytes src, dst; /* 4 or 16 bytes */
	uint32_t id;
	uint32_t offset; /* bytes, a multiple of 8 */
	bool more;
	struct bytes payload;
	int64_t time;
};

struct fragments *fragments_open(void);     /* NULL when memory is out */
void fragments_close(struct fragments *f);  /* accepts NULL */
void fragments_forget(struct fragments *f); /* before another file */

/* Adds a fragment. True when its datagram is whole now: *whole is valid until the next call. */
bool fragments_add(struct fragments *f, const struct fragment *part, struct bytes *whole);

#endif
