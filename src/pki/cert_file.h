/* Certificates in the bytes of a file, and what is there instead. Internal to pki. */
#ifndef TLSDIAG_PKI_CERT_FILE_H
#define TLSDIAG_PKI_CERT_FILE_H

#include "base/bytes.h"
#include "base/err.h"
#include "pki/pem.h"

/* Gets each certificate's DER; false stops the walk. */
struct cert_taker {
	bool (*take)(void *ctx, struct bytes der);
	void *ctx;
};

/*
 * Hands every certificate of a PEM or DER file to the taker, in order. True also when there is
 * none; then *instead says what the file holds ("a private key"), NULL when it is empty. False: a
 * certificate is damaged (e has the line), memory is out, or the taker stopped.
 */
bool cert_file_walk(const char *path, struct bytes text, struct cert_taker taker,
	const char **instead, struct err *e);

/* DER begins with the byte of a SEQUENCE, which is also the digit 0: text with PEM in it is text. */
bool file_is_der(struct bytes text);

/* What a DER or PEM text holds besides certificates, judged by its beginning or labels: "a private
 * key", "a CRL"; NULL: nothing but blanks. */
const char *file_holds(struct bytes text);

/* The same of one block, judged by its label, and of DER, by its first elements; never NULL. */
const char *pem_holds(const struct pem_block *block);
const char *der_holds(struct bytes der);

/* The certificate in what a block holds, der: in OpenSSL's trusted ones notes of its own are behind it. */
struct bytes pem_certificate(const struct pem_block *block, struct bytes der);

#endif
