/*
 * DER with one of its elements another one, all lengths around it right again: a byte of its contents is one
 * more or one less, it is gone, comes twice, is empty, cut, longer, or of another type.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_DER_HARM_H
#define TLSDIAG_TESTS_SUPPORT_DER_HARM_H

#include "base/bytes.h"

#include <string.h>

enum { DER_HARM_MAX = 8192 };

enum der_harm {
	DER_HARM_NONE,
	DER_HARM_MORE,  /* its first byte is one more */
	DER_HARM_LESS,  /* its last byte is one less */
	DER_HARM_HIGH,  /* the top bit of its middle byte is the other way */
	DER_HARM_GONE,  /* it is not there */
	DER_HARM_TWICE, /* it comes twice */
	DER_HARM_EMPTY, /* it has no contents */
	DER_HARM_CUT,   /* its last byte is not there */
	DER_HARM_LONG,  /* a zero stands behind its contents */
	DER_HARM_FRONT, /* one stands before them */
	DER_HARM_TYPE,  /* the next tag */
	DER_HARM_CLASS, /* another class */
	N_DER_HARMS,
};

struct der_harmed {
	size_t which; /* element, in the order in which they begin */
	enum der_harm how;
	size_t seen; /* elements so far */
};

/* The header of an element that is in b whole; 0: there is none. */
static inline size_t der_harm_header(struct bytes b, size_t *len)
{
	size_t n_len, header = 2;

	if (b.len < 2 || (b.data[0] & 0x1f) == 0x1f)
		return 0;
	*len = b.data[1];
	if (*len >= 0x80) {
		n_len = *len & 0x7f;
		if (n_len == 0 || n_len > 2 || b.len < 2 + n_len)
			return 0;
		*len = n_len == 1 ? b.data[2] : (size_t)b.data[2] << 8 | b.data[3];
		header += n_len;
	}
	return *len <= b.len - header ? header : 0;
}

/* Is it made up of whole elements, and of nothing else? */
static inline bool der_harm_nests(struct bytes b)
{
	size_t len, header;

	if (b.len == 0)
		return false;
	while (b.len != 0) {
		header = der_harm_header(b, &len);
		if (header == 0)
			return false;
		b = bytes_slice(b, header + len, b.len);
	}
	return true;
}

static inline size_t der_harm_put(uint8_t tag, const uint8_t *body, size_t len, uint8_t *out)
{
	size_t n = 0;

	out[n++] = tag;
	if (len >= 0x100) {
		out[n++] = 0x82;
		out[n++] = (uint8_t)(len >> 8);
	} else if (len >= 0x80) {
		out[n++] = 0x81;
	}
	out[n++] = (uint8_t)len;
	memcpy(out + n, body, len);
	return n + len;
}

/* The contents, changed; their length. */
static inline size_t der_harm_body(enum der_harm how, uint8_t *body, size_t len)
{
	if (how == DER_HARM_EMPTY)
		return 0;
	if (how == DER_HARM_LONG)
		body[len++] = 0;
	if (how == DER_HARM_FRONT) {
		memmove(body + 1, body, len++);
		body[0] = 0;
	}
	if (len == 0)
		return 0;
	if (how == DER_HARM_MORE)
		body[0]++;
	if (how == DER_HARM_LESS)
		body[len - 1]--;
	if (how == DER_HARM_HIGH)
		body[len / 2] ^= 0x80;
	return how == DER_HARM_CUT ? len - 1 : len;
}

/* Writes the elements of b; false: it is not made up of elements. out has room for twice as much. */
static inline size_t der_harm_write(struct der_harmed *h, struct bytes b, uint8_t *out)
{
	size_t n = 0, len, header;

	while ((header = der_harm_header(b, &len)) != 0) {
		struct bytes inner = bytes_slice(b, header, len),
			     behind = bytes_slice(b, header + len, b.len);
		bool hit = h->seen++ == h->which;
		enum der_harm how = hit ? h->how : DER_HARM_NONE;
		uint8_t body[DER_HARM_MAX], tag = b.data[0];
		size_t bit = tag == 0x03 &&
			     inner.len != 0; /* of a BIT STRING the bits that are unused */
		struct bytes nested = bytes_slice(inner, bit, inner.len);

		memcpy(body, inner.data, inner.len);
		if (((tag & 0x20) != 0 || tag == 0x04 || tag == 0x03) && der_harm_nests(nested))
			len = bit + der_harm_write(h, nested, body + bit);
		len = der_harm_body(how, body, len);
		tag = (uint8_t)(how == DER_HARM_TYPE    ? tag + 1
				: how == DER_HARM_CLASS ? tag ^ 0x80
							: tag);
		if (how != DER_HARM_GONE)
			n += der_harm_put(tag, body, len, out + n);
		if (how == DER_HARM_TWICE)
			n += der_harm_put(tag, body, len, out + n);
		b = behind;
	}
	return n;
}

/* The elements of b, `which` changed in that way, to out (DER_HARM_MAX bytes), *n of them. False: b has no such
 * element. */
static inline bool der_harm(
	struct bytes b, size_t which, enum der_harm how, uint8_t *out, size_t *n)
{
	struct der_harmed h = { .which = which, .how = how };

	*n = b.len <= DER_HARM_MAX / 4 ? der_harm_write(&h, b, out) : 0;
	return h.seen > which;
}

#endif
