/*
 * What should never come twice: randoms, session ids, ephemeral keys, ECDSA nonces; remembered
 * over all handshakes of a run in bounded memory, and compared as each handshake is given out.
 */
#ifndef TLSDIAG_SESSION_FRESH_H
#define TLSDIAG_SESSION_FRESH_H

struct handshake;

struct fresh;
struct fresh *fresh_open(void);
void fresh_close(struct fresh *f);
/* What clients send is not compared from now on: they repeat on purpose. */
void fresh_client_repeats(struct fresh *f);
/* Fills hs->repeats and the clock readings; call in order, one thread. */
void fresh_note(struct fresh *f, struct handshake *hs);

#endif
