/*
 * Integer expressions as #if has them (C11 6.10.1). Names are asked for; what cannot be known makes a value unknown,
 * and passes through all that depends on it.
 */
#ifndef TLSDIAG_CONFIG_EXPRESSION_H
#define TLSDIAG_CONFIG_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct value {
	bool known;
	int64_t v;
};

/* What the names of an expression are. */
struct expression_names {
	bool (*defined)(void *ctx, const char *name, unsigned len);
	/* The text that a macro stands for; NULL: it is none, or takes arguments (then *call is set). */
	const char *(*text)(void *ctx, const char *name, unsigned len, bool *call);
	void *ctx;
	bool others_are_zero; /* as in #if; else a name that is no macro is unknown */
	size_t *left;         /* bytes that all expressions together may yet grow to */
};

/* Unknown, too, when the text is no expression, or too deep, or expands to too much. */
struct value expression_value(const char *text, const struct expression_names *names);

#endif
