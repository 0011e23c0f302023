/*
 * mbedTLS's client over a line: its bytes, how long it listens, and what it alone knows when it is done.
 */
#include "drive/client_inside.h"

#include "base/array.h"
#include "base/memory.h"
#include "crypto/library.h"
#include "drive/meter.h"

#include <errno.h>
#include <mbedtls/net_sockets.h>
#include <time.h>

/* One handshake under way: what the library's callbacks get. */
struct attempt {
	struct client *client;
	struct line *line;
	struct client_result *result;
	struct client_judging judging;
	struct meter meter;
	uint64_t enough; /* bytes in all, after which nothing more is asked for */
	int wait_ms;     /* for the next bytes, */
	double end_ms; /* and for all of them, since the line was opened; 0: as long as it lasts */
	unsigned protected_sent; /* records under the keys: of TLS 1.3 */
};

/* ---- the bytes ---- */

enum { APPLICATION_DATA = 23 };

/* Nothing here is the peer's doing: the code only tells the library to stop. */
static int stop_code(enum line_state s)
{
	if (s == LINE_TIMEOUT || s == LINE_OVERDUE)
		return MBEDTLS_ERR_SSL_TIMEOUT;
	return s == LINE_RESET ? MBEDTLS_ERR_NET_CONN_RESET : MBEDTLS_ERR_NET_RECV_FAILED;
}

/*
 * The library says of some failures of its own that the peer's certificate is not trusted, or that its
 * signature is bad. The allocator leaves ENOMEM in errno, which no step of the library takes away.
 */
static void watch_memory(struct attempt *a)
{
	if (errno == ENOMEM) {
		memory_note_failure();
		a->result->self_failed = true;
	}
	errno = 0;
}

static int lost_code(struct attempt *a, enum line_state s)
{
	double now_ms = line_elapsed_ms(a->line);

	if (s == LINE_OVERDUE)
		(void)meter_overdue(&a->meter, now_ms);
	if (s == LINE_FLOODED)
		meter_flooded(&a->meter, line_flood_of_bytes(a->line), now_ms);
	return stop_code(s);
}

static int bio_send(void *ctx, const unsigned char *data, size_t len)
{
	struct attempt *a = ctx;
	enum line_state s;

	watch_memory(a);
	a->protected_sent += len != 0 && data[0] == APPLICATION_DATA;
	s = line_send(a->line, bytes_of(data, len), a->wait_ms);
	errno = 0;
	/* What the peer said before it went tells why: the library is let go on to read it. */
	if (s == LINE_RESET && line_ahead(a->line).len != 0)
		return (int)len;
	return s == LINE_OPEN ? (int)len : lost_code(a, s);
}

static int wait_of(const struct attempt *a)
{
	double left = a->end_ms - line_elapsed_ms(a->line);

	if (a->end_ms == 0 || left >= a->wait_ms)
		return a->wait_ms;
	return left > 0 ? (int)left : 0;
}

/* The library reads on over warnings, empty records and requests, for as long as they come: it is
 * stopped here. */
static int bio_recv(void *ctx, unsigned char *out, size_t size)
{
	struct attempt *a = ctx;
	int wait_ms = wait_of(a);
	enum line_state s;
	size_t n;

	watch_memory(a);
	if (wait_ms == 0 || a->meter.heard.bytes > a->enough)
		return stop_code(LINE_TIMEOUT);
	if (a->meter.heard.cut != CUT_NONE)
		return stop_code(LINE_FLOODED);
	s = line_recv(a->line, out, size, &n, wait_ms);
	if (s == LINE_OPEN)
		meter_feed(&a->meter, bytes_of(out, n), line_elapsed_ms(a->line));
	errno = 0;
	return s == LINE_OPEN ? (int)n : s == LINE_CLOSED ? 0 : lost_code(a, s);
}

/* ---- one handshake ---- */

