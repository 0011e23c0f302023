/* Judges certificates by what a log prints of them. Internal to prove.c. */
#ifndef TLSDIAG_SESSION_PROVE_PRINTED_H
#define TLSDIAG_SESSION_PROVE_PRINTED_H

#include "session/side.h"

#include <stdint.h>

struct handshake;

/*
 * Fills in hs->side[side].printed_judged, where the certificates' bytes are not known. at: seconds since 1970, 0: the time
 * is not known; name: that the server's should have, NULL: not known.
 */
void printed_judge(struct handshake *hs, enum side side, int64_t at, const char *name);

#endif
