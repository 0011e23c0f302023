/* Two signatures with one nonce. Internal to forensic. */
#ifndef TLSDIAG_FORENSIC_NONCE_H
#define TLSDIAG_FORENSIC_NONCE_H

#include "forensic/autopsy.h"

/* Finds the handshake with the same r under the same key, and whether the two give the key away. */
void nonce_autopsy(const struct handshake *hs, const struct handshake *const *others,
	size_t n_others, struct autopsy *out);

#endif
