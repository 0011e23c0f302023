/* RFC 1952, and RFC 1950, by zlib: its 32 KiB window needs no bound. */
#include "unpack/codec.h"

#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST /* it reads its input only */
#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS };

static voidpf get(voidpf ctx, uInt n, uInt size)
{
	(void)ctx;
	return memory_zeroed(n, size);
}

static void give_back(voidpf ctx, voidpf p)
{
	(void)ctx;
	free(p);
}

static void *open_with(int window_bits)
{
	z_stream *z = memory_new(sizeof *z);

	if (z == NULL)
		return NULL;
	z->zalloc = get;
	z->zfree = give_back;
	if (inflateInit2(z, window_bits) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static void *gzip_open(void)
{
	return open_with(GZIP_ONLY);
}

static void *zlib_open(void)
{
	return open_with(MAX_WBITS);
}

static enum codec_result gzip_step(
	void *state, struct bytes *in, uint8_t *out, size_t room, size_t *made)
{
	z_stream *z = state;
	uInt offered = (uInt)(in->len < UINT_MAX ? in->len : UINT_MAX);
	int result;

	z->next_in = in->data;
	z->avail_in = offered;
	z->next_out = out;
	z->avail_out = (uInt)(room < UINT_MAX ? room : UINT_MAX);
	*made = z->avail_out;
	result = inflate(z, Z_NO_FLUSH);
	*made -= z->avail_out;
	*in = bytes_slice(*in, offered - z->avail_in, in->len);
	if (result == Z_STREAM_END)
		return CODEC_END;
	if (result == Z_MEM_ERROR)
		return CODEC_MEMORY;
	return result == Z_OK || result == Z_BUF_ERROR ? CODEC_OK : CODEC_DAMAGED;
}

static bool gzip_again(void *state)
{
	return inflateReset(state) == Z_OK;
}

static void gzip_close(void *state)
{
	(void)inflateEnd(state);
	free(state);
}

const struct codec codec_gzip = {
	.name = "gzip",
	.magic_len = 3,
	.magic = "\x1f\x8b\x08",
	.open = gzip_open,
	.step = gzip_step,
	.again = gzip_again,
	.close = gzip_close,
};

/* What it begins with is told from little: it is not for files. */
const struct codec codec_zlib = {
	.name = "zlib",
	.magic = "",
	.open = zlib_open,
	.step = gzip_step,
	.again = gzip_again,
	.close = gzip_close,
};
