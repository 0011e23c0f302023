/*
 * The bytes of a capture file, read once from front to back through one buffer.
 *
 * A file and a pipe look the same: looking ahead needs no seek. Compressed ones are unpacked on the
 * way; places and sizes are then those of what is unpacked.
 */
#ifndef TLSDIAG_CAPTURE_INPUT_H
#define TLSDIAG_CAPTURE_INPUT_H

#include "base/bytes.h"
#include "base/err.h"
#include "unpack/unpack.h"

struct input {
	const char *name;     /* as messages call it; borrowed from input_open()'s caller */
	const uint8_t *bytes; /* what is in memory: all of it, or what `buffer` holds now */
	uint8_t *buffer;      /* owned; NULL for an input in memory */
	size_t start, end;    /* the bytes not consumed yet */
	uint64_t offset;      /* of the byte at start, from the start of the file */
	uint64_t total;       /* bytes of the file, 0 unknown */
	int fd;
	int failed; /* errno of a read that failed, 0 none; -1: `why` has the reason */
	bool at_end;
	struct unpack_reader *reader; /* owned; NULL for an input in memory */
	bool cut, limited;            /* what is compressed breaks off; was unpacked no further */
	struct err why;               /* of it */
};

/* The most bytes that can be looked at in one piece. */
enum { INPUT_PEEK_MAX = 320 * 1024 };

/* Opens a file, "-" for standard input. False with ERR_OS. */
bool input_open(struct input *in, const char *path, struct err *e);
/* The same of a file that is open; it is closed in the end, also when there is no memory. */
bool input_open_fd(struct input *in, int fd, const char *name, struct err *e);
/* The same for a file in memory, which must outlive the input. */
void input_open_bytes(struct input *in, const char *name, struct bytes file);
void input_close(struct input *in);

/* Why it could not be read on, when `failed` is not 0. */
const char *input_failure(const struct input *in);

/* Reads on until n bytes (at most INPUT_PEEK_MAX) are there or the file ends. */
void input_fill(struct input *in, size_t n);

/* The next n bytes, fewer only where the file ends. Valid until the next peek or skip. */
static inline struct bytes input_peek(struct input *in, size_t n)
{
	if (in->end - in->start < n)
		input_fill(in, n);
	return bytes_slice(bytes_of(in->bytes, in->end), in->start, n);
}

/* Moves past n bytes that were peeked at; they stay valid as input_peek() says. */
static inline void input_consume(struct input *in, size_t n)
{
	in->start += n;
	in->offset += n;
}

/* Moves past any number of bytes; false when the file ends before. */
bool input_skip(struct input *in, uint64_t n);

/* Numbers in a header in either byte order; a place outside it gives 0. */
static inline uint32_t input_u32(struct bytes b, size_t at, bool little)
{
	const uint8_t *p;

	if (at > b.len || b.len - at < 4)
		return 0;
	p = b.data + at;
	return little ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0]
		      : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t input_u16(struct bytes b, size_t at, bool little)
{
	const uint8_t *p;

	if (at > b.len || b.len - at < 2)
		return 0;
	p = b.data + at;
	return (uint16_t)(little ? p[1] << 8 | p[0] : p[0] << 8 | p[1]);
}

#endif
