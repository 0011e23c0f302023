/*
 * A build is known by what it cannot do: the first thing on either side that is not compiled in speaks against its
 * being that side's. What it could do proves nothing, for most builds can do most of it.
 */
#include "diagnose/configured.h"

#include "base/strbuf.h"
#include "config/missing.h"
#include "diagnose/transport.h"
#include "negotiate/meet.h"

#include <string.h>

const char *configured_side_name(enum configured_side of)
{
	static const char *const names[] = {
		[CONFIGURED_NOBODY] = NULL,
		[CONFIGURED_NEITHER] = "neither",
		[CONFIGURED_EITHER] = "either",
		[CONFIGURED_CLIENT] = "client",
		[CONFIGURED_SERVER] = "server",
	};

	return names[of];
}

/* A list of a few macros, as pasted, tells what they say, and nothing by what is not in it. */
static bool is_whole(const struct config_reading *r)
{
	return r->build.n_suites != 0 && (r->build.client || r->build.server);
}

/* ---- what a side does that a build cannot ---- */

static const char *named(const struct case_file *cf, const char *name, uint16_t value)
{
	return name != NULL ? name : case_text(cf, "0x%04x", value);
}

/* The value of a list that a build lacks; 0: none. */
static uint16_t beyond(const struct u16s *l, const struct build *b,
	bool (*has)(const struct build *b, uint16_t value))
{
	for (size_t i = 0; i < u16s_count(l); i++)
		if (!is_grease(u16s_at(l, i)) && !has(b, u16s_at(l, i)))
			return u16s_at(l, i);
	return 0;
}

static bool has_suite_or_signal(const struct build *b, uint16_t value)
{
	const struct suite *s = suite_find(value);

	return (s != NULL && s->signalling) || build_has_suite(b, value);
}

/* SHA-1 is what a program can add at run time. */
static bool has_scheme_or_sha1(const struct build *b, uint16_t value)
{
	return value >> 8 == 0x02 || build_has_scheme(b, value);
}

static const char no_client[] = "such a build is no client";
static const char no_server[] = "such a build is no server";

static const char *against_client(
	const struct case_file *cf, const struct build *b, const struct client_hello *hello)
{
	uint16_t highest = client_hello_highest(hello), value;

	if (!b->client)
		return no_client;
	if (!build_has_version(b, highest))
		return case_text(cf, "the client offers %s", version_title(highest));
	if ((value = beyond(&hello->suites, b, has_suite_or_signal)) != 0)
		return case_text(
			cf, "the client offers %s", named(cf, name_cipher_suite(value), value));
	if ((value = beyond(&hello->ext.groups, b, build_has_group)) != 0)
		return case_text(cf, "the client offers %s", group_text(value).text);
	if ((value = beyond(&hello->ext.schemes, b, has_scheme_or_sha1)) != 0)
		return case_text(cf, "the client offers %s", scheme_text12(value).text);
	return NULL;
}

static bool serves_key(const struct build *b, const struct cert *c)
{
	return c == NULL || c->key == KEY_UNKNOWN ||
	       (c->key == KEY_EC           ? b->ec_keys
		       : c->key == KEY_RSA ? b->rsa_keys
					   : c->key == KEY_RSA_PSS && b->rsa_keys);
}

static const char *against_server(
	const struct case_file *cf, const struct build *b, const struct handshake *hs)
{
	struct place at;
	uint16_t group;

	if (!hs->server_hello.seen)
		return NULL;
	if (hs->version != 0 && !build_has_version(b, hs->version))
		return case_text(cf, "the server chooses %s", version_title(hs->version));
	if (hs->has_suite && !build_has_suite(b, hs->suite_value))
		return case_text(cf, "the server chooses %s",
			named(cf, name_cipher_suite(hs->suite_value), hs->suite_value));
	if (server_group(hs, &group, &at) && group != 0 && !build_has_group(b, group))
		return case_text(cf, "the server chooses %s", group_text(group).text);
	if (!serves_key(b, leaf(hs, SIDE_SERVER)))
		return case_text(cf, "the server's certificate has the key %s",
			leaf(hs, SIDE_SERVER)->key_name);
	return NULL;
}

