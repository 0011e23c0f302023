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

/* The certificate's key, of whom the sentence speaks. */
static const char *whose(enum side side)
{
	return side == SIDE_SERVER ? "the certificate's" : "its";
}

static const char *message_name(enum side side, const struct shown_signature *shown)
{
	if (shown->message == HS_SERVER_KEY_EXCHANGE)
		return "ServerKeyExchange";
	return side == SIDE_SERVER ? "the server's CertificateVerify"
				   : "the client's CertificateVerify";
}

static void show(const struct handshake *hs, enum side side, const struct shown_signature *shown,
	struct answer *a)
{
	answer_show(a, handshake_place(hs, side, shown->message, shown->scheme_at, 2),
		hs->tls13 ? "SignatureScheme" : "SignatureAndHashAlgorithm");
	answer_show(a, message_place(hs, side, HS_CERTIFICATE), "Certificate");
}

/* ---- TLS 1.3 (RFC 8446 4.2.3, 4.4.3) ---- */

static bool is_old(struct scheme s)
{
	return s.signature == SIG_RSA_PKCS1 || s.signature == SIG_DSA || s.hash == HASH_SHA1 ||
	       s.hash == HASH_SHA224 || s.hash == HASH_MD5;
}

static enum status tls13(const struct handshake *hs, enum side side,
	const struct shown_signature *shown, const struct cert *cert, struct answer *a)
{
	struct scheme s = scheme_decode(shown->scheme);
	const struct code_text name = scheme_text13(shown->scheme);
	const char *message = message_name(side, shown);

	if (s.signature != SIG_OTHER && !is_old(s) && crypto_key_makes(cert->key, s.signature) &&
		(s.tls13_group == 0 || s.tls13_group == cert->key_group) &&
		(s.signature != SIG_RSA_PSS || s.pss_key == (cert->key == KEY_RSA_PSS)))
		return pass(a, "0x%04x is %s and fits the key, %s", shown->scheme, name.text,
			cert->key_name);
	show(hs, side, shown, a);
	if (is_old(s))
		return fail(a, "%s says %s (0x%04x), which TLS 1.3 has no more", message, name.text,
			shown->scheme);
	if (s.tls13_group != 0 && cert->key == KEY_EC)
		return fail(a,
			"%s says %s (0x%04x), which in TLS 1.3 is for keys on %s alone: %s "
			"key is %s",
			message, name.text, shown->scheme, group_text(s.tls13_group).text,
			whose(side), cert->key_name);
	return fail(a, "%s says %s (0x%04x), but %s key is %s", message, name.text, shown->scheme,
		whose(side), cert->key_name);
}

/* ---- up to TLS 1.2 ---- */

static enum status labelled(const struct handshake *hs, enum side side,
	const struct shown_signature *shown, const struct cert *cert, struct answer *a)
{
	struct scheme s = scheme_decode(shown->scheme);

	if (message_partial(hs, side, shown->message))
		return unknown(a, "%s does not read to its end",
			shown->message == HS_SERVER_KEY_EXCHANGE ? "the ServerKeyExchange"
								 : message_name(side, shown));
	if (hs->tls13)
		return tls13(hs, side, shown, cert, a);
	if (crypto_key_makes(cert->key, s.signature))
		return pass(a, "0x%04x is %s and fits the key, %s; it names no curve",
			shown->scheme, scheme_text12(shown->scheme).text, cert->key_name);
	show(hs, side, shown, a);
	return fail(a, "%s says %s (0x%04x), but %s key is %s", message_name(side, shown),
		scheme_text12(shown->scheme).text, shown->scheme, whose(side), cert->key_name);
}

static enum status server(const struct handshake *hs, const struct shown_signature *shown,
	const struct cert *cert, struct answer *a)
{
	if (!suite_fits(hs, cert->key))
		return fail(a, "the suite %s does not go with the certificate's key, %s",
			hs->suite->name, cert->key_name);
	if (!shown->has_scheme)
		return pass(a, "%s: the key's type fixes the signature's", cert->key_name);
	return labelled(hs, SIDE_SERVER, shown, cert, a);
}

/* What the server's answer says stays, where the client's is no worse. */
static enum status client(const struct handshake *hs, const struct shown_signature *shown,
	const struct cert *cert, enum status so_far, struct answer *a)
{
	struct answer own = { .arena = a->arena, .quiet = a->quiet };
	enum status s = shown->has_scheme ? labelled(hs, SIDE_CLIENT, shown, cert, &own) : PASS;

	if (status_worse(so_far, s) == so_far)
		return so_far;
	*a = own;
	return s;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct cert *server_leaf = leaf(hs, SIDE_SERVER);
	const struct cert *client_leaf = leaf(hs, SIDE_CLIENT);
	struct shown_signature shown;
	enum status s = NOT_APPLICABLE;

	if (handshake_signature(hs, SIDE_SERVER, &shown)) {
		if (server_leaf == NULL)
			return unknown(a, "the server's certificate was not seen: %s",
				why_unseen(hs, SIDE_SERVER, HS_CERTIFICATE));
		s = server(hs, &shown, server_leaf, a);
	}
	if (handshake_signature(hs, SIDE_CLIENT, &shown) && client_leaf != NULL)
		s = client(hs, &shown, client_leaf, s, a);
	return s;
}

const struct check check_scheme_fits_key = {
	.id = "scheme-fits-key",
	.rfc = "RFC 5246 7.4.3, RFC 8446 4.2.3",
	.question = "Does the signature's scheme fit the certificate's key and the suite?",
	.run = run,
};
