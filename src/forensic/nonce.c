/*
 * A twin is another handshake with the same r under the same key; whether the two give the key away
 * is for the arithmetic to say.
 */
#include "forensic/nonce.h"

static struct bytes nonce_of(const struct handshake *hs)
{
	return bytes_skip_zeros(hs->ske_proof.ecdsa.r);
}

static bool is_twin(const struct handshake *a, const struct handshake *b)
{
	return a != b && b->n_certs[SIDE_SERVER] != 0 && b->ske_proof.ecdsa.readable &&
	       bytes_equal(nonce_of(a), nonce_of(b)) &&
	       !bytes_equal(a->ske.signature, b->ske.signature) &&
	       cert_same_key(a->certs[SIDE_SERVER][0]->spki, b->certs[SIDE_SERVER][0]->spki);
}

static bool digest_of(const struct handshake *hs, struct digest *out)
{
	struct bytes part[3];

	return handshake_ske_signed(hs, part) &&
	       crypto_hash(hs->ske_proof.method.hash, part, 3, out);
}

static bool gives_key_away(const struct handshake *a, const struct handshake *b)
{
	const struct cert *leaf = a->certs[SIDE_SERVER][0];
	const struct ecdsa_signature signature[2] = { a->ske_proof.ecdsa, b->ske_proof.ecdsa };
	struct digest digest[2];

	return digest_of(a, &digest[0]) && digest_of(b, &digest[1]) &&
	       crypto_ecdsa_nonce_reuse(leaf->key_group, leaf->key_point, digest, signature);
}

void nonce_autopsy(const struct handshake *hs, const struct handshake *const *others,
	size_t n_others, struct autopsy *out)
{
	if (hs->repeats.nonce == 0 || hs->n_certs[SIDE_SERVER] == 0 ||
		!hs->ske_proof.ecdsa.readable || nonce_of(hs).len == 0)
		return;
	for (size_t i = 0; i < n_others && !out->nonce_key_recovered; i++) {
		if (!is_twin(hs, others[i]))
			continue;
		if (out->nonce_twin == 0 || others[i]->id == hs->repeats.nonce)
			out->nonce_twin = others[i]->id;
		if (gives_key_away(hs, others[i])) {
			out->nonce_twin = others[i]->id;
			out->nonce_key_recovered = true;
		}
	}
}
