/* RFC 5480 2.1.1 wants a named curve; keys with ECParameters are refused by all. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, CAUSE_explicit_curve_parameters);
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
	"make the key anew with the name of the curve: openssl ecparam -name prime256v1 -param_enc "
	"named_curve -genkey, and reissue",
	NULL,
};

const struct cause cause_explicit_curve_parameters = {
	.id = "explicit-curve-parameters",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The key spells out its curve instead of naming it",
	.handshake = &rule,
	.next_steps = steps,
};
