/* The table is made from docs/rules; an id that is misspelt finds its nearest by edit distance. */
#include "names/pages.h"

#include "base/array.h"

#include <stdbool.h>
#include <string.h>

#include "pages.inc"

/* Ids are shorter; of a longer text the beginning is compared. */
enum { ID_MAX = 63 };

size_t rule_page_count(void)
{
	/* The table ends in an empty row, so that it is never empty itself. */
	return COUNT(page_table) - 1;
}

const struct rule_page *rule_page_at(size_t i)
{
	return i < rule_page_count() ? &page_table[i] : NULL;
}

const struct rule_page *rule_page_find(const char *id)
{
	for (size_t i = 0; i < rule_page_count(); i++) {
		if (strcmp(page_table[i].id, id) == 0)
			return &page_table[i];
	}
	return NULL;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

static size_t id_length(const char *id)
{
	return strnlen(id, ID_MAX);
}

/* Letters to insert, remove or replace (Levenshtein), one row of the matrix at a time. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t row[ID_MAX + 1], a_len = id_length(a), b_len = id_length(b);

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j], replace = diagonal + (a[i - 1] != b[j - 1]);

			row[j] = min3(above + 1, row[j - 1] + 1, replace);
			diagonal = above;
		}
	}
	return row[b_len];
}

const struct rule_page *rule_page_nearest(const char *id)
{
	const struct rule_page *best = NULL;
	size_t best_distance = 0;

	for (size_t i = 0; i < rule_page_count(); i++) {
		const struct rule_page *page = &page_table[i];
		size_t distance = edit_distance(id, page->id);
		/* Half an id is typed as often as a mistyped whole one. */
		bool part = id_length(id) >= 4 && strstr(page->id, id) != NULL;

		if (part)
			distance = distance < 2 ? distance : 2;
		if (distance * 3 > id_length(page->id))
			continue;
		if (best == NULL || distance < best_distance) {
			best = page;
			best_distance = distance;
		}
	}
	return best;
}
