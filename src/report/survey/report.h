/* What a survey of a server found: a table for people, a document for programs. */
#ifndef TLSDIAG_REPORT_SURVEY_REPORT_H
#define TLSDIAG_REPORT_SURVEY_REPORT_H

#include "report/json_writer.h"
#include "report/page.h"
#include "survey/isolate.h"

/* One target's. */
struct survey_told {
	const char *target;
	const char *problem; /* why not all was asked; "": nothing kept it */
	double took_ms;
	const struct survey *found; /* of a survey */
};

void survey_text(struct page *p, const struct survey_told *t);
/* An object of the array that is open. */
void survey_json(struct json *j, const struct survey_told *t);

/* What makes the handshake with it fail. */
void isolation_text(struct page *p, const struct survey_told *t, const struct isolation *f);
void isolation_json(struct json *j, const struct survey_told *t, const struct isolation *f);
/* "the group secp384r1 and the server name" */
void isolation_changes(const struct isolation *f, struct strbuf *out);

const char *survey_feature_name(enum survey_feature f); /* "extended_master_secret" */
const char *survey_outcome_name(enum survey_outcome o); /* "alert", "closed" */

#endif
