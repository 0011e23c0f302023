/* Shares that nobody can agree in: as long as they are on the wire, and well formed (FIPS 203 7.2). */
#include "support/unit.h"

#include "client/filler.h"

#include "base/array.h"

enum { MLKEM_Q = 3329, POLYNOMIAL = 384, SEED = 32 };

static void assert_encapsulation_key(const uint8_t *key, size_t polynomials)
{
	unsigned largest = 0;

	for (size_t i = 0; i < polynomials * (size_t)POLYNOMIAL; i += 3) {
		unsigned first = key[i] | (key[i + 1] & 0x0fU) << 8;
		unsigned second = key[i + 1] >> 4 | (unsigned)key[i + 2] << 4;

		assert_true(first < MLKEM_Q);
		assert_true(second < MLKEM_Q);
		largest = first > largest ? first : largest;
	}
	assert_true(largest > MLKEM_Q / 2); /* of 256 and more */
}

static void test_filler__is_as_long_and_as_well_formed_as_a_share(void **state)
{
	static const struct {
		uint16_t group;
		size_t given, length, key_at, polynomials;
	} rows[] = {
		{ 0x11ec, 0, 1216, 0, 3 },
		{ 0x11eb, 0, 1249, 65, 3 },
		{ 0x11ed, 0, 1665, 97, 4 },
		{ 0x0200, 0, 800, 0, 2 },
		{ 0x0201, 0, 1184, 0, 3 },
		{ 0x0202, 0, 1568, 0, 4 },
		{ 0x2a2a, 0, 1, 0, 0 },
		{ 0x2a2a, 7, 7, 0, 0 },
		{ 0x6399, 1216, 1216, 0, 0 },
		{ 0x0029, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct strbuf out = { 0 };

		strbuf_add(&out, "before", 6);
		assert_true(filler_share(rows[i].group, rows[i].given, &out));
		assert_int_equal(out.len, 6 + rows[i].length);
		assert_memory_equal(out.text, "before", 6);
		if (rows[i].polynomials != 0)
			assert_encapsulation_key((const uint8_t *)out.text + 6 + rows[i].key_at,
				rows[i].polynomials);
		if (rows[i].key_at != 0) /* an uncompressed point stands in front */
			assert_int_equal(out.text[6], 4);
		strbuf_free(&out);
	}
}

static void test_filler__is_another_each_time(void **state)
{
	struct strbuf one = { 0 }, other = { 0 };

	(void)state;
	assert_true(filler_share(0x11ec, 0, &one));
	assert_true(filler_share(0x11ec, 0, &other));
	assert_memory_not_equal(one.text, other.text, 64);
	assert_memory_not_equal(one.text + 1152, other.text + 1152, SEED);
	assert_memory_not_equal(one.text + 1184, other.text + 1184, 32);
	strbuf_free(&one);
	strbuf_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filler__is_as_long_and_as_well_formed_as_a_share),
		cmocka_unit_test(test_filler__is_another_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
