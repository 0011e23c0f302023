/*
 * A C source as its preprocessor sees it (C11 5.1.1.2, phases 2 and 3): lines that a backslash goes on with are one,
 * comments are a space, whatever line they end in. Text in quotes is left alone.
 */
#ifndef TLSDIAG_CONFIG_SOURCE_LINES_H
#define TLSDIAG_CONFIG_SOURCE_LINES_H

#include "base/strbuf.h"

struct source_lines {
	struct bytes rest;
	unsigned read;      /* lines of the text so far */
	unsigned number;    /* of the line that `text` begins in, from 1 */
	struct strbuf text; /* without its end */
};

struct source_lines source_lines_of(struct bytes text);
/* The next line, in l->text. False: the text is at its end, or memory is out (text.failed). */
bool source_lines_next(struct source_lines *l);
void source_lines_close(struct source_lines *l);

#endif
