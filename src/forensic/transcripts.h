/* What a signature should cover, and what it covers by mistake. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_TRANSCRIPTS_H
#define TLSDIAG_FORENSIC_TRANSCRIPTS_H

#include "session/handshake.h"

struct transcript {
	struct bytes part[EVENTS_MAX + 4];
	size_t n;
	struct digest digest; /* TLS 1.3: of the messages; a part may be it */
	const char *what;     /* "with the two randoms exchanged"; NULL: what is due */
	uint64_t handshake;   /* another one, whose random stands in it; 0 none */
};

/* RFC 5246 7.4.3 for the server, 7.4.8 for the client, RFC 8446 4.4.3 for both; false when a part was not
 * seen. *out must not be copied. */
bool transcript_due(const struct handshake *hs, enum side signer, struct transcript *out);

struct transcript_taker {
	void (*take)(void *ctx, const struct transcript *t); /* *t lives during the call */
	void *ctx;
};

/* Every mistaken transcript that the handshake alone can show, the likeliest first. Texts are
 * static or in the arena. */
void transcripts_mistaken(const struct handshake *hs, enum side signer, struct arena *a,
	struct transcript_taker taker);

/* The server's, with randoms kept from other handshakes of the same input. */
void transcripts_stale(const struct handshake *hs, const struct handshake *const *others,
	size_t n_others, struct arena *a, struct transcript_taker taker);

#endif
