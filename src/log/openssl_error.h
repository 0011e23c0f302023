/*
 * Errors of OpenSSL as its own programs and those that use it print them: a line of its error queue
 * ("error:0A000132:SSL routines::bad ecpoint"), a name ("[SSL: BAD_ECPOINT]", "ERR_SSL_BAD_ECPOINT"), and
 * what its verification of certificates says.
 */
#ifndef TLSDIAG_LOG_OPENSSL_ERROR_H
#define TLSDIAG_LOG_OPENSSL_ERROR_H

#include "log/said.h"

/* An error anywhere in the text. */
bool openssl_error_read(struct bytes text, struct said *out);

/* The result of a verification, by its number (-1: not told) or its words. False for 0, "ok". */
bool openssl_verify_read(int64_t number, struct bytes words, struct said *out);

/* "...certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)" and its like. */
bool openssl_verify_find(struct bytes text, struct said *out);

#endif
