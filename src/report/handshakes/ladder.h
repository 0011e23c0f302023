/* One handshake as a ladder: a line per message, with packet, time, direction and telling facts. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_LADDER_H
#define TLSDIAG_REPORT_HANDSHAKES_LADDER_H

#include "diagnose/cause.h"
#include "report/page.h"

void ladder_put(struct page *p, const struct examined *ex);

/* Equal for handshakes whose ladders tell the same story; other numbers and times do not count. */
uint64_t ladder_likeness(const struct examined *ex);

#endif
