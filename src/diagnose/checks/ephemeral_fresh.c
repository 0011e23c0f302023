/* RFC 8446 C.4, RFC 9325 7.4: a key share should be used once; a tiny one is no secret at all. */
#include "diagnose/rule.h"

static enum status trivial(struct answer *a, enum side s, uint32_t k)
{
	return fail(a, "%s's ECDHE public key is %u times the generator: its private key is known",
		side_name(s), k);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct repeats *r = &hs->repeats;
	struct bytes key;
	struct place at;
	uint16_t group;
	bool has_server = handshake_server_public(hs, &group, &key, &at);

	if (!has_server && hs->cke.public_key.len == 0)
		return not_applicable(a, "no ephemeral key was seen");
	if (has_server && (r->server_public_multiple != 0 || r->server_public != 0))
		answer_show(a, at, "ECDHE public key");
	if (r->server_public_multiple != 0)
		return trivial(a, SIDE_SERVER, r->server_public_multiple);
	if (r->client_public_multiple != 0)
		return trivial(a, SIDE_CLIENT, r->client_public_multiple);
	if (r->server_public != 0)
		return warn(a, "the server's ephemeral key is the same as in handshake %llu",
			(unsigned long long)r->server_public);
	if (r->client_public != 0)
		return warn(a, "the client's ephemeral key is the same as in handshake %llu",
			(unsigned long long)r->client_public);
	return pass(a, "no ephemeral key was seen before");
}

const struct check check_ephemeral_fresh = {
	.id = "ephemeral-fresh",
	.rfc = "RFC 8446 C.4, RFC 9325 7.4",
	.question = "Are the ephemeral keys new and not trivial?",
	.run = run,
};
