/* Cipher suites: what the name of each one says, worked out when the table is made. */
#include "names/names.h"

#include <stdlib.h>

#define NAMES_SUITES
#include "names.inc"

static int compare_suite(const void *key, const void *row)
{
	uint16_t want = *(const uint16_t *)key, have = ((const struct suite *)row)->value;

	return (want > have) - (want < have);
}

const struct suite *suite_find(uint16_t value)
{
	return bsearch(&value, suite_table, sizeof suite_table / sizeof suite_table[0],
		sizeof suite_table[0], compare_suite);
}

const char *name_cipher_suite(uint16_t value)
{
	const struct suite *suite = suite_find(value);

	return suite != NULL ? suite->name : NULL;
}

int suite_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof suite_table / sizeof suite_table[0]; i++)
		if (names_same(name, suite_table[i].name))
			return suite_table[i].value;
	return -1;
}

const char *suite_name_at(size_t i)
{
	return i < sizeof suite_table / sizeof suite_table[0] ? suite_table[i].name : NULL;
}
