/* Where a build is deployed: rows for people, an object for programs. */
#include "report/config_deployment.h"

enum { VALUE_AT = 15 };

static void put_row(struct page *p, const char *label, struct strbuf *text)
{
	if (text->len == 0)
		return;
	page_put(p, ROLE_PLAIN, "  ");
	page_put(p, ROLE_LABEL, label);
	page_tab(p, VALUE_AT);
	page_wrap(p, VALUE_AT, strbuf_text(text));
	page_end_line(p);
	strbuf_free(text);
}

static size_t count_certs(const struct deployment *d, bool own)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_certs; i++)
		n += d->certs[i].own == own;
	return n;
}

static void add_comma(struct strbuf *text)
{
	strbuf_puts(text, text->len != 0 ? ", " : "");
}

static void put_looked_at(struct page *p, const struct deployment *d)
{
	size_t own = count_certs(d, true), cas = count_certs(d, false) + d->n_left_out;
	struct strbuf text = { 0 };
	char count[COUNT_TEXT];

	if (own != 0) {
		page_add_count(&text, own, "certificate of its own", "certificates of its own");
		strbuf_printf(&text, " (a Certificate message of %s bytes)",
			page_count(deployment_chain(d), count));
	}
	if (cas != 0) {
		add_comma(&text);
		page_add_count(&text, cas, "CA", "CAs");
	}
	if (d->n_handshakes != 0) {
		add_comma(&text);
		page_add_count(&text, d->n_handshakes, "handshake", "handshakes");
	}
	if (text.len == 0)
		strbuf_puts(&text, "no certificate, and no handshake that was answered");
	put_row(p, "looked at", &text);
}

enum use { USED, UNUSED, NOT_KNOWN };

static enum use use_of(const struct needs *needs, enum need need)
{
	return needs_has(needs, need) ? USED : needs_lacks(needs, need) ? UNUSED : NOT_KNOWN;
}

static void put_uses(struct page *p, const char *label, const struct needs *needs, enum use use)
{
	struct strbuf text = { 0 };

	for (int need = NEEDED_BY_NOBODY + 1; need < N_NEEDS; need++) {
		const char *where = needs->where[need];

		if (use_of(needs, (enum need)need) != use)
			continue;
		add_comma(&text);
		strbuf_puts(&text, need_name((enum need)need));
		if (use == USED && where != NULL)
			strbuf_printf(&text, " (%s)", where);
	}
	put_row(p, label, &text);
}

void report_deployment_text(struct page *p, const struct deployment *d)
{
	page_put(p, ROLE_LABEL, "where it is deployed");
	page_end_line(p);
	put_looked_at(p, d);
	put_uses(p, "used", &d->needs, USED);
	put_uses(p, "not used", &d->needs, UNUSED);
	put_uses(p, "not known", &d->needs, NOT_KNOWN);
}

void report_deployment_json(struct json *j, const struct deployment *d)
{
	static const char *const uses[] = { "used", "not-used", "not-known" };

	json_object(j, "deployment");
	json_uint(j, "own_certificates", count_certs(d, true));
	json_uint(j, "cas", count_certs(d, false) + d->n_left_out);
	json_uint(j, "certificate_message", deployment_chain(d));
	json_uint(j, "handshakes", d->n_handshakes);
	json_array(j, "needs");
	for (int need = NEEDED_BY_NOBODY + 1; need < N_NEEDS; need++) {
		json_object(j, NULL);
		json_string(j, "name", need_name((enum need)need));
		json_string(j, "use", uses[use_of(&d->needs, (enum need)need)]);
		if (d->needs.where[need] != NULL)
			json_string(j, "where", d->needs.where[need]);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}
