/* RFC 8422 5.11: the same for the client's key in ClientKeyExchange. */
#include "diagnose/checks/point_answer.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct client_key_exchange *cke = &hs->cke;

	if (!cke->seen || !hs->ske.has_group || cke->public_key.len == 0)
		return not_applicable(a, "the client sent no ECDHE public key in the clear");
	answer_show(a,
		handshake_place(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE, cke->public_at,
			cke->public_key.len),
		"ECDHE public key");
	return point_answer(hs, a, hs->side[SIDE_CLIENT].point, hs->ske.group, cke->public_key.len,
		"the client's ECDHE public key");
}

const struct check check_cke_point_on_curve = {
	.id = "cke-point-on-curve",
	.rfc = "RFC 8422 5.11",
	.question = "Is the client's ECDHE public key a point on its curve?",
	.run = run,
};
