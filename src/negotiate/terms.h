/*
 * The terms of one side of a negotiation: what it offers, or takes, each list in its order of preference (RFC 8446 4.1.1,
 * RFC 5246 7.4.1). A client is known by its ClientHello, a build by its configuration, a server of a capture only as
 * far as it was seen.
 *
 * Pure; nothing is borrowed.
 */
#ifndef TLSDIAG_NEGOTIATE_TERMS_H
#define TLSDIAG_NEGOTIATE_TERMS_H

#include "config/build.h"
#include "wire/handshake.h"

enum { TERMS_LIST_MAX = 256, TERMS_SUITES_MAX = 512 };

struct terms_list {
	uint16_t value[TERMS_LIST_MAX];
	size_t n;
};

struct terms {
	struct terms_list versions; /* as on the wire: 0x0303 TLS 1.2 */
	struct build_suite suites[TERMS_SUITES_MAX];
	size_t n_suites;
	/* Where a ClientHello says nothing of groups or schemes, any group will do, and SHA-1 is meant. */
	bool has_groups, has_schemes;
	struct terms_list groups, schemes;
	struct terms_list shares; /* groups of the key shares of a ClientHello */
	bool shared_key;          /* as a client of TLS 1.3: one is offered, or can be */
	bool rsa_keys, ec_keys;   /* of the other side's certificate, and of one's own */
	bool follows_client;      /* as a server: the order of suites is the client's */
	/* As a server of mbedTLS: ECDHE asks for a list of groups, the order of suites of TLS 1.3 is the
	 * client's, and up to TLS 1.2 RSA signs with PKCS #1 v1.5 alone. */
	bool mbedtls;
	bool seen_only; /* a server of which only choices were seen: it may take more */
	long record_in; /* bytes of the longest record that it can read; 0: not known */
	long hello;     /* bytes of its ClientHello as a message; 0: not known */
};

/* length: of the message with its header, 0 unknown. */
void terms_of_hello(const struct client_hello *hello, size_t length, struct terms *out);
void terms_of_build(const struct build *build, struct terms *out);

/* A server's choices, each 0 where it is not known; those of several handshakes add up. */
struct terms_choice {
	uint16_t version, suite, group, scheme;
};
void terms_add_choice(struct terms *p, const struct terms_choice *choice);

/* The same lists in the same order, and a hello of the same length. */
bool terms_equal(const struct terms *a, const struct terms *b);

bool terms_list_has(const struct terms_list *l, uint16_t value);
bool terms_have_suite(const struct terms *p, uint16_t suite);
/* 0: none. */
uint16_t terms_highest_version(const struct terms *p);

#endif
