/*
 * What is wrong with a configuration for a release: what does not compile, what compiles and cannot work, and what
 * is legal and hurts. Rules of the library itself are data (data/config/rules-*.tsv), traps are functions.
 */
#ifndef TLSDIAG_CONFIG_FINDING_H
#define TLSDIAG_CONFIG_FINDING_H

#include "config/version.h"

enum { CONFIG_FINDINGS_MAX = 500 };

enum config_severity { CONFIG_ERROR, CONFIG_WARNING, CONFIG_NOTE };

/* Texts live as long as the arena that was given. */
struct config_finding {
	const char *id; /* begins with "config-" */
	enum config_severity severity;
	const char *macro;      /* "" none */
	struct source_place at; /* file NULL: nowhere, something is missing */
	const char *reason, *fix;
};

struct config_findings {
	struct config_finding
		list[CONFIG_FINDINGS_MAX]; /* errors first, then in the order of the file */
	size_t n, left_out;
	size_t errors, warnings;
};

/* Before config_derive(): what is asked of the user's own macros. */
void config_findings_written(struct config_findings *f, const struct config *c,
	const struct config_version *v, struct arena *a);
/* After it: the rules of the release, and sizes. */
void config_findings_derived(struct config_findings *f, const struct config *c,
	const struct config_version *v, struct arena *a);
/* Puts them in order; once. */
void config_findings_sort(struct config_findings *f);

/* What the functions that look for them are given. */
struct search {
	struct config_findings *found;
	const struct config *config;
	const struct config_version *version;
	struct arena *arena;
};

/* macro: that it is about, which tells the place; reason and fix are copied. */
void config_finding_add(const struct search *s, enum config_severity severity, const char *id,
	const char *macro, const char *reason, const char *fix);

void config_findings_rules(const struct search *s);   /* findings_rules.c */
void config_findings_code(const struct search *s);    /* findings_code.c */
void config_findings_sizes(const struct search *s);   /* findings_sizes.c */
void config_findings_suites(const struct search *s);  /* findings_suites.c */
void config_findings_names(const struct search *s);   /* findings_names.c */
void config_findings_traps(const struct search *s);   /* findings_traps.c */
void config_findings_values(const struct search *s);  /* findings_values.c */
void config_findings_presets(const struct search *s); /* findings_presets.c */

#endif
