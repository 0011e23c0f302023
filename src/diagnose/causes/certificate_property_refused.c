/* What no check minds and no other cause stands for, but some stack refuses with this very answer. */
#include "diagnose/minded.h"

static const char *const steps[] = {
	"tlsdiag check --cert FILE names each property, and who refuses it",
	NULL,
};

const struct cause cause_certificate_property_refused = {
	.id = "certificate-property-refused",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate has something that the stack refuses so, by measurement",
	.handshake = &minded_rule,
	.next_steps = steps,
};
