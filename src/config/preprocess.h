/*
 * The C preprocessor as far as a configuration needs it (C11 6.10): #define, #undef, #if and its kin, #include of
 * files that the caller gives. Macros that take arguments are kept by name; a block whose condition cannot be told
 * is passed over with all its branches.
 */
#ifndef TLSDIAG_CONFIG_PREPROCESS_H
#define TLSDIAG_CONFIG_PREPROCESS_H

#include "base/arena.h"
#include "base/err.h"
#include "config/expression.h"

/* What one configuration may have. */
enum {
	EXPANDED_ALL_MAX = 16 << 20, /* bytes of all its conditions, with macros put in */
	MACROS_MAX = 8192,
	NESTING_MAX = 256,
	INCLUDES_DEEP = 16,
	INCLUDES_MAX = 200
};

struct source_place {
	const char *file; /* NULL: it is built in */
	unsigned line;
};

struct preprocessor;

struct preprocess_options {
	/* The text of a file that is included by that name; false: it is not to be had, and is passed over. *path: what it
	 * is called. Both are borrowed as long as the preprocessor. NULL: none is. */
	bool (*include)(void *ctx, const char *name, struct bytes *text, const char **path);
	/* An #error that is reached. NULL: they are passed over. */
	void (*error)(void *ctx, const char *text, struct source_place at);
	void *ctx;
	struct arena *arena; /* for names and values */
};

/* NULL: out of memory. */
struct preprocessor *preprocessor_open(const struct preprocess_options *o);
void preprocessor_close(struct preprocessor *p); /* accepts NULL */

/* False with ERR_LIMIT (macros, or what conditions grow to), ERR_MEMORY, or ERR_INPUT for blocks that nest too deep. */
bool preprocess(struct preprocessor *p, const char *file, struct bytes text, struct err *e);
/* As "#define NAME VALUE" would do; at: where it was asked for, of what is built in nowhere. False: out of memory, or
 * too many. */
bool preprocess_define(
	struct preprocessor *p, const char *name, const char *value, struct source_place at);

/* All macros of another, with their places, which are borrowed. False: out of memory, or too many. */
bool preprocess_take(struct preprocessor *p, const struct preprocessor *from);
void preprocess_undefine(struct preprocessor *p, const char *name);

struct macro_text {
	const char *name, *value; /* value: "" none */
	struct source_place at;
	bool takes_arguments;
};

const struct macro_text *preprocess_macro(const struct preprocessor *p, const char *name);
/* In the order in which they were defined; NULL: from the first, at the end. */
const struct macro_text *preprocess_next(
	const struct preprocessor *p, const struct macro_text *before);
/* #define and #undef that were reached; files that were to be included and were not to be had. */
size_t preprocess_directives(const struct preprocessor *p);
size_t preprocess_not_included(const struct preprocessor *p);
/* Names in expressions that were looked up for their text: what asking has cost so far. */
size_t preprocess_put_in(const struct preprocessor *p);

/* Of #if; in a value a name that is no macro is unknown. */
struct value preprocess_condition(const struct preprocessor *p, const char *text);
struct value preprocess_value(const struct preprocessor *p, const char *text);

#endif
