/*
 * An mbedTLS configuration header (mbedtls_config.h, config.h) as evidence: which macros it defines, where, and what
 * follows from them. It is read as the C preprocessor would (config/preprocess.h), with the files of its own folder
 * that it includes; the library's own headers are not.
 */
#ifndef TLSDIAG_CONFIG_CONFIG_H
#define TLSDIAG_CONFIG_CONFIG_H

#include "config/preprocess.h"

struct config;

struct config *config_open(const char *path, struct err *e);
/* The same of a text; path is its name in messages. It includes nothing. */
struct config *config_read(const char *path, struct bytes text, struct err *e);
/* Another with the same macros, whose places borrow from c. */
struct config *config_copy(const struct config *c, struct err *e);
void config_close(struct config *c); /* accepts NULL */

/* One that takes arguments counts, too. */
bool config_has(const struct config *c, const char *macro);
/* What it stands for and where that is said; NULL: it is not defined. */
const struct macro_text *config_macro(const struct config *c, const char *macro);
/* All that it defines, in its order; NULL: from the first, at the end. */
const struct macro_text *config_next(const struct config *c, const struct macro_text *before);
/* The macro's integer value, worked out as #if would; `otherwise` when it is not defined, or anything else. */
long config_number(const struct config *c, const char *macro, long otherwise);
/* As #if would have it behind the last line, such as "defined(MBEDTLS_AES_C) && MBEDTLS_MPI_MAX_SIZE >= 48". */
bool config_holds(const struct config *c, const char *condition);
/* "#define NAME" or "#define NAME VALUE" behind its last line, as -D has it: "NAME", "NAME=VALUE". */
bool config_define(struct config *c, const char *definition, struct err *e);
/* Directives that are the library's, not the user's: what they define has no place, and config_next() passes it over. */
bool config_run(struct config *c, struct bytes directives, struct err *e);

/* What asking has cost so far: names in expressions that were looked up for their text. */
size_t config_asked(const struct config *c);

/* How many macros it defines, of mbedTLS (MBEDTLS_..., PSA_...) and besides; files that it includes and that were
 * not at hand. */
struct config_count {
	size_t mbedtls, others, not_included;
};
struct config_count config_count(const struct config *c);

/* Bytes of one incoming record's content that the build can hold
 * (MBEDTLS_SSL_IN_CONTENT_LEN, or MBEDTLS_SSL_MAX_CONTENT_LEN; default 16384). */
long config_in_content_len(const struct config *c);

/* Is the curve of this TLS group compiled in? True for groups mbedTLS has no macro for. */
bool config_has_group(const struct config *c, uint16_t group);

#endif
