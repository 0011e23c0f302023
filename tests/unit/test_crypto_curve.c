/* Our own arithmetic against the library's, on every curve. */
#include "support/unit.h"

#include "crypto/curve.h"
#include "crypto/fixed_base.h"
#include "support/signer.h"

#include <mbedtls/bignum.h>

enum { ROUNDS = 40 };

static mbedtls_mpi mpi_of(const struct modulus *f, const struct residue *a)
{
	uint8_t buf[MOD_BYTES];
	mbedtls_mpi x;

	mod_write(f, a, buf);
	mbedtls_mpi_init(&x);
	assert_int_equal(mbedtls_mpi_read_binary(&x, buf, f->len), 0);
	return x;
}

static void expect_mpi(const struct modulus *f, const struct residue *have, mbedtls_mpi *want)
{
	mbedtls_mpi x = mpi_of(f, have);

	assert_int_equal(mbedtls_mpi_cmp_mpi(&x, want), 0);
	mbedtls_mpi_free(&x);
}

/* Any residue; 0, 1, m - 1 and values close to m come often, for they break carries. */
static struct residue draw(const struct modulus *f, struct dice *dice)
{
	uint8_t buf[MOD_BYTES];
	struct residue a;

	if (dice_roll(dice) % 4 == 0) {
		a = mod_small(f, (limb)(dice_roll(dice) % 3));
		if (dice_roll(dice) % 2 == 0)
			mod_neg(f, &a, &a);
		return a;
	}
	do {
		dice_fill(dice, buf, f->len);
		buf[0] &= (uint8_t)(0xff >> (8 * f->len - f->bits));
		if (dice_roll(dice) % 4 == 0)
			memset(buf + f->len / 2, 0xff, f->len - f->len / 2);
	} while (!mod_read_wrapped(f, bytes_of(buf, f->len), &a));
	return a;
}

static void compare_arithmetic(const struct modulus *f, struct dice *dice)
{
	struct residue a = draw(f, dice), b = draw(f, dice), have;
	mbedtls_mpi x = mpi_of(f, &a), y = mpi_of(f, &b), m, want;
	uint8_t buf[MOD_BYTES];

	mbedtls_mpi_init(&m);
	mbedtls_mpi_init(&want);
	mod_write_modulus(f, buf);
	assert_int_equal(mbedtls_mpi_read_binary(&m, buf, f->len), 0);

	mod_mul(f, &have, &a, &b);
	assert_int_equal(mbedtls_mpi_mul_mpi(&want, &x, &y), 0);
	assert_int_equal(mbedtls_mpi_mod_mpi(&want, &want, &m), 0);
	expect_mpi(f, &have, &want);

	mod_add(f, &have, &a, &b);
	assert_int_equal(mbedtls_mpi_add_mpi(&want, &x, &y), 0);
	assert_int_equal(mbedtls_mpi_mod_mpi(&want, &want, &m), 0);
	expect_mpi(f, &have, &want);

	mod_sub(f, &have, &a, &b);
	assert_int_equal(mbedtls_mpi_sub_mpi(&want, &x, &y), 0);
	assert_int_equal(mbedtls_mpi_mod_mpi(&want, &want, &m), 0);
	expect_mpi(f, &have, &want);

	assert_int_equal(mod_is_odd(f, &a), mbedtls_mpi_get_bit(&x, 0));
	mbedtls_mpi_free(&want);
	mbedtls_mpi_free(&m);
	mbedtls_mpi_free(&y);
	mbedtls_mpi_free(&x);
}

static void test_modular__agrees_with_the_library(void **state)
{
	struct dice dice = { 1 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct curve c;

		assert_true(curve_load(signer_groups[i], &c));
		for (int round = 0; round < 10 * ROUNDS; round++) {
			compare_arithmetic(&c.p, &dice);
			compare_arithmetic(&c.n, &dice);
		}
	}
}

