/*
 * PEM (RFC 7468), read as tolerantly as people edit it: text before, between and after the blocks,
 * CRLF, blanks at line ends, a byte order mark, headers (RFC 1421) inside. Internal to pki.
 */
#ifndef TLSDIAG_PKI_PEM_H
#define TLSDIAG_PKI_PEM_H

#include "base/bytes.h"

enum { PEM_LABEL = 48 };

struct pem_block {
	char label[PEM_LABEL]; /* "CERTIFICATE" */
	struct bytes whole;    /* from BEGIN to the end of its last line */
	struct bytes body;     /* base64 between the two boundary lines */
	bool ended;            /* an END line of the same label was found */
	bool encrypted;        /* Proc-Type says so */
	size_t line;           /* of the BEGIN line, from 1 */
};

/* A place in a text; start with {text, 0}. */
struct pem_reader {
	struct bytes left;
	size_t line;
};

/* The next block; false at the end of the text. */
bool pem_next(struct pem_reader *r, struct pem_block *out);

/* Decodes a body into out, which has room for body.len bytes. False: not base64. */
bool pem_decode(struct bytes body, uint8_t *out, size_t *len);

#endif
