/* RFC 8446 6: the verdict of the peers themselves. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);
	char name[48];

	if (alert == NULL)
		return hs->ending == ENDING_PROTECTED_ALERT
			       ? unknown(a, "what looks like an alert is under the session keys")
			       : pass(a, "no fatal alert in the clear");
	name_or_hex(name, name_alert(alert->code), alert->code);
	answer_show(a, (struct place){ alert->packet, 0, 2 }, "alert");
	return fail(a, "%s sent fatal alert %u %s", side_name(alert->from), alert->code, name);
}

const struct check check_no_fatal_alert = {
	.id = "no-fatal-alert",
	.rfc = "RFC 8446 6.2",
	.question = "Did both sides go without a fatal alert?",
	.run = run,
};
