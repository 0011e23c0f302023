/* RFC 5280 7.1 has names compared as text; Go, NSS, wolfSSL and rustls compare bytes. */
#include "diagnose/minded.h"

static bool shows(const struct handshake_view *v)
{
	return minded_shows(v, CAUSE_issuer_name_encoding);
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
	"reissue it with the CA's subject copied as it is; tools that print and type it in again "
	"change its string types",
	NULL,
};

const struct cause cause_issuer_name_encoding = {
	.id = "issuer-name-encoding",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The issuer is named as its CA, but not byte for byte",
	.handshake = &rule,
	.next_steps = steps,
};
