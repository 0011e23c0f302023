/* RFC 5280 4.1.2.1: v1, or extensions that its version has no room for, or none at all. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, CAUSE_certificate_version_old);
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
	"reissue it as v3 with subjectAltName and keyUsage: openssl x509 -req makes v1 unless it "
	"is given -extfile",
	NULL,
};

const struct cause cause_certificate_version_old = {
	.id = "certificate-version-old",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate is not a whole X.509 v3 certificate",
	.handshake = &rule,
	.next_steps = steps,
};
