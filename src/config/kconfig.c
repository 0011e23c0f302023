/* The table, and which of its rows are asked. What a line of a file says is kconfig_read.c's. */
#include "config/kconfig.h"

#include "config/tables.h"
#include "config/version.h"

#include <ctype.h>
#include <string.h>

static const char *const table_names[] = { "", "esp-idf", "zephyr" };

const char *kconfig_system_name(enum kconfig_system system)
{
	static const char *const names[] = { "", "ESP-IDF", "Zephyr" };

	return names[system];
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool kconfig_is_option(const char *macro)
{
	return begins(macro, "CONFIG_") || begins(macro, "NOT_SET_CONFIG_");
}

/* ---- rows ---- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The next name that begins with CONFIG_; NULL: no more. *len: its bytes. */
static const char *next_option(const char *text, size_t *len)
{
	const char *at = strstr(text, "CONFIG_");

	if (at != NULL)
		for (*len = 0; is_word(at[*len]);)
			++*len;
	return at;
}

static bool names_option(const char *text, const char *option)
{
	size_t len;

	while ((text = next_option(text, &len)) != NULL) {
		if (strlen(option) == len && memcmp(text, option, len) == 0)
			return true;
		text += len;
	}
	return false;
}

static bool is_of(const struct kconfig_row *row, enum kconfig_system system)
{
	return strcmp(row->system, table_names[system]) == 0;
}

static bool is_named(enum kconfig_system system, const char *option)
{
	size_t n;
	const struct kconfig_row *rows = table_kconfig(&n);

	for (size_t i = 0; i < n; i++)
		if (is_of(&rows[i], system) &&
			(names_option(rows[i].when, option) || names_option(rows[i].value, option)))
			return true;
	return false;
}

/* Rows of 3.x are what is known of later ones. */
static bool is_for(const struct kconfig_row *row, const struct kconfig *k)
{
	char major = k->mbedtls < 300 ? '2' : '3';

	return is_of(row, k->system) && (row->release == '-' || row->release == major);
}

static bool holds(const struct preprocessor *p, const char *condition)
{
	struct value v = preprocess_condition(p, condition);

	return v.known && v.v != 0;
}

/* ---- which system, which release ---- */

static bool has_begin(const struct preprocessor *p, const char *const *with, size_t n)
{
	const struct macro_text *m = NULL;

	while ((m = preprocess_next(p, m)) != NULL)
		for (size_t i = 0; i < n; i++)
			if (begins(m->name, with[i]))
				return true;
	return false;
}

static const char *option_name(const struct macro_text *m)
{
	return begins(m->name, "NOT_SET_") ? m->name + strlen("NOT_SET_") : m->name;
}

static size_t count_named(const struct preprocessor *p, enum kconfig_system system)
{
	const struct macro_text *m = NULL;
	size_t n = 0;

	while ((m = preprocess_next(p, m)) != NULL)
		n += kconfig_is_option(m->name) && strstr(m->name, "CONFIG_MBEDTLS") != NULL &&
		     is_named(system, option_name(m));
	return n;
}

/* What each calls itself, or whose names of mbedTLS's options these are. */
static enum kconfig_system system_of(const struct preprocessor *p)
{
	static const char *const esp[] = { "CONFIG_IDF_", "CONFIG_ESP32_", "CONFIG_ESP_SYSTEM_" };
	static const char *const zephyr[] = { "CONFIG_ZEPHYR_", "CONFIG_BOARD",
		"CONFIG_NET_SOCKETS_", "CONFIG_MBEDTLS_BUILTIN", "CONFIG_MBEDTLS_CFG_FILE" };

	if (has_begin(p, esp, sizeof esp / sizeof *esp))
		return KCONFIG_ESP_IDF;
	if (has_begin(p, zephyr, sizeof zephyr / sizeof *zephyr))
		return KCONFIG_ZEPHYR;
	return count_named(p, KCONFIG_ZEPHYR) > count_named(p, KCONFIG_ESP_IDF) ? KCONFIG_ZEPHYR
										: KCONFIG_ESP_IDF;
}

/* ESP-IDF 4 has mbedTLS 2.28, 5 has 3.x, 6 has 4.x. Without its version the options that only one has tell it. */
static unsigned mbedtls_of(const struct preprocessor *p, const struct kconfig *k)
{
	static const char *const idf_4[] = { "CONFIG_MBEDTLS_SSL_PROTO_SSL3",
		"CONFIG_MBEDTLS_SSL_PROTO_TLS1_1", "CONFIG_MBEDTLS_RC4_",
		"NOT_SET_CONFIG_MBEDTLS_SSL_PROTO_SSL3", "NOT_SET_CONFIG_MBEDTLS_SSL_PROTO_TLS1_1",
		"NOT_SET_CONFIG_MBEDTLS_RC4_" };
	static const char *const idf_6[] = { "CONFIG_MBEDTLS_PK_C", "CONFIG_MBEDTLS_CIPHER_MODE_" };

	if (k->system == KCONFIG_ZEPHYR)
		return 306;
	if (*k->version == '3' || *k->version == '4')
		return 228;
	if (*k->version == '5')
		return 306;
	if (*k->version != '\0')
		return 400;
	if (has_begin(p, idf_4, sizeof idf_4 / sizeof *idf_4))
		return 228;
	return has_begin(p, idf_6, sizeof idf_6 / sizeof *idf_6) ? 400 : 306;
}

static enum config_release release_of(const struct kconfig *k)
{
	return k->mbedtls < 300 ? RELEASE_2_28 : k->mbedtls < 400 ? RELEASE_3_6 : RELEASE_4;
}

/* ---- what follows ---- */

static const struct source_place nowhere = { NULL, 0 };

/* Where the user said what a row follows from. */
static struct source_place place_in(const struct preprocessor *p, const char *text, struct arena *a)
{
	size_t len;

	while ((text = next_option(text, &len)) != NULL) {
		char *name = arena_printf(a, "%.*s", (int)len, text);
		const struct macro_text *m = name != NULL ? preprocess_macro(p, name) : NULL;

		if (m != NULL && m->at.file != NULL)
			return m->at;
		text += len;
	}
	return nowhere;
}

static bool define_row(struct preprocessor *p, const struct kconfig_row *row, struct arena *a)
{
	struct source_place at = place_in(p, row->value, a);

	if (at.file == NULL)
		at = place_in(p, row->when, a);
	return preprocess_define(p, row->macro, row->value, at);
}

/* What Kconfig sets where a file of a part of the options is silent. */
static bool apply_defaults(struct preprocessor *p, const struct kconfig *k, struct arena *a)
{
	size_t n;
	const struct kconfig_row *rows = table_kconfig(&n);

	for (size_t i = 0; i < n; i++) {
		const char *off;

		if (!is_of(&rows[i], k->system) || rows[i].release != 'd' ||
			preprocess_macro(p, rows[i].macro) != NULL || !holds(p, rows[i].when))
			continue;
		off = arena_printf(a, "NOT_SET_%s", rows[i].macro);
		if (off == NULL)
			return false;
		if (preprocess_macro(p, off) == NULL &&
			!preprocess_define(p, rows[i].macro, rows[i].value, nowhere))
			return false;
	}
	return true;
}

/* ESP-IDF's header begins with the configuration that comes with the release. */
static bool define_stock(struct preprocessor *p, enum config_release r)
{
	size_t n;
	const struct known_macro *all = known_macros_all(&n);

	for (size_t i = 0; i < n; i++)
		if (all[i].releases[r] == '!' && !table_is_value(all[i].name) &&
			preprocess_macro(p, all[i].name) == NULL &&
			!preprocess_define(p, all[i].name, "", nowhere))
			return false;
	return true;
}

/* In ESP-IDF a row that does not hold takes its macro away. */
static bool apply_rows(struct preprocessor *p, const struct kconfig *k, struct arena *a)
{
	size_t n;
	const struct kconfig_row *rows = table_kconfig(&n);

	for (size_t i = 0; i < n; i++) {
		if (!is_for(&rows[i], k) || *rows[i].macro == '-')
			continue;
		if (holds(p, rows[i].when)) {
			if (!define_row(p, &rows[i], a))
				return false;
		} else if (k->system == KCONFIG_ESP_IDF && *rows[i].value == '\0') {
			preprocess_undefine(p, rows[i].macro);
		}
	}
	return true;
}

/* An option that no row names is the macro of its name, if the release has that: so newer headers do it. */
static bool apply_direct(
	struct preprocessor *p, const struct kconfig *k, const struct macro_text *m)
{
	const char *macro = m->name + strlen("CONFIG_");
	bool psa = begins(macro, "PSA_WANT_");

	if (!psa && table_release_has(release_of(k), macro) != '+')
		return false;
	return preprocess_macro(p, macro) != NULL ||
	       preprocess_define(
		       p, macro, psa || strcmp(m->value, "1") != 0 ? m->value : "", m->at);
}

static void apply_others(struct preprocessor *p, struct kconfig *k)
{
	const struct macro_text *m = NULL;

	while ((m = preprocess_next(p, m)) != NULL) {
		if (m->at.file == NULL || (!begins(m->name, "CONFIG_MBEDTLS_") &&
						  !begins(m->name, "CONFIG_PSA_WANT_")))
			continue;
		if (is_named(k->system, m->name) || apply_direct(p, k, m))
			continue;
		if (k->n_unmapped < KCONFIG_UNMAPPED_MAX)
			k->unmapped[k->n_unmapped] = m->name;
		k->n_unmapped++;
	}
}

bool kconfig_apply(struct preprocessor *p, struct kconfig *k, struct arena *a)
{
	k->system = system_of(p);
	if (!k->whole && !apply_defaults(p, k, a))
		return false;
	k->mbedtls = mbedtls_of(p, k);
	if (k->system == KCONFIG_ESP_IDF && !define_stock(p, release_of(k)))
		return false;
	if (!apply_rows(p, k, a))
		return false;
	apply_others(p, k);
	return true;
}

/* ---- names for a fix ---- */

/* The first that a condition asks for; what it rules out is not how it is switched on. */
static const char *asked_for(const char *when, struct arena *a)
{
	const char *at = when;
	size_t len;

	while ((at = next_option(at, &len)) != NULL) {
		bool negated = at - when >= 9 && at[-9] == '!';

		if (!negated && (at == when || !is_word(at[-1])))
			return arena_printf(a, "%.*s", (int)len, at);
		at += len;
	}
	return NULL;
}

const char *kconfig_option_of(const struct kconfig *k, const char *macro, struct arena *a)
{
	size_t n;
	const struct kconfig_row *rows = table_kconfig(&n);

	for (size_t i = 0; i < n; i++) {
		const char *option = NULL;

		if (!is_for(&rows[i], k) || strcmp(rows[i].macro, macro) != 0)
			continue;
		option = *rows[i].value == 'C' ? arena_str(a, rows[i].value)
					       : asked_for(rows[i].when, a);
		if (option != NULL)
			return option;
	}
	return "";
}
