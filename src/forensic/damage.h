/* One damaged bit or byte, put back. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_DAMAGE_H
#define TLSDIAG_FORENSIC_DAMAGE_H

#include "forensic/signature.h"

/* Bits of parameters, randoms, digest and signature; of an ECDSA signature's r and s whole bytes
 * too, which cost no more. */
void damage_try_bits(struct inquiry *q, struct suspect *s);

/* The other values of each byte of parameters, randoms and digest; of an ECDSA signature's DER. */
void damage_try_bytes(struct inquiry *q, struct suspect *s);

/*
 * The other values of each byte of an RSA signature that shows no padding: one public operation
 * each, which takes seconds. worth_it false: only counts what is left out.
 */
void damage_try_rsa_bytes(struct inquiry *q, struct suspect *s, bool worth_it);

#endif
