/* What the causes below TLS share: silence, closes, other protocols, messages in pieces. */
#ifndef TLSDIAG_DIAGNOSE_TRANSPORT_H
#define TLSDIAG_DIAGNOSE_TRANSPORT_H

#include "diagnose/handshakes.h"

/* The ClientHello got neither TLS nor anything else, whoever ended it and however. */
bool unanswered_hello(const struct handshake *hs);

/* ... and it was the client who lost patience: the server sent no byte and did not close. */
bool silent_server(const struct handshake *hs);

/* The ClientHello is too long for one segment of a usual network. */
bool large_hello(const struct handshake *hs);
size_t hello_size(const struct handshake *hs); /* bytes; 0: it was not seen */

/* The server stopped by itself where its ServerKeyExchange was due. */
bool gave_up_before_ske(const struct handshake *hs);
/* ... and what to look at then. */
void step_before_ske(const struct handshake_view *v, struct finding *f);

/* What a connection that ended without an alert shows, besides how. */
void prove_end(const struct handshake_view *v, struct finding *f);

/* The first message of that side that is spread over several records; NULL none. */
const struct event *split_from(const struct handshake *hs, enum side s);
bool split_message(const struct handshake *hs); /* from either side */

/* A protocol that begins in the clear and changes to TLS on request. */
bool starttls_protocol(enum plain_protocol p);

/* Quotes what the server said instead of TLS. */
void prove_plain(const struct case_file *cf, const struct examined *ex, struct finding *f);

/* conclude(): all that the capture has of this server is the n connections of the finding, beside real
 * handshakes with others: one that is away or refuses is everyday traffic then, and a note. */
void quiet_beside_others(const struct case_file *cf, struct finding *f, size_t n);

bool looks_like_mbedtls(const struct handshake *hs);

#endif
