/* RFC 8422 5.11, RFC 8446 4.2.8.2: the receiver must make sure of it. */
#include "diagnose/checks/point_answer.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	struct bytes key;
	struct place at;
	uint16_t group;

	if (!handshake_server_public(hs, &group, &key, &at))
		return not_applicable(a, "the server sent no ECDHE public key");
	answer_show(a, at, "ECDHE public key");
	return point_answer(hs, a, hs->side[SIDE_SERVER].point, group, key.len,
		"the server's ECDHE public key");
}

const struct check check_ske_point_on_curve = {
	.id = "ske-point-on-curve",
	.rfc = "RFC 8422 5.11, RFC 8446 4.2.8.2",
	.question = "Is the server's ECDHE public key a point on its curve?",
	.run = run,
};
