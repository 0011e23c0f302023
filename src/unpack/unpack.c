/* A buffer of what is compressed, the codec's state, and a count of both sides. */
#include "unpack/unpack.h"

#include "base/memory.h"
#include "unpack/codec.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAGIC_MAX = 6, PACKED_ROOM = 64 * 1024 };

struct unpack_reader {
	int fd;
	bool begun, packed_end, between; /* between: a stream is complete, and none has begun */
	enum packing packing;
	const struct codec *codec;
	void *state;
	uint8_t *packed;   /* PACKED_ROOM */
	struct bytes left; /* of it, not taken yet */
	uint64_t n_packed, n_unpacked;
};

static const struct codec *codec_of(enum packing p)
{
	static const struct codec *const codecs[N_PACKINGS] = {
		[PACKING_GZIP] = &codec_gzip,
#ifdef TLSDIAG_LZMA
		[PACKING_XZ] = &codec_xz,
#endif
#ifdef TLSDIAG_ZSTD
		[PACKING_ZSTD] = &codec_zstd,
#endif
	};

	return codecs[p];
}

bool packing_built_in(enum packing p)
{
	return codec_of(p) != NULL;
}

const char *packing_name(enum packing p)
{
	static const char *const names[N_PACKINGS] = { "none", "gzip", "xz", "zstd" };

	return names[p];
}

enum packing packing_tell(struct bytes first)
{
	for (int p = PACKING_GZIP; p < N_PACKINGS; p++) {
		const struct codec *c = codec_of((enum packing)p);

		if (c != NULL && first.len >= c->magic_len &&
			memcmp(first.data, c->magic, c->magic_len) == 0)
			return (enum packing)p;
	}
	return PACKING_NONE;
}

struct unpack_reader *unpack_open(int fd, struct err *e)
{
	struct unpack_reader *r = memory_new(sizeof *r);

	if (r == NULL)
		(void)err_set(e, ERR_MEMORY, 0, "out of memory");
	else
		r->fd = fd;
	return r;
}

void unpack_close(struct unpack_reader *r)
{
	if (r == NULL)
		return;
	if (r->state != NULL)
		r->codec->close(r->state);
	free(r->packed);
	free(r);
}

enum packing unpack_packing(const struct unpack_reader *r)
{
	return r->packing;
}

/* ---- reading ---- */

static enum unpack_result read_some(int fd, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	ssize_t n;

	do
		n = read(fd, out, room);
	while (n < 0 && errno == EINTR);
	*got = n > 0 ? (size_t)n : 0;
	if (n < 0)
		(void)err_set(e, ERR_OS, errno, "%s", strerror(errno));
	return n < 0 ? UNPACK_FAILED : n == 0 ? UNPACK_END : UNPACK_OK;
}

static enum unpack_result out_of_memory(struct err *e)
{
	(void)err_set(e, ERR_MEMORY, 0, "out of memory");
	return UNPACK_FAILED;
}

/* The first bytes are in out already, where they stay when nothing is to be unpacked. */
static enum unpack_result begin_unpacking(
	struct unpack_reader *r, const uint8_t *first, size_t n, struct err *e)
{
	r->codec = codec_of(r->packing);
	r->packed = memory_get(PACKED_ROOM);
	r->state = r->packed != NULL ? r->codec->open() : NULL;
	if (r->state == NULL)
		return out_of_memory(e);
	memcpy(r->packed, first, n);
	r->left = bytes_of(r->packed, n);
	r->n_packed = n;
	return UNPACK_OK;
}

/* A pipe may give fewer bytes than a magic number has. */
static enum unpack_result begin(
	struct unpack_reader *r, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	enum unpack_result result = UNPACK_OK;
	size_t most = room < PACKED_ROOM ? room : PACKED_ROOM, more = 0;

	r->begun = true;
	*got = 0;
	while (result == UNPACK_OK && *got < MAGIC_MAX) {
		result = read_some(r->fd, out + *got, most - *got, &more, e);
		*got += more;
	}
	if (result == UNPACK_FAILED || *got == 0)
		return result;
	r->packing = packing_tell(bytes_of(out, *got));
	return r->packing == PACKING_NONE ? UNPACK_OK : begin_unpacking(r, out, *got, e);
}

