/* A signature that does not verify, and what its trials share. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_SUSPECT_H
#define TLSDIAG_FORENSIC_SUSPECT_H

#include "forensic/autopsy.h"

struct suspect {
	const struct handshake *hs;
	struct signature_autopsy *out;
	enum side signer;
	const struct cert *leaf; /* under whose key it should verify */
	struct signature_method method;
	struct bytes signature;
	struct ecdsa_signature ecdsa;
	bool key_asked;          /* the leaf's key was held against the signature as it was sent */
	bool key_proved;         /* RSA: the padding shows that the leaf's key made it ... */
	const char *digest_text; /* ... over this, if it can be seen; in the handshake's arena */
	bool fits_foreign_key; /* signer.c: a key that also made others, or --key's, can have made it */
};

/* False when that side's signature was not seen, is good, or cannot be judged. */
bool suspect_open(const struct handshake *hs, enum side signer, struct signature_autopsy *out,
	struct suspect *s);

/* Nothing more needs to be tried. */
bool suspect_settled(const struct suspect *s);

/* What is found, in one sentence part: the texts that are not NULL, joined by commas. */
void suspect_found(struct suspect *s, enum finding_kind found, const char *const text[], size_t n);

/* The digest of what should have been signed, under this hash. */
bool suspect_digest(const struct suspect *s, enum hash hash, struct digest *out);

/* All the bytes that should have been signed, in one piece in the arena; empty: no memory. */
struct bytes suspect_message(const struct suspect *s, struct arena *a);

#endif
