/* Words with numbers in them, out of the bytes of an input (support/found.h): where it has ended, of zeros. */
#ifndef TLSDIAG_TESTS_SUPPORT_FOUND_WORDS_H
#define TLSDIAG_TESTS_SUPPORT_FOUND_WORDS_H

#include "base/strbuf.h"

/* What is left of an input. */
struct found_script {
	struct bytes rest;
};

static inline unsigned found_byte(struct found_script *s)
{
	unsigned byte = s->rest.len != 0 ? s->rest.data[0] : 0;

	s->rest = bytes_slice(s->rest, 1, s->rest.len);
	return byte;
}

static inline void found_hex(struct found_script *s, struct strbuf *b)
{
	unsigned n = found_byte(s);
	struct bytes hex = bytes_slice(s->rest, 0, n);

	s->rest = bytes_slice(s->rest, hex.len, s->rest.len);
	strbuf_hex(b, hex);
}

/* # stands for a number of one byte, & for that times 80, $ for so many bytes in hexadecimal. */
static inline void found_word(struct found_script *s, const char *word, struct strbuf *b)
{
	for (const char *c = word; *c != '\0'; c++)
		if (*c == '#')
			strbuf_printf(b, "%u", found_byte(s));
		else if (*c == '&')
			strbuf_printf(b, "%u", 80 * found_byte(s));
		else if (*c == '$')
			found_hex(s, b);
		else
			strbuf_add(b, c, 1);
}

#endif
