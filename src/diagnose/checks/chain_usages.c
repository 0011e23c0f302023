/* RFC 5280 4.2.1.3, 4.2.1.9, 4.2.1.12; RFC 5246 7.4.2. */
#include "diagnose/checks/both_chains.h"

static enum status ask(
	const struct handshake *hs, enum side s, const struct chain_judgement *j, struct answer *a)
{
	char need[160];

	for (size_t i = 0; i < j->n_steps; i++) {
		const struct path_step *step = &j->step[i];

		if (!step->ca_missing && !step->path_too_long)
			continue;
		show_step(hs, s, step, a, "the issuer's certificate");
		return step->ca_missing
			       ? fail(a, "'%s' signs certificates but is not a CA",
					 step->cert->subject)
			       : fail(a, "the path below '%s' is longer than its pathlen %d allows",
					 step->cert->subject, step->cert->path_length);
	}
	if (j->n_steps == 0)
		return unknown(a, "%s's certificate cannot be read", side_name(s));
	if (j->usage_forbids || j->ext_usage_forbids)
		show_step(hs, s, &j->step[0], a, "the leaf");
	if (j->usage_forbids)
		return fail(a, "keyUsage of '%s' lacks %s", j->step[0].cert->subject,
			cert_key_usage_text(j->usage_needed, need));
	if (j->ext_usage_forbids)
		return fail(a, "extendedKeyUsage of '%s' lacks %s", j->step[0].cert->subject,
			s == SIDE_SERVER ? "serverAuth" : "clientAuth");
	if (j->end == PATH_UNKNOWN)
		return chain_unknown(j, a);
	return pass(a, "every certificate may be used as it is");
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	return both_chains(hs, a, ask);
}

const struct check check_chain_usages = {
	.id = "chain-usages",
	.rfc = "RFC 5280 4.2.1.3, 4.2.1.9, 4.2.1.12",
	.question = "May each certificate be used as it is used?",
	.run = run,
};
