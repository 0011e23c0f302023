/* A run of bytes that someone else owns. */
#ifndef TLSDIAG_BASE_BYTES_H
#define TLSDIAG_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *data;
	size_t len;
};

static inline struct bytes bytes_of(const void *data, size_t len)
{
	return (struct bytes){ data, len };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Of ASCII; any other byte is itself. */
static inline uint8_t byte_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* Equal but for the case of ASCII letters. */
static inline bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (byte_lower(a.data[i]) != byte_lower(b.data[i]))
			return false;
	return true;
}

/* From the first byte that is that one to the end; empty: there is none. */
static inline struct bytes bytes_from(struct bytes b, uint8_t byte)
{
	const uint8_t *at = b.len != 0 ? memchr(b.data, byte, b.len) : NULL;

	return at != NULL ? bytes_of(at, b.len - (size_t)(at - b.data)) : bytes_of(NULL, 0);
}

/* The part [at, at + len) of b, cut to what b holds. */
static inline struct bytes bytes_slice(struct bytes b, size_t at, size_t len)
{
	if (at > b.len)
		at = b.len;
	if (len > b.len - at)
		len = b.len - at;
	return (struct bytes){ at != 0 ? b.data + at : b.data, len };
}

/* Without the bytes in front that are that one. */
static inline struct bytes bytes_skip(struct bytes b, uint8_t byte)
{
	while (b.len != 0 && b.data[0] == byte)
		b = bytes_slice(b, 1, b.len);
	return b;
}

/* A big-endian number without the zero bytes in front; 0 is empty. */
static inline struct bytes bytes_skip_zeros(struct bytes number)
{
	return bytes_skip(number, 0);
}

/* Not empty, and every byte is printable ASCII: may be shown as it is. */
bool bytes_printable(struct bytes b);

#endif