static void hold_against(const struct case_file *cf, const struct build *b,
	const struct handshake *hs, struct configured *c)
{
	if (c->against[SIDE_CLIENT] == NULL && hs->client_hello.seen &&
		!message_partial(hs, SIDE_CLIENT, HS_CLIENT_HELLO)) {
		c->against[SIDE_CLIENT] = against_client(cf, b, &hs->client_hello);
		c->packet[SIDE_CLIENT] = message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet;
	}
	if (c->against[SIDE_SERVER] == NULL) {
		c->against[SIDE_SERVER] = against_server(cf, b, hs);
		c->packet[SIDE_SERVER] = message_place(hs, SIDE_SERVER, HS_SERVER_HELLO).packet;
	}
}

/* Of several clients one that looks like mbedTLS is enough for it to be a client's. */
static bool any_client_fits(const struct case_file *cf, const struct build *b)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (hs->client_hello.seen && looks_like_mbedtls(hs) &&
			against_client(cf, b, &hs->client_hello) == NULL)
			return true;
	}
	return false;
}

struct configured configured_find(const struct case_file *cf)
{
	const struct config_reading *r = cf->evidence->config;
	struct configured c = { CONFIGURED_NOBODY, { NULL, NULL }, { 0, 0 } };
	bool client, server;

	if (r == NULL)
		return c;
	c.of = cf->evidence->config_said ? CONFIGURED_CLIENT : CONFIGURED_EITHER;
	if (cf->evidence->config_said || !is_whole(r))
		return c;
	/* Whatever was seen of the hellos. */
	c.against[SIDE_CLIENT] = r->build.client ? NULL : no_client;
	c.against[SIDE_SERVER] = r->build.server ? NULL : no_server;
	for (size_t i = 0; i < cf->n_kept; i++)
		hold_against(cf, &r->build, cf->kept[i]->hs, &c);
	client = c.against[SIDE_CLIENT] == NULL || any_client_fits(cf, &r->build);
	server = c.against[SIDE_SERVER] == NULL;
	if (!client && !server)
		c.of = CONFIGURED_NEITHER;
	else if (client != server)
		c.of = client ? CONFIGURED_CLIENT : CONFIGURED_SERVER;
	return c;
}

/* ---- what follows from it ---- */

bool configured_is(const struct case_file *cf, enum side s)
{
	enum configured_side of = cf->configured.of;

	return of == CONFIGURED_EITHER ||
	       of == (s == SIDE_CLIENT ? CONFIGURED_CLIENT : CONFIGURED_SERVER);
}

static bool server_was_seen(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++)
		if (cf->kept[i]->hs->server_hello.seen)
			return true;
	return false;
}

bool configured_sure_of_server(const struct case_file *cf)
{
	const struct build *b = configured_build(cf, SIDE_SERVER);

	return b != NULL && !cf->bystander && cf->beside == NULL &&
	       (!b->client || cf->evidence->asked || server_was_seen(cf));
}

const struct build *configured_build(const struct case_file *cf, enum side s)
{
	return cf->configured.of == (s == SIDE_CLIENT ? CONFIGURED_CLIENT : CONFIGURED_SERVER)
		       ? &cf->evidence->config->build
		       : NULL;
}

/* With the certificates that the user gave, of those that may be a server's. */
static bool meet_given(const struct case_file *cf, const struct build *b,
	const struct terms *client, struct meeting *best)
{
	bool any = false;

	for (size_t i = 0; i < cf->evidence->n_certs; i++) {
		const struct cert *c = cf->evidence->certs[i];
		const struct credential key = { c->key, c->key_group };
		struct meeting m;

		if (c->has_basic_constraints && c->ca && i != 0)
			continue;
		meet_client_with(b, client, &key, &m);
		if (!any || m.agreed.step > best->agreed.step)
			*best = m;
		any = true;
	}
	return any;
}

bool configured_meets(
	const struct case_file *cf, const struct client_hello *hello, enum agreement_step *step)
{
	const struct build *b = configured_build(cf, SIDE_SERVER);
	struct meeting met[MEETINGS_MAX];
	struct terms client;

	if (b == NULL)
		return false;
	terms_of_hello(hello, 0, &client);
	if (meet_given(cf, b, &client, &met[0]))
		*step = met[0].agreed.step;
	else
		*step = meet_farthest(met, meet_client(b, &client, met))->agreed.step;
	return true;
}

