/* Diffie-Hellman parameters: published primes (fixtures/crypto/dh-primes.tsv) and any others. */
#include "support/unit.h"

#include "crypto/crypto.h"
#include "support/hex.h"
#include "support/tsv.h"

#include <stdlib.h>

enum { PRIME_MAX = 1024, ROWS = 16 };

static const uint8_t two[] = { 2 }, three[] = { 3 };

static void test_dh__published_primes_are_known_by_value(void **state)
{
	struct tsv table;
	char *columns[4] = { NULL };
	int n = 0;

	(void)state;
	assert_true(tsv_open(&table, "fixtures/crypto/dh-primes.tsv"));
	for (; tsv_next(&table, columns, 4); n++) {
		uint16_t named = (uint16_t)strtoul(columns[1], NULL, 0);
		struct dh_check c;
		uint8_t p[PRIME_MAX];
		size_t len = hex_decode(columns[3], p, sizeof(p));

		crypto_dh_check(bytes_of(p, len), bytes_of(two, 1), bytes_of(three, 1), &c);
		assert_true(c.checked && c.prime && c.generator_ok && c.public_ok);
		assert_int_equal(c.prime_bits, 8 * len);
		assert_int_equal(c.safe_prime, strcmp(columns[2], "safe") == 0);
		assert_int_equal(c.named_group, named);
		assert_int_equal(c.well_known, named == 0);
	}
	tsv_close(&table);
	assert_int_equal(n, ROWS);
}

/* A prime is known by its number, not by its bytes, and another is not. */
static void test_dh__leading_zeros_do_not_matter(void **state)
{
	struct tsv table;
	char *columns[4] = { NULL };
	struct dh_check c;
	uint8_t p[PRIME_MAX + 1] = { 0 };
	size_t len;

	(void)state;
	assert_true(tsv_open(&table, "fixtures/crypto/dh-primes.tsv"));
	assert_true(tsv_next(&table, columns, 4));
	tsv_close(&table);
	len = 1 + hex_decode(columns[3], p + 1, sizeof(p) - 1);
	crypto_dh_check(bytes_of(p, len), bytes_of(two, 1), bytes_of(three, 1), &c);
	assert_int_equal(c.named_group, 0x100);
	p[100] ^= 1;
	crypto_dh_check(bytes_of(p, len), bytes_of(two, 1), bytes_of(three, 1), &c);
	assert_true(c.checked);
	assert_false(c.prime || c.safe_prime || c.well_known);
	assert_int_equal(c.named_group, 0);
	assert_int_equal(c.prime_bits, 2048);
}

static void test_dh__primality_of_unknown_numbers(void **state)
{
	static const struct {
		const char *p;
		unsigned bits;
		bool prime, safe;
	} rows[] = {
		/* made by OpenSSL: a safe prime, a prime */
		{ "b2e192bd9d7222abef37ae4d0debe581321e018dadaba189fc4bb3a2f30bc3f6"
		  "428bbbcb6c2d0097b419a1d6ff10eeea86952ed37ae53bf0975d448ce31b76e7",
			512, true, true },
		{ "facd51e87785a7960098d85b57d032e2a1429c25eb275aeaca4197d04f908500"
		  "dfbb82a63c0ce33de1d0bbf7f5458b081e7fbd0d9695ff2f96db38e088ea7d3b",
			512, true, false },
		/* a strong pseudoprime to the first twelve primes; a Carmichael number; an even one */
		{ "437ae92817f9fc85b7e5", 79, false, false }, { "0231", 10, false, false },
		{ "b2e192bd9d7222abef37ae4d0debe581321e018dadaba189fc4bb3a2f30bc3f6"
		  "428bbbcb6c2d0097b419a1d6ff10eeea86952ed37ae53bf0975d448ce31b76e6",
			512, false, false },
		{ "17", 5, true, true },  /* 23 = 2 * 11 + 1 */
		{ "1d", 5, true, false }, /* 29 = 2 * 14 + 1 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dh_check c;
		uint8_t p[PRIME_MAX];
		size_t len = hex_decode(rows[i].p, p, sizeof(p));

		crypto_dh_check(bytes_of(p, len), bytes_of(two, 1), bytes_of(three, 1), &c);
		assert_true(c.checked);
		assert_int_equal(c.prime_bits, rows[i].bits);
		assert_int_equal(c.prime, rows[i].prime);
		assert_int_equal(c.safe_prime, rows[i].safe);
		assert_false(c.well_known || c.named_group != 0);
	}
}

/* 1 < g, Y < p - 1 for p = 23; 0 stands for "nothing sent". */
static void test_dh__generator_and_public_value_lie_inside(void **state)
{
	static const uint8_t p = 23;

	(void)state;
	for (uint8_t value = 0; value < 30; value++) {
		const bool inside = value > 1 && value < 22;
		struct dh_check c;

		crypto_dh_check(
			bytes_of(&p, 1), bytes_of(&value, value != 0), bytes_of(two, 1), &c);
		assert_int_equal(c.generator_ok, inside);
		assert_true(c.public_ok);
		crypto_dh_check(
			bytes_of(&p, 1), bytes_of(two, 1), bytes_of(&value, value != 0), &c);
		assert_int_equal(c.public_ok, inside);
		assert_true(c.generator_ok);
	}
}

static void test_dh__nothing_and_too_much_are_not_checked(void **state)
{
	static uint8_t large[PRIME_MAX + 1];
	struct dh_check c;

	(void)state;
	crypto_dh_check(bytes_of(NULL, 0), bytes_of(two, 1), bytes_of(two, 1), &c);
	assert_false(c.checked);
	crypto_dh_check(bytes_of(large, 10), bytes_of(two, 1), bytes_of(two, 1), &c);
	assert_false(c.checked);
	memset(large, 0xff, sizeof(large));
	crypto_dh_check(bytes_of(large, sizeof(large)), bytes_of(two, 1), bytes_of(two, 1), &c);
	assert_false(c.checked);
	crypto_dh_check(bytes_of(three, 1), bytes_of(two, 1), bytes_of(large, sizeof(large)), &c);
	assert_true(c.checked);
	assert_false(c.public_ok);
}

static void test_dh__tiny_numbers(void **state)
{
	(void)state;
	for (uint8_t p = 1; p < 8; p++) {
		struct dh_check c;

		crypto_dh_check(bytes_of(&p, 1), bytes_of(two, 1), bytes_of(two, 1), &c);
		assert_true(c.checked);
		assert_int_equal(c.prime, p == 2 || p == 3 || p == 5 || p == 7);
		assert_int_equal(c.generator_ok, p > 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dh__published_primes_are_known_by_value),
		cmocka_unit_test(test_dh__leading_zeros_do_not_matter),
		cmocka_unit_test(test_dh__primality_of_unknown_numbers),
		cmocka_unit_test(test_dh__generator_and_public_value_lie_inside),
		cmocka_unit_test(test_dh__nothing_and_too_much_are_not_checked),
		cmocka_unit_test(test_dh__tiny_numbers),
	};

	return cmocka_run_group_tests_name("crypto dh", tests, NULL, NULL);
}
