/* Two configurations compared: rows for people, an object for programs. */
#include "report/config_differ.h"

#include "report/config_build.h"

#include "diagnose/rule.h"
#include "names/names.h"
#include "report/config_report.h"

#include <string.h>

enum { VALUE_AT = 15, TEXT_AT = 8, SUITES_SHOWN = 12, NAMES_SHOWN = 3 };

/* ---- names ---- */

struct ability_words {
	const char *label; /* of a row */
	const char *key;   /* in JSON */
	const char *one, *many;
};

static const struct ability_words kinds[N_ABILITY_KINDS] = {
	[ABILITY_ROLE] = { "roles", "role", "role", "roles" },
	[ABILITY_VERSION] = { "versions", "version", "version", "versions" },
	[ABILITY_KEY_EXCHANGE] = { "key exchange", "key_exchange", "key exchange",
		"key exchanges" },
	[ABILITY_SUITE] = { "suites", "cipher_suite", "suite", "suites" },
	[ABILITY_GROUP] = { "groups", "group", "group", "groups" },
	[ABILITY_SCHEME] = { "signatures", "signature_scheme", "kind of signature",
		"kinds of signatures" },
	[ABILITY_CERTIFICATE] = { "certificates", "certificates", "", "" },
	[ABILITY_EXTENSION] = { "extensions", "extension", "extension", "extensions" },
};

static const char *role_title(uint16_t role)
{
	static const char *const titles[] = { "client", "server", "DTLS" };

	return titles[role];
}

static const char *certificate_title(uint16_t what)
{
	static const char *const titles[] = { "RSA keys", "EC keys", "read as PEM",
		"read from files", "dates are checked" };

	return titles[what];
}

static const char *extension_title(uint16_t what)
{
	static const char *const titles[] = { "max_fragment_length", "record_size_limit",
		"extended_master_secret", "encrypt_then_mac", "session_ticket", "renegotiation" };

	return titles[what];
}

static void add_scheme(struct strbuf *out, uint16_t value)
{
	struct scheme s = scheme_decode(value);

	strbuf_printf(out, "%s with %s", signature_kind_title(s.signature), hash_title(s.hash));
}

/* "ECDHE_ECDSA", as the names of the suites have it that use it. */
static void add_key_exchange(struct strbuf *out, const struct build *b, uint16_t value)
{
	for (size_t i = 0; i < b->n_suites; i++) {
		const struct suite *s = suite_find(b->suites[i].value);

		if (s == NULL || s->tls13 || (s->kx << 8 | s->auth) != value)
			continue;
		report_key_exchange(out, s);
		return;
	}
}

static void add_ability(struct strbuf *out, const struct differ *d, const struct difference *of)
{
	uint16_t value = of->ability.value;

	switch (of->ability.kind) {
	case ABILITY_ROLE:
		strbuf_puts(out, role_title(value));
		break;
	case ABILITY_VERSION:
		strbuf_puts(out, version_title(value));
		break;
	case ABILITY_KEY_EXCHANGE:
		add_key_exchange(out, of->second ? &d->second : &d->first, value);
		break;
	case ABILITY_SUITE:
		strbuf_puts(out, name_cipher_suite(value));
		break;
	case ABILITY_GROUP:
		strbuf_puts(out, group_text(value).text);
		break;
	case ABILITY_SCHEME:
		add_scheme(out, value);
		break;
	case ABILITY_CERTIFICATE:
		strbuf_puts(out, certificate_title(value));
		break;
	case ABILITY_EXTENSION:
		strbuf_puts(out, extension_title(value));
		break;
	case N_ABILITY_KINDS:
		break;
	}
}

/* ---- text ---- */

static void put_label(struct page *p, const char *label)
{
	page_put(p, ROLE_PLAIN, "  ");
	page_put(p, ROLE_LABEL, label);
	page_tab(p, VALUE_AT);
}

