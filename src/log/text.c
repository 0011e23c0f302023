/* Decoding, a unit at a time; only the plain bytes between line ends are copied in runs. */
#include "log/text.h"

#include "base/array.h"
#include "base/memory.h"

enum { ESC = 0x1b, BEL = 0x07, REPLACEMENT = 0xfffd };

bool log_text_open(struct log_text *t)
{
	*t = (struct log_text){ .number = 0 };
	return (t->line = memory_get(LOG_LINE_MAX)) != NULL;
}

void log_text_close(struct log_text *t)
{
	free(t->line);
	t->line = NULL;
}

/* ---- lines ---- */

static void put(struct log_text *t, const uint8_t *data, size_t len)
{
	size_t room = LOG_LINE_MAX - t->len;

	t->begun = true;
	if (len > room) {
		len = room;
		t->clipped = true;
	}
	memcpy(t->line + t->len, data, len);
	t->len += len;
}

static void put_char(struct log_text *t, uint32_t c)
{
	uint8_t out[4];
	size_t n = 0;

	if (c < 0x80) {
		out[n++] = (uint8_t)c;
	} else if (c < 0x800) {
		out[n++] = (uint8_t)(0xc0 | c >> 6);
		out[n++] = (uint8_t)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		out[n++] = (uint8_t)(0xe0 | c >> 12);
		out[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (uint8_t)(0x80 | (c & 0x3f));
	} else {
		out[n++] = (uint8_t)(0xf0 | c >> 18);
		out[n++] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		out[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (uint8_t)(0x80 | (c & 0x3f));
	}
	put(t, out, n);
}

/*
 * The source of a web page says "&gt;" for ">" (HTML 4.01 5.3); no program whose log this is does. What stands for
 * it is shorter, so that it goes where it was.
 */
static size_t plain_entities(uint8_t *line, size_t len)
{
	static const struct {
		const char *name;
		char is;
	} entities[] = { { "&gt;", '>' }, { "&lt;", '<' }, { "&amp;", '&' }, { "&quot;", '"' },
		{ "&#x27;", '\'' }, { "&#39;", '\'' }, { "&apos;", '\'' }, { "&nbsp;", ' ' } };
	size_t to = 0;

	if (len == 0 || memchr(line, '&', len) == NULL)
		return len;
	for (size_t at = 0; at < len; at++) {
		uint8_t c = line[at];

		for (size_t i = 0; c == '&' && i < COUNT(entities); i++) {
			size_t n = strlen(entities[i].name);

			if (n > len - at || memcmp(line + at, entities[i].name, n) != 0)
				continue;
			c = (uint8_t)entities[i].is;
			at += n - 1;
			break;
		}
		line[to++] = c;
	}
	return to;
}

static void end_line(struct log_text *t)
{
	t->number++;
	t->clipped_lines += t->clipped;
	t->len = plain_entities(t->line, t->len);
	t->take(t->ctx, bytes_of(t->line, t->len), t->number, t->clipped);
	t->len = 0;
	t->clipped = t->begun = false;
	t->control = CONTROL_NONE;
}

/* ---- characters ---- */

/* ECMA-48: ESC [ parameters final; ESC ] string BEL (or ESC \); ESC and one byte. True: c belongs to it. */
static bool controls(struct log_text *t, uint32_t c)
{
	switch (t->control) {
	case CONTROL_NONE:
		if (c == ESC)
			t->control = CONTROL_ESCAPE;
		return c == ESC;
	case CONTROL_ESCAPE:
		t->control = c == '[' ? CONTROL_SEQUENCE : c == ']' ? CONTROL_STRING : CONTROL_NONE;
		return true;
	case CONTROL_SEQUENCE:
		if (c >= 0x40)
			t->control = CONTROL_NONE;
		return true;
	case CONTROL_STRING:
		if (c == BEL || c == ESC)
			t->control = c == BEL ? CONTROL_NONE : CONTROL_ESCAPE;
		return true;
	}
	return false;
}

/* The last character is taken back; no further than the line. */
static void backspace(struct log_text *t)
{
	while (t->len != 0 && (t->line[--t->len] & 0xc0) == 0x80)
		continue;
}

/* Marks without width: what editors and pages leave behind. */
static bool is_nothing(uint32_t c)
{
	return c == 0xfeff || (c >= 0x200b && c <= 0x200d) || c == 0x2060;
}

/* Blanks that do not break: pages keep columns with them. */
static bool is_blank(uint32_t c)
{
	return c == 0xa0 || c == 0x2007 || c == 0x202f;
}

static void take_char(struct log_text *t, uint32_t c)
{
	if (c == '\n' || c == '\r') {
		if (c == '\r' || !t->after_cr)
			end_line(t);
		t->after_cr = c == '\r';
		return;
	}
	t->after_cr = false;
	if (controls(t, c) || c == '\0' || is_nothing(c))
		return;
	if (c == '\b')
		backspace(t);
	else if (is_blank(c))
		put_char(t, ' ');
	else if (c >= ' ' || c == '\t')
		put_char(t, c);
}

/* ---- UTF-8 ---- */

static void not_utf8(struct log_text *t)
{
	t->n_rest = t->n_wanted = 0;
	take_char(t, REPLACEMENT);
}

/* RFC 3629 3: no longer form than needed, no surrogates, nothing beyond 0x10ffff. */
static void end_of_char(struct log_text *t)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = t->rest[0] & (0x7fu >> t->n_wanted);

	for (unsigned i = 1; i < t->n_wanted; i++)
		c = c << 6 | (t->rest[i] & 0x3f);
	if (c < least[t->n_wanted] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff) {
		not_utf8(t);
		return;
	}
	t->n_rest = t->n_wanted = 0;
	take_char(t, c);
}

static void take_byte(struct log_text *t, uint8_t b)
{
	if (t->n_wanted != 0) {
		if ((b & 0xc0) == 0x80) {
			t->rest[t->n_rest++] = b;
			if (t->n_rest == t->n_wanted)
				end_of_char(t);
			return;
		}
		not_utf8(t);
	}
	if (b < 0x80) {
		take_char(t, b);
		return;
	}
	t->n_wanted = b >= 0xf0 && b < 0xf8 ? 4 : b >= 0xe0 ? 3 : b >= 0xc2 ? 2 : 0;
	if (t->n_wanted == 0 || b >= 0xf8) {
		not_utf8(t);
		return;
	}
	t->rest[0] = b;
	t->n_rest = 1;
}

/* Printable ASCII that nothing is pending for: the run of it that begins here. */
static size_t plain_run(const struct log_text *t, struct bytes b)
{
	size_t n = 0;

	if (t->n_wanted != 0 || t->control != CONTROL_NONE)
		return 0;
	while (n < b.len && b.data[n] >= ' ' && b.data[n] < 0x7f)
		n++;
	return n;
}

static void feed_bytes(struct log_text *t, struct bytes b)
{
	while (b.len != 0) {
		size_t n = plain_run(t, b);

		if (n != 0) {
			t->after_cr = false;
			put(t, b.data, n);
		} else {
			take_byte(t, b.data[0]);
			n = 1;
		}
		b = bytes_slice(b, n, b.len);
	}
}

/* ---- UTF-16 ---- */

static void take_unit(struct log_text *t, uint16_t u)
{
	uint16_t high = t->high;

	t->high = 0;
	if (u >= 0xdc00 && u < 0xe000) {
		take_char(t, high != 0 ? 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (u - 0xdc00)
				       : REPLACEMENT);
		return;
	}
	if (high != 0)
		take_char(t, REPLACEMENT);
	if (u >= 0xd800 && u < 0xdc00)
		t->high = u;
	else
		take_char(t, u);
}

static void feed_utf16(struct log_text *t, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t now = b.data[i];

		if (!t->has_half) {
			t->half = now;
			t->has_half = true;
			continue;
		}
		t->has_half = false;
		if (t->encoding == TEXT_UTF16_LE)
			take_unit(t, (uint16_t)(now << 8 | t->half));
		else
			take_unit(t, (uint16_t)(t->half << 8 | now));
	}
}

