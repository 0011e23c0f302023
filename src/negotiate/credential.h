/*
 * Whether a server's key can serve a client (RFC 5246 7.4.2, RFC 8422 5.3, RFC 8446 4.4.2.2): by the suites, the
 * signature schemes and, up to TLS 1.2, the groups that the client lists. Pure.
 */
#ifndef TLSDIAG_NEGOTIATE_CREDENTIAL_H
#define TLSDIAG_NEGOTIATE_CREDENTIAL_H

#include "crypto/crypto.h"
#include "negotiate/terms.h"

/* The key of a certificate; group: its curve, 0 none or not known. */
struct credential {
	enum key_kind key;
	uint16_t group;
};

/* Is the suite, of TLS 1.2 and older, one that such a key authenticates? */
bool credential_serves_suite(const struct credential *c, const struct suite *s);
/* Can it sign in that scheme? tls13: in a handshake of TLS 1.3, which knows fewer (RFC 8446 4.2.3). */
bool credential_signs(const struct credential *c, uint16_t scheme, bool tls13);

/* What a key meets nothing of; the first that is wanted of the client, in this order. */
enum unserved {
	SERVED,
	UNSERVED_SUITES,  /* no suite is authenticated by such a key */
	UNSERVED_SCHEMES, /* no signature scheme goes with it */
	UNSERVED_CURVE,   /* up to TLS 1.2 supported_groups do not list its curve (RFC 8422 5.3) */
};

/* Over all versions that the client offers: of those that fail, what the highest lacks. */
enum unserved credential_unserved(const struct terms *client, const struct credential *c);

/* The schemes that a client of TLS 1.2 takes, which says nothing of them: SHA-1 (RFC 5246 7.4.1.4.1). */
bool terms_take_scheme(const struct terms *client, uint16_t scheme);

#endif
