/* RFC 5280 4.2: who does not know a critical extension must refuse the certificate. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, CAUSE_certificate_extension_unsupported);
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = minded_prove,
	.explains = explains,
	.confidence = CONFIDENCE_POSSIBLE,
	.assumptions = 1,
};

static const char *const steps[] = {
	"reissue without the extension, or not critical, where its rules allow that",
	"mbedTLS knows no nameConstraints and no policies: "
	"mbedtls_x509_crt_parse_der_with_ext_cb() can take them",
	NULL,
};

const struct cause cause_certificate_extension_unsupported = {
	.id = "certificate-extension-unsupported",
	.origin = ORIGIN_INTEROP,
	.summary = "A critical extension is one that not every verifier knows",
	.handshake = &rule,
	.next_steps = steps,
};