static void put_row(struct page *p, const char *label, struct strbuf *text)
{
	put_label(p, label);
	page_wrap(p, VALUE_AT, strbuf_text(text));
	page_end_line(p);
	strbuf_free(text);
}

static bool belongs(const struct difference *of, enum ability_kind kind, bool second)
{
	return of->ability.kind == kind && of->second == second;
}

static size_t count_of(const struct differ *d, enum ability_kind kind, bool second)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += belongs(&d->list[i], kind, second);
	return n;
}

/* Each on a line of its own; the first of many. */
static void put_suites(struct page *p, const struct differ *d, bool second)
{
	size_t n = count_of(d, ABILITY_SUITE, second), shown = 0;
	struct strbuf text = { 0 };
	char count[COUNT_TEXT];

	page_add_count(&text, n, "suite", "suites");
	put_row(p, "suites", &text);
	for (size_t i = 0; i < d->n && shown < SUITES_SHOWN; i++) {
		if (!belongs(&d->list[i], ABILITY_SUITE, second))
			continue;
		page_tab(p, VALUE_AT);
		page_put(p, ROLE_PLAIN, name_cipher_suite(d->list[i].ability.value));
		page_end_line(p);
		shown++;
	}
	if (n <= shown)
		return;
	page_tab(p, VALUE_AT);
	page_printf(p, ROLE_FAINT, "and %s more (--json has all)", page_count(n - shown, count));
	page_end_line(p);
}

static void put_kind(struct page *p, const struct differ *d, enum ability_kind kind, bool second)
{
	struct strbuf text = { 0 };

	if (count_of(d, kind, second) == 0)
		return;
	if (kind == ABILITY_SUITE) {
		put_suites(p, d, second);
		return;
	}
	for (size_t i = 0; i < d->n; i++) {
		if (!belongs(&d->list[i], kind, second))
			continue;
		strbuf_puts(&text, text.len != 0 ? ", " : "");
		add_ability(&text, d, &d->list[i]);
	}
	put_row(p, kinds[kind].label, &text);
}

static void put_side(
	struct page *p, const struct differ_names *names, const struct differ *d, bool second)
{
	size_t n = 0;

	for (int kind = 0; kind < N_ABILITY_KINDS; kind++)
		n += count_of(d, (enum ability_kind)kind, second);
	if (n == 0)
		return;
	page_put(p, ROLE_LABEL, "what");
	page_put(p, ROLE_PLAIN, " ");
	page_wrapf(p, 2, "%s can do and %s cannot", second ? names->second : names->first,
		second ? names->first : names->second);
	page_end_line(p);
	for (int kind = 0; kind < N_ABILITY_KINDS; kind++)
		put_kind(p, d, (enum ability_kind)kind, second);
}

static void put_size(
	struct page *p, const char *label, struct build_buffer first, struct build_buffer second)
{
	char content[2][COUNT_TEXT], buffer[2][COUNT_TEXT];

	if (first.content == second.content && first.buffer == second.buffer)
		return;
	put_label(p, label);
	page_wrapf(p, VALUE_AT, "up to %s bytes, before %s; %s bytes of heap, before %s",
		page_count((uint64_t)second.content, content[0]),
		page_count((uint64_t)first.content, content[1]),
		page_count((uint64_t)second.buffer, buffer[0]),
		page_count((uint64_t)first.buffer, buffer[1]));
	page_end_line(p);
}

/* As the report on each has it. */
static uint64_t rounded(long bytes)
{
	return (uint64_t)((bytes + 50) / 100 * 100);
}

static void put_heap(struct page *p, const struct differ *d)
{
	long first = d->first.memory.total, second = d->second.memory.total;
	char counts[2][COUNT_TEXT];

	if (first == 0 || second == 0 || first == second)
		return;
	put_label(p, "handshake");
	page_wrapf(p, VALUE_AT, "about %s bytes of heap, before %s",
		page_count(rounded(second), counts[0]), page_count(rounded(first), counts[1]));
	page_end_line(p);
}

