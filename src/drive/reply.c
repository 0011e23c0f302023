/* What replies of all kinds have in common: lines, and how they are quoted. */
#include "drive/reply.h"

#include <stdio.h>

enum { QUOTED_HEX = 24, TEXT_PROBE = 4 };

static bool is_print(uint8_t c)
{
	return c >= 0x20 && c <= 0x7e;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Its first bytes are those of text; letters of any language may follow. */
static bool is_text(struct bytes b)
{
	for (size_t i = 0; i < b.len && i < TEXT_PROBE; i++)
		if (!is_print(b.data[i]) && !is_space(b.data[i]))
			return false;
	return true;
}

static void quote_line(struct bytes b, char out[static DIALOGUE_SAID])
{
	size_t n = 0;

	while (n < b.len && n < DIALOGUE_SAID - 1 && b.data[n] != '\n' && b.data[n] != '\r') {
		out[n] = is_print(b.data[n]) ? (char)b.data[n] : '.';
		n++;
	}
	while (n != 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

static void quote_hex(struct bytes b, char out[static DIALOGUE_SAID])
{
	size_t n = 0;

	for (size_t i = 0; i < b.len && i < QUOTED_HEX; i++)
		n += (size_t)snprintf(
			out + n, DIALOGUE_SAID - n, i == 0 ? "%02x" : " %02x", b.data[i]);
	if (b.len > QUOTED_HEX)
		(void)snprintf(out + n, DIALOGUE_SAID - n, " ...");
}

void reply_quote(struct bytes b, char out[static DIALOGUE_SAID])
{
	out[0] = '\0';
	while (b.len != 0 && is_space(b.data[0]))
		b = bytes_slice(b, 1, b.len);
	if (is_text(b))
		quote_line(b, out);
	else
		quote_hex(b, out);
}

enum reply_kind reply_refuse(struct reply *out, size_t len, struct bytes quote)
{
	out->len = len;
	reply_quote(quote, out->said);
	return REPLY_REFUSED;
}

bool reply_next_line(struct bytes *b, struct bytes *line)
{
	const uint8_t *end = b->len != 0 ? memchr(b->data, '\n', b->len) : NULL;
	size_t len;

	if (end == NULL)
		return false;
	len = (size_t)(end - b->data);
	*line = bytes_slice(*b, 0, len);
	*b = bytes_slice(*b, len + 1, b->len);
	if (line->len != 0 && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}
