/* RFC 8878, by libzstd, whose window is bounded. Nothing without the library. */
#include "unpack/codec.h"

#ifdef TLSDIAG_ZSTD

#include "unpack/unpack.h"

#include <zstd.h>
#include <zstd_errors.h>

enum { WINDOW_LOG_MAX = 26 }; /* 64 MiB: more than zstd -19 takes, less than --ultra --long may */

static void *zstd_open(void)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();

	if (z != NULL)
		(void)ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	return z;
}

static enum codec_result zstd_step(
	void *state, struct bytes *in, uint8_t *out, size_t room, size_t *made)
{
	ZSTD_inBuffer from = { in->data, in->len, 0 };
	ZSTD_outBuffer to = { out, room, 0 };
	size_t result = ZSTD_decompressStream(state, &to, &from);

	*made = to.pos;
	*in = bytes_slice(*in, from.pos, in->len);
	if (ZSTD_isError(result)) {
		ZSTD_ErrorCode code = ZSTD_getErrorCode(result);

		if (code == ZSTD_error_memory_allocation)
			return CODEC_MEMORY;
		return code == ZSTD_error_frameParameter_windowTooLarge ? CODEC_TOO_WIDE
									: CODEC_DAMAGED;
	}
	return result == 0 ? CODEC_END : CODEC_OK;
}

static bool zstd_again(void *state)
{
	return !ZSTD_isError(ZSTD_DCtx_reset(state, ZSTD_reset_session_only));
}

static void zstd_close(void *state)
{
	(void)ZSTD_freeDCtx(state);
}

const struct codec codec_zstd = {
	.name = "zstd",
	.magic_len = 4,
	.magic = "\x28\xb5\x2f\xfd",
	.open = zstd_open,
	.step = zstd_step,
	.again = zstd_again,
	.close = zstd_close,
};

#endif
