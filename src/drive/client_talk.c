/*
 * Our own client over a line: it sends what it is told, reads the server's whole flight whatever is wrong with
 * it, and refuses only then. mbedTLS judges the chain, as for its own client.
 */
#include "drive/client_inside.h"

#include "base/memory.h"
#include "client/talk.h"
#include "crypto/digest.h"
#include "crypto/library.h"
#include "drive/meter.h"

#include <stdlib.h>
#include <time.h>

enum { PIECE = 16 * 1024 };

/* One of them under way. */
struct own_attempt {
	struct client *client;
	struct line *line;
	struct client_result *result;
	struct client_judging judging;
	struct meter meter;
	struct talk *talk;
	uint64_t enough; /* bytes in all, after which nothing more is asked for */
	size_t segment;  /* of the hello: bytes that are sent at a time; 0: all at once */
};

/* ---- the chain ---- */

/* As mbedTLS's client says it (RFC 8446 6.2). */
static int alert_of(uint32_t flags)
{
	static const struct {
		uint32_t flags;
		int alert;
	} alerts[] = {
		{ MBEDTLS_X509_BADCERT_OTHER, 49 },
		{ MBEDTLS_X509_BADCERT_CN_MISMATCH, 42 },
		{ MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE |
				MBEDTLS_X509_BADCERT_NS_CERT_TYPE | MBEDTLS_X509_BADCERT_BAD_MD |
				MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY,
			43 },
		{ MBEDTLS_X509_BADCERT_EXPIRED, 45 },
		{ MBEDTLS_X509_BADCERT_REVOKED, 44 },
		{ MBEDTLS_X509_BADCERT_NOT_TRUSTED, 48 },
	};

	for (size_t i = 0; i < COUNT(alerts); i++)
		if ((flags & alerts[i].flags) != 0)
			return alerts[i].alert;
	return flags != 0 ? 46 : TALK_NO_ALERT;
}

static int judge_chain(void *ctx, const struct bytes chain[], size_t n)
{
	struct own_attempt *a = ctx;

	if (!client_judge_chain(&a->judging, &a->client->trusted, chain, n))
		return 42;
	return alert_of(a->result->verify_flags);
}

/* ---- our certificate ---- */

/* Can the key make such a signature, in that version? */
static bool key_makes(const mbedtls_pk_context *key, uint16_t version, uint16_t value)
{
	struct scheme s = scheme_decode(value);
	bool rsa = mbedtls_pk_can_do(key, MBEDTLS_PK_RSA);

	if (crypto_hash_length(s.hash) == 0 || s.pss_key)
		return false;
	if (s.signature == SIG_ECDSA)
		return mbedtls_pk_can_do(key, MBEDTLS_PK_ECDSA) &&
		       (version < 0x0304 || s.tls13_group == 0 ||
			       s.tls13_group == compat_pk_curve(key));
	if (s.signature == SIG_RSA_PSS)
		return rsa && version >= 0x0304;
	return s.signature == SIG_RSA_PKCS1 && rsa && version < 0x0304;
}

static bool sign_digest(struct client *c, struct signature_method method, const struct digest *d,
	struct strbuf *signature)
{
	const mbedtls_md_info_t *info = digest_info(method.hash);
	uint8_t out[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
	size_t len = 0;

	/* MD5 and SHA-1 together are signed as they are (RFC 2246 7.4.3). */
	if (!library_ok(compat_pk_sign(&c->own_key, method.signature == SIG_RSA_PSS,
		    info != NULL ? mbedtls_md_get_type(info) : MBEDTLS_MD_NONE, d->data, d->len,
		    out, sizeof out, &len)))
		return false;
	strbuf_add(signature, (const char *)out, len);
	return !signature->failed;
}

/* The first of the server's that the key can make. */
static bool choose(
	struct client *c, uint16_t version, const struct u16s *accepted, uint16_t *scheme)
{
	for (size_t i = 0; accepted != NULL && i < u16s_count(accepted); i++) {
		*scheme = u16s_at(accepted, i);
		if (key_makes(&c->own_key, version, *scheme))
			return true;
	}
	return false;
}

static bool sign(void *ctx, uint16_t version, const struct u16s *accepted, struct bytes content,
	uint16_t *scheme, struct strbuf *signature)
{
	struct own_attempt *a = ctx;
	struct client *c = a->client;
	struct signature_method method = { SIG_RSA_PKCS1, HASH_MD5_SHA1 };
	struct digest digest;

	if (version >= 0x0303) {
		struct scheme s;

		if (!choose(c, version, accepted, scheme))
			return false;
		s = scheme_decode(*scheme);
		method = (struct signature_method){ s.signature, s.hash };
	} else if (mbedtls_pk_can_do(&c->own_key, MBEDTLS_PK_ECDSA)) {
		method = (struct signature_method){ SIG_ECDSA, HASH_SHA1 };
	}
	return crypto_hash(method.hash, &content, 1, &digest) &&
	       sign_digest(c, method, &digest, signature);
}

/* ---- the line ---- */

static void lost(struct own_attempt *a, enum line_state s)
{
	double now_ms = line_elapsed_ms(a->line);

	if (s == LINE_OVERDUE)
		(void)meter_overdue(&a->meter, now_ms);
	if (s == LINE_FLOODED)
		meter_flooded(&a->meter, line_flood_of_bytes(a->line), now_ms);
}

/* So that they are segments of their own, and the peer's reads, too. */
static void rest(void)
{
	const struct timespec between = { .tv_nsec = 50L * 1000 * 1000 };

	(void)nanosleep(&between, NULL);
}

static enum line_state send_in_pieces(struct own_attempt *a, struct bytes b, int wait_ms)
{
	enum line_state s = LINE_OPEN;

