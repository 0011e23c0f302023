/*
 * What one handshake of a build asks of the heap: an estimate, put together of what was measured (data/config/ram-*.tsv).
 *
 * Counted are bytes that the library requests, on 32 bits, at the worst moment of a handshake with the largest curve;
 * an allocator adds its own. Certificates and keys of the device, random generators and what psa_crypto_init() asks
 * for are not counted; a certificate of the peer is, with 500 bytes.
 */
#ifndef TLSDIAG_CONFIG_MEMORY_H
#define TLSDIAG_CONFIG_MEMORY_H

#include "config/build.h"

/* Fills b->memory, once the rest of b is known. */
void memory_of(const struct config *c, struct build *b);

#endif
