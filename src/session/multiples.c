/*
 * Where an ephemeral key is a small multiple of the generator: no randomness went into it. For
 * every handshake the first 16 multiples are looked up by the start of their x-coordinate; what
 * hits is then computed. Larger ones are searched for only where something went wrong.
 */
#include "session/multiples.h"

#include "base/array.h"
#include "crypto/crypto.h"

enum { FIRST_MULTIPLES = 16, PREFIX = 8 };

struct multiples {
	uint16_t group;
	uint64_t x[FIRST_MULTIPLES]; /* the first eight bytes of the x-coordinate of (i + 1) * G */
};

static const struct multiples tables[] = {
	{ 0x0013, { 0x188da80eb03090f6, 0xdafebf5828783f2a, 0x76e32a2557599e6e, 0x35433907297cc378,
			  0x10bb8e9840049b18, 0xa37abc6c431f9ac3, 0x8da75a1f75ddcd76,
			  0x2fa1f92d1ecce920, 0x818a4d308b1cabb7, 0xaa7c4f9ef99e3e96,
			  0x1c995995eb76324f, 0x1061343f3d456d0e, 0x112af141d33efb9f,
			  0x13b9310646ebc93b, 0x8c9595e63b56b633, 0xb7310b4548fbfdbd } },
	{ 0x0015, { 0xb70e0cbd6bb4bf7f, 0x706a46dc76dcb767, 0xdf1b1d66a551d0d3, 0xae99feebb5d26945,
			  0x31c49ae75bce7807, 0x1f2483f82572251f, 0xdb2f6be630e246a5,
			  0x858e6f9cc6c12c31, 0x2fdcccfee720a77e, 0xaea9e17a306517eb,
			  0xef53b6294aca431f, 0x6e31ee1dc137f81b, 0x34e8e17a430e4328,
			  0xa53640c83dc20860, 0xbaa4d8635511a7d2, 0x0b6ec4fe17773824 } },
	{ 0x0017, { 0x6b17d1f2e12c4247, 0x7cf27b188d034f7e, 0x5ecbe4d1a6330a44, 0xe2534a3532d08fbb,
			  0x51590b7a515140d2, 0xb01a172a76a4602c, 0x8e533b6fa0bf7b46,
			  0x62d9779dbee9b053, 0xea68d7b6fedf0b71, 0xcef66d6b2a3a993e,
			  0x3ed113b7883b4c59, 0x741dd5bda817d95e, 0x177c837ae0ac495a,
			  0x54e77a001c3862b9, 0xf0454dc6971abae7, 0x76a94d138a6b4185 } },
	{ 0x0018, { 0xaa87ca22be8b0537, 0x08d999057ba3d2d9, 0x077a41d4606ffa14, 0x138251cd52ac9298,
			  0x11de24a2c251c777, 0x627be1acd064d2b2, 0x283c1d7365ce4788,
			  0x1692778ea596e0be, 0x8f0a39a4049bcb3e, 0xa669c5563bd67eec,
			  0x099056e27da7b998, 0x952a7a349bd49289, 0xa567ba97b67aea5b,
			  0xe8c8f94d44fbc239, 0xb3d13fc8b32b0105, 0xd5d89c3b5282369c } },
	{ 0x0019, { 0x00c6858e06b70404, 0x00433c219024277e, 0x01a73d352443de29, 0x0035b5df64ae2ac2,
			  0x00652bf3c52927a4, 0x01ee4569d6cdb592, 0x0056d5d1d99d5b7f,
			  0x000822c40fb6301f, 0x01585389e359e1e2, 0x0190eb8f22bda61f,
			  0x008a75841259fded, 0x01c0d9dcec93f822, 0x007e3e98f984c396,
			  0x01875bc7dc551b1b, 0x006b6ad89abcb924, 0x01d17d10d8a89c8a } },
	{ 0x0012, { 0xdb4ff10ec057e9ae, 0xf091cf6331b17476, 0x6e43b7dcae2fd5e0, 0xea525dd5a1353762,
			  0x3cd61e370d02ca06, 0xd5cfbcca993f384a, 0xdb06629f196458e3,
			  0xeabcf674aafe6613, 0xefd9da261826e62d, 0x598955b973468f82,
			  0x0870bef1fc2e12f4, 0x85cdf2406f0b5eb2, 0xafc6c0d8c291f695,
			  0x79f614ff8d118cb9, 0x1b3d5a1928785186, 0xacf5fe0755a89055 } },
	{ 0x0014, { 0xa1455b334df099df, 0x86c0deb56aeb9712, 0xfa182dc268cc40ad, 0x916462f9bfe7491e,
			  0x4db89aa8d4b0368e, 0xeca9c439bb9c9827, 0x721f62c5214c0b3f,
			  0xca2ce099a0ec086f, 0x25074dc8b37f5f27, 0x1264edcba9470e80,
			  0x9b0b5e416764df37, 0xa306fedf8f0c43fa, 0xf6eadf4cc5e32afb,
			  0xfa723b25cc0b8f13, 0xd30b874170937f35, 0xde986c5cb267ef7e } },
	{ 0x0016, { 0x79be667ef9dcbbac, 0xc6047f9441ed7d6d, 0xf9308a019258c310, 0xe493dbf1c10d80f3,
			  0x2f8bde4d1a072093, 0xfff97bd5755eeea4, 0x5cbdf0646e5db4ea,
			  0x2f01e5e15cca351d, 0xacd484e2f0c7f653, 0xa0434d9e47f3c862,
			  0x774ae7f858a9411e, 0xd01115d548e7561b, 0xf28773c2d975288b,
			  0x499fdf9e895e719c, 0xd7924d4f7d43ea96, 0xe60fce93b59e9ec5 } },
	{ 0x001a, { 0x8bd2aeb9cb7e57cb, 0x743cf1b8b5cd4f2e, 0xa8f217b77338f1d4, 0x3672030bace787aa,
			  0x855433a3a4c8e334, 0x78ea164aa2a74a67, 0x6b8bb7f53e36b682,
			  0x545a6faf6b031b26, 0x8b5fa06d31d59d69, 0xa4348db079f7ffbc,
			  0x50ea43e33d2d4897, 0x7e21eaaf386828a9, 0x8d4243f928ee1b6a,
			  0x1d36a037ab842c1d, 0x04306f8d5631ee7a, 0x653583661ef33986 } },
	{ 0x001b, { 0x1d1c64f068cf45ff, 0x2282bc382a2f4dfc, 0x7b63205bf00ddae7, 0x0dd5393f5c885956,
			  0x0d3ec4dfce264772, 0x6773700fe1c84330, 0x6460f955efdcbf3b,
			  0x1b7a9ed77824bee6, 0x318ccbf708397f07, 0x52a858b07ec4ea73,
			  0x29d17c36e8fac6be, 0x10702e8bd01f829f, 0x746f20945a91d52b,
			  0x324a464b6792011a, 0x08d2819ad4b10108, 0x435074af679b8753 } },
	{ 0x001c, { 0x81aee4bdd82ed964, 0x9f4945f680edf980, 0x08dd87e12b0a4cc4, 0x9c1e42cb14c93645,
			  0x8672838ed83a55b9, 0x005a8c9936291869, 0x74a4bbc7d1a22ea7,
			  0x3710d454f9d798d4, 0x595b061e1aa360e8, 0x9a2f396b2a0fc061,
			  0x9018d91a9ef584e5, 0x6ba8afa32b0268f3, 0x661dafd56964ecae,
			  0xaa4953b146111914, 0x77bea740013fc519, 0x57a23c7844fcb247 } },
	{ 0x001f, { 0x8bd2aeb9cb7e57cb, 0x743cf1b8b5cd4f2e, 0xa8f217b77338f1d4, 0x3672030bace787aa,
			  0x855433a3a4c8e334, 0x78ea164aa2a74a67, 0x6b8bb7f53e36b682,
			  0x545a6faf6b031b26, 0x8b5fa06d31d59d69, 0xa4348db079f7ffbc,
			  0x50ea43e33d2d4897, 0x7e21eaaf386828a9, 0x8d4243f928ee1b6a,
			  0x1d36a037ab842c1d, 0x04306f8d5631ee7a, 0x653583661ef33986 } },
	{ 0x0020, { 0x1d1c64f068cf45ff, 0x2282bc382a2f4dfc, 0x7b63205bf00ddae7, 0x0dd5393f5c885956,
			  0x0d3ec4dfce264772, 0x6773700fe1c84330, 0x6460f955efdcbf3b,
			  0x1b7a9ed77824bee6, 0x318ccbf708397f07, 0x52a858b07ec4ea73,
			  0x29d17c36e8fac6be, 0x10702e8bd01f829f, 0x746f20945a91d52b,
			  0x324a464b6792011a, 0x08d2819ad4b10108, 0x435074af679b8753 } },
	{ 0x0021, { 0x81aee4bdd82ed964, 0x9f4945f680edf980, 0x08dd87e12b0a4cc4, 0x9c1e42cb14c93645,
			  0x8672838ed83a55b9, 0x005a8c9936291869, 0x74a4bbc7d1a22ea7,
			  0x3710d454f9d798d4, 0x595b061e1aa360e8, 0x9a2f396b2a0fc061,
			  0x9018d91a9ef584e5, 0x6ba8afa32b0268f3, 0x661dafd56964ecae,
			  0xaa4953b146111914, 0x77bea740013fc519, 0x57a23c7844fcb247 } },
};

static uint64_t x_prefix(struct bytes point)
{
	uint64_t x = 0;

	for (size_t i = 1; i <= PREFIX; i++)
		x = x << 8 | point.data[i];
	return x;
}

static uint32_t first_multiple(uint16_t group, struct bytes point)
{
	uint64_t x = x_prefix(point);

	for (size_t i = 0; i < COUNT(tables); i++) {
		if (tables[i].group != group)
			continue;
		for (uint32_t k = 0; k < FIRST_MULTIPLES; k++)
			if (tables[i].x[k] == x)
				return k + 1;
	}
	return 0;
}

uint32_t multiples_find_first(uint16_t group, struct bytes point)
{
	struct point multiple;
	uint32_t k;

	if (point.len <= PREFIX || point.data[0] != 4 || (k = first_multiple(group, point)) == 0)
		return 0;
	if (!crypto_point_multiple(group, k, &multiple) ||
		!bytes_equal(point, bytes_of(multiple.data, multiple.len)))
		return 0;
	return k;
}
