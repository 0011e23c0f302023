/* Verification by arithmetic of our own says what the library says: of random signatures, and of numbers at
 * the borders. SIGNATURES=n in the environment: so many, instead of some hundred. */
#include "support/unit.h"

#include "crypto/curve.h"
#include "crypto/ecdsa.h"
#include "support/hex.h"
#include "support/signer.h"

#include <stdlib.h>

static unsigned long wanted(void)
{
	const char *n = getenv("SIGNATURES");

	return n != NULL ? strtoul(n, NULL, 10) : 110;
}

/* 1, 2, ... and n - 1, n - 2, ...: where multiples of the generator and of the key meet. */
static void draw_small(const struct curve *c, struct dice *dice, uint8_t out[static SCALAR_MAX])
{
	const uint64_t roll = dice_roll(dice);
	const uint8_t small = (uint8_t)(1 + roll % 40);
	uint8_t number[MOD_BYTES] = { 0 };
	struct residue a;

	assert_true(mod_read(&c->n, bytes_of(&small, 1), &a));
	if (roll >> 60 & 1)
		mod_neg(&c->n, &a, &a);
	mod_write(&c->n, &a, number);
	memcpy(out, number, c->n.len);
}

static void draw_scalar(const struct signer *signer, const struct curve *c, struct dice *dice,
	uint8_t out[static SCALAR_MAX])
{
	if (dice_roll(dice) % 2 == 0)
		draw_small(c, dice, out);
	else
		signer_draw(signer, dice, out);
}

/* Of any length that hashes have, and now and then all zeros or all ones. */
static struct digest draw_digest(struct dice *dice)
{
	static const uint8_t lengths[] = { 16, 20, 28, 32, 36, 48, 64 };
	const uint64_t roll = dice_roll(dice);
	struct digest d = { .len = lengths[roll % 7] };

	dice_fill(dice, d.data, d.len);
	if ((roll >> 32) % 8 < 2)
		memset(d.data, (roll >> 32) % 8 == 0 ? 0 : 0xff, d.len);
	return d;
}

/* One thing is changed, or none. */
static void change(const struct curve *c, struct dice *dice, struct digest *digest, struct rs *rs)
{
	const uint64_t roll = dice_roll(dice);
	uint8_t *number = roll >> 40 & 1 ? rs->r : rs->s, order[MOD_BYTES];
	struct rs swapped = *rs;

	switch (roll % 8) {
	case 0:
		digest->data[roll >> 8 & 15] ^= (uint8_t)(1U << (roll >> 20 & 7));
		break;
	case 1:
		number[(roll >> 8) % rs->len] ^= (uint8_t)(1U << (roll >> 20 & 7));
		break;
	case 2:
		memcpy(swapped.r, rs->s, rs->len);
		memcpy(swapped.s, rs->r, rs->len);
		*rs = swapped;
		break;
	case 3:
		draw_small(c, dice, number);
		break;
	case 4: /* 0, n - 1, n, n + 1, all ones */
		mod_write_modulus(&c->n, order);
		order[c->n.len - 1] = (uint8_t)(order[c->n.len - 1] + (int)((roll >> 8) % 3) - 1);
		memcpy(number, order, c->n.len);
		if ((roll >> 16) % 3 == 0)
			memset(number, roll >> 24 & 1 ? 0xff : 0, rs->len);
		break;
	default:
		break;
	}
}

