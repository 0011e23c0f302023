/* Not of the peers but of the capture: what it lost decides what can be known. */
#include "diagnose/rule.h"

#include <stdio.h>

/* What makes programs print them. */
static const char more_bytes[] =
	"mbedTLS does at debug level 4, OpenSSL's tools with -msg -debug, Java with "
	"javax.net.debug=all";

static enum status judge(const struct handshake *hs, const struct gap_fact *gap, struct answer *a)
{
	char amount[40] = "an unknown number of";
	const char *why = gap->reason == GAP_CUT ? "packets were cut short" : "packets are missing";

	answer_show(a, (struct place){ gap->packet, 0, 1 }, "the first bytes after the hole");
	if (gap->bytes != GAP_UNKNOWN)
		(void)snprintf(amount, sizeof amount, "%llu", (unsigned long long)gap->bytes);
	/* a hole is no fault of the handshake: it stands in the way of one only where there is one */
	if (gap->has_message && name_handshake_title(gap->in_message) != NULL)
		return (hs->outcome == OUTCOME_FAILED ? fail : warn)(a,
			"%s bytes of %s's %s are not in the capture: %s", amount,
			side_name(gap->from), name_handshake_title(gap->in_message), why);
	if (hs->outcome == OUTCOME_FAILED)
		return fail(a, "%s bytes from %s are not in the capture: %s", amount,
			side_name(gap->from), why);
	return warn(a, "%s bytes from %s are not in the capture: %s", amount, side_name(gap->from),
		why);
}

/* What the receiver got of the two the capture cannot tell; the first are read. */
static enum status judge_conflict(const struct handshake *hs, enum side s, struct answer *a)
{
	const struct direction *d = &hs->side[s].tcp;

	answer_show(a, (struct place){ d->conflict_packet, 0, 1 }, "the first that differs");
	return warn(a,
		"%s sent bytes a second time that differ from the first (%lu segments, from packet "
		"%llu on): the first are read",
		side_name(s), (unsigned long)d->conflicts, (unsigned long long)d->conflict_packet);
}

/* What is only told, the log has no bytes of; what it leaves out is no fault of anybody's. */
static enum status judge_log(
	const struct handshake *hs, const struct gap_fact *gap, struct answer *a)
{
	const char *name =
		gap != NULL && gap->has_message ? name_handshake_title(gap->in_message) : NULL;
	size_t told = 0;

	for (size_t i = 0; i < hs->n_events; i++)
		told += hs->events[i].kind == EVENT_MESSAGE && hs->events[i].told;
	if (gap != NULL) {
		answer_show(a, (struct place){ gap->packet, 0, 1 }, "where bytes are missing");
		return warn(a, "the log does not show all bytes of %s's %s: %s",
			side_name(gap->from), name != NULL ? name : "messages", more_bytes);
	}
	if (told != 0)
		return warn(
			a, "the log names messages and does not show their bytes: %s", more_bytes);
	if (hs->n_events == 0)
		return warn(a, "the log shows no byte of the handshake: %s", more_bytes);
	if (hs->outcome == OUTCOME_INCOMPLETE)
		return warn(a, "the log ends before this handshake does");
	return pass(a, "the log has the bytes of every message in it");
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct gap_fact *worst = NULL;

	for (size_t i = 0; i < hs->n_gaps; i++)
		if (hs->gaps[i].reason != GAP_MIDWAY &&
			(worst == NULL || (hs->gaps[i].has_message && !worst->has_message)))
			worst = &hs->gaps[i];
	if (hs->logged || (worst != NULL && worst->reason == GAP_UNLOGGED))
		return judge_log(hs, worst, a);
	if (worst != NULL)
		return judge(hs, worst, a);
	if (hs->midway && !handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO))
		return (hs->outcome == OUTCOME_FAILED ? fail : warn)(
			a, "the capture begins after this handshake did");
	if (hs->outcome == OUTCOME_INCOMPLETE && hs->ending == ENDING_CAPTURE)
		return warn(a, "the capture ends before this handshake does");
	for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++)
		if (hs->side[s].tcp.conflicts != 0)
			return judge_conflict(hs, s, a);
	if (hs->ending == ENDING_LIMIT)
		return unknown(a, "reading stopped at a limit of this program's memory");
	return pass(a, "no byte of the handshake is missing");
}

const struct check check_capture_complete = {
	.id = "capture-complete",
	.rfc = "",
	.question = "Does the capture hold every byte of the handshake?",
	.run = run,
};
