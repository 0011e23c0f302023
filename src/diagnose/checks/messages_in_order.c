/* RFC 8446 4, RFC 5246 7.3: each message has its place in the flight. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	bool any = false;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		any |= ev->kind == EVENT_MESSAGE;
		if (!ev->unexpected)
			continue;
		answer_show(a,
			ev->kind == EVENT_MESSAGE
				? event_place(ev, 0, ev->length)
				: (struct place){ ev->packet, 0, (size_t)ev->length },
			event_title(ev));
		return fail(a, "%s sent %s out of turn", side_name(ev->from), event_title(ev));
	}
	if (!any)
		return not_applicable(a, "no message in the clear was seen");
	return pass(a, "every message came in its turn");
}

const struct check check_messages_in_order = {
	.id = "messages-in-order",
	.rfc = "RFC 8446 4, RFC 5246 7.3",
	.question = "Did every message come in its turn?",
	.run = run,
};
