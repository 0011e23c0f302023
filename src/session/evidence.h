/* What the user adds to what was captured or is to be probed. */
#ifndef TLSDIAG_SESSION_EVIDENCE_H
#define TLSDIAG_SESSION_EVIDENCE_H

#include "pki/chain.h"
#include "session/proof.h"

struct config_reading;

/* What the user added; means the same with every source. Owned by the caller. */
struct evidence {
	const struct trust *trust; /* --ca; NULL none */
	bool trust_given;
	const struct cert *const *certs; /* --cert */
	size_t n_certs;
	struct bytes key_spki; /* --key: public half; empty: none */
	bool key_unread;       /* a --key was given, and its public half is not known */
	const char *name;      /* --name; NULL: use the SNI */
	const struct config_reading *config; /* --config; NULL none */
	bool config_said; /* ... and the ClientHellos are what a client of that build says */
	bool has_at;
	int64_t at;            /* --at: seconds since 1970 */
	unsigned expires_soon; /* days that a certificate should be good for; 0: nobody asks */
	bool asked; /* the handshakes are of our own making: every server in them was asked for */
	enum verify_policy verify;
	const char *key_path, *cert_path, *ca_path, *config_path; /* for messages */
};

#endif
