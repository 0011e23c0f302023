/* What verification may cost: operations are counted, not seconds. */
#include "session/handshake.h"
#include "support/unit.h"

#include "session/prove.h"
#include "session/prove_groups.h"
#include "session/prove_ration.h"
#include "support/certs.h"
#include "support/hex.h"
#include "support/tsv.h"

#include <pthread.h>
#include <stdlib.h>

enum { MODULUS = 64, WIDE = 1024, MODULI = 40, PRIME_MAX = 1024 };

static struct cert_store *store;
static const struct cert *leaf;
static const uint8_t two[] = { 2 }, three[] = { 3 };

static int open_all(void **state)
{
	(void)state;
	store = cert_store_open(1 << 20);
	leaf = fixture_cert(store, "leaf");
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	cert_release(store, leaf);
	cert_store_close(store);
	return 0;
}

/* An odd number with its highest bit set; nothing is known of it but that nobody published it. */
static struct bytes modulus(uint8_t *out, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)((i + 1) * 37 + (size_t)seed * 101 + 1);
	out[0] = 0x80 | (uint8_t)seed;
	out[len - 1] |= 1;
	return bytes_of(out, len);
}

/* ---- groups ---- */

static void look(struct group_memo *m, struct bytes p, struct bytes g)
{
	struct dh_check check;

	assert_true(group_memo_claim(m, p, UINT64_MAX));
	group_memo_check(m, p, g, bytes_of(three, 1), &check);
	assert_true(check.checked);
}

static void test_groups__each_modulus_is_tested_once_however_many_there_are(void **state)
{
	struct group_memo *m = group_memo_open();
	uint8_t p[MODULUS];

	(void)state;
	for (unsigned round = 0; round < 3; round++)
		for (unsigned i = 0; i < MODULI; i++)
			look(m, modulus(p, sizeof p, i), bytes_of(two, 1));
	assert_int_equal(group_memo_totals(m).tested, MODULI);
	group_memo_close(m);
}

static void test_groups__another_generator_or_leading_zeros_are_no_other_modulus(void **state)
{
	struct group_memo *m = group_memo_open();
	uint8_t p[1 + MODULUS] = { 0 };
	struct dh_check check;

	(void)state;
	(void)modulus(p + 1, MODULUS, 1);
	look(m, bytes_of(p + 1, MODULUS), bytes_of(two, 1));
	look(m, bytes_of(p, sizeof p), bytes_of(three, 1));
	assert_int_equal(group_memo_totals(m).tested, 1);
	group_memo_check(m, bytes_of(p, sizeof p), bytes_of(p, sizeof p), bytes_of(two, 1), &check);
	assert_false(check.generator_ok); /* of this g, not of the one before */
	assert_true(check.public_ok);
	group_memo_close(m);
}

static void test_groups__published_primes_cost_nothing(void **state)
{
	struct group_memo *m = group_memo_open();
	struct tsv table;
	char *columns[4];
	uint8_t p[PRIME_MAX];
	struct dh_check check;

	(void)state;
	assert_true(tsv_open(&table, "fixtures/crypto/dh-primes.tsv"));
	while (tsv_next(&table, columns, 4)) {
		struct bytes prime = bytes_of(p, hex_decode(columns[3], p, sizeof p));

		assert_int_equal(crypto_dh_cost(prime), 0);
		assert_true(group_memo_claim(m, prime, 0));
		group_memo_check(m, prime, bytes_of(two, 1), bytes_of(three, 1), &check);
		assert_true(check.prime);
	}
	tsv_close(&table);
	assert_int_equal(group_memo_totals(m).tested, 0);
	assert_int_equal(group_memo_totals(m).cost, 0);
	group_memo_close(m);
}

static void test_groups__a_claim_is_refused_when_the_test_could_cost_more(void **state)
{
	struct group_memo *m = group_memo_open();
	uint8_t p[MODULUS];
	struct bytes number = modulus(p, sizeof p, 3);
	unsigned cost = crypto_dh_cost(number);

	(void)state;
	assert_true(cost > 0);
	assert_false(group_memo_claim(m, number, cost - 1));
	assert_true(group_memo_claim(m, number, cost));
	assert_true(group_memo_claim(m, number, 0)); /* it will be tested anyhow */
	assert_int_equal(group_memo_totals(m).cost, cost);
	look(m, number, bytes_of(two, 1));
	assert_true(group_memo_totals(m).cost <= cost); /* as the test turned out */
	group_memo_close(m);
}

static void *look_in_thread(void *ctx)
{
	uint8_t p[MODULUS];

	for (unsigned i = 0; i < MODULI; i++)
		look(ctx, modulus(p, sizeof p, i), bytes_of(two, 1));
	return NULL;
}

static void test_groups__threads_wait_for_the_one_that_tests(void **state)
{
	struct group_memo *m = group_memo_open();
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, look_in_thread, m), 0);
	for (size_t i = 0; i < 4; i++)
		(void)pthread_join(threads[i], NULL);
	assert_int_equal(group_memo_totals(m).tested, MODULI);
	group_memo_close(m);
}

