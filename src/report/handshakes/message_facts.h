/* The few facts of one message that tell the most, for a line of the ladder. */
#ifndef TLSDIAG_REPORT_HANDSHAKES_MESSAGE_FACTS_H
#define TLSDIAG_REPORT_HANDSHAKES_MESSAGE_FACTS_H

#include "base/strbuf.h"
#include "session/handshake.h"

/* Appends "TLS 1.2, 30 suites, SNI localhost"; what the peer named is escaped already. */
void message_facts(
	struct strbuf *out, const struct handshake *hs, const struct event *ev, bool utf8);

#endif
