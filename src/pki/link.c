/*
 * Verifying a link costs about a millisecond, and the same few links come with every handshake: a
 * run remembers them by the digests of the certificate and of the key that is to have signed it, as
 * one key may come in any number of certificates. The table is emptied when it is full, which takes
 * a capture of more servers than anyone debugs.
 */
#include "pki/link.h"

#include "base/table.h"

#include <pthread.h>
#include <stdlib.h>

enum { LINKS_MAX = 16384 };

struct link_key {
	uint8_t child[32], issuer[32]; /* of the certificate; of the issuer's key, or certificate */
};

struct known_link {
	struct link_key key;
	struct link link;
	UT_hash_handle hh;
};

struct link_memory {
	pthread_mutex_t lock;
	struct known_link *table;
	struct link_totals totals;
};

struct link_memory *link_memory_open(void)
{
	struct link_memory *m = memory_new(sizeof *m);

	if (m != NULL && pthread_mutex_init(&m->lock, NULL) != 0) {
		free(m);
		return NULL;
	}
	return m;
}

static void forget_all(struct link_memory *m)
{
	struct known_link *known = m->table;

	HASH_CLEAR(hh, m->table); /* frees the table; the entries still hang together */
	while (known != NULL) {
		struct known_link *next = known->hh.next;

		free(known);
		known = next;
	}
}

void link_memory_close(struct link_memory *m)
{
	if (m == NULL)
		return;
	forget_all(m);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

static bool recall(struct link_memory *m, const struct link_key *key, struct link *out)
{
	struct known_link *known;

	(void)pthread_mutex_lock(&m->lock);
	HASH_FIND(hh, m->table, key, sizeof *key, known);
	if (known != NULL)
		*out = known->link;
	(void)pthread_mutex_unlock(&m->lock);
	return known != NULL;
}

struct link_totals link_memory_totals(struct link_memory *m)
{
	struct link_totals t;

	(void)pthread_mutex_lock(&m->lock);
	t = m->totals;
	(void)pthread_mutex_unlock(&m->lock);
	return t;
}

/* Two threads may have verified the same link; the first to come keeps its place, and counts. */
static void remember(
	struct link_memory *m, const struct link_key *key, struct link link, unsigned cost)
{
	struct known_link *fresh = memory_new(sizeof *fresh), *known;

	if (fresh == NULL)
		return;
	fresh->key = *key;
	fresh->link = link;
	(void)pthread_mutex_lock(&m->lock);
	if (HASH_COUNT(m->table) >= LINKS_MAX)
		forget_all(m);
	HASH_FIND(hh, m->table, key, sizeof *key, known);
	if (known == NULL) {
		m->totals.verified += cost != 0;
		m->totals.cost += cost;
	}
	if (known != NULL || !TABLE_ADD(m->table, key, sizeof fresh->key, fresh))
		free(fresh);
	(void)pthread_mutex_unlock(&m->lock);
}

void link_memory_know(
	struct link_memory *m, const uint8_t child[static 32], const uint8_t issuer[static 32])
{
	struct link_key key;

	memcpy(key.child, child, sizeof key.child);
	memcpy(key.issuer, issuer, sizeof key.issuer);
	remember(m, &key, (struct link){ LINK_VALID, NULL }, 0);
}

static struct link unverifiable(const char *why)
{
	return (struct link){ LINK_UNVERIFIABLE, why };
}

static struct link verify(const struct cert *child, const struct cert *issuer)
{
	struct verdict v;

	if (child->tbs.len == 0 || child->signature.len == 0)
		return unverifiable("the certificate breaks off before the end of its signature");
	if (issuer->spki.len == 0)
		return unverifiable("the issuer's key cannot be read");
	if (child->algorithms_differ)
		return (struct link){ LINK_BAD,
			"the signature algorithm inside is not the one outside" };
	if (child->method.signature == SIG_RSA_PSS && child->pss_mask_hash != child->method.hash)
		return unverifiable("its RSA-PSS mask is made with another hash");
	v = crypto_verify_certificate(issuer->spki, child->method, child->tbs, child->signature);
	if (v.state == PROOF_VALID)
		return (struct link){ LINK_VALID, NULL };
	if (v.state == PROOF_INVALID)
		return (struct link){ LINK_BAD, v.why };
	return unverifiable(v.why != NULL ? v.why : "the library could not verify it");
}

unsigned link_cost(const struct cert *child, const struct cert *issuer)
{
	return child->algorithms_differ
		       ? 0
		       : crypto_verify_cost(issuer->spki, child->method, child->signature);
}

/* False: no hash to remember it by. */
static bool key_of(const struct cert *child, const struct cert *issuer, struct link_key *key)
{
	struct digest spki;

	if (issuer->spki.len == 0 || !crypto_hash(HASH_SHA256, &issuer->spki, 1, &spki))
		return false;
	memcpy(key->child, child->sha256, sizeof key->child);
	memcpy(key->issuer, spki.data, sizeof key->issuer);
	return true;
}

static bool told(struct link_memory *m, const struct cert *child, const struct cert *issuer,
	struct link *out)
{
	struct link_key key;

	memcpy(key.child, child->sha256, sizeof key.child);
	memcpy(key.issuer, issuer->sha256, sizeof key.issuer);
	return recall(m, &key, out);
}

struct link link_check(
	struct link_memory *memory, const struct cert *child, const struct cert *issuer)
{
	struct link_key key;
	struct link link;

	if (memory == NULL || !key_of(child, issuer, &key))
		return verify(child, issuer);
	if (recall(memory, &key, &link) || told(memory, child, issuer, &link))
		return link;
	link = verify(child, issuer);
	remember(memory, &key, link, link_cost(child, issuer));
	return link;
}

bool link_key_made_it(const struct cert *child, const struct cert *issuer)
{
	struct rsa_opened opened;

	if (child->method.signature != SIG_RSA_PKCS1 || issuer->spki.len == 0)
		return false;
	crypto_rsa_open(issuer->spki, child->signature, &opened);
	return opened.ok && opened.pkcs1_padding;
}
