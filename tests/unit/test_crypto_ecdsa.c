/* ECDSA signatures taken apart, keys recovered from them, and many digests tried on one. */
#include "support/unit.h"

#include "crypto/curve.h"
#include "support/hex.h"
#include "support/signer.h"

static struct digest draw_digest(struct dice *dice, size_t len)
{
	struct digest d = { .len = len };

	dice_fill(dice, d.data, len);
	return d;
}

static void test_decode__tells_strict_from_lenient(void **state)
{
	static const struct {
		const char *hex;
		bool readable, strict, negative, padded;
		size_t trailing;
		unsigned r_bits, s_bits;
	} rows[] = {
		{ "3006 020101 020102", true, true, false, false, 0, 1, 2 },
		{ "3007 02020080 02017f", true, true, false, false, 0, 8, 7 },
		{ "3008 0203010000 020100", true, true, false, false, 0, 17, 0 },
		{ "3006 0201f0 020101", true, false, true, false, 0, 8, 1 },
		{ "3006 020101 020180", true, false, true, false, 0, 1, 8 },
		{ "3007 02020001 020101", true, false, false, true, 0, 1, 1 },
		{ "3008 0203000080 020101", true, false, false, true, 0, 8, 1 },
		{ "3006 020101 020101 00", true, false, false, false, 1, 1, 1 },
		{ "3007 020101 020101 00", true, false, false, false, 0, 1, 1 },
		{ "308106 020101 020101", true, false, false, false, 0, 1, 1 },
		{ "30820006 020101 020101", true, false, false, false, 0, 1, 1 },
		{ "3007 02810101 020101", true, false, false, false, 0, 1, 1 },
		{ "3080 020101 020101 0000", true, false, false, false, 0, 1, 1 },
		{ "3005 0200 020101", true, false, false, false, 0, 0, 1 },
		{ "300a 020101 020101", true, false, false, false, 0, 1, 1 },
		{ "3003 020101", false, false, false, false, 0, 0, 0 },
		{ "3006 020101 040101", false, false, false, false, 0, 0, 0 },
		{ "3106 020101 020101", false, false, false, false, 0, 0, 0 },
		{ "30847fffffff 020101 020101", false, false, false, false, 0, 0, 0 },
		{ "30", false, false, false, false, 0, 0, 0 },
		{ "", false, false, false, false, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ecdsa_signature s;
		uint8_t der[32];
		size_t len = hex_decode(rows[i].hex, der, sizeof(der));

		s = crypto_ecdsa_decode(bytes_of(der, len));
		assert_int_equal(s.readable, rows[i].readable);
		assert_int_equal(s.strict_der, rows[i].strict);
		assert_int_equal(s.negative, rows[i].negative);
		assert_int_equal(s.padded, rows[i].padded);
		assert_int_equal(s.trailing, rows[i].trailing);
		assert_int_equal(s.r_bits, rows[i].r_bits);
		assert_int_equal(s.s_bits, rows[i].s_bits);
	}
}

static void test_decode__strict_means_the_encoder_gives_it_back(void **state)
{
	struct dice dice = { 11 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct signer signer = signer_new(signer_groups[i], &dice);
		struct digest digest = draw_digest(&dice, 32);
		struct rs rs = signer_sign(&signer, &digest, &dice);
		uint8_t der[2 * SCALAR_MAX + 9];
		struct ecdsa_signature s = crypto_ecdsa_decode(signer_der(&rs, der));

		assert_true(s.readable && s.strict_der);
		assert_int_equal(crypto_ecdsa_verify_rs(
					 signer.group, point_bytes(&signer.q), &digest, s.r, s.s)
					 .state,
			PROOF_VALID);
	}
}

/* SubjectPublicKeyInfo of a P-256 key. */
static size_t p256_spki(const struct point *q, uint8_t out[static 128])
{
	size_t len =
		hex_decode("3059 3013 06072a8648ce3d0201 06082a8648ce3d030107 034200", out, 128);

	memcpy(out + len, q->data, q->len);
	return len + q->len;
}

/* The numbers are right, so a careless verifier takes it; a strict one must not. */
static void test_verify__negative_integer_is_refused_by_name(void **state)
{
	const struct signature_method method = { SIG_ECDSA, HASH_SHA256 };
	struct dice dice = { 12 };
	struct signer signer = signer_new(0x17, &dice);
	struct digest digest = draw_digest(&dice, 32);
	uint8_t spki[128], der[2 * SCALAR_MAX + 9];
	size_t spki_len = p256_spki(&signer.q, spki);
	struct ecdsa_signature s;
	struct verdict v;
	struct bytes b;
	struct rs rs;

	(void)state;
	do {
		rs = signer_sign(&signer, &digest, &dice);
	} while (rs.r[0] < 0x80 || rs.s[0] == 0 || rs.s[0] >= 0x80);
	b = signer_der(&rs, der);
	v = crypto_verify_digest(bytes_of(spki, spki_len), method, &digest, b);
	assert_int_equal(v.state, PROOF_VALID);

	memmove(der + 4, der + 5, b.len - 5); /* 30 45 02 21 00 ... -> 30 44 02 20 ... */
	der[1]--;
	der[3]--;
	b.len--;
	s = crypto_ecdsa_decode(b);
	assert_true(s.readable && s.negative && !s.strict_der);
	assert_int_equal(
		crypto_ecdsa_verify_rs(0x17, point_bytes(&signer.q), &digest, s.r, s.s).state,
		PROOF_VALID);
	v = crypto_verify_digest(bytes_of(spki, spki_len), method, &digest, b);
	assert_int_equal(v.state, PROOF_INVALID);
	assert_string_equal(v.why, "the ECDSA signature is not DER: r is negative");
}

static void test_verify__range_key_and_curve(void **state)
{
	static const uint8_t zero[32], high[32] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct dice dice = { 13 };
	struct signer signer = signer_new(0x17, &dice);
	struct digest digest = draw_digest(&dice, 32);
	struct rs rs = signer_sign(&signer, &digest, &dice);
	struct bytes q = point_bytes(&signer.q), r = rs_r(&rs), s = rs_s(&rs);
	const struct {
		uint16_t group;
		struct bytes r, s;
		enum proof want;
	} rows[] = {
		{ 0x17, r, s, PROOF_VALID },
		{ 0x17, bytes_of(zero, 32), s, PROOF_INVALID },
		{ 0x17, r, bytes_of(zero, 32), PROOF_INVALID },
		{ 0x17, r, bytes_of(zero, 0), PROOF_INVALID },
		{ 0x17, bytes_of(high, 32), s, PROOF_INVALID },
		{ 0x17, r, bytes_of(high, 32), PROOF_INVALID },
		{ 0x17, s, r, PROOF_INVALID },
		{ 0x18, r, s, PROOF_UNVERIFIABLE },
		{ 0x1d, r, s, PROOF_UNVERIFIABLE },
		{ 0x01, r, s, PROOF_UNVERIFIABLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
			crypto_ecdsa_verify_rs(rows[i].group, q, &digest, rows[i].r, rows[i].s)
				.state,
			rows[i].want);
	signer.q.data[40] ^= 1;
	assert_int_equal(crypto_ecdsa_verify_rs(0x17, q, &digest, r, s).state, PROOF_UNVERIFIABLE);
}

/* A number that is not between 1 and n - 1 is named; one that is at the border is in it. */
static void test_verify__the_number_out_of_range_is_named(void **state)
{
	static const char *const fits_not =
		"the signature does not fit the key and what it should sign";
	static const char *const r_out = "r is not between 1 and the order of the curve";
	static const char *const s_out = "s is not between 1 and the order of the curve";
	struct dice dice = { 23 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct signer signer = signer_new(signer_groups[i], &dice);
		struct digest digest = draw_digest(&dice, 32);
		uint8_t one = 1, zero = 0, order[MOD_BYTES], last[MOD_BYTES];
		struct bytes low = bytes_of(&one, 1), none = bytes_of(&zero, 1), n, high;
		struct curve c;

		assert_true(curve_load(signer.group, &c));
		mod_write_modulus(&c.n, order);
		memcpy(last, order, c.n.len);
		last[c.n.len - 1]--; /* it is odd */
		n = bytes_of(order, c.n.len);
		high = bytes_of(last, c.n.len);
		const struct {
			struct bytes r, s;
			const char *why;
		} rows[] = {
			{ low, low, fits_not },
			{ low, high, fits_not },
			{ high, low, fits_not },
			{ none, low, r_out },
			{ n, low, r_out },
			{ bytes_of(&zero, 0), low, r_out },
			{ low, none, s_out },
			{ low, n, s_out },
			{ low, bytes_of(&one, 0), s_out },
			{ n, n, r_out },
		};

		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			struct verdict v = crypto_ecdsa_verify_rs(signer.group,
				point_bytes(&signer.q), &digest, rows[k].r, rows[k].s);

			assert_int_equal(v.state, PROOF_INVALID);
			assert_string_equal(v.why, rows[k].why);
		}
	}
}

static bool has_point(const struct point points[], size_t n, const struct point *want)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes_equal(point_bytes(&points[i]), point_bytes(want)))
			return true;
	}
	return false;
}

