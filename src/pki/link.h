/* One link of a chain: is this certificate signed by the key of that one? Internal to pki. */
#ifndef TLSDIAG_PKI_LINK_H
#define TLSDIAG_PKI_LINK_H

#include "pki/chain.h"

struct link {
	enum link_state state;
	const char *why; /* static text of LINK_BAD and LINK_UNVERIFIABLE */
};

/* What verifying would cost (crypto.h), whether remembered or not; 0: told without arithmetic. */
unsigned link_cost(const struct cert *child, const struct cert *issuer);

/* memory may be NULL. Thread-safe. */
struct link link_check(
	struct link_memory *memory, const struct cert *child, const struct cert *issuer);

/* Does the child's signature show that this very key made it, though over other bytes? Only RSA
 * can tell. */
bool link_key_made_it(const struct cert *child, const struct cert *issuer);

#endif
