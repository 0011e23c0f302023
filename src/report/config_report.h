/* What `tlsdiag config` writes of one configuration: how it was read, then what was found. */
#ifndef TLSDIAG_REPORT_CONFIG_REPORT_H
#define TLSDIAG_REPORT_CONFIG_REPORT_H

#include "config/build.h"
#include "config/finding.h"
#include "config/flash.h"
#include "report/json_writer.h"
#include "report/page.h"

struct config_report {
	const char *path;
	const char *crypto_path; /* the file of the same configuration that is PSA's; NULL */
	const struct config *config;
	struct config_version version;
	struct config_count count;
	struct config_findings findings;
	struct build build;
	struct saving savings[SAVINGS_MAX]; /* with --flash */
	size_t n_savings;
	bool flash;
};

/* Without a heading for findings that are none. */
void config_report_text(struct page *p, const struct config_report *r);
/* One element of the array "configs"; what else is told of it goes in by `more`, which may be NULL. */
void config_report_json(struct json *j, const struct config_report *r,
	void (*more)(struct json *j, const struct config_report *r, void *ctx), void *ctx);

/* "error", "warning", "note". */
const char *config_severity_name(enum config_severity severity);

#endif
