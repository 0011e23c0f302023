/* Two ends agree in every group there is; what is no public value of it gives nothing. */
#include "support/unit.h"

#include "crypto/exchange.h"
#include "names/names.h"

static const uint16_t groups[] = { 0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x001a, 0x001b, 0x001c,
	0x001d, 0x001e, 0x0100, 0x0101 };

static void test_exchange__both_ends_have_the_same_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct exchange *a = exchange_open(groups[i]), *b = exchange_open(groups[i]);
		const struct group *g = group_find(groups[i]);
		struct exchange_secret x, y;

		assert_true(exchange_knows(groups[i]));
		assert_non_null(a);
		assert_non_null(b);
		assert_non_null(g);
		assert_int_equal(exchange_public(a).len, g->public_len);
		assert_false(bytes_equal(exchange_public(a), exchange_public(b)));
		assert_true(exchange_agree(a, exchange_public(b), &x));
		assert_true(exchange_agree(b, exchange_public(a), &y));
		assert_int_equal(x.len, g->kind == GROUP_FFDHE ? g->public_len : g->coordinate_len);
		assert_true(bytes_equal(bytes_of(x.data, x.len), bytes_of(y.data, y.len)));
		exchange_close(a);
		exchange_close(b);
	}
}

static void test_exchange__what_is_no_group_is_none(void **state)
{
	static const uint16_t none[] = { 0, 1, 0x00ff, 0x0105, 0x11ec, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		assert_false(exchange_knows(none[i]));
		assert_null(exchange_open(none[i]));
	}
}

static void test_exchange__a_bad_public_value_gives_no_secret(void **state)
{
	static const uint8_t zeros[256];
	uint8_t changed[256];
	struct exchange_secret z;

	(void)state;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct exchange *x = exchange_open(groups[i]), *y = exchange_open(groups[i]);
		struct bytes own = exchange_public(x);
		const struct group *g = group_find(groups[i]);

		assert_non_null(g);
		assert_false(exchange_agree(y, bytes_of(NULL, 0), &z));
		assert_int_equal(z.len, 0);
		if (own.len <= sizeof zeros)
			assert_false(exchange_agree(y, bytes_of(zeros, own.len), &z));
		if (g->kind == GROUP_EC) {
			/* a point: one bit beside the curve, cut, and of another form */
			memcpy(changed, own.data, own.len);
			changed[own.len - 1] ^= 1;
			assert_false(exchange_agree(y, bytes_of(changed, own.len), &z));
			assert_false(exchange_agree(y, bytes_slice(own, 0, own.len - 1), &z));
			memcpy(changed, own.data, own.len);
			changed[0] = 5;
			assert_false(exchange_agree(y, bytes_of(changed, own.len), &z));
		}
		exchange_close(x);
		exchange_close(y);
	}
}

/* 23, and 5: small enough to see that 1 < Y < p - 1 is asked for at both ends. */
static void test_exchange__over_a_prime_the_ends_are_left_out(void **state)
{
	static const uint8_t p = 23, g = 5, even = 24, none = 0;
	struct exchange *x = exchange_open_dh(bytes_of(&p, 1), bytes_of(&g, 1));
	struct exchange_secret z;

	(void)state;
	assert_non_null(x);
	assert_int_equal(exchange_public(x).len, 1);
	for (uint8_t y = 0; y < 30; y++)
		assert_int_equal(exchange_agree(x, bytes_of(&y, 1), &z), y > 1 && y < p - 1);
	exchange_close(x);
	assert_null(exchange_open_dh(bytes_of(&even, 1), bytes_of(&g, 1)));
	assert_null(exchange_open_dh(bytes_of(&none, 1), bytes_of(&g, 1)));
	assert_null(exchange_open_dh(bytes_of(&p, 1), bytes_of(&none, 1)));
	assert_null(exchange_open_dh(bytes_of(NULL, 0), bytes_of(&g, 1)));
	exchange_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchange__both_ends_have_the_same_secret),
		cmocka_unit_test(test_exchange__what_is_no_group_is_none),
		cmocka_unit_test(test_exchange__a_bad_public_value_gives_no_secret),
		cmocka_unit_test(test_exchange__over_a_prime_the_ends_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
