/*
 * What files would send: the certificates of a server or client in the order in which they stand, with
 * the properties of that chain. Unlike a credential (credential.h), which puts what it finds in order,
 * this keeps what is wrong with the order, and entries that hold no certificate.
 */
#ifndef TLSDIAG_PKI_PRESENTED_H
#define TLSDIAG_PKI_PRESENTED_H

#include "pki/credential.h"
#include "pki/properties.h"

enum { PRESENTED_MAX = 256 }; /* certificates of one chain; more are not looked at */

struct presented {
	const struct item_file *file; /* that its first certificate stands in */
	size_t n_sent;
	size_t n_left_out;
	struct properties properties;
	bool trust_given, name_given;
};

struct presented_chains {
	struct presented *list;
	size_t n;
};

/* One for each credential that has a certificate; where there is none, for what there is in its place
 * (a file named as the certificate that holds none, a CA that is all there is and is held
 * against a trust or a name). False: out of memory. */
bool presented_read(const struct material *m, const struct credentials *c,
	const struct credential_question *q, struct presented_chains *out);
void presented_free(struct presented_chains *p);

#endif
