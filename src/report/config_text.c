/* The verdict first, then what was read as what, then each finding with its line and its cure. */
#include "report/config_report.h"

enum { INDENT = 8 };

static void put_verdict(struct page *p, const struct config_report *r)
{
	const struct config_findings *f = &r->findings;
	struct strbuf text = { 0 };

	page_add_count(&text, f->errors, "error", "errors");
	strbuf_puts(&text, ", ");
	page_add_count(&text, f->warnings, "warning", "warnings");
	page_put(p,
		f->errors != 0     ? ROLE_ERROR
		: f->warnings != 0 ? ROLE_WARNING
				   : ROLE_GOOD,
		f->errors != 0     ? "FAIL"
		: f->warnings != 0 ? "WARN"
				   : "OK");
	page_tab(p, 6);
	page_wrapf(p, 6, "%s: %s", r->path, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void add_origin(struct strbuf *text, const struct config *c)
{
	struct config_origin o = config_origin(c);

	if (o.kind == CONFIG_PASTED)
		strbuf_puts(text,
			"as a text with directives in it: what it does not show counts as not "
			"defined; ");
	if (o.kind != CONFIG_KCONFIG)
		return;
	strbuf_printf(text, "as options of %s%s%s%s; ", o.system,
		*o.system_version != '\0' ? " " : "", o.system_version,
		o.whole ? "" : ", a part of them: the others as its Kconfig sets them by default");
}

/* What of the options could not be read. */
static void put_unmapped(struct page *p, const struct config *c)
{
	struct config_origin o = config_origin(c);
	struct strbuf text = { 0 };

	if (o.n_unmapped == 0)
		return;
	page_add_count(&text, o.n_unmapped, "option has no macro that is known",
		"options have no macro that is known");
	for (size_t i = 0; i < o.n_named; i++)
		strbuf_printf(&text, "%s%s", i == 0 ? ": " : ", ", o.unmapped[i]);
	if (o.n_named < o.n_unmapped)
		strbuf_puts(&text, ", ...");
	page_tab(p, 6);
	page_wrap(p, 6, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void put_reading(struct page *p, const struct config_report *r)
{
	const struct config_version *v = &r->version;
	struct strbuf text = { 0 };

	add_origin(&text, r->config);
	if (r->crypto_path != NULL)
		strbuf_printf(&text, "with %s; ", r->crypto_path);
	strbuf_printf(&text, "mbedTLS %s, ", v->name);
	if (v->system != NULL)
		strbuf_printf(&text, "as %s has it; ", v->system);
	else if (v->given)
		strbuf_puts(&text, "as was said; ");
	else if (v->telling != NULL)
		strbuf_printf(&text, "guessed: it has %zu of %zu macros, and %s lacks %s; ",
			v->known, v->macros, v->other, v->telling);
	else
		strbuf_printf(&text,
			"guessed: it has %zu of %zu macros (so may others; --mbedtls-version "
			"says which); ",
			v->known, v->macros);
	page_add_count(&text, r->count.mbedtls, "macro is defined", "macros are defined");
	if (r->count.not_included != 0) {
		strbuf_puts(&text, "; ");
		page_add_count(&text, r->count.not_included,
			"file that it includes was not at hand",
			"files that it includes were not at hand");
	}
	page_put(p, ROLE_LABEL, "read");
	page_tab(p, 6);
	page_wrap(p, 6, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
	put_unmapped(p, r->config);
}

static void put_place(struct page *p, const struct config_report *r, const struct config_finding *f)
{
	if (f->at.file != NULL)
		page_wrapf(p, 2, "%s:%u:", f->at.file, f->at.line);
	else
		page_wrapf(p, 2, "%s:", r->path);
	page_put(p, ROLE_PLAIN, " ");
}

static void put_finding(
	struct page *p, const struct config_report *r, const struct config_finding *f)
{
	static const enum role roles[] = { ROLE_ERROR, ROLE_WARNING, ROLE_NOTE };

	page_blank_line(p);
	put_place(p, r, f);
	page_put(p, roles[f->severity], config_severity_name(f->severity));
	page_put(p, ROLE_PLAIN, " ");
	page_wrap(p, 2, f->id);
	page_end_line(p);
	page_tab(p, INDENT);
	page_wrap(p, INDENT, f->reason);
	page_end_line(p);
	page_put(p, ROLE_LABEL, "  fix");
	page_tab(p, INDENT);
	page_wrap(p, INDENT, f->fix);
	page_end_line(p);
}

void config_report_text(struct page *p, const struct config_report *r)
{
	put_verdict(p, r);
	put_reading(p, r);
	for (size_t i = 0; i < r->findings.n; i++)
		put_finding(p, r, &r->findings.list[i]);
	if (r->findings.left_out == 0)
		return;
	page_blank_line(p);
	page_wrapf(p, 0, "%zu more are left out.", r->findings.left_out);
	page_end_line(p);
}

const char *config_severity_name(enum config_severity severity)
{
	static const char *const names[] = { "error", "warning", "note" };

	return names[severity];
}
