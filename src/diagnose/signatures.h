/* What the causes about signatures and points share: reading the autopsies of a case. */
#ifndef TLSDIAG_DIAGNOSE_SIGNATURES_H
#define TLSDIAG_DIAGNOSE_SIGNATURES_H

#include "diagnose/story.h"

/* The two signatures a capture shows in the clear. */
struct signature_view {
	const struct examined *ex;
	const struct handshake *hs;
	enum side signer;
	const struct signature_autopsy *autopsy;
	bool bad; /* it does not verify, and its scheme fits its key */
	enum check_id check;
	uint8_t message; /* handshake type */
};
struct signature_view signature_of(const struct examined *ex, enum side signer);

/* The two points of an ECDHE key exchange. */
struct point_view {
	const struct point_autopsy *autopsy;
	enum point_state state;
	enum check_id check;
};
struct point_view point_of(const struct examined *ex, enum side side);

/*
 * A finding about what an autopsy found: takes every kept handshake with a bad signature for which
 * found() is true, of the server first, then of the client. False when there is none.
 */
bool signature_cause(const struct case_file *cf, struct finding *f,
	bool (*found)(const struct signature_view *v));

/* Bad ECDSA or RSA signatures of that side over all kept handshakes. */
size_t bad_signatures(const struct case_file *cf, enum side signer);
/* ... of those, the ones no trial explains. */
size_t unexplained_signatures(const struct case_file *cf, enum side signer);
/* Its r or s is too large for the curve of the certificate's key, whatever was computed wrongly. */
bool made_by_larger_key(const struct signature_view *v);
/* An ECDSA signature that cannot even be read as two numbers, and no trial explains. */
bool no_signature_at_all(const struct signature_view *v);
/* A good one of that side was seen. */
bool good_signature_seen(const struct case_file *cf, enum side signer);

/* "tried 5 hashes, 6 transcripts, 4 encodings, 2368 flipped bits: no hit" as a proof line. */
void prove_trials(struct finding *f, const struct case_file *cf, const struct trial_counts *t);

/* The client's CertificateVerify uses a type of key the server did not ask for: that is the
 * business of certificate-type-unusable. */
bool client_answers_wrong_type(const struct examined *ex);

/* What a failed signature or key leaves behind. */
extern const enum check_id signature_explains[];
extern const enum check_id point_explains[];

#endif
