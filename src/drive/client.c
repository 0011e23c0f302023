/*
 * The client refuses what mbedTLS's verification refuses, with three corrections, so that it says
 * no only for reasons that hold for others too: whether a certificate is for the name is judged by
 * pki (mbedTLS 2.28 does not read addresses in a SAN), dates may be judged at another time than now,
 * and without --ca no issuer is asked for.
 */
#include "drive/client.h"

#include "crypto/mbedtls_compat.h"
#include "pki/file.h"

#include <mbedtls/net_sockets.h>
#include <mbedtls/x509_crt.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { LIST_MAX = 64, ALPN_MAX = 16, DRAIN_MS = 300, TICKET_MS = 1000 };

struct client {
	const struct client_options *options;
	mbedtls_ssl_config config;
	mbedtls_x509_crt trusted, own;
	mbedtls_pk_context own_key;
	mbedtls_ssl_session session;
	bool has_session;
	int suites[LIST_MAX + 1];
	compat_group groups[LIST_MAX + 1];
	compat_scheme schemes[LIST_MAX + 1];
	const char *alpn[ALPN_MAX + 1];
	struct compat_key_listener listener;
	struct strbuf *key_log;
};

/* One handshake under way: what the library's callbacks get. */
struct attempt {
	struct client *client;
	struct line *line;
	struct arena *arena;
	struct client_result *result;
	int wait_ms;
};

uint16_t client_lowest_version(void)
{
	return compat_ssl_lowest();
}

uint16_t client_highest_version(void)
{
	return compat_ssl_highest();
}

/* ---- the bytes ---- */

static int lost_code(enum line_state s)
{
	switch (s) {
	case LINE_TIMEOUT:
		return MBEDTLS_ERR_SSL_TIMEOUT;
	case LINE_RESET:
		return MBEDTLS_ERR_NET_CONN_RESET;
	default:
		return MBEDTLS_ERR_NET_RECV_FAILED;
	}
}

static int bio_send(void *ctx, const unsigned char *data, size_t len)
{
	struct attempt *a = ctx;
	enum line_state s = line_send(a->line, bytes_of(data, len), a->wait_ms);

	return s == LINE_OPEN ? (int)len : lost_code(s);
}

static int bio_recv(void *ctx, unsigned char *out, size_t size)
{
	struct attempt *a = ctx;
	size_t n;
	enum line_state s = line_recv(a->line, out, size, &n, a->wait_ms);

	return s == LINE_OPEN ? (int)n : s == LINE_CLOSED ? 0 : lost_code(s);
}

/* ---- the certificates ---- */

static void keep_chain(struct attempt *a, const mbedtls_x509_crt *crt)
{
	struct client_result *r = a->result;

	for (r->n_chain = 0; crt != NULL && r->n_chain < CLIENT_CHAIN_MAX; crt = crt->next)
		r->chain[r->n_chain++] = arena_copy(a->arena, bytes_of(crt->raw.p, crt->raw.len));
}

/* Less than 0 when x is before t, 0 when they are the same second. */
static int compare_times(const mbedtls_x509_time *x, const struct tm *t)
{
	const int a[] = { x->year, x->mon, x->day, x->hour, x->min, x->sec };
	const int b[] = { t->tm_year + 1900, t->tm_mon + 1, t->tm_mday, t->tm_hour, t->tm_min,
		t->tm_sec };

	for (size_t i = 0; i < sizeof a / sizeof a[0]; i++)
		if (a[i] != b[i])
			return a[i] - b[i];
	return 0;
}

static void judge_dates(const mbedtls_x509_crt *crt, int64_t at, uint32_t *flags)
{
	time_t seconds = (time_t)at;
	struct tm t;

	if (gmtime_r(&seconds, &t) == NULL)
		return;
	*flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
	if (compare_times(&crt->valid_to, &t) < 0)
		*flags |= MBEDTLS_X509_BADCERT_EXPIRED;
	if (compare_times(&crt->valid_from, &t) > 0)
		*flags |= MBEDTLS_X509_BADCERT_FUTURE;
}

