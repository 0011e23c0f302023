/* What each library does for unpack.c: bytes in, bytes out, one step at a time. Internal to unpack. */
#ifndef TLSDIAG_UNPACK_CODEC_H
#define TLSDIAG_UNPACK_CODEC_H

#include "base/bytes.h"

enum codec_result {
	CODEC_OK,  /* it took or gave something, or wants more input */
	CODEC_END, /* a stream is complete; another may follow */
	CODEC_DAMAGED,
	CODEC_TOO_WIDE, /* it wants more memory than is allowed */
	CODEC_MEMORY,
};

struct codec {
	const char *name;
	size_t magic_len;
	const char *magic;
	void *(*open)(void); /* NULL: memory is out */
	/* Moves in past what it took; *made is how much of out it filled. */
	enum codec_result (*step)(
		void *state, struct bytes *in, uint8_t *out, size_t room, size_t *made);
	bool (*again)(void *state); /* another stream begins */
	void (*close)(void *state);
};

extern const struct codec codec_gzip, codec_zlib;
#ifdef TLSDIAG_BROTLI
extern const struct codec codec_brotli;
#endif
#ifdef TLSDIAG_LZMA
extern const struct codec codec_xz;
#endif
#ifdef TLSDIAG_ZSTD
extern const struct codec codec_zstd;
#endif

#endif
