/* Rows have their labels in one column, whatever the look-up. */
#include "report/lookups/lookup.h"

#include "names/names.h"

void lookup_label(struct page *p, const char *label)
{
	if (label[0] != '\0')
		page_put(p, ROLE_LABEL, label);
	page_tab(p, LOOKUP_AT);
}

void lookup_row(struct page *p, const char *label, const char *text)
{
	lookup_label(p, label);
	page_wrap(p, LOOKUP_AT, text);
	page_end_line(p);
}

void lookup_reason(
	struct page *p, const char *label, size_t number, const char *text, const char *ids)
{
	struct strbuf list = { 0 };
	unsigned indent;

	lookup_label(p, label);
	page_printf(p, ROLE_PLAIN, "%zu. ", number);
	indent = p->column;
	page_wrap(p, indent, text);
	page_end_line(p);
	if (ids[0] != '\0') {
		page_tab(p, indent);
		strbuf_puts(&list, "see ");
		lookup_put_ids(&list, ids);
		page_wrap(p, indent + 4, strbuf_text(&list));
		page_end_line(p);
	}
	strbuf_free(&list);
}

void lookup_put_ids(struct strbuf *out, const char *ids)
{
	for (; *ids != '\0'; ids++)
		strbuf_printf(out, *ids == ' ' ? ",%c" : "%c", *ids);
}

void lookup_put_first_id(struct strbuf *out, const char *ids)
{
	strbuf_add(out, ids, strcspn(ids, " "));
}

void lookup_json_begin(struct json *j, const char *lookup, const char *crypto_version)
{
	json_object(j, NULL);
	json_string(j, "schema", "tlsdiag/1");
	json_object(j, "tool");
	json_string(j, "name", "tlsdiag");
	json_string(j, "version", TLSDIAG_VERSION);
	json_string(j, "mbedtls", crypto_version);
	json_end_object(j);
	json_string(j, "lookup", lookup);
}

void lookup_json_end(struct json *j)
{
	json_end_object(j);
	strbuf_puts(j->out, "\n");
}

void lookup_json_ids(struct json *j, const char *key, const char *ids)
{
	json_array(j, key);
	while (*ids != '\0') {
		size_t len = strcspn(ids, " ");

		json_text(j, NULL, bytes_of(ids, len));
		ids += len;
		ids += strspn(ids, " ");
	}
	json_end_array(j);
}

void lookup_json_alert(struct json *j, const char *key, int alert)
{
	if (alert < 0) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_uint(j, "code", (unsigned)alert);
	json_string(j, "name", name_alert((unsigned)alert));
	json_end_object(j);
}
