/* Writing what the RFCs' structs look like: numbers, and vectors with their length in front. */
#ifndef TLSDIAG_CLIENT_PUT_H
#define TLSDIAG_CLIENT_PUT_H

#include "base/strbuf.h"

static inline void put_bytes(struct strbuf *out, struct bytes b)
{
	if (b.len != 0)
		strbuf_add(out, (const char *)b.data, b.len);
}

static inline void put_u8(struct strbuf *out, unsigned value)
{
	const uint8_t byte = (uint8_t)value;

	put_bytes(out, bytes_of(&byte, 1));
}

static inline void put_u16(struct strbuf *out, unsigned value)
{
	put_u8(out, value >> 8);
	put_u8(out, value);
}

static inline void put_u16s(struct strbuf *out, const uint16_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_u16(out, values[i]);
}

/* A vector begins, with a length of so many bytes (1 to 3); what is written next stands in it. */
static inline size_t put_begin(struct strbuf *out, size_t length_bytes)
{
	for (size_t i = 0; i < length_bytes; i++)
		put_u8(out, 0);
	return out->len;
}

/* It ends; start is what put_begin() gave. */
static inline void put_end(struct strbuf *out, size_t start, size_t length_bytes)
{
	size_t len = out->len - start;

	if (out->failed)
		return;
	for (size_t i = 1; i <= length_bytes; i++, len >>= 8)
		out->text[start - i] = (char)(len & 0xff);
}

static inline struct bytes put_text(const struct strbuf *b)
{
	return bytes_of(b->text, b->len);
}

#endif
