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