	for (size_t at = 0; at < b.len && s == LINE_OPEN; at += a->segment) {
		if (at != 0)
			rest();
		s = line_send(a->line, bytes_slice(b, at, a->segment), wait_ms);
	}
	a->segment = 0;
	return s;
}

/* What the peer said before it went is still read. */
static bool say(struct own_attempt *a, int wait_ms)
{
	struct bytes out = talk_out(a->talk);
	enum line_state s = LINE_OPEN;

	if (out.len != 0)
		s = a->segment != 0 ? send_in_pieces(a, out, wait_ms)
				    : line_send(a->line, out, wait_ms);
	talk_sent(a->talk);
	if (s != LINE_OPEN)
		lost(a, s);
	return s == LINE_OPEN || line_ahead(a->line).len != 0;
}

static bool hear(struct own_attempt *a, int wait_ms)
{
	uint8_t *piece = memory_get(PIECE);
	enum line_state s;
	size_t n;

	if (piece == NULL || a->meter.heard.cut != CUT_NONE || a->meter.heard.bytes > a->enough) {
		free(piece);
		return false;
	}
	s = line_recv(a->line, piece, PIECE, &n, wait_ms);
	if (s == LINE_OPEN) {
		meter_feed(&a->meter, bytes_of(piece, n), line_elapsed_ms(a->line));
		talk_feed(a->talk, bytes_of(piece, n));
	} else {
		lost(a, s);
	}
	free(piece);
	return s == LINE_OPEN;
}

/* ---- one handshake ---- */

enum until { UNTIL_WORD, UNTIL_CLOSED };

/* A server that has come so far may go on for ever: it is listened to for that time and no longer. */
static void listen_on(struct own_attempt *a, enum until until, int ms)
{
	double end_ms = line_elapsed_ms(a->line) + ms;

	a->enough = a->meter.heard.bytes + DRAIN_BYTES;
	for (;;) {
		struct talk_view v = talk_view(a->talk);
		int left = (int)(end_ms - line_elapsed_ms(a->line));

		if (v.state != TALK_COMPLETED || v.closed || (v.word && until == UNTIL_WORD) ||
			left <= 0 || !hear(a, left))
			return;
	}
}

/*
 * As client.c has it: a server of TLS 1.3 that asked for a certificate judges it when we are done. Then an
 * orderly end, and whatever comes before the server's.
 */
static void end(struct own_attempt *a)
{
	struct talk_view v = talk_view(a->talk);

	if (v.version >= 0x0304 && (v.certificate_asked || a->client->options->resume))
		listen_on(a, UNTIL_WORD, WORD_MS);
	if (v.version >= 0x0304 && v.certificate_asked) {
		if (talk_view(a->talk).state == TALK_COMPLETED &&
			line_state(a->line) == LINE_OPEN && !a->client->options->brief)
			listen_on(a, UNTIL_CLOSED, OPEN_MS);
		a->result->dropped =
			!talk_view(a->talk).closed &&
			(line_state(a->line) == LINE_CLOSED || line_state(a->line) == LINE_RESET);
	}
	if (talk_view(a->talk).state != TALK_COMPLETED || line_state(a->line) != LINE_OPEN)
		return;
	talk_goodbye(a->talk);
	if (say(a, OPEN_MS) && !a->client->options->brief)
		listen_on(a, UNTIL_CLOSED, OPEN_MS);
}

/* Once it is to be refused, a server that pauses is not waited for as long as one that may still do well. */
static int wait_of(const struct own_attempt *a, int wait_ms)
{
	return talk_view(a->talk).refusing && wait_ms > WORD_MS ? WORD_MS : wait_ms;
}

static void run(struct own_attempt *a, int wait_ms)
{
	while (say(a, wait_ms) && talk_view(a->talk).state == TALK_READING)
		if (!hear(a, wait_of(a, wait_ms)))
			break;
	if (talk_view(a->talk).refusing && line_state(a->line) == LINE_TIMEOUT) {
		talk_give_up(a->talk);
		(void)say(a, OPEN_MS);
	}
	if (talk_view(a->talk).state == TALK_COMPLETED)
		end(a);
	if (talk_view(a->talk).state == TALK_SEEN) {
		talk_goodbye(a->talk);
		(void)say(a, OPEN_MS);
	}
}

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* A ticket is as old as it can be said to be: RFC 8446 4.6.1 bounds it by seven days. */
static uint32_t session_age(const struct client *c)
{
	double age = c->own_session.version != 0 ? now_ms() - c->own_session_ms : 0;

	return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX;
}

static void keep_session(struct own_attempt *a)
{
	struct client *c = a->client;

	if (!c->options->resume || talk_view(a->talk).state != TALK_COMPLETED)
		return;
	if (talk_take_session(a->talk, &c->own_session))
		c->own_session_ms = now_ms();
}

static void take_view(struct own_attempt *a)
{
	struct talk_view v = talk_view(a->talk);
	struct client_result *r = a->result;

	r->own = true;
	r->completed = v.state == TALK_COMPLETED && !r->dropped;
	r->verified = r->completed && v.verified;
	r->code = r->completed ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
	if (r->verify_flags != 0)
		r->code = MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
	r->self_failed = v.state == TALK_FAILED;
	r->chosen = v.version != 0;
	r->beyond = v.state == TALK_BEYOND;
	r->got_alert = v.state == TALK_ALERTED;
	r->alert = v.alert;
	r->tls13 = v.version >= 0x0304;
	r->heard = a->meter.heard;
}

static size_t own_chain(const struct client *c, struct bytes chain[static CLIENT_CHAIN_MAX])
{
	size_t n = 0;

	if (c->options->cert == NULL)
		return 0;
	for (const mbedtls_x509_crt *crt = &c->own; crt != NULL && n < CLIENT_CHAIN_MAX;
		crt = crt->next)
		chain[n++] = bytes_of(crt->raw.p, crt->raw.len);
	return n;
}

bool client_talk(struct client *c, struct line *l, struct arena *arena, struct client_result *out)
{
	struct offer *offer = memory_new(sizeof *offer);
	struct bytes chain[CLIENT_CHAIN_MAX];
	struct own_attempt a = { .client = c,
		.line = l,
		.result = out,
		.judging = { .options = c->options, .arena = arena, .result = out },
		.enough = UINT64_MAX,
		.segment = c->options->hello_segment };
	struct talk_options o = { .offer = offer,
		.depth = c->options->depth,
		.session = &c->own_session,
		.session_age_ms = session_age(c),
		.hello_record = c->options->hello_record,
		.credential = { chain, own_chain(c, chain), sign, &a },
		.psk = c->options->psk,
		.psk_identity = c->options->psk_identity,
		.judge = c->options->any_chain ? NULL : judge_chain,
		.judge_ctx = &a };

	*out = (struct client_result){ .code = 0 };
	meter_begin(&a.meter, line_elapsed_ms(l));
	if (offer != NULL) {
		client_make_offer(c->options, offer);
		a.talk = talk_open(&o);
	}
	if (a.talk == NULL) {
		out->self_failed = out->own = true;
		out->code = MBEDTLS_ERR_SSL_ALLOC_FAILED;
	} else {
		run(&a, c->options->timeout_ms);
		take_view(&a);
		keep_session(&a);
		if (c->key_log != NULL)
			strbuf_add(c->key_log, (const char *)talk_keys(a.talk).data,
				talk_keys(a.talk).len);
	}
	talk_close(a.talk);
	free(offer);
	return out->completed;
}
