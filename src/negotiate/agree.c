/*
 * Held against ssl_server2 of 2.28.3 and 3.6.6 with the hellos of twenty programs (tests/config/meet.py); servers of
 * others follow the same RFCs, with their own order of groups.
 */
#include "negotiate/agree.h"

enum { TLS1_2 = 0x0303, TLS1_3 = 0x0304, RECORD_DEFAULT = 16384 };

/* What is looked at, and what has been found. */
struct parley {
	const struct terms *client, *server;
	const struct credential *credential;
	struct agreement *found;
};

const char *agreement_step_name(enum agreement_step step)
{
	static const char *const names[] = {
		[STOPS_AT_RECORD] = "record_size",
		[STOPS_AT_VERSION] = "version",
		[STOPS_AT_SUITE] = "cipher_suite",
		[STOPS_AT_KEY] = "certificate_key",
		[STOPS_AT_GROUP] = "group",
		[STOPS_AT_SCHEME] = "signature_scheme",
		[STOPS_AT_CURVE] = "certificate_curve",
		[AGREED] = NULL,
	};

	return names[step];
}

const char *agreement_cause(enum agreement_step step)
{
	static const char *const causes[] = {
		[STOPS_AT_RECORD] = "record-too-large",
		[STOPS_AT_VERSION] = "no-common-version",
		[STOPS_AT_SUITE] = "no-common-cipher-suite",
		[STOPS_AT_KEY] = "certificate-type-unusable",
		[STOPS_AT_GROUP] = "no-common-group",
		[STOPS_AT_SCHEME] = "no-common-signature-scheme",
		[STOPS_AT_CURVE] = "certificate-curve-unsupported",
		[AGREED] = NULL,
	};

	return causes[step];
}

static uint16_t common_version(const struct terms *client, const struct terms *server)
{
	for (size_t i = 0; i < server->versions.n; i++)
		if (terms_list_has(&client->versions, server->versions.value[i]))
			return server->versions.value[i];
	return 0;
}

/* ---- groups ---- */

static bool is_curve(uint16_t group)
{
	const struct group *g = group_find(group);

	return g != NULL && (g->kind == GROUP_EC || g->kind == GROUP_MONTGOMERY);
}

/* Up to TLS 1.2 the server's order counts, of curves; 0: none in common. */
static uint16_t common_curve(const struct terms *client, const struct terms *server)
{
	for (size_t i = 0; i < server->groups.n; i++) {
		uint16_t group = server->groups.value[i];

		if (is_curve(group) && (client->has_groups ? terms_list_has(&client->groups, group)
							   : !server->mbedtls))
			return group;
	}
	return 0;
}

static bool is_common_group13(const struct parley *m, uint16_t group)
{
	return terms_list_has(&m->server->groups, group) && build_group_is_for(group, TLS1_3);
}

/* In TLS 1.3 a share that is there spares a round trip: the first of the client's that the server knows. */
static uint16_t common_group13(const struct parley *m, bool *retry)
{
	const struct terms *client = m->client;

	*retry = false;
	for (size_t i = 0; i < client->shares.n; i++)
		if (is_common_group13(m, client->shares.value[i]))
			return client->shares.value[i];
	*retry = true;
	for (size_t i = 0; i < client->groups.n; i++)
		if (is_common_group13(m, client->groups.value[i]))
			return client->groups.value[i];
	return 0;
}

/* ---- signatures ---- */

/* A key that can make it does not, where the server has its habits. */
static bool is_avoided(const struct terms *server, uint16_t scheme, bool tls13)
{
	return server->mbedtls && !tls13 && scheme_decode(scheme).signature == SIG_RSA_PSS;
}

/* What a server was never seen to choose is not known of it. */
static bool is_unseen(const struct terms *server, const struct terms_list *l)
{
	return server->seen_only && l->n == 0;
}

/* The first of the client's order that the server has and its key can make; 0: none. */
static uint16_t common_scheme(const struct parley *m, bool tls13)
{
	static const uint16_t sha1[] = { 0x0203, 0x0201 };
	const struct terms_list *offered = &m->client->schemes;
	size_t n = m->client->has_schemes ? offered->n : sizeof sha1 / sizeof *sha1;

	for (size_t i = 0; i < n; i++) {
		uint16_t scheme = m->client->has_schemes ? offered->value[i] : sha1[i];

		if (terms_list_has(&m->server->schemes, scheme) &&
			!is_avoided(m->server, scheme, tls13) &&
			credential_signs(m->credential, scheme, tls13))
			return scheme;
	}
	return 0;
}

/* ---- TLS 1.2 and older ---- */

