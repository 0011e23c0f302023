/*
 * Which of the properties that verifiers were measured on (names/verifiers.h) a chain has. All is read
 * from the bytes of its certificates, and from the time, the name and the trust that are asked about;
 * each property is recognised as a kind, whatever certificate has it. Pure.
 */
#ifndef TLSDIAG_PKI_PROPERTIES_H
#define TLSDIAG_PKI_PROPERTIES_H

#include "names/verifiers.h"
#include "pki/chain.h"

struct property_question {
	/* In the order of the message; NULL: an entry that holds no certificate at all. */
	const struct cert *const *sent;
	size_t n_sent;
	/* Of the same certificates: its path, its dates, its signatures. NULL: there is none. */
	const struct chain_judgement *chain;
	const struct trust *trust; /* NULL: none given; the end of the path is taken as trusted */
	int64_t at;
	const char *name;  /* NULL: not asked; names are then not judged */
	bool rsa_exchange; /* the key is used to decrypt (static RSA), not to sign */
};

enum { PROPERTIES_MAX = 48 };

struct properties {
	uint16_t list[PROPERTIES_MAX]; /* enum property, each once */
	size_t n;
	bool cut; /* there are more */
};

/*
 * What one property says of the whole is not said again by its parts: a leaf without extensions has no
 * subjectAltName, but that is not listed beside it.
 */
void properties_find(const struct property_question *q, struct properties *out);
bool properties_have(const struct properties *p, enum property id);

#endif
