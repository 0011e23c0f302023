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
/* "The handshake fails only when the client offers the group secp384r1"; of changes that were found. */
void isolation_sentence(const struct isolation *f, struct strbuf *out);
/* Of the changes of one act: "the group secp384r1 and the server name"; false: there are none. */
bool isolation_list(const struct changes *c, enum change_act act, struct strbuf *out);

const char *survey_feature_name(enum survey_feature f); /* "extended_master_secret" */
const char *survey_outcome_name(enum survey_outcome o); /* "alert", "closed" */
/* "alert 40 handshake_failure", "it closes without an alert": of all but SURVEY_CHOSE. */
void survey_refusal(struct strbuf *out, enum survey_outcome o, uint8_t alert);

#endif
