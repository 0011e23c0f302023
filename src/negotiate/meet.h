/*
 * A build and a peer: what they agree on with each kind of key that the server may have. Pure.
 */
#ifndef TLSDIAG_NEGOTIATE_MEET_H
#define TLSDIAG_NEGOTIATE_MEET_H

#include "negotiate/agree.h"

enum { MEETINGS_MAX = 4 };

struct meeting {
	bool build_is_server;
	bool has_key;          /* the server has a certificate, whose key is: */
	struct credential key; /* of an EC key that is not given: on a curve that they agree with */
	struct agreement agreed;
};

/*
 * The build as a server of that client: with an EC key, with an RSA key, with a key that both know, as far as it has
 * suites for them. Returns how many; 0: it is no server.
 */
size_t meet_client(
	const struct build *b, const struct terms *client, struct meeting out[static MEETINGS_MAX]);
/* The same with one key that the server has. */
void meet_client_with(const struct build *b, const struct terms *client,
	const struct credential *key, struct meeting *out);

/*
 * The build as a client of that server. key: the server's; NULL: what it can be is tried as above. longest: bytes of
 * its longest record, 0 not known. Returns how many; 0: it is no client.
 */
size_t meet_server(const struct build *b, const struct terms *server, const struct credential *key,
	long longest, struct meeting out[static MEETINGS_MAX]);

/* As agreement_cause(); of a server without a certificate it is the suites. */
const char *meeting_cause(const struct meeting *m);

/* The one of them that comes farthest; n > 0. */
const struct meeting *meet_farthest(const struct meeting *list, size_t n);

#endif
