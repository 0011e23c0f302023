/* The xz format, by liblzma, which is told how much memory it may take. Nothing without the library. */
#include "unpack/codec.h"

#ifdef TLSDIAG_LZMA

#include "base/memory.h"
#include "unpack/unpack.h"

#include <lzma.h>
#include <stdlib.h>

static void *get(void *ctx, size_t n, size_t size)
{
	(void)ctx;
	return memory_zeroed(n, size);
}

static void give_back(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static const lzma_allocator allocator = { get, give_back, NULL };

static bool begin(lzma_stream *z)
{
	z->allocator = &allocator;
	return lzma_stream_decoder(z, UNPACK_MEMORY_MAX, 0) == LZMA_OK;
}

static void *xz_open(void)
{
	static const lzma_stream none = LZMA_STREAM_INIT;
	lzma_stream *z = memory_new(sizeof *z);

	if (z == NULL)
		return NULL;
	*z = none;
	if (begin(z))
		return z;
	free(z);
	return NULL;
}

static enum codec_result xz_step(
	void *state, struct bytes *in, uint8_t *out, size_t room, size_t *made)
{
	lzma_stream *z = state;
	lzma_ret result;

	z->next_in = in->data;
	z->avail_in = in->len;
	z->next_out = out;
	z->avail_out = room;
	result = lzma_code(z, LZMA_RUN);
	*made = room - z->avail_out;
	*in = bytes_slice(*in, in->len - z->avail_in, in->len);
	if (result == LZMA_STREAM_END)
		return CODEC_END;
	if (result == LZMA_MEM_ERROR)
		return CODEC_MEMORY;
	if (result == LZMA_MEMLIMIT_ERROR)
		return CODEC_TOO_WIDE;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? CODEC_OK : CODEC_DAMAGED;
}

static bool xz_again(void *state)
{
	return begin(state);
}

static void xz_close(void *state)
{
	lzma_end(state);
	free(state);
}

const struct codec codec_xz = {
	.name = "xz",
	.magic_len = 6,
	.magic = "\xfd\x37zXZ\0",
	.open = xz_open,
	.step = xz_step,
	.again = xz_again,
	.close = xz_close,
};

#endif
