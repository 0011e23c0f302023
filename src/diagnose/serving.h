/* Whether the certificate that the user gave can serve a ClientHello at all. */
#ifndef TLSDIAG_DIAGNOSE_SERVING_H
#define TLSDIAG_DIAGNOSE_SERVING_H

#include "diagnose/handshakes.h"
#include "negotiate/credential.h"

/* Over all versions that the hello offers: of those that fail, what the highest lacks. */
enum unserved unserved_by(const struct client_hello *hello, const struct cert *cert);

/*
 * shows(): the server turned the hello down, and none of the certificates given (--cert) as the
 * server's could have served it, for that reason.
 */
bool given_unserved(const struct handshake_view *v, enum unserved why);
/* prove(): the key, what the client lacks, the alert; and how sure that makes it. */
void prove_given_unserved(const struct handshake_view *v, struct finding *f);

extern const enum check_id unserved_explains[];

#endif