bool configured_prove_end(const struct case_file *cf, struct finding *f,
	const struct client_hello *hello, enum agreement_step step)
{
	const struct config_reading *r = cf->evidence->config;
	struct terms client;
	struct wanted w;

	terms_of_hello(hello, 0, &client);
	return wanted_of(&r->build, r->config, &client, step, &w) &&
	       configured_prove_lack(cf, f, w.kind, w.value);
}

static const char *title_of(const struct case_file *cf, enum wanted_kind kind, uint16_t value)
{
	switch (kind) {
	case WANTED_VERSION:
		return version_title(value);
	case WANTED_SUITE:
		return named(cf, name_cipher_suite(value), value);
	case WANTED_GROUP:
		return case_text(cf, "%s", group_text(value).text);
	case WANTED_SCHEME:
		return case_text(cf, "%s", scheme_text12(value).text);
	}
	return "";
}

bool configured_prove_lack(
	const struct case_file *cf, struct finding *f, enum wanted_kind kind, uint16_t value)
{
	const struct config_reading *r = cf->evidence->config;
	const char *needs = r != NULL ? wanted_needs(&r->build, kind, value) : NULL;
	struct strbuf missing = { 0 };
	bool lacks;

	if (needs == NULL)
		return false;
	config_missing(r->config, needs, &missing);
	lacks = missing.len != 0 && !missing.failed;
	if (lacks) {
		f->by_configuration = true;
		finding_prove(f, cf, 0, "the configuration given has no %s: it lacks %s",
			title_of(cf, kind, value), strbuf_text(&missing));
		finding_step(f, cf, "define %s in %s%s, and build again", strbuf_text(&missing),
			cf->evidence->config_path != NULL ? cf->evidence->config_path
							  : "the configuration",
			kind == WANTED_SUITE && r->build.suites_listed
				? ", name the suite in MBEDTLS_SSL_CIPHERSUITES"
				: "");
	}
	strbuf_free(&missing);
	return lacks;
}

/* ---- innocence ---- */

/* The longest record that the build was sent, over all kept handshakes. */
static uint32_t longest_sent(const struct case_file *cf, enum side by)
{
	uint32_t longest = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		uint32_t r = cf->kept[i]->hs->side[by].largest_record;

		longest = r > longest ? r : longest;
	}
	return longest;
}

/* Something was agreed in each, and the build has it: else it would not be that side's. */
static const struct handshake *agreed_one(const struct case_file *cf)
{
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (!hs->server_hello.seen || !hs->has_suite || hs->version == 0)
			return NULL;
	}
	return cf->n_kept != 0 ? cf->kept[0]->hs : NULL;
}

static const char *agreed_text(const struct case_file *cf, const struct handshake *hs)
{
	struct place at;
	uint16_t group;
	const char *suite = named(cf, name_cipher_suite(hs->suite_value), hs->suite_value);

	return server_group(hs, &group, &at) && group != 0
		       ? case_text(cf, "%s, %s, %s", version_title(hs->version), suite,
				 group_text(group).text)
		       : case_text(cf, "%s, %s", version_title(hs->version), suite);
}

/* It was given, and is of no use here. */
static const char *of_neither(const struct case_file *cf)
{
	const struct configured *c = &cf->configured;

	return case_text(cf, "neither side is such a build: %s, and %s", c->against[SIDE_CLIENT],
		c->against[SIDE_SERVER]);
}

const char *configured_innocent(const struct case_file *cf)
{
	enum side whose = cf->configured.of == CONFIGURED_SERVER ? SIDE_SERVER : SIDE_CLIENT;
	const struct build *b = configured_build(cf, whose);
	const struct handshake *hs = agreed_one(cf);
	uint32_t longest = longest_sent(cf, side_other(whose));

	if (cf->configured.of == CONFIGURED_NEITHER)
		return of_neither(cf);
	if (b == NULL || hs == NULL || (long)longest > b->in.content)
		return NULL;
	return case_text(cf,
		"read as %s's, it has what was agreed (%s), and its records of up to %ld bytes "
		"hold the longest that was sent to it, %u",
		side_name(whose), agreed_text(cf, hs), b->in.content, longest);
}
