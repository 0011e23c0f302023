/*
 * DER elements (X.690) read through a cursor. Certificates have a fixed shape, so elements are
 * opened one by one: nothing here recurses, and depth is bounded by the code that reads.
 *
 * BER forms that DER forbids (indefinite or padded lengths, tags of several bytes) are refused:
 * they are failures of kind PARSE_VALUE at the element's first byte.
 */
#ifndef TLSDIAG_BASE_DER_H
#define TLSDIAG_BASE_DER_H

#include "base/cur.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_NUMERIC_STRING = 0x12,
	DER_PRINTABLE_STRING = 0x13,
	DER_T61_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE_STRING = 0x1a,
	DER_UNIVERSAL_STRING = 0x1c,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,             /* + number: primitive, IMPLICIT */
	DER_CONTEXT_CONSTRUCTED = 0xa0, /* + number: EXPLICIT, or IMPLICIT of a constructed type */
};

struct der {
	uint8_t tag;
	struct bytes whole; /* header included */
	struct bytes body;
	size_t at; /* of the header's first byte, from the start of the message */
	size_t body_at;
};

/* Takes the next element, of any tag. False, and *out is all zero, when c->err tells why. */
bool der_next(struct cur *c, const char *field, struct der *out);

/* The same, of this tag only. */
bool der_take(struct cur *c, unsigned tag, const char *field, struct der *out);

/* The same, but an element longer than what is there gives what is there; *cut tells. */
bool der_take_cut(struct cur *c, unsigned tag, const char *field, struct der *out, bool *cut);

/* Is the next element of this tag? False at the end. */
bool der_ahead(const struct cur *c, unsigned tag);

/* A window on the element's body that keeps its own first failure; offsets go on counting. */
struct cur der_open(const struct der *el, struct parse_err *err);
/* The same, but the first failure is that of the window it was taken from. */
struct cur der_open_in(const struct cur *c, const struct der *el);

/* A BIT STRING of whole bytes: its body without the count of unused bits. */
struct bytes der_bits(const struct der *el);

/* An INTEGER's magnitude without leading zero bytes. */
struct bytes der_magnitude(const struct der *el);

/* A small INTEGER >= 0; -1 when it is negative, empty or above INT32_MAX. */
int32_t der_small(const struct der *el);

#endif
