/* ECDSA signatures that verify once a damaged bit or byte is put back. */
#include "support/unit.h"

#include "forensic/autopsy.h"
#include "support/forge.h"

#include <stdio.h>

static const struct signature_method ecdsa256 = { SIG_ECDSA, HASH_SHA256 };
static const struct signature_method ecdsa512 = { SIG_ECDSA, HASH_SHA512 };

static struct {
	struct forge_key *server, *client;
	struct forge f;
	struct autopsy autopsy;
	struct signer signer[2];
	struct evidence evidence;
} t;

static int set_up(void **state)
{
	(void)state;
	memset(&t, 0, sizeof t);
	t.server = forge_ec_key(0x17, 1);
	t.client = forge_ec_key(0x17, 2);
	forge_open(&t.f, 30, t.server, t.client);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	forge_close(&t.f);
	forge_key_free(t.server);
	forge_key_free(t.client);
	return 0;
}

static void examine(enum side side, struct signature_method method, const struct blob *signature)
{
	struct autopsy_job job = { &t.f.hs, &t.autopsy };
	const struct handshake *others[] = { &t.f.hs };

	forge_sign(&t.f, side, method, signature);
	memset(&t.autopsy, 0, sizeof t.autopsy);
	autopsy_run(&job, 1, others, 1, &t.evidence, 120, &t.signer[0], &t.signer[1]);
}

/* The server signs these bytes with one byte changed. */
static struct blob sign_changed(
	struct signature_method method, const char *pieces, size_t at, uint8_t mask)
{
	struct blob all = forge_pieces(&t.f, pieces);
	struct bytes part = blob_bytes(&all);
	struct digest d;

	all.data[at] ^= mask;
	assert_true(crypto_hash(method.hash, &part, 1, &d));
	return forge_ecdsa_der(t.server, &d, 8);
}

static void assert_restored(enum damaged what, size_t at, uint8_t mask)
{
	const struct signature_autopsy *a = &t.autopsy.signature[SIDE_SERVER];
	bool one_bit = (mask & (mask - 1)) == 0;

	assert_int_equal(a->found, one_bit ? FIND_BIT_RESTORED : FIND_BYTE_RESTORED);
	assert_int_equal(a->damaged, what);
	assert_int_equal(a->damaged_at, at);
	if (one_bit)
		assert_int_equal(1 << a->damaged_bit, mask);
	assert_non_null(a->what);
}

static void test_damage__of_the_signed_bytes_is_found(void **state)
{
	static const struct {
		size_t at; /* in the two randoms and the parameters */
		uint8_t mask;
		enum damaged what;
		size_t within;
	} rows[] = {
		{ 64, 0x01, DAMAGED_PARAMS, 0 },
		{ 132, 0x80, DAMAGED_PARAMS, 68 },
		{ 100, 0x3c, DAMAGED_PARAMS, 36 },
		{ 0, 0x10, DAMAGED_CLIENT_RANDOM, 0 },
		{ 31, 0x02, DAMAGED_CLIENT_RANDOM, 31 },
		{ 32, 0x40, DAMAGED_SERVER_RANDOM, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct blob der = sign_changed(ecdsa256, "CSP", rows[i].at, rows[i].mask);

		examine(SIDE_SERVER, ecdsa256, &der);
		assert_restored(rows[i].what, rows[i].within, rows[i].mask);
	}
}

static void test_damage__is_told_in_words(void **state)
{
	struct blob der = sign_changed(ecdsa256, "CSP", 64 + 45, 0x08);
	char expected[80];

	(void)state;
	examine(SIDE_SERVER, ecdsa256, &der);
	assert_string_equal(t.autopsy.signature[SIDE_SERVER].what,
		"once bit 3 of byte 45 of the parameters is flipped back");
	der = sign_changed(ecdsa256, "CSP", 64 + 45, 0x18);
	examine(SIDE_SERVER, ecdsa256, &der);
	(void)snprintf(expected, sizeof expected,
		"once byte 45 of the parameters is %02x again, not %02x",
		(unsigned)(t.f.hs.ske.params.data[45] ^ 0x18),
		(unsigned)t.f.hs.ske.params.data[45]);
	assert_string_equal(t.autopsy.signature[SIDE_SERVER].what, expected);
}

static void test_damage__of_a_point_that_left_its_curve_is_found(void **state)
{
	struct blob der = sign_changed(ecdsa256, "CSP", 64 + 30, 0x04);

	(void)state;
	t.f.hs.side[SIDE_SERVER].point = POINT_OFF_CURVE;
	examine(SIDE_SERVER, ecdsa256, &der);
	assert_restored(DAMAGED_PARAMS, 30, 0x04);
	assert_true(t.autopsy.point[SIDE_SERVER].done);
}

static void test_damage__of_the_digest_is_found(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA512, "CSP");
	struct blob der;

	(void)state;
	d.data[31] ^= 0x20; /* the last byte that a key of 256 bits uses */
	der = forge_ecdsa_der(t.server, &d, 8);
	examine(SIDE_SERVER, ecdsa512, &der);
	assert_restored(DAMAGED_DIGEST, 31, 0x20);
}

