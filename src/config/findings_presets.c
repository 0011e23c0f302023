/* The library's presets and profiles of certificates, held against the curves that are compiled in. */
#include "config/finding.h"

#include "base/array.h"

/* mbedtls_x509_crt_profile_suiteb, and from 3.0 on mbedtls_x509_crt_profile_default. */
#define SUITE_B                                                                                    \
	"(defined(MBEDTLS_ECP_DP_SECP256R1_ENABLED) || defined(MBEDTLS_ECP_DP_SECP384R1_ENABLED))"
#define DEFAULT_3                                                                                  \
	"(" SUITE_B " || defined(MBEDTLS_ECP_DP_SECP521R1_ENABLED) || "                            \
	"defined(MBEDTLS_ECP_DP_BP256R1_ENABLED) || defined(MBEDTLS_ECP_DP_BP384R1_ENABLED) || "   \
	"defined(MBEDTLS_ECP_DP_BP512R1_ENABLED))"
#define EC_CERTIFICATES "defined(MBEDTLS_X509_CRT_PARSE_C) && defined(MBEDTLS_ECDSA_C) && "

struct preset {
	enum config_release from;
	const char *when; /* it takes none of the curves */
	enum config_severity severity;
	const char *reason;
};

/* The one that says most first: one is told. */
static const struct preset presets[] = {
	{ RELEASE_3_0, EC_CERTIFICATES "!" DEFAULT_3, CONFIG_WARNING,
		"No curve is compiled in that the default profile takes (P-256, P-384, P-521, "
		"Brainpool): certificates with keys on curves are refused unless the program names "
		"a "
		"profile of its own." },
	{ RELEASE_2_7, EC_CERTIFICATES "defined(MBEDTLS_SSL_TLS_C) && !" SUITE_B, CONFIG_NOTE,
		"Neither P-256 nor P-384 is compiled in: nothing can be negotiated with "
		"MBEDTLS_SSL_PRESET_SUITEB, and its profile refuses every certificate." },
};

void config_findings_presets(const struct search *s)
{
	for (size_t i = 0; i < COUNT(presets); i++)
		if (s->version->release >= presets[i].from && s->version->release <= RELEASE_3_6 &&
			config_holds(s->config, presets[i].when)) {
			config_finding_add(s, presets[i].severity, "config-preset-curves",
				"MBEDTLS_ECDSA_C", presets[i].reason,
				"define MBEDTLS_ECP_DP_SECP256R1_ENABLED");
			return;
		}
}
