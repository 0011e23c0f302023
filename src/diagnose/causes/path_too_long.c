/* RFC 5280 4.2.1.9: pathLenConstraint. */
#include "diagnose/chains.h"

static bool too_long(const struct path_step *step)
{
	return step->path_too_long;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, too_long);

	if (step == NULL)
		return false;
	if (f == NULL)
		return true;
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"'%s' has pathlen %d: it allows that many intermediates below it",
		step->cert->subject, step->cert->path_length);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_usages, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48, 42, 46 }, SEVERITY_WARNING, 0 };

static const char *const steps[] = {
	"reissue that CA with a larger pathlen, or without one",
	"or issue the leaf with fewer intermediates between",
	NULL,
};

const struct cause cause_path_too_long = {
	.id = "path-too-long",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The path is longer than a CA in it allows",
	.chain = &rule,
	.next_steps = steps,
};