static void test_groups__without_a_test_the_ranges_are_seen_all_the_same(void **state)
{
	uint8_t p[MODULUS];
	struct bytes number = modulus(p, sizeof p, 1);
	struct dh_check check;

	(void)state;
	group_look(number, bytes_of(two, 1), number, &check);
	assert_false(check.checked || check.prime || check.public_ok);
	assert_true(check.generator_ok);
	assert_int_equal(check.prime_bits, 8 * MODULUS);
}

/* 1 < y < p - 1, whatever zeros stand before either. */
static void test_groups__ranges_end_at_one_and_two_below_the_modulus(void **state)
{
	static const struct {
		uint8_t p[4], y[4];
		size_t n_p, n_y;
		bool ok;
		unsigned bits;
	} rows[] = {
		{ { 0x71, 0x05, 0x0b }, { 0x71, 0x05, 0x09 }, 3, 3, true, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x71, 0x05, 0x0a }, 3, 3, false, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x71, 0x05, 0x0b }, 3, 3, false, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x71, 0x04, 0xff }, 3, 3, true, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x71, 0x06, 0x00 }, 3, 3, false, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x70, 0xff, 0xff }, 3, 3, true, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x72, 0x00, 0x00 }, 3, 3, false, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0xff, 0xff }, 3, 2, true, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x01, 0x00, 0x00, 0x00 }, 3, 4, false, 23 },
		{ { 0x71, 0x05, 0x0b }, { 0x00, 0x71, 0x05, 0x09 }, 3, 4, true, 23 },
		{ { 0x00, 0x01, 0x05, 0x0b }, { 0x01, 0x05, 0x09 }, 4, 3, true, 17 },
		{ { 0x80, 0x0b }, { 0x02 }, 2, 1, true, 16 },
		{ { 0x7f, 0x0b }, { 0x01 }, 2, 1, false, 15 },
		{ { 0x7f, 0x0b }, { 0x00 }, 2, 1, false, 15 },
		{ { 0x7f, 0x0b }, { 0x00, 0x01 }, 2, 2, false, 15 },
		{ { 0x7f, 0x0b }, { 0x01, 0x01 }, 2, 2, true, 15 },
		{ { 0x7f, 0x0b }, { 0 }, 2, 0, false, 15 },
		{ { 0x07 }, { 0x05 }, 1, 1, true, 3 },
		{ { 0x07 }, { 0x06 }, 1, 1, false, 3 },
		{ { 0x00 }, { 0x02 }, 1, 1, false, 0 },
		{ { 0 }, { 0x02 }, 0, 1, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes p = bytes_of(rows[i].p, rows[i].n_p);
		struct bytes y = bytes_of(rows[i].y, rows[i].n_y);
		struct dh_check check;

		group_look(p, bytes_of(two, 1), y, &check);
		assert_int_equal(check.public_ok, rows[i].ok);
		assert_int_equal(check.prime_bits, rows[i].bits);
		group_look(p, y, bytes_of(two, 1), &check);
		assert_int_equal(check.generator_ok, rows[i].ok);
	}
}

/* ---- the ration of a run ---- */

/* A failed handshake with a P-256 certificate of its own and a signature, and so many bytes. */
static struct handshake failed(struct event *event, size_t bytes)
{
	static const uint8_t signature[] = { 0x30, 6, 2, 1, 1, 2, 1, 1 };
	struct handshake hs = {
		.outcome = OUTCOME_FAILED,
		.events = event,
		.n_events = 1,
		.ske = { .seen = true,
			.has_signature = true,
			.has_scheme = true,
			.scheme = 0x0403,
			.signature = { signature, sizeof signature } },
		.side[SIDE_SERVER].n_certs = 1,
	};

	event->raw.len = bytes; /* its bytes are not looked at */
	hs.side[SIDE_SERVER].certs[0] = leaf;
	return hs;
}

static size_t wanted_of(enum verify_policy verify, size_t n, size_t bytes)
{
	const struct evidence ev = { .verify = verify };
	struct prover *p = prover_open(&ev);
	struct prove_totals totals;
	struct event event = { .kind = EVENT_MESSAGE };
	size_t wanted = 0;

	for (size_t i = 0; i < n; i++) {
		struct handshake hs = failed(&event, bytes);

		wanted += prover_wants(p, &hs);
		if (prover_full(p))
			prover_settle(p);
		if (!hs.proved)
			assert_non_null(strstr(hs.not_proved_why, "--verify=all"));
	}
	totals = prover_totals(p);
	assert_int_equal(totals.verified, wanted);
	assert_int_equal(totals.left_out, n - wanted);
	assert_int_equal(totals.not_verified, 0);
	prover_close(p);
	return wanted;
}

