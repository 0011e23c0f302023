/* TLS 1.3 of mbedTLS computes its key share through PSA: without psa_crypto_init() it fails before any byte is sent. */
#include "diagnose/claims.h"

static const char *const steps[] = {
	"call psa_crypto_init() once, before the first handshake, and look at what it returns (0 "
	"is well)",
	"or leave TLS 1.3 out: undefine MBEDTLS_SSL_PROTO_TLS1_3, or "
	"mbedtls_ssl_conf_max_tls_version(&conf, MBEDTLS_SSL_VERSION_TLS1_2)",
	"it costs about 1.5 kB of RAM, and entropy: with MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG or a seed "
	"file psa_crypto_init() may fail for that",
	NULL,
};

const struct cause cause_psa_not_initialised = {
	.id = "psa-not-initialised",
	.origin = ORIGIN_CONFIG,
	.summary = "The program never initialised PSA crypto, which TLS 1.3 computes with",
	.next_steps = steps,
};
