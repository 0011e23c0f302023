/* What verifying a handshake costs, before it is done. */
#include "session/prove_ration.h"

#include "session/handshake.h"
#include "session/prove_signature.h"

static unsigned under_leaf(const struct handshake *hs, enum side signer)
{
	struct shown_signature shown;

	if (hs->side[signer].n_certs == 0 || !handshake_signature(hs, signer, &shown))
		return 0;
	return crypto_verify_cost(
		hs->side[signer].certs[0]->spki, signature_method(hs, signer), shown.signature);
}

unsigned ration_signatures(const struct handshake *hs)
{
	return under_leaf(hs, SIDE_SERVER) + under_leaf(hs, SIDE_CLIENT);
}

/* As if each were signed by the next, or where it is alone by itself. */
static unsigned chain_cost(const struct handshake *hs, enum side s)
{
	unsigned cost = 0;

	for (size_t i = 0; i < hs->side[s].n_certs && i < LINKS_TRIED; i++) {
		const struct cert *child = hs->side[s].certs[i];
		const struct cert *issuer =
			hs->side[s].certs[i + 1 < hs->side[s].n_certs ? i + 1 : i];

		cost += crypto_verify_cost(issuer->spki, child->method, child->signature);
	}
	return cost;
}

unsigned ration_chains(const struct handshake *hs)
{
	return chain_cost(hs, SIDE_SERVER) + chain_cost(hs, SIDE_CLIENT);
}

size_t ration_bytes(const struct handshake *hs)
{
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++)
		n += hs->events[i].raw.len;
	return n;
}
