/* What the look-ups (strerror, alert, explain) share: labelled rows, and the head of their JSON. */
#ifndef TLSDIAG_REPORT_LOOKUPS_LOOKUP_H
#define TLSDIAG_REPORT_LOOKUPS_LOOKUP_H

#include "report/json_writer.h"
#include "report/page.h"

enum { LOOKUP_AT = 10 }; /* column of what stands behind a label */

/* A label and blanks up to LOOKUP_AT; an empty label gives the blanks alone. */
void lookup_label(struct page *p, const char *label);
/* A label and wrapped text, as lines of their own. */
void lookup_row(struct page *p, const char *label, const char *text);
/* "1. " and wrapped text at LOOKUP_AT; below it the ids of causes, if there are any. */
void lookup_reason(
	struct page *p, const char *label, size_t number, const char *text, const char *ids);

/* Ids separated by spaces, as "a, b"; "a" alone for the first of them. */
void lookup_put_ids(struct strbuf *out, const char *ids);
void lookup_put_first_id(struct strbuf *out, const char *ids);

/* Opens the document: schema, tool, and which look-up it is. crypto_version is the library's. */
void lookup_json_begin(struct json *j, const char *lookup, const char *crypto_version);
void lookup_json_end(struct json *j);
/* Ids separated by spaces, as an array. */
void lookup_json_ids(struct json *j, const char *key, const char *ids);
/* {"code": 47, "name": "illegal_parameter"}; null for a negative number. */
void lookup_json_alert(struct json *j, const char *key, int alert);

#endif