static void test_damage__of_two_bytes_is_not_repaired(void **state)
{
	struct blob all = forge_pieces(&t.f, "CSP");
	struct bytes part = blob_bytes(&all);
	const struct trial_counts *tried = &t.autopsy.signature[SIDE_SERVER].tried;
	struct digest d;
	struct blob der;

	(void)state;
	all.data[70] ^= 1;
	all.data[90] ^= 1;
	assert_true(crypto_hash(HASH_SHA256, &part, 1, &d));
	der = forge_ecdsa_der(t.server, &d, 8);
	examine(SIDE_SERVER, ecdsa256, &der);
	assert_int_equal(t.autopsy.signature[SIDE_SERVER].found, FIND_NOTHING);
	assert_false(tried->out_of_budget);
	assert_int_equal(tried->bits, tried->bits_all);
	assert_int_equal(tried->bytes, tried->bytes_all);
	/* 69 bytes of parameters, two randoms, the digest, and what was sent as signature */
	assert_int_equal(tried->bits, 8 * (69 + 64 + 32 + der.len));
	assert_int_equal(tried->bytes, 247 * (69 + 64 + 32 + der.len));
}

/* ---- the signature itself ---- */

static void test_damage__of_any_byte_of_the_signature_is_found(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob right = forge_ecdsa_der(t.server, &d, 8);

	(void)state;
	for (size_t at = 0; at < right.len; at++) {
		static const uint8_t masks[] = { 0x01, 0x80, 0x5a };
		uint8_t mask = masks[at % 3];
		struct blob sent = right;

		if (right.len > 8 && at >= 6 && at % 5 != 0)
			continue; /* the rest is more of the same */
		sent.data[at] ^= mask;
		examine(SIDE_SERVER, ecdsa256, &sent);
		if (t.autopsy.signature[SIDE_SERVER].found == FIND_OTHER_ENCODING)
			continue; /* a wrong length can be read leniently, too */
		assert_restored(DAMAGED_SIGNATURE, at, mask);
	}
}

static void test_mend__finds_every_byte_of_r_and_s_on_every_curve(void **state)
{
	static const uint16_t groups[] = { 0x17, 0x18, 0x19 };

	(void)state;
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		struct forge_key *key = forge_ec_key(groups[g], g + 1);
		struct digest d = forge_digest(&t.f, HASH_SHA512, "CSP");
		struct blob r, s;
		struct ecdsa_mended m;
		struct cert cert;

		forge_cert(key, &cert);
		forge_ecdsa(key, &d, 4, &r, &s);
		for (size_t at = 0; at < r.len; at += 13)
			for (int in_s = 0; in_s < 2; in_s++) {
				struct blob *number = in_s ? &s : &r;
				uint8_t right = number->data[at];

				number->data[at] = (uint8_t)(right + 1 + 13 * at);
				if (number->data[at] == right)
					continue;
				if (crypto_ecdsa_mend(cert.key_group, cert.key_point, &d,
					    blob_bytes(&r), blob_bytes(&s), &m)) {
					assert_int_equal(m.in_s, in_s);
					assert_int_equal(m.at, at);
					assert_int_equal(m.byte, right);
				} else {
					assert_int_equal(
						at, 0); /* out of range, cannot be r or s */
				}
				number->data[at] = right;
			}
		r.data[20] ^= 1;
		r.data[21] ^= 1;
		assert_false(crypto_ecdsa_mend(
			cert.key_group, cert.key_point, &d, blob_bytes(&r), blob_bytes(&s), &m));
		forge_key_free(key);
	}
}

