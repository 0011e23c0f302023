/*
 * A twin is another handshake with the same r under the same key; whether the two give the key away
 * is for the arithmetic to say.
 */
#include "forensic/nonce.h"
#include "session/transcript.h"

static struct bytes nonce_of(const struct handshake *hs)
{
	return bytes_skip_zeros(hs->side[SIDE_SERVER].proof.ecdsa.r);
}

static bool same_signature(const struct handshake *a, const struct handshake *b)
{
	struct shown_signature one, other;

	(void)handshake_signature(a, SIDE_SERVER, &one);
	(void)handshake_signature(b, SIDE_SERVER, &other);
	return bytes_equal(one.signature, other.signature);
}

static bool is_twin(const struct handshake *a, const struct handshake *b)
{
	return a != b && b->side[SIDE_SERVER].n_certs != 0 &&
	       b->side[SIDE_SERVER].proof.ecdsa.readable && bytes_equal(nonce_of(a), nonce_of(b)) &&
	       !same_signature(a, b) &&
	       cert_same_key(
		       a->side[SIDE_SERVER].certs[0]->spki, b->side[SIDE_SERVER].certs[0]->spki);
}

static bool digest_of(const struct handshake *hs, struct digest *out)
{
	struct covered c;

	return transcript_covered(hs, SIDE_SERVER, &c) &&
	       crypto_hash(hs->side[SIDE_SERVER].proof.method.hash, c.part, c.n, out);
}

static bool gives_key_away(const struct handshake *a, const struct handshake *b)
{
	const struct cert *leaf = a->side[SIDE_SERVER].certs[0];
	const struct ecdsa_signature signature[2] = { a->side[SIDE_SERVER].proof.ecdsa,
		b->side[SIDE_SERVER].proof.ecdsa };
	struct digest digest[2];

	return digest_of(a, &digest[0]) && digest_of(b, &digest[1]) &&
	       crypto_ecdsa_nonce_reuse(leaf->key_group, leaf->key_point, digest, signature);
}

void nonce_autopsy(const struct handshake *hs, const struct handshake *const *others,
	size_t n_others, struct autopsy *out)
{
	if (hs->side[SIDE_SERVER].repeats.nonce == 0 || hs->side[SIDE_SERVER].n_certs == 0 ||
		!hs->side[SIDE_SERVER].proof.ecdsa.readable || nonce_of(hs).len == 0)
		return;
	for (size_t i = 0; i < n_others && !out->nonce_key_recovered; i++) {
		if (!is_twin(hs, others[i]))
			continue;
		if (out->nonce_twin == 0 || others[i]->id == hs->side[SIDE_SERVER].repeats.nonce)
			out->nonce_twin = others[i]->id;
		if (gives_key_away(hs, others[i])) {
			out->nonce_twin = others[i]->id;
			out->nonce_key_recovered = true;
		}
	}
}
