/* RFC 8422 5.1, RFC 8446 4.2.7; many servers say "no shared cipher" for it. */
#include "diagnose/negotiation.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	return negotiation_cause(cf, f, EMPTY_GROUPS, explains);
}

static bool innocent(const struct case_file *cf, const char **because)
{
	bool any = false;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (failed_check(cf->kept[i], CHECK_group_offered))
			return false;
		any |= passed_check(cf->kept[i], CHECK_group_offered);
	}
	*because = "a group was agreed that the client offers";
	return any && every_server_hello(cf);
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
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