static void put_order(struct page *p, const struct differ *d)
{
	struct strbuf text = { 0 };

	if (d->client_order)
		strbuf_puts(&text, d->second.follows_client
					   ? "of suites, a server takes the client's now"
					   : "of suites, a server takes its own now");
	if (d->suite_order)
		strbuf_printf(&text, "%ssuites stand in another order", text.len != 0 ? "; " : "");
	if (d->group_order)
		strbuf_printf(&text, "%sgroups stand in another order", text.len != 0 ? "; " : "");
	if (text.len != 0)
		put_row(p, "order", &text);
}

static void put_otherwise(struct page *p, const struct differ *d)
{
	const struct build *a = &d->first, *b = &d->second;
	bool sizes = a->in.content != b->in.content || a->in.buffer != b->in.buffer ||
		     a->out.content != b->out.content || a->out.buffer != b->out.buffer;

	if (!sizes && !d->suite_order && !d->group_order && !d->client_order &&
		a->memory.total == b->memory.total)
		return;
	page_put(p, ROLE_LABEL, "what both do, and in another way");
	page_end_line(p);
	put_size(p, "records in", a->in, b->in);
	put_size(p, "records out", a->out, b->out);
	put_heap(p, d);
	put_order(p, d);
}

/* "new.h:12 (1024)"; without a value "new.h:12". */
static void add_place(struct strbuf *text, const struct macro_text *m)
{
	strbuf_printf(text, "%s:%u", m->at.file, m->at.line);
	if (*m->value != '\0' && m->value[strcspn(m->value, " ,")] == '\0')
		strbuf_printf(text, " (%s)", m->value);
}

static void add_places(struct strbuf *text, const struct macro_change *m)
{
	if (m->first != NULL)
		add_place(text, m->first);
	strbuf_puts(text, m->first != NULL && m->second != NULL ? ", " : "");
	if (m->second != NULL)
		add_place(text, m->second);
	strbuf_puts(text, m->first != NULL && m->second != NULL ? ": " : " alone: ");
}

static bool is_decided_by(const struct difference *of, size_t change)
{
	for (size_t i = 0; i < of->n_deciders && i < DECIDERS_MAX; i++)
		if (of->deciders[i] == change)
			return true;
	return false;
}

/* The abilities of a kind that a macro decides: by name, and many of them by their number. */
static void add_decided(
	struct strbuf *list, const struct differ *d, size_t change, enum ability_kind kind)
{
	unsigned n = d->changes[change].n_decided[kind];

	if (n > NAMES_SHOWN) {
		strbuf_puts(list, list->len != 0 ? ", " : "");
		page_add_count(list, n, kinds[kind].one, kinds[kind].many);
		return;
	}
	for (size_t i = 0; i < d->n; i++) {
		if (d->list[i].ability.kind != kind || !is_decided_by(&d->list[i], change))
			continue;
		strbuf_puts(list, list->len != 0 ? ", " : "");
		add_ability(list, d, &d->list[i]);
	}
}

static void put_macro(struct page *p, const struct differ *d, size_t change)
{
	const struct macro_change *m = &d->changes[change];
	struct strbuf text = { 0 }, list = { 0 };

	page_put(p, ROLE_PLAIN, "  ");
	page_wrap(p, 2, m->name);
	page_end_line(p);
	add_places(&text, m);
	for (int kind = 0; kind < N_ABILITY_KINDS; kind++)
		add_decided(&list, d, change, (enum ability_kind)kind);
	if (m->sizes)
		strbuf_printf(&list, "%ssizes of records", list.len != 0 ? ", " : "");
	if (m->heap)
		strbuf_printf(&list, "%sheap", list.len != 0 ? ", " : "");
	if (m->order)
		strbuf_printf(&list, "%sorder", list.len != 0 ? ", " : "");
	strbuf_puts(&text, strbuf_text(&list));
	page_tab(p, TEXT_AT);
	page_wrap(p, TEXT_AT, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&list);
	strbuf_free(&text);
}

