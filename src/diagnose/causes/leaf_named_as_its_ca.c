/* RFC 5280 6.1: a name that is one's own issuer's is not yet a signature of one's own; OpenSSL takes it for that. */
#include "diagnose/minded.h"

static const char *const steps[] = {
	"give the certificate a subject of its own: CN=server, not the CA's",
	"or issue it with authorityKeyIdentifier=keyid and subjectKeyIdentifier=hash, which tell "
	"it "
	"from the CA",
	NULL,
};

const struct cause cause_leaf_named_as_its_ca = {
	.id = "leaf-named-as-its-ca",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate has the name of its CA, and is taken for self-signed",
	.handshake = &minded_rule,
	.next_steps = steps,
};