static int begin(struct attempt *a, mbedtls_ssl_context *ssl)
{
	struct client *c = a->client;
	int code = mbedtls_ssl_setup(ssl, &c->config);

	if (code != 0)
		return code;
	mbedtls_ssl_conf_verify(&c->config, client_judge, &a->judging);
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

enum until { UNTIL_TICKET, UNTIL_WORD, UNTIL_CLOSED };

/*
 * Reads what comes after the handshake; the last code of reading. A server that has come so far may go
 * on for ever: it is listened to for that time and no longer.
 */
static int listen_on(struct attempt *a, mbedtls_ssl_context *ssl, enum until until, int ms)
{
	struct client *c = a->client;
	unsigned char ignored[256];
	int code;

	a->wait_ms = ms;
	a->end_ms = line_elapsed_ms(a->line) + ms;
	a->enough = a->meter.heard.bytes + DRAIN_BYTES;
	do {
		code = mbedtls_ssl_read(ssl, ignored, sizeof ignored);
		if (compat_ssl_got_ticket(code) && c->options->resume)
			keep_session(c, ssl);
		if (compat_ssl_got_ticket(code) && until != UNTIL_CLOSED)
			return code;
	} while ((code > 0 && until != UNTIL_WORD) || compat_ssl_got_ticket(code));
	note_alert(a, ssl, code);
	return code;
}

static bool refused(int code)
{
	return code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
}

/* The server ended the connection, and had not been told to: no close_notify of either side. */
static bool dropped(const struct attempt *a, int code)
{
	return code <= 0 &&
	       (line_state(a->line) == LINE_CLOSED || line_state(a->line) == LINE_RESET);
}

/*
 * TLS 1.3: the server judges the client's certificate, and sends its tickets, after the client is done.
 * Any word of it but an alert says that all is well; where it ends without one, it is not. The library may
 * send the tickets before the program judges (Node does so, and then goes): where a certificate was asked
 * for, it is listened a little longer whether it stays.
 */
static int await_word(struct attempt *a, mbedtls_ssl_context *ssl)
{
	bool resume = a->client->options->resume;
	int code = listen_on(a, ssl, resume ? UNTIL_TICKET : UNTIL_WORD, WORD_MS);

	if (a->result->asked && !refused(code) && line_state(a->line) == LINE_OPEN)
		code = listen_on(a, ssl, UNTIL_CLOSED, OPEN_MS);
	if (refused(code))
		return code;
	return a->result->asked && dropped(a, code) ? MBEDTLS_ERR_SSL_CONN_EOF : 0;
}

static void end(struct attempt *a, mbedtls_ssl_context *ssl)
{
	struct client *c = a->client;
	struct client_result *r = a->result;
	int code;

	if (c->options->resume && !r->tls13)
		keep_session(c, ssl);
	if (r->tls13 && (c->options->resume || r->asked))
		r->code = await_word(a, ssl);
	if (r->code != 0)
		return;
	a->wait_ms = OPEN_MS;
	(void)mbedtls_ssl_close_notify(ssl);
	code = listen_on(a, ssl, UNTIL_CLOSED, OPEN_MS);
	if (refused(code))
		r->code = code;
}

/* In TLS 1.3 only the client knows: its Finished, and a Certificate before it where it was asked. */
static void note_certificate(struct attempt *a)
{
	struct client_result *r = a->result;

	if (!r->tls13 || r->code != 0)
		return;
	r->asked_known = true;
	r->asked = a->protected_sent >= 2;
	r->sent_certificate = a->protected_sent >= 3;
}

/* mbedTLS 3 says so of a HelloRetryRequest that asks for a group which it does not know: something was wrong with
 * what came, and the bytes tell what. */
static bool is_answer_to_server(const struct attempt *a, int code)
{
	return code == MBEDTLS_ERR_SSL_INTERNAL_ERROR && a->meter.heard.bytes != 0;
}

bool client_handshake(
	struct client *c, struct line *l, struct arena *arena, struct client_result *out)
{
	struct attempt a = { .client = c,
		.line = l,
		.result = out,
		.judging = { .options = c->options, .arena = arena, .result = out },
		.enough = UINT64_MAX,
		.wait_ms = c->options->timeout_ms };
	mbedtls_ssl_context ssl;

	*out = (struct client_result){ .code = 0 };
	meter_begin(&a.meter, line_elapsed_ms(l));
	mbedtls_ssl_init(&ssl);
	errno = 0;
	out->code = begin(&a, &ssl);
	out->self_failed = out->code != 0;
	if (out->code == 0)
		out->code = mbedtls_ssl_handshake(&ssl);
	watch_memory(&a);
	out->self_failed |= !library_ok(out->code) && library_failed_itself(out->code) &&
			    !is_answer_to_server(&a, out->code);
	note_alert(&a, &ssl, out->code);
	if (out->code != 0 && !out->got_alert) /* what it gave up over may be the first of many */
		meter_feed(&a.meter, line_ahead(l), line_elapsed_ms(l));
	out->heard = a.meter.heard;
	out->tls13 = compat_ssl_version(&ssl) == 0x0304;
	if (mbedtls_ssl_get_alpn_protocol(&ssl) != NULL)
		out->alpn = arena_str(arena, mbedtls_ssl_get_alpn_protocol(&ssl));
	out->state = compat_ssl_state_name(compat_ssl_state(&ssl));
	out->went_round = c->avoids_pss;
	out->pss_refused = client_may_refuse_pss(c) && !out->tls13 &&
			   compat_illegal_parameter(out->code) &&
			   compat_ssl_state(&ssl) == MBEDTLS_SSL_SERVER_KEY_EXCHANGE;
	note_certificate(&a);
	if (out->code == 0)
		end(&a, &ssl);
	mbedtls_ssl_free(&ssl);
	out->completed = out->code == 0;
	return out->completed;
}
