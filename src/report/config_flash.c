/* What a configuration could do without: rows for people, an object for programs. */
#include "report/config_flash.h"

enum { BYTES_AT = 2, TEXT_AT = 8 };

static const char *measured_release(unsigned major)
{
	return major >= 3 ? "3.6.6" : "2.28.3";
}

static void add_bytes(struct strbuf *text, long bytes, const char *what)
{
	char count[COUNT_TEXT];

	if (bytes == 0)
		return;
	strbuf_printf(text, "%s%s bytes of %s %s", text->len != 0 ? ", " : "",
		page_count((uint64_t)(bytes < 0 ? -bytes : bytes), count), what,
		bytes < 0 ? "saved" : "more");
}

static void put_saving(struct page *p, const struct saving *s)
{
	struct strbuf text = { 0 };

	page_put(p, ROLE_PLAIN, "  ");
	page_wrap(p, BYTES_AT, s->change);
	page_end_line(p);
	add_bytes(&text, s->flash, "flash");
	add_bytes(&text, s->ram, "RAM");
	if (text.len == 0)
		add_bytes(&text, s->objects, "objects that are linked whole");
	strbuf_printf(&text, ". Lost: %s.", s->lost);
	if (s->verdict == SAVING_NOT_NEEDED)
		strbuf_printf(&text, " Looked for and not found: %s.", need_name(s->need));
	else if (s->verdict == SAVING_NEEDED)
		strbuf_printf(&text, " Keep it: %s is used%s%s%s.", need_name(s->need),
			s->where != NULL ? " (" : "", s->where != NULL ? s->where : "",
			s->where != NULL ? ")" : "");
	page_tab(p, TEXT_AT);
	page_wrap(p, TEXT_AT, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

void report_flash_text(struct page *p, unsigned major, const struct saving *list, size_t n)
{
	page_put(p, ROLE_LABEL, "what it could do without");
	page_end_line(p);
	page_put(p, ROLE_PLAIN, "  ");
	page_wrapf(p, 2,
		"Measured with mbedTLS %s on a Cortex-M4 (gcc 12.2, -Os), one change at a time of "
		"a small server for TLS 1.2. Savings overlap; where more is compiled in, most "
		"are larger, some much smaller.",
		measured_release(major));
	page_end_line(p);
	for (size_t i = 0; i < n; i++)
		put_saving(p, &list[i]);
}

void report_flash_json(struct json *j, unsigned major, const struct saving *list, size_t n)
{
	json_object(j, "flash");
	json_string(j, "measured", measured_release(major));
	json_array(j, "savings");
	for (size_t i = 0; i < n; i++) {
		const struct saving *s = &list[i];

		json_object(j, NULL);
		json_string(j, "change", s->change);
		json_int(j, "flash", s->flash);
		json_int(j, "ram", s->ram);
		json_int(j, "objects", s->objects);
		json_string(j, "lost", s->lost);
		json_string(j, "verdict", saving_verdict_name(s->verdict));
		if (s->where != NULL)
			json_string(j, "where", s->where);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

/* ---- record buffers ---- */

static void add_used(struct strbuf *text, const struct build *b, const struct buffers_used *used)
{
	char count[COUNT_TEXT], left[COUNT_TEXT];

	if (used->chain != 0)
		strbuf_printf(text, " The device's own Certificate message has %s bytes%s",
			page_count(used->chain, count),
			(long)used->chain < b->out.content ? ", which is what must go out:" : ".");
	if (used->chain != 0 && (long)used->chain < b->out.content)
		strbuf_printf(text, " up to %s bytes less.",
			page_count((uint64_t)(b->out.content - (long)used->chain), left));
	if (used->received != 0)
		strbuf_printf(text, " The longest record in the capture that it was sent has %s.",
			page_count(used->received, count));
}

void report_buffers_text(struct page *p, const struct build *b, const struct buffers_used *used)
{
	struct strbuf text = { 0 };
	char heap[COUNT_TEXT];

	if (b->n_versions == 0)
		return;
	page_put(p, ROLE_PLAIN, "  ");
	page_wrap(p, BYTES_AT,
		b->major >= 3 ? "SSL_IN_CONTENT_LEN, SSL_OUT_CONTENT_LEN"
			      : "SSL_MAX_CONTENT_LEN, SSL_IN_CONTENT_LEN, SSL_OUT_CONTENT_LEN");
	page_end_line(p);
	strbuf_printf(&text,
		"%s bytes of heap for the two buffers of a connection, and one less for each byte "
		"that they are lowered by. Lost: peers that send longer records, which may have "
		"16,384 bytes.",
		page_count((uint64_t)(b->in.buffer + b->out.buffer), heap));
	add_used(&text, b, used);
	page_tab(p, TEXT_AT);
	page_wrap(p, TEXT_AT, strbuf_text(&text));
	page_end_line(p);
	strbuf_free(&text);
}

void report_buffers_json(struct json *j, const struct build *b, const struct buffers_used *used)
{
	json_object(j, "record_buffers");
	json_int(j, "heap", b->in.buffer + b->out.buffer);
	json_int(j, "in", b->in.content);
	json_int(j, "out", b->out.content);
	if (used->chain != 0)
		json_uint(j, "own_certificates", used->chain);
	if (used->received != 0)
		json_uint(j, "longest_received", used->received);
	json_end_object(j);
}
