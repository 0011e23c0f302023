/*
 * In date, and not for much longer: fewer days are left than --expires-soon asks for. It made no
 * handshake fail, so it is a warning, and no more than a note where one failed for something else.
 */
#include "diagnose/chains.h"
#include "diagnose/soon.h"

/* Of one side in the newest handshake that shows its chain: an older one may be of before a renewal. */
static bool ask(const struct case_file *cf, enum side side, struct finding *f)
{
	for (size_t i = cf->n_kept; i-- != 0;) {
		const struct examined *ex = cf->kept[i];
		const struct chain_judgement *j = &ex->hs->side[side].chain;
		struct chain_view v = { cf, ex, ex->hs, side, j };
		const struct path_step *step;
		char left[32];

		if (!j->judged || j->n_steps == 0 || j->undated)
			continue;
		step = soon_step(j, j->at, cf->evidence->expires_soon);
		if (step == NULL)
			return false;
		soon_left(step, j->at, left);
		finding_say(f, cf, "The %scertificate '%s' expires in %s",
			side == SIDE_CLIENT ? "client's " : "", step->cert->subject, left);
		chain_prove_date(&v, f, "notAfter", step->cert->not_after);
		f->severity = ex->hs->outcome == OUTCOME_FAILED ? SEVERITY_NOTE : SEVERITY_WARNING;
		f->confidence = CONFIDENCE_CERTAIN;
		finding_add(f, ex, NULL);
		return true;
	}
	return false;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	return ask(cf, SIDE_SERVER, f) || ask(cf, SIDE_CLIENT, f);
}

static const char *const steps[] = {
	"renew the certificate, and install it with its chain before that day",
	"if it was renewed already, the old one is still being served: restart, or look at which "
	"file is loaded",
	"where certificates live for a few days by design, ask for less: --expires-soon DAYS",
	NULL,
};

const struct cause cause_certificate_expires_soon = {
	.id = "certificate-expires-soon",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate expires soon",
	.run = run,
	.next_steps = steps,
};
