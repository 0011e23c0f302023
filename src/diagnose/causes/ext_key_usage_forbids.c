/* RFC 5280 4.2.1.12. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	if (!v->judgement->ext_usage_forbids || leaf_comes_later(v->hs, v->side))
		return false;
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "extendedKeyUsage of the certificate lacks %s",
		v->side == SIDE_SERVER ? "serverAuth" : "clientAuth");
	finding_quote(f, v->cf, v->ex, CHECK_chain_usages);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_usages, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 43, 42, 46 }, SEVERITY_WARNING, 0x1000 };

static const char *const steps[] = {
	"reissue the certificate with extendedKeyUsage=serverAuth for a server, clientAuth for a "
	"client",
	"one certificate for both roles needs both",
	NULL,
};

const struct cause cause_ext_key_usage_forbids = {
	.id = "ext-key-usage-forbids",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "extendedKeyUsage does not allow this use",
	.chain = &rule,
	.next_steps = steps,
};
