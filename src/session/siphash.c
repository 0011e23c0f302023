/* Words are put together lowest byte first, so that the hash is the same on every machine. */
#include "session/siphash.h"

static inline uint64_t rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static inline void sip_round(struct siphash *h)
{
	h->v0 += h->v1;
	h->v1 = rotl(h->v1, 13) ^ h->v0;
	h->v0 = rotl(h->v0, 32);
	h->v2 += h->v3;
	h->v3 = rotl(h->v3, 16) ^ h->v2;
	h->v0 += h->v3;
	h->v3 = rotl(h->v3, 21) ^ h->v0;
	h->v2 += h->v1;
	h->v1 = rotl(h->v1, 17) ^ h->v2;
	h->v2 = rotl(h->v2, 32);
}

static inline void add_word(struct siphash *h, uint64_t word)
{
	h->v3 ^= word;
	sip_round(h);
	h->v0 ^= word;
}

void siphash_init(struct siphash *h, const uint64_t key[static 2])
{
	h->v0 = key[0] ^ 0x736f6d6570736575u;
	h->v1 = key[1] ^ 0x646f72616e646f6du;
	h->v2 = key[0] ^ 0x6c7967656e657261u;
	h->v3 = key[1] ^ 0x7465646279746573u;
	h->tail = 0;
	h->length = 0;
}

static void add_byte(struct siphash *h, uint8_t byte)
{
	h->tail |= (uint64_t)byte << 8 * (h->length % 8);
	if (++h->length % 8 != 0)
		return;
	add_word(h, h->tail);
	h->tail = 0;
}

/* Words are read whole where the last call ended on one. */
void siphash_add(struct siphash *h, struct bytes b)
{
	size_t i = 0;

	for (; h->length % 8 == 0 && i + 8 <= b.len; i += 8) {
		uint64_t word = 0;

		for (size_t k = 0; k < 8; k++)
			word |= (uint64_t)b.data[i + k] << 8 * k;
		add_word(h, word);
		h->length += 8;
	}
	for (; i < b.len; i++)
		add_byte(h, b.data[i]);
}

uint64_t siphash_end(struct siphash *h)
{
	add_word(h, h->tail | h->length << 56);
	h->v2 ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(h);
	return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}
