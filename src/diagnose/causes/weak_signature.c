/* MD5 and SHA-1 are outside the default profiles (RFC 9155). */
#include "diagnose/chains.h"

static bool weak(const struct path_step *step)
{
	return step->weak_signature;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, weak);

	if (step == NULL)
		return false;
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "A certificate of the chain is signed with %s",
		hash_title(step->cert->method.hash));
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"'%s' is signed with %s", step->cert->subject, step->cert->signature_name);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_strength, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 46, 42, 43 }, SEVERITY_NOTE, 0x4000 };

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "keys and hashes of the chain are strong enough";
	return chains_pass(cf, CHECK_chain_strength);
}

static const char *const steps[] = {
	"reissue it with SHA-256 or better",
	"for a test only: allow the hash in the verifier's profile (mbedtls_ssl_conf_cert_profile)",
	NULL,
};

const struct cause cause_weak_signature = {
	.id = "weak-signature",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A certificate is signed with a hash that verifiers no longer accept",
	.chain = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