static enum unpack_result refill(struct unpack_reader *r, struct err *e)
{
	size_t got = 0;
	enum unpack_result result = read_some(r->fd, r->packed, PACKED_ROOM, &got, e);

	r->left = bytes_of(r->packed, got);
	r->n_packed += got;
	r->packed_end = result == UNPACK_END;
	return result == UNPACK_FAILED ? result : UNPACK_OK;
}

/* What gzip and others pad files with, or what stands behind them, is no stream. */
static bool is_padding(const struct unpack_reader *r)
{
	for (size_t i = 0; i < r->left.len; i++)
		if (r->left.data[i] != 0)
			return r->left.len < r->codec->magic_len ||
			       memcmp(r->left.data, r->codec->magic, r->codec->magic_len) != 0;
	return true;
}

static enum unpack_result stop(enum codec_result why, struct err *e)
{
	if (why == CODEC_MEMORY)
		return out_of_memory(e);
	if (why == CODEC_TOO_WIDE) {
		(void)err_set(e, ERR_LIMIT, 0, "it takes more than '%d MiB' of memory to unpack",
			UNPACK_MEMORY_MAX / 1024 / 1024);
		return UNPACK_LIMIT;
	}
	(void)err_set(e, ERR_INPUT, 0, "its compressed data is damaged");
	return UNPACK_DAMAGED;
}

static bool is_bomb(const struct unpack_reader *r)
{
	return r->n_unpacked > UNPACK_FREE && r->n_unpacked / UNPACK_RATIO_MAX > r->n_packed;
}

static enum unpack_result too_much(struct err *e)
{
	(void)err_set(
		e, ERR_LIMIT, 0, "it unpacks to more than '%d' times its size", UNPACK_RATIO_MAX);
	return UNPACK_LIMIT;
}

static enum unpack_result cut(struct err *e)
{
	(void)err_set(e, ERR_INPUT, 0, "its compressed data breaks off");
	return UNPACK_CUT;
}

/* One step of the codec; *got 0 with UNPACK_OK: nothing came out of it yet. */
static enum unpack_result step(
	struct unpack_reader *r, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	size_t before = r->left.len;
	enum codec_result result;

	if (r->between) {
		if (is_padding(r))
			return UNPACK_END;
		if (!r->codec->again(r->state))
			return out_of_memory(e);
		r->between = false;
	}
	result = r->codec->step(r->state, &r->left, out, room, got);
	r->n_unpacked += *got;
	r->between = result == CODEC_END;
	if (result != CODEC_OK && result != CODEC_END)
		return stop(result, e);
	if (result == CODEC_OK && *got == 0 && r->left.len == before && before != 0)
		return stop(CODEC_DAMAGED, e);
	return UNPACK_OK;
}

static enum unpack_result unpack_some(
	struct unpack_reader *r, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	enum unpack_result result = UNPACK_OK;

	*got = 0;
	if (is_bomb(r))
		return too_much(e);
	while (result == UNPACK_OK && *got == 0) {
		if (r->left.len == 0 && !r->packed_end)
			result = refill(r, e);
		if (result != UNPACK_OK)
			return result;
		if (r->packed_end && r->left.len == 0 && r->between)
			return UNPACK_END;
		result = step(r, out, room, got, e);
		if (result == UNPACK_OK && *got == 0 && r->packed_end && r->left.len == 0 &&
			!r->between)
			return cut(e);
	}
	return result;
}

enum unpack_result unpack_read(
	struct unpack_reader *r, uint8_t *out, size_t room, size_t *got, struct err *e)
{
	enum unpack_result result;

	if (!r->begun) {
		result = begin(r, out, room, got, e);
		if (result != UNPACK_OK || r->packing == PACKING_NONE)
			return result;
	}
	return r->packing == PACKING_NONE ? read_some(r->fd, out, room, got, e)
					  : unpack_some(r, out, room, got, e);
}
