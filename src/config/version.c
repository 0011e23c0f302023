/* Releases are told apart by which macros each has; macros of the program's own do not count. */
#include "config/version.h"

#include "config/tables.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[N_RELEASES] = { "2.7", "2.16", "2.28", "3.0", "3.6", "4.x" };
static const unsigned numbers[N_RELEASES] = { 207, 216, 228, 300, 306, 400 };

const char *config_release_name(enum config_release r)
{
	return names[r];
}

unsigned config_release_major(enum config_release r)
{
	return numbers[r] / 100;
}

static bool has_begin(const struct config *c, const char *begin)
{
	const struct macro_text *m = NULL;

	while ((m = config_next(c, m)) != NULL)
		if (strncmp(m->name, begin, strlen(begin)) == 0)
			return true;
	return false;
}

bool config_lacks_crypto(const struct config *c, enum config_release r)
{
	return r == RELEASE_4 && !has_begin(c, "PSA_WANT_");
}

char config_release_has(enum config_release r, const char *macro)
{
	return table_release_has(r, macro);
}

bool config_is_value(const char *macro)
{
	return table_is_value(macro);
}

bool config_version_parse(const char *text, struct config_version *v, struct err *e)
{
	char *end = NULL;
	unsigned long major = strtoul(text, &end, 10), minor = 0;
	int r = N_RELEASES;

	if (*end == '.' && end[1] != 'x')
		minor = strtoul(end + 1, &end, 10);
	else if (*end == '.')
		end += 2;
	if (end == text || (*end != '\0' && *end != '.') || major < 2 || major > 4 || minor > 99)
		return err_set(
			e, ERR_USAGE, 0, "'%s' is no version of mbedTLS from 2.7 to 4.x", text);
	while (--r > 0 && numbers[r] > major * 100 + minor)
		;
	*v = (struct config_version){
		.release = (enum config_release)r, .name = names[r], .given = true
	};
	return true;
}

/* Macros of the file that a release has; those that no release has tell nothing. */
static size_t count_known(const struct config *c, enum config_release r, size_t *all)
{
	const struct macro_text *m = NULL;
	size_t n = 0;

	*all = 0;
	while ((m = config_next(c, m)) != NULL) {
		char has = config_release_has(r, m->name);

		*all += has != '\0';
		n += has == '+';
	}
	return n;
}

/* A macro of the file that one release has and the other has not. */
static const char *tells_apart(
	const struct config *c, enum config_release has, enum config_release lacks)
{
	const struct macro_text *m = NULL;

	while ((m = config_next(c, m)) != NULL)
		if (config_release_has(has, m->name) == '+' &&
			config_release_has(lacks, m->name) == '-')
			return m->name;
	return NULL;
}

/* Since 4.0 a configuration says it; options of Kconfig belong to a system, and that has a release of mbedTLS. */
static void take_what_is_said(const struct config *c, struct config_version *v)
{
	struct config_origin o = config_origin(c);

	if (config_number(c, "MBEDTLS_CONFIG_VERSION", 0) >= 0x04000000 ||
		config_has(c, "TF_PSA_CRYPTO_CONFIG_VERSION"))
		v->release = RELEASE_4;
	if (o.kind != CONFIG_KCONFIG)
		return;
	v->release = o.mbedtls >= numbers[RELEASE_4]     ? RELEASE_4
		     : o.mbedtls >= numbers[RELEASE_3_6] ? RELEASE_3_6
							 : RELEASE_2_28;
	v->system = o.system;
}

void config_version_guess(const struct config *c, struct config_version *v)
{
	/* What stands first is taken where several fit as well. */
	static const enum config_release order[] = { RELEASE_2_28, RELEASE_3_6, RELEASE_2_16,
		RELEASE_4, RELEASE_3_0, RELEASE_2_7 };
	enum config_release other = RELEASE_3_6;
	size_t best = 0;

	*v = (struct config_version){ .release = RELEASE_2_28 };
	for (size_t i = 0; i < N_RELEASES; i++) {
		size_t n = count_known(c, order[i], &v->macros);

		if (n > best) {
			best = n;
			v->release = order[i];
		}
	}
	v->known = best;
	take_what_is_said(c, v);
	v->name = names[v->release];
	if (v->release >= RELEASE_3_0)
		other = RELEASE_2_28;
	v->other = names[other];
	v->telling = tells_apart(c, v->release, other);
}
