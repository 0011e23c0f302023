/* RFC 5280 4.2.1.9: basicConstraints CA:TRUE, and keyCertSign where keyUsage is there. */
#include "diagnose/chains.h"

static bool not_a_ca(const struct path_step *step)
{
	return step->ca_missing;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, not_a_ca);

	if (step == NULL)
		return false;
	if (f == NULL)
		return true;
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"'%s' signs the certificate below it", step->cert->subject);
	finding_prove(f, v->cf, 0,
		!step->cert->has_basic_constraints ? "and has no basicConstraints"
		: !step->cert->ca                  ? "and has basicConstraints CA:FALSE"
						   : "and its keyUsage lacks keyCertSign");
	return true;
}

static const enum check_id explains[] = { CHECK_chain_usages, CHECK_chain_complete,
	CHECK_chain_trusted, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48, 46, 42 }, SEVERITY_WARNING, 0 };

static const char *const steps[] = {
	"reissue that certificate with basicConstraints=critical,CA:TRUE and "
	"keyUsage=keyCertSign,cRLSign",
	"or issue the leaf from a real CA",
	NULL,
};

const struct cause cause_issuer_not_a_ca = {
	.id = "issuer-not-a-ca",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate is issued by one that is not a CA",
	.chain = &rule,
	.next_steps = steps,
};
