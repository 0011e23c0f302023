/*
 * What a client and a server agree on, or the first thing of which they have nothing in common: the version, then
 * the suite with the group, the scheme and the key that it asks for (RFC 8446 4.1.1, RFC 5246 7.3, RFC 8422 5).
 *
 * The server decides as most do, and as mbedTLS does: the highest version that both have, and no other when that
 * leads nowhere; the first suite of its order (or of the client's) for which everything else is there. Pure.
 */
#ifndef TLSDIAG_NEGOTIATE_AGREE_H
#define TLSDIAG_NEGOTIATE_AGREE_H

#include "negotiate/credential.h"

/* How far they come: each is farther than the one before it. */
enum agreement_step {
	STOPS_AT_RECORD,  /* the ClientHello does not fit into the server's buffer */
	STOPS_AT_VERSION, /* no version in common */
	STOPS_AT_SUITE,   /* no suite in common */
	STOPS_AT_KEY,     /* the suites in common are for keys of another kind */
	STOPS_AT_GROUP,   /* they need a group, and there is none in common */
	STOPS_AT_SCHEME,  /* no signature scheme in common goes with the key */
	STOPS_AT_CURVE,   /* up to TLS 1.2 the client does not list the curve of the server's key */
	AGREED
};
const char *agreement_step_name(enum agreement_step step); /* "cipher_suite"; NULL: AGREED */
/* The cause that such a failure has: "no-common-cipher-suite"; NULL: AGREED. */
const char *agreement_cause(enum agreement_step step);

struct agreement {
	enum agreement_step step;
	uint16_t version; /* 0 none; so for the next ones */
	uint16_t suite;
	uint16_t group;  /* of the key exchange; 0: the suite needs none */
	uint16_t scheme; /* of the server's signature; 0: it needs none, or none is named */
	bool retry;      /* TLS 1.3: after a HelloRetryRequest, since no share is of that group */
};

/* credential: the server's; NULL: it has none, only a key that both have. */
void agree(const struct terms *client, const struct terms *server,
	const struct credential *credential, struct agreement *out);

#endif
