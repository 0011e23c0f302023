/* What is asked of all the bytes of a run: may they be shown, and their hash. */
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

static uint64_t word_at(struct bytes b, size_t i)
{
	uint64_t word;

	memcpy(&word, b.data + i, sizeof word);
	return word;
}

uint64_t bytes_hash(struct bytes b)
{
	uint64_t h = 0x2545f4914f6cdd1du ^ b.len, g = 0xd6e8feb86659fd93u;
	size_t i = 0;

	for (; i + 16 <= b.len; i += 16) { /* two chains, which do not wait for each other */
		h = mix(h, word_at(b, i));
		g = mix(g, word_at(b, i + 8));
	}
	h = mix(h, g);
	if (i + 8 <= b.len) {
		h = mix(h, word_at(b, i));
		i += 8;
	}
	if (i < b.len) {
		uint64_t word = 0;

		memcpy(&word, b.data + i, b.len - i);
		h = mix(h, word);
	}
	return mix(h, h >> 32);
}
