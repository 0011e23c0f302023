/* An empty CA file: mbedTLS says -0x7680. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	if (v->side != SIDE_SERVER || !v->judgement->has_trust ||
		v->judgement->end != PATH_NO_ANCHOR)
		return false;
	if (f != NULL)
		finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
			"the CA file given holds no certificate at all");
	return true;
}

static const enum check_id explains[] = { CHECK_chain_trusted, CHECK_chain_complete, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48 }, SEVERITY_WARNING, 0 };

static const char *const steps[] = {
	"put the root certificate into the CA file (PEM, between BEGIN CERTIFICATE and END "
	"CERTIFICATE)",
	"on the device, look at the return value of mbedtls_x509_crt_parse: a positive number "
	"counts certificates that were skipped",
	"mbedTLS without any CA answers -0x7680 (CA_CHAIN_REQUIRED)",
	NULL,
};

const struct cause cause_no_trust_anchor = {
	.id = "no-trust-anchor",
	.origin = ORIGIN_CONFIG,
	.summary = "There is nothing to verify against: the CA file holds no certificate",
	.chain = &rule,
	.next_steps = steps,
};
