/*
 * The bytes of a descriptor, unpacked on the way when they come compressed: gzip, and xz and zstd where
 * their libraries were there when this was built. Others are handed on as they are. The one place
 * that includes zlib.h, lzma.h and zstd.h.
 *
 * Memory is bounded whatever a file asks for; what unpacks to far more than any capture or log does is
 * read no further.
 */
#ifndef TLSDIAG_UNPACK_UNPACK_H
#define TLSDIAG_UNPACK_UNPACK_H

#include "base/bytes.h"
#include "base/err.h"

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_XZ, PACKING_ZSTD, N_PACKINGS };

/* By the first bytes, six where there are so many. PACKING_NONE: another, or one not built in. */
enum packing packing_tell(struct bytes first);
const char *packing_name(enum packing p); /* "gzip" */
bool packing_built_in(enum packing p);

enum {
	/* So many times its size a file may unpack to, once it is more than the free bytes. */
	UNPACK_RATIO_MAX = 250,
	UNPACK_FREE = 64 * 1024 * 1024,
	UNPACK_ROOM_MIN = 16,                 /* bytes that unpack_read() needs room for */
	UNPACK_MEMORY_MAX = 80 * 1024 * 1024, /* xz -9 needs 65 MiB */
};

struct unpack_reader;

/* fd stays the caller's and is read from where it stands. NULL with ERR_MEMORY. */
struct unpack_reader *unpack_open(int fd, struct err *e);
void unpack_close(struct unpack_reader *r); /* accepts NULL */

enum unpack_result {
	UNPACK_OK,
	UNPACK_END,     /* nothing is left */
	UNPACK_FAILED,  /* of the descriptor: ERR_OS, detail is errno; or ERR_MEMORY */
	UNPACK_CUT,     /* the compressed data breaks off */
	UNPACK_DAMAGED, /* it is none: a checksum, a code that there is not */
	UNPACK_LIMIT,   /* beyond UNPACK_RATIO_MAX, or of a window that takes too much memory */
};

/*
 * Up to `room` bytes (at least UNPACK_ROOM_MIN) into out; *got is at least 1 with UNPACK_OK. After anything else
 * nothing more comes; *e then says why, as what follows "cannot read 'x': ".
 */
enum unpack_result unpack_read(
	struct unpack_reader *r, uint8_t *out, size_t room, size_t *got, struct err *e);

/* Known from the first unpack_read() on. */
enum packing unpack_packing(const struct unpack_reader *r);

#endif