static void test_modular__inverse_and_root_undo(void **state)
{
	struct dice dice = { 2 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct residue a, b, c;
		struct curve curve;
		size_t roots = 0;

		assert_true(curve_load(signer_groups[i], &curve));
		for (int round = 0; round < ROUNDS; round++) {
			a = draw(&curve.p, &dice);
			mod_inv(&curve.p, &b, &a);
			mod_mul(&curve.p, &c, &a, &b);
			assert_true(mod_equal(&curve.p, &c, &curve.p.one) ||
				    (mod_is_zero(&curve.p, &a) && mod_is_zero(&curve.p, &b)));

			mod_sqr(&curve.p, &b, &a);
			assert_true(mod_sqrt(&curve.p, &c, &b));
			mod_sqr(&curve.p, &c, &c);
			assert_true(mod_equal(&curve.p, &c, &b));

			if (mod_sqrt(&curve.p, &c, &a)) {
				mod_sqr(&curve.p, &c, &c);
				assert_true(mod_equal(&curve.p, &c, &a));
				roots++;
			}
		}
		assert_in_range(roots, ROUNDS / 5, ROUNDS - ROUNDS / 5);
	}
}

static void test_modular__reads_only_what_is_below_the_modulus(void **state)
{
	uint8_t buf[MOD_BYTES + 2] = { 0 };
	struct residue a;
	struct curve c;

	(void)state;
	assert_true(curve_load(0x17, &c));
	mod_write_modulus(&c.p, buf + 2);
	assert_false(mod_read(&c.p, bytes_of(buf, c.p.len + 2), &a));
	assert_true(mod_has_modulus(&c.p, bytes_of(buf, c.p.len + 2)));
	assert_true(mod_read_wrapped(&c.p, bytes_of(buf, c.p.len + 2), &a));
	assert_true(mod_is_zero(&c.p, &a));
	buf[c.p.len + 1]--;
	assert_true(mod_read(&c.p, bytes_of(buf, c.p.len + 2), &a));
	assert_false(mod_has_modulus(&c.p, bytes_of(buf, c.p.len + 2)));
	buf[1] = 1;
	assert_false(mod_read(&c.p, bytes_of(buf, c.p.len + 2), &a));
	assert_false(mod_read_wrapped(&c.p, bytes_of(buf, c.p.len + 2), &a));
	assert_true(mod_read(&c.p, bytes_of(buf, 0), &a));
	assert_true(mod_is_zero(&c.p, &a));
}

static void test_modular__modulus_must_be_odd_and_fit(void **state)
{
	static const struct {
		uint8_t number[3];
		bool ok;
	} rows[] = {
		{ { 0, 0, 0 }, false },
		{ { 0, 0, 1 }, false },
		{ { 0, 0, 2 }, false },
		{ { 0, 0, 3 }, true },
		{ { 0, 1, 0 }, false },
		{ { 0, 1, 1 }, true },
	};
	uint8_t large[MOD_BYTES + 1];
	struct modulus f;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(mod_init(&f, bytes_of(rows[i].number, 3)), rows[i].ok);
	memset(large, 0xff, sizeof(large));
	assert_true(mod_init(&f, bytes_of(large, MOD_BYTES)));
	assert_int_equal(f.bits, 576);
	assert_false(mod_init(&f, bytes_of(large, MOD_BYTES + 1)));
}

static void expect_point(
	const struct curve *c, const struct jacobian *have, const struct point *want)
{
	struct affine a = curve_affine(c, have);
	struct point out;

	assert_true(curve_same(c, have, &a));
	curve_write(c, &a, &out);
	assert_int_equal(out.len, want->len);
	assert_memory_equal(out.data, want->data, want->len);
}

