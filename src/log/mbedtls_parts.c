/* Fields of messages, as dumps and numbers give them. */
#include "log/mbedtls.h"

#include "base/array.h"

enum { CLIENT_HELLO = 1, SERVER_KEY_EXCHANGE = 12 };

/* ---- numbers ---- */

static void coordinate(
	const struct mbed_dump *d, uint8_t out[static MBED_POINT_MAX], size_t *n, bool *has)
{
	*has = d->n_holes == 0 && d->want == d->whole && d->want <= MBED_POINT_MAX;
	*n = *has ? d->want : 0;
	if (*n != 0)
		memcpy(out, d->bytes, *n);
}

void mbed_build_value(struct mbed_context *c, const struct mbed_dump *d)
{
	struct scan s = scan_of(bytes_of(d->name, strlen(d->name)));
	struct mbed_point *p;

	if (!scan_word(&s, "ECDH: Q"))
		return;
	p = scan_char(&s, 'p') ? &c->peer : &c->own;
	if (scan_word(&s, "(X)")) {
		coordinate(d, p->x, &p->n_x, &p->has_x);
		p->has_y = false;
	} else if (scan_word(&s, "(Y)")) {
		coordinate(d, p->y, &p->n_y, &p->has_y);
	}
}

/* ---- dumps ---- */

typedef void field_fn(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d);

static bool copy(const struct mbed_dump *d, uint8_t *out, size_t room, size_t *n)
{
	if (d->n_holes != 0 || d->whole > room)
		return false;
	if (d->want != 0)
		memcpy(out, d->bytes, d->want);
	*n = d->want;
	return true;
}

static void random_of(struct mbed_hello *h, const struct mbed_dump *d)
{
	size_t n;

	if (d->whole == sizeof h->random)
		h->has_random = copy(d, h->random, sizeof h->random, &n);
}

static void sid_of(struct mbed_hello *h, const struct mbed_dump *d)
{
	h->has_sid = copy(d, h->sid, sizeof h->sid, &h->n_sid);
}

static void version_of(struct mbed_hello *h, const struct mbed_dump *d)
{
	if (d->whole == 2 && d->n_holes == 0)
		h->version = (uint16_t)(d->bytes[0] << 8 | d->bytes[1]);
}

/* The first field of a ClientHello that a program prints: what is known of another is forgotten. */
static void client_random(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_hello *h = &c->hello[SIDE_CLIENT];
	struct mbed_hello fresh = { .version = h->version, .body = h->body };

	(void)m;
	*h = fresh;
	random_of(h, d);
}

static void client_version(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	(void)m;
	version_of(&c->hello[SIDE_CLIENT], d);
}

static void client_sid(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	(void)m;
	sid_of(&c->hello[SIDE_CLIENT], d);
}

static void client_cookie(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_hello *h = &c->hello[SIDE_CLIENT];

	(void)m;
	h->has_cookie = copy(d, h->cookie, sizeof h->cookie, &h->n_cookie);
}

static void client_suites(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_hello *h = &c->hello[SIDE_CLIENT];

	(void)m;
	h->has_suites = copy(d, h->suites, sizeof h->suites, &h->n_suites);
}

/*
 * A server prints the extensions; a client their length and, in the same number of bytes, as many of them
 * as fit behind it.
 */
static void client_extensions(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_hello *h = &c->hello[SIDE_CLIENT];
	struct mbed_told t = { .type = CLIENT_HELLO,
		.body = c->pending == CLIENT_HELLO ? c->pending_len : 0,
		.at = d->at };
	size_t skip = c->role == SIDE_CLIENT ? 2 : 0;
	size_t n = d->n_holes != 0 ? d->holes[0].at : d->want;

	if (n < skip || d->whole > UINT16_MAX)
		return;
	n -= skip;
	h->n_extensions = n < sizeof h->extensions ? n : sizeof h->extensions;
	memcpy(h->extensions, d->bytes + skip, h->n_extensions);
	h->extensions_length = d->whole;
	h->has_length = true;
	if (c->role == SIDE_SERVER && !c->in_bytes && !c->dumps_records && mbed_build(m, c, &t)) {
		c->step.noted = true;
		if (c->pending == t.type)
			c->pending = MBED_NONE_PENDING;
	}
}

static void server_random(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_hello *h = &c->hello[SIDE_SERVER];
	struct mbed_hello fresh = { .version = h->version };

	(void)m;
	*h = fresh;
	c->suite_known =
		c->suite_known && c->role == SIDE_SERVER; /* chosen before, or told after */
	random_of(h, d);
}

