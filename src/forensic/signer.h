/* Who can have signed: the keys that fit several bad signatures. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_SIGNER_H
#define TLSDIAG_FORENSIC_SIGNER_H

#include "forensic/suspect.h"

/* Recovers the keys that fit each of the suspects of this side for which nothing else was found,
 * and marks the suspects that a common or the given key fits. */
void signer_find(struct suspect *suspects, size_t n, enum side signer, const struct evidence *ev,
	struct signer *out);

#endif
