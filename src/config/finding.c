/* The list of what was found, its order and its bound. */
#include "config/finding.h"

#include <stdlib.h>
#include <string.h>

void config_finding_add(const struct search *s, enum config_severity severity, const char *id,
	const char *macro, const char *reason, const char *fix)
{
	struct config_findings *f = s->found;
	const struct macro_text *m = config_macro(s->config, macro);

	f->errors += severity == CONFIG_ERROR;
	f->warnings += severity == CONFIG_WARNING;
	if (f->n == CONFIG_FINDINGS_MAX || (reason = arena_str(s->arena, reason)) == NULL ||
		(fix = arena_str(s->arena, fix)) == NULL ||
		(macro = arena_str(s->arena, macro)) == NULL) {
		f->left_out++;
		return;
	}
	f->list[f->n++] = (struct config_finding){
		.id = id,
		.severity = severity,
		.macro = macro,
		.at = m != NULL ? m->at : (struct source_place){ NULL, 0 },
		.reason = reason,
		.fix = fix,
	};
}

static int compare(const void *left, const void *right)
{
	const struct config_finding *a = left, *b = right;

	if (a->severity != b->severity)
		return (int)a->severity - (int)b->severity;
	if (a->at.line != b->at.line)
		return a->at.line < b->at.line ? -1 : 1;
	return strcmp(a->id, b->id) != 0 ? strcmp(a->id, b->id) : strcmp(a->macro, b->macro);
}

void config_findings_sort(struct config_findings *f)
{
	qsort(f->list, f->n, sizeof f->list[0], compare);
}
