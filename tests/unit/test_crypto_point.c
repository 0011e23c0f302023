/* Points: every state there is, and small multiples of the generator. */
#include "support/unit.h"

#include "support/hex.h"
#include "support/signer.h"

static enum point_state check(uint16_t group, const struct point *p)
{
	return crypto_point_check(group, point_bytes(p));
}

static void test_point__every_curve_tells_every_state(void **state)
{
	struct dice dice = { 31 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		const uint16_t group = signer_groups[i];
		const struct point good = signer_new(group, &dice).q;
		const size_t len = (good.len - 1) / 2;
		struct point p = good;

		assert_int_equal(check(group, &good), POINT_ON_CURVE);
		p.data[1 + len / 2] ^= 0x04;
		assert_int_equal(check(group, &p), POINT_OFF_CURVE);
		p = good;
		p.data[p.len - 1] ^= 0x01;
		assert_int_equal(check(group, &p), POINT_OFF_CURVE);
		memset(p.data + 1, 0, 2 * len);
		assert_int_equal(check(group, &p), POINT_OFF_CURVE);

		p = good;
		memset(p.data + 1, 0xff, len);
		assert_int_equal(check(group, &p), POINT_OUT_OF_RANGE);
		p = good;
		memset(p.data + 1 + len, 0xff, len);
		assert_int_equal(check(group, &p), POINT_OUT_OF_RANGE);

		p = good;
		p.len--;
		assert_int_equal(check(group, &p), POINT_BAD_LENGTH);
		p.len = good.len + 1;
		assert_int_equal(check(group, &p), POINT_BAD_LENGTH);
		p.len = 1;
		assert_int_equal(check(group, &p), POINT_BAD_LENGTH);
		p.data[0] = 0;
		assert_int_equal(check(group, &p), POINT_INFINITY);
		p.len = 0;
		assert_int_equal(check(group, &p), POINT_UNCHECKED);
	}
}

static void test_point__form_byte(void **state)
{
	static const uint8_t others[] = { 0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x84, 0xff };
	struct dice dice = { 32 };
	struct point p = signer_new(0x18, &dice).q;

	(void)state;
	for (size_t i = 0; i < sizeof(others); i++) {
		p.data[0] = others[i];
		assert_int_equal(check(0x18, &p), POINT_BAD_FORM);
	}
}

static void test_point__compressed(void **state)
{
	struct dice dice = { 33 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		const uint16_t group = signer_groups[i];
		struct point p = signer_new(group, &dice).q;
		size_t off_curve = 0;

		p.len = (p.len + 1) / 2;
		for (uint8_t form = 2; form <= 3; form++) {
			p.data[0] = form;
			assert_int_equal(check(group, &p), POINT_ON_CURVE);
		}
		for (int k = 0; k < 30; k++) { /* about half of all x are on the curve */
			p.data[p.len - 1]++;
			off_curve += check(group, &p) == POINT_OFF_CURVE;
		}
		assert_in_range(off_curve, 3, 27);
		memset(p.data + 1, 0xff, p.len - 1);
		assert_int_equal(check(group, &p), POINT_OUT_OF_RANGE);
		p.data[0] = 4;
		assert_int_equal(check(group, &p), POINT_BAD_LENGTH);
	}
}

static void test_point__unknown_groups_are_not_checked(void **state)
{
	static const uint16_t groups[] = { 0x0000, 0x0001, 0x0011, 0x0029, 0x0100, 0x11ec, 0xff01 };
	struct dice dice = { 34 };
	const struct point p = signer_new(0x17, &dice).q;

	(void)state;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		assert_int_equal(check(groups[i], &p), POINT_UNCHECKED);
}

static void test_point__brainpool_has_two_numbers(void **state)
{
	struct dice dice = { 35 };

	(void)state;
	for (uint16_t i = 0; i < 3; i++) {
		struct point p = signer_new((uint16_t)(0x1a + i), &dice).q;

		assert_int_equal(check((uint16_t)(0x1f + i), &p), POINT_ON_CURVE);
		p.data[7] ^= 1;
		assert_int_equal(check((uint16_t)(0x1f + i), &p), POINT_OFF_CURVE);
	}
}

