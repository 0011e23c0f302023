/* Fields of a header that was taken whole from the cursor; a place outside it gives 0. */
#ifndef TLSDIAG_CAPTURE_PACKET_FIELDS_H
#define TLSDIAG_CAPTURE_PACKET_FIELDS_H

#include "base/bytes.h"

static inline uint8_t field8(struct bytes header, size_t at)
{
	return at < header.len ? header.data[at] : 0;
}

static inline uint16_t field16(struct bytes header, size_t at)
{
	return (uint16_t)(field8(header, at) << 8 | field8(header, at + 1));
}

static inline uint32_t field32(struct bytes header, size_t at)
{
	return (uint32_t)field16(header, at) << 16 | field16(header, at + 2);
}

#endif
