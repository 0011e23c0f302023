/* r and s make a valid signature once they are read another way (RFC 3279 2.2.3 wants DER). */
#include "diagnose/signatures.h"

static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_OTHER_ENCODING;
}

/* It is cut, empty, or something else: there are no two numbers in it to be wrong. */
static bool run(const struct case_file *cf, struct finding *f)
{
	if (signature_cause(cf, f, found))
		return true;
	if (!signature_cause(cf, f, no_signature_at_all))
		return false;
	finding_say(
		f, cf, "What is sent as an ECDSA signature is none: cut, empty, or other bytes");
	return true;
}

static const char *const steps[] = {
	"encode r and s as a DER SEQUENCE of two INTEGERs: big-endian, 00 in front where the high "
	"bit is set, no other padding",
	"mbedTLS: let mbedtls_ecdsa_write_signature do it; an ALT driver or PSA gives raw r||s "
	"and must convert",
	NULL,
};

const struct cause cause_signature_encoding = {
	.id = "signature-encoding",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The signature is right but encoded wrongly",
	.run = run,
	.next_steps = steps,
};
