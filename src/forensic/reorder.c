/* Byte orders inside words, word orders inside numbers, and both. */
#include "forensic/reorder.h"

/* Units of `unit` bytes within blocks of `block` bytes (0: all of it) come in reverse. */
static const struct {
	uint8_t unit, block;
} moves[N_ORDERS] = {
	[ORDER_AS_SENT] = { 1, 1 },
	[ORDER_BYTES_REVERSED] = { 1, 0 },
	[ORDER_WORDS_REVERSED] = { 4, 0 },
	[ORDER_BYTES_IN_WORDS] = { 1, 4 },
	[ORDER_BYTES_IN_HALVES] = { 1, 2 },
	[ORDER_HALVES_IN_WORDS] = { 2, 4 },
	[ORDER_BYTES_IN_DOUBLES] = { 1, 8 },
	[ORDER_WORDS_IN_DOUBLES] = { 4, 8 },
};

bool reorder(enum order order, struct bytes in, uint8_t *out)
{
	size_t unit = moves[order].unit, block = moves[order].block;

	if (block == 0)
		block = in.len;
	if (block == 0 || in.len % block != 0 || block % unit != 0)
		return false;
	for (size_t at = 0; at < in.len; at++) {
		size_t within = at % block, from = block - unit - (within - within % unit);

		out[at] = in.data[at - within + from + within % unit];
	}
	return true;
}
