/* A key is asked of the suites up to TLS 1.2, and of the schemes from TLS 1.2 on. */
#include "negotiate/credential.h"

enum { TLS1_2 = 0x0303, TLS1_3 = 0x0304 };

bool credential_serves_suite(const struct credential *c, const struct suite *s)
{
	switch (c->key) {
	case KEY_RSA:
		return s->auth == AUTH_RSA;
	case KEY_RSA_PSS:
		return s->auth == AUTH_RSA && s->kx != KX_RSA;
	case KEY_EC:
	case KEY_ED25519:
	case KEY_ED448:
		return s->auth == AUTH_ECDSA;
	case KEY_DSA:
		return s->auth == AUTH_DSS;
	case KEY_UNKNOWN:
	case KEY_DH:
	case KEY_X25519:
	case KEY_X448:
	case KEY_GOST:
		break;
	}
	return false;
}

/* RFC 8446 4.2.3: no PKCS #1 in handshakes, no SHA-1, and the scheme names the curve. */
static bool goes_in_tls13(const struct scheme *s, const struct credential *c)
{
	if (s->signature == SIG_ECDSA)
		return s->hash != HASH_SHA1 && s->tls13_group == c->group;
	return s->signature != SIG_RSA_PKCS1;
}

bool credential_signs(const struct credential *c, uint16_t scheme, bool tls13)
{
	struct scheme s = scheme_decode(scheme);

	return crypto_key_makes(c->key, s.signature) &&
	       (s.signature != SIG_RSA_PSS || s.pss_key == (c->key == KEY_RSA_PSS)) &&
	       (!tls13 || goes_in_tls13(&s, c));
}

static bool any_scheme(const struct terms *client, const struct credential *c, bool tls13)
{
	for (size_t i = 0; i < client->schemes.n; i++)
		if (credential_signs(c, client->schemes.value[i], tls13))
			return true;
	return false;
}

bool terms_take_scheme(const struct terms *client, uint16_t scheme)
{
	if (client->has_schemes)
		return terms_list_has(&client->schemes, scheme);
	return terms_highest_version(client) != TLS1_2 || scheme >> 8 == 0x02;
}

/* Of the suites that such a key authenticates: is there one, and one that needs no signature? */
struct suites_found {
	bool any, unsigned_one;
};

static struct suites_found find_suites(const struct terms *client, const struct credential *c)
{
	struct suites_found found = { false, false };

	for (size_t i = 0; i < client->n_suites; i++) {
		const struct suite *s = suite_find(client->suites[i].value);

		if (s == NULL || s->tls13 || !credential_serves_suite(c, s))
			continue;
		found.any = true;
		found.unsigned_one |= s->kx == KX_RSA;
	}
	return found;
}

/* Without signature_algorithms SHA-1 goes. */
static enum unserved by_tls12(const struct terms *client, const struct credential *c)
{
	struct suites_found suites = find_suites(client, c);

	if (!suites.any)
		return UNSERVED_SUITES;
	if (!suites.unsigned_one && client->has_schemes && !any_scheme(client, c, false))
		return UNSERVED_SCHEMES;
	if (c->key == KEY_EC && c->group != 0 && client->has_groups &&
		!terms_list_has(&client->groups, c->group))
		return UNSERVED_CURVE;
	return SERVED;
}

static bool signs_in_tls13(enum key_kind key)
{
	return key == KEY_RSA || key == KEY_RSA_PSS || key == KEY_EC || key == KEY_ED25519 ||
	       key == KEY_ED448;
}

/* The schemes are looked at before the suites: every server of TLS 1.3 and every client have one. */
static enum unserved by_tls13(const struct terms *client, const struct credential *c)
{
	if (!signs_in_tls13(c->key))
		return UNSERVED_SUITES;
	return any_scheme(client, c, true) ? SERVED : UNSERVED_SCHEMES;
}

static bool offers_up_to_tls12(const struct terms *client)
{
	for (size_t i = 0; i < client->versions.n; i++)
		if (client->versions.value[i] >= 0x0300 && client->versions.value[i] <= TLS1_2)
			return true;
	return false;
}

enum unserved credential_unserved(const struct terms *client, const struct credential *c)
{
	bool tls13 = terms_list_has(&client->versions, TLS1_3);
	enum unserved newer = tls13 ? by_tls13(client, c) : UNSERVED_SUITES;
	enum unserved older = offers_up_to_tls12(client) ? by_tls12(client, c) : UNSERVED_SUITES;

	if (newer == SERVED || older == SERVED)
		return SERVED;
	return newer != UNSERVED_SUITES ? newer : older;
}
