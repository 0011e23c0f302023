/*
 * Writes XML 1.0 into a buffer, element by element, indented. Whatever bytes a text has, what comes
 * out is well-formed: characters that XML knows no way to write become \xHH, as for a terminal.
 */
#ifndef TLSDIAG_REPORT_XML_WRITER_H
#define TLSDIAG_REPORT_XML_WRITER_H

#include "base/strbuf.h"

struct xml {
	struct strbuf *out;
	unsigned depth;
	bool in_tag;  /* a start tag is open, and may get attributes */
	bool in_text; /* text stands before what comes next */
};

/* The first line, and an empty document. */
void xml_begin(struct xml *x, struct strbuf *out);

/* Names are plain ASCII, not escaped. */
void xml_start(struct xml *x, const char *name);
void xml_end(struct xml *x, const char *name);

/* Of the element just started. NULL: no attribute. */
void xml_attribute(struct xml *x, const char *name, const char *text);
void xml_attribute_uint(struct xml *x, const char *name, uint64_t value);
void xml_attribute_seconds(struct xml *x, const char *name, int64_t ns); /* "1.305000" */

/* Line ends in it stay. */
void xml_text(struct xml *x, const char *text);

#endif
