/* RFC 9293 3.8.6: a receiver that shuts its window and never opens it again stops the handshake. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (hs->transport != TRANSPORT_TCP)
		return not_applicable(a, "not TCP");
	if (hs->outcome == OUTCOME_COMPLETED)
		return pass(a, "the handshake got through");
	for (enum side s = SIDE_CLIENT; s <= SIDE_SERVER; s++) {
		if (hs->side[s].tcp.zero_windows == 0)
			continue;
		answer_show(a, (struct place){ hs->side[s].tcp.zero_window_packet, 0, 1 },
			"the first zero window");
		return warn(a, "%s advertised a receive window of zero %u times", side_name(s),
			hs->side[s].tcp.zero_windows);
	}
	return pass(a, "neither side shut its receive window");
}

const struct check check_window_open = {
	.id = "window-open",
	.rfc = "RFC 9293 3.8.6",
	.question = "Did both sides keep their TCP receive window open?",
	.run = run,
};
