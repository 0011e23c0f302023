/* Finding the path from a leaf to an anchor. Internal to pki; chain.c asks and judges the rest. */
#ifndef TLSDIAG_PKI_PATH_H
#define TLSDIAG_PKI_PATH_H

#include "pki/chain.h"

struct path {
	struct path_step step[PATH_MAX_CERTS]; /* leaf first */
	size_t n;
	enum path_end end; /* TRUSTED, SELF_SIGNED, ISSUER_MISSING, LOOP or EMPTY */
	bool cut; /* the search ended before everything was tried, and a better path may be there */
	bool name_with_other_key; /* the CA file has the name of the issuer looked for last, but not its key */
};

/*
 * The best path that a verifier could find, its steps judged one by one. Candidates whose key
 * identifier is the one looked for are tried first, among them those of the CA file; the search is
 * bounded (see chain.h).
 */
void path_find(const struct chain_question *q, struct link_memory *memory, struct path *out);

/* Key identifiers of both are there and are not the same (RFC 5280 4.2.1.1). */
bool path_key_ids_conflict(const struct cert *child, const struct cert *issuer);

/* What the key identifiers say of an issuer of the right name: 0 it is the one, 1 nothing, 2 another. */
enum { PATH_LIKELIHOODS = 3 };
int path_likelihood(const struct cert *child, const struct cert *issuer);

#endif
