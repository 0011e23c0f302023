/* RFC 5280 6.1.3 (a)(1). */
#include "diagnose/chains.h"

static bool bad(const struct path_step *step)
{
	return step->signature == LINK_BAD;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, bad);

	if (step == NULL)
		return false;
	if (f == NULL)
		return true;
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"the signature on '%s' does not verify", step->cert->subject);
	finding_prove(f, v->cf, 0, "under the key of '%s'%s%s", step->cert->issuer,
		step->why != NULL ? ": " : "", step->why != NULL ? step->why : "");
	return true;
}

static const enum check_id explains[] = { CHECK_chain_signatures, CHECK_chain_trusted, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 51, 48, 42 }, SEVERITY_WARNING, 0 };

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "each certificate whose issuer is at hand is signed by that issuer's key";
	return chains_pass(cf, CHECK_chain_signatures);
}

static const char *const steps[] = {
	"compare the certificate on the device byte for byte with the one issued: flash, copy and "
	"paste, a wrong conversion",
	"if they agree, the CA was replaced under the same name: get the chain and root of the new "
	"one",
	NULL,
};

const struct cause cause_chain_signature_bad = {
	.id = "chain-signature-bad",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate is not signed by the key of the issuer it names",
	.chain = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