static void test_recover__finds_the_signer(void **state)
{
	static const size_t digest_lens[] = { 20, 28, 32, 48, 64 };
	struct dice dice = { 14 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct signer signer = signer_new(signer_groups[i], &dice);

		for (size_t k = 0; k < sizeof(digest_lens) / sizeof(digest_lens[0]); k++) {
			struct digest digest = draw_digest(&dice, digest_lens[k]);
			struct rs rs = signer_sign(&signer, &digest, &dice);
			struct point found[RECOVERED_MAX];
			size_t n = crypto_ecdsa_recover(
				signer.group, &digest, rs_r(&rs), rs_s(&rs), found);

			assert_in_range(n, 2, RECOVERED_MAX);
			assert_true(has_point(found, n, &signer.q));
		}
	}
}

/* A small r stands also for x = r + n, which random signatures practically never have. */
static void test_recover__every_key_found_verifies(void **state)
{
	struct dice dice = { 15 };
	size_t four = 0, none = 0;

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		for (uint8_t small = 1; small < 12; small++) {
			struct digest digest = draw_digest(&dice, 32);
			struct point found[RECOVERED_MAX];
			uint8_t s_bytes[20];
			struct bytes r = bytes_of(&small, 1), s = bytes_of(s_bytes, 20);
			size_t n;

			dice_fill(&dice, s_bytes, sizeof(s_bytes));
			n = crypto_ecdsa_recover(signer_groups[i], &digest, r, s, found);
			four += n == 4;
			none += n == 0;
			assert_int_equal(crypto_ecdsa_r_is_no_point(signer_groups[i], r), n == 0);
			for (size_t k = 0; k < n; k++)
				assert_int_equal(crypto_ecdsa_verify_rs(signer_groups[i],
							 point_bytes(&found[k]), &digest, r, s)
							 .state,
					PROOF_VALID);
		}
	}
	assert_true(four > 5);
	assert_true(none > 5);
}

