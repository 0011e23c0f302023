/*
 * The arithmetic of a run is rationed in units of work (crypto_verify_cost()), not in time, so that a
 * report does not depend on the machine: so much for a start, enough for a few thousand handshakes, and
 * so much more for every byte of handshakes that was read. Whatever a capture holds, verifying
 * it takes no more than in proportion to its size. Internal to prove.c.
 */
#ifndef TLSDIAG_SESSION_PROVE_RATION_H
#define TLSDIAG_SESSION_PROVE_RATION_H

#include <stddef.h>

struct handshake;

/*
 * RATION_START is some 2,200 signatures on P-256; RATION_PER_KIB lets every handshake of the usual
 * size (4 KiB) fail with a certificate that nobody has seen before. Groups of DHE get half of it all
 * at most, as one of them can cost as much as 900 signatures.
 */
enum { RATION_START = 40000, RATION_PER_KIB = 9, RATION_GROUPS = 2 };

/* What a handshake's own signatures will cost, each verified anew. */
unsigned ration_signatures(const struct handshake *hs);
/* About what its chains will, if nothing of them is known yet. */
unsigned ration_chains(const struct handshake *hs);
/* Bytes of its messages. */
size_t ration_bytes(const struct handshake *hs);

#endif
