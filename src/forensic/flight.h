/* The handshake messages in the order in which they are hashed. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_FLIGHT_H
#define TLSDIAG_FORENSIC_FLIGHT_H

#include "forensic/transcripts.h"

/*
 * The messages that the client's CertificateVerify covers (RFC 5246 7.4.8): ClientHello, the
 * server's flight, the client's up to CertificateVerify, without HelloRequests. types, if not NULL,
 * gets the type of each. 0: there are none.
 */
size_t flight_signed(
	const struct handshake *hs, struct bytes part[static EVENTS_MAX], uint8_t *types);

/* The messages before the server's first of that type. */
size_t flight_before(
	const struct handshake *hs, uint8_t type, struct bytes part[static EVENTS_MAX]);

/* Hands out what a client's CertificateVerify covers by mistake; *t is room to work in. */
void flight_mistakes(const struct handshake *hs, struct arena *a, struct transcript *t,
	struct transcript_taker taker);

#endif
