/*
 * An mbedTLS configuration header (mbedtls_config.h, config.h) as evidence: which macros it defines, where, and what
 * follows from them. It is read as the C preprocessor would (config/preprocess.h), with the files of its own folder
 * that it includes; the library's own headers are not.
 */
#ifndef TLSDIAG_CONFIG_CONFIG_H
#define TLSDIAG_CONFIG_CONFIG_H

#include "config/preprocess.h"

struct config;

enum config_kind {
	CONFIG_HEADER,
	CONFIG_PASTED,  /* a text with directives in it (config/pasted.h) */
	CONFIG_KCONFIG, /* options of ESP-IDF or Zephyr (config/kconfig.h) */
};

/* As what a text was read. */
struct config_origin {
	enum config_kind kind;
	const char *system, *system_version; /* "ESP-IDF", "5.1.2"; "" not known */
	bool whole;       /* of Kconfig: written by the system, not a part of the options */
	unsigned mbedtls; /* the release that the system has: 228, 306, 400; 0 not known */
	/* Options of mbedTLS that are set and could not be read as macros. */
	const char *const *unmapped;
	size_t n_unmapped; /* of which at most so many names are kept: */
	size_t n_named;
};

struct config *config_open(const char *path, struct err *e);
/* One more file of the same configuration, behind its last line. */
bool config_add(struct config *c, const char *path, struct err *e);
/* Does it say what of PSA is wanted, and nothing of TLS or X.509 (psa/crypto_config.h)? */
bool config_is_of_crypto(const struct config *c);
/* The same of a text; path is its name in messages. It includes nothing. */
struct config *config_read(const char *path, struct bytes text, struct err *e);
/* Another with the same macros, whose places borrow from c. */
struct config *config_copy(const struct config *c, struct err *e);
void config_close(struct config *c); /* accepts NULL */

struct config_origin config_origin(const struct config *c);
/* The option of Kconfig that a macro follows from; "" none, or it is no such configuration. Borrowed from c. */
const char *config_option_of(const struct config *c, const char *macro);

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

/* Is the curve of this TLS group compiled in? True for groups mbedTLS has no macro for, and where it is not known. */
bool config_has_group(const struct config *c, uint16_t group);
/* "MBEDTLS_ECP_DP_SECP256R1_ENABLED"; "": no release has one. */
const char *config_group_macro(uint16_t group);

#endif
