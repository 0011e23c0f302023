/* By its dates, at the time of the packet; roots have a cause of their own. */
#include "diagnose/chains.h"

static bool expired(const struct path_step *step)
{
	return step->expired;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, expired);

	if (step == NULL || step->cert == v->judgement->expired_root)
		return false;
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "The %scertificate '%s' has expired",
		v->side == SIDE_CLIENT ? "client's " : "", step->cert->subject);
	chain_prove_date(v, f, "notAfter", step->cert->not_after);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_dates, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 45, 46, 42 }, SEVERITY_WARNING };

static const char *const steps[] = {
	"renew the certificate and install it with its chain",
	"if it was renewed already, the old one is still being served: restart, or look at which "
	"file is loaded",
	"let the pipeline warn a month ahead",
	NULL,
};

const struct cause cause_certificate_expired = {
	.id = "certificate-expired",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate has expired",
	.chain = &rule,
	.innocent = chains_in_date,
	.next_steps = steps,
};
