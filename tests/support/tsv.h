/* Rows of a fixture's table: columns between tabs, no quoting. */
#ifndef TLSDIAG_TESTS_SUPPORT_TSV_H
#define TLSDIAG_TESTS_SUPPORT_TSV_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { TSV_LINE_MAX = 16384 };

struct tsv {
	FILE *f;
	char line[TSV_LINE_MAX];
};

static inline bool tsv_open(struct tsv *t, const char *path)
{
	t->f = fopen(path, "rb");
	return t->f != NULL;
}

/* The next row's first n columns, inside t->line. False after the last row or when one is short. */
static inline bool tsv_next(struct tsv *t, char *columns[], size_t n)
{
	char *at = t->line;

	if (fgets(t->line, sizeof t->line, t->f) == NULL)
		return false;
	t->line[strcspn(t->line, "\n")] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (at == NULL)
			return false;
		columns[i] = at;
		at = strchr(at, '\t');
		if (at != NULL)
			*at++ = '\0';
	}
	return true;
}

static inline void tsv_close(struct tsv *t)
{
	(void)fclose(t->f);
}

#endif
