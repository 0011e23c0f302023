/* RFC 7932, by libbrotlidec: a window of at most 16 MiB, and none of the "large" ones. */
#include "unpack/codec.h"

#ifdef TLSDIAG_BROTLI

#include "base/memory.h"

#include <brotli/decode.h>
#include <stdlib.h>

static void *get(void *ctx, size_t size)
{
	(void)ctx;
	return memory_get(size);
}

static void give_back(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static void *brotli_open(void)
{
	return BrotliDecoderCreateInstance(get, give_back, NULL);
}

static enum codec_result brotli_step(
	void *state, struct bytes *in, uint8_t *out, size_t room, size_t *made)
{
	BrotliDecoderState *b = state;
	size_t left = in->len, free_room = room;
	const uint8_t *next = in->data;
	BrotliDecoderResult result =
		BrotliDecoderDecompressStream(b, &left, &next, &free_room, &out, NULL);
	BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(b);

	*made = room - free_room;
	*in = bytes_slice(*in, in->len - left, in->len);
	if (result == BROTLI_DECODER_RESULT_SUCCESS)
		return CODEC_END;
	if (result != BROTLI_DECODER_RESULT_ERROR)
		return CODEC_OK;
	return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
			       code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES
		       ? CODEC_MEMORY
		       : CODEC_DAMAGED;
}

/* A stream of its own ends with its last block: nothing that follows is another. */
static bool brotli_again(void *state)
{
	(void)state;
	return false;
}

static void brotli_close(void *state)
{
	BrotliDecoderDestroyInstance(state);
}

const struct codec codec_brotli = {
	.name = "brotli",
	.magic = "",
	.open = brotli_open,
	.step = brotli_step,
	.again = brotli_again,
	.close = brotli_close,
};

#endif
