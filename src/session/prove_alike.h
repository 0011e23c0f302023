/* Which handshakes of a log are alike, so that verifying the first of them is enough. Internal to prove.c. */
#ifndef TLSDIAG_SESSION_PROVE_ALIKE_H
#define TLSDIAG_SESSION_PROVE_ALIKE_H

#include <stdint.h>

struct handshake;

/*
 * The same for handshakes with the server that `server` stands for which ended in the same way: the same outcome
 * at the same message, by the same side, with the same alerts, and the same words of their programs.
 */
uint64_t alike_hash(uint64_t server, const struct handshake *hs);

#endif
