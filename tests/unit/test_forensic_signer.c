/* What several handshakes say together: one foreign key, or one nonce. */
#include "support/unit.h"

#include "base/sanitized.h"
#include "forensic/autopsy.h"
#include "support/forge.h"

static const struct signature_method method = { SIG_ECDSA, HASH_SHA256 };

enum { N = 3 };

static struct {
	struct forge_key *server, *client, *foreign[N];
	struct forge f[N];
	struct autopsy autopsy[N];
	struct signer signer[2];
	struct evidence evidence;
} t;

static int set_up(void **state)
{
	(void)state;
	memset(&t, 0, sizeof t);
	t.server = forge_ec_key(0x17, 1);
	t.client = forge_ec_key(0x18, 2);
	for (size_t i = 0; i < N; i++) {
		t.foreign[i] = forge_ec_key(0x17, 40 + i);
		forge_open(&t.f[i], 50 + i, t.server, t.client);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < N; i++) {
		forge_close(&t.f[i]);
		forge_key_free(t.foreign[i]);
	}
	forge_key_free(t.server);
	forge_key_free(t.client);
	return 0;
}

static void sign(size_t i, const struct forge_key *key, uint64_t nonce)
{
	struct digest d = forge_digest(&t.f[i], HASH_SHA256, "CSP");
	struct blob der = forge_ecdsa_der(key, &d, nonce);

	forge_sign(&t.f[i], SIDE_SERVER, method, &der);
}

/* Plain trials and signers only: the budget ends before all bytes are swept. */
static const struct signer *examine(size_t n)
{
	struct autopsy_job jobs[N];
	const struct handshake *others[N];

	for (size_t i = 0; i < N; i++) {
		t.autopsy[i] = (struct autopsy){ 0 };
		jobs[i] = (struct autopsy_job){ &t.f[i].hs, &t.autopsy[i] };
		others[i] = &t.f[i].hs;
	}
	autopsy_run(jobs, n, others, N, &t.evidence, SLOW ? 8 : 0.5, &t.signer[SIDE_SERVER],
		&t.signer[SIDE_CLIENT]);
	return &t.signer[SIDE_SERVER];
}

static void test_signer__one_foreign_key_behind_several_is_found(void **state)
{
	const struct signer *s;
	struct cert cert;

	(void)state;
	for (size_t i = 0; i < N; i++)
		sign(i, t.foreign[0], i + 1);
	s = examine(N);
	assert_true(s->common_key);
	assert_int_equal(s->n_signatures, N);
	assert_int_equal(s->n_common, N);
	assert_false(s->matches_given);
	forge_cert(t.foreign[0], &cert);
	assert_true(bytes_equal(bytes_of(s->key.data, s->key.len), cert.key_point));
	assert_int_equal(t.autopsy[0].signature[SIDE_SERVER].found, FIND_NOTHING);
	assert_int_equal(
		t.autopsy[0].signature[SIDE_SERVER].tried.bits, 0); /* nothing is left to explain */
	assert_int_equal(t.signer[SIDE_CLIENT].n_signatures, 0);
}

static void test_signer__one_signature_fits_several_keys(void **state)
{
	const struct signer *s;

	(void)state;
	sign(0, t.foreign[0], 1);
	s = examine(1);
	assert_int_equal(s->n_signatures, 1);
	assert_false(s->common_key);
	assert_true(t.autopsy[0].signature[SIDE_SERVER].n_candidates >= 2);
}

/* Half of all numbers are the x-coordinate of no point: a random r shows it soon. */
static void test_signer__an_r_off_the_curve_fits_no_key(void **state)
{
	const struct signer *s;
	uint8_t r[32] = { 1 };
	struct blob der;

	(void)state;
	while (!crypto_ecdsa_r_is_no_point(0x17, bytes_of(r, sizeof r)))
		r[0]++;
	der = forge_der(bytes_of(r, sizeof r), bytes_of(r, sizeof r));
	forge_sign(&t.f[0], SIDE_SERVER, method, &der);
	s = examine(1);
	assert_int_equal(s->n_signatures, 1);
	assert_int_equal(s->n_without, 1);
	assert_int_equal(t.autopsy[0].signature[SIDE_SERVER].n_candidates, 0);
	assert_true(t.autopsy[0].signature[SIDE_SERVER].no_key);
	sign(1, t.foreign[0], 1);
	s = examine(2);
	assert_int_equal(s->n_signatures, 2);
	assert_int_equal(s->n_without, 1);
	assert_false(t.autopsy[1].signature[SIDE_SERVER].no_key);
	assert_false(s->common_key);
}

