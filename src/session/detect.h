/*
 * Where TLS begins in one direction of a byte stream, told by its bytes alone. Nothing is done with them
 * here: they are handed back, with what was made of them.
 */
#ifndef TLSDIAG_SESSION_DETECT_H
#define TLSDIAG_SESSION_DETECT_H

#include "session/event.h"

enum { CARRY_MAX = HELLO_MAYBE_MAX };

/* The end of a segment that may begin a hello. All zero at first. */
struct carried {
	uint8_t bytes[CARRY_MAX];
	uint8_t n;
	struct arrival at;
};

struct detect_context {
	/* The other side has sent a hello and this one nothing since: any record will do. */
	bool awaited;
	/* The capture began midway or has a hole: so it will here. */
	bool unsure;
};

enum found {
	FOUND_NO,
	FOUND_MAYBE, /* what may begin a hello is carried to the next call */
	FOUND_CLIENT,
	FOUND_SERVER,
	FOUND_SSL2,   /* a ClientHello of the SSLv2 format */
	FOUND_RECORD, /* a record, of whatever kind */
};

struct detected {
	enum found found;
	size_t passed; /* bytes at the start of b that are not TLS */
	size_t used;   /* bytes of b that are dealt with: they are not TLS, or carried */
	/* Carried from earlier segments: what is not TLS after all, and then that with which TLS
	 * begins; it goes on at b. Both lie in room. */
	struct bytes plain, head;
	struct arrival carried_at;
	uint8_t room[CARRY_MAX + 48];
};

/* Looks at the next bytes of a direction in which no TLS was found yet. */
void detect_look(struct carried *c, struct detect_context x, struct bytes b, struct arrival at,
	struct detected *out);

/* No more bytes come: do those that are carried begin a record, of which the rest is not here? */
bool detect_end(const struct carried *c, struct detect_context x);

/* Where in b the record layer goes on, b.len when nowhere. at_start: b begins a segment. */
size_t detect_record(struct bytes b, bool at_start);

#endif
