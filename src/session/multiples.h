/* Ephemeral keys that are small multiples of the generator. */
#ifndef TLSDIAG_SESSION_MULTIPLES_H
#define TLSDIAG_SESSION_MULTIPLES_H

#include "base/bytes.h"

/* k when the uncompressed point is k*G with 1 <= k <= 16; else 0. Costs a table look-up. */
uint32_t multiples_find_first(uint16_t group, struct bytes point);

#endif
