/* mbedTLS before 3.5 compares dNSName entries only. */
#include "diagnose/chains.h"
#include "diagnose/transport.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	/* another stack that refused it refused something else */
	bool other = v->hs->outcome == OUTCOME_FAILED && v->hs->looks.stack != STACK_UNKNOWN &&
		     !looks_like_mbedtls(v->hs);

	if (v->side != SIDE_SERVER || v->judgement->name != NAME_IP_SAN_ONLY || other)
		return false;
	if (f == NULL)
		return true;
	if (v->hs->outcome == OUTCOME_COMPLETED)
		finding_say(
			f, v->cf, "Only an iPAddress entry fits, which old clients do not look at");
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"the address is in the certificate only as an iPAddress of the subjectAltName");
	finding_prove(f, v->cf, 0, "mbedTLS up to 3.4, 2.28 included, ignores such entries");
	return true;
}

static const enum check_id explains[] = { CHECK_name_matches, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 42 }, SEVERITY_NOTE, 0 };

static const char *const steps[] = {
	"add the address as a dNSName too, or reach the device by a name",
	"or build the client with mbedTLS 3.5 or later",
	NULL,
};

const struct cause cause_ip_san_unsupported = {
	.id = "ip-san-unsupported",
	.origin = ORIGIN_INTEROP,
	.summary = "Only an iPAddress entry fits, and the client's library does not look at those",
	.chain = &rule,
	.next_steps = steps,
};
