/*
 * What can be worked out once for a key and a reading is, so that each digest costs next to
 * nothing.
 */
#include "forensic/oracle.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

static const enum hash pss_hashes[] = { HASH_SHA256, HASH_SHA384, HASH_SHA512, HASH_SHA1,
	HASH_SHA224, HASH_MD5 };

enum { N_PSS_HASHES = COUNT(pss_hashes), HEX_MAX = 2 * DIGEST_MAX };

struct oracle {
	struct ecdsa_trials *trials; /* NULL: RSA */
	struct bytes spki, signature;
	struct rsa_opened rsa;
	struct pss_opened pss[N_PSS_HASHES];
	size_t n_pss;
};

static bool open_ecdsa(struct oracle *o, const struct known_key *key, const struct reading *reading,
	struct ecdsa_trials **spare)
{
	if (key->kind != KEY_EC || key->group == 0)
		return false;
	if (*spare != NULL &&
		crypto_ecdsa_trials_aim(*spare, key->group, key->point, reading->r, reading->s)) {
		o->trials = *spare;
		*spare = NULL;
	} else {
		o->trials =
			crypto_ecdsa_trials_open(key->group, key->point, reading->r, reading->s);
	}
	return o->trials != NULL;
}

static bool open_rsa(struct oracle *o, const struct known_key *key, const struct reading *reading)
{
	struct bytes em;

	if ((key->kind != KEY_RSA && key->kind != KEY_RSA_PSS) || key->bits == 0)
		return false;
	crypto_rsa_open(key->spki, reading->signature, &o->rsa);
	if (!o->rsa.ok)
		return false;
	em = bytes_of(o->rsa.em, o->rsa.len);
	for (size_t i = 0; i < N_PSS_HASHES; i++)
		o->n_pss += crypto_pss_open(em, key->bits, pss_hashes[i], &o->pss[o->n_pss]);
	return o->rsa.pkcs1_padding || o->n_pss != 0;
}

struct oracle *oracle_open(const struct suspect *s, const struct known_key *key,
	const struct reading *reading, struct ecdsa_trials **spare)
{
	struct oracle *o = memory_new(sizeof *o);

	if (o == NULL)
		return NULL;
	o->spki = key->spki;
	o->signature = reading->signature;
	if (s->method.signature == SIG_ECDSA ? open_ecdsa(o, key, reading, spare)
					     : open_rsa(o, key, reading))
		return o;
	free(o);
	return NULL;
}

void oracle_close(struct oracle *o, struct ecdsa_trials **spare)
{
	if (o == NULL)
		return;
	if (o->trials != NULL) {
		crypto_ecdsa_trials_close(*spare);
		*spare = o->trials;
	}
	free(o);
}

static const struct pss_opened *matching_pss(const struct oracle *o, const struct digest *digest)
{
	for (size_t i = 0; i < o->n_pss; i++)
		if (crypto_pss_holds(&o->pss[i], digest))
			return &o->pss[i];
	return NULL;
}

bool oracle_says(const struct oracle *o, const struct digest *digest)
{
	if (o->trials != NULL)
		return crypto_ecdsa_trials_try(o->trials, digest);
	if (o->rsa.pkcs1_padding)
		return bytes_equal(o->rsa.digest, bytes_of(digest->data, digest->len));
	return matching_pss(o, digest) != NULL;
}

bool oracle_key_proved(const struct oracle *o)
{
	if (o->rsa.pkcs1_padding)
		return true;
	for (size_t i = 0; i < o->n_pss; i++)
		if (o->pss[i].certain)
			return true;
	return false;
}

enum hash oracle_hash(const struct oracle *o)
{
	if (o->rsa.pkcs1_padding)
		return o->rsa.hash;
	return o->n_pss != 0 ? o->pss[0].hash : HASH_NONE;
}

static const char *pss_remark(const struct pss_opened *p, const struct suspect *s,
	const struct candidate *c, struct arena *a)
{
	if (s->method.signature != SIG_RSA_PSS)
		return "as RSA-PSS, not with the PKCS #1 padding of its label";
	if (p->hash != c->hash)
		return arena_printf(a, "inside a PSS encoding that uses %s", hash_title(p->hash));
	if (p->salt.len != p->h.len)
		return arena_printf(a, "with a salt of %zu bytes in place of the hash's %zu",
			p->salt.len, p->h.len);
	return NULL;
}

/* Is it, but for what was signed, as RFC 8017 9.2 wants it? */
static bool is_plain_pkcs1(const struct oracle *o, const struct candidate *c)
{
	const struct signature_method method = { SIG_RSA_PKCS1, c->hash };

	return crypto_verify_digest(o->spki, method, &c->digest, o->signature).state == PROOF_VALID;
}

static const char *pkcs1_remark(
	const struct oracle *o, const struct suspect *s, const struct candidate *c, struct arena *a)
{
	if (s->method.signature == SIG_RSA_PSS)
		return "with PKCS #1 padding, not as the RSA-PSS of its label";
	if (o->rsa.hash == HASH_NONE)
		return "once the digest is taken bare, without a DigestInfo around it";
	if (o->rsa.hash != c->hash)
		return arena_printf(a, "inside a DigestInfo that says %s", hash_title(o->rsa.hash));
	if (c->handling == NULL && !is_plain_pkcs1(o, c))
		return "once its DigestInfo is read leniently";
	return NULL;
}

const char *oracle_remark(
	const struct oracle *o, const struct suspect *s, const struct candidate *c, struct arena *a)
{
	const struct pss_opened *p;

	if (o->trials != NULL)
		return NULL;
	if (o->rsa.pkcs1_padding)
		return pkcs1_remark(o, s, c, a);
	p = matching_pss(o, &c->digest);
	return p != NULL ? pss_remark(p, s, c, a) : NULL;
}

const char *oracle_digest_text(const struct oracle *o, struct arena *a)
{
	struct bytes d = o->rsa.digest;
	char hex[HEX_MAX + 1] = "";

	if (!o->rsa.pkcs1_padding || d.len == 0 || d.len > DIGEST_MAX)
		return NULL;
	for (size_t i = 0; i < d.len; i++) {
		static const char digits[] = "0123456789abcdef";

		hex[2 * i] = digits[d.data[i] >> 4];
		hex[2 * i + 1] = digits[d.data[i] & 15];
	}
	if (o->rsa.hash == HASH_NONE)
		return arena_printf(a, "%s, without a DigestInfo", hex);
	return arena_printf(a, "the %s digest %s", hash_title(o->rsa.hash), hex);
}
