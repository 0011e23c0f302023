/* RFC 5246 7.4.9, RFC 8446 4.4.4: both ends hold the same keys and the same transcript. */
#include "diagnose/rule.h"

static bool keys_in_use(const struct handshake *hs)
{
	return hs->side[SIDE_CLIENT].ccs || hs->side[SIDE_SERVER].ccs ||
	       hs->side[SIDE_CLIENT].protected_records != 0 ||
	       hs->side[SIDE_SERVER].protected_records != 0;
}

/* Of one that could be opened it is known what it had to be. */
static bool is_wrong(const struct handshake *hs, enum side from)
{
	return hs->side[from].finished.verdict.state == PROOF_INVALID;
}

static enum status wrong(const struct handshake *hs, enum side from, struct answer *a)
{
	answer_show(a,
		handshake_place(hs, from, HS_FINISHED, 0, hs->side[from].finished.verify_data.len),
		"verify_data");
	return fail(a,
		"verify_data in the Finished of %s is not what its secret and the messages before "
		"it "
		"give",
		side_name(from));
}

/* decrypt_error after a Finished that is right is about something else: a signature. */
static bool blames_finished(const struct handshake *hs, const struct sent_alert *alert)
{
	const struct party *other = &hs->side[side_other(alert->from)];

	return alert->code == 20 || (alert->code == 51 && other->keys != KEYS_OPEN);
}

static enum status ambiguous(const struct handshake *hs, struct answer *a)
{
	const char *who = side_name(hs->ended_by);

	if (hs->ending == ENDING_PROTECTED_ALERT)
		return unknown(a,
			"both sent Finished, and soon %s sent an alert under the keys: a refusal "
			"or a plain close",
			who);
	if (hs->ending == ENDING_CAPTURE)
		return unknown(
			a, "the capture has nothing more of who has to judge the last Finished");
	if (hs->version != 0 && !hs->tls13)
		return unknown(a,
			"%s closed at once after the last Finished, which was its to verify", who);
	return unknown(a,
		"%s closed soon after the client's Finished, and nothing that was seen of the "
		"server by then shows that it accepted that, and the client's certificate",
		who);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);

	for (size_t side = 0; side < 2; side++)
		if (is_wrong(hs, (enum side)side))
			return wrong(hs, (enum side)side, a);
	if (handshake_ambiguous(hs))
		return ambiguous(hs, a);
	if (hs->outcome == OUTCOME_COMPLETED && handshake_finished_right(hs))
		return pass(a, "the handshake came to its end, and both Finished are what the "
			       "secrets give");
	if (hs->outcome == OUTCOME_COMPLETED)
		return pass(a, "the handshake came to its end, and nothing after it speaks against "
			       "it");
	if (!keys_in_use(hs))
		return not_applicable(a, "no protected record was sent");
	if (alert != NULL && blames_finished(hs, alert)) {
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
