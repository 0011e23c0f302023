/* A certificate that a program printed as PEM, line by line: for readers that know whose it is. */
#ifndef TLSDIAG_LOG_PEM_BLOCK_H
#define TLSDIAG_LOG_PEM_BLOCK_H

#include "base/bytes.h"

enum { PEM_BLOCK_MAX = 16 * 1024 }; /* bytes of DER */

struct pem_block {
	bool open;
	uint32_t bits;
	unsigned n_bits;
	size_t len;
	uint8_t der[PEM_BLOCK_MAX];
};

enum pem_line {
	PEM_NO_LINE, /* not of a block; one that was open is broken off */
	PEM_PART,
	PEM_COMPLETE, /* der and len are whole */
};

enum pem_line pem_block_take(struct pem_block *p, struct bytes text);

#endif