/* In front of a number stand zeros that make it longer than the curve's; its own first byte became zero, too. */
static void test_mend__counts_the_zeros_in_front(void **state)
{
	const struct digest zero = { .len = 32 };
	struct forge_key *key = forge_ec_key(0x17, 5);
	struct blob number[2];
	struct ecdsa_mended m;
	struct cert cert;

	(void)state;
	forge_cert(key, &cert);
	forge_ecdsa(key, &zero, 4, &number[0], &number[1]);
	for (size_t which = 0; which < 2; which++)
		for (size_t zeros = 0; zeros < 4; zeros++)
			for (size_t at = 0; at < 32; at += 31) {
				struct blob sent[2] = { number[0], number[1] };
				uint8_t right = number[which].data[at];

				assert_int_equal(number[which].len, 32);
				memset(sent[which].data, 0, zeros);
				memcpy(sent[which].data + zeros, number[which].data, 32);
				sent[which].data[zeros + at] = 0;
				sent[which].len += zeros;
				assert_true(crypto_ecdsa_mend(cert.key_group, cert.key_point, &zero,
					blob_bytes(&sent[0]), blob_bytes(&sent[1]), &m));
				assert_int_equal(m.in_s, which);
				assert_int_equal(m.at, zeros + at);
				assert_int_equal(m.byte, right);
				/* What is too long and does not begin with zeros is another number. */
				sent[which].data[0] = 1;
				if (zeros != 0)
					assert_false(crypto_ecdsa_mend(cert.key_group,
						cert.key_point, &zero, blob_bytes(&sent[0]),
						blob_bytes(&sent[1]), &m));
			}
	forge_key_free(key);
}

static void test_trials__aimed_anew_know_the_new_signature_only(void **state)
{
	struct digest first = forge_digest(&t.f, HASH_SHA256, "CSP"),
		      second = forge_digest(&t.f, HASH_SHA256, "SCP");
	struct blob r, s;
	struct ecdsa_trials *trials;
	struct cert cert;

	(void)state;
	forge_cert(t.server, &cert);
	forge_ecdsa(t.server, &first, 4, &r, &s);
	trials = crypto_ecdsa_trials_open(
		cert.key_group, cert.key_point, blob_bytes(&r), blob_bytes(&s));
	assert_non_null(trials);
	assert_true(crypto_ecdsa_trials_try(trials, &first));

	forge_ecdsa(t.server, &second, 5, &r, &s);
	assert_true(crypto_ecdsa_trials_aim(
		trials, cert.key_group, cert.key_point, blob_bytes(&r), blob_bytes(&s)));
	assert_true(crypto_ecdsa_trials_try(trials, &second));
	assert_false(crypto_ecdsa_trials_try(trials, &first));

	memset(r.data, 0xff, r.len); /* above the order of the curve */
	assert_false(crypto_ecdsa_trials_aim(
		trials, cert.key_group, cert.key_point, blob_bytes(&r), blob_bytes(&s)));
	assert_false(crypto_ecdsa_trials_try(trials, &second));
	assert_false(crypto_ecdsa_trials_aim(
		trials, 0x18, cert.key_point, blob_bytes(&r), blob_bytes(&s)));
	crypto_ecdsa_trials_close(trials);
}

/* ---- the client's ---- */

static void test_damage__of_what_the_client_signed_is_found(void **state)
{
	struct blob all = forge_pieces(&t.f, "01234567");
	struct bytes part = blob_bytes(&all);
	const struct signature_autopsy *a = &t.autopsy.signature[SIDE_CLIENT];
	struct digest d;
	struct blob der;

	(void)state;
	all.data[all.len - 10] ^= 0x40; /* 66 bytes of ClientKeyExchange end the transcript */
	assert_true(crypto_hash(HASH_SHA256, &part, 1, &d));
	der = forge_ecdsa_der(t.client, &d, 8);
	examine(SIDE_CLIENT, ecdsa256, &der);
	assert_int_equal(a->found, FIND_BIT_RESTORED);
	assert_string_equal(a->what, "once bit 6 of byte 56 of ClientKeyExchange is flipped back");

	all.data[all.len - 10] ^= 0x40;
	all.data[6 + 3] ^= 0x02;
	assert_true(crypto_hash(HASH_SHA256, &part, 1, &d));
	der = forge_ecdsa_der(t.client, &d, 8);
	examine(SIDE_CLIENT, ecdsa256, &der);
	assert_string_equal(a->what, "once bit 1 of byte 3 of the client random is flipped back");
}

