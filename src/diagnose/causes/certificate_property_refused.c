/* What no check minds and no other cause stands for, but some stack refuses with this very answer. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, N_CAUSES);
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
	"tlsdiag check --cert FILE names each property, and who refuses it",
	NULL,
};

const struct cause cause_certificate_property_refused = {
	.id = "certificate-property-refused",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate has something that the stack refuses so, by measurement",
	.handshake = &rule,
	.next_steps = steps,
};
