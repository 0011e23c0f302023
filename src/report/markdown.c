/* Line by line: a paragraph is gathered until it ends, then wrapped as one. */
#include "report/markdown.h"

#include <ctype.h>

enum { CODE_INDENT = 4, HEADING_INDENT = 2 };

/* The block under way: a paragraph or an item of a list, until the line that ends it. */
struct block {
	struct strbuf text;
	char marker[24]; /* "-", "12."; "" for a paragraph */
	unsigned at;     /* column of the marker, or of a paragraph's lines */
};

struct renderer {
	struct page *page;
	struct block block;
	bool fenced;
};

/* A text without its marks, and the role of each of its bytes. */
struct styled {
	struct strbuf text, roles;
};

static void style_add(struct styled *s, char c, enum role role)
{
	char r = (char)role;

	strbuf_add(&s->text, &c, 1);
	strbuf_add(&s->roles, &r, 1);
}

/* A mark opens only when it is closed again; else it is text. plain: the role of what is unmarked. */
static void style(struct styled *s, const char *text, enum role plain)
{
	bool code = false, strong = false;

	while (*text != '\0') {
		if (*text == '`' && (code || strchr(text + 1, '`') != NULL)) {
			code = !code;
			text++;
		} else if (!code && strncmp(text, "**", 2) == 0 &&
			   (strong || strstr(text + 2, "**") != NULL)) {
			strong = !strong;
			text += 2;
		} else {
			style_add(s, *text++, code || strong ? ROLE_LABEL : plain);
		}
	}
}

/* Bytes [from, to) in their roles, a run of one role at a time. */
static void put_runs(struct page *p, const struct styled *s, size_t from, size_t to)
{
	struct strbuf run = { 0 };

	while (from < to) {
		char role = s->roles.text[from];
		size_t n = 0;

		while (from + n < to && s->roles.text[from + n] == role)
			n++;
		strbuf_clear(&run);
		strbuf_add(&run, s->text.text + from, n);
		page_put(p, (enum role)role, strbuf_text(&run));
		from += n;
	}
	p->out.failed = p->out.failed || run.failed;
	strbuf_free(&run);
}

static unsigned word_columns(const struct page *p, const struct styled *s, size_t from, size_t n)
{
	struct strbuf word = { 0 };
	unsigned columns;

	strbuf_add(&word, s->text.text + from, n);
	columns = page_columns(p, strbuf_text(&word));
	strbuf_free(&word);
	return columns;
}

/* page_wrap(), for words in roles. */
static void wrap_styled(struct page *p, unsigned indent, const char *text, enum role plain)
{
	struct styled s = { 0 };
	bool first = true;

	style(&s, text, plain);
	p->out.failed = p->out.failed || s.text.failed || s.roles.failed;
	for (size_t at = 0; !p->out.failed && at < s.text.len;) {
		size_t n = strcspn(s.text.text + at, " ");

		if (n != 0) {
			unsigned columns = word_columns(p, &s, at, n);

			if (!first && p->column + 1 + columns > p->width) {
				page_end_line(p);
				if (indent != 0)
					page_tab(p, indent);
			} else if (!first) {
				page_tab(p, p->column + 1);
			}
			put_runs(p, &s, at, at + n);
			first = false;
		}
		at += n + (s.text.text[at + n] != '\0');
	}
	strbuf_free(&s.text);
	strbuf_free(&s.roles);
}

/* Writes the block under way. */
static void flush(struct renderer *r)
{
	struct block *b = &r->block;
	struct page *p = r->page;

	if (b->text.len != 0 || b->marker[0] != '\0') {
		if (b->at != 0)
			page_tab(p, b->at);
		if (b->marker[0] != '\0') {
			page_put(p, ROLE_PLAIN, b->marker);
			page_tab(p, p->column + 1);
		}
		wrap_styled(p, p->column, strbuf_text(&b->text), ROLE_PLAIN);
		page_end_line(p);
	}
	p->out.failed = p->out.failed || b->text.failed;
	strbuf_clear(&b->text);
	b->marker[0] = '\0';
	b->at = 0;
}

static void put_heading(struct renderer *r, const char *line)
{
	struct page *p = r->page;

	flush(r);
	page_blank_line(p);
	line += strspn(line, "#");
	line += strspn(line, " ");
	wrap_styled(p, HEADING_INDENT, line, ROLE_LABEL);
	page_end_line(p);
}

static void put_verbatim(struct renderer *r, const char *line)
{
	flush(r);
	page_put(r->page, ROLE_PLAIN, line);
	page_end_line(r->page);
}

/* How long the marker of a list item is that text begins with; 0 when it is none. */
static size_t marker_length(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if ((text[0] == '-' || text[0] == '*') && text[1] == ' ')
		return 1;
	return digits != 0 && digits < 10 && text[digits] == '.' && text[digits + 1] == ' '
		       ? digits + 1
		       : 0;
}

static bool is_heading(const char *line)
{
	size_t n = strspn(line, "#");

	return n != 0 && n <= 6 && line[n] == ' ';
}

static void put_text(struct renderer *r, const char *line)
{
	struct block *b = &r->block;
	size_t blanks = strspn(line, " \t"), marker = marker_length(line + blanks);
	const char *text = line + blanks;

	if (marker != 0) {
		flush(r);
		memcpy(b->marker, text, marker);
		b->marker[marker] = '\0';
		b->at = (unsigned)(blanks < r->page->width / 2 ? blanks : r->page->width / 2);
		text += marker;
		text += strspn(text, " ");
	}
	if (b->text.len != 0)
		strbuf_puts(&b->text, " ");
	strbuf_puts(&b->text, text);
}

static void put_line(struct renderer *r, const char *line)
{
	size_t blanks = strspn(line, " \t");
	bool inside = r->block.text.len != 0;

	if (strncmp(line + blanks, "```", 3) == 0) {
		flush(r);
		r->fenced = !r->fenced;
	} else if (r->fenced) {
		page_tab(r->page, CODE_INDENT);
		put_verbatim(r, line);
	} else if (line[blanks] == '\0') {
		flush(r);
		page_blank_line(r->page);
	} else if (is_heading(line)) {
		put_heading(r, line);
	} else if (line[0] == '|' || (!inside && blanks >= CODE_INDENT)) {
		put_verbatim(r, line);
	} else {
		put_text(r, line);
	}
}

void markdown_put(struct page *p, const char *const *lines)
{
	struct renderer r = { .page = p };

	for (; *lines != NULL; lines++)
		put_line(&r, *lines);
	flush(&r);
	strbuf_free(&r.block.text);
}
