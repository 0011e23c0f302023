/* How long a number is. */
#ifndef TLSDIAG_CRYPTO_BITS_H
#define TLSDIAG_CRYPTO_BITS_H

#include "base/bytes.h"

/* Of a big-endian number, in bits; zeros in front do not count, and 0 has none. */
static inline unsigned number_bits(struct bytes number)
{
	struct bytes b = bytes_skip_zeros(number);
	unsigned bits = 0;

	if (b.len == 0)
		return 0;
	for (unsigned top = b.data[0]; top != 0; top >>= 1)
		bits++;
	return bits + 8 * (unsigned)(b.len - 1);
}

#endif
