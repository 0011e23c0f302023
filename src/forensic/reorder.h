/*
 * The orders in which hardware and drivers hand out big numbers. Each order is its own inverse, so
 * that the same function writes and reads it. Internal to forensic.
 */
#ifndef TLSDIAG_FORENSIC_REORDER_H
#define TLSDIAG_FORENSIC_REORDER_H

#include "base/bytes.h"

enum order {
	ORDER_AS_SENT,
	ORDER_BYTES_REVERSED,   /* little-endian */
	ORDER_WORDS_REVERSED,   /* the lowest 32-bit word first, each big-endian */
	ORDER_BYTES_IN_WORDS,   /* the bytes of each 32-bit word reversed */
	ORDER_BYTES_IN_HALVES,  /* the two bytes of each 16-bit half-word exchanged */
	ORDER_HALVES_IN_WORDS,  /* the two half-words of each 32-bit word exchanged */
	ORDER_BYTES_IN_DOUBLES, /* the bytes of each 64-bit word reversed */
	ORDER_WORDS_IN_DOUBLES, /* the two 32-bit words of each 64-bit word exchanged */
	N_ORDERS
};

/* False when len is no multiple of what the order moves about. out must not overlap in. */
bool reorder(enum order order, struct bytes in, uint8_t *out);

#endif
