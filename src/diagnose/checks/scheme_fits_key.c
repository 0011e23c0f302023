/* RFC 5246 7.4.3: the signature algorithm must fit the certificate's key and the suite. In TLS 1.2
 * the scheme names no curve; only TLS 1.3 ties one to it. */
#include "diagnose/rule.h"

static bool suite_fits(const struct handshake *hs, enum key_kind key)
{
	const struct suite *suite = hs->suite;

	if (suite == NULL || hs->side[SIDE_SERVER].n_certs == 0)
		return true;
	if (suite->kx != KX_DHE && suite->kx != KX_ECDHE)
		return true;
	if (suite->auth == AUTH_RSA)
		return key == KEY_RSA || key == KEY_RSA_PSS;
	if (suite->auth == AUTH_ECDSA)
		return key == KEY_EC || key == KEY_ED25519 || key == KEY_ED448;
	return suite->auth != AUTH_DSS || key == KEY_DSA;
}

static enum status server(const struct handshake *hs, const struct cert *cert, struct answer *a)
{
	struct scheme s = scheme_decode(hs->ske.scheme);

	if (!suite_fits(hs, cert->key))
		return fail(a, "the suite %s does not go with the certificate's key, %s",
			hs->suite->name, cert->key_name);
	if (hs->ske.has_scheme && message_partial(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE))
		return unknown(a, "the ServerKeyExchange does not read to its end");
	if (!hs->ske.has_scheme)
		return pass(a, "%s: the key's type fixes the signature's", cert->key_name);
	if (crypto_key_makes(cert->key, s.signature))
		return pass(a, "0x%04x is %s and fits the key, %s; it names no curve",
			hs->ske.scheme, scheme_text12(hs->ske.scheme).text, cert->key_name);
	answer_show(a,
		handshake_place(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, hs->ske.scheme_at, 2),
		"SignatureAndHashAlgorithm");
	answer_show(a, message_place(hs, SIDE_SERVER, HS_CERTIFICATE), "Certificate");
	return fail(a, "ServerKeyExchange says %s (0x%04x), but the certificate's key is %s",
		scheme_text12(hs->ske.scheme).text, hs->ske.scheme, cert->key_name);
}

static enum status client(const struct handshake *hs, const struct cert *cert, struct answer *a)
{
	struct scheme s = scheme_decode(hs->side[SIDE_CLIENT].verify.scheme);

	if (!hs->side[SIDE_CLIENT].verify.has_scheme || crypto_key_makes(cert->key, s.signature))
		return PASS;
	answer_show(a,
		handshake_place(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY,
			hs->side[SIDE_CLIENT].verify.scheme_at, 2),
		"SignatureAndHashAlgorithm");
	return fail(a, "the client's CertificateVerify says %s (0x%04x), but its key is %s",
		scheme_text12(hs->side[SIDE_CLIENT].verify.scheme).text,
		hs->side[SIDE_CLIENT].verify.scheme, cert->key_name);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct cert *server_leaf = leaf(hs, SIDE_SERVER);
	const struct cert *client_leaf = leaf(hs, SIDE_CLIENT);
	enum status s = NOT_APPLICABLE;

	if (hs->ske.seen && hs->ske.has_signature) {
		if (server_leaf == NULL)
			return unknown(a, "the server's certificate was not seen: %s",
				why_unseen(hs, SIDE_SERVER, HS_CERTIFICATE));
		s = server(hs, server_leaf, a);
	}
	if (s != FAIL && hs->side[SIDE_CLIENT].verify.seen && client_leaf != NULL)
		s = status_worse(s, client(hs, client_leaf, a));
	return s;
}

const struct check check_scheme_fits_key = {
	.id = "scheme-fits-key",
	.rfc = "RFC 5246 7.4.3, RFC 8446 4.2.3",
	.question = "Does the signature's scheme fit the certificate's key and the suite?",
	.run = run,
};
