/* What the causes share that look at resumption: who resumes fails, who does not gets through. */
#ifndef TLSDIAG_DIAGNOSE_RESUMPTION_H
#define TLSDIAG_DIAGNOSE_RESUMPTION_H

#include "diagnose/handshakes.h"

/*
 * Did the server break off a handshake before it took or left the session that the client named,
 * where that is all that parts the failed from the completed?
 */
bool offer_to_resume_refused(const struct handshake_view *v);

/*
 * ... with internal_error, while it asks others for a certificate: OpenSSL without a session id
 * context (SSL_R_SESSION_ID_CONTEXT_UNINITIALIZED). Or while TLS 1.3 hides whether it asks: a server
 * of that version leaves a session that it cannot use, and says nothing.
 */
bool session_context_missing(const struct handshake_view *v);

/* A completed handshake in which the server asked for a certificate; NULL: none is known of. */
const struct examined *completed_and_asked(const struct case_file *cf);
/* In each that completed it would be encrypted, and is not known. */
bool request_hidden(const struct case_file *cf);

#endif
