/*
 * Options of Kconfig (ESP-IDF's sdkconfig, Zephyr's .config and prj.conf) as macros of mbedTLS: what the header of
 * such a system makes of them is a table (data/config/kconfig.tsv), run over the options in its order.
 *
 * An option is a macro of the preprocessor, too: CONFIG_X, and NOT_SET_CONFIG_X for one that is switched off by name.
 */
#ifndef TLSDIAG_CONFIG_KCONFIG_H
#define TLSDIAG_CONFIG_KCONFIG_H

#include "config/preprocess.h"

enum kconfig_system { KCONFIG_NONE, KCONFIG_ESP_IDF, KCONFIG_ZEPHYR };

enum { KCONFIG_UNMAPPED_MAX = 32 };

struct kconfig {
	enum kconfig_system system;
	const char *version; /* of the system, as the file says it; "" it does not */
	bool whole;          /* written by the system: an option that is not named is off */
	unsigned mbedtls;    /* the release that comes with it: 228, 306, 400 */
	size_t options;      /* that were read, of mbedTLS and PSA */
	/* Options of mbedTLS that are set and that no row names; the first ones. */
	const char *unmapped[KCONFIG_UNMAPPED_MAX];
	size_t n_unmapped; /* may be more than are kept */
};

/* Is it such a file, rather than a header? */
bool kconfig_looks(struct bytes text);
/* Its options, as macros with their lines. */
bool kconfig_read(struct preprocessor *p, const char *file, struct bytes text, struct kconfig *k,
	struct arena *a, struct err *e);
/* The macros that follow from the options; false: out of memory, or too many. */
bool kconfig_apply(struct preprocessor *p, struct kconfig *k, struct arena *a);

/* Is it one of the names that kconfig_read() gives its options? */
bool kconfig_is_option(const char *macro);
const char *kconfig_system_name(enum kconfig_system system); /* "ESP-IDF" */
/* The option that a macro follows from, as the fix of a finding names it; "" it has none. Copied into the arena. */
const char *kconfig_option_of(const struct kconfig *k, const char *macro, struct arena *a);

#endif
