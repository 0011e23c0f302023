/* Which message of a handshake a failed check is about. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_MARKS_H
#define TLSDIAG_REPORT_HANDSHAKES_MARKS_H

#include "diagnose/cause.h"

/* The worst answer (FAIL, WARN) about this event; else PASS. */
enum status mark_of(const struct examined *ex, const struct event *ev);

#endif