static void test_recover__needs_numbers_in_range(void **state)
{
	struct dice dice = { 16 };
	struct digest digest = draw_digest(&dice, 32);
	struct point found[RECOVERED_MAX];
	uint8_t one = 1, zero = 0, high[33];

	(void)state;
	memset(high, 0xff, sizeof(high));
	assert_int_equal(
		crypto_ecdsa_recover(0x17, &digest, bytes_of(&zero, 1), bytes_of(&one, 1), found),
		0);
	assert_int_equal(
		crypto_ecdsa_recover(0x17, &digest, bytes_of(&one, 1), bytes_of(&zero, 1), found),
		0);
	assert_int_equal(
		crypto_ecdsa_recover(0x17, &digest, bytes_of(high, 32), bytes_of(&one, 1), found),
		0);
	assert_int_equal(
		crypto_ecdsa_recover(0x17, &digest, bytes_of(high, 33), bytes_of(&one, 1), found),
		0);
	assert_int_equal(
		crypto_ecdsa_recover(0x1d, &digest, bytes_of(&one, 1), bytes_of(&one, 1), found),
		0);
	assert_false(crypto_ecdsa_r_is_no_point(0x17, bytes_of(&zero, 1)));
	assert_false(crypto_ecdsa_r_is_no_point(0x17, bytes_of(high, 32)));
	assert_false(crypto_ecdsa_r_is_no_point(0x1d, bytes_of(&one, 1)));
}

/* r and s are between 1 and the order of the curve, or no key has made them. */
static void test_ecdsa__numbers_out_of_range_are_named(void **state)
{
	uint8_t zero = 0, one = 1, high[32];
	struct ecdsa_signature sig = { .readable = true };

	(void)state;
	memset(high, 0xff, sizeof high);
	sig.r = sig.s = bytes_of(&one, 1);
	assert_null(crypto_ecdsa_out_of_range(0x17, &sig));
	sig.s = bytes_of(&zero, 1);
	assert_string_equal(crypto_ecdsa_out_of_range(0x17, &sig), "s");
	sig.s = bytes_of(high, sizeof high);
	assert_string_equal(crypto_ecdsa_out_of_range(0x17, &sig), "s");
	sig.r = bytes_of(high, sizeof high);
	assert_string_equal(crypto_ecdsa_out_of_range(0x17, &sig), "r");
	assert_null(crypto_ecdsa_out_of_range(0x18, &sig)); /* of a larger curve they are good */
	assert_null(crypto_ecdsa_out_of_range(0xfefe, &sig));
	sig.readable = false;
	assert_null(crypto_ecdsa_out_of_range(0x17, &sig));
}

