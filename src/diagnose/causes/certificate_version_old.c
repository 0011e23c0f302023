/* RFC 5280 4.1.2.1: v1, or extensions that its version has no room for, or none at all. */
#include "diagnose/minded.h"

static const char *const steps[] = {
	"reissue it as v3 with subjectAltName and keyUsage: openssl x509 -req makes v1 unless it "
	"is given -extfile",
	NULL,
};

const struct cause cause_certificate_version_old = {
	.id = "certificate-version-old",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate is not a whole X.509 v3 certificate",
	.handshake = &minded_rule,
	.next_steps = steps,
};