static bool uses_curve(const struct suite *s)
{
	return s->kx == KX_ECDHE || s->kx == KX_ECDH || s->kx == KX_ECDHE_PSK ||
	       s->kx == KX_ECJPAKE;
}

static bool is_signed(const struct suite *s)
{
	return (s->kx == KX_DHE || s->kx == KX_ECDHE) && s->auth != AUTH_NONE;
}

static bool has_key_for(const struct parley *m, const struct suite *s)
{
	if (s->auth == AUTH_NONE)
		return m->credential == NULL;
	return m->credential != NULL && credential_serves_suite(m->credential, s);
}

static bool lists_curve(const struct terms *client, uint16_t group)
{
	return group == 0 || !client->has_groups || terms_list_has(&client->groups, group);
}

/* How far they come with it; what it would be is noted only where that is the end. */
static enum agreement_step try_suite(const struct parley *m, const struct suite *s)
{
	struct agreement *a = m->found;
	uint16_t group = 0, scheme = 0;

	if (!has_key_for(m, s))
		return STOPS_AT_KEY;
	if (uses_curve(s) && (group = common_curve(m->client, m->server)) == 0 &&
		!is_unseen(m->server, &m->server->groups))
		return STOPS_AT_GROUP;
	if (is_signed(s) && a->version == TLS1_2 && (scheme = common_scheme(m, false)) == 0 &&
		!is_unseen(m->server, &m->server->schemes))
		return STOPS_AT_SCHEME;
	if (s->auth == AUTH_ECDSA && !lists_curve(m->client, m->credential->group))
		return STOPS_AT_CURVE;
	a->suite = s->value;
	a->group = group;
	a->scheme = scheme;
	return AGREED;
}

static bool is_of(const struct build_suite *s, uint16_t version)
{
	return version >= s->from && version <= s->to;
}

/* That the other side has in this version, too. */
static bool is_common(const struct terms *other, uint16_t suite, uint16_t version)
{
	for (size_t i = 0; i < other->n_suites; i++)
		if (other->suites[i].value == suite)
			return is_of(&other->suites[i], version);
	return false;
}

static void agree_older(const struct parley *m)
{
	const struct terms *first = m->server->follows_client ? m->client : m->server;
	const struct terms *second = m->server->follows_client ? m->server : m->client;
	struct agreement *a = m->found;

	for (size_t i = 0; i < first->n_suites && a->step != AGREED; i++) {
		const struct suite *s = suite_find(first->suites[i].value);
		enum agreement_step step;

		if (s == NULL || s->tls13 || !is_of(&first->suites[i], a->version) ||
			!is_common(second, s->value, a->version))
			continue;
		step = try_suite(m, s);
		if (step > a->step)
			a->step = step;
	}
}

/* ---- TLS 1.3 ---- */

static uint16_t common_suite13(const struct parley *m)
{
	const struct terms *first = m->server->mbedtls ? m->client : m->server;
	const struct terms *second = m->server->mbedtls ? m->server : m->client;

	for (size_t i = 0; i < first->n_suites; i++)
		if (is_of(&first->suites[i], TLS1_3) &&
			is_common(second, first->suites[i].value, TLS1_3))
			return first->suites[i].value;
	return 0;
}

static void agree13(const struct parley *m)
{
	struct agreement *a = m->found;

	if ((a->suite = common_suite13(m)) == 0)
		return;
	a->step = STOPS_AT_KEY;
	if (m->credential == NULL && !m->client->shared_key)
		return;
	a->step = STOPS_AT_GROUP;
	if ((a->group = common_group13(m, &a->retry)) == 0 &&
		!is_unseen(m->server, &m->server->groups))
		return;
	a->step = STOPS_AT_SCHEME;
	if (m->credential == NULL || (a->scheme = common_scheme(m, true)) != 0 ||
		is_unseen(m->server, &m->server->schemes))
		a->step = AGREED;
}

void agree(const struct terms *client, const struct terms *server,
	const struct credential *credential, struct agreement *out)
{
	const struct parley m = { client, server, credential, out };
	long room = server->record_in != 0 ? server->record_in : RECORD_DEFAULT;

	*out = (struct agreement){ .step = STOPS_AT_RECORD };
	if (client->hello > room)
		return;
	out->step = STOPS_AT_VERSION;
	if ((out->version = common_version(client, server)) == 0)
		return;
	out->step = STOPS_AT_SUITE;
	if (out->version == TLS1_3)
		agree13(&m);
	else
		agree_older(&m);
	if (out->step != AGREED)
		out->suite = out->group = out->scheme = 0;
}
