/*
 * Level 3 prints no records, but the fields of some messages, in dumps and numbers. A message is made of
 * them only where its length, told elsewhere, comes out right; what is left out at its end is missing.
 */
#include "log/mbedtls.h"

#include "base/array.h"
#include "names/names.h"

#include <stddef.h>

enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	SERVER_KEY_EXCHANGE = 12,
	CLIENT_KEY_EXCHANGE = 16,
	FINISHED = 20
};
enum { X25519 = 29, X448 = 30, TLS12 = 0x0303 };

struct message {
	uint8_t bytes[MBED_MESSAGE_MAX];
	size_t n;
	bool full;
};

static void add(struct message *m, const void *data, size_t n)
{
	if (n > sizeof m->bytes - m->n) {
		m->full = true;
		return;
	}
	if (n != 0)
		memcpy(m->bytes + m->n, data, n);
	m->n += n;
}

static void add_number(struct message *m, uint64_t v, unsigned bytes)
{
	uint8_t b[8];

	for (unsigned i = 0; i < bytes; i++)
		b[i] = (uint8_t)(v >> 8 * (bytes - 1 - i));
	add(m, b, bytes);
}

static void put(struct mbed *m, struct mbed_context *c, const struct mbed_told *t,
	const struct message *body, uint64_t missing)
{
	struct log_conn *conn = mbed_conn(m, c, t->at);
	struct message all = { .n = 0 };

	/* In DTLS its header holds a number, and where the fragment belongs: that is not told. */
	if (conn != NULL && conn->facts.datagrams) {
		conn_seen(conn, mbed_side(c, t->ours), t->type, t->keys, t->at);
		return;
	}
	add_number(&all, t->type, 1);
	add_number(&all, body->n + missing, 3);
	add(&all, body->bytes, body->n);
	conn_message(
		conn, mbed_side(c, t->ours), bytes_of(all.bytes, all.n), missing, t->keys, t->at);
}

/* ---- hellos ---- */

/* Bytes of the body of a ClientHello as far as they are known; false: not even its beginning is. */
static bool client_hello(const struct mbed_context *c, const struct mbed_hello *h,
	struct message *out, uint64_t *missing)
{
	(void)c;
	if (!h->has_random || !h->has_sid || !h->has_suites)
		return false;
	add_number(out, h->version != 0 ? h->version : TLS12, 2);
	add(out, h->random, 32);
	add_number(out, h->n_sid, 1);
	add(out, h->sid, h->n_sid);
	if (h->has_cookie) {
		add_number(out, h->n_cookie, 1);
		add(out, h->cookie, h->n_cookie);
	}
	add_number(out, h->n_suites, 2);
	add(out, h->suites, h->n_suites);
	add_number(out, 1 << 8, 2); /* compression methods: null alone */
	if (h->has_length) {
		add_number(out, h->extensions_length, 2);
		add(out, h->extensions, h->n_extensions);
		*missing = h->extensions_length - h->n_extensions;
	}
	return !out->full;
}

static bool build_client_hello(struct mbed *m, struct mbed_context *c, const struct mbed_told *t)
{
	struct mbed_hello *h = &c->hello[SIDE_CLIENT];
	struct message out = { .n = 0 };
	uint64_t missing = 0, body = t->body;

	if (h->done || !client_hello(c, h, &out, &missing))
		return false;
	if (body == 0)
		body = h->body;
	if (!h->has_length && body > out.n)
		missing = body - out.n; /* extensions that are not told of */
	if (out.n + missing != body)
		return false;
	h->done = true;
	put(m, c, t, &out, missing);
	return true;
}

static bool build_server_hello(struct mbed *m, struct mbed_context *c, const struct mbed_told *t)
{
	const struct mbed_hello *h = &c->hello[SIDE_SERVER];
	struct message out = { .n = 0 };
	uint64_t missing = 0;

	if (!h->has_random || !h->has_sid || !c->suite_known)
		return false;
	add_number(&out, h->version != 0 ? h->version : TLS12, 2);
	add(&out, h->random, 32);
	add_number(&out, h->n_sid, 1);
	add(&out, h->sid, h->n_sid);
	add_number(&out, c->suite, 2);
	add_number(&out, 0, 1);
	if (h->has_length) {
		add_number(&out, h->extensions_length, 2);
		add(&out, h->extensions, h->n_extensions);
		missing = h->extensions_length - h->n_extensions;
	}
	if (!h->has_length && t->body > out.n)
		missing = t->body - out.n;
	if (out.full || out.n + missing != t->body)
		return false;
	put(m, c, t, &out, missing);
	return true;
}

