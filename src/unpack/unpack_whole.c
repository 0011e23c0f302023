/* One step after the other, until the length that was said is there. */
#include "unpack/unpack_whole.h"

#include "base/array.h"
#include "unpack/codec.h"

static const struct codec *codec_of(uint16_t algorithm)
{
	static const struct codec *const codecs[] = {
		[1] = &codec_zlib,
#ifdef TLSDIAG_BROTLI
		[2] = &codec_brotli,
#endif
#ifdef TLSDIAG_ZSTD
		[3] = &codec_zstd,
#endif
	};

	return algorithm < COUNT(codecs) ? codecs[algorithm] : NULL;
}

/* One byte more than was said shows that there is more. */
static enum unpacked steps(
	const struct codec *codec, void *state, struct bytes in, uint8_t *out, size_t len)
{
	uint8_t more;
	size_t have = 0;

	for (;;) {
		size_t before = in.len, made = 0;
		bool full = have == len;
		enum codec_result result = codec->step(
			state, &in, full ? &more : out + have, full ? 1 : len - have, &made);

		if (result == CODEC_MEMORY)
			return UNPACKED_MEMORY;
		if (result != CODEC_OK && result != CODEC_END)
			return UNPACKED_NOT;
		if (full && made != 0)
			return UNPACKED_NOT;
		have += made;
		if (result == CODEC_END)
			return have == len && in.len == 0 ? UNPACKED : UNPACKED_NOT;
		if (made == 0 && in.len == before)
			return UNPACKED_NOT;
	}
}

enum unpacked unpack_whole(uint16_t algorithm, struct bytes in, uint8_t *out, size_t len)
{
	const struct codec *codec = codec_of(algorithm);
	void *state = codec != NULL ? codec->open() : NULL;
	enum unpacked result;

	if (codec == NULL)
		return UNPACKED_UNKNOWN;
	if (state == NULL)
		return UNPACKED_MEMORY;
	result = steps(codec, state, in, out, len);
	codec->close(state);
	return result;
}
