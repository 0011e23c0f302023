#include "base/bytes.h"

bool bytes_printable(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < 0x20 || b.data[i] > 0x7e)
			return false;
	return b.len != 0;
}

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15u;
	return h ^ (h >> 29);
}

uint64_t bytes_hash(struct bytes b)
{
	uint64_t h = 0x2545f4914f6cdd1du ^ b.len;
	size_t i = 0;

	for (; i + 8 <= b.len; i += 8) {
		uint64_t word;

		memcpy(&word, b.data + i, sizeof word);
		h = mix(h, word);
	}
	if (i < b.len) {
		uint64_t word = 0;

		memcpy(&word, b.data + i, b.len - i);
		h = mix(h, word);
	}
	return mix(h, h >> 32);
}
