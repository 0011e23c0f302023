/*
 * The handshake messages in the order in which both sides hash them: what a Finished and a signature over
 * the handshake cover. Internal to the proofs of the session, and to forensic.
 *
 * Put together by side, as the two directions of a capture need not be in step.
 */
#ifndef TLSDIAG_SESSION_TRANSCRIPT_H
#define TLSDIAG_SESSION_TRANSCRIPT_H

#include "session/handshake.h"

struct transcript_parts {
	struct bytes part[EVENTS_MAX + 1];
	uint8_t type[EVENTS_MAX +
		     1]; /* of the message; HS_MESSAGE_HASH: what stands for the first hello */
	size_t n;
	uint8_t message_hash
		[4 + DIGEST_MAX]; /* RFC 8446 4.4.1: of the ClientHello that was sent again */
};

/*
 * What comes before the message of that type of that side: its CertificateVerify or Finished. *t must not
 * be copied, as parts point into it. False: a message is missing, or was not read whole; what there is
 * stands in *t.
 */
bool transcript_before(
	const struct handshake *hs, enum side from, uint8_t type, struct transcript_parts *t);

/*
 * TLS 1.3: a capture that begins inside the connection may begin at the second ClientHello, with the first and the
 * HelloRetryRequest, which are hashed too, before it. A Finished that is right tells that none is missing.
 */
bool transcript_may_begin_late(const struct handshake *hs);
#define BEGINS_LATE "the capture begins at a ClientHello that may be the second"

/*
 * What a side's signature covers (RFC 5246 7.4.3 and 7.4.8, RFC 8446 4.4.3). *c must not be copied. False: a
 * part of it was not seen.
 */
struct covered {
	struct bytes *part;
	size_t n;
	struct bytes own[3]; /* where part points to, but for the client's up to TLS 1.2 */
	struct digest digest;
	struct transcript_parts messages;
};
bool transcript_covered(const struct handshake *hs, enum side signer, struct covered *c);

/* What stands in front of the hash (RFC 8446 4.4.3): 64 blanks, and these words with the zero behind them. */
enum { CONTEXT_BLANKS = 64 };
struct bytes transcript_blanks(void);
struct bytes transcript_context(enum side signer);

/* RFC 7627 3: all up to ClientKeyExchange, with it. */
bool transcript_session(const struct handshake *hs, struct transcript_parts *t);

/* The hash that TLS 1.3 takes of its messages, or the PRF of a Finished up to TLS 1.2. */
enum hash transcript_hash(const struct handshake *hs);

#endif
