/* A signature shows the size of the key that made it: r and s of ECDSA are below the order of the
 * key's curve, an RSA signature is as long as the modulus. */
#include "diagnose/rule.h"

static enum status ecdsa(
	const struct handshake *hs, const struct cert *cert, size_t len, struct answer *a)
{
	const struct ecdsa_signature *sig = &hs->side[SIDE_SERVER].proof.ecdsa;
	unsigned bits = sig->r_bits > sig->s_bits ? sig->r_bits : sig->s_bits;

	if (!sig->readable)
		return fail(a, "%zu bytes that are not two DER integers", len);
	if (bits > cert->key_bits)
		return fail(a, "r and s have up to %u bits, more than a key on %s can give", bits,
			cert->key_name);
	/* Below half the order happens once in 2^64 for any curve of this size. */
	if (bits + 64 < cert->key_bits)
		return warn(a, "r and s have at most %u bits, far fewer than a key on %s gives",
			bits, cert->key_name);
	return pass(a, "%zu bytes with r and s of up to %u bits: what a key on %s makes", len, bits,
		cert->key_name);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct cert *cert = leaf(hs, SIDE_SERVER);
	struct shown_signature shown;

	if (!handshake_signature(hs, SIDE_SERVER, &shown))
		return not_applicable(a, "the server signed nothing in the clear");
	if (cert == NULL)
		return unknown(a, "the server's certificate was not seen: %s",
			why_unseen(hs, SIDE_SERVER, HS_CERTIFICATE));
	answer_show(a,
		handshake_place(
			hs, SIDE_SERVER, shown.message, shown.signature_at, shown.signature.len),
		"signature");
	if (cert->key == KEY_EC)
		return ecdsa(hs, cert, shown.signature.len, a);
	if (cert->key != KEY_RSA && cert->key != KEY_RSA_PSS)
		return not_applicable(a, "the size says nothing for %s", cert->key_name);
	if (shown.signature.len != (cert->key_bits + 7) / 8)
		return fail(a, "%zu bytes, but %s signs with %u", shown.signature.len,
			cert->key_name, (cert->key_bits + 7) / 8);
	return pass(a, "%zu bytes: what %s makes", shown.signature.len, cert->key_name);
}

const struct check check_ske_signature_size_fits_key = {
	.id = "ske-signature-size-fits-key",
	.rfc = "RFC 3279 2.2.3, RFC 8017 8",
	.question = "Does the signature's size fit the certificate's key?",
	.run = run,
};
