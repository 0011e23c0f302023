/* RFC 8446 C.4, RFC 9325 7.4: a key share should be used once; a tiny one is no secret at all. */
#include "diagnose/rule.h"

static enum status judge(const struct handshake *hs, struct answer *a, enum side s)
{
	const struct repeats *r = &hs->side[s].repeats;

	if (r->public_multiple != 0)
		return fail(a,
			"%s's ECDHE public key is %u times the generator: its private key is known",
			side_name(s), r->public_multiple);
	if (r->public_key != 0)
		return warn(a, "%s's ephemeral key is the same as in handshake %llu", side_name(s),
			(unsigned long long)r->public_key);
	return PASS;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct repeats *server = &hs->side[SIDE_SERVER].repeats;
	const struct repeats *client = &hs->side[SIDE_CLIENT].repeats;
	enum side first = SIDE_SERVER;
	struct bytes key;
	struct place at;
	uint16_t group;
	bool has_server = handshake_server_public(hs, &group, &key, &at);

	if (!has_server && hs->cke.public_key.len == 0)
		return not_applicable(a, "no ephemeral key was seen");
	if (has_server && (server->public_multiple != 0 || server->public_key != 0))
		answer_show(a, at, "ECDHE public key");
	/* a key that is known is worse than one that comes back */
	if (server->public_multiple == 0 &&
		(client->public_multiple != 0 || server->public_key == 0))
		first = SIDE_CLIENT;
	if (server->public_multiple == 0 && server->public_key == 0 &&
		client->public_multiple == 0 && client->public_key == 0)
		return pass(a, "no ephemeral key was seen before");
	return judge(hs, a, first);
}

const struct check check_ephemeral_fresh = {
	.id = "ephemeral-fresh",
	.rfc = "RFC 8446 C.4, RFC 9325 7.4",
	.question = "Are the ephemeral keys new and not trivial?",
	.run = run,
};
