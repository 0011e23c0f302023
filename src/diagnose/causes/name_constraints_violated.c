/* RFC 5280 4.2.1.10: a CA above permits other names only, or forbids these. */
#include "diagnose/minded.h"

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
	.handshake = &minded_rule,
	.next_steps = steps,
};
