/*
 * Lines for people: wrapped at spaces, in columns, coloured when asked. Every text goes through
 * utf8_put_safe() rules, so that no byte of a peer reaches a terminal unescaped.
 */
#ifndef TLSDIAG_REPORT_PAGE_H
#define TLSDIAG_REPORT_PAGE_H

#include "base/strbuf.h"

enum role { ROLE_PLAIN, ROLE_ERROR, ROLE_WARNING, ROLE_NOTE, ROLE_GOOD, ROLE_LABEL, ROLE_FAINT };

struct page {
	struct strbuf out;
	unsigned width;  /* columns */
	unsigned column; /* where the line under way stands */
	bool color, utf8;
	bool inside; /* the last line was not an empty one */
};

/* Text as it is, on the line under way. */
void page_put(struct page *p, enum role role, const char *text);
void page_printf(struct page *p, enum role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Blanks up to a column; at least one when the line is past it already. */
void page_tab(struct page *p, unsigned column);
void page_end_line(struct page *p);
void page_blank_line(struct page *p);

/* Text wrapped from the present column on; its further lines start at `indent`. Ends no line. */
void page_wrap(struct page *p, unsigned indent, const char *text);
void page_wrapf(struct page *p, unsigned indent, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Columns that the text fills. */
unsigned page_columns(const struct page *p, const char *text);

/* "1,234,567" in out. */
enum { COUNT_TEXT = 32 };
const char *page_count(uint64_t n, char out[static COUNT_TEXT]);
/* "1 handshake", "1,234 handshakes" appended. */
void page_add_count(struct strbuf *out, uint64_t n, const char *one, const char *many);

#endif
