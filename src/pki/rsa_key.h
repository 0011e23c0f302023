/*
 * The RSA key of a server, for what clients sent it encrypted (RFC 5246 7.4.7.1). It is held as long as it
 * may be needed, in the library's memory, which wipes it; nothing prints it.
 */
#ifndef TLSDIAG_PKI_RSA_KEY_H
#define TLSDIAG_PKI_RSA_KEY_H

#include "crypto/schedule.h"

struct rsa_key;
/* NULL: the file holds no RSA key that can be read without a password. That is not told: key_read_public() does. */
struct rsa_key *rsa_key_read(const char *path);
void rsa_key_close(struct rsa_key *k); /* accepts NULL */

/* The premaster secret; false when it was encrypted for another key, or is none. */
bool rsa_key_decrypt(struct rsa_key *k, struct bytes encrypted, struct key_secret *premaster);

#endif
