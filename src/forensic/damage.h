/* One damaged bit or byte, put back. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_DAMAGE_H
#define TLSDIAG_FORENSIC_DAMAGE_H

#include "forensic/signature.h"

/* Bits of parameters, randoms, digest and signature; of an ECDSA signature's r and s whole bytes
 * too, which cost no more. */
void damage_try_bits(struct inquiry *q, struct suspect *s);

/* The 255 other values of each byte of parameters, randoms, digest and signature. */
void damage_try_bytes(struct inquiry *q, struct suspect *s);

#endif
