/* notBefore lies after the packet. */
#include "diagnose/chains.h"

static bool not_yet(const struct path_step *step)
{
	return step->not_yet;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, not_yet);

	if (step == NULL)
		return false;
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "The certificate '%s' is not valid yet", step->cert->subject);
	chain_prove_date(v, f, "notBefore", step->cert->not_before);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_dates, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 46, 42, 45 }, SEVERITY_WARNING, 0x200 };

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
	.innocent = chains_in_date,
	.next_steps = steps,
};