static void server_version(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	version_of(&c->hello[SIDE_SERVER], d);
	if (c->hello[SIDE_SERVER].version != 0 && c->hello[SIDE_SERVER].version != 0x0303)
		mbed_set_version(m, c, c->hello[SIDE_SERVER].version, d->at);
}

static void server_sid(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	(void)m;
	sid_of(&c->hello[SIDE_SERVER], d);
}

static void server_extensions(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	struct mbed_hello *h = &c->hello[SIDE_SERVER];

	(void)m;
	if (d->whole > UINT16_MAX)
		return;
	h->has_length = true;
	h->extensions_length = d->whole;
	h->n_extensions = d->n_holes != 0 ? d->holes[0].at : d->want;
	if (h->n_extensions > sizeof h->extensions)
		h->n_extensions = sizeof h->extensions;
	memcpy(h->extensions, d->bytes, h->n_extensions);
}

/* "session id": of the hello that the program writes, which is its own. */
static void own_sid(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	(void)m;
	sid_of(&c->hello[c->role], d);
}

/* The body of a message that a client read, signature and all. */
static void server_key_exchange(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	uint8_t header[4 + MBED_DUMP_MAX] = { SERVER_KEY_EXCHANGE, (uint8_t)(d->whole >> 16),
		(uint8_t)(d->whole >> 8), (uint8_t)d->whole };
	size_t n = d->n_holes != 0 ? d->holes[0].at : d->want;

	struct log_conn *conn = mbed_conn(m, c, d->at);

	if (c->in_bytes || c->role == SIDE_SERVER || conn == NULL || conn->facts.datagrams)
		return;
	memcpy(header + 4, d->bytes, n);
	conn_message(conn, SIDE_SERVER, bytes_of(header, 4 + n), d->whole - n, c->keys_in, d->at);
	c->step.noted = true;
	c->pending = MBED_NONE_PENDING;
}

/* Its length tells the hash: RFC 5246 7.4.1.4.1. */
static void parameters_hash(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	static const uint8_t by_length[][2] = { { 16, 1 }, { 20, 2 }, { 28, 3 }, { 32, 4 },
		{ 48, 5 }, { 64, 6 } };

	(void)m;
	c->hash = 0;
	c->hashed = true;
	for (size_t i = 0; i < COUNT(by_length); i++)
		if (d->whole == by_length[i][0])
			c->hash = by_length[i][1];
	if (c->version != 0 && c->version < 0x0303)
		c->hash = 0; /* up to TLS 1.1 it is not sent */
}

static void my_signature(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	(void)m;
	c->has_signature = copy(d, c->signature, sizeof c->signature, &c->n_signature);
}

static void verify_data(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	(void)m;
	if (!copy(d, c->verify_data, sizeof c->verify_data, &c->n_verify_data))
		c->n_verify_data = 0;
}

static void unknown_identity(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	static const char words[] = "Unknown PSK identity";

	mbed_steps_settle(m, c);
	conn_remark(mbed_conn(m, c, d->at), c->role, SAYING_psk_identity,
		bytes_of(words, sizeof words - 1), d->at);
}

void mbed_build_field(struct mbed *m, struct mbed_context *c, const struct mbed_dump *d)
{
	static const struct {
		const char *name;
		field_fn *take;
	} fields[] = {
		{ "client hello, random bytes", client_random },
		{ "client hello, version", client_version },
		{ "client hello, session id", client_sid },
		{ "client hello, cookie", client_cookie },
		{ "client hello, ciphersuitelist", client_suites },
		{ "client hello, list of cipher suites", client_suites },
		{ "client hello extensions", client_extensions },
		{ "server hello, random bytes", server_random },
		{ "server hello, version", server_version },
		{ "server hello, session id", server_sid },
		{ "Session ID", server_sid },
		{ "session id", own_sid },
		{ "server hello extensions", server_extensions },
		{ "server key exchange", server_key_exchange },
		{ "parameters hash", parameters_hash },
		{ "my signature", my_signature },
		{ "calc finished result", verify_data },
		{ "verify_data for finished message", verify_data },
		{ "Unknown PSK identity", unknown_identity },
	};

	for (size_t i = 0; i < COUNT(fields); i++)
		if (strcmp(d->name, fields[i].name) == 0) {
			fields[i].take(m, c, d);
			return;
		}
}
