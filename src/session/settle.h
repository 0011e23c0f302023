/*
 * What settle.c asks of the two kinds of open ends, each in a file of its own: did a completed handshake end well, where
 * that can be told at all? Internal to these.
 */
#ifndef TLSDIAG_SESSION_SETTLE_H
#define TLSDIAG_SESSION_SETTLE_H

#include "base/moment.h"
#include "session/conn.h"

/* Durations in ns. */
#define SETTLE_SECOND INT64_C(1000000000)
#define AT_ONCE       (SETTLE_SECOND / 10) /* no longer than a short way and the check of a MAC */
#define PATIENCE      (10 * SETTLE_SECOND) /* a side that owes an answer for so long is silent */
#define IMPATIENCE    SETTLE_SECOND /* a side that closes after this has waited; before, refused */

/* ---- settle12.c: up to TLS 1.2 ---- */
/* Data went both ways, or one way where bytes were lost: both Finished were accepted. */
bool settle12_data_flowed(const struct conn *c);
/* An alert under keys before both Finished were accepted; by whom. */
bool settle12_refused(const struct conn *c, const struct closing *closing, enum side *by);
/* What that side sent last was wrong to see. */
bool settle12_gave_reason(const struct handshake *hs, enum side from);
/* An alert that may refuse the last Finished, or end what had gone well; by whom. */
bool settle12_maybe_refused(const struct conn *c, const struct closing *closing, enum side *by);
/* The same of a closing without a word. */
bool settle12_dropped(const struct conn *c, const struct closing *closing);
/* Nothing is heard of who has to judge the last Finished. */
bool settle12_unheard(const struct conn *c);

/* ---- settle13.c: TLS 1.3, or what may be that ---- */
/* Records of an alert's size in place of a Finished, or right after it; by whom. */
bool settle13_refused(const struct conn *c, const struct closing *closing, enum side *by);
/* The client is done, and nothing shows that the server accepted it: how it ended, and by whom. */
bool settle13_unproved(
	const struct conn *c, const struct closing *closing, enum ending *ending, enum side *by);
/* Nothing is heard of the server after it. */
bool settle13_unheard(const struct conn *c);

#endif
