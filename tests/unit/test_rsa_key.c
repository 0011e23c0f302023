/* src/pki/rsa_key.h: what was encrypted for a key is opened by it, and by no other. */
#include "crypto/rsa_encrypt.h"
#include "pki/chain.h"
#include "pki/rsa_key.h"
#include "support/unit.h"

#include <string.h>

#define RSA_KEY "fixtures/check/rsa.key"

enum { ENCRYPTED_ROOM = 512 };

struct sent {
	uint8_t bytes[ENCRYPTED_ROOM];
	size_t len;
};

/* These bytes under the public half of the key. */
static void encrypt(const uint8_t *secret, size_t n, struct sent *out)
{
	struct arena *arena = arena_new(1 << 20);
	struct bytes spki;
	struct err e = { 0 };

	assert_non_null(arena);
	assert_true(key_read_public(RSA_KEY, NULL, arena, &spki, &e));
	assert_true(crypto_rsa_encrypt(
		spki, bytes_of(secret, n), out->bytes, sizeof out->bytes, &out->len));
	arena_free(arena);
}

static bool opens(const struct sent *sent, size_t n, struct key_secret *premaster)
{
	struct rsa_key *k = rsa_key_read(RSA_KEY);
	bool ok;

	assert_non_null(k);
	ok = rsa_key_decrypt(k, bytes_of(sent->bytes, n), premaster);
	rsa_key_close(k);
	return ok;
}

static void test_rsa_key__opens_what_was_encrypted_for_it(void **state)
{
	uint8_t secret[48] = { 3, 3, 1, 2, 3 };
	struct key_secret premaster;
	struct sent sent;

	(void)state;
	encrypt(secret, sizeof secret, &sent);
	assert_true(opens(&sent, sent.len, &premaster));
	assert_int_equal(premaster.len, sizeof secret);
	assert_memory_equal(premaster.data, secret, sizeof secret);
}

static void test_rsa_key__what_is_no_premaster_secret_is_not_taken(void **state)
{
	uint8_t secret[48] = { 3, 3 };
	struct key_secret premaster;
	struct sent sent;

	(void)state;
	encrypt(secret, sizeof secret - 1, &sent);
	assert_false(opens(&sent, sent.len, &premaster));
	secret[0] = 4;
	encrypt(secret, sizeof secret, &sent);
	assert_false(opens(&sent, sent.len, &premaster));
}

static void test_rsa_key__other_bytes_or_fewer_are_not_opened(void **state)
{
	uint8_t secret[48] = { 3, 3 };
	struct key_secret premaster;
	struct sent sent;

	(void)state;
	encrypt(secret, sizeof secret, &sent);
	assert_false(opens(&sent, sent.len - 1, &premaster));
	sent.bytes[sent.len / 2] ^= 1;
	assert_false(opens(&sent, sent.len, &premaster));
}

static void test_rsa_key__is_read_of_files_that_hold_one(void **state)
{
	static const char *const others[] = { "fixtures/check/pair/server.key",
		"fixtures/check/chain.pem", "fixtures/check", "fixtures/none" };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_null(rsa_key_read(others[i]));
	rsa_key_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rsa_key__opens_what_was_encrypted_for_it),
		cmocka_unit_test(test_rsa_key__what_is_no_premaster_secret_is_not_taken),
		cmocka_unit_test(test_rsa_key__other_bytes_or_fewer_are_not_opened),
		cmocka_unit_test(test_rsa_key__is_read_of_files_that_hold_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
