/* Servers whose answer does not come to its end: what they sent until nobody listened any more. Pure. */
#ifndef TLSDIAG_DIAGNOSE_ENDLESS_H
#define TLSDIAG_DIAGNOSE_ENDLESS_H

#include "base/strbuf.h"
#include "diagnose/handshakes.h"

enum {
	ENDLESS_BYTES = 64 * 1024,     /* one that was cut off in time has sent more than that, */
	ENDLESS_CAPTURED = 512 * 1024, /* a captured one more than that, */
	ENDLESS_REPEATS = 16, /* or so many warnings, or messages of one type; all without an end */
	SLOW_PIECE = 100,  /* bytes at a time: no network parts them so, but who sends them does */
	SLOW_RATE = 50,    /* of a captured one, bytes a second, */
	SLOW_SECONDS = 5,  /* kept up for that long, */
	SLOW_SEGMENTS = 4, /* in so many segments, */
	SLOW_PAUSE =
		60, /* with no more seconds between two of them: a clock that jumps makes more */
};

/* Did it go on without end, or drip, until the client left? Live the client itself says so; a capture
 * must show it plainly. */
bool answer_endless(const struct handshake *hs);
bool answer_too_slow(const struct handshake *hs);

/* "1,048,577 bytes in 64 records within 0.4 s". */
void heard_text(const struct hearing *h, struct strbuf *out);

/* One of the two as a finding; certain by the client's own account only. */
void endless_prove(const struct handshake_view *v, struct finding *f);

#endif
