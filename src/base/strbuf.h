/* A growing text buffer. A failed allocation is remembered; later appends do nothing. */
#ifndef TLSDIAG_BASE_STRBUF_H
#define TLSDIAG_BASE_STRBUF_H

#include "base/bytes.h"

struct strbuf {
	char *text; /* NUL-terminated; NULL while empty */
	size_t len, size;
	bool failed;
	/* Called when memory is out: puts the text away and empties the buffer, so that the append can
	 * go on in what memory there is. NULL: the append fails. */
	void (*spill)(struct strbuf *b, void *ctx);
	void *spill_ctx;
};

void strbuf_free(struct strbuf *b);  /* the buffer can be used again */
void strbuf_clear(struct strbuf *b); /* empties, keeps the memory */
void strbuf_add(struct strbuf *b, const char *text, size_t len);
void strbuf_puts(struct strbuf *b, const char *text);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_hex(struct strbuf *b, struct bytes bytes); /* lower case, no separators */

/* Makes room for so many characters beforehand; false: memory is out. */
bool strbuf_reserve(struct strbuf *b, size_t size);

/* The text so far; "" while empty. Borrowed until the next change. */
const char *strbuf_text(const struct strbuf *b);

#endif
