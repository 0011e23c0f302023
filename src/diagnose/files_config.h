/* Certificates against the build that is to read and send them: `check --config`. */
#ifndef TLSDIAG_DIAGNOSE_FILES_CONFIG_H
#define TLSDIAG_DIAGNOSE_FILES_CONFIG_H

#include "config/finding.h"
#include "diagnose/files.h"

/*
 * What of the files given the build cannot read, send or accept; texts go into the arena. NULL: out of memory. Freed
 * with free().
 */
struct config_findings *files_against_config(const struct files_question *q, struct arena *a);

/* The cause that such a finding is a case of. */
const struct cause *files_config_cause(const struct config_finding *f);
const char *files_config_summary(const struct cause *cause); /* static */

#endif
