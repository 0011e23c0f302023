/* Messages written as hex, with spaces where they help the eye. */
#ifndef TLSDIAG_TESTS_SUPPORT_HEX_H
#define TLSDIAG_TESTS_SUPPORT_HEX_H

#include "base/cur.h"

#include <assert.h>

enum { MESSAGE_MAX = 2048 };

/* The bytes stand at the end of buf, so that a sanitizer sees a read behind the last one. */
struct message {
	struct bytes b;
	struct parse_err err;
	uint8_t buf[MESSAGE_MAX];
};

static inline unsigned hex_digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static inline size_t hex_decode(const char *hex, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		assert(n < room);
		out[n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
		hex++;
	}
	return n;
}

/* A cursor on the message in hex without its last `cut` bytes; it and its error live in m. */
static inline struct cur message_cut(struct message *m, const char *hex, size_t cut)
{
	uint8_t bytes[MESSAGE_MAX];
	size_t n = hex_decode(hex, bytes, sizeof bytes);

	assert(cut <= n);
	n -= cut;
	memcpy(m->buf + sizeof m->buf - n, bytes, n);
	m->b = bytes_of(m->buf + sizeof m->buf - n, n);
	return cur_init(m->b, &m->err);
}

static inline struct cur message_of(struct message *m, const char *hex)
{
	return message_cut(m, hex, 0);
}

#define assert_bytes_are_hex(got, hex)                                                             \
	do {                                                                                       \
		uint8_t want_[MESSAGE_MAX];                                                        \
		size_t n_ = hex_decode(hex, want_, sizeof want_);                                  \
		assert_int_equal((got).len, n_);                                                   \
		if (n_ != 0)                                                                       \
			assert_memory_equal((got).data, want_, n_);                                \
	} while (0)

#endif