/* Two signatures by `signer`; with the same nonce or not, s sent as it is or as n - s. */
static bool reuse_is_seen(const struct signer *signer, const struct point *q, bool same_nonce,
	bool negate_first, bool negate_second, struct dice *dice)
{
	struct digest digests[2] = { draw_digest(dice, 32), draw_digest(dice, 48) };
	struct ecdsa_signature signatures[2];
	uint8_t k[SCALAR_MAX], der[2][2 * SCALAR_MAX + 9];
	struct rs rs[2];

	signer_draw(signer, dice, k);
	rs[0] = signer_sign_with(signer, &digests[0], k);
	if (!same_nonce)
		signer_draw(signer, dice, k);
	rs[1] = signer_sign_with(signer, &digests[1], k);
	if (negate_first)
		signer_negate(signer, &rs[0]);
	if (negate_second)
		signer_negate(signer, &rs[1]);
	for (int i = 0; i < 2; i++)
		signatures[i] = crypto_ecdsa_decode(signer_der(&rs[i], der[i]));
	return crypto_ecdsa_nonce_reuse(signer->group, point_bytes(q), digests, signatures);
}

static void test_nonce_reuse__gives_the_key(void **state)
{
	struct dice dice = { 17 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct signer signer = signer_new(signer_groups[i], &dice);
		struct signer other = signer_new(signer_groups[i], &dice);

		assert_true(reuse_is_seen(&signer, &signer.q, true, false, false, &dice));
		assert_true(reuse_is_seen(&signer, &signer.q, true, false, true, &dice));
		assert_true(reuse_is_seen(&signer, &signer.q, true, true, false, &dice));
		assert_true(reuse_is_seen(&signer, &signer.q, true, true, true, &dice));
		assert_false(reuse_is_seen(&signer, &signer.q, false, false, false, &dice));
		assert_false(reuse_is_seen(&signer, &other.q, true, false, false, &dice));
	}
}

static void test_nonce_reuse__same_signature_twice_gives_nothing(void **state)
{
	struct dice dice = { 18 };
	struct signer signer = signer_new(0x17, &dice);
	struct digest digest = draw_digest(&dice, 32), digests[2] = { digest, digest };
	struct rs rs = signer_sign(&signer, &digest, &dice);
	uint8_t der[2 * SCALAR_MAX + 9];
	struct ecdsa_signature one = crypto_ecdsa_decode(signer_der(&rs, der));
	struct ecdsa_signature both[2] = { one, one }, unreadable[2] = { one, { 0 } };

	(void)state;
	assert_false(crypto_ecdsa_nonce_reuse(0x17, point_bytes(&signer.q), digests, both));
	assert_false(crypto_ecdsa_nonce_reuse(0x17, point_bytes(&signer.q), digests, unreadable));
	assert_false(crypto_ecdsa_nonce_reuse(0x1d, point_bytes(&signer.q), digests, both));
	assert_false(crypto_ecdsa_nonce_reuse(0x17, bytes_of(NULL, 0), digests, both));
}

static void expect_trials(struct ecdsa_trials *t, const struct digest *digest, struct dice *dice)
{
	assert_non_null(t);
	assert_true(crypto_ecdsa_trials_try(t, digest));
	for (int i = 0; i < 20; i++) {
		struct digest other = *digest;

		other.data[dice_roll(dice) % (digest->len < 24 ? digest->len : 24)] ^=
			(uint8_t)(1 << dice_roll(dice) % 8);
		assert_false(crypto_ecdsa_trials_try(t, &other));
	}
	assert_true(crypto_ecdsa_trials_try(t, digest));
	crypto_ecdsa_trials_close(t);
}

static void test_trials__only_the_signed_digest_hits(void **state)
{
	static const size_t digest_lens[] = { 20, 32, 48, 64 };
	struct dice dice = { 19 };

	(void)state;
	for (size_t i = 0; signer_groups[i] != 0; i++) {
		struct signer signer = signer_new(signer_groups[i], &dice);

		for (size_t k = 0; k < sizeof(digest_lens) / sizeof(digest_lens[0]); k++) {
			struct digest digest = draw_digest(&dice, digest_lens[k]);
			struct rs rs = signer_sign(&signer, &digest, &dice);

			if (k % 2 == 1)
				signer_negate(&signer, &rs);
			expect_trials(crypto_ecdsa_trials_open(signer.group, point_bytes(&signer.q),
					      rs_r(&rs), rs_s(&rs)),
				&digest, &dice);
		}
	}
}

