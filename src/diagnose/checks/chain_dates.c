/* RFC 5280 4.1.2.5, judged at the time of the packet or of --at. */
#include "diagnose/checks/both_chains.h"

static enum status ask(
	const struct handshake *hs, enum side s, const struct chain_judgement *j, struct answer *a)
{
	const struct cert *unread = NULL;
	char day[32];

	if (j->undated && hs->undated)
		return unknown(
			a, "the log does not tell the date: --at gives the time to judge by");
	if (j->undated && j->clock_set)
		return unknown(a,
			"the capture's clock was set while this was captured, over one of the "
			"certificates' dates: --at gives the time to judge by");
	if (j->undated) {
		date_text(j->at, day);
		return unknown(a,
			"the capture's clock says %s, which cannot be: --at gives the time to "
			"judge "
			"by",
			day);
	}
	for (size_t i = 0; i < j->n_steps; i++) {
		const struct path_step *step = &j->step[i];

		if (!step->cert->has_dates && unread == NULL)
			unread = step->cert;
		if (!step->expired && !step->not_yet)
			continue;
		show_step(hs, s, step, a, "the certificate");
		date_text(step->expired ? step->cert->not_after : step->cert->not_before, day);
		return step->expired
			       ? fail(a, "'%s' expired on %s", step->cert->subject, day)
			       : fail(a, "'%s' is not valid before %s", step->cert->subject, day);
	}
	if (j->n_steps == 0)
		return unknown(a, "%s's certificate cannot be read", side_name(s));
	if (j->end == PATH_UNKNOWN)
		return chain_unknown(j, a);
	if (unread != NULL)
		return unknown(a, "the dates of '%s' cannot be read", unread->subject);
	return pass(a, "the certificates of %s's path were in date", side_name(s));
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	return both_chains(hs, a, ask);
}

const struct check check_chain_dates = {
	.id = "chain-dates",
	.rfc = "RFC 5280 4.1.2.5",
	.question = "Were all certificates in date at the time?",
	.run = run,
};