/* ---- keys ---- */

/* Bytes of a coordinate; 0: a group whose points are not written as 04 || x || y here. */
static size_t field_size(uint16_t group)
{
	static const struct {
		uint16_t group;
		uint8_t size;
	} sizes[] = { { 19, 24 }, { 21, 28 }, { 22, 32 }, { 23, 32 }, { 24, 48 }, { 25, 66 },
		{ 26, 32 }, { 27, 48 }, { 28, 64 }, { 18, 24 }, { 20, 28 }, { X25519, 32 },
		{ X448, 56 } };

	for (size_t i = 0; i < COUNT(sizes); i++)
		if (sizes[i].group == group)
			return sizes[i].size;
	return 0;
}

static void add_padded(struct message *out, const uint8_t *number, size_t n, size_t size)
{
	static const uint8_t zeros[MBED_POINT_MAX];

	add(out, zeros, size - n);
	add(out, number, n);
}

/* A point with its length in front. RFC 7748: x alone, least byte first; the log prints a number. */
static bool add_point(struct message *out, uint16_t group, const struct mbed_point *p)
{
	size_t size = field_size(group);
	uint8_t reversed[MBED_POINT_MAX] = { 0 };

	if (size == 0 || !p->has_x || p->n_x > size || p->n_y > size)
		return false;
	if (group == X25519 || group == X448) {
		for (size_t i = 0; i < p->n_x; i++)
			reversed[p->n_x - 1 - i] = p->x[i];
		add_number(out, size, 1);
		add(out, reversed, size);
		return true;
	}
	if (!p->has_y)
		return false;
	add_number(out, 1 + 2 * size, 1);
	add_number(out, 4, 1);
	add_padded(out, p->x, p->n_x, size);
	add_padded(out, p->y, p->n_y, size);
	return true;
}

/* RFC 5246 7.4.1.4.1: the signature's algorithm, by the suite's name. */
static uint8_t signature_algorithm(uint16_t suite)
{
	const char *name = name_cipher_suite(suite);

	if (name == NULL)
		return 0;
	return strstr(name, "ECDHE_ECDSA_") != NULL ? 3
	       : strstr(name, "ECDHE_RSA_") != NULL ? 1
						    : 0;
}

/* A server's own: group, point and signature; the hash by the length of what was hashed. */
static bool build_server_key_exchange(
	struct mbed *m, struct mbed_context *c, const struct mbed_told *t)
{
	struct message out = { .n = 0 };
	uint8_t algorithm = c->suite_known ? signature_algorithm(c->suite) : 0;

	if (c->group == 0 || !c->has_signature || algorithm == 0 || !c->hashed)
		return false;
	add_number(&out, 3, 1); /* named_curve */
	add_number(&out, c->group, 2);
	if (!add_point(&out, c->group, &c->own))
		return false;
	if (c->hash != 0) {
		add_number(&out, c->hash, 1);
		add_number(&out, algorithm, 1);
	}
	add_number(&out, c->n_signature, 2);
	add(&out, c->signature, c->n_signature);
	if (out.full || out.n != t->body)
		return false;
	put(m, c, t, &out, 0);
	return true;
}

static bool build_client_key_exchange(
	struct mbed *m, struct mbed_context *c, const struct mbed_told *t)
{
	struct message out = { .n = 0 };

	if (!add_point(&out, c->group, t->ours ? &c->own : &c->peer) || out.full ||
		out.n != t->body)
		return false;
	put(m, c, t, &out, 0);
	return true;
}

static bool build_finished(struct mbed *m, struct mbed_context *c, const struct mbed_told *t)
{
	struct message out = { .n = 0 };

	if (c->n_verify_data == 0)
		return false;
	add(&out, c->verify_data, c->n_verify_data);
	put(m, c, t, &out, 0);
	return true;
}

bool mbed_build(struct mbed *m, struct mbed_context *c, const struct mbed_told *t)
{
	switch (t->type) {
	case CLIENT_HELLO:
		return build_client_hello(m, c, t);
	case SERVER_HELLO:
		return build_server_hello(m, c, t);
	case SERVER_KEY_EXCHANGE:
		return t->ours && build_server_key_exchange(m, c, t);
	case CLIENT_KEY_EXCHANGE:
		return build_client_key_exchange(m, c, t);
	case FINISHED:
		return t->ours && build_finished(m, c, t);
	default:
		return false;
	}
}
