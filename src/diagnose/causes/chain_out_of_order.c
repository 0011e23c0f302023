/* RFC 5246 7.4.2: each must certify the one before it; a strict client gives up. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	if (!v->judgement->out_of_order)
		return false;
	if (f == NULL)
		return true;
	for (size_t i = 0; i < v->hs->side[v->side].n_certs && i < 5; i++)
		finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
			"%zu. '%s', issued by '%s'", i + 1, v->hs->side[v->side].certs[i]->subject,
			v->hs->side[v->side].certs[i]->issuer);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_complete, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48, 46, 42 }, SEVERITY_NOTE, 0 };

static const char *const steps[] = {
	"put the file in order: leaf, its issuer, the issuer of that, ...",
	"leave out certificates that are not part of the path",
	NULL,
};

const struct cause cause_chain_out_of_order = {
	.id = "chain-out-of-order",
	.origin = ORIGIN_SERVER,
	.summary = "The certificates were sent in the wrong order",
	.chain = &rule,
	.next_steps = steps,
};
