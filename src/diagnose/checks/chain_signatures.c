/* RFC 5280 6.1.3 (a)(1): each certificate is signed by the key of the next. */
#include "diagnose/checks/both_chains.h"

static enum status ask(
	const struct handshake *hs, enum side s, const struct chain_judgement *j, struct answer *a)
{
	const struct path_step *unsure = NULL;
	size_t n = 0;

	if (j->end == PATH_UNKNOWN)
		return chain_unknown(j, a);
	for (size_t i = 0; i < j->n_steps; i++) {
		const struct path_step *step = &j->step[i];

		if (step->signature == LINK_BAD) {
			show_step(hs, s, step, a, "the certificate with the bad signature");
			return fail(a, "'%s' is not signed by the key of '%s'", step->cert->subject,
				step->cert->issuer);
		}
		if (step->signature == LINK_UNVERIFIABLE && unsure == NULL)
			unsure = step;
		n += step->signature == LINK_VALID;
	}
	if (unsure != NULL)
		return unknown(a, "the signature on '%s' cannot be verified: %s",
			unsure->cert->subject, unsure->why != NULL ? unsure->why : "unknown");
	if (n == 0 && !hs->proved)
		return unknown(a, "certificate signatures were not verified: %s",
			hs->not_proved_why != NULL ? hs->not_proved_why : "not asked for");
	if (n == 0)
		return unknown(a, "no issuer's key is at hand");
	if (n == 1)
		return pass(a,
			"the one signature on %s's certificates whose issuer is at hand verifies",
			side_name(s));
	return pass(a, "all %zu signatures on %s's certificates whose issuer is at hand verify", n,
		side_name(s));
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	return both_chains(hs, a, ask);
}

const struct check check_chain_signatures = {
	.id = "chain-signatures",
	.rfc = "RFC 5280 6.1.3",
	.question = "Is every certificate signed by the key of its issuer?",
	.run = run,
};
