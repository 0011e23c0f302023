/* Compressed bytes of which it is known to how many they unpack: the certificates of RFC 8879. */
#ifndef TLSDIAG_UNPACK_UNPACK_WHOLE_H
#define TLSDIAG_UNPACK_UNPACK_WHOLE_H

#include "base/bytes.h"

enum unpacked {
	UNPACKED,         /* all of it, to just so many */
	UNPACKED_NOT,     /* it is none, breaks off, or unpacks to more or to fewer */
	UNPACKED_UNKNOWN, /* an algorithm that is not built in, or that there is not */
	UNPACKED_MEMORY,
};

/* algorithm: TLS Certificate Compression Algorithm IDs: 1 zlib, 2 brotli, 3 zstd (RFC 8879 7.3). `len` bytes are
 * written to out, of which nothing holds if it is not UNPACKED. */
enum unpacked unpack_whole(uint16_t algorithm, struct bytes in, uint8_t *out, size_t len);

#endif
