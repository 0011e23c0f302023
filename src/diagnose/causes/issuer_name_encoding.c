/* RFC 5280 7.1 has names compared as text; Go, NSS, wolfSSL and rustls compare bytes. */
#include "diagnose/minded.h"

static const char *const steps[] = {
	"reissue it with the CA's subject copied as it is; tools that print and type it in again "
	"change its string types",
	NULL,
};

const struct cause cause_issuer_name_encoding = {
	.id = "issuer-name-encoding",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The issuer is named as its CA, but not byte for byte",
	.handshake = &minded_rule,
	.next_steps = steps,
};
