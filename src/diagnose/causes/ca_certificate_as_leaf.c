/* The leaf has CA:TRUE, which webpki, NSS and others refuse. */
#include "diagnose/chains.h"
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v) && !leaf_comes_later(v->hs, side_other(v->st.by));
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = minded_prove,
	.explains = minded_explains,
	.confidence = CONFIDENCE_POSSIBLE,
	.assumptions = 1,
};

static const char *const steps[] = {
	"issue a certificate of its own for the side that sent it, with CA:FALSE",
	NULL,
};

const struct cause cause_ca_certificate_as_leaf = {
	.id = "ca-certificate-as-leaf",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "A CA certificate is used as a server or client certificate",
	.handshake = &rule,
	.next_steps = steps,
};
