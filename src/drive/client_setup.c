/* The client's configuration: what is offered, what is trusted, and the client's own credential. */
#include "drive/client_inside.h"

#include "base/array.h"
#include "base/file.h"
#include "base/memory.h"
#include "crypto/library.h"
#include "pki/key_file.h"

#include <pthread.h>
#include <stdlib.h>

static bool failed(struct err *e, int code, const char *what)
{
	if (library_lacked_memory(code))
		return err_set(e, ERR_MEMORY, code, "%s: out of memory", what);
	return err_set(e, ERR_LIBRARY, code, "%s: mbedTLS says -0x%04X", what, (unsigned)-code);
}

/* A certificate that the library cannot read is none that it could trust. */
static void take_trust(struct client *c)
{
	const struct trust *t = c->options->trust;

	for (size_t i = 0; t != NULL && i < trust_count(t); i++) {
		struct bytes der = trust_at(t, i)->der;

		(void)library_ok(mbedtls_x509_crt_parse_der(&c->trusted, der.data, der.len));
	}
	mbedtls_ssl_conf_ca_chain(&c->config, &c->trusted, NULL);
}

static bool take_key(struct client *c, struct err *e)
{
	const char *password = c->options->key_password;
	struct secret text;
	int code;

	if (!file_read(c->options->key, &file_kind_key, &text, e))
		return err_context(e, "--key");
	if (password != NULL && key_too_costly(bytes_of(text.data, text.len))) {
		secret_wipe(&text);
		return err_set(e, ERR_LIMIT, 0,
			"--key: the password of '%.160s' is stretched more than '%d' times",
			c->options->key, KEY_ITERATIONS_MAX);
	}
	/* PEM wants its final NUL counted, DER must not have it. */
	code = compat_pk_parse_key(&c->own_key, text.data, text.len + 1,
		(const unsigned char *)password, password != NULL ? strlen(password) : 0);
	if (code != 0)
		code = compat_pk_parse_key(&c->own_key, text.data, text.len,
			(const unsigned char *)password, password != NULL ? strlen(password) : 0);
	secret_wipe(&text);
	if (library_ok(code))
		return true;
	return err_set(e, ERR_INPUT, code,
		"--key: mbedTLS cannot read '%s' (-0x%04X); 'tlsdiag check --key' says why",
		c->options->key, (unsigned)-code);
}

/* The library's own reader of files knows no limit. */
static bool take_certificate(struct client *c, struct err *e)
{
	struct secret text;
	bool pem;
	int code;

	if (!file_read(c->options->cert, &file_kind_certs, &text, e))
		return err_context(e, "--cert");
	pem = strstr((const char *)text.data, "-----BEGIN ") != NULL;
	code = mbedtls_x509_crt_parse(&c->own, text.data, text.len + (pem ? 1 : 0));
	secret_wipe(&text);
	if (library_ok(code))
		return true;
	return err_set(e, ERR_INPUT, code,
		"--cert: mbedTLS cannot read '%s' (-0x%04X); 'tlsdiag check --cert' says why",
		c->options->cert, (unsigned)-code);
}

static bool take_credential(struct client *c, struct err *e)
{
	int code;

	if (c->options->cert == NULL)
		return true;
	if (!take_certificate(c, e) || !take_key(c, e))
		return false;
	code = mbedtls_ssl_conf_own_cert(&c->config, &c->own, &c->own_key);
	return code == 0 || failed(e, code, "--cert");
}

/* A list of numbers, checked against what the library has. */
static bool too_many(size_t n, const char *option, struct err *e)
{
	return n > LIST_MAX && !err_set(e, ERR_USAGE, 0, "%s takes at most %d", option, LIST_MAX);
}

uint16_t client_highest(void)
{
	return compat_ssl_highest();
}

