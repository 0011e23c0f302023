/*
 * The key schedule against RFC 8448's traces, and the PRF of TLS 1.2 against the vectors that its working
 * group's list has for it, that of TLS 1.0 against what OpenSSL computes (a secret of odd length).
 */
#include "support/unit.h"

#include "crypto/schedule.h"
#include "support/hex.h"

static const struct schedule sha256 = { HASH_SHA256, "tls13 " };

static struct key_secret secret_of(const char *hex)
{
	struct key_secret s = { .len = 0 };

	s.len = hex_decode(hex, s.data, sizeof s.data);
	return s;
}

static struct digest digest_of(const char *hex)
{
	struct digest d = { .len = 0 };

	d.len = hex_decode(hex, d.data, sizeof d.data);
	return d;
}

#define ASSERT_SECRET(secret, hex) assert_bytes_are_hex(key_secret_bytes(&(secret)), hex)

/* RFC 8448 3. */
static const char hellos[] = "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8";
static const char shared[] = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
static const char client_handshake[] =
	"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21";
static const char server_handshake[] =
	"b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38";
static const char server_application[] =
	"a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643";

static void test_schedule__early_handshake_and_master_follow_each_other(void **state)
{
	struct bytes none = bytes_of(NULL, 0);
	struct key_secret early, handshake, master, ecdhe = secret_of(shared);

	(void)state;
	assert_true(schedule_extract(&sha256, none, none, &early));
	ASSERT_SECRET(early, "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
	assert_true(schedule_step(&sha256, &early, key_secret_bytes(&ecdhe), &handshake));
	ASSERT_SECRET(
		handshake, "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
	assert_true(schedule_step(&sha256, &handshake, none, &master));
	ASSERT_SECRET(master, "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919");
}

static void test_schedule__secrets_of_traffic_come_from_label_and_transcript(void **state)
{
	struct key_secret handshake =
		secret_of("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
	struct digest d = digest_of(hellos);
	struct key_secret out;

	(void)state;
	assert_true(schedule_derive(&sha256, &handshake, "c hs traffic", &d, &out));
	ASSERT_SECRET(out, client_handshake);
	assert_true(schedule_derive(&sha256, &handshake, "s hs traffic", &d, &out));
	ASSERT_SECRET(out, server_handshake);
}

static void test_schedule__keys_and_ivs_have_the_length_asked_for(void **state)
{
	struct key_secret s = secret_of(server_application);
	uint8_t out[16];

	(void)state;
	assert_true(
		schedule_expand(&sha256, key_secret_bytes(&s), "key", bytes_of(NULL, 0), out, 16));
	assert_bytes_are_hex(bytes_of(out, 16), "9f02283b6c9c07efc26bb9f2ac92e356");
	assert_true(
		schedule_expand(&sha256, key_secret_bytes(&s), "iv", bytes_of(NULL, 0), out, 12));
	assert_bytes_are_hex(bytes_of(out, 12), "cf782b88dd83549aadf1e984");
}

/* RFC 8448 4: a resumption, and what a client sends before it is answered. */
static void test_schedule__a_resumed_session_has_early_secrets_and_a_binder(void **state)
{
	struct key_secret psk =
		secret_of("4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3");
	struct digest hello =
		digest_of("08ad0fa05d7c7233b1775ba2ff9f4c5b8b59276b7f227f13a976245f5d960913");
	struct digest cut =
		digest_of("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14");
	struct key_secret early, out;
	struct digest nothing, binder;

	(void)state;
	assert_true(schedule_extract(&sha256, bytes_of(NULL, 0), key_secret_bytes(&psk), &early));
	ASSERT_SECRET(early, "9b2188e9b2fc6d64d71dc329900e20bb41915000f678aa839cbb797cb7d8332c");
	assert_true(schedule_derive(&sha256, &early, "c e traffic", &hello, &out));
	ASSERT_SECRET(out, "3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62");
	assert_true(crypto_hash(HASH_SHA256, NULL, 0, &nothing));
	assert_true(schedule_derive(&sha256, &early, "res binder", &nothing, &out));
	ASSERT_SECRET(out, "69fe131a3bbad5d63c64eebcc30e395b9d8107726a13d074e389dbc8a4e47256");
	assert_true(schedule_finished(&sha256, &out, &cut, &binder));
	assert_bytes_are_hex(bytes_of(binder.data, binder.len),
		"3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d");
}

static void test_schedule__an_update_gives_another_secret_each_time(void **state)
{
	struct key_secret s = secret_of(server_application), before;

	(void)state;
	for (int i = 0; i < 3; i++) {
		before = s;
		assert_true(schedule_update(&sha256, &s));
		assert_int_equal(s.len, 32);
		assert_memory_not_equal(s.data, before.data, 32);
	}
}

static void test_schedule__drafts_had_other_labels(void **state)
{
	(void)state;
	assert_string_equal(schedule_of(0x0304, HASH_SHA256).prefix, "tls13 ");
	assert_string_equal(schedule_of(0x7f14, HASH_SHA256).prefix, "tls13 ");
	assert_string_equal(schedule_of(0xfb17, HASH_SHA256).prefix, "tls13 ");
	assert_string_equal(schedule_of(0x7f13, HASH_SHA256).prefix, "TLS 1.3, ");
}

static void test_schedule__without_a_hash_there_is_none(void **state)
{
	struct schedule s = schedule_of(0x0304, HASH_NONE);
	struct key_secret in = secret_of(shared), out;
	struct digest d = digest_of(hellos), verify;
	uint8_t key[16];

	(void)state;
	assert_false(schedule_extract(&s, bytes_of(NULL, 0), bytes_of(NULL, 0), &out));
	assert_false(schedule_expand(&s, key_secret_bytes(&in), "key", bytes_of(NULL, 0), key, 16));
	assert_false(schedule_finished(&s, &in, &d, &verify));
	assert_false(schedule_expand(
		&sha256, key_secret_bytes(&in), "key", bytes_of(NULL, 0), key, 256));
}

/* ---- up to TLS 1.2 ---- */

struct prf_row {
	enum hash hash;
	const char *secret, *label, *seed, *out;
};

/* SHA-256, SHA-512, SHA-384: ietf-tls mailing list, June 2009. MD5 with SHA-1: openssl kdf. */
static const struct prf_row prf_rows[] = {
	{ HASH_SHA256, "9bbe436ba940f017b17652849a71db35", "test label",
		"a0ba9f936cda311827a6f796ffd5198c",
		"e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9"
		"a46b4e14"
		"baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee"
		"42c5a72e"
		"5a5110fff70187347b66" },
	{ HASH_SHA384, "b80b733d6ceefcdc71566ea48e5567df", "test label",
		"cd665cf6a8447dd6ff8b27555edb7465",
		"7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f"
		"82b1233c"
		"9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2"
		"c5fd4abf"
		"dad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3"
		"a268543"
		"08d5eaa3be85e0990703d73e56f" },
	{ HASH_MD5_SHA1, "9bbe436ba940f017b17652849a71db359bbe436ba940f017b17652849a71db3501",
		"test finished", "a0ba9f936cda311827a6f796ffd5198c",
		"e870443a0c654b3a71a121c4883fde1bd8b20dc971301c3c4a29e4719382443d7f6d80985c596869a2"
		"790d8181"
		"77753d" },
};

static void test_prf__published_vectors(void **state)
{
	uint8_t secret[64], seed[64], out[256];

	(void)state;
	for (size_t i = 0; i < sizeof prf_rows / sizeof *prf_rows; i++) {
		const struct prf_row *r = &prf_rows[i];
		size_t n = strlen(r->out) / 2, seed_len = hex_decode(r->seed, seed, sizeof seed);
		struct bytes s = bytes_of(secret, hex_decode(r->secret, secret, sizeof secret));

		assert_true(prf_expand(
			r->hash, s, r->label, bytes_of(seed, seed_len), bytes_of(NULL, 0), out, n));
		assert_bytes_are_hex(bytes_of(out, n), r->out);
		/* in two parts it is the same seed */
		assert_true(prf_expand(r->hash, s, r->label, bytes_of(seed, 3),
			bytes_of(seed + 3, seed_len - 3), out, n));
		assert_bytes_are_hex(bytes_of(out, n), r->out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schedule__early_handshake_and_master_follow_each_other),
		cmocka_unit_test(test_schedule__secrets_of_traffic_come_from_label_and_transcript),
		cmocka_unit_test(test_schedule__keys_and_ivs_have_the_length_asked_for),
		cmocka_unit_test(test_schedule__a_resumed_session_has_early_secrets_and_a_binder),
		cmocka_unit_test(test_schedule__an_update_gives_another_secret_each_time),
		cmocka_unit_test(test_schedule__drafts_had_other_labels),
		cmocka_unit_test(test_schedule__without_a_hash_there_is_none),
		cmocka_unit_test(test_prf__published_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
