/*
 * RFC 5246 7.4.2, RFC 8446 4.4.2.2: certificates are to be signed with a scheme of
 * signature_algorithms_cert, else of signature_algorithms; but a server that has no other sends what it
 * has, and a root's own signature is nobody's concern. So this is a warning.
 */
#include "diagnose/rule.h"

static bool lists(const struct u16s *schemes, const struct signature_method *method)
{
	for (size_t i = 0; i < u16s_count(schemes); i++) {
		struct scheme s = scheme_decode(u16s_at(schemes, i));

		if (s.signature == method->signature && s.hash == method->hash)
			return true;
	}
	return false;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct party *server = &hs->side[SIDE_SERVER];
	const struct extensions *ext = &hs->client_hello.ext;
	const struct u16s *schemes =
		u16s_count(&ext->schemes_cert) != 0 ? &ext->schemes_cert : &ext->schemes;

	if (server->n_certs == 0)
		return not_applicable(a, "no certificate of the server was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (!ext->has_schemes || u16s_count(schemes) == 0)
		return not_applicable(a, "the client lists no schemes");
	for (size_t i = 0; i < server->n_certs; i++) {
		const struct cert *c = server->certs[i];

		if (!c->parsed || c->self_issued || c->method.signature == SIG_OTHER ||
			lists(schemes, &c->method))
			continue;
		answer_show(a, message_place(hs, SIDE_SERVER, HS_CERTIFICATE), "Certificate");
		return warn(a, "'%s' is signed with %s, which the client does not list", c->subject,
			c->signature_name);
	}
	return pass(a, "every certificate is signed with a scheme that the client lists");
}

const struct check check_chain_schemes_offered = {
	.id = "chain-schemes-offered",
	.rfc = "RFC 8446 4.4.2.2, RFC 5246 7.4.2",
	.question = "Is every certificate signed with a scheme that the client offers?",
	.run = run,
	.reads_offer = true,
};
