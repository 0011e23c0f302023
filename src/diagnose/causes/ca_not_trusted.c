/* The path is whole, and its end is not among the anchors. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct chain_judgement *j = v->judgement;
	const struct path_step *last;

	if (v->side != SIDE_SERVER || !j->has_trust || j->n_steps == 0 || j->intermediate_missing ||
		j->signature_bad || message_cut(v->hs, v->side, HS_CERTIFICATE) ||
		(j->end != PATH_SELF_SIGNED && j->end != PATH_ISSUER_MISSING))
		return false;
	last = &j->step[j->n_steps - 1];
	if (f == NULL)
		return true;
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"the chain of %s ends at '%s'", side_name(v->side),
		j->end == PATH_SELF_SIGNED ? last->cert->subject : last->cert->issuer);
	if (j->issuer_name_in_trust)
		finding_prove(f, v->cf, 0, "the CA file has one of that name, with another key");
	for (size_t i = 0; i < trust_count(v->cf->evidence->trust) && i < 3; i++)
		finding_prove(f, v->cf, 0, "the CA file holds '%s'",
			trust_at(v->cf->evidence->trust, i)->subject);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_trusted, CHECK_chain_complete, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	static const struct chain_rule rule = { shows, explains, { 48, 46, 42 }, SEVERITY_WARNING };

	return chain_cause(cf, f, &rule);
}

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "the chain ends at a certificate of the CA file";
	return chains_pass(cf, CHECK_chain_trusted);
}

static const char *const steps[] = {
	"load the root named above into the peer that refused (mbedtls_ssl_conf_ca_chain)",
	"if that root is not the one meant, the other side serves a certificate of another CA: "
	"reissue or replace it",
	"if the CA file given here is not what the peer has loaded, run again with the right --ca",
	NULL,
};

const struct cause cause_ca_not_trusted = {
	.id = "ca-not-trusted",
	.origin = ORIGIN_CONFIG,
	.summary = "The chain ends at a root that the CA file does not hold",
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