static bool take_order(const struct client *c, struct err *e)
{
	uint16_t min = c->options->min_version, max = c->options->max_version;

	if (max == 0 || min <= max)
		return true;
	return err_set(e, ERR_USAGE, 0, "--min-version %s is above --max-version %s",
		name_version(min), name_version(max));
}

/* What lies beyond the library's bounds is met by the bound where that is what was meant: "at most". */
static bool take_versions(struct client *c, struct err *e)
{
	uint16_t lowest = compat_ssl_lowest(), highest = compat_ssl_highest();
	uint16_t min = c->options->min_version, max = c->options->max_version;

	if (min > highest)
		return err_set(e, ERR_USAGE, 0, "--min-version: mbedTLS %s has no %s",
			crypto_library_version(), name_version(min));
	if (max != 0 && max < lowest)
		return err_set(e, ERR_USAGE, 0, "--max-version: mbedTLS %s has no %s",
			crypto_library_version(), name_version(max));
	if (!take_order(c, e))
		return false;
	compat_ssl_conf_versions(&c->config, min < lowest ? 0 : min, max > highest ? highest : max);
	return true;
}

static bool take_suites(struct client *c, struct err *e)
{
	const struct client_options *o = c->options;

	if (o->n_suites == 0)
		return true;
	if (too_many(o->n_suites, "--suites", e))
		return false;
	for (size_t i = 0; i < o->n_suites; i++) {
		char name[48];

		name_or_hex(name, name_cipher_suite(o->suites[i]), o->suites[i]);
		if (mbedtls_ssl_ciphersuite_from_id(o->suites[i]) == NULL)
			return err_set(e, ERR_USAGE, 0, "--suites: mbedTLS %s has no %s",
				crypto_library_version(), name);
		c->suites[i] = o->suites[i];
	}
	mbedtls_ssl_conf_ciphersuites(&c->config, c->suites);
	return true;
}

static bool take_groups(struct client *c, struct err *e)
{
	const struct client_options *o = c->options;

	if (o->n_groups == 0) {
		if (compat_default_groups(c->groups, LIST_MAX) != 0)
			compat_ssl_conf_groups(&c->config, c->groups);
		return true;
	}
	if (too_many(o->n_groups, "--groups", e))
		return false;
	for (size_t i = 0; i < o->n_groups; i++) {
		char name[48];

		name_or_hex(name, name_group(o->groups[i]), o->groups[i]);
		if (!compat_group_of(o->groups[i], &c->groups[i]))
			return err_set(e, ERR_USAGE, 0, "--groups: mbedTLS %s has no %s",
				crypto_library_version(), name);
	}
	compat_ssl_conf_groups(&c->config, c->groups);
	return true;
}

static bool take_schemes(struct client *c, struct err *e)
{
	const struct client_options *o = c->options;

	if (o->n_schemes == 0)
		return true;
	if (too_many(o->n_schemes, "--sigalgs", e))
		return false;
	for (size_t i = 0; i < o->n_schemes; i++) {
		char name[48];

		name_or_hex(name, name_scheme(o->schemes[i]), o->schemes[i]);
		if (!compat_scheme_of(o->schemes[i], &c->schemes[i]))
			return err_set(e, ERR_USAGE, 0, "--sigalgs: mbedTLS %s has no %s",
				crypto_library_version(), name);
	}
	compat_ssl_conf_schemes(&c->config, c->schemes);
	return true;
}

bool client_may_refuse_pss(const struct client *c)
{
	compat_scheme list[7];

	return c->options->n_schemes == 0 && !c->avoids_pss && compat_schemes_without_pss(list);
}

void client_avoid_pss(struct client *c)
{
	c->avoids_pss = compat_schemes_without_pss(c->schemes);
	if (c->avoids_pss)
		compat_ssl_conf_schemes(&c->config, c->schemes);
}

void client_offer_pss(struct client *c)
{
	if (c->avoids_pss)
		compat_ssl_conf_schemes(&c->config, c->own_schemes);
	c->avoids_pss = false;
}

