/* Markdown, as the pages of the rules use it, rendered for a terminal. */
#ifndef TLSDIAG_REPORT_MARKDOWN_H
#define TLSDIAG_REPORT_MARKDOWN_H

#include "report/page.h"

/*
 * Headings, paragraphs, lists ("- ", "* ", "1. "), code (fenced, or indented by four blanks after
 * an empty line) and tables as they stand; inside text `code` and **strong**. Text is wrapped at
 * the page's width; what is no markup of these is text. Lines end with NULL.
 */
void markdown_put(struct page *p, const char *const *lines);

#endif
