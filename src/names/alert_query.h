/* Which of the reasons for an alert are left when it is known who sent it, and when. */
#ifndef TLSDIAG_NAMES_ALERT_QUERY_H
#define TLSDIAG_NAMES_ALERT_QUERY_H

#include "names/alerts.h"
#include "names/atlas.h"

enum { ALERT_FROM_ANY = -1 };

struct alert_query {
	int from;          /* ATLAS_CLIENT, ATLAS_SERVER or ALERT_FROM_ANY */
	const char *stack; /* as stack_matches() takes it; NULL: any */
	int after;         /* type of the last message the sender got, or ATLAS_ANY_MESSAGE */
};

/*
 * Who sent an alert whose sender got this message last, where the message tells: a
 * ServerKeyExchange only a client gets. Else ALERT_FROM_ANY: also for a ClientHello, after which
 * its own sender gives up when no TLS comes back.
 */
int alert_query_sender(int after);

/* Is a stack one of those that the query names? */
bool alert_query_has_stack(const struct alert_query *q, enum stack stack);

/*
 * Does the reason stand under the query? One that begins with "after the <message>:", or "right
 * after ...", is about the messages named there; any other may come up after every message.
 */
bool alert_query_fits(const struct alert_query *q, const struct alert_reason *reason);

#endif
