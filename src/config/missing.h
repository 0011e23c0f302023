/* Which macros a condition asks for and a configuration lacks, as words. */
#ifndef TLSDIAG_CONFIG_MISSING_H
#define TLSDIAG_CONFIG_MISSING_H

#include "base/strbuf.h"
#include "config/config.h"

/*
 * Appends those parts of "A && (B || C)" that do not hold, "MBEDTLS_GCM_C, MBEDTLS_SHA256_C or PSA_WANT_ALG_SHA_256";
 * nothing where all of it does.
 */
void config_missing(const struct config *c, const char *condition, struct strbuf *out);

#endif
