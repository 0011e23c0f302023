/*
 * Private keys of kinds that the library lacks: DSA, Ed25519, Ed448, X25519, X448, RSA that is for PSS alone, EC
 * on a curve that it does not know, or whose parameters are written out.
 */
#ifndef TLSDIAG_PKI_KEY_FOREIGN_H
#define TLSDIAG_PKI_KEY_FOREIGN_H

#include "base/arena.h"
#include "pki/cert.h"

/*
 * Reads PKCS #8 (RFC 5958, RFC 8410) and the traditional forms of DSA and EC (RFC 5915). False: the DER is neither, or
 * is broken, or the kind of key is none of these. Else *spki is the public half in the arena, where the
 * file has it (RSA, EC) or it can be computed (Ed25519, DSA), or empty. Both are those of the certificate, DER.
 */
bool key_foreign_public(struct bytes der, struct arena *a, struct bytes *spki);

#endif
