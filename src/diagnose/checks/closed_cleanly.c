/* RFC 8446 6: a side that gives up says why in an alert before it closes. */
#include "diagnose/rule.h"

/* The packet that ends it, or the last one before nothing more came. */
static void show_end(const struct handshake *hs, struct answer *a)
{
	const struct direction *tcp = &hs->side[hs->ended_by].tcp;

	switch ((int)hs->ending) {
	case ENDING_FIN:
		answer_show(a, (struct place){ tcp->fin_packet, 0, 1 }, "the FIN");
		break;
	case ENDING_RST:
	case ENDING_REFUSED:
		answer_show(a, (struct place){ tcp->rst_packet, 0, 1 }, "the reset");
		break;
	case ENDING_SILENCE:
		answer_show(a, (struct place){ tcp->last_packet, 0, 1 }, "its last packet");
		break;
	case ENDING_UNREACHABLE:
		answer_show(a, (struct place){ hs->unreachable.packet, 0, 1 }, "what ICMP says");
		break;
	default:
		break;
	}
}

/* close_notify and user_canceled announce an end, and no more (RFC 8446 6.1). */
static bool says_no_reason(const struct handshake *hs)
{
	enum { CLOSE_NOTIFY = 0, USER_CANCELED = 90 };
	bool any = false;

	for (size_t i = 0; i < hs->n_alerts; i++) {
		if (hs->alerts[i].from != hs->ended_by)
			continue;
		if (hs->alerts[i].code != CLOSE_NOTIFY && hs->alerts[i].code != USER_CANCELED)
			return false;
		any = true;
	}
	return any;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const char *who = side_name(hs->ended_by);

	show_end(hs, a);
	if (handshake_ambiguous(hs) && (hs->ending == ENDING_FIN || hs->ending == ENDING_RST))
		return unknown(a, "%s closed soon after the last Finished", who);
	switch (hs->ending) {
	case ENDING_SETTLED:
		return pass(a, "the handshake completed");
	case ENDING_ALERT:
		return pass(a,
			says_no_reason(hs) ? "%s announced that it closes, and gave no reason"
					   : "%s said why in an alert",
			who);
	case ENDING_PROTECTED_ALERT:
		return unknown(a, "%s most likely sent an alert, under the session keys", who);
	case ENDING_FIN:
		return fail(a, "%s closed the connection %s", who, without_alert(hs, hs->ended_by));
	case ENDING_RST:
		return fail(a, "%s reset the connection %s", who, without_alert(hs, hs->ended_by));
	case ENDING_SILENCE:
		return fail(a, "%s fell silent", who);
	case ENDING_REFUSED:
		return fail(a, "the server's host refused the connection");
	case ENDING_UNREACHABLE:
		return fail(a, "the connection request did not reach the server");
	case ENDING_UNANSWERED:
		return fail(a, "nothing answered the connection request");
	case ENDING_GAVE_UP:
		return unknown(a, "%s gave up; whether it said why is not in its log", who);
	case ENDING_LIMIT:
		return unknown(a, "reading stopped at a limit of this program's memory");
	case ENDING_CUT_OFF:
		return fail(a, "the server did not come to an end, and was cut off");
	case ENDING_CAPTURE:
		break;
	}
	return unknown(a, "the %s ends first", source_name(hs));
}

const struct check check_closed_cleanly = {
	.id = "closed-cleanly",
	.rfc = "RFC 8446 6",
	.question = "Did the side that gave up say why?",
	.run = run,
};
