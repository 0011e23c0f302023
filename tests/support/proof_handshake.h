/* A TLS 1.2 handshake with client authentication, whose signatures are real: by the leaf of fixtures/certs. */
#ifndef TLSDIAG_TESTS_SUPPORT_PROOF_HANDSHAKE_H
#define TLSDIAG_TESTS_SUPPORT_PROOF_HANDSHAKE_H

#include "session/handshake.h"
#include "support/certs.h"
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

enum { PARAMS_MAX = 128 };
#define NS ((int64_t)1000000000)

static struct cert_store *store;
static const struct cert *leaf, *sub, *other;
static uint8_t params[PARAMS_MAX], ske_signature[PARAMS_MAX], verify_signature[PARAMS_MAX];
static struct bytes params_b, ske_b, verify_b;

static inline struct bytes load(const char *name, uint8_t out[static PARAMS_MAX])
{
	char path[128];
	FILE *f;
	size_t n;

	fixture_path(name, path);
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(out, 1, PARAMS_MAX, f);
	(void)fclose(f);
	return bytes_of(out, n);
}

static inline int open_all(void **state)
{
	(void)state;
	store = cert_store_open(1 << 20);
	leaf = fixture_cert(store, "leaf");
	sub = fixture_cert(store, "sub");
	other = fixture_cert(store, "other");
	params_b = load("ske-params.bin", params);
	ske_b = load("ske-signature.bin", ske_signature);
	verify_b = load("verify-signature.bin", verify_signature);
	return 0;
}

static inline int close_all(void **state)
{
	(void)state;
	cert_store_close(store);
	return 0;
}

#define MESSAGE(side, number, text)                                                                \
	{                                                                                          \
		.kind = EVENT_MESSAGE, .from = (side), .type = (number),                           \
		.time = FIXTURE_TIME * NS, .packet = 1,                                            \
		.raw = {(const uint8_t *)(text),                                                   \
			sizeof(text) - 1 }                                                         \
	}

static struct event events[] = {
	MESSAGE(SIDE_CLIENT, HS_CLIENT_HELLO, "\1\0\0\1c"),
	MESSAGE(SIDE_SERVER, HS_HELLO_REQUEST, "\0\0\0\0"), /* not part of a transcript */
	MESSAGE(SIDE_SERVER, HS_SERVER_HELLO, "\2\0\0\1s"),
	MESSAGE(SIDE_SERVER, HS_CERTIFICATE, "\13\0\0\1s"),
	MESSAGE(SIDE_SERVER, HS_CERTIFICATE_REQUEST, "\15\0\0\1s"),
	MESSAGE(SIDE_SERVER, HS_SERVER_HELLO_DONE, "\16\0\0\0"),
	MESSAGE(SIDE_CLIENT, HS_CERTIFICATE, "\13\0\0\1c"),
	MESSAGE(SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE, "\20\0\0\1c"),
	MESSAGE(SIDE_CLIENT, HS_CERTIFICATE_VERIFY, "\17\0\0\0"),
};
enum { N_EVENTS = sizeof events / sizeof events[0] };

static inline struct handshake make(void)
{
	struct handshake hs = {
		.outcome = OUTCOME_FAILED,
		.version = 0x0303,
		.has_suite = true,
		.suite_value = 0xc02b,
		.suite = suite_find(0xc02b),
		.events = events,
		.n_events = N_EVENTS,
		.client_hello = { .seen = true, .has_random = true },
		.server_hello = { .seen = true, .has_random = true },
		.ske = { .seen = true,
			.kx = KX_ECDHE,
			.params = params_b,
			.has_group = true,
			.group = 23,
			.public_key = bytes_slice(params_b, 4, 65),
			.has_scheme = true,
			.scheme = 0x0403,
			.has_signature = true,
			.signature = ske_b },
		.cke = { .seen = true, .public_key = bytes_slice(params_b, 4, 65) },
		.side[SIDE_CLIENT].verify = { .seen = true,
			.has_scheme = true,
			.scheme = 0x0403,
			.signature = verify_b },
		.side[SIDE_CLIENT].n_certs = 1,
		.side[SIDE_SERVER].n_certs = 2,
	};

	memset(hs.client_hello.random, 'c', sizeof hs.client_hello.random);
	memset(hs.server_hello.random, 's', sizeof hs.server_hello.random);
	hs.side[SIDE_CLIENT].certs[0] = leaf;
	hs.side[SIDE_SERVER].certs[0] = leaf;
	hs.side[SIDE_SERVER].certs[1] = sub;
	return hs;
}

#endif
