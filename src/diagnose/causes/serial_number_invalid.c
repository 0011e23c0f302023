/* RFC 5280 4.1.2.2: positive, at most 20 octets, and not padded. */
#include "diagnose/minded.h"

static const char *const steps[] = {
	"reissue it with a positive serial number of at most 20 octets",
	NULL,
};

const struct cause cause_serial_number_invalid = {
	.id = "serial-number-invalid",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The serial number is one that some verifiers refuse to read",
	.handshake = &minded_rule,
	.next_steps = steps,
};