static void test_ration__a_capture_has_a_start_and_then_what_its_size_brings(void **state)
{
	const size_t n = 20000, usual = 4200;
	size_t start = wanted_of(VERIFY_AUTO, n, 0);
	size_t more = wanted_of(VERIFY_AUTO, n, usual);

	(void)state;
	assert_in_range(start, 2000, 3000); /* a few thousand, whatever their size */
	assert_int_equal(wanted_of(VERIFY_AUTO, 2000, 0), 2000);
	assert_int_equal(more, n); /* handshakes of the usual size earn what they cost */
	assert_int_equal(wanted_of(VERIFY_AUTO, n, 0), start); /* the same in every run */
}

static void test_ration__verify_all_has_none(void **state)
{
	(void)state;
	assert_int_equal(wanted_of(VERIFY_ALL, 20000, 0), 20000);
}

static size_t groups_left_out(enum verify_policy verify, size_t n)
{
	const struct evidence ev = { .verify = verify };
	struct prover *p = prover_open(&ev);
	static uint8_t numbers[MODULI][WIDE];
	size_t left_out;

	for (unsigned i = 0; i < n; i++) {
		struct handshake hs = { .outcome = OUTCOME_FAILED, .ske = { .seen = true } };

		hs.ske.dh_p = modulus(numbers[i], WIDE, i);
		assert_true(prover_wants(p, &hs)); /* the rest of it is verified */
		assert_true(i != 0 || !hs.dh_left_out);
	}
	left_out = prover_totals(p).groups_left_out;
	prover_close(p);
	return left_out;
}

static void test_ration__moduli_get_their_part_of_it_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(groups_left_out(VERIFY_AUTO, 1), 0);
	assert_true(groups_left_out(VERIFY_AUTO, MODULI) > MODULI / 2);
	assert_int_equal(groups_left_out(VERIFY_ALL, MODULI), 0);
}

/* ---- costs ---- */

static void test_cost__is_nothing_where_the_key_cannot_have_signed(void **state)
{
	const struct signature_method rsa = { SIG_RSA_PKCS1, HASH_SHA256 };
	const struct signature_method ecdsa = { SIG_ECDSA, HASH_SHA256 };

	(void)state;
	assert_int_equal(crypto_verify_cost(leaf->spki, rsa, leaf->signature), 0);
	assert_int_equal(crypto_verify_cost(bytes_of("x", 1), ecdsa, leaf->signature), 0);
	assert_true(crypto_verify_cost(leaf->spki, ecdsa, leaf->signature) > 0);
}

/* P-256 is 18: of each signature that can be judged in the clear, and of each link of a chain. */
static void test_cost__is_the_sum_of_all_signatures(void **state)
{
	struct event event[2] = { { .kind = EVENT_MESSAGE }, { .kind = EVENT_MESSAGE } };
	struct handshake hs = failed(event, 100);

	(void)state;
	event[1].raw.len = 23;
	hs.n_events = 2;
	assert_int_equal(ration_bytes(&hs), 123);
	assert_int_equal(ration_signatures(&hs), 18);
	hs.side[SIDE_CLIENT].verify = (struct certificate_verify){
		.seen = true, .has_scheme = true, .scheme = 0x0403, .signature = hs.ske.signature
	};
	assert_int_equal(ration_signatures(&hs), 18); /* there is no key to ask */
	hs.side[SIDE_CLIENT].certs[0] = leaf;
	hs.side[SIDE_CLIENT].n_certs = 1;
	assert_int_equal(ration_signatures(&hs), 36);
	hs.ske.has_signature = false;
	assert_int_equal(ration_signatures(&hs), 18);
	hs.tls13 = true; /* the server's is in a CertificateVerify, too */
	assert_int_equal(ration_signatures(&hs), 18);
	hs.side[SIDE_SERVER].verify = hs.side[SIDE_CLIENT].verify;
	assert_int_equal(ration_signatures(&hs), 36);
	assert_int_equal(ration_chains(&hs), 36);
	hs.side[SIDE_SERVER].certs[1] = leaf;
	hs.side[SIDE_SERVER].n_certs = 2;
	assert_int_equal(ration_chains(&hs), 54);
	hs.side[SIDE_SERVER].n_certs = hs.side[SIDE_CLIENT].n_certs = 0;
	assert_int_equal(ration_chains(&hs), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cost__is_the_sum_of_all_signatures),
		cmocka_unit_test(test_groups__each_modulus_is_tested_once_however_many_there_are),
		cmocka_unit_test(
			test_groups__another_generator_or_leading_zeros_are_no_other_modulus),
		cmocka_unit_test(test_groups__published_primes_cost_nothing),
		cmocka_unit_test(test_groups__a_claim_is_refused_when_the_test_could_cost_more),
		cmocka_unit_test(test_groups__threads_wait_for_the_one_that_tests),
		cmocka_unit_test(test_groups__without_a_test_the_ranges_are_seen_all_the_same),
		cmocka_unit_test(test_groups__ranges_end_at_one_and_two_below_the_modulus),
		cmocka_unit_test(test_ration__a_capture_has_a_start_and_then_what_its_size_brings),
		cmocka_unit_test(test_ration__verify_all_has_none),
		cmocka_unit_test(test_ration__moduli_get_their_part_of_it_and_no_more),
		cmocka_unit_test(test_cost__is_nothing_where_the_key_cannot_have_signed),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
