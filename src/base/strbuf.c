/* Room is doubled, so that a text of any length is copied but a few times. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void strbuf_free(struct strbuf *b)
{
	free(b->text);
	*b = (struct strbuf){ 0 };
}

void strbuf_clear(struct strbuf *b)
{
	b->len = 0;
	if (b->text != NULL)
		b->text[0] = '\0';
}

/* Makes room for `more` characters and the NUL. */
static bool strbuf_room(struct strbuf *b, size_t more)
{
	size_t size = b->size != 0 ? b->size : 64;
	char *text;

	if (b->failed)
		return false;
	if (more < b->size - b->len)
		return true;
	while (size - b->len <= more) {
		if (size > SIZE_MAX / 2) {
			b->failed = true;
			return false;
		}
		size *= 2;
	}
	text = realloc(b->text, size);
	if (text == NULL) {
		b->failed = true;
		return false;
	}
	b->text = text;
	b->size = size;
	return true;
}

void strbuf_add(struct strbuf *b, const char *text, size_t len)
{
	if (!strbuf_room(b, len))
		return;
	if (len != 0)
		memcpy(b->text + b->len, text, len);
	b->len += len;
	b->text[b->len] = '\0';
}

void strbuf_puts(struct strbuf *b, const char *text)
{
	strbuf_add(b, text, strlen(text));
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0 && strbuf_room(b, (size_t)n)) {
		(void)vsnprintf(b->text + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void strbuf_hex(struct strbuf *b, struct bytes bytes)
{
	static const char digit[] = "0123456789abcdef";

	if (bytes.len > SIZE_MAX / 2 - 1 || !strbuf_room(b, 2 * bytes.len))
		return;
	for (size_t i = 0; i < bytes.len; i++) {
		b->text[b->len++] = digit[bytes.data[i] >> 4];
		b->text[b->len++] = digit[bytes.data[i] & 15];
	}
	b->text[b->len] = '\0';
}

const char *strbuf_text(const struct strbuf *b)
{
	return b->text != NULL ? b->text : "";
}