static bool is_for(const mbedtls_x509_crt *crt, const char *name)
{
	struct cert c;
	enum name_state state;

	cert_parse(bytes_of(crt->raw.p, crt->raw.len), &c);
	state = cert_name_match(&c, name);
	return state == NAME_MATCHES || state == NAME_IP_SAN_ONLY || state == NAME_MATCHES_CN_ONLY;
}

/* Called for each certificate of the path, the leaf (depth 0) last. */
static int judge(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
	struct attempt *a = ctx;
	const struct client_options *o = a->client->options;

	if (o->has_at)
		judge_dates(crt, o->at, flags);
	if (o->trust == NULL)
		*flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_NOT_TRUSTED;
	if (depth == 0) {
		keep_chain(a, crt);
		*flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
		if (o->name != NULL && !is_for(crt, o->name))
			*flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
	}
	a->result->verify_flags |= *flags;
	return 0;
}

/* ---- setting up ---- */

static bool failed(struct err *e, int code, const char *what)
{
	return err_set(e, ERR_LIBRARY, code, "%s: mbedTLS says -0x%04X", what, (unsigned)-code);
}

/* A certificate that the library cannot read is none that it could trust. */
static void take_trust(struct client *c)
{
	const struct trust *t = c->options->trust;

	for (size_t i = 0; t != NULL && i < trust_count(t); i++) {
		struct bytes der = trust_at(t, i)->der;

		(void)mbedtls_x509_crt_parse_der(&c->trusted, der.data, der.len);
	}
	mbedtls_ssl_conf_ca_chain(&c->config, &c->trusted, NULL);
}

static bool take_key(struct client *c, struct err *e)
{
	const char *password = c->options->key_password;
	struct secret text;
	int code;

	if (!file_read(c->options->key, &text, e))
		return err_context(e, "--key");
	/* PEM wants its final NUL counted, DER must not have it. */
	code = compat_pk_parse_key(&c->own_key, text.data, text.len + 1,
		(const unsigned char *)password, password != NULL ? strlen(password) : 0);
	if (code != 0)
		code = compat_pk_parse_key(&c->own_key, text.data, text.len,
			(const unsigned char *)password, password != NULL ? strlen(password) : 0);
	secret_wipe(&text);
	if (code == 0)
		return true;
	return err_set(e, ERR_INPUT, code,
		"--key: mbedTLS cannot read '%s' (-0x%04X); 'tlsdiag check --key' says why",
		c->options->key, (unsigned)-code);
}

static bool take_credential(struct client *c, struct err *e)
{
	const struct client_options *o = c->options;
	int code;

	if (o->cert == NULL)
		return true;
	code = mbedtls_x509_crt_parse_file(&c->own, o->cert);
	if (code != 0)
		return err_set(e, ERR_INPUT, code,
			"--cert: mbedTLS cannot read '%s' (-0x%04X); 'tlsdiag check --cert' says "
			"why",
			o->cert, (unsigned)-code);
	if (!take_key(c, e))
		return false;
	code = mbedtls_ssl_conf_own_cert(&c->config, &c->own, &c->own_key);
	return code == 0 || failed(e, code, "--cert");
}

/* A list of numbers, checked against what the library has. */
static bool too_many(size_t n, const char *option, struct err *e)
{
	return n > LIST_MAX && !err_set(e, ERR_USAGE, 0, "%s takes at most %d", option, LIST_MAX);
}

