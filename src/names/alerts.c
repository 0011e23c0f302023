/* The table is generated from data/; here it is searched. */
#include "names/alerts.h"

#include "base/array.h"

#define NAMES_ALERTS
#include "names.inc"

size_t alert_count(void)
{
	return COUNT(alert_table);
}

const struct alert_info *alert_at(size_t i)
{
	return i < COUNT(alert_table) ? &alert_table[i] : NULL;
}

const struct alert_info *alert_find(unsigned code)
{
	for (size_t i = 0; i < COUNT(alert_table); i++) {
		if (alert_table[i].code == code)
			return &alert_table[i];
	}
	return NULL;
}

const struct alert_reason *alert_reasons(unsigned code, size_t *n)
{
	const struct alert_reason *first = NULL;

	*n = 0;
	for (size_t i = 0; i < COUNT(reason_table); i++) {
		if (reason_table[i].code != code)
			continue;
		if (first == NULL)
			first = &reason_table[i];
		(*n)++;
	}
	return first;
}
