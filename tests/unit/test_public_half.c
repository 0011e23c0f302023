/* src/crypto/public_half.h against published vectors. */
#include "support/hex.h"
#include "support/unit.h"

#include "crypto/public_half.h"

/* RFC 8032 7.1 */
static void test_ed25519_public__the_vectors_of_the_rfc(void **state)
{
	static const struct {
		const char *seed, *key;
	} rows[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a" },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
			"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
			"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025" },
		{ "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
			"278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t seed[ED25519_BYTES], want[ED25519_BYTES], got[ED25519_BYTES];

		assert_int_equal(hex_decode(rows[i].seed, seed, sizeof seed), sizeof seed);
		assert_int_equal(hex_decode(rows[i].key, want, sizeof want), sizeof want);
		assert_true(crypto_ed25519_public(seed, got));
		assert_memory_equal(got, want, sizeof want);
	}
}

static void test_dsa_public__is_the_power(void **state)
{
	static const uint8_t p[] = { 0x00, 0xfb }, g[] = { 5 }, x[] = { 3 }, even[] = { 0xfa };
	uint8_t y[DSA_PRIME_MAX];

	(void)state;
	assert_true(crypto_dsa_public(bytes_of(p + 1, 1), bytes_of(g, 1), bytes_of(x, 1), y));
	assert_int_equal(y[0], 125);
	assert_true(crypto_dsa_public(bytes_of(p, 2), bytes_of(g, 1), bytes_of(x, 1), y));
	assert_int_equal(y[0], 0);
	assert_int_equal(y[1], 125);
	assert_false(crypto_dsa_public(bytes_of(even, 1), bytes_of(g, 1), bytes_of(x, 1), y));
	assert_false(crypto_dsa_public(bytes_of(NULL, 0), bytes_of(g, 1), bytes_of(x, 1), y));
	assert_false(crypto_dsa_public(bytes_of(p + 1, 1), bytes_of(g, 1), bytes_of(NULL, 0), y));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ed25519_public__the_vectors_of_the_rfc),
		cmocka_unit_test(test_dsa_public__is_the_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
