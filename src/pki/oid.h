/* Object identifiers as dotted text, and what those of keys, curves and signatures stand for. */
#ifndef TLSDIAG_PKI_OID_H
#define TLSDIAG_PKI_OID_H

#include "pki/cert.h"

/*
 * The dotted text of an OBJECT IDENTIFIER's body (X.690 8.19). False when the bytes are not one;
 * the text is then "an unreadable OID". A text that does not fit ends in "...".
 */
bool oid_text(struct bytes body, char out[static OID_TEXT]);

struct oid_key {
	const char *oid;
	enum key_kind kind;
	const char *name; /* "RSA" */
};
const struct oid_key *oid_key_find(const char *dotted); /* NULL unknown */

/* The TLS number of a named curve, 0 unknown. */
uint16_t oid_curve(const char *dotted);

struct oid_signature {
	const char *oid;
	const char *name; /* as OpenSSL spells it */
	struct signature_method method;
};
const struct oid_signature *oid_signature_find(const char *dotted); /* NULL unknown */

/* HASH_NONE unknown. */
enum hash oid_hash(const char *dotted);

/* "CN" of 2.5.4.3; NULL unknown. */
const char *oid_attribute(const char *dotted);

#endif