static void test_curve__multiplies_as_the_library(void **state)
{
	struct dice dice = { 3 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct fixed_base table;
		struct curve c;

		assert_true(curve_load(signer_groups[i], &c));
		assert_true(fixed_base_open(&table, &c));
		for (int round = 0; round < ROUNDS / 4; round++) {
			struct signer signer = signer_new(c.group, &dice);
			struct bytes d = bytes_of(signer.d, signer.scalar_len);
			struct residue scalar;
			struct jacobian product;
			struct affine base;
			struct point want;

			assert_true(mod_read(&c.n, d, &scalar));
			product = curve_multiply(&c, &c.g, &scalar);
			expect_point(&c, &product, &signer.q);
			product = fixed_base_multiply(&table, &c, &scalar);
			expect_point(&c, &product, &signer.q);

			want = signer_multiply(c.group, d, point_bytes(&signer.q));
			assert_true(curve_read(&c, point_bytes(&signer.q), &base));
			product = curve_multiply(&c, &base, &scalar);
			expect_point(&c, &product, &want);
		}
		fixed_base_close(&table);
	}
}

/* -1, 0, 1 and 2 times, where the formulas of addition have their exceptions. */
static void test_curve__exceptional_sums(void **state)
{
	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct residue minus_one, zero = { { 0 } };
		struct jacobian g, sum, twice;
		struct fixed_base table;
		struct affine minus_g;
		struct curve c;

		assert_true(curve_load(signer_groups[i], &c));
		assert_true(fixed_base_open(&table, &c));
		g = curve_from_affine(&c, &c.g);
		minus_g = c.g;
		mod_neg(&c.p, &minus_g.y, &c.g.y);
		mod_neg(&c.n, &minus_one, &c.n.one);

		curve_double(&c, &twice, &g);
		curve_add(&c, &sum, &g, &c.g);
		assert_memory_equal(&sum, &twice, sizeof(sum));
		curve_add(&c, &sum, &g, &minus_g);
		assert_true(curve_is_infinity(&c, &sum));
		curve_double(&c, &sum, &sum);
		assert_true(curve_is_infinity(&c, &sum));
		curve_add(&c, &sum, &sum, &c.g);
		assert_true(curve_same(&c, &sum, &c.g));

		sum = fixed_base_multiply(&table, &c, &minus_one);
		assert_true(curve_same(&c, &sum, &minus_g));
		sum = fixed_base_multiply(&table, &c, &zero);
		assert_true(curve_is_infinity(&c, &sum));
		sum = curve_multiply(&c, &c.g, &minus_one);
		assert_true(curve_same(&c, &sum, &minus_g));
		fixed_base_close(&table);
	}
}

static void test_curve__compressed_points_read_back(void **state)
{
	struct dice dice = { 4 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct signer signer = signer_new(signer_groups[i], &dice);
		struct point compressed = { .len = (signer.q.len + 1) / 2 }, again;
		struct affine a;
		struct curve c;

		assert_true(curve_load(signer.group, &c));
		compressed.data[0] = 2 + signer.q.data[signer.q.len - 1] % 2;
		memcpy(compressed.data + 1, signer.q.data + 1, compressed.len - 1);
		assert_true(curve_read(&c, point_bytes(&compressed), &a));
		curve_write(&c, &a, &again);
		assert_memory_equal(again.data, signer.q.data, signer.q.len);
	}
}

static void test_curve__only_weierstrass_curves_load(void **state)
{
	static const uint16_t groups[] = { 0, 1, 0x11, 0x1d, 0x1e, 0x29, 0x100, 0x11ec, 0xff01 };
	struct curve c;

	(void)state;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		assert_false(curve_load(groups[i], &c));
	assert_true(curve_load(0x1f, &c)); /* brainpoolP256r1tls13 */
	assert_true(curve_load(0x21, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modular__agrees_with_the_library),
		cmocka_unit_test(test_modular__inverse_and_root_undo),
		cmocka_unit_test(test_modular__reads_only_what_is_below_the_modulus),
		cmocka_unit_test(test_modular__modulus_must_be_odd_and_fit),
		cmocka_unit_test(test_curve__multiplies_as_the_library),
		cmocka_unit_test(test_curve__exceptional_sums),
		cmocka_unit_test(test_curve__compressed_points_read_back),
		cmocka_unit_test(test_curve__only_weierstrass_curves_load),
	};

	return cmocka_run_group_tests_name("crypto curve", tests, NULL, NULL);
}
