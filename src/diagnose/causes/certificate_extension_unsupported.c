/* RFC 5280 4.2: who does not know a critical extension must refuse the certificate. */
#include "diagnose/minded.h"

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
	.handshake = &minded_rule,
	.next_steps = steps,
};
