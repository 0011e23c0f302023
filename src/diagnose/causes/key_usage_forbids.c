/* RFC 5280 4.2.1.3: a key that signs the key exchange needs digitalSignature. */
#include "diagnose/chains.h"

static const char *const steps[] = {
	"reissue the certificate with that usage (OpenSSL: keyUsage=digitalSignature), or without "
	"keyUsage",
	"an RSA key exchange needs keyEncipherment, every ECDHE or DHE one digitalSignature",
	NULL,
};

static bool shows(const struct chain_view *v, struct finding *f)
{
	char need[160];

	/* What a suite needs that was never offered is no fault of the certificate. */
	if (!v->judgement->usage_forbids || leaf_comes_later(v->hs, v->side) ||
		failed_check(v->ex, CHECK_cipher_suite_offered))
		return false;
	if (f == NULL)
		return true;
	cert_key_usage_text(v->judgement->usage_needed, need);
	finding_say(f, v->cf, "keyUsage of the certificate lacks %s", need);
	finding_quote(f, v->cf, v->ex, CHECK_chain_usages);
	finding_step(f, v->cf,
		"reissue the certificate with that usage (OpenSSL: keyUsage=%s), or without "
		"keyUsage",
		need);
	f->steps_done = true;
	if (v->side == SIDE_CLIENT || v->hs->tls13)
		return true; /* whatever the suite: it signs, and no more */
	finding_step(f, v->cf, "%s", steps[1]);
	if (v->hs->suite != NULL)
		finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
			"%s needs %s", v->hs->suite->name, need);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_usages, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 43, 42, 46, 47, 80 }, SEVERITY_WARNING,
	0x800 };

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "keyUsage and extendedKeyUsage allow this use";
	return chains_pass(cf, CHECK_chain_usages);
}

const struct cause cause_key_usage_forbids = {
	.id = "key-usage-forbids",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "keyUsage does not allow what the key exchange needs",
	.chain = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
