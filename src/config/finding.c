/* The list of what was found, its order and its bound. */
#include "config/finding.h"

#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>

static size_t macro_length(const char *p)
{
	size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return strncmp(p, "MBEDTLS_", 8) == 0 || strncmp(p, "PSA_WANT_", 9) == 0 ? n : 0;
}

static void put_option(const struct search *s, struct strbuf *text, const char *macro)
{
	const char *option = config_option_of(s->config, macro);
	const char *said = *option != '\0' ? option : macro;

	if (strstr(strbuf_text(text), said) == NULL)
		strbuf_printf(text, "%s%s%s", text->len != 0 ? ", " : "",
			*option != '\0' ? "" : "no option for ", said);
}

/* The options that the macros of a fix follow from: what somebody changes who has Kconfig. */
static const char *with_options(const struct search *s, const char *macro, const char *fix)
{
	struct config_origin o = config_origin(s->config);
	struct strbuf text = { 0 };
	const char *whole = NULL;

	if (o.kind == CONFIG_KCONFIG && *config_option_of(s->config, macro) != '\0')
		put_option(s, &text, macro);
	for (const char *p = fix; o.kind == CONFIG_KCONFIG && *p != '\0';) {
		size_t n = macro_length(p);
		char *name = n != 0 ? arena_printf(s->arena, "%.*s", (int)n, p) : NULL;

		if (name != NULL)
			put_option(s, &text, name);
		p += n != 0 ? n : 1;
	}
	if (text.len != 0)
		whole = arena_printf(s->arena, "%s (%s: %s)", fix, o.system, strbuf_text(&text));
	strbuf_free(&text);
	return whole != NULL ? whole : arena_str(s->arena, fix);
}

/* A note on what the system itself has set, and no option changes, helps nobody. */
static bool is_of_the_system(const struct search *s, const char *macro)
{
	const struct macro_text *m = config_macro(s->config, macro);

	return config_origin(s->config).kind == CONFIG_KCONFIG && m != NULL && m->at.file == NULL &&
	       *config_option_of(s->config, macro) == '\0';
}

void config_finding_add(const struct search *s, enum config_severity severity, const char *id,
	const char *macro, const char *reason, const char *fix)
{
	struct config_findings *f = s->found;
	const struct macro_text *m = config_macro(s->config, macro);

	if (severity == CONFIG_NOTE && is_of_the_system(s, macro))
		return;
	f->errors += severity == CONFIG_ERROR;
	f->warnings += severity == CONFIG_WARNING;
	if (f->n == CONFIG_FINDINGS_MAX || (reason = arena_str(s->arena, reason)) == NULL ||
		(fix = with_options(s, macro, fix)) == NULL ||
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
