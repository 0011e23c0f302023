/* The pages behind the ids of checks and causes: docs/rules, built into the binary. */
#ifndef TLSDIAG_NAMES_PAGES_H
#define TLSDIAG_NAMES_PAGES_H

#include <stddef.h>

struct rule_page {
	const char *id;           /* "ec-arithmetic-broken" */
	const char *title;        /* its first line "# ...", without the mark */
	const char *const *lines; /* Markdown, a line each, without its end; NULL after the last */
};

/* Pages stand in the order of their file names. */
size_t rule_page_count(void);
const struct rule_page *rule_page_at(size_t i);         /* NULL from rule_page_count() on */
const struct rule_page *rule_page_find(const char *id); /* NULL when there is none */

/* The page whose id is most like a mistyped one; NULL when none is near enough to suggest. */
const struct rule_page *rule_page_nearest(const char *id);

#endif
