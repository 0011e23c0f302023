/* What data/config holds: see there. */
#ifndef TLSDIAG_CONFIG_TABLES_H
#define TLSDIAG_CONFIG_TABLES_H

#include <stddef.h>

struct known_macro {
	const char *name, *releases; /* '+' or '-' for each of enum config_release */
};

struct text_table {
	const char *const *rows;
	size_t n;
};

const struct known_macro *known_macro_find(const char *name); /* NULL: none */
struct text_table table_values(void);                         /* macros that stand for a value */
struct text_table table_rules(
	unsigned major);               /* conditions under which a release does not compile */
struct text_table table_derived(void); /* directives that 3.x runs after the configuration */

#endif
