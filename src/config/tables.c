/* The tables that tools/gen-config.sh makes of data/config. */
#include "config/tables.h"

#include "config/version.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

#include "config.inc"

static int compare_names(const void *name, const void *macro)
{
	return strcmp(name, ((const struct known_macro *)macro)->name);
}

static const struct known_macro *known_macro_find(const char *name)
{
	return bsearch(
		name, known_macros, COUNT(known_macros), sizeof known_macros[0], compare_names);
}

bool table_is_value(const char *macro)
{
	for (size_t i = 0; i < COUNT(value_macros); i++)
		if (strcmp(value_macros[i], macro) == 0)
			return true;
	return false;
}

char table_release_has(unsigned release, const char *macro)
{
	const struct known_macro *known = known_macro_find(macro);

	return known == NULL ? '\0' : known->releases[release] == '-' ? '-' : '+';
}

struct text_table table_rules(unsigned release)
{
	if (release >= RELEASE_4)
		return (struct text_table){ rules_4, COUNT(rules_4) };
	if (release >= RELEASE_3_0)
		return (struct text_table){ rules_3, COUNT(rules_3) };
	return release <= RELEASE_2_16 ? (struct text_table){ rules_2_16, COUNT(rules_2_16) }
				       : (struct text_table){ rules_2_28, COUNT(rules_2_28) };
}

struct text_table table_derived(unsigned major)
{
	if (major >= 4)
		return (struct text_table){ derived_4, COUNT(derived_4) };
	return major < 3 ? (struct text_table){ derived_3, 0 }
			 : (struct text_table){ derived_3, COUNT(derived_3) };
}

const struct known_macro *known_macros_all(size_t *n)
{
	*n = COUNT(known_macros);
	return known_macros;
}

const struct kconfig_row *table_kconfig(size_t *n)
{
	*n = COUNT(kconfig_rows);
	return kconfig_rows;
}