static void test_trials__a_digest_of_zeros_can_be_signed(void **state)
{
	const struct digest zeros = { .len = 32 };
	struct dice dice = { 20 };
	struct signer signer = signer_new(0x18, &dice);
	struct rs rs = signer_sign(&signer, &zeros, &dice);

	(void)state;
	expect_trials(crypto_ecdsa_trials_open(0x18, point_bytes(&signer.q), rs_r(&rs), rs_s(&rs)),
		&zeros, &dice);
}

static void test_trials__x_may_be_r_plus_n(void **state)
{
	struct dice dice = { 21 };
	size_t tried = 0;

	(void)state;
	for (uint8_t small = 1; small < 40; small++) {
		struct digest digest = draw_digest(&dice, 32);
		struct point found[RECOVERED_MAX];
		uint8_t s_bytes[32];
		struct bytes r = bytes_of(&small, 1), s = bytes_of(s_bytes, 31);
		size_t n;

		dice_fill(&dice, s_bytes, sizeof(s_bytes));
		n = crypto_ecdsa_recover(0x17, &digest, r, s, found);
		for (size_t i = 0; n == 4 && i < n; i++, tried++)
			expect_trials(crypto_ecdsa_trials_open(0x17, point_bytes(&found[i]), r, s),
				&digest, &dice);
	}
	assert_true(tried >= 8);
}

static void test_trials__impossible_ones_do_not_open(void **state)
{
	struct dice dice = { 22 };
	struct signer signer = signer_new(0x17, &dice);
	struct digest digest = draw_digest(&dice, 32);
	struct rs rs = signer_sign(&signer, &digest, &dice);
	struct bytes q = point_bytes(&signer.q), none = bytes_of(NULL, 0);
	uint8_t zero = 0;

	(void)state;
	assert_null(crypto_ecdsa_trials_open(0x17, q, bytes_of(&zero, 1), rs_s(&rs)));
	assert_null(crypto_ecdsa_trials_open(0x17, q, rs_r(&rs), none));
	assert_null(crypto_ecdsa_trials_open(0x17, none, rs_r(&rs), rs_s(&rs)));
	assert_null(crypto_ecdsa_trials_open(0x18, q, rs_r(&rs), rs_s(&rs)));
	assert_null(crypto_ecdsa_trials_open(0x1d, q, rs_r(&rs), rs_s(&rs)));
	for (uint8_t r = 1; r < 40; r++) { /* half of them are no point's x */
		struct point found[RECOVERED_MAX];

		if (crypto_ecdsa_recover(0x17, &digest, bytes_of(&r, 1), rs_s(&rs), found) == 0)
			assert_null(crypto_ecdsa_trials_open(0x17, q, bytes_of(&r, 1), rs_s(&rs)));
	}
	signer.q.data[64] ^= 1;
	assert_null(crypto_ecdsa_trials_open(0x17, q, rs_r(&rs), rs_s(&rs)));
	crypto_ecdsa_trials_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode__tells_strict_from_lenient),
		cmocka_unit_test(test_decode__strict_means_the_encoder_gives_it_back),
		cmocka_unit_test(test_verify__negative_integer_is_refused_by_name),
		cmocka_unit_test(test_verify__range_key_and_curve),
		cmocka_unit_test(test_verify__the_number_out_of_range_is_named),
		cmocka_unit_test(test_recover__finds_the_signer),
		cmocka_unit_test(test_recover__every_key_found_verifies),
		cmocka_unit_test(test_recover__needs_numbers_in_range),
		cmocka_unit_test(test_nonce_reuse__gives_the_key),
		cmocka_unit_test(test_nonce_reuse__same_signature_twice_gives_nothing),
		cmocka_unit_test(test_trials__only_the_signed_digest_hits),
		cmocka_unit_test(test_trials__a_digest_of_zeros_can_be_signed),
		cmocka_unit_test(test_trials__x_may_be_r_plus_n),
		cmocka_unit_test(test_trials__impossible_ones_do_not_open),
		cmocka_unit_test(test_ecdsa__numbers_out_of_range_are_named),
	};

	return cmocka_run_group_tests_name("crypto ecdsa", tests, NULL, NULL);
}
