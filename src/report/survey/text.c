/* A survey for people: what is taken, in the order that it is chosen in; what nobody should take is marked. */
#include "report/survey/report.h"

#include "diagnose/rule.h"

#include <stdio.h>

enum { LABEL_AT = 0, VALUE_AT = 12 };

static void put_label(struct page *p, const char *label)
{
	page_put(p, ROLE_LABEL, label);
	page_tab(p, VALUE_AT);
}

static void put_row(struct page *p, const char *label, const char *text)
{
	put_label(p, label);
	page_wrap(p, VALUE_AT, text);
	page_end_line(p);
}

/* ---- versions ---- */

static void put_refusal(struct strbuf *out, const struct survey_version *v)
{
	if (v->refusal == SURVEY_CHOSE) /* another one than it was asked for */
		return;
	strbuf_puts(out, " (");
	survey_refusal(out, v->refusal, v->alert);
	strbuf_puts(out, ")");
}

static void put_versions(struct page *p, const struct survey *s)
{
	struct strbuf taken = { 0 }, refused = { 0 };

	for (size_t i = 0; i < SURVEY_VERSIONS; i++) {
		const struct survey_version *v = &s->version[i];
		struct strbuf *out = v->taken == SURVEY_YES ? &taken : &refused;

		if (v->taken == SURVEY_UNKNOWN)
			continue;
		strbuf_printf(out, "%s%s", out->len != 0 ? ", " : "", version_title(v->version));
		if (v->taken == SURVEY_NO)
			put_refusal(out, v);
	}
	if (taken.len != 0)
		put_row(p, "takes", strbuf_text(&taken));
	if (refused.len != 0)
		put_row(p, "refuses", strbuf_text(&refused));
	strbuf_free(&taken);
	strbuf_free(&refused);
}

/* ---- lists ---- */

static const char *order_text(const struct survey_values *v)
{
	switch (v->order) {
	case SURVEY_ORDER_SERVER:
		return "the server's order";
	case SURVEY_ORDER_CLIENT:
		return "the client's order decides";
	case SURVEY_ORDER_UNKNOWN:
		break;
	}
	return v->n > 1 ? "by whose order it chooses is not known" : "";
}

static void put_suite(struct page *p, const char *label, uint16_t value)
{
	const struct suite *suite = suite_find(value);
	char name[48];

	put_label(p, label);
	name_or_hex(name, name_cipher_suite(value), value);
	page_put(p, ROLE_PLAIN, suite != NULL ? suite->name : name);
	if (suite != NULL && (suite->weak || suite->export_grade || suite->auth == AUTH_NONE))
		page_printf(p, ROLE_WARNING, "  %s",
			suite->auth == AUTH_NONE ? "nobody proves who he is" : "weak");
	page_end_line(p);
}

static void put_suites(struct page *p, const struct survey_version *v)
{
	char label[32];

	(void)snprintf(label, sizeof label, "%s", version_title(v->version));
	for (size_t i = 0; i < v->suites.n; i++)
		put_suite(p, i == 0 ? label : "", v->suites.value[i]);
	if (v->suites.n < 2)
		return;
	put_label(p, "");
	page_put(p, ROLE_FAINT, order_text(&v->suites));
	page_put(p, ROLE_FAINT, v->suites.whole ? "" : "; there may be more");
	page_end_line(p);
}

static void put_names(struct page *p, const char *label, const struct survey_values *v,
	const char *(*name_of)(uint16_t value))
{
	struct strbuf text = { 0 };

	if (v->n == 0)
		return;
	for (size_t i = 0; i < v->n; i++) {
		char name[48];

		name_or_hex(name, name_of(v->value[i]), v->value[i]);
		strbuf_printf(&text, "%s%s", i != 0 ? ", " : "", name);
	}
	if (v->n > 1)
		strbuf_printf(
			&text, " (%s%s)", order_text(v), v->whole ? "" : "; there may be more");
	put_row(p, label, strbuf_text(&text));
	strbuf_free(&text);
}

static void put_version(struct page *p, const struct survey *s, size_t i, bool *older)
{
	enum survey_kind kind = i == 0 ? SURVEY_TLS13 : SURVEY_OLDER;

	if (s->version[i].taken != SURVEY_YES)
		return;
	page_blank_line(p);
	put_suites(p, &s->version[i]);
	if (i != 0 && *older)
		return;
	*older |= i != 0;
	put_names(p, "  groups", &s->groups[kind], name_group);
	put_names(p, "  signs", &s->schemes[kind], name_scheme);
}

/* ---- the rest ---- */

