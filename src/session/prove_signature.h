/* The signatures of a handshake and the transcript they cover. Internal to prove.c. */
#ifndef TLSDIAG_SESSION_PROVE_SIGNATURE_H
#define TLSDIAG_SESSION_PROVE_SIGNATURE_H

#include "session/handshake.h"

/* What the signatures of the two sides are made with, as labelled or as the version fixes it. */
struct signature_method server_method(const struct handshake *hs);
struct signature_method client_method(const struct handshake *hs);

/* Fills hs->side[SIDE_SERVER].proof.method and .ecdsa, hs->side[SIDE_CLIENT].proof.method and .ecdsa: no arithmetic. */
void read_signatures(struct handshake *hs);

/* Fills hs->side[SIDE_SERVER].proof.signature and all of hs->side[SIDE_CLIENT].proof. */
void prove_server_signature(struct handshake *hs);
void prove_client_signature(struct handshake *hs);

#endif
