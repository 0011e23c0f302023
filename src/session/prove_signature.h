/* The signatures of a handshake and the transcript they cover. Internal to prove.c. */
#ifndef TLSDIAG_SESSION_PROVE_SIGNATURE_H
#define TLSDIAG_SESSION_PROVE_SIGNATURE_H

#include "session/handshake.h"

/* What a side's signature is made with, as labelled or as the version fixes it. */
struct signature_method signature_method(const struct handshake *hs, enum side signer);

/* Fills side[].proof.method and .ecdsa: no arithmetic. */
void read_signatures(struct handshake *hs);

/* Fills the rest of side[signer].proof. */
void prove_signature(struct handshake *hs, enum side signer);

#endif
