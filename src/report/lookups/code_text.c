/* An error code, for people. */
#include "report/lookups/code_lookup.h"

#include "names/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

static void put_title(struct page *p, const struct code_match *m)
{
	char number[CODE_NUMBER];

	if (m->code->numbered) {
		page_put(p, ROLE_LABEL, code_number(m, number));
		page_tab(p, LOOKUP_AT);
	}
	page_put(p, ROLE_NOTE, m->code->name);
	page_end_line(p);
}

/* "mbedTLS, module ECP; -19584 in decimal; given as '4c80'" */
static void put_origin(struct page *p, const struct code_lookup *c, const struct code_match *m)
{
	const struct code *code = m->code;
	struct strbuf text = { 0 };
	char number[CODE_NUMBER];

	strbuf_puts(&text, code_library_name(code));
	if (code->module != NULL)
		strbuf_printf(&text, ", module %s", code->module);
	if (code->library == CODE_MBEDTLS)
		strbuf_printf(&text, "; %" PRId64 " in decimal", code->value);
	if (m->part != CODE_WHOLE)
		strbuf_printf(&text, "; the %s part of '%s'",
			m->part == CODE_HIGH_PART ? "high" : "low", c->asked);
	else if (strcasecmp(c->asked, code_number(m, number)) != 0 &&
		 strcasecmp(c->asked, code->name) != 0)
		strbuf_printf(&text, "; given as '%s'", c->asked);
	lookup_row(p, "", strbuf_text(&text));
	strbuf_free(&text);
}

/* " 2.7, 2.16": those versions that have the code, or those that do not. Returns how many. */
static size_t list_versions(const struct code *code, bool having, struct strbuf *out)
{
	const char *version;
	size_t n = 0;

	for (size_t i = 0; (version = code_version(i)) != NULL; i++) {
		if (((code->versions >> i & 1) != 0) != having)
			continue;
		strbuf_printf(out, "%s %s", n != 0 ? "," : "", version);
		n++;
	}
	return n;
}

static void put_versions(struct page *p, const struct code *code)
{
	struct strbuf has = { 0 }, lacks = { 0 };
	size_t n_has, n_lacks;

	if (code->first == NULL)
		return;
	n_has = list_versions(code, true, &has);
	n_lacks = list_versions(code, false, &lacks);
	lookup_label(p, "versions");
	page_wrapf(p, LOOKUP_AT, "%s%s%s (first %s, last %s)",
		n_has != 0 ? strbuf_text(&has) : "none that is kept",
		n_lacks != 0 ? "; not in" : "", strbuf_text(&lacks), code->first, code->last);
	page_end_line(p);
	strbuf_free(&has);
	strbuf_free(&lacks);
}

static void put_changes(struct page *p, const struct code *code)
{
	struct strbuf text = { 0 };

	code_changes(code, &text);
	if (text.len != 0)
		lookup_row(p, "changed", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_alert(struct page *p, const struct code *code)
{
	char name[48], text[96];

	if (code->alert == CODE_ALERT_UNKNOWN)
		return;
	if (code->alert == CODE_ALERT_NONE) {
		lookup_row(p, "alert", "none: the connection is closed without one");
		return;
	}
	if (code->alert == CODE_ALERT_VARIES) {
		lookup_row(p, "alert", "depends on the fault behind it");
		return;
	}
	name_or_hex(name, name_alert((unsigned)code->alert), (unsigned)code->alert);
	(void)snprintf(text, sizeof text, "%d %s, which %s", code->alert, name,
		code->alert_received ? "the peer sent" : "is sent to the peer");
	lookup_row(p, "alert", text);
}

static void put_causes(struct page *p, const struct code *code)
{
	size_t n;
	const struct code_cause *causes = code_causes(code, &n);

	for (size_t i = 0; i < n; i++)
		lookup_reason(p, i == 0 ? "causes" : "", i + 1, causes[i].text, causes[i].causes);
}

/* What a code goes with that has no causes of its own told. */
static void put_see(struct page *p, const struct code *code)
{
	struct strbuf ids = { 0 };
	size_t n;

	(void)code_causes(code, &n);
	if (n != 0 || code->see[0] == '\0')
		return;
	lookup_put_ids(&ids, code->see);
	lookup_row(p, "see", strbuf_text(&ids));
	strbuf_free(&ids);
}

static void put_next(struct page *p, const struct code *code)
{
	struct next_commands next;

	code_next(code, &next);
	for (size_t i = 0; i < next.n; i++)
		lookup_row(p, i == 0 ? "next" : "", next.list[i]);
}

static void put_in_full(struct page *p, const struct code_lookup *c, const struct code_match *m)
{
	page_blank_line(p);
	put_title(p, m);
	put_origin(p, c, m);
	page_blank_line(p);
	lookup_row(p, "meaning", m->code->meaning);
	put_versions(p, m->code);
	put_changes(p, m->code);
	put_alert(p, m->code);
	put_causes(p, m->code);
	put_see(p, m->code);
	put_next(p, m->code);
}

static void put_in_brief(struct page *p, const struct code_match *m)
{
	put_title(p, m);
	lookup_label(p, "");
	page_wrapf(p, LOOKUP_AT, "%s: %s", code_library_name(m->code), m->code->meaning);
	page_end_line(p);
}

static bool is_sum(const struct code_lookup *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->matches[i].part == CODE_LOW_PART)
			return true;
	return false;
}

static bool is_brief(const struct code_lookup *c)
{
	return c->n > CODES_IN_FULL || (c->brief && c->n != 0);
}

/* What several matches have to do with each other. */
static void put_preface(struct page *p, const struct code_lookup *c)
{
	if (c->n == 0)
		page_wrapf(p, 2,
			"'%s' is not known: no code of mbedTLS, PSA or another TLS library, of a "
			"browser, errno or lwIP that a handshake can end with, and no part of a "
			"name of one",
			c->asked);
	else if (is_sum(c))
		page_wrapf(p, 2, "'%s' is a sum: a high code tells what failed, a low one why",
			c->asked);
	else if (is_brief(c))
		page_wrapf(p, 2, "'%s' fits %zu code%s; give one of them for its causes", c->asked,
			c->n, c->n == 1 ? "" : "s");
	else if (c->n > 1)
		page_wrapf(p, 2, "'%s' can be any of %zu codes, likeliest first", c->asked, c->n);
	else
		return;
	page_end_line(p);
}

void code_lookup_text(struct page *p, const struct code_lookup *c)
{
	page_blank_line(p);
	put_preface(p, c);
	if (is_brief(c))
		page_blank_line(p);
	for (size_t i = 0; i < c->n; i++) {
		if (is_brief(c))
			put_in_brief(p, &c->matches[i]);
		else
			put_in_full(p, c, &c->matches[i]);
	}
}
