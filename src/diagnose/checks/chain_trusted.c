/* RFC 5280 6.1: the path must end at an anchor the verifier holds. */
#include "diagnose/checks/both_chains.h"

static enum status ask(
	const struct handshake *hs, enum side s, const struct chain_judgement *j, struct answer *a)
{
	const struct path_step *last = j->n_steps != 0 ? &j->step[j->n_steps - 1] : NULL;

	if (!j->has_trust)
		return unknown(a, "no CA file was given (--ca)");
	if (last == NULL)
		return unknown(a, "%s's certificate cannot be read", side_name(s));
	if (j->end == PATH_UNKNOWN)
		return chain_unknown(j, a);
	if (j->end == PATH_TRUSTED)
		return pass(a, "%s's chain ends at '%s' of the CA file", side_name(s),
			last->cert->subject);
	if (message_cut(hs, s, HS_CERTIFICATE))
		return unknown(a, "only a part of %s's Certificate is in the %s", side_name(s),
			source_name(hs));
	show_step(hs, s, last, a, "the last certificate of the path");
	if (j->end == PATH_NO_ANCHOR)
		return fail(a, "the CA file holds no certificate");
	if (j->issuer_name_in_trust)
		return fail(a, "the CA file's '%s' has another key than the one that signed",
			last->cert->issuer);
	if (j->end == PATH_SELF_SIGNED)
		return fail(a, "%s's chain ends at '%s', which the CA file does not hold",
			side_name(s), last->cert->subject);
	return fail(a, "the CA file does not hold '%s', the issuer of '%s'", last->cert->issuer,
		last->cert->subject);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	return both_chains(hs, a, ask);
}

const struct check check_chain_trusted = {
	.id = "chain-trusted",
	.rfc = "RFC 5280 6.1",
	.question = "Does the chain end at a certificate of the CA file?",
	.run = run,
};
