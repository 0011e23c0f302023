/* What a CertificateVerify of TLS 1.3 covers, and what it covers by mistake. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_SIGNED13_H
#define TLSDIAG_FORENSIC_SIGNED13_H

#include "forensic/transcripts.h"

/* RFC 8446 4.4.3; false when a part was not seen. */
bool signed13_due(const struct handshake *hs, enum side signer, struct transcript *out);

/* Hands out the mistakes; texts are static or in the arena. */
void signed13_mistakes(const struct handshake *hs, enum side signer, struct arena *a,
	struct transcript_taker taker);

#endif
