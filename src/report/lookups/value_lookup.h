/* What is said of a signature scheme, group, cipher suite or extension that was pasted. */
#ifndef TLSDIAG_REPORT_LOOKUPS_VALUE_LOOKUP_H
#define TLSDIAG_REPORT_LOOKUPS_VALUE_LOOKUP_H

#include "names/paste.h"
#include "report/lookups/lookup.h"

/* kind is PASTE_SCHEME, PASTE_GROUP, PASTE_SUITE or PASTE_EXTENSION. */
struct value_lookup {
	enum paste_kind kind;
	uint16_t value; /* registered */
	const char *asked;
};

/* Is it one of those kinds? */
bool value_lookup_has(enum paste_kind kind);

void value_lookup_text(struct page *p, const struct value_lookup *v);
/* One element of the array "values". */
void value_lookup_json(struct json *j, const struct value_lookup *v);

#endif
