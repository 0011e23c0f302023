/* What data/config holds: see there. */
#ifndef TLSDIAG_CONFIG_TABLES_H
#define TLSDIAG_CONFIG_TABLES_H

#include <stdbool.h>
#include <stddef.h>

struct known_macro {
	/* For each of enum config_release: '!' its stock configuration defines it, '+' it has it, '-' not. */
	const char *name, *releases;
};

/* What the header of a system makes of the options of its Kconfig; in its order. */
struct kconfig_row {
	const char *system; /* "esp-idf" */
	char release; /* of which major version of mbedTLS; '-' any, 'd' what Kconfig itself sets */
	const char *when;  /* as #if has it */
	const char *macro; /* "-": the option is none */
	const char *value;
};

struct text_table {
	const char *const *rows;
	size_t n;
};

bool table_is_value(const char *macro); /* stands for a value in the stock configurations */
/* release: of enum config_release. '+' it has the macro, '-' not; '\0' no release has it. */
char table_release_has(unsigned release, const char *macro);
/* Conditions under which a release does not compile; release: of enum config_release. */
struct text_table table_rules(unsigned release);
const struct known_macro *known_macros_all(size_t *n);
const struct kconfig_row *table_kconfig(size_t *n);
struct text_table table_derived(
	unsigned major); /* directives that it runs after the configuration; none before 3 */

#endif
