/* Are two CAs of one family? Soft evidence, for when the certificate between them is missing. */
#ifndef TLSDIAG_PKI_KIN_H
#define TLSDIAG_PKI_KIN_H

#include "pki/cert.h"

/* Does the certificate's authorityKeyIdentifier say that this CA issued its missing issuer? */
bool kin_issued_issuer(const struct cert *c, const struct cert *ca);

/* Do two names, as text, share an organization, a domain component, or the word that their common
 * names begin with (unless it is one that any CA could be called by)? */
bool kin_related(const char *name_a, const char *name_b);

/* "Test Intermediate CA" and "Test CA" or "Root": one is called an intermediate, the other is not, and
 * nothing in the names tells whose they are. */
bool kin_by_role(const char *intermediate, const char *root);

/* Does the common name have a word that begins with "root", and none of an intermediate's? */
bool kin_is_called_root(const char *name);

#endif
