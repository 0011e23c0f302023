/* RFC 8446 4, RFC 5246 7.3: each message has its place in the flight. */
#include "diagnose/rule.h"

static const char *event_title(const struct event *ev)
{
	const char *title;

	switch (ev->kind) {
	case EVENT_CHANGE_CIPHER_SPEC:
		return "ChangeCipherSpec";
	case EVENT_PROTECTED:
		return "a protected record";
	case EVENT_MESSAGE:
		title = name_handshake_title(ev->type);
		return title != NULL ? title : "a message of unknown type";
	case EVENT_ALERT:
	case EVENT_GAP:
	case EVENT_FIN:
	case EVENT_RST:
	case EVENT_UNREACHABLE:
	case EVENT_PLAIN:
	case EVENT_SKIMMED:
	case EVENT_EMPTY:
		break;
	}
	return "something";
}

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
