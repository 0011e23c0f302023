/* A public key that is not a point of its curve: what it is instead. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_POINT_H
#define TLSDIAG_FORENSIC_POINT_H

#include "forensic/autopsy.h"

/* The server's key of ServerKeyExchange or key_share, the client's of ClientKeyExchange or
 * key_share; out->done stays false when there is none or it is a good one. */
void point_autopsy(const struct handshake *hs, enum side from, struct point_autopsy *out);

#endif