/* ---- both ---- */

static void decide(struct log_text *t)
{
	const uint8_t *h = t->head;

	t->encoding = TEXT_BYTES;
	if (t->n_head < 2)
		return;
	if (h[0] == 0xff && h[1] == 0xfe)
		t->encoding = TEXT_UTF16_LE;
	else if (h[0] == 0xfe && h[1] == 0xff)
		t->encoding = TEXT_UTF16_BE;
	else if (t->n_head == 4 && h[0] != 0 && h[1] == 0 && h[2] != 0 && h[3] == 0)
		t->encoding = TEXT_UTF16_LE;
	else if (t->n_head == 4 && h[0] == 0 && h[1] != 0 && h[2] == 0 && h[3] != 0)
		t->encoding = TEXT_UTF16_BE;
}

static void feed_decided(struct log_text *t, struct bytes b)
{
	if (t->encoding == TEXT_BYTES)
		feed_bytes(t, b);
	else
		feed_utf16(t, b);
}

void log_text_feed(struct log_text *t, struct bytes piece)
{
	t->bytes += piece.len;
	while (t->encoding == TEXT_UNDECIDED && piece.len != 0) {
		t->head[t->n_head++] = piece.data[0];
		piece = bytes_slice(piece, 1, piece.len);
		if (t->n_head < sizeof t->head)
			continue;
		decide(t);
		feed_decided(t, bytes_of(t->head, t->n_head));
	}
	if (piece.len != 0)
		feed_decided(t, piece);
}

void log_text_end(struct log_text *t)
{
	if (t->encoding == TEXT_UNDECIDED) {
		decide(t);
		feed_decided(t, bytes_of(t->head, t->n_head));
	}
	if (t->n_wanted != 0)
		not_utf8(t);
	if (t->begun)
		end_line(t);
	t->number = 0;
	t->encoding = TEXT_UNDECIDED;
	t->n_head = 0;
	t->has_half = t->after_cr = false;
	t->high = 0;
}
