/* What `tlsdiag explain` writes: the page of a check or a cause, and the list of them. */
#ifndef TLSDIAG_REPORT_LOOKUPS_PAGE_LOOKUP_H
#define TLSDIAG_REPORT_LOOKUPS_PAGE_LOOKUP_H

#include "names/pages.h"
#include "report/lookups/lookup.h"

/* Causes, then checks, a line each. */
void page_list_text(struct page *p);
void page_list_json(struct json *j, const char *key);

/* One element of the array "pages", with its text as it was written (Markdown). */
void page_lookup_json(struct json *j, const struct rule_page *page);

/* The title without the id that it begins with. */
const char *page_headline(const struct rule_page *page);

#endif
