/* The parts of the certificate walk, each in a file of its own. Internal to pki. */
#ifndef TLSDIAG_PKI_CERT_WALK_H
#define TLSDIAG_PKI_CERT_WALK_H

#include "base/der.h"
#include "pki/cert.h"

/* Keeps the first flaw of the certificate; PARSE_OK is none. */
void cert_note(struct cert *c, const struct parse_err *flaw);

/* A flaw at an element that can be read all the same. */
void cert_note_value(struct cert *c, const char *field, size_t at);

/* Name -> text; flaws go to *err. common_name may be NULL. */
void cert_read_name(const struct der *name, char text[static NAME_TEXT], char *common_name,
	struct parse_err *err);

/* Validity -> c->not_before, c->not_after, c->has_dates. */
void cert_read_validity(struct cert *c, const struct der *validity);

/* AlgorithmIdentifier of a signature -> c->signature_name, c->method, c->pss_mask_hash. */
void cert_read_signature_algorithm(struct cert *c, const struct der *algorithm);

/* SubjectPublicKeyInfo -> c->key, c->key_bits, c->key_group, c->key_point, c->key_name. */
void cert_read_key(struct cert *c, const struct der *spki);

/* [3] EXPLICIT Extensions. */
void cert_read_extensions(struct cert *c, const struct der *outer);

/* UTCTime or GeneralizedTime -> seconds since 1970. *strict: it has the one form that RFC 5280
 * 4.1.2.5 allows. False: not a date. */
bool cert_read_time(const struct der *time, int64_t *seconds, bool *strict);

#endif
