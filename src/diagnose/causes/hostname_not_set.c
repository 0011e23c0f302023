/* mbedTLS from 3.6.3 and 2.28.10 on refuses to verify a server without a name to hold its certificate against (CVE-2025-27809). */
#include "diagnose/claims.h"

static const char *const steps[] = {
	"call mbedtls_ssl_set_hostname(&ssl, \"NAME\") before the handshake, with the name as it "
	"stands in the certificate's SAN",
	"where no name is to be checked (a private CA that issues for this server alone) say so: "
	"mbedtls_ssl_set_hostname(&ssl, NULL)",
	"MBEDTLS_SSL_CLI_ALLOW_WEAK_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME brings the old "
	"behaviour back, and the hole with it",
	NULL,
};

const struct cause cause_hostname_not_set = {
	.id = "hostname-not-set",
	.origin = ORIGIN_CONFIG,
	.summary = "The client verifies, and was never told which name the certificate must have",
	.next_steps = steps,
};