static void test_signer__keys_that_differ_have_nothing_in_common(void **state)
{
	const struct signer *s;

	(void)state;
	for (size_t i = 0; i < N; i++)
		sign(i, t.foreign[i], i + 1);
	s = examine(N);
	assert_int_equal(s->n_signatures, N);
	assert_false(s->common_key);
	assert_int_equal(s->n_common, 0);
	assert_int_equal(s->key.len, 0);
}

static void test_signer__two_of_three_are_enough(void **state)
{
	const struct signer *s;

	(void)state;
	sign(0, t.foreign[0], 1);
	sign(1, t.foreign[1], 2);
	sign(2, t.foreign[0], 3);
	s = examine(N);
	assert_true(s->common_key);
	assert_int_equal(s->n_common, 2);
	assert_int_equal(s->n_signatures, 3);
}

static void test_signer__the_same_signature_twice_counts_once(void **state)
{
	const struct signer *s;

	(void)state;
	forge_close(&t.f[1]);
	forge_open(&t.f[1], 50, t.server, t.client); /* the first once more */
	sign(0, t.foreign[0], 1);
	sign(1, t.foreign[0], 1);
	s = examine(2);
	assert_int_equal(s->n_signatures, 1);
	assert_false(s->common_key);
}

static void test_signer__the_given_key_is_recognised(void **state)
{
	const struct signer *s;
	struct cert cert;

	(void)state;
	forge_cert(t.foreign[0], &cert);
	t.evidence.key_spki = cert.spki;
	sign(0, t.foreign[0], 1);
	sign(1, t.foreign[0], 2);
	s = examine(2);
	assert_true(s->common_key && s->matches_given);
	sign(0, t.foreign[1], 1);
	sign(1, t.foreign[1], 2);
	s = examine(2);
	assert_true(s->common_key);
	assert_false(s->matches_given);
}

/* ---- nonces ---- */

static void test_nonce__used_twice_gives_the_key_away(void **state)
{
	(void)state;
	sign(0, t.server, 9);
	sign(1, t.server, 9);
	sign(2, t.server, 10);
	t.f[1].hs.side[SIDE_SERVER].repeats.nonce = t.f[0].hs.id;
	(void)examine(N);
	assert_int_equal(t.autopsy[1].nonce_twin, t.f[0].hs.id);
	assert_true(t.autopsy[1].nonce_key_recovered);
	assert_int_equal(t.autopsy[0].nonce_twin, 0); /* it came first */
	assert_false(t.autopsy[2].nonce_key_recovered);
}

static void test_nonce__without_the_twin_nothing_is_claimed(void **state)
{
	(void)state;
	sign(0, t.server, 8);
	sign(1, t.server, 9);
	sign(2, t.foreign[0], 9); /* the same r, which the certificate's key did not make */
	t.f[1].hs.side[SIDE_SERVER].repeats.nonce = 1;
	(void)examine(2);
	assert_int_equal(t.autopsy[1].nonce_twin, t.f[2].hs.id);
	assert_false(t.autopsy[1].nonce_key_recovered);
	sign(2, t.server, 10);
	(void)examine(2);
	assert_int_equal(t.autopsy[1].nonce_twin, 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_signer__one_foreign_key_behind_several_is_found),
		CASE(test_signer__one_signature_fits_several_keys),
		CASE(test_signer__an_r_off_the_curve_fits_no_key),
		CASE(test_signer__keys_that_differ_have_nothing_in_common),
		CASE(test_signer__two_of_three_are_enough),
		CASE(test_signer__the_same_signature_twice_counts_once),
		CASE(test_signer__the_given_key_is_recognised),
		CASE(test_nonce__used_twice_gives_the_key_away),
		CASE(test_nonce__without_the_twin_nothing_is_claimed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
