/* What is said of a sentence of a program that was pasted and has no code. */
#ifndef TLSDIAG_REPORT_LOOKUPS_SAYING_LOOKUP_H
#define TLSDIAG_REPORT_LOOKUPS_SAYING_LOOKUP_H

#include "names/sentences.h"
#include "report/lookups/lookup.h"

struct saying_lookup {
	const struct sentence *sentence; /* of a saying: not SAYING_NONE */
	const char *asked;               /* the words */
};

void saying_lookup_text(struct page *p, const struct saying_lookup *s);
/* One element of the array "sayings". */
void saying_lookup_json(struct json *j, const struct saying_lookup *s);

#endif
