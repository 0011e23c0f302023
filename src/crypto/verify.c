/* From a key and a method to the arithmetic that decides. */
#include "crypto/curve.h"
#include "crypto/ecdsa.h"
#include "crypto/rsa.h"

struct claim {
	enum hash hash;
	const struct digest *digest;
	struct bytes signature;
	bool any_salt;
};

static struct verdict invalid(const char *why)
{
	return (struct verdict){ PROOF_INVALID, why };
}

static struct verdict unverifiable(const char *why)
{
	return (struct verdict){ PROOF_UNVERIFIABLE, why };
}

/* A key's compressed point (RFC 5480 2.2), which not every version of the library can read. */
static struct bytes decompressed(const struct spki *key, struct point *room)
{
	struct affine a;
	struct curve c;

	if (key->point.len == 0 || (key->point.data[0] != 2 && key->point.data[0] != 3) ||
		!curve_load(key->group, &c) || !curve_read(&c, key->point, &a))
		return key->point;
	curve_write(&c, &a, room);
	return bytes_of(room->data, room->len);
}

static struct verdict verify_ecdsa(const struct spki *key, const struct claim *claim)
{
	struct ecdsa_signature s = crypto_ecdsa_decode(claim->signature);
	const char *why = ecdsa_not_der(&s);
	struct point room;

	if (key->broken != NULL)
		return unverifiable(key->broken);
	if (why != NULL)
		return invalid(why);
	return crypto_ecdsa_verify_rs(
		key->group, decompressed(key, &room), claim->digest, s.r, s.s);
}

static struct verdict verify_pkcs1(const struct spki *key, const struct claim *claim)
{
	if (key->kind == KEY_RSA_PSS) /* RFC 4055 1.2 */
		return invalid("a key for RSASSA-PSS only makes no PKCS #1 v1.5 signature");
	return rsa_verify_pkcs1(key, claim->hash, claim->digest, claim->signature);
}

static struct verdict verify_pss(const struct spki *key, const struct claim *claim)
{
	return rsa_verify_pss(key, claim->hash, claim->digest, claim->any_salt, claim->signature);
}

/* Why the library cannot verify this kind of signature at all; NULL when it can. */
static const char *not_in_library(enum signature_kind signature)
{
	switch (signature) {
	case SIG_RSA_PKCS1:
	case SIG_RSA_PSS:
	case SIG_ECDSA:
		return NULL;
	case SIG_ANONYMOUS:
		return "an anonymous method signs nothing";
	case SIG_DSA:
		return "mbedTLS has no DSA";
	case SIG_ED25519:
		return "mbedTLS has no Ed25519";
	case SIG_ED448:
		return "mbedTLS has no Ed448";
	case SIG_OTHER:
		break;
	}
	return "mbedTLS does not know the signature algorithm";
}

static struct verdict verify(
	const struct spki *key, enum signature_kind signature, const struct claim *claim)
{
	const char *missing = not_in_library(signature);

	if (missing != NULL)
		return unverifiable(missing);
	if (key->kind == KEY_UNKNOWN)
		return unverifiable(
			key->broken != NULL ? key->broken : "the key's algorithm is not known");
	if (signature == SIG_ECDSA)
		return key->kind == KEY_EC
			       ? verify_ecdsa(key, claim)
			       : invalid("an ECDSA signature, but the key is no EC key");
	if (key->kind != KEY_RSA && key->kind != KEY_RSA_PSS)
		return invalid("an RSA signature, but the key is no RSA key");
	return signature == SIG_RSA_PSS ? verify_pss(key, claim) : verify_pkcs1(key, claim);
}

struct verdict crypto_verify_digest(struct bytes spki, struct signature_method method,
	const struct digest *digest, struct bytes signature)
{
	const struct claim claim = { method.hash, digest, signature, false };
	struct spki key;

	spki_read(spki, &key);
	return verify(&key, method.signature, &claim);
}

static struct verdict verify_parts(struct bytes spki, struct signature_method method,
	const struct bytes parts[], size_t n, struct bytes signature, bool any_salt)
{
	struct digest digest = { .len = 0 };
	const struct claim claim = { method.hash, &digest, signature, any_salt };
	struct spki key;

	if (not_in_library(method.signature) == NULL &&
		!crypto_hash(method.hash, parts, n, &digest))
		return unverifiable("mbedTLS does not have the hash");
	spki_read(spki, &key);
	return verify(&key, method.signature, &claim);
}

struct verdict crypto_verify(struct bytes spki, struct signature_method method,
	const struct bytes parts[], size_t n, struct bytes signature)
{
	return verify_parts(spki, method, parts, n, signature, false);
}

struct verdict crypto_verify_certificate(
	struct bytes spki, struct signature_method method, struct bytes tbs, struct bytes signature)
{
	return verify_parts(spki, method, &tbs, 1, signature, true);
}
