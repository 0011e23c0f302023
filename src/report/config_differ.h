/* Two configurations compared, as a section below the reports on each. */
#ifndef TLSDIAG_REPORT_CONFIG_DIFFER_H
#define TLSDIAG_REPORT_CONFIG_DIFFER_H

#include "config/differ.h"
#include "report/json_writer.h"
#include "report/page.h"

/* What the two files are called. */
struct differ_names {
	const char *first, *second;
};

void report_differ_text(struct page *p, const struct differ_names *names, const struct differ *d);
/* The member "comparison". */
void report_differ_json(struct json *j, const struct differ_names *names, const struct differ *d);

#endif
