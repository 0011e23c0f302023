/* RFC 5246 7.4.9, RFC 8446 4.4.4: both ends hold the same keys and the same transcript. */
#include "diagnose/rule.h"

static bool keys_in_use(const struct handshake *hs)
{
	return hs->side[SIDE_CLIENT].ccs || hs->side[SIDE_SERVER].ccs ||
	       hs->side[SIDE_CLIENT].protected_records != 0 ||
	       hs->side[SIDE_SERVER].protected_records != 0;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);

	if (handshake_ambiguous(hs) && hs->ending != ENDING_PROTECTED_ALERT)
		return unknown(a,
			"the server closed at once after the client's Finished, and had not been "
			"asked to: it may have refused that, or the client's certificate");
	if (handshake_ambiguous(hs))
		return unknown(a,
			"both sent Finished, and at once %s sent an alert under the keys: a "
			"refusal or a plain close",
			side_name(hs->ended_by));
	if (hs->outcome == OUTCOME_COMPLETED)
		return pass(a, "both sides went on under the new keys");
	if (!keys_in_use(hs))
		return not_applicable(a, "no protected record was sent");
	if (alert != NULL && (alert->code == 20 || alert->code == 51)) {
		answer_show(a, (struct place){ alert->packet, 0, 2 }, "alert");
		return fail(a, "%s answered the protected records with %s", side_name(alert->from),
			name_alert(alert->code));
	}
	return unknown(a, "the handshake ended before both Finished messages were accepted");
}

const struct check check_finished_accepted = {
	.id = "finished-accepted",
	.rfc = "RFC 5246 7.4.9, RFC 8446 4.4.4",
	.question = "Did both sides accept the other's first protected record?",
	.run = run,
};
