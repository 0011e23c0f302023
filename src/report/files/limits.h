/* What `check` did not look at, and why: a row for each limit that was reached. */
#ifndef TLSDIAG_REPORT_FILES_LIMITS_H
#define TLSDIAG_REPORT_FILES_LIMITS_H

#include "pki/presented.h"

enum { FILES_LIMITS_MAX = 2, FILES_LIMIT_TEXT = 160 };

struct files_limit {
	const char *id; /* "presented": stable, as those of input.limits */
	uint64_t count;
	const char *one, *many; /* what comes after the number */
};

/* The limits that were reached; returns how many. chains may be NULL. */
size_t files_limits(
	const struct presented_chains *chains, struct files_limit out[static FILES_LIMITS_MAX]);

/* "3 certificates stand behind ...": one sentence without a stop. */
const char *files_limit_text(const struct files_limit *limit, char out[static FILES_LIMIT_TEXT]);

#endif
