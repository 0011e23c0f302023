/* Where a build is deployed, as far as files and captures tell: what is used there, and what is not. */
#ifndef TLSDIAG_REPORT_CONFIG_DEPLOYMENT_H
#define TLSDIAG_REPORT_CONFIG_DEPLOYMENT_H

#include "config/deployment.h"
#include "report/json_writer.h"
#include "report/page.h"

void report_deployment_text(struct page *p, const struct deployment *d);
/* The member "deployment". */
void report_deployment_json(struct json *j, const struct deployment *d);

#endif
