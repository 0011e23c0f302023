/* RFC 5246 7.4.2, RFC 8446 4.4.2: the sender must bring what leads from its leaf to a root. */
#include "diagnose/checks/both_chains.h"

static enum status ask(
	const struct handshake *hs, enum side s, const struct chain_judgement *j, struct answer *a)
{
	const struct path_step *last;

	if (j->n_steps == 0)
		return unknown(a, "%s's certificate cannot be read", side_name(s));
	if (j->end == PATH_UNKNOWN)
		return chain_unknown(j, a);
	last = &j->step[j->n_steps - 1];
	if (j->end != PATH_ISSUER_MISSING && j->end != PATH_NO_ANCHOR) {
		if (j->out_of_order)
			return warn(a,
				"%s's certificates are not each the issuer of the one before",
				side_name(s));
		return pass(a, "%s's chain is whole: %zu %s to '%s'", side_name(s), j->n_steps,
			j->n_steps == 1 ? "certificate" : "certificates", last->cert->subject);
	}
	if (last->cert->self_issued)
		return pass(a, "%s's chain is whole", side_name(s));
	show_step(hs, s, last, a, "the last certificate of the path");
	if (message_cut(hs, s, HS_CERTIFICATE))
		return unknown(a,
			"the issuer '%s' may have been sent: only a part of Certificate is in the "
			"%s",
			last->cert->issuer, source_name(hs));
	if (j->intermediate_missing)
		return fail(a, "the issuer '%s' is neither sent nor in the CA file",
			last->cert->issuer);
	if (!j->has_trust)
		return unknown(a,
			"the issuer '%s' was not sent; without --ca it cannot be told whether it "
			"is a root",
			last->cert->issuer);
	return pass(a, "only the root '%s' is not sent, as is usual", last->cert->issuer);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	return both_chains(hs, a, ask);
}

const struct check check_chain_complete = {
	.id = "chain-complete",
	.rfc = "RFC 5246 7.4.2, RFC 8446 4.4.2",
	.question = "Was every certificate between the leaf and a root sent, in order?",
	.run = run,
};
