/* Widths are counted in columns of the terminal, not in bytes. */
#include "report/page.h"

#include "report/utf8.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

enum { WORD_MAX = 64 };

static const char *const colors[] = {
	[ROLE_PLAIN] = "",
	[ROLE_ERROR] = "\033[1;31m",
	[ROLE_WARNING] = "\033[1;33m",
	[ROLE_NOTE] = "\033[1;36m",
	[ROLE_GOOD] = "\033[1;32m",
	[ROLE_LABEL] = "\033[1m",
	[ROLE_FAINT] = "\033[2m",
};

/* The safe form of text, at the end of the page. Returns its columns. */
static unsigned put_safe(struct page *p, struct bytes text)
{
	size_t start = p->out.len;
	unsigned columns = 0;
	struct bytes done;

	if (bytes_printable(text)) { /* nearly all there is */
		strbuf_add(&p->out, (const char *)text.data, text.len);
		return (unsigned)text.len;
	}
	utf8_put_safe(&p->out, text, p->utf8, SIZE_MAX);
	done = bytes_of(strbuf_text(&p->out) + start, p->out.len - start);
	while (done.len != 0) {
		uint32_t c = 0;
		size_t len = utf8_decode(done, &c);

		columns += len != 0 ? utf8_columns(c) : 1;
		done = bytes_slice(done, len != 0 ? len : 1, done.len);
	}
	return columns;
}

unsigned page_columns(const struct page *p, const char *text)
{
	struct page scratch = { .utf8 = p->utf8 };
	unsigned columns = put_safe(&scratch, bytes_of(text, strlen(text)));

	strbuf_free(&scratch.out);
	return columns;
}

void page_put(struct page *p, enum role role, const char *text)
{
	bool color = p->color && role != ROLE_PLAIN;

	if (color)
		strbuf_puts(&p->out, colors[role]);
	p->column += put_safe(p, bytes_of(text, strlen(text)));
	if (color)
		strbuf_puts(&p->out, "\033[0m");
}

void page_printf(struct page *p, enum role role, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	page_put(p, role, text);
}

void page_tab(struct page *p, unsigned column)
{
	do {
		strbuf_add(&p->out, " ", 1);
		p->column++;
	} while (p->column < column);
}

/* No line ends in blanks. */
void page_end_line(struct page *p)
{
	while (p->out.len != 0 && p->out.text[p->out.len - 1] == ' ')
		p->out.len--;
	strbuf_add(&p->out, "\n", 1);
	p->column = 0;
	p->inside = true;
}

/* One empty line, unless there is one already or nothing before it. */
void page_blank_line(struct page *p)
{
	if (p->inside)
		strbuf_add(&p->out, "\n", 1);
	p->inside = false;
}

/*
 * The next word of text: what stands before a blank. Of a digest or a distinguished name that is
 * long, what fits on a line; other long words (a path, an address) are to be copied as they are.
 */
static struct bytes word_of(struct bytes text)
{
	const uint8_t *blank = text.len != 0 ? memchr(text.data, ' ', text.len) : NULL;
	struct bytes word = blank != NULL ? bytes_of(text.data, (size_t)(blank - text.data)) : text;
	size_t digits = 0, comma = 0;

	for (size_t i = 0; i < word.len && i < WORD_MAX && word.len > WORD_MAX; i++) {
		digits += isxdigit(word.data[i]) != 0;
		comma = word.data[i] == ',' ? i + 1 : comma;
	}
	if (digits == WORD_MAX)
		return bytes_slice(word, 0, WORD_MAX);
	return comma != 0 ? bytes_slice(word, 0, comma) : word;
}

void page_wrap(struct page *p, unsigned indent, const char *text)
{
	struct bytes rest = bytes_of(text, strlen(text));
	bool joined = true; /* no blank before the next word */

	while (rest.len != 0) {
		struct bytes word = word_of(rest);
		size_t before = p->out.len;
		unsigned columns, gap = joined ? 0 : 1;

		rest = bytes_slice(rest, word.len, rest.len);
		if (word.len == 0) {
			rest = bytes_slice(rest, 1, rest.len);
			continue;
		}
		if (gap != 0)
			strbuf_add(&p->out, " ", 1);
		columns = gap + put_safe(p, word);
		if (p->column + columns > p->width && p->column > indent) {
			p->out.len = before; /* it goes on the next line */
			page_end_line(p);
			if (indent != 0)
				page_tab(p, indent);
			columns = put_safe(p, word);
		}
		p->column += columns;
		joined = rest.len != 0 && rest.data[0] != ' ';
	}
}

void page_wrapf(struct page *p, unsigned indent, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	page_wrap(p, indent, text);
}

const char *page_count(uint64_t n, char out[static COUNT_TEXT])
{
	char *p = out + COUNT_TEXT - 1;
	unsigned digits = 0;

	*p = '\0';
	do {
		if (digits != 0 && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
		digits++;
	} while ((n /= 10) != 0);
	return p;
}

void page_add_count(struct strbuf *out, uint64_t n, const char *one, const char *many)
{
	char text[COUNT_TEXT];

	strbuf_printf(out, "%s %s", page_count(n, text), n == 1 ? one : many);
}
