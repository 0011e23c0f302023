/*
 * A cursor: a read-only window on bytes someone else owns, that remembers the first failure.
 *
 * A length-prefixed read returns a smaller window, so a child can never read its parent's bytes.
 * After a failure every read gives zero or an empty window and cur_left() is 0, so loops end by
 * themselves and a parser reads like the RFC's struct. All pointer arithmetic on input is in
 * cur_take(). Offsets count from the first byte of the message given to cur_init().
 */
#ifndef TLSDIAG_BASE_CUR_H
#define TLSDIAG_BASE_CUR_H

#include "base/bytes.h"

enum parse_code {
	PARSE_OK,
	PARSE_SHORT, /* a length points past the end of what holds it */
	PARSE_CUT, /* the bytes end because the capture or the connection does, not because a length lied */
	PARSE_RANGE, /* a length or value outside what the RFC allows; need is the nearest bound */
	PARSE_TRAILING, /* bytes left over; have is how many */
	PARSE_LIMIT,    /* more items than we keep */
	PARSE_VALUE,    /* a value with which the message cannot be read on */
	PARSE_MISSING,  /* what has to be there is not */
};

struct parse_err {
	enum parse_code code;
	const char *field; /* the RFC's name; static */
	size_t at;         /* offset of the field from the start of the message */
	size_t need, have;
};

struct cur {
	const uint8_t *next;
	size_t left;           /* bytes; ask cur_left(), which is 0 after a failure */
	size_t at;             /* offset of next from the start of the message */
	struct parse_err *err; /* shared by every window on the message */
};

/* Starts a cursor on a whole message and clears *err. */
static inline struct cur cur_init(struct bytes message, struct parse_err *err)
{
	*err = (struct parse_err){ 0 };
	return (struct cur){ message.data, message.len, 0, err };
}

static inline bool cur_ok(const struct cur *c)
{
	return c->err->code == PARSE_OK;
}
static inline size_t cur_left(const struct cur *c)
{
	return cur_ok(c) ? c->left : 0;
}

/* Records the first failure; `at` of the error is the cursor's place. */
void cur_fail(struct cur *c, enum parse_code code, const char *field, size_t need);

/* The one place where input is stepped through; in a header because millions of bytes pass it. */
static inline const uint8_t *cur_take(struct cur *c, size_t len, const char *field)
{
	const uint8_t *p = c->next;

	if (!cur_ok(c))
		return NULL;
	if (len > c->left) {
		cur_fail(c, PARSE_SHORT, field, len);
		return NULL;
	}
	if (len != 0)
		c->next += len;
	c->left -= len;
	c->at += len;
	return p;
}

/* Each read moves past what it read; on failure it records `field` and gives 0 or nothing. */
static inline uint8_t cur_u8(struct cur *c, const char *field)
{
	const uint8_t *p = cur_take(c, 1, field);

	return p != NULL ? p[0] : 0;
}

static inline uint16_t cur_u16(struct cur *c, const char *field)
{
	const uint8_t *p = cur_take(c, 2, field);

	return p != NULL ? (uint16_t)((unsigned)p[0] << 8 | p[1]) : 0;
}

static inline uint32_t cur_u24(struct cur *c, const char *field)
{
	const uint8_t *p = cur_take(c, 3, field);

	return p != NULL ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline uint32_t cur_u32(struct cur *c, const char *field)
{
	const uint8_t *p = cur_take(c, 4, field);

	return p != NULL ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
			 : 0;
}

static inline struct bytes cur_bytes(struct cur *c, size_t len, const char *field)
{
	const uint8_t *p = cur_take(c, len, field);

	return p != NULL ? bytes_of(p, len) : bytes_of(NULL, 0);
}

static inline struct bytes cur_rest(struct cur *c)
{
	return cur_bytes(c, cur_left(c), "rest");
}

/* A vector<min..max> with a length of 1, 2 or 3 bytes before it; returns the window on its body. */
struct cur cur_vec8(struct cur *c, const char *field, size_t min, size_t max);
struct cur cur_vec16(struct cur *c, const char *field, size_t min, size_t max);
struct cur cur_vec24(struct cur *c, const char *field, size_t min, size_t max);

/* Closes a block: stray bytes are a failure of kind PARSE_TRAILING. True when all is well. */
static inline bool cur_end(struct cur *c, const char *field)
{
	if (cur_left(c) != 0)
		cur_fail(c, PARSE_TRAILING, field, 0);
	return cur_ok(c);
}

/* Writes a sentence such as "byte 106: KeyShareEntry.key_exchange needs 9, has 4" into out. */
void parse_err_text(const struct parse_err *err, char *out, size_t size);

#endif
