/* RFC 5280 4.2.1.10: a CA above permits other names only, or forbids these. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, CAUSE_name_constraints_violated);
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
	"have it issued by a CA that may issue for the name, or have that CA's nameConstraints "
	"mended",
	"openssl x509 -noout -ext nameConstraints -in ca.pem shows what it permits",
	NULL,
};

const struct cause cause_name_constraints_violated = {
	.id = "name-constraints-violated",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A CA above does not permit the names of the certificate",
	.handshake = &rule,
	.next_steps = steps,
};
