/*
 * The preprocessor's macros, with what every compiler of such a build defines before. Files are copied into the
 * arena, since names and places point into them.
 */
#include "config/config.h"

#include "base/array.h"
#include "base/memory.h"
#include "config/kconfig.h"
#include "config/pasted.h"
#include "unpack/unpack_file.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 32 << 20 };

struct config {
	struct arena *arena;
	struct preprocessor *macros;
	const char *folder; /* NULL: nothing is included */
	size_t built_in;    /* the first macros */
	struct kconfig kconfig;
	bool pasted;
	/* Files that were asked for by name; the library asks again for those that the header included itself. */
	const char *asked[INCLUDES_MAX];
	size_t n_asked;
	bool library_asks;
	size_t added; /* files that were not at hand by their name, and were given */
};

/* As GCC and Clang have them for the devices that mbedTLS runs on. */
static bool define_built_in(struct config *c)
{
	static const char *const macros[][2] = { { "__STDC__", "1" },
		{ "__STDC_VERSION__", "201112L" }, { "__GNUC__", "12" }, { "__GNUC_MINOR__", "2" },
		{ "CHAR_BIT", "8" }, { "INT_MAX", "2147483647" }, { "SIZE_MAX", "4294967295" } };

	for (; c->built_in < COUNT(macros); c->built_in++)
		if (!preprocess_define(c->macros, macros[c->built_in][0], macros[c->built_in][1],
			    (struct source_place){ NULL, 0 }))
			return false;
	return true;
}

/* ---- files ---- */

static bool read_file(struct config *c, const char *path, struct bytes *text, struct err *e)
{
	struct secret file;

	if (!unpack_file_read(path, &file_kind_config, &file, e))
		return false;
	*text = arena_copy(c->arena, bytes_of(file.data, file.len));
	secret_wipe(&file);
	return text->data != NULL || err_set(e, ERR_MEMORY, 0, "out of memory");
}

/* True for what the library asks for, and the header has asked for before. */
static bool was_asked(struct config *c, const char *name)
{
	for (size_t i = 0; c->library_asks && i < c->n_asked; i++)
		if (strcmp(c->asked[i], name) == 0)
			return true;
	if (c->n_asked < INCLUDES_MAX && (c->asked[c->n_asked] = arena_str(c->arena, name)) != NULL)
		c->n_asked++;
	return false;
}

/* Of the file's own folder, whatever folder the name says: "mbedtls/user.h" is looked for as user.h. What is an
 * mbedTLS header by its name is not the configuration's. */
static bool include(void *ctx, const char *name, struct bytes *text, const char **path)
{
	struct config *c = ctx;
	const char *slash = strrchr(name, '/');
	struct err e = { 0 };

	name = slash != NULL ? slash + 1 : name;
	if (was_asked(c, name)) {
		*path = "";
		*text = bytes_of(NULL, 0);
		return true;
	}
	if (c->folder == NULL || *name == '\0')
		return false;
	*path = arena_printf(c->arena, "%s%s", c->folder, name);
	return *path != NULL && read_file(c, *path, text, &e);
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = arena_str(a, slash != NULL ? path : "");

	if (folder != NULL && slash != NULL)
		folder[slash - path + 1] = '\0';
	return folder;
}

/* ---- open, close ---- */

static struct config *begin(struct err *e)
{
	struct config *c = memory_new(sizeof *c);
	struct preprocess_options o = { .include = include, .ctx = c };

	if (c != NULL)
		o.arena = c->arena = arena_new(ARENA_BYTES);
	if (o.arena != NULL && (c->macros = preprocessor_open(&o)) != NULL && define_built_in(c))
		return c;
	err_set(e, ERR_MEMORY, 0, "out of memory");
	config_close(c);
	return NULL;
}

static bool apply_options(struct config *c, struct err *e)
{
	return kconfig_apply(c->macros, &c->kconfig, c->arena) ||
	       err_set(e, ERR_MEMORY, 0, "out of memory, or more than %d macros", MACROS_MAX);
}

