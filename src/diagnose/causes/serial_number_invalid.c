/* RFC 5280 4.1.2.2: positive, at most 20 octets, and not padded. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, CAUSE_serial_number_invalid);
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
	"reissue it with a positive serial number of at most 20 octets",
	NULL,
};

const struct cause cause_serial_number_invalid = {
	.id = "serial-number-invalid",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The serial number is one that some verifiers refuse to read",
	.handshake = &rule,
	.next_steps = steps,
};
