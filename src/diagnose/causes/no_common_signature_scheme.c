/* RFC 5246 7.4.1.4.1, RFC 8446 4.2.3. */
#include "diagnose/negotiation.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return hello_refused_for(v, EMPTY_SCHEMES);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove_refused_hello,
	.explains = explains,
};

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "the scheme used was offered";
	return never_failed(cf, CHECK_signature_scheme_offered);
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
	.handshake = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
