/*
 * Certificates and keys held against each other, as a handshake would: who belongs to whom, what a
 * verifier would find, what the pair can serve, how many bytes it costs. Facts only.
 */
#ifndef TLSDIAG_PKI_CREDENTIAL_H
#define TLSDIAG_PKI_CREDENTIAL_H

#include "pki/chain.h"
#include "pki/material.h"

enum key_fit {
	FIT_NONE,    /* no key, or no certificate */
	FIT_UNKNOWN, /* the public half of the key, or of the certificate, cannot be read */
	FIT_BELONGS,
	FIT_OTHER,      /* it is the key of no certificate there */
	FIT_OF_ANOTHER, /* it is the key of another certificate of the chain */
};

enum { SENT_MAX = 64, SCHEMES_MAX = 16, SUITES_MAX = 160, FRAGMENTS = 5 };

/* What a key and the usages of its certificate allow. */
struct service {
	uint16_t suites[SUITES_MAX]; /* up to TLS 1.2, without weak ones */
	size_t n_suites;
	uint16_t schemes12[SCHEMES_MAX], schemes13[SCHEMES_MAX];
	size_t n_schemes12, n_schemes13;
	uint16_t curve;         /* that a TLS 1.2 client must list for it (RFC 8422 5.1); 0 none */
	bool rsa_exchange_only; /* keyUsage leaves nothing but the RSA key exchange */
};

/* Bytes of the Certificate message, header of four bytes included. */
struct message_size {
	size_t tls12, tls13;
	size_t records[FRAGMENTS]; /* of the TLS 1.2 one, at fragment_sizes[] bytes each */
};
extern const unsigned fragment_sizes[FRAGMENTS]; /* RFC 6066 4, and 16384 */

struct credential {
	const struct item *leaf; /* NULL: no certificate is there */
	const struct item *key;  /* NULL: none */
	enum key_fit fit;
	size_t fit_index;                  /* of FIT_OF_ANOTHER: in sent[] */
	const struct cert *sent[SENT_MAX]; /* leaf first */
	size_t n_sent;
	size_t n_left_out; /* CAs among the files that sent[] had no room for */
	size_t n_own;      /* of sent: those in the files named for it, in their order */
	bool named;        /* by --cert, --chain or --key; else found among the files */
	struct chain_judgement chain;
	bool own_out_of_order;
	struct service service;
	struct message_size size;
};

/* Who signed a certificate, and whose key is there. */
struct relation {
	const struct item *item;   /* a certificate, the first of its kind */
	const struct item *issuer; /* itself when self-signed; NULL: not there */
	bool verified;             /* by its key; false: the library cannot verify that signature */
	bool untried;              /* issuer is NULL, but not all that have its name were tried */
	const struct item *key;    /* NULL: not there */
};

struct credential_question {
	const struct trust *trust; /* NULL none */
	int64_t at;
	const char *name; /* NULL: not asked */
	enum purpose purpose;
};

struct credentials {
	struct credential *list;
	size_t n;
	struct relation *relations;
	size_t n_relations;
};

/* What is verified is bounded (LINKS_TRIED of a certificate, RELATIONS_COST in all): what that leaves
 * out is untried. m must not change afterwards: items are pointed to. False: out of memory. */
bool credentials_judge(
	const struct material *m, const struct credential_question *q, struct credentials *out);
void credentials_free(struct credentials *c);

/* Parts of it. */
void service_of(const struct cert *c, enum purpose purpose, struct service *out);
void message_size_of(const struct cert *const *certs, size_t n, struct message_size *out);

#endif