/* What lies beyond the library's bounds is met by the bound where that is what was meant: "at most". */
static bool take_versions(struct client *c, struct err *e)
{
	uint16_t lowest = client_lowest_version(), highest = client_highest_version();
	uint16_t min = c->options->min_version, max = c->options->max_version;

	if (min > highest)
		return err_set(e, ERR_USAGE, 0, "--min-version: mbedTLS %s has no %s",
			crypto_library_version(), name_version(min));
	if (max != 0 && max < lowest)
		return err_set(e, ERR_USAGE, 0, "--max-version: mbedTLS %s has no %s",
			crypto_library_version(), name_version(max));
	if (max != 0 && min > max)
		return err_set(e, ERR_USAGE, 0, "--min-version %s is above --max-version %s",
			name_version(min), name_version(max));
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

static bool take_extensions(struct client *c, struct err *e)
{
	static const unsigned lengths[] = { 0, 512, 1024, 2048, 4096 }; /* RFC 6066 4 */
	const struct client_options *o = c->options;
	int code = 0;

	for (size_t i = 0; o->alpn != NULL && o->alpn[i] != NULL; i++) {
		if (i == ALPN_MAX)
			return err_set(e, ERR_USAGE, 0, "--alpn takes at most %d", ALPN_MAX);
		c->alpn[i] = o->alpn[i];
	}
	if (c->alpn[0] != NULL)
		code = mbedtls_ssl_conf_alpn_protocols(&c->config, c->alpn);
	if (code != 0)
		return failed(e, code, "--alpn");
	for (size_t i = 1; i < sizeof lengths / sizeof lengths[0]; i++)
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
	mbedtls_ssl_conf_rng(&c->config, compat_random, NULL);
	if (c->options->resume)
		compat_ssl_want_tickets(&c->config);
	mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_REQUIRED);
	take_trust(c);
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
	struct client *c = calloc(1, sizeof *c);

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
	free(c);
}

/* ---- one handshake ---- */

static int begin(struct attempt *a, mbedtls_ssl_context *ssl)
{
	struct client *c = a->client;
	int code = mbedtls_ssl_setup(ssl, &c->config);

	if (code != 0)
		return code;
	mbedtls_ssl_conf_verify(&c->config, judge, a);
	mbedtls_ssl_set_bio(ssl, a, bio_send, bio_recv, NULL);
	if (c->key_log != NULL)
		compat_ssl_listen(&c->config, ssl, &c->listener);
	if (c->has_session && (code = mbedtls_ssl_set_session(ssl, &c->session)) != 0)
		return code;
	return mbedtls_ssl_set_hostname(ssl, c->options->sni);
}

static void note_alert(struct attempt *a, const mbedtls_ssl_context *ssl, int code)
{
	if (code != MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		return;
	a->result->got_alert = true;
	a->result->alert = compat_ssl_alert(ssl);
}

static void keep_session(struct client *c, const mbedtls_ssl_context *ssl)
{
	mbedtls_ssl_session_free(&c->session);
	mbedtls_ssl_session_init(&c->session);
	c->has_session = mbedtls_ssl_get_session(ssl, &c->session) == 0;
}

/*
 * TLS 1.3: the server judges the client's certificate and sends its tickets after the client is done.
 * The code of an alert that takes the handshake back, or 0.
 */
static int aftermath(struct attempt *a, mbedtls_ssl_context *ssl)
{
	struct client *c = a->client;
	unsigned char ignored[256];
	int code;

	do {
		code = mbedtls_ssl_read(ssl, ignored, sizeof ignored);
		if (compat_ssl_got_ticket(code) && c->options->resume)
			keep_session(c, ssl);
	} while (code > 0 || (compat_ssl_got_ticket(code) && !c->has_session));
	note_alert(a, ssl, code);
	return code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE ? code : 0;
}

static void end(struct attempt *a, mbedtls_ssl_context *ssl)
{
	struct client *c = a->client;
	struct client_result *r = a->result;

	if (c->options->resume && !r->tls13)
		keep_session(c, ssl);
	if (c->options->resume && r->tls13) {
		a->wait_ms = TICKET_MS;
		r->code = aftermath(a, ssl);
	}
	a->wait_ms = DRAIN_MS;
	(void)mbedtls_ssl_close_notify(ssl);
	if (r->tls13 && r->code == 0)
		r->code = aftermath(a, ssl);
}

bool client_handshake(
	struct client *c, struct line *l, struct arena *arena, struct client_result *out)
{
	struct attempt a = { c, l, arena, out, c->options->timeout_ms };
	mbedtls_ssl_context ssl;

	*out = (struct client_result){ .code = 0 };
	mbedtls_ssl_init(&ssl);
	out->code = begin(&a, &ssl);
	if (out->code == 0)
		out->code = mbedtls_ssl_handshake(&ssl);
	note_alert(&a, &ssl, out->code);
	out->tls13 = compat_ssl_version(&ssl) == 0x0304;
	out->state = compat_ssl_state_name(compat_ssl_state(&ssl));
	if (out->code == 0)
		end(&a, &ssl);
	mbedtls_ssl_free(&ssl);
	return out->code == 0;
}