/* Macros that differ and are not listed. */
static void put_others(struct page *p, const struct differ *d)
{
	size_t n = d->n_changes - d->n_deciding + d->left_out;
	struct strbuf text = { 0 };

	if (n == 0)
		return;
	page_add_count(&text, n, "macro differs", "macros differ");
	strbuf_puts(&text, d->n_untried + d->left_out != 0
				   ? "; not all of them were tried, since that takes too much."
			   : n == 1 ? " and decides nothing of this by itself."
				    : " and decide nothing of this by themselves.");
	page_put(p, ROLE_PLAIN, "  ");
	page_wrapf(p, 2, "%s%s", d->n_deciding != 0 ? "Besides, " : "", strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

static void put_macros(struct page *p, const struct differ *d)
{
	if (d->n_deciding != 0) {
		page_put(p, ROLE_LABEL, "macros that make the difference");
		page_end_line(p);
	}
	for (size_t i = 0; i < d->n_changes; i++)
		if (macro_change_decides(&d->changes[i]))
			put_macro(p, d, i);
	put_others(p, d);
}

static void put_finding(struct page *p, const char *word, const struct config_finding *f)
{
	static const enum role roles[] = { ROLE_ERROR, ROLE_WARNING, ROLE_NOTE };

	page_put(p, ROLE_PLAIN, "  ");
	page_put(p, ROLE_LABEL, word);
	page_tab(p, TEXT_AT);
	page_put(p, roles[f->severity], config_severity_name(f->severity));
	page_printf(p, ROLE_PLAIN, " %s%s", f->id, *f->macro != '\0' ? " " : "");
	page_wrap(p, TEXT_AT, f->macro);
	if (f->at.file != NULL) {
		page_put(p, ROLE_PLAIN, " ");
		page_wrapf(p, TEXT_AT, "(%s:%u)", f->at.file, f->at.line);
	}
	page_end_line(p);
}

static void put_findings(struct page *p, const struct differ *d)
{
	if (d->n_new == 0 && d->n_gone == 0)
		return;
	page_put(p, ROLE_LABEL, "findings");
	page_end_line(p);
	for (size_t i = 0; i < d->n_new && i < DIFFER_FINDINGS_MAX; i++)
		put_finding(p, "new", d->new[i]);
	for (size_t i = 0; i < d->n_gone && i < DIFFER_FINDINGS_MAX; i++)
		put_finding(p, "gone", d->gone[i]);
}

void report_differ_text(struct page *p, const struct differ_names *names, const struct differ *d)
{
	page_put(p, ROLE_LABEL, "compared");
	page_put(p, ROLE_PLAIN, " ");
	page_wrapf(p, 2, "%s with %s", names->second, names->first);
	page_end_line(p);
	if (differ_is_nothing(d)) {
		page_put(p, ROLE_PLAIN, "  both can negotiate the same");
		page_end_line(p);
	}
	put_side(p, names, d, true);
	put_side(p, names, d, false);
	put_otherwise(p, d);
	put_macros(p, d);
	put_findings(p, d);
}

/* ---- JSON ---- */

static void json_deciders(struct json *j, const struct differ *d, const struct difference *of)
{
	json_array(j, "macros");
	for (size_t i = 0; i < of->n_deciders && i < DECIDERS_MAX; i++)
		json_string(j, NULL, d->changes[of->deciders[i]].name);
	json_end_array(j);
}

static bool has_number(enum ability_kind kind)
{
	return kind == ABILITY_VERSION || kind == ABILITY_SUITE || kind == ABILITY_GROUP ||
	       kind == ABILITY_SCHEME;
}

static void json_difference(struct json *j, const struct differ *d, const struct difference *of)
{
	struct strbuf name = { 0 };

	add_ability(&name, d, of);
	json_object(j, NULL);
	json_string(j, "kind", kinds[of->ability.kind].key);
	if (has_number(of->ability.kind))
		json_code(j, "value", of->ability.value);
	json_string(j, "name", strbuf_text(&name));
	json_deciders(j, d, of);
	json_end_object(j);
	strbuf_free(&name);
}

static void json_side(struct json *j, const char *key, const struct differ *d, bool second)
{
	json_array(j, key);
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].second == second)
			json_difference(j, d, &d->list[i]);
	json_end_array(j);
}

