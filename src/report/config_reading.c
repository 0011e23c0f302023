/* What is wrong with it by itself is only counted: `tlsdiag config` tells it. */
#include "report/config_reading.h"

/* "as an mbedTLS 2.28 configuration (guessed)", "as options of ESP-IDF 5.1.2 for mbedTLS 3.6" */
static void add_kind(struct strbuf *text, const struct config_reading *r)
{
	struct config_origin o = config_origin(r->config);

	if (o.kind == CONFIG_KCONFIG)
		strbuf_printf(text, "as options of %s%s%s for mbedTLS %s", o.system,
			*o.system_version != '\0' ? " " : "", o.system_version, r->version.name);
	else
		strbuf_printf(text, "as an mbedTLS %s configuration (guessed)%s", r->version.name,
			o.kind == CONFIG_PASTED ? " in a text" : "");
}

void config_reading_text(struct page *p, const struct config_shown *c)
{
	const struct config_reading *r = c->reading;
	struct strbuf text = { 0 };

	if (r == NULL)
		return;
	strbuf_printf(&text, "Read %s ", c->path);
	add_kind(&text, r);
	strbuf_puts(&text, ", ");
	page_add_count(&text, r->count.mbedtls, "macro", "macros");
	if (c->said)
		strbuf_puts(&text, ", and said what a client of that build says");
	if (r->errors + r->warnings == 0) {
		strbuf_puts(&text, "; nothing in it contradicts itself.");
	} else {
		strbuf_puts(&text, "; of itself it has ");
		page_add_count(&text, r->errors, "error", "errors");
		strbuf_puts(&text, " and ");
		page_add_count(&text, r->warnings, "warning", "warnings");
		strbuf_printf(&text, " (tlsdiag config %s).", c->path);
	}
	page_wrap(p, 0, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

void config_reading_json(struct json *j, const struct config_shown *c)
{
	const struct config_reading *r = c->reading;

	if (r == NULL)
		return;
	json_object(j, "config");
	json_string(j, "name", c->path);
	json_string(j, "release", r->version.name);
	json_uint(j, "macros", r->count.mbedtls);
	json_uint(j, "errors", r->errors);
	json_uint(j, "warnings", r->warnings);
	json_bool(j, "said", c->said);
	json_end_object(j);
}