/* The values of RFC 7748 6, and those that any private key takes to zero. */
static void test_point__x25519_and_x448(void **state)
{
	static const struct {
		uint16_t group;
		const char *hex;
		enum point_state want;
	} rows[] = {
		{ 0x1d, "0900000000000000000000000000000000000000000000000000000000000000",
			POINT_ON_CURVE },
		{ 0x1d, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
			POINT_ON_CURVE },
		{ 0x1d, "0000000000000000000000000000000000000000000000000000000000000000",
			POINT_LOW_ORDER },
		{ 0x1d, "0100000000000000000000000000000000000000000000000000000000000080",
			POINT_LOW_ORDER },
		{ 0x1d, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			POINT_LOW_ORDER },
		{ 0x1d, "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			POINT_LOW_ORDER },
		{ 0x1d, "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			POINT_ON_CURVE },
		{ 0x1d, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
			POINT_LOW_ORDER },
		{ 0x1d, "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
			POINT_LOW_ORDER },
		{ 0x1d, "09", POINT_BAD_LENGTH },
		{ 0x1e,
			"9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c"
			"22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
			POINT_ON_CURVE },
		{ 0x1e,
			"0500000000000000000000000000000000000000000000000000000000000000"
			"000000000000000000000000000000000000000000000000",
			POINT_ON_CURVE },
		{ 0x1e,
			"0100000000000000000000000000000000000000000000000000000000000000"
			"000000000000000000000000000000000000000000000000",
			POINT_LOW_ORDER },
		{ 0x1e, "05", POINT_BAD_LENGTH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t buf[64];
		size_t len = hex_decode(rows[i].hex, buf, sizeof(buf));

		assert_int_equal(
			crypto_point_check(rows[i].group, bytes_of(buf, len)), rows[i].want);
	}
}

/* p - 1, p, p + 1 of X448, where p = 2^448 - 2^224 - 1. */
static void test_point__x448_near_the_prime(void **state)
{
	uint8_t u[56];

	(void)state;
	memset(u, 0xff, sizeof(u));
	u[28] = 0xfe; /* p */
	assert_int_equal(crypto_point_check(0x1e, bytes_of(u, 56)), POINT_LOW_ORDER);
	u[0] = 0xfe; /* p - 1 */
	assert_int_equal(crypto_point_check(0x1e, bytes_of(u, 56)), POINT_LOW_ORDER);
	u[0] = 0xfd;
	assert_int_equal(crypto_point_check(0x1e, bytes_of(u, 56)), POINT_ON_CURVE);
	memset(u, 0, 28);
	memset(u + 28, 0xff, 28); /* p + 1 */
	assert_int_equal(crypto_point_check(0x1e, bytes_of(u, 56)), POINT_LOW_ORDER);
	u[0] = 1;
	assert_int_equal(crypto_point_check(0x1e, bytes_of(u, 56)), POINT_ON_CURVE);
}

static void test_point__every_state_has_a_text(void **state)
{
	(void)state;
	for (int s = POINT_UNCHECKED; s <= POINT_LOW_ORDER; s++) {
		assert_non_null(point_state_text((enum point_state)s));
		for (int other = POINT_UNCHECKED; other < s; other++)
			assert_string_not_equal(point_state_text((enum point_state)s),
				point_state_text((enum point_state)other));
	}
	assert_string_equal(point_state_text(POINT_OFF_CURVE), "not on the curve");
}

static void test_multiple__agrees_with_the_library(void **state)
{
	static const uint32_t ks[] = { 1, 2, 3, 255, 256, 257, 511, 512, 65535, 65536, 0xffffffff };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		for (size_t n = 0; n < sizeof(ks) / sizeof(ks[0]); n++) {
			const uint32_t k = ks[n];
			const uint8_t number[] = { (uint8_t)(k >> 24), (uint8_t)(k >> 16),
				(uint8_t)(k >> 8), (uint8_t)k };
			struct point want = signer_multiply(
				signer_groups[i], bytes_of(number, 4), bytes_of(NULL, 0));
			struct point have;

			assert_true(crypto_point_multiple(signer_groups[i], k, &have));
			assert_true(bytes_equal(point_bytes(&have), point_bytes(&want)));
		}
	}
}

static void test_multiple__needs_a_curve_and_a_factor(void **state)
{
	struct point p;

	(void)state;
	assert_false(crypto_point_multiple(0x17, 0, &p));
	assert_false(crypto_point_multiple(0x1d, 1, &p));
	assert_false(crypto_point_multiple(0x100, 1, &p));
}

static void test_small_multiple__is_found_up_to_the_bound(void **state)
{
	static const uint32_t ks[] = { 1, 2, 100, 255, 256, 257, 512, 4097, 65279, 65280, 65281,
		65535, 65536 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		const uint16_t group = signer_groups[i];
		struct point p;

		for (size_t n = 0; n < sizeof(ks) / sizeof(ks[0]); n++) {
			assert_true(crypto_point_multiple(group, ks[n], &p));
			assert_int_equal(
				crypto_point_small_multiple(group, point_bytes(&p), 65536), ks[n]);
			assert_int_equal(
				crypto_point_small_multiple(group, point_bytes(&p), ks[n]), ks[n]);
			assert_int_equal(
				crypto_point_small_multiple(group, point_bytes(&p), ks[n] - 1), 0);
		}
		assert_true(crypto_point_multiple(group, 65537, &p));
		assert_int_equal(crypto_point_small_multiple(group, point_bytes(&p), 65536), 0);
	}
}

static void test_small_multiple__others_are_none(void **state)
{
	struct dice dice = { 36 };
	struct point p = signer_new(0x17, &dice).q;
	struct point one;

	(void)state;
	assert_int_equal(crypto_point_small_multiple(0x17, point_bytes(&p), 65536), 0);
	p.data[5] ^= 1;
	assert_int_equal(crypto_point_small_multiple(0x17, point_bytes(&p), 65536), 0);
	assert_int_equal(crypto_point_small_multiple(0x17, bytes_of(NULL, 0), 65536), 0);
	assert_true(crypto_point_multiple(0x17, 1, &one)); /* of another curve */
	assert_int_equal(crypto_point_small_multiple(0x16, point_bytes(&one), 65536), 0);
}

static void test_x_on_curve__is_true_for_half_of_all(void **state)
{
	struct dice dice = { 37 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		const struct point p = signer_new(signer_groups[i], &dice).q;
		const size_t len = (p.len - 1) / 2;
		size_t on = 0;

		assert_true(crypto_point_x_on_curve(signer_groups[i], bytes_of(p.data + 1, len)));
		for (uint8_t x = 0; x < 60; x++)
			on += crypto_point_x_on_curve(signer_groups[i], bytes_of(&x, 1));
		assert_in_range(on, 12, 48);
	}
	assert_false(crypto_point_x_on_curve(0x1d, bytes_of("\x09", 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_point__every_curve_tells_every_state),
		cmocka_unit_test(test_point__form_byte),
		cmocka_unit_test(test_point__compressed),
		cmocka_unit_test(test_point__unknown_groups_are_not_checked),
		cmocka_unit_test(test_point__brainpool_has_two_numbers),
		cmocka_unit_test(test_point__x25519_and_x448),
		cmocka_unit_test(test_point__x448_near_the_prime),
		cmocka_unit_test(test_point__every_state_has_a_text),
		cmocka_unit_test(test_multiple__agrees_with_the_library),
		cmocka_unit_test(test_multiple__needs_a_curve_and_a_factor),
		cmocka_unit_test(test_small_multiple__is_found_up_to_the_bound),
		cmocka_unit_test(test_small_multiple__others_are_none),
		cmocka_unit_test(test_x_on_curve__is_true_for_half_of_all),
	};

	return cmocka_run_group_tests_name("crypto point", tests, NULL, NULL);
}