static void json_buffer(struct json *j, const char *key, struct build_buffer b)
{
	json_object(j, key);
	json_int(j, "content", b.content);
	json_int(j, "buffer", b.buffer);
	json_end_object(j);
}

static void json_size(
	struct json *j, const char *key, struct build_buffer first, struct build_buffer second)
{
	json_object(j, key);
	json_buffer(j, "first", first);
	json_buffer(j, "second", second);
	json_end_object(j);
}

static void json_macro_text(struct json *j, const char *key, const struct macro_text *m)
{
	if (m == NULL) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_string(j, "file", m->at.file);
	json_uint(j, "line", m->at.line);
	json_string(j, "value", m->value);
	json_end_object(j);
}

static void json_macro(struct json *j, const struct macro_change *m)
{
	json_object(j, NULL);
	json_string(j, "name", m->name);
	json_macro_text(j, "first", m->first);
	json_macro_text(j, "second", m->second);
	json_array(j, "decides");
	for (int kind = 0; kind < N_ABILITY_KINDS; kind++)
		if (m->n_decided[kind] != 0)
			json_string(j, NULL, kinds[kind].key);
	if (m->sizes)
		json_string(j, NULL, "record_size");
	if (m->heap)
		json_string(j, NULL, "heap");
	if (m->order)
		json_string(j, NULL, "order");
	json_end_array(j);
	json_end_object(j);
}

static void json_findings(
	struct json *j, const char *key, const struct config_finding *const *list, size_t n)
{
	json_array(j, key);
	for (size_t i = 0; i < n && i < DIFFER_FINDINGS_MAX; i++) {
		const struct config_finding *f = list[i];

		json_object(j, NULL);
		json_string(j, "id", f->id);
		json_string(j, "severity", config_severity_name(f->severity));
		if (*f->macro != '\0')
			json_string(j, "macro", f->macro);
		if (f->at.file != NULL) {
			json_string(j, "file", f->at.file);
			json_uint(j, "line", f->at.line);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

void report_differ_json(struct json *j, const struct differ_names *names, const struct differ *d)
{
	json_object(j, "comparison");
	json_string(j, "first", names->first);
	json_string(j, "second", names->second);
	json_bool(j, "same", differ_is_nothing(d));
	json_side(j, "second_only", d, true);
	json_side(j, "first_only", d, false);
	json_size(j, "record_in", d->first.in, d->second.in);
	json_size(j, "record_out", d->first.out, d->second.out);
	json_object(j, "handshake_heap");
	json_int(j, "first", d->first.memory.total);
	json_int(j, "second", d->second.memory.total);
	json_end_object(j);
	json_bool(j, "cipher_suite_order_differs", d->suite_order);
	json_bool(j, "group_order_differs", d->group_order);
	json_bool(j, "client_order_differs", d->client_order);
	json_array(j, "macros");
	for (size_t i = 0; i < d->n_changes; i++)
		if (macro_change_decides(&d->changes[i]))
			json_macro(j, &d->changes[i]);
	json_end_array(j);
	json_uint(j, "other_macros", d->n_changes - d->n_deciding + d->left_out);
	json_uint(j, "untried_macros", d->n_untried + d->left_out);
	json_findings(j, "new_findings", d->new, d->n_new);
	json_findings(j, "gone_findings", d->gone, d->n_gone);
	json_end_object(j);
}
