/* The report of `tlsdiag check`: findings first, then what the files hold and what it serves. */
#ifndef TLSDIAG_REPORT_FILES_REPORT_H
#define TLSDIAG_REPORT_FILES_REPORT_H

#include "diagnose/files.h"
#include "report/options.h"
#include "report/page.h"

#include <stdio.h>

struct files_report {
	const struct files_question *question;
	const struct files_verdict *verdict;
	const char *const *names; /* as given on the command line */
	size_t n_names;
	const char *const *unread; /* why files could not be read, one line each */
	size_t n_unread;
	bool warnings_fail; /* JUnit: a diagnosis that is a warning is a failure too */
	const char *crypto_version;
};

/* In any form (an NDJSON report is the JSON one). False when writing failed. */
bool files_report(
	FILE *out, const struct report_options *o, const struct files_report *r, struct err *e);

/* The layouts, in files of their own. */
void files_text(struct page *p, const struct files_report *r);
void files_json(struct strbuf *out, const struct files_report *r);
void files_junit(struct strbuf *out, const struct files_report *r);
void files_sarif(struct strbuf *out, const struct files_report *r);

/* Parts of the first two: who refuses what would be sent. chains may be NULL. */
struct json;
void files_text_verifiers(
	struct page *p, const struct presented_chains *chains, enum purpose purpose);
/* How many of the nine stacks refuse the chain that most refuse. */
size_t files_refusers(const struct presented_chains *chains, enum purpose purpose);
void files_json_verifiers(struct json *j, const struct presented_chains *chains);

#endif
