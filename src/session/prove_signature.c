/*
 * What is signed is put together from what was seen: where a byte is missing the answer is "not
 * known".
 */
#include "session/prove_signature.h"

#include "base/array.h"
#include "session/transcript.h"

enum { SSL30 = 0x0300 };

static struct verdict invalid(const char *why)
{
	return (struct verdict){ PROOF_INVALID, why };
}

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

static const struct cert *leaf_of(const struct handshake *hs, enum side s)
{
	return hs->side[s].n_certs != 0 ? hs->side[s].certs[0] : NULL;
}

/* Before TLS 1.2 nothing in the message names the algorithm: the key's kind fixes it (RFC 4346
 * 7.4.3, RFC 8422 5.4). */
static struct signature_method method_by_key(enum key_kind key)
{
	switch (key) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return (struct signature_method){ SIG_RSA_PKCS1, HASH_MD5_SHA1 };
	case KEY_EC:
		return (struct signature_method){ SIG_ECDSA, HASH_SHA1 };
	case KEY_DSA:
		return (struct signature_method){ SIG_DSA, HASH_SHA1 };
	case KEY_ED25519:
		return (struct signature_method){ SIG_ED25519, HASH_INTRINSIC };
	case KEY_ED448:
		return (struct signature_method){ SIG_ED448, HASH_INTRINSIC };
	case KEY_UNKNOWN:
	case KEY_DH:
	case KEY_X25519:
	case KEY_X448:
	case KEY_GOST:
		break;
	}
	return (struct signature_method){ SIG_OTHER, HASH_NONE };
}

static struct signature_method method_of(bool has_scheme, uint16_t scheme, const struct cert *leaf)
{
	struct scheme s;

	if (!has_scheme)
		return method_by_key(leaf != NULL ? leaf->key : KEY_UNKNOWN);
	s = scheme_decode(scheme);
	return (struct signature_method){ s.signature, s.hash };
}

struct signature_method signature_method(const struct handshake *hs, enum side signer)
{
	struct shown_signature shown;

	(void)handshake_signature(hs, signer, &shown);
	return method_of(shown.has_scheme, shown.scheme, leaf_of(hs, signer));
}

void read_signatures(struct handshake *hs)
{
	for (size_t side = 0; side < 2; side++) {
		struct signature_proof *p = &hs->side[side].proof;
		struct shown_signature shown;

		if (!handshake_signature(hs, (enum side)side, &shown))
			continue;
		p->method = signature_method(hs, (enum side)side);
		if (p->method.signature == SIG_ECDSA)
			p->ecdsa = crypto_ecdsa_decode(shown.signature);
	}
}

/* ---- whether the scheme and the key go together at all ---- */

/* Of a signature that we do not know nothing is known against it. */
static bool key_signs(enum key_kind key, enum signature_kind signature)
{
	return signature == SIG_ANONYMOUS || signature == SIG_OTHER ||
	       crypto_key_makes(key, signature);
}

static const char *clash_text(enum signature_kind signature)
{
	static const char *const texts[SIG_OTHER + 1] = {
		[SIG_RSA_PKCS1] = "the scheme says RSA, the certificate's key is of another kind",
		[SIG_RSA_PSS] = "the scheme says RSA-PSS, the certificate's key is of another kind",
		[SIG_DSA] = "the scheme says DSA, the certificate's key is of another kind",
		[SIG_ECDSA] = "the scheme says ECDSA, the certificate's key is of another kind",
	};

	if (texts[signature] != NULL)
		return texts[signature];
	return "the scheme says EdDSA, the certificate's key is of another kind";
}

static struct verdict verify(const struct cert *leaf, struct signature_method method,
	const struct bytes parts[], size_t n, struct bytes signature)
{
	if (leaf->spki.len == 0)
		return unverifiable("the certificate's key cannot be read");
	if (leaf->key != KEY_UNKNOWN && !key_signs(leaf->key, method.signature))
		return invalid(clash_text(method.signature));
	return crypto_verify(leaf->spki, method, parts, n, signature);
}

/* A key of a larger curve makes larger numbers: that is another mistake. */
static void note_range(struct signature_proof *p, const struct cert *leaf)
{
	if (p->signature.state != PROOF_INVALID || leaf == NULL || leaf->key != KEY_EC ||
		p->ecdsa.r_bits > leaf->key_bits || p->ecdsa.s_bits > leaf->key_bits)
		return;
	p->out_of_range = crypto_ecdsa_out_of_range(leaf->key_group, &p->ecdsa);
}

/* ---- what is signed ---- */

/* Our own client says so; mbedTLS's completes a handshake only after it has verified this very signature. */
static bool verified_by_client(const struct handshake *hs)
{
	const struct library_word *w = &hs->side[SIDE_CLIENT].word;

	bool completed = w->release != NULL && w->code == 0 && !hs->has_log;

	return !hs->logged && hs->outcome == OUTCOME_COMPLETED &&
	       (hs->client_verified || completed);
}

static const char *missing(const struct handshake *hs, enum side signer)
{
	return signer == SIDE_SERVER && !hs->tls13
		       ? "a hello is missing from the capture"
		       : "a message that it covers is missing from the capture";
}

static struct verdict judge(struct handshake *hs, enum side signer, struct bytes signature)
{
	const struct cert *leaf = leaf_of(hs, signer);
	struct signature_proof *p = &hs->side[signer].proof;
	struct covered covered;
	struct verdict v;

	p->transcript_whole = transcript_covered(hs, signer, &covered);
	if (leaf == NULL)
		return unverifiable(signer == SIDE_SERVER
					    ? "the server's certificate was not seen"
					    : "the client's certificate was not seen");
	if (hs->version == SSL30 && signer == SIDE_CLIENT) /* RFC 6101 5.6.8 */
		return unverifiable("in SSL 3.0 the master secret is part of what is signed");
	if (signature.len == 0)
		return unverifiable("the signature cannot be read");
	if (!p->transcript_whole)
		return unverifiable(missing(hs, signer));
	if (signer == SIDE_SERVER && verified_by_client(hs))
		return (struct verdict){ PROOF_VALID, NULL };
	v = verify(leaf, p->method, covered.part, covered.n, signature);
	if (v.state == PROOF_INVALID && key_signs(leaf->key, p->method.signature) &&
		transcript_may_begin_late(hs))
		return unverifiable(BEGINS_LATE);
	return v;
}

void prove_signature(struct handshake *hs, enum side signer)
{
	struct signature_proof *p = &hs->side[signer].proof;
	struct shown_signature shown;

	if (!handshake_signature(hs, signer, &shown))
		return;
	p->signature = judge(hs, signer, shown.signature);
	note_range(p, leaf_of(hs, signer));
}
