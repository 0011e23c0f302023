/*
 * Most chains are as they should be, and our own arithmetic tells that in a fifth of the time mbedTLS
 * takes. It is believed where every certificate is of the plain kind that all verifiers take and no
 * mbedTLS that was measured refuses any property of it; about everything else mbedTLS is asked.
 */
#include "drive/client_inside.h"

#include "base/array.h"
#include "base/memory.h"
#include "pki/properties.h"

#include <string.h>
#include <time.h>

struct chain {
	struct cert cert[CLIENT_CHAIN_MAX];
	const struct cert *sent[CLIENT_CHAIN_MAX];
	size_t n;
	struct chain_judgement judgement;
	struct properties properties;
};

static void judge(const struct client_options *o, struct chain *c)
{
	struct chain_question q = { .sent = c->sent,
		.n_sent = c->n,
		.trust = o->trust,
		.at = o->has_at ? o->at : (int64_t)time(NULL),
		.name = o->name,
		.purpose = PURPOSE_SERVER,
		.verify_signatures = true };
	struct property_question p = { .sent = c->sent,
		.n_sent = c->n,
		.chain = &c->judgement,
		.trust = q.trust,
		.at = q.at,
		.name = q.name };

	chain_judge(&q, NULL, &c->judgement);
	properties_find(&p, &c->properties);
}

/* In the profile of certificates that each release's mbedTLS takes as it comes. */
static bool is_plain_key(const struct cert *c)
{
	if (c->key == KEY_RSA)
		return c->key_bits >= 2048;
	return c->key == KEY_EC && (c->key_group == 0x0017 || c->key_group == 0x0018);
}

static bool is_plain_signature(struct signature_method m)
{
	return (m.signature == SIG_ECDSA || m.signature == SIG_RSA_PKCS1) &&
	       (m.hash == HASH_SHA256 || m.hash == HASH_SHA384 || m.hash == HASH_SHA512);
}

static bool is_well(const struct path_step *s)
{
	return !s->expired && !s->not_yet && !s->ca_missing && !s->path_too_long &&
	       is_plain_key(s->cert) && (s->trusted || is_plain_signature(s->cert->method));
}

/* What was sent is the path, in its order, and nothing besides. */
static bool is_path(const struct chain *c)
{
	const struct chain_judgement *j = &c->judgement;

	for (size_t i = 0; i < c->n; i++)
		if (i >= j->n_steps || !bytes_equal(j->step[i].cert->der, c->sent[i]->der))
			return false;
	return true;
}

/* Each by the next one's key. The last has nobody above it, or is one that is trusted. */
static bool links_hold(const struct chain_judgement *j)
{
	for (size_t i = 0; i + 1 < j->n_steps; i++)
		if (j->step[i].signature != LINK_VALID)
			return false;
	return true;
}

static bool ends_well(const struct client_options *o, const struct chain_judgement *j)
{
	if (o->trust != NULL)
		return j->end == PATH_TRUSTED && j->n_steps > 1;
	return j->end == PATH_NO_ANCHOR && !j->signature_bad;
}

static bool name_is_well(const struct client_options *o, enum name_state name)
{
	return o->name == NULL || name == NAME_MATCHES;
}

static bool path_is_sound(const struct client_options *o, const struct chain *c)
{
	const struct chain_judgement *j = &c->judgement;

	if (j->ext_usage_forbids || !name_is_well(o, j->name) || !ends_well(o, j) || !is_path(c) ||
		!links_hold(j))
		return false;
	for (size_t i = 0; i < j->n_steps; i++)
		if (!is_well(&j->step[i]))
			return false;
	return true;
}

static bool each_mbedtls_takes(enum property p)
{
	for (size_t i = 0; i < verifier_count(); i++)
		if ((verifier_is_of(i, STACK_MBEDTLS_2) || verifier_is_of(i, STACK_MBEDTLS_3)) &&
			verifier_answer(p, i, VERIFIER_CLIENT_12).result != VERIFIER_ACCEPTS)
			return false;
	return true;
}

static bool each_property_is_taken(const struct properties *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (!each_mbedtls_takes((enum property)p->list[i]))
			return false;
	return !p->cut;
}

static void keep(const struct chain *c, struct client_judging *j)
{
	const struct chain_judgement *of = &c->judgement;
	struct client_result *r = j->result;

	for (r->n_chain = 0; r->n_chain < c->n; r->n_chain++)
		r->chain[r->n_chain] = arena_copy(j->arena, c->sent[r->n_chain]->der);
	for (size_t i = 0; i + 1 < of->n_steps && r->n_links < CLIENT_CHAIN_MAX; i++) {
		struct client_link *link = &r->links[r->n_links++];

		memcpy(link->child, of->step[i].cert->sha256, sizeof link->child);
		memcpy(link->issuer, of->step[i + 1].cert->sha256, sizeof link->issuer);
	}
}

bool client_sound(struct client_judging *j, const struct bytes chain[], size_t n)
{
	struct chain *c = n <= CLIENT_CHAIN_MAX ? memory_zeroed(1, sizeof *c) : NULL;
	bool sound;

	if (c == NULL)
		return false;
	for (; c->n < n; c->n++) {
		cert_parse(chain[c->n], &c->cert[c->n]);
		c->sent[c->n] = &c->cert[c->n];
	}
	judge(j->options, c);
	sound = path_is_sound(j->options, c) && each_property_is_taken(&c->properties);
	if (sound)
		keep(c, j);
	free(c);
	return sound;
}
