/* What a build of mbedTLS can negotiate, as a section of the report on its configuration. */
#ifndef TLSDIAG_REPORT_CONFIG_BUILD_H
#define TLSDIAG_REPORT_CONFIG_BUILD_H

#include "config/build.h"
#include "names/names.h"
#include "report/json_writer.h"
#include "report/page.h"

/* A heading and its rows; the first suites of many. */
void report_build_text(struct page *p, const struct build *b);
/* "ECDHE_ECDSA", of a suite's name; nothing for one of TLS 1.3, which does not say. */
void report_key_exchange(struct strbuf *out, const struct suite *s);
/* The member "build", with everything. */
void report_build_json(struct json *j, const struct build *b);

#endif
