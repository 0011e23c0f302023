/*
 * What the user gave as evidence, read from its files before anything else: CA, certificate, key,
 * configuration, expectations.
 */
#include "door/run.h"

static bool read_certificates(struct given *g, const char *path, struct err *e)
{
	if (!certs_read_file(path, g->store, g->certs, CERTS_GIVEN_MAX, &g->evidence.n_certs, e))
		return err_context(e, "--cert");
	g->evidence.certs = g->certs;
	return true;
}

static bool read_trust(struct given *g, const char *path, struct err *e)
{
	g->trust = trust_open(path, e);
	if (g->trust == NULL)
		return err_context(e, "--ca");
	g->evidence.trust = g->trust;
	g->evidence.trust_given = true;
	return true;
}

/* That it cannot be read may be the very thing that a log is about. */
static bool read_key(struct given *g, const char *path, bool may_fail, struct err *e)
{
	if (!key_read_public(path, NULL, g->arena, &g->evidence.key_spki, e) &&
		(!may_fail || e->code == ERR_MEMORY))
		return err_context(e, "--key");
	g->evidence.key_unread = g->evidence.key_spki.len == 0;
	g->rsa = rsa_key_read(path);
	return true;
}

static bool read_config(struct given *g, const char *path, struct err *e)
{
	g->config = config_open(path, e);
	if (g->config == NULL || !config_reading_of(g->config, &g->reading, e))
		return err_context(e, "--config");
	g->evidence.config = &g->reading;
	return true;
}

static bool read_keylog(struct given *g, const char *path, struct err *e)
{
	g->follow = follow_open(path, g->keylog, e);
	return g->follow != NULL || err_context(e, "--keylog");
}

static bool read_expectations(struct given *g, const struct tlsdiag_options *o, struct err *e)
{
	g->expectations = arena_alloc(g->arena, (o->n_expect + 1) * sizeof *g->expectations);
	if (g->expectations == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	for (size_t i = 0; i < o->n_expect; i++) {
		const char *text = arena_str(g->arena, o->expect[i]);

		if (text == NULL)
			return err_set(e, ERR_MEMORY, 0, "out of memory");
		if (!expect_parse(text, &g->expectations[i], e))
			return false;
	}
	return true;
}

/* A copy in the arena; NULL stays NULL. */
static const char *keep(struct given *g, const char *text)
{
	return text != NULL ? arena_str(g->arena, text) : NULL;
}

bool given_open(struct given *g, const struct tlsdiag_options *o, struct err *e)
{
	static const enum verify_policy policies[] = {
		[TLSDIAG_VERIFY_AUTO] = VERIFY_AUTO,
		[TLSDIAG_VERIFY_ALL] = VERIFY_ALL,
		[TLSDIAG_VERIFY_NONE] = VERIFY_NONE,
	};

	g->arena = arena_new(SIZE_MAX);
	g->store = cert_store_open(STORE_BYTES);
	g->keylog = keylog_open();
	if (g->arena == NULL || g->store == NULL || g->keylog == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	g->evidence = (struct evidence){
		.name = keep(g, o->name),
		.has_at = o->has_at,
		.at = o->at,
		.expires_soon = o->expires_soon,
		.verify = policies[o->verify],
		.key_path = keep(g, o->key),
		.cert_path = keep(g, o->cert),
		.ca_path = keep(g, o->ca),
		.config_path = keep(g, o->config),
	};
	return read_expectations(g, o, e) && (o->ca == NULL || read_trust(g, o->ca, e)) &&
	       (o->cert == NULL || read_certificates(g, o->cert, e)) &&
	       (o->key == NULL || read_key(g, o->key, o->key_may_fail, e)) &&
	       (o->config == NULL || read_config(g, o->config, e)) &&
	       (o->keylog == NULL || read_keylog(g, o->keylog, e));
}

void given_close(struct given *g)
{
	for (size_t i = 0; i < g->evidence.n_certs; i++)
		cert_release(g->store, g->certs[i]);
	trust_close(g->trust);
	config_close(g->config);
	follow_close(g->follow);
	keylog_close(g->keylog);
	rsa_key_close(g->rsa);
	if (g->store != NULL)
		cert_store_close(g->store);
	arena_free(g->arena);
}