static bool take_extensions(struct client *c, struct err *e)
{
	static const unsigned lengths[] = { 0, 512, 1024, 2048, 4096 }; /* RFC 6066 4 */
	const struct client_options *o = c->options;
	int code = 0;

	for (size_t i = 0; o->alpn != NULL && o->alpn[i] != NULL; i++) {
		if (i == CLIENT_ALPN_MAX)
			return err_set(e, ERR_USAGE, 0, "--alpn takes at most %d", CLIENT_ALPN_MAX);
		c->alpn[i] = o->alpn[i];
	}
	if (c->alpn[0] != NULL)
		code = mbedtls_ssl_conf_alpn_protocols(&c->config, c->alpn);
	if (code != 0)
		return failed(e, code, "--alpn");
	for (size_t i = 1; i < COUNT(lengths); i++)
		if (lengths[i] == o->max_fragment_length)
			code = mbedtls_ssl_conf_max_frag_len(&c->config, (unsigned char)i);
	if (code != 0)
		return failed(e, code, "--max-fragment-length");
	if (o->psk.len != 0)
		code = mbedtls_ssl_conf_psk(&c->config, o->psk.data, o->psk.len,
			(const unsigned char *)o->psk_identity, strlen(o->psk_identity));
	return code == 0 || failed(e, code, "--psk");
}

static int library_ready;

static void init_library(void)
{
	library_ready = compat_ssl_init();
}

static bool configure(struct client *c, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int code = pthread_once(&once, init_library);

	if (code == 0)
		code = library_ready;
	if (code == 0)
		code = mbedtls_ssl_config_defaults(&c->config, MBEDTLS_SSL_IS_CLIENT,
			MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
	if (code != 0)
		return failed(e, code, "no TLS client");
	c->own_schemes = compat_ssl_schemes(&c->config);
	mbedtls_ssl_conf_rng(&c->config, compat_random, NULL);
	compat_ssl_want_tickets(&c->config);
	mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_REQUIRED);
	take_trust(c);
	if (c->options->own)
		return take_order(c, e) && take_credential(c, e);
	return take_versions(c, e) && take_suites(c, e) && take_groups(c, e) &&
	       take_schemes(c, e) && take_extensions(c, e) && take_credential(c, e);
}

static void write_key(void *ctx, const char *label, const unsigned char client_random[32],
	const unsigned char *secret, size_t len)
{
	struct client *c = ctx;

	strbuf_printf(c->key_log, "%s ", label);
	strbuf_hex(c->key_log, bytes_of(client_random, 32));
	strbuf_puts(c->key_log, " ");
	strbuf_hex(c->key_log, bytes_of(secret, len));
	strbuf_puts(c->key_log, "\n");
}

void client_log_keys(struct client *c, struct strbuf *log)
{
	c->key_log = log;
	c->listener = (struct compat_key_listener){ write_key, c };
}

struct client *client_open(const struct client_options *o, struct err *e)
{
	struct client *c = memory_new(sizeof *c);

	if (c == NULL) {
		(void)err_set(e, ERR_MEMORY, 0, "out of memory");
		return NULL;
	}
	c->options = o;
	mbedtls_ssl_config_init(&c->config);
	mbedtls_x509_crt_init(&c->trusted);
	mbedtls_x509_crt_init(&c->own);
	mbedtls_pk_init(&c->own_key);
	mbedtls_ssl_session_init(&c->session);
	if (configure(c, e))
		return c;
	client_close(c);
	return NULL;
}

void client_close(struct client *c)
{
	if (c == NULL)
		return;
	mbedtls_ssl_session_free(&c->session);
	mbedtls_ssl_config_free(&c->config);
	mbedtls_x509_crt_free(&c->trusted);
	mbedtls_x509_crt_free(&c->own);
	mbedtls_pk_free(&c->own_key);
	talk_session_free(&c->own_session);
	free(c);
}
