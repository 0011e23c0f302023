/* Indentation and the tag that is still open are kept here; names are the caller's. */
#include "report/xml_writer.h"

#include "report/utf8.h"

#include <inttypes.h>

/* XML 1.0 2.2 leaves these two out; what else it leaves out is hostile anyway. */
static bool is_no_character(uint32_t c)
{
	return c == 0xfffe || c == 0xffff;
}

static const char *entity(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/* Writes the character that text begins with; returns its length. */
static size_t put_character(struct strbuf *out, struct bytes text, bool line_ends)
{
	uint32_t c = 0;
	size_t len = utf8_decode(text, &c);

	if (len != 0 && entity(c) != NULL) {
		strbuf_puts(out, entity(c));
	} else if (len == 0 || is_no_character(c) ||
		   (utf8_is_hostile(c) && !(c == '\n' && line_ends))) {
		strbuf_printf(out, "\\x%02x", text.data[0]);
		return 1;
	} else {
		strbuf_add(out, (const char *)text.data, len);
	}
	return len;
}

static void put_text(struct strbuf *out, const char *text, bool line_ends)
{
	struct bytes rest = bytes_of(text, strlen(text));

	while (rest.len != 0)
		rest = bytes_slice(rest, put_character(out, rest, line_ends), rest.len);
}

static void close_tag(struct xml *x)
{
	if (x->in_tag)
		strbuf_puts(x->out, ">");
	x->in_tag = false;
}

static void new_line(struct xml *x)
{
	strbuf_printf(x->out, "\n%*s", (int)(2 * x->depth), "");
}

void xml_begin(struct xml *x, struct strbuf *out)
{
	*x = (struct xml){ .out = out };
	strbuf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

void xml_start(struct xml *x, const char *name)
{
	close_tag(x);
	if (!x->in_text)
		new_line(x);
	strbuf_printf(x->out, "<%s", name);
	x->in_tag = true;
	x->in_text = false;
	x->depth++;
}

void xml_end(struct xml *x, const char *name)
{
	x->depth--;
	if (x->in_tag) {
		strbuf_puts(x->out, "/>");
	} else {
		if (!x->in_text)
			new_line(x);
		strbuf_printf(x->out, "</%s>", name);
	}
	x->in_tag = x->in_text = false;
	if (x->depth == 0)
		strbuf_puts(x->out, "\n");
}

void xml_attribute(struct xml *x, const char *name, const char *text)
{
	if (text == NULL)
		return;
	strbuf_printf(x->out, " %s=\"", name);
	put_text(x->out, text, false);
	strbuf_puts(x->out, "\"");
}

void xml_attribute_uint(struct xml *x, const char *name, uint64_t value)
{
	strbuf_printf(x->out, " %s=\"%" PRIu64 "\"", name, value);
}

/* Time does not run backwards in a report, though it may in a capture. */
void xml_attribute_seconds(struct xml *x, const char *name, int64_t ns)
{
	int64_t us = ns > 0 ? ns / 1000 : 0;

	strbuf_printf(
		x->out, " %s=\"%" PRId64 ".%06" PRId64 "\"", name, us / 1000000, us % 1000000);
}

void xml_text(struct xml *x, const char *text)
{
	close_tag(x);
	put_text(x->out, text, true);
	x->in_text = true;
}