/* A header that defines options alone is what Kconfig writes for C (sdkconfig.h, autoconf.h). */
static bool take_options_of_header(struct config *c, struct err *e)
{
	const struct macro_text *m = NULL;
	size_t options = 0;

	while ((m = config_next(c, m)) != NULL) {
		if (strncmp(m->name, "MBEDTLS_", 8) == 0)
			return true;
		options += strncmp(m->name, "CONFIG_MBEDTLS", 14) == 0;
	}
	if (options == 0)
		return true;
	c->kconfig = (struct kconfig){ .version = "", .whole = true, .options = options };
	return apply_options(c, e);
}

static bool take_header(struct config *c, const char *name, struct bytes text, struct err *e)
{
	c->pasted = pasted_looks(text);
	return (c->pasted ? pasted_read(c->macros, name, text, c->arena, e)
			  : preprocess(c->macros, name, text, e)) &&
	       (preprocess_directives(c->macros) != 0 || config_next(c, NULL) != NULL ||
		       err_set(e, ERR_INPUT, 0,
			       "'%s' is not a configuration header: it defines no macro", name)) &&
	       take_options_of_header(c, e);
}

/* What build_info.h includes besides, when the configuration names it or the release asks for it. */
static bool take_further_files(struct config *c, struct err *e)
{
	static const char directives[] =
		"#if defined(MBEDTLS_USER_CONFIG_FILE)\n"
		"#include MBEDTLS_USER_CONFIG_FILE\n"
		"#endif\n"
		"#if defined(TF_PSA_CRYPTO_CONFIG_FILE)\n"
		"#include TF_PSA_CRYPTO_CONFIG_FILE\n"
		"#elif defined(MBEDTLS_PSA_CRYPTO_CONFIG) && "
		"defined(MBEDTLS_PSA_CRYPTO_CONFIG_FILE)\n"
		"#include MBEDTLS_PSA_CRYPTO_CONFIG_FILE\n"
		"#elif defined(MBEDTLS_PSA_CRYPTO_CONFIG) || MBEDTLS_CONFIG_VERSION >= 0x04000000\n"
		"#include \"psa/crypto_config.h\"\n"
		"#endif\n"
		"#if defined(TF_PSA_CRYPTO_USER_CONFIG_FILE)\n"
		"#include TF_PSA_CRYPTO_USER_CONFIG_FILE\n"
		"#elif defined(MBEDTLS_PSA_CRYPTO_USER_CONFIG_FILE)\n"
		"#include MBEDTLS_PSA_CRYPTO_USER_CONFIG_FILE\n"
		"#endif\n";

	bool ok;

	c->library_asks = true;
	ok = preprocess(c->macros, NULL, bytes_of(directives, sizeof directives - 1), e);
	c->library_asks = false;
	return ok;
}

