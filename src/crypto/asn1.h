/*
 * The little of ASN.1 that keys and signatures need (X.690), element by element as windows. Strict
 * (base/der.h) where only one encoding is right; the lenient reader says in what it was not.
 */
#ifndef TLSDIAG_CRYPTO_ASN1_H
#define TLSDIAG_CRYPTO_ASN1_H

#include "base/der.h"

/* Reads an element of this tag with a DER length and returns the window on its content. */
struct cur asn1_enter(struct cur *c, enum der_tag tag, const char *field);

/* The content of an element of this tag. */
struct bytes asn1_content(struct cur *c, enum der_tag tag, const char *field);

/* An INTEGER that is not negative, shortest form, without the sign's zero byte; 0 is empty. */
struct bytes asn1_unsigned(struct cur *c, const char *field);

/* A BIT STRING of whole bytes. */
struct bytes asn1_bytes(struct cur *c, const char *field);

/*
 * As asn1_enter(), but takes lengths as BER allows them, and one that reaches too far as reaching
 * to the end. Clears *der when DER would have been another.
 */
struct cur asn1_enter_lenient(struct cur *c, enum der_tag tag, const char *field, bool *der);

#endif