static void test_damage__stops_at_the_budget_and_says_so(void **state)
{
	struct digest d = { .len = 32 };
	struct blob der = forge_ecdsa_der(t.server, &d, 8);
	struct autopsy_job job = { &t.f.hs, &t.autopsy };
	const struct handshake *others[] = { &t.f.hs };
	const struct trial_counts *tried = &t.autopsy.signature[SIDE_SERVER].tried;

	(void)state;
	memset(d.data, 0x77, d.len);
	der = forge_ecdsa_der(t.server, &d, 8);
	forge_sign(&t.f, SIDE_SERVER, ecdsa256, &der);
	autopsy_run(&job, 1, others, 1, &t.evidence, 0.2, &t.signer[0], &t.signer[1]);
	assert_int_equal(t.autopsy.signature[SIDE_SERVER].found, FIND_NOTHING);
	if (tried->out_of_budget)
		assert_true(tried->bytes_all == 0 || tried->bytes < tried->bytes_all ||
			    tried->bits < tried->bits_all);
	else
		assert_int_equal(tried->bytes, tried->bytes_all);
}

/* ---- several servers ---- */

enum { SERVERS = 6 };

static struct {
	struct forge f[SERVERS];
	struct autopsy autopsy[SERVERS];
	struct autopsy_job job[SERVERS];
	struct signer signer[SERVERS][2];
	struct autopsy_case cases[SERVERS];
	const struct handshake *others[SERVERS];
} many;

/* The first signature is a random one, which no trial explains; a bit of each other is wrong. */
static void open_many(void)
{
	memset(&many, 0, sizeof many);
	for (size_t i = 0; i < SERVERS; i++) {
		struct digest d = { .len = 32 };
		struct blob der;

		forge_open(&many.f[i], 100 + i, t.server, t.client);
		memset(d.data, 0x77, d.len);
		if (i != 0)
			d = forge_digest(&many.f[i], HASH_SHA256, "CSP");
		der = forge_ecdsa_der(t.server, &d, 20 + i);
		if (i != 0)
			der.data[20] ^= 4;
		forge_sign(&many.f[i], SIDE_SERVER, ecdsa256, &der);
		many.job[i] = (struct autopsy_job){ &many.f[i].hs, &many.autopsy[i] };
		many.cases[i] = (struct autopsy_case){ &many.job[i], 1, &many.signer[i][0],
			&many.signer[i][1] };
		many.others[i] = &many.f[i].hs;
	}
}

static void close_many(void)
{
	for (size_t i = 0; i < SERVERS; i++)
		forge_close(&many.f[i]);
}

static void test_servers__the_first_does_not_eat_what_the_others_need(void **state)
{
	struct autopsy_totals totals;

	(void)state;
	open_many();
	autopsies_run(many.cases, SERVERS, many.others, SERVERS, &t.evidence, 6, &totals);
	assert_int_equal(totals.signatures, SERVERS);
	assert_true(totals.cut <= 1);
	assert_int_equal(many.autopsy[0].signature[SIDE_SERVER].found, FIND_NOTHING);
	for (size_t i = 1; i < SERVERS; i++)
		assert_int_equal(many.autopsy[i].signature[SIDE_SERVER].found, FIND_BIT_RESTORED);
	close_many();
}

static void test_servers__without_time_all_of_them_are_told_as_cut(void **state)
{
	struct autopsy_totals totals;

	(void)state;
	open_many();
	autopsies_run(many.cases, SERVERS, many.others, SERVERS, &t.evidence, 1e-9, &totals);
	assert_int_equal(totals.cut, SERVERS);
	for (size_t i = 0; i < SERVERS; i++) {
		assert_true(many.autopsy[i].signature[SIDE_SERVER].done &&
			    many.autopsy[i].signature[SIDE_SERVER].tried.out_of_budget);
		assert_int_equal(many.autopsy[i].signature[SIDE_SERVER].found, FIND_NOTHING);
		assert_true(many.autopsy[i].point[SIDE_SERVER].cut);
	}
	autopsies_run(many.cases, SERVERS, many.others, SERVERS, &t.evidence, 0, &totals);
	assert_int_equal(totals.cut, 0); /* none was asked for */
	close_many();
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_servers__the_first_does_not_eat_what_the_others_need),
		CASE(test_servers__without_time_all_of_them_are_told_as_cut),
		CASE(test_damage__of_the_signed_bytes_is_found),
		CASE(test_damage__is_told_in_words),
		CASE(test_damage__of_a_point_that_left_its_curve_is_found),
		CASE(test_damage__of_the_digest_is_found),
		CASE(test_damage__of_two_bytes_is_not_repaired),
		CASE(test_damage__of_any_byte_of_the_signature_is_found),
		CASE(test_mend__finds_every_byte_of_r_and_s_on_every_curve),
		CASE(test_mend__counts_the_zeros_in_front),
		CASE(test_trials__aimed_anew_know_the_new_signature_only),
		CASE(test_damage__of_what_the_client_signed_is_found),
		CASE(test_damage__stops_at_the_budget_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
