/*
 * The time that a handshake was at, and whether what it says of dates is to be believed. Times are seconds since
 * 1970; today is that of the run: no capture is of a later day. Internal to prove.c.
 */
#ifndef TLSDIAG_SESSION_PROVE_TIME_H
#define TLSDIAG_SESSION_PROVE_TIME_H

#include "session/evidence.h"
#include "session/side.h"

struct handshake;

/* Could a clock that was set have shown it? */
bool prove_may_be_now(int64_t at, int64_t today);

/* When that side's certificate was sent, by what the user says, else by the capture, else by what else tells of it; 0:
 * nothing does. */
int64_t prove_time(
	const struct evidence *ev, int64_t today, const struct handshake *hs, enum side s);

/*
 * A device without a clock writes packets of 1970, of the day its firmware was built, of any day. What
 * such a time says of a certificate is nothing: j is told to be undated, and nothing of it expired. What the user says
 * is the time is taken as it is.
 */
void prove_doubt_dates(const struct evidence *ev, int64_t today, const struct handshake *hs,
	struct chain_judgement *j);

#endif
