/* Every digest that a signer may have signed in place of the right one. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_CANDIDATES_H
#define TLSDIAG_FORENSIC_CANDIDATES_H

#include "forensic/suspect.h"

struct candidate {
	struct digest digest;
	enum hash hash;         /* that made it */
	const char *transcript; /* of what, where it is not what is due */
	const char *handling;   /* what happened to the digest, where something did */
	uint64_t handshake;     /* another one, whose random is in it */
};

struct candidates {
	struct candidate *at; /* the first is the right one, under the labelled hash */
	size_t n, room;
	size_t n_core; /* the first n_core are worth trying with every key and every reading */
	unsigned hashes, transcripts, digests; /* how many different ones */
};

/* In the arena. False when there is none, for want of memory or of a hash. */
bool candidates_make(const struct suspect *s, const struct handshake *const *others,
	size_t n_others, struct arena *a, struct candidates *out);

/* "over SHA-256 instead of SHA-512"; NULL when it is the labelled hash. */
const char *candidate_hash_text(
	const struct candidate *c, const struct suspect *s, struct arena *a);

#endif