static void test_signs__says_what_the_library_says(void **state)
{
	const unsigned long n = wanted();
	struct dice dice = { 0x5161 };
	unsigned long taken = 0, refused = 0;

	(void)state;
	for (unsigned long i = 0; i < n; i++) {
		struct signer signer;
		struct digest digest = draw_digest(&dice);
		uint8_t k[SCALAR_MAX];
		struct curve c;
		struct rs rs;
		bool want, got;

		signer = signer_new(signer_groups[i % 11], &dice);
		assert_true(curve_load(signer.group, &c));
		draw_scalar(&signer, &c, &dice, signer.d);
		signer.q = signer_multiply(
			signer.group, bytes_of(signer.d, signer.scalar_len), bytes_of(NULL, 0));
		draw_scalar(&signer, &c, &dice, k);
		rs = signer_sign_with(&signer, &digest, k);
		change(&c, &dice, &digest, &rs);
		want = signer_verify(signer.group, point_bytes(&signer.q), &digest, &rs);
		got = ecdsa_signs(
			signer.group, point_bytes(&signer.q), &digest, rs_r(&rs), rs_s(&rs));
		if (got != want)
			fail_msg("signature %lu on 0x%04x: %s, the library %s", i, signer.group,
				got ? "valid" : "not valid", want ? "takes it" : "does not");
		*(want ? &taken : &refused) += 1;
	}
	/* The test is none if one of them is hardly ever there. */
	assert_true(taken > n / 4 && refused > n / 4);
}

/* x(R) may be r + n (FIPS 186-4 6.4.2): the points beyond n of a curve with n below p. */
static void test_signs__x_may_be_r_plus_n(void **state)
{
	const uint8_t one = 1;
	struct digest digest = { .len = 32, .data = { 1 } };
	uint8_t r_bytes[MOD_BYTES] = { 0 };
	struct point found[RECOVERED_MAX];
	unsigned n_beyond = 0;
	struct curve c;

	(void)state;
	assert_true(curve_load(0x17, &c));
	for (unsigned r = 1; r < 40; r++) {
		struct bytes rb = bytes_of(r_bytes, c.n.len);
		struct affine nonces[NONCE_POINTS_MAX];
		size_t n;

		r_bytes[c.n.len - 1] = (uint8_t)r;
		n_beyond += ecdsa_nonce_points(&c, rb, nonces) == 2;
		n = crypto_ecdsa_recover(0x17, &digest, rb, bytes_of(&one, 1), found);
		for (size_t i = 0; i < n; i++)
			assert_true(ecdsa_signs(
				0x17, point_bytes(&found[i]), &digest, rb, bytes_of(&one, 1)));
	}
	assert_true(n_beyond > 3);
}

/* What cannot be read is signed by nobody. */
static void test_signs__needs_a_curve_a_point_and_numbers(void **state)
{
	struct dice dice = { 77 };
	struct signer signer = signer_new(0x17, &dice);
	struct digest digest = { .len = 32, .data = { 9 } };
	struct rs rs = signer_sign(&signer, &digest, &dice);
	struct bytes q = point_bytes(&signer.q);
	uint8_t longer[80] = { 0 };

	(void)state;
	assert_true(ecdsa_signs(0x17, q, &digest, rs_r(&rs), rs_s(&rs)));
	memcpy(longer + 80 - rs.len, rs.r, rs.len);
	assert_true(ecdsa_signs(0x17, q, &digest, bytes_of(longer, 80), rs_s(&rs)));
	assert_false(ecdsa_signs(0x18, q, &digest, rs_r(&rs), rs_s(&rs)));
	assert_false(ecdsa_signs(0x1d, q, &digest, rs_r(&rs), rs_s(&rs)));
	assert_false(ecdsa_signs(0x17, bytes_slice(q, 0, 64), &digest, rs_r(&rs), rs_s(&rs)));
	assert_false(ecdsa_signs(0x17, bytes_of(NULL, 0), &digest, rs_r(&rs), rs_s(&rs)));
	assert_false(ecdsa_signs(0x17, q, &digest, bytes_of(NULL, 0), rs_s(&rs)));
	assert_false(ecdsa_signs(0x17, q, &digest, rs_r(&rs), bytes_of(NULL, 0)));
	signer.q.data[64] ^= 1;
	assert_false(ecdsa_signs(0x17, q, &digest, rs_r(&rs), rs_s(&rs)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signs__says_what_the_library_says),
		cmocka_unit_test(test_signs__x_may_be_r_plus_n),
		cmocka_unit_test(test_signs__needs_a_curve_a_point_and_numbers),
	};

	return cmocka_run_group_tests_name("crypto signs", tests, NULL, NULL);
}
