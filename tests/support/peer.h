/*
 * A server of TLS 1.3 for a talk (client/talk.h): it answers the talk's own hello, honest but for one fault, and
 * holds the talk's Finished against its own. Only x25519, SHA-256 and AES-128-GCM.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_PEER_H
#define TLSDIAG_TESTS_SUPPORT_PEER_H

#include "client/talk.h"

enum peer_fault {
	PEER_HONEST,
	PEER_ASKS, /* for a certificate */
	PEER_ASKS_WITHOUT_SCHEMES,
	PEER_RETRIES, /* asks for another group, as it may */
	PEER_RETRIES_TWICE,
	PEER_RETRIES_SAME_GROUP,
	PEER_RETRIES_UNOFFERED_GROUP,
	PEER_RETRIES_FOR_NOTHING,
	PEER_OTHER_SUITE, /* never offered */
	PEER_OTHER_VERSION,
	PEER_SESSION_ID, /* not the client's */
	PEER_COMPRESSES,
	PEER_NO_SHARE,
	PEER_OTHER_SHARE, /* of a group without a share of the client's */
	PEER_ZERO_SHARE,
	PEER_HELLO_EXTENSION, /* that belongs elsewhere */
	PEER_HELLO_CUT,
	PEER_EXTENSION, /* not offered, under the keys */
	PEER_EXTENSIONS_CUT,
	PEER_NO_CERTIFICATE,
	PEER_EMPTY_CERTIFICATE,
	PEER_COMPRESSED,           /* RFC 8879, for which nobody asked, */
	PEER_COMPRESSED_FOR_ONE,   /* ... for a client that offers it */
	PEER_COMPRESSED_OTHERWISE, /* ... by what there is not */
	PEER_COMPRESSED_WRONG,     /* ... to another length */
	PEER_NO_VERIFY,
	PEER_SIGNATURE, /* of something else */
	PEER_SCHEME,    /* of PKCS #1, which TLS 1.3 forbids */
	PEER_FINISHED,  /* of something else */
	PEER_TAG,       /* of the first protected record */
	PEER_EMPTY_RECORD,
	PEER_BARE_RECORD, /* zeros and no type */
	PEER_DATA_EARLY,
	PEER_ALERTS,      /* handshake_failure for a hello */
	PEER_ALERTS_LATE, /* bad_certificate after all is done */
	PEER_NO_TLS,
	N_PEER_FAULTS,
};

struct peer_outcome {
	struct talk_view view;                  /* chain is not to be read */
	bool client_finished;                   /* the talk's Finished is right */
	bool client_certificate, client_verify; /* it sent them */
	size_t hellos;
};

/*
 * The whole conversation, the server's bytes in pieces of that size. The talk's options are the caller's but
 * for the offer, which is offer_all() of TLS 1.3 with a share of x25519 alone.
 */
struct peer_outcome peer_meet(enum peer_fault fault, size_t piece, const struct talk_options *o);

/*
 * The same, where the server's messages are changed before they are hashed and sealed, so that they get through:
 * four bytes each say which message (low three bits) and how (the next two: a byte is exchanged, or set; the body
 * ends there; the message comes twice), where (two bytes, modulo its length), and the byte.
 */
struct peer_outcome peer_meet_changed(
	enum peer_fault fault, struct bytes changes, const struct talk_options *o);

#endif
