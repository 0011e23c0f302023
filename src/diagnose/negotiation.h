/*
 * Which of the client's lists met nothing at the server: found by holding a refused ClientHello
 * against one that the same server answered.
 */
#ifndef TLSDIAG_DIAGNOSE_NEGOTIATION_H
#define TLSDIAG_DIAGNOSE_NEGOTIATION_H

#include "diagnose/handshakes.h"

enum empty { EMPTY_NOTHING, EMPTY_SUITES, EMPTY_GROUPS, EMPTY_SCHEMES, EMPTY_NAME, EMPTY_VERSIONS };

/* shows(): is the ClientHello refused, and is that the likeliest reason? */
bool hello_refused_for(const struct handshake_view *v, enum empty which);
/* prove(): the list, what the server has instead where that is known, and how sure that makes it. */
void prove_refused_hello(const struct handshake_view *v, struct finding *f);

/* "with another client", where `good` was another's; else in what its hello was another one. */
const char *with_whom(const struct handshake *hs, const struct handshake *good);

/* Every kept handshake got a ServerHello, at least one; for innocent(). */
bool every_server_hello(const struct case_file *cf);

#endif
