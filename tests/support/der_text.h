/*
 * DER written down: hex digits, 'text', and (...) for a length and the body that has it. An element
 * is its tag and a body: "30(02(01) 0c('name'))". Blanks mean nothing.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_DER_TEXT_H
#define TLSDIAG_TESTS_SUPPORT_DER_TEXT_H

#include "support/hex.h"

#include <string.h>

struct der_text {
	const char *rest;
	uint8_t *out;
	size_t n, room;
};

static inline void der_text_body(struct der_text *t);

/* The length goes before a body that is there already: at most 65,535 bytes. */
static inline void der_text_length(struct der_text *t, size_t begin)
{
	size_t len = t->n - begin, width = len < 0x80 ? 1 : len < 0x100 ? 2 : 3;

	assert(t->n + width <= t->room && len < 0x10000);
	memmove(t->out + begin + width, t->out + begin, len);
	if (width != 1)
		t->out[begin] = (uint8_t)(0x80 + width - 1);
	if (width == 3)
		t->out[begin + 1] = (uint8_t)(len >> 8);
	t->out[begin + width - 1] = (uint8_t)len;
	t->n += width;
}

static inline void der_text_item(struct der_text *t)
{
	size_t begin = t->n;

	if (*t->rest == '(') {
		t->rest++;
		der_text_body(t);
		assert(*t->rest == ')');
		der_text_length(t, begin);
	} else if (*t->rest == '\'') {
		while (*++t->rest != '\'')
			t->out[t->n++] = (uint8_t)*t->rest;
	} else if (*t->rest != ' ') {
		t->out[t->n++] = (uint8_t)(hex_digit(t->rest[0]) << 4 | hex_digit(t->rest[1]));
		t->rest++;
	}
	t->rest++;
}

static inline void der_text_body(struct der_text *t)
{
	while (*t->rest != '\0' && *t->rest != ')') {
		assert(t->n < t->room);
		der_text_item(t);
	}
}

/* How many bytes the text makes; out has room for them. */
static inline size_t der_text(const char *text, uint8_t *out, size_t room)
{
	struct der_text t = { text, out, 0, room };

	der_text_body(&t);
	assert(*t.rest == '\0');
	return t.n;
}

#endif
