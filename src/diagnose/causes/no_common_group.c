/* RFC 8422 5.1, RFC 8446 4.2.7; many servers say "no shared cipher" for it. */
#include "diagnose/negotiation.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return hello_refused_for(v, EMPTY_GROUPS);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove_refused_hello,
	.explains = explains,
};

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "a group was agreed that the client offers";
	return never_failed(cf, CHECK_group_offered) && every_server_hello(cf);
}

static const char *const steps[] = {
	"enable a common group: secp256r1 or x25519 is what every current stack has",
	"mbedTLS: MBEDTLS_ECP_DP_*_ENABLED and mbedtls_ssl_conf_curves or _groups",
	NULL,
};

const struct cause cause_no_common_group = {
	.id = "no-common-group",
	.origin = ORIGIN_CONFIG,
	.summary = "Client and server have no elliptic curve group in common",
	.handshake = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
