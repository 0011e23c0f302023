/* What a configuration needs so that a rule of a release is content: said as one would to a colleague. */
#ifndef TLSDIAG_CONFIG_RULE_NEEDS_H
#define TLSDIAG_CONFIG_RULE_NEEDS_H

#include "config/finding.h"

struct rule_needs {
	size_t macros;     /* that would have to be defined; 0: nothing that can be defined helps */
	const char *what;  /* "A", "A and B", "one of A, B, C", "a curve (...)" */
	const char *state; /* "which is not defined", "and none is defined" */
};

/* rule: a condition that holds. name: how a macro is called, in s->arena. False: out of memory, or too deep. */
bool rule_needs(const struct search *s, const char *rule,
	const char *(*name)(const struct search *s, const char *macro), struct rule_needs *out);

#endif
