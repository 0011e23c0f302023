/* Names come from strangers: they are shown as text that harms no terminal and no parser. */
#include "report/handshakes/server_label.h"

#include "diagnose/cause.h"
#include "report/utf8.h"
#include "session/handshake.h"

enum { NAME_SHOWN = 255 };

void server_label(const struct case_file *cf, struct strbuf *out)
{
	char address[ENDPOINT_TEXT];

	if (cf->target != NULL) {
		strbuf_puts(out, cf->target);
		return;
	}
	endpoint_text(&cf->server, address);
	strbuf_puts(out, cf->server.family != 0 ? address : "the server");
	if (cf->name.len == 0)
		return;
	strbuf_puts(out, " (");
	utf8_put_safe(out, cf->name, true, NAME_SHOWN);
	strbuf_puts(out, ")");
}

void json_server_name(struct json *j, const struct case_file *cf)
{
	if (cf->target != NULL)
		json_string(j, "target", cf->target);
	if (cf->name.len != 0)
		json_text(j, "name", cf->name);
}
