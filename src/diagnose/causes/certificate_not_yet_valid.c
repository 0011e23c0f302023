/* notBefore lies after the packet. */
#include "diagnose/chains.h"

static bool not_yet(const struct path_step *step)
{
	return step->not_yet;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, not_yet);
	char day[32], then[32];

	if (step == NULL)
		return false;
	if (f == NULL)
		return true;
	date_text(step->cert->not_before, day);
	date_text(v->judgement->at, then);
	finding_say(f, v->cf, "The certificate '%s' is not valid yet", step->cert->subject);
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"notBefore is %s", day);
	finding_prove(f, v->cf, 0,
		v->cf->evidence->has_at ? "it is judged at %s, the time given"
					: "the handshake took place at %s",
		then);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_dates, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 46, 42, 45 }, SEVERITY_WARNING };

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "every certificate was in date at the time";
	return chains_pass(cf, CHECK_chain_dates);
}

static const char *const steps[] = {
	"wait until that time, or issue the certificate with a notBefore in the past (an hour or a "
	"day of slack is usual)",
	"look at the clock of the machine that issued it: is it ahead?",
	NULL,
};

const struct cause cause_certificate_not_yet_valid = {
	.id = "certificate-not-yet-valid",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate is not valid yet",
	.chain = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