static void put_features(struct page *p, const struct survey *s)
{
	struct strbuf has = { 0 }, lacks = { 0 };

	for (int f = 0; f < SURVEY_HELLO_IN_RECORDS; f++) {
		struct strbuf *out = s->feature[f] == SURVEY_YES ? &has : &lacks;

		if (s->feature[f] != SURVEY_UNKNOWN)
			strbuf_printf(out, "%s%s", out->len != 0 ? ", " : "",
				survey_feature_name((enum survey_feature)f));
	}
	if (has.len != 0)
		put_row(p, "knows", strbuf_text(&has));
	if (lacks.len != 0)
		put_row(p, "knows not", strbuf_text(&lacks));
	strbuf_free(&has);
	strbuf_free(&lacks);
}

static void put_protocols(struct page *p, const struct survey *s)
{
	struct strbuf text = { 0 };

	if (!s->protocols_asked)
		return;
	for (size_t i = 0; i < s->n_protocols; i++)
		strbuf_printf(&text, "%s%s", i != 0 ? ", " : "", s->protocol[i]);
	put_row(p, "ALPN",
		s->n_protocols != 0 ? strbuf_text(&text) : "none of the protocols asked for");
	strbuf_free(&text);
}

static void put_authentication(struct page *p, const struct survey *s)
{
	struct strbuf text = { 0 };

	if (s->client_auth == SURVEY_AUTH_UNKNOWN)
		return;
	strbuf_puts(&text, s->client_auth == SURVEY_AUTH_NOT_ASKED ? "no certificate is asked for"
			   : s->client_auth == SURVEY_AUTH_ASKED
				   ? "a certificate is asked for, and done without"
				   : "a certificate is demanded");
	if (s->n_authorities != 0)
		strbuf_printf(&text, "; %zu CA%s named", s->n_authorities,
			s->n_authorities == 1 ? " is" : "s are");
	put_row(p, "clients", strbuf_text(&text));
	strbuf_free(&text);
}

static void put_hello(struct page *p, const struct survey *s)
{
	struct strbuf text = { 0 };

	if (s->hello_taken != 0)
		strbuf_printf(&text, "of %zu bytes is taken", s->hello_taken);
	if (s->hello_refused != 0)
		strbuf_printf(
			&text, "%sof %zu is not", text.len != 0 ? ", " : "", s->hello_refused);
	if (s->feature[SURVEY_HELLO_IN_RECORDS] != SURVEY_UNKNOWN)
		strbuf_printf(&text, "%s%s in records of 64 bytes", text.len != 0 ? "; " : "",
			s->feature[SURVEY_HELLO_IN_RECORDS] == SURVEY_YES ? "taken" : "not taken");
	if (text.len != 0)
		put_row(p, "ClientHello", strbuf_text(&text));
	strbuf_free(&text);
}

/* ---- known stacks ---- */

static void put_stacks(struct page *p, const struct survey *s)
{
	struct strbuf in = { 0 }, row = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < s->n_stacks; i++) {
		const struct survey_reply *r = &s->stack[i].reply;

		if (s->stack[i].taken != SURVEY_YES)
			continue;
		strbuf_printf(&in, "%s%s", n++ != 0 ? ", " : "", s->stack[i].profile->name);
		if (r->beyond && r->group != 0)
			strbuf_printf(&in, " (with %s)", group_text(r->group).text);
	}
	if (n != 0)
		put_row(p, "lets in", strbuf_text(&in));
	for (size_t i = 0, told = 0; i < s->n_stacks; i++) {
		if (s->stack[i].taken != SURVEY_NO)
			continue;
		strbuf_clear(&row);
		strbuf_printf(&row, "%s: ", s->stack[i].profile->name);
		survey_refusal(&row, s->stack[i].reply.outcome, s->stack[i].reply.alert);
		put_row(p, told++ == 0 ? "keeps out" : "", strbuf_text(&row));
	}
	strbuf_free(&in);
	strbuf_free(&row);
}

void survey_text(struct page *p, const struct survey_told *t)
{
	const struct survey *s = t->found;
	char count[COUNT_TEXT];
	bool older = false;

	if (s->questions == 0) {
		page_wrapf(p, 2, "%s: nothing was asked: %s", t->target, t->problem);
		page_end_line(p);
		return;
	}
	page_wrapf(p, 2, "%s: what it takes, by %s connection%s in %.1f s", t->target,
		page_count(s->questions, count), s->questions == 1 ? "" : "s", t->took_ms / 1000);
	page_end_line(p);
	if (t->problem[0] != '\0') {
		page_wrapf(p, 2, "Not all was asked: %s.", t->problem);
		page_end_line(p);
	}
	page_blank_line(p);
	put_versions(p, s);
	for (size_t i = 0; i < SURVEY_VERSIONS; i++)
		put_version(p, s, i, &older);
	page_blank_line(p);
	put_features(p, s);
	put_protocols(p, s);
	put_authentication(p, s);
	put_hello(p, s);
	put_stacks(p, s);
}
