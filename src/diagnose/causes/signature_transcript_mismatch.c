/* It verifies under the certificate's key over those bytes. */
#include "diagnose/signatures.h"

static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_OTHER_TRANSCRIPT;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	return signature_cause(cf, f, found);
}

static const char *const steps[] = {
	"sign client_random + server_random + the parameters, in that order (RFC 5246 7.4.3)",
	"look for a random that is copied too early, or kept from the connection before",
	NULL,
};

const struct cause cause_signature_transcript_mismatch = {
	.id = "signature-transcript-mismatch",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The signature was made over other bytes than it should cover",
	.run = run,
	.next_steps = steps,
};
