/* Bytes of which it is known to how many they unpack: these, and nothing else. */
#include "support/unit.h"

#include "base/array.h"
#include "support/hex.h"
#include "unpack/unpack_whole.h"

#include <stdio.h>

enum { ZLIB = 1, BROTLI = 2, ZSTD = 3 };

/* "The quick brown fox", by the programs of each. */
static const char text[] = "The quick brown fox";
static const char zlib_hex[] = "789c0bc94855282ccd4cce56482aca2fcf5348cbaf0000452e0714";
static const char brotli_hex[] = "2148000454686520717569636b2062726f776e20666f7803";
static const char zstd_hex[] = "28b52ffd201399000054686520717569636b2062726f776e20666f78";

/* Is it built in? */
static bool has(uint16_t algorithm)
{
	uint8_t out[1];

	return unpack_whole(algorithm, bytes_of(NULL, 0), out, 1) != UNPACKED_UNKNOWN;
}

static const struct {
	uint16_t algorithm;
	const char *hex;
} rows[] = { { ZLIB, zlib_hex }, { BROTLI, brotli_hex }, { ZSTD, zstd_hex } };

static void test_unpack_whole__gives_what_was_packed(void **state)
{
	(void)state;
	assert_true(has(ZLIB));
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t in[64], out[64];
		struct bytes packed = bytes_of(in, hex_decode(rows[i].hex, in, sizeof in));

		if (!has(rows[i].algorithm)) {
			printf("# not built in: %d\n", rows[i].algorithm);
			continue;
		}
		assert_int_equal(
			unpack_whole(rows[i].algorithm, packed, out, sizeof text - 1), UNPACKED);
		assert_memory_equal(out, text, sizeof text - 1);
	}
}

/* One byte more or less, on either side, is another thing. */
static void test_unpack_whole__another_length_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t in[64] = { 0 }, out[64];
		size_t len = hex_decode(rows[i].hex, in, sizeof in);

		if (!has(rows[i].algorithm))
			continue;
		for (size_t n = 0; n < sizeof out; n++)
			if (n != sizeof text - 1)
				assert_int_equal(
					unpack_whole(rows[i].algorithm, bytes_of(in, len), out, n),
					UNPACKED_NOT);
		for (size_t n = 0; n < len; n++)
			assert_int_equal(unpack_whole(rows[i].algorithm, bytes_of(in, n), out,
						 sizeof text - 1),
				UNPACKED_NOT);
		assert_int_equal(unpack_whole(rows[i].algorithm, bytes_of(in, len + 1), out,
					 sizeof text - 1),
			UNPACKED_NOT);
	}
}

/* zlib has a sum of what it gives; the others give other bytes at most, and no more than there is room for. */
static void test_unpack_whole__damage_is_seen_or_harmless(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t in[64], out[64];
		size_t len = hex_decode(rows[i].hex, in, sizeof in);

		if (!has(rows[i].algorithm))
			continue;
		for (size_t bit = 0; bit < 8 * len; bit++) {
			enum unpacked u;

			in[bit / 8] ^= (uint8_t)(1U << bit % 8);
			out[sizeof text - 1] = 0xa5;
			u = unpack_whole(
				rows[i].algorithm, bytes_of(in, len), out, sizeof text - 1);
			assert_int_equal(out[sizeof text - 1], 0xa5);
			if (rows[i].algorithm == ZLIB && u == UNPACKED)
				assert_memory_equal(out, text, sizeof text - 1);
			in[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	}
}

static void test_unpack_whole__what_there_is_not(void **state)
{
	static const uint16_t unknown[] = { 0, 4, 9, 0xffff };
	uint8_t out[4];

	(void)state;
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(
			unpack_whole(unknown[i], bytes_of(out, 4), out, 4), UNPACKED_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unpack_whole__gives_what_was_packed),
		cmocka_unit_test(test_unpack_whole__another_length_is_wrong),
		cmocka_unit_test(test_unpack_whole__damage_is_seen_or_harmless),
		cmocka_unit_test(test_unpack_whole__what_there_is_not),
	};

	return cmocka_run_group_tests_name("unpack whole", tests, NULL, NULL);
}
