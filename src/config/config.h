/*
 * An mbedTLS configuration header (mbedtls_config.h, config.h) as evidence: which macros it
 * defines. Reads #define and #undef lines and leaves conditional blocks alone: a block under
 * #if/#ifdef is taken only when its condition can be decided from what was defined before.
 */
#ifndef TLSDIAG_CONFIG_CONFIG_H
#define TLSDIAG_CONFIG_CONFIG_H

#include "base/bytes.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct config;

struct config *config_open(const char *path, struct err *e);
/* The same of a text; path is its name in messages. */
struct config *config_read(const char *path, struct bytes text, struct err *e);
void config_close(struct config *c); /* accepts NULL */

bool config_has(const struct config *c, const char *macro);
/* The macro's integer value, a number or a product of some; `otherwise` when it is not defined, or
 * anything else. */
long config_number(const struct config *c, const char *macro, long otherwise);

/* Bytes of one incoming record's content that the build can hold
 * (MBEDTLS_SSL_IN_CONTENT_LEN, or MBEDTLS_SSL_MAX_CONTENT_LEN; default 16384). */
long config_in_content_len(const struct config *c);

/* Is the curve of this TLS group compiled in? True for groups mbedTLS has no macro for. */
bool config_has_group(const struct config *c, uint16_t group);

#endif
