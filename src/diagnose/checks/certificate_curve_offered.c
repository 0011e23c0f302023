/* RFC 8422 5.3, and not RFC 8446 (4.2.7): the server's key must be on a curve the client supports. Strictly that is said of
 * the leaf; an issuer's curve matters to a verifier that cannot compute on it. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct client_hello *hello = &hs->client_hello;
	const struct cert *issuer = NULL;
	bool any = false;

	if (hs->side[SIDE_SERVER].n_certs == 0)
		return not_applicable(a, "no server certificate was seen");
	if (hs->tls13)
		return not_applicable(a, "in TLS 1.3 the groups are for key exchange alone");
	for (size_t i = 0; i < hs->side[SIDE_SERVER].n_certs; i++) {
		const struct cert *c = hs->side[SIDE_SERVER].certs[i];

		if (c->key != KEY_EC ||
			c->key_explicit) /* it has no number that could be offered */
			continue;
		any = true;
		if (!hello->seen)
			return unknown(a, "the ClientHello is not in the %s", source_name(hs));
		if (!hello->ext.has_groups || u16s_has(&hello->ext.groups, c->key_group))
			continue;
		answer_show(a,
			handshake_place(hs, SIDE_SERVER, HS_CERTIFICATE,
				hs->side[SIDE_SERVER].certificate.at[i], c->der.len),
			"the certificate");
		if (i == 0)
			return fail(a, "the leaf's key is %s, a curve the client does not offer",
				c->key_name);
		issuer = c;
	}
	if (!any)
		return not_applicable(a, "no certificate has an EC key");
	if (issuer != NULL)
		return warn(a,
			"the issuer '%s' has a key on a curve the client does not offer (%s)",
			issuer->subject, issuer->key_name);
	if (!hello->ext.has_groups)
		return pass(a, "the client names no groups, so any will do");
	return pass(a, "every EC key of the chain is on a curve the client offers");
}

const struct check check_certificate_curve_offered = {
	.id = "certificate-curve-offered",
	.rfc = "RFC 8422 5.1.1 and 5.3",
	.question = "Are the certificates' curves among those the client offers?",
	.run = run,
	.reads_offer = true,
};
