/* What today's verifiers refuse: the bounds are those of mbedTLS's default profile. */
#include "diagnose/checks/both_chains.h"

static enum status ask(
	const struct handshake *hs, enum side s, const struct chain_judgement *j, struct answer *a)
{
	for (size_t i = 0; i < j->n_steps; i++) {
		const struct path_step *step = &j->step[i];

		if (!step->weak_key && !step->very_weak_key && !step->weak_signature)
			continue;
		show_step(hs, s, step, a, "the certificate");
		if (step->very_weak_key)
			return fail(a, "the key of '%s' is %s", step->cert->subject,
				step->cert->key_name);
		if (step->weak_key)
			return warn(a,
				"the key of '%s' is %s, below what verifiers accept by default",
				step->cert->subject, step->cert->key_name);
		return warn(a, "'%s' is signed with %s, which verifiers refuse by default",
			step->cert->subject, step->cert->signature_name);
	}
	if (j->n_steps == 0)
		return unknown(a, "%s's certificate cannot be read", side_name(s));
	if (j->end == PATH_UNKNOWN)
		return chain_unknown(j, a);
	return pass(a, "keys and hashes of %s's chain are strong enough", side_name(s));
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	return both_chains(hs, a, ask);
}

const struct check check_chain_strength = {
	.id = "chain-strength",
	.rfc = "RFC 5246 7.4.2, RFC 9155",
	.question = "Are the chain's keys and hashes strong enough for today's verifiers?",
	.run = run,
};