static bool take(struct config *c, const char *path, struct bytes text, struct err *e)
{
	const char *name = arena_str(c->arena, path);

	if (name == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	if (!kconfig_looks(text))
		return take_header(c, name, text, e) && take_further_files(c, e);
	return kconfig_read(c->macros, name, text, &c->kconfig, c->arena, e) && apply_options(c, e);
}

static struct config *closed_unless(struct config *c, bool ok)
{
	if (ok)
		return c;
	config_close(c);
	return NULL;
}

struct config *config_read(const char *path, struct bytes text, struct err *e)
{
	struct config *c = begin(e);

	return c != NULL ? closed_unless(c, take(c, path, text, e)) : NULL;
}

struct config *config_open(const char *path, struct err *e)
{
	struct config *c = begin(e);
	struct bytes text;

	if (c == NULL)
		return NULL;
	c->folder = folder_of(c->arena, path);
	return closed_unless(c, read_file(c, path, &text, e) && take(c, path, text, e));
}

struct config *config_copy(const struct config *c, struct err *e)
{
	struct config *copy = begin(e);

	if (copy == NULL || preprocess_take(copy->macros, c->macros))
		return copy;
	err_set(e, ERR_MEMORY, 0, "out of memory");
	return closed_unless(copy, false);
}

bool config_add(struct config *c, const char *path, struct err *e)
{
	const char *name = arena_str(c->arena, path);
	struct bytes text;

	if (name == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	c->added++;
	return read_file(c, path, &text, e) && preprocess(c->macros, name, text, e);
}

bool config_is_of_crypto(const struct config *c)
{
	const struct macro_text *m = NULL;
	bool wants = false;

	while ((m = config_next(c, m)) != NULL) {
		wants |= strncmp(m->name, "PSA_WANT_", 9) == 0;
		if (strncmp(m->name, "MBEDTLS_SSL_", 12) == 0 ||
			strncmp(m->name, "MBEDTLS_X509_", 13) == 0)
			return false;
	}
	return wants;
}

void config_close(struct config *c)
{
	if (c == NULL)
		return;
	preprocessor_close(c->macros);
	arena_free(c->arena);
	free(c);
}

static bool is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	return len != 0 && !isdigit((unsigned char)text[0]);
}

static bool names_user_file(const char *macro)
{
	return strcmp(macro, "MBEDTLS_USER_CONFIG_FILE") == 0 ||
	       strcmp(macro, "MBEDTLS_PSA_CRYPTO_USER_CONFIG_FILE") == 0 ||
	       strcmp(macro, "TF_PSA_CRYPTO_USER_CONFIG_FILE") == 0;
}

/* It comes after the configuration, which has been read. */
static bool take_user_file(struct config *c, const char *macro, struct err *e)
{
	char *include = arena_printf(c->arena, "#include %s\n", macro);

	if (include == NULL)
		return err_set(e, ERR_MEMORY, 0, "out of memory");
	return preprocess(c->macros, NULL, bytes_of(include, strlen(include)), e);
}

bool config_define(struct config *c, const char *definition, struct err *e)
{
	size_t len = strcspn(definition, "=");
	char *name = arena_str(c->arena, definition);

	if (!is_name(definition, len))
		return err_set(
			e, ERR_USAGE, 0, "-D takes NAME or NAME=VALUE, not '%s'", definition);
	if (name != NULL) {
		name[len] = '\0';
		if (preprocess_define(c->macros, name,
			    definition[len] == '=' ? name + len + 1 : "1",
			    (struct source_place){ "-D", 1 }))
			return !names_user_file(name) || take_user_file(c, name, e);
	}
	return err_set(e, ERR_MEMORY, 0, "out of memory");
}

bool config_run(struct config *c, struct bytes directives, struct err *e)
{
	return preprocess(c->macros, NULL, directives, e);
}

/* ---- what it says ---- */

struct config_origin config_origin(const struct config *c)
{
	const struct kconfig *k = &c->kconfig;
	bool is_kconfig = k->system != KCONFIG_NONE;

	return (struct config_origin){
		.kind = is_kconfig  ? CONFIG_KCONFIG
			: c->pasted ? CONFIG_PASTED
				    : CONFIG_HEADER,
		.system = kconfig_system_name(k->system),
		.system_version = is_kconfig ? k->version : "",
		.whole = k->whole,
		.mbedtls = k->mbedtls,
		.unmapped = k->unmapped,
		.n_unmapped = k->n_unmapped,
		.n_named =
			k->n_unmapped < KCONFIG_UNMAPPED_MAX ? k->n_unmapped : KCONFIG_UNMAPPED_MAX,
	};
}

const char *config_option_of(const struct config *c, const char *macro)
{
	return c->kconfig.system != KCONFIG_NONE ? kconfig_option_of(&c->kconfig, macro, c->arena)
						 : "";
}

const struct macro_text *config_macro(const struct config *c, const char *macro)
{
	return preprocess_macro(c->macros, macro);
}

bool config_has(const struct config *c, const char *macro)
{
	return config_macro(c, macro) != NULL;
}

const struct macro_text *config_next(const struct config *c, const struct macro_text *before)
{
	bool options = c->kconfig.system != KCONFIG_NONE;

	do {
		before = preprocess_next(c->macros, before);
	} while (before != NULL &&
		 (before->at.file == NULL || (options && kconfig_is_option(before->name))));
	return before;
}

long config_number(const struct config *c, const char *macro, long otherwise)
{
	const struct macro_text *m = config_macro(c, macro);
	struct value v = { .known = false };

	if (m != NULL && !m->takes_arguments)
		v = preprocess_value(c->macros, m->value);
	return v.known && v.v >= LONG_MIN && v.v <= LONG_MAX ? (long)v.v : otherwise;
}

bool config_holds(const struct config *c, const char *condition)
{
	struct value v = preprocess_condition(c->macros, condition);

	return v.known && v.v != 0;
}

size_t config_asked(const struct config *c)
{
	return preprocess_put_in(c->macros);
}

struct config_count config_count(const struct config *c)
{
	size_t missing = preprocess_not_included(c->macros);
	struct config_count n = { .not_included = missing > c->added ? missing - c->added : 0 };
	const struct macro_text *m = NULL;

	while ((m = config_next(c, m)) != NULL)
		if (strncmp(m->name, "MBEDTLS_", 8) == 0 || strncmp(m->name, "PSA_", 4) == 0)
			n.mbedtls++;
		else
			n.others++;
	return n;
}

long config_in_content_len(const struct config *c)
{
	return config_number(c, "MBEDTLS_SSL_IN_CONTENT_LEN",
		config_number(c, "MBEDTLS_SSL_MAX_CONTENT_LEN", 16384));
}

struct curve_macro {
	uint16_t group;
	const char *macro, *psa; /* psa: as PSA_CRYPTO_CONFIG has it, and from 4.0 on; NULL none */
};

static const struct curve_macro curves[] = {
	{ 18, "MBEDTLS_ECP_DP_SECP192K1_ENABLED", "PSA_WANT_ECC_SECP_K1_192" },
	{ 19, "MBEDTLS_ECP_DP_SECP192R1_ENABLED", "PSA_WANT_ECC_SECP_R1_192" },
	{ 20, "MBEDTLS_ECP_DP_SECP224K1_ENABLED", NULL },
	{ 21, "MBEDTLS_ECP_DP_SECP224R1_ENABLED", "PSA_WANT_ECC_SECP_R1_224" },
	{ 22, "MBEDTLS_ECP_DP_SECP256K1_ENABLED", "PSA_WANT_ECC_SECP_K1_256" },
	{ 23, "MBEDTLS_ECP_DP_SECP256R1_ENABLED", "PSA_WANT_ECC_SECP_R1_256" },
	{ 24, "MBEDTLS_ECP_DP_SECP384R1_ENABLED", "PSA_WANT_ECC_SECP_R1_384" },
	{ 25, "MBEDTLS_ECP_DP_SECP521R1_ENABLED", "PSA_WANT_ECC_SECP_R1_521" },
	{ 26, "MBEDTLS_ECP_DP_BP256R1_ENABLED", "PSA_WANT_ECC_BRAINPOOL_P_R1_256" },
	{ 27, "MBEDTLS_ECP_DP_BP384R1_ENABLED", "PSA_WANT_ECC_BRAINPOOL_P_R1_384" },
	{ 28, "MBEDTLS_ECP_DP_BP512R1_ENABLED", "PSA_WANT_ECC_BRAINPOOL_P_R1_512" },
	{ 29, "MBEDTLS_ECP_DP_CURVE25519_ENABLED", "PSA_WANT_ECC_MONTGOMERY_255" },
	{ 30, "MBEDTLS_ECP_DP_CURVE448_ENABLED", "PSA_WANT_ECC_MONTGOMERY_448" },
};

/* Of 4.x without its crypto_config.h nothing is known of curves. */
static bool knows_curves(const struct config *c)
{
	const struct macro_text *m = NULL;

	if (config_number(c, "MBEDTLS_CONFIG_VERSION", 0) < 0x04000000)
		return true;
	while ((m = config_next(c, m)) != NULL)
		if (strncmp(m->name, "PSA_WANT_", 9) == 0)
			return true;
	return false;
}

bool config_has_group(const struct config *c, uint16_t group)
{
	for (size_t i = 0; i < COUNT(curves); i++)
		if (curves[i].group == group)
			return config_has(c, curves[i].macro) ||
			       (curves[i].psa != NULL && config_has(c, curves[i].psa)) ||
			       !knows_curves(c);
	return true;
}

const char *config_group_macro(uint16_t group)
{
	for (size_t i = 0; i < COUNT(curves); i++)
		if (curves[i].group == group)
			return curves[i].macro;
	return "";
}
