/* RFC 5480 2.1.1 wants a named curve; keys with ECParameters are refused by all. */
#include "diagnose/minded.h"

static const char *const steps[] = {
	"make the key anew with the name of the curve: openssl ecparam -name prime256v1 -param_enc "
	"named_curve -genkey, and reissue",
	NULL,
};

const struct cause cause_explicit_curve_parameters = {
	.id = "explicit-curve-parameters",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The key spells out its curve instead of naming it",
	.handshake = &minded_rule,
	.next_steps = steps,
};
