/* RFC 5246 7.4.1.4.1, RFC 8446 4.2.3. */
#include "diagnose/negotiation.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	return negotiation_cause(cf, f, EMPTY_SCHEMES, explains);
}

static bool innocent(const struct case_file *cf, const char **because)
{
	bool any = false;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (failed_check(cf->kept[i], CHECK_signature_scheme_offered))
			return false;
		any |= passed_check(cf->kept[i], CHECK_signature_scheme_offered);
	}
	*because = "the scheme used was offered";
	return any;
}

static const char *const steps[] = {
	"offer ECDSA or RSA with SHA-256 on both sides",
	"mbedTLS: mbedtls_ssl_conf_sig_hashes (2.x) or _sig_algs (3.x), and the hash compiled in",
	NULL,
};

const struct cause cause_no_common_signature_scheme = {
	.id = "no-common-signature-scheme",
	.origin = ORIGIN_CONFIG,
	.summary = "Client and server have no signature scheme in common",
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
