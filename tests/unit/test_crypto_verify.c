/* Hashes, and signatures that OpenSSL made (fixtures/crypto/signatures.tsv). */
#include "support/unit.h"

#include "base/memory.h"
#include "crypto/crypto.h"
#include "crypto/library.h"
#include "crypto/spki.h"
#include "support/hex.h"
#include "support/tsv.h"

#include <errno.h>

enum { COLUMNS = 7, FIELD_MAX = 1200 };

struct row {
	const char *name;
	struct signature_method method;
	enum proof expected;
	struct bytes key, message, signature;
	uint8_t room[3][FIELD_MAX];
	struct tsv table;
};

static enum hash hash_by_name(const char *name)
{
	for (int h = HASH_NONE; h <= HASH_INTRINSIC; h++) {
		if (strcmp(hash_name((enum hash)h), name) == 0)
			return (enum hash)h;
	}
	return HASH_NONE;
}

static enum signature_kind kind_by_name(const char *name)
{
	for (int k = SIG_ANONYMOUS; k < SIG_OTHER; k++) {
		if (strcmp(signature_kind_name((enum signature_kind)k), name) == 0)
			return (enum signature_kind)k;
	}
	return SIG_OTHER;
}

static void rows_open(struct row *r)
{
	assert_true(tsv_open(&r->table, "fixtures/crypto/signatures.tsv"));
}

static bool row_next(struct row *r)
{
	char *columns[COLUMNS];
	struct bytes *fields[] = { &r->key, &r->message, &r->signature };

	if (!tsv_next(&r->table, columns, COLUMNS))
		return false;
	r->name = columns[0];
	r->method.signature = kind_by_name(columns[1]);
	r->method.hash = hash_by_name(columns[2]);
	r->expected = strcmp(columns[3], "valid") == 0     ? PROOF_VALID
		      : strcmp(columns[3], "invalid") == 0 ? PROOF_INVALID
							   : PROOF_UNVERIFIABLE;
	for (size_t i = 0; i < 3; i++)
		*fields[i] =
			bytes_of(r->room[i], hex_decode(columns[4 + i], r->room[i], FIELD_MAX));
	return true;
}

/* The row of this name; the table is closed. */
static struct row *row_named(struct row *r, const char *name)
{
	rows_open(r);
	while (row_next(r)) {
		if (strcmp(r->name, name) == 0) {
			tsv_close(&r->table);
			return r;
		}
	}
	fail_msg("no row %s", name);
	return NULL;
}

static struct verdict verify(const struct row *r)
{
	return crypto_verify(r->key, r->method, &r->message, 1, r->signature);
}

static void expect(const struct row *r, struct verdict have, enum proof want)
{
	if (have.state != want)
		fail_msg("%s: %d, should be %d (%s)", r->name, have.state, want,
			have.why != NULL ? have.why : "no reason");
	assert_int_equal(have.why == NULL, want == PROOF_VALID);
}

static void test_hash__known_answers(void **state)
{
	static const struct {
		enum hash hash;
		const char *abc;
	} rows[] = {
		{ HASH_MD5, "900150983cd24fb0d6963f7d28e17f72" },
		{ HASH_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ HASH_SHA224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7" },
		{ HASH_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ HASH_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
			       "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
		{ HASH_SHA512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"
			       "0a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
			       "454d4423643ce80e2a9ac94fa54ca49f" },
		{ HASH_MD5_SHA1, "900150983cd24fb0d6963f7d28e17f72"
				 "a9993e364706816aba3e25717850c26c9cd0d89d" },
	};
	const struct bytes parts[] = { bytes_of("a", 1), bytes_of(NULL, 0), bytes_of("bc", 2) };
	struct digest d;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(crypto_hash(rows[i].hash, parts, 3, &d));
		assert_bytes_are_hex(d, rows[i].abc);
	}
	assert_false(crypto_hash(HASH_NONE, parts, 3, &d));
	assert_false(crypto_hash(HASH_INTRINSIC, parts, 3, &d));
}

static void test_library__says_its_version(void **state)
{
	const char *version = crypto_library_version();

	(void)state;
	assert_true(version[0] == '2' || version[0] == '3');
	assert_int_equal(version[1], '.');
}

static void test_verify__agrees_with_openssl(void **state)
{
	struct row r;
	size_t n = 0;

	(void)state;
	for (rows_open(&r); row_next(&r); n++)
		expect(&r, verify(&r), r.expected);
	tsv_close(&r.table);
	assert_in_range(n, 90, 1000);
}

static void test_verify__digest_gives_the_same(void **state)
{
	struct row r;

	(void)state;
	for (rows_open(&r); row_next(&r);) {
		struct digest digest = { .len = 0 };

		(void)crypto_hash(r.method.hash, &r.message, 1, &digest);
		expect(&r, crypto_verify_digest(r.key, r.method, &digest, r.signature), r.expected);
	}
	tsv_close(&r.table);
}

static void test_verify__other_message_or_signature_is_invalid(void **state)
{
	struct row r;

	(void)state;
	for (rows_open(&r); row_next(&r);) {
		if (r.expected != PROOF_VALID)
			continue;
		r.room[1][3] ^= 0x10;
		expect(&r, verify(&r), PROOF_INVALID);
		r.room[1][3] ^= 0x10;
		r.room[2][r.signature.len - 1] ^= 1;
		expect(&r, verify(&r), PROOF_INVALID);
		r.room[2][r.signature.len - 1] ^= 1;
		r.signature.len--;
		expect(&r, verify(&r), PROOF_INVALID);
		r.signature.len = 0;
		expect(&r, verify(&r), PROOF_INVALID);
	}
	tsv_close(&r.table);
}

static void test_verify__other_method_is_invalid(void **state)
{
	static const struct signature_method methods[] = {
		{ SIG_RSA_PKCS1, HASH_SHA256 },
		{ SIG_RSA_PKCS1, HASH_SHA1 },
		{ SIG_RSA_PKCS1, HASH_MD5_SHA1 },
		{ SIG_RSA_PSS, HASH_SHA256 },
		{ SIG_RSA_PSS, HASH_SHA512 },
		{ SIG_ECDSA, HASH_SHA256 },
		{ SIG_ECDSA, HASH_SHA384 },
	};
	struct row r;

	(void)state;
	for (rows_open(&r); row_next(&r);) {
		const struct signature_method own = r.method;

		if (r.expected != PROOF_VALID)
			continue;
		for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
			r.method = methods[i];
			if (own.signature != methods[i].signature || own.hash != methods[i].hash)
				expect(&r, verify(&r), PROOF_INVALID);
		}
	}
	tsv_close(&r.table);
}

static void test_verify__reason_names_the_mistake(void **state)
{
	static const struct {
		const char *row;
		struct signature_method method;
		const char *why;
	} rows[] = {
		{ "rsa2048-sha256", { SIG_RSA_PKCS1, HASH_SHA512 }, "another hash" },
		{ "rsa2048-sha256", { SIG_ECDSA, HASH_SHA256 }, "no EC key" },
		{ "rsa2048-sha256", { SIG_RSA_PSS, HASH_SHA256 }, "no PSS encoding" },
		{ "rsa2048-pss-sha256-salt-digest", { SIG_RSA_PKCS1, HASH_SHA256 },
			"no PKCS #1 padding" },
		{ "rsa2048-pss-sha256-salt-20", { SIG_RSA_PSS, HASH_SHA256 }, "salt length" },
		{ "psskey2048-pss-sha256-salt-digest", { SIG_RSA_PKCS1, HASH_SHA256 },
			"RSASSA-PSS only" },
		{ "rsa512-sha256", { SIG_RSA_PKCS1, HASH_SHA512 }, "too short" },
		{ "prime256v1-sha256", { SIG_RSA_PKCS1, HASH_SHA256 }, "no RSA key" },
		{ "prime256v1-sha256", { SIG_ECDSA, HASH_SHA512 }, "does not fit" },
		{ "prime256v1-sha512-hybrid", { SIG_ECDSA, HASH_SHA512 }, "not a point" },
		{ "prime256v1-sha256", { SIG_ED25519, HASH_INTRINSIC }, "mbedTLS has no Ed25519" },
		{ "brainpoolP256t1-sha256", { SIG_ECDSA, HASH_SHA256 }, "curve" },
		{ "dsa1024-sha256", { SIG_DSA, HASH_SHA256 }, "mbedTLS has no DSA" },
		{ "dsa1024-sha256", { SIG_ANONYMOUS, HASH_SHA256 }, "anonymous" },
		{ "dsa1024-sha256", { SIG_OTHER, HASH_NONE }, "does not know" },
		{ "rsa2048-sha256", { SIG_RSA_PKCS1, HASH_NONE }, "does not have the hash" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct row r;
		struct verdict v;

		(void)row_named(&r, rows[i].row);
		r.method = rows[i].method;
		v = verify(&r);
		assert_int_not_equal(v.state, PROOF_VALID);
		assert_non_null(v.why);
		if (strstr(v.why, rows[i].why) == NULL)
			fail_msg("%s: '%s', should say '%s'", rows[i].row, v.why, rows[i].why);
	}
}

/* RFC 8017 5.2.2: a signature representative is out of range from the modulus itself on. */
static void test_verify__signature_is_below_the_modulus(void **state)
{
	static const struct {
		int beyond;
		const char *why;
	} rows[] = { { -2, "no PKCS #1 padding" }, { 0, "above the RSA modulus" },
		{ 2, "above the RSA modulus" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct spki key;
		struct verdict v;
		struct row r;

		spki_read(row_named(&r, "rsa2048-sha256")->key, &key);
		memcpy(r.room[2], key.modulus.data, key.modulus.len);
		r.room[2][key.modulus.len - 1] =
			(uint8_t)(r.room[2][key.modulus.len - 1] + rows[i].beyond);
		v = verify(&r);
		assert_int_equal(v.state, PROOF_INVALID);
		assert_non_null(strstr(v.why, rows[i].why));
	}
}

static void test_verify__certificates_may_have_any_salt(void **state)
{
	static const char *const names[] = { "rsa2048-pss-sha256-salt-0",
		"rsa2048-pss-sha256-salt-20", "rsa2048-pss-sha256-salt-max",
		"rsa2048-pss-sha256-salt-digest", "rsa2048-sha256", "prime256v1-sha256" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct row r;

		(void)row_named(&r, names[i]);
		expect(&r, crypto_verify_certificate(r.key, r.method, r.message, r.signature),
			PROOF_VALID);
	}
}

/* A key that is cut anywhere, or followed by a byte, proves nothing. */
static void test_verify__broken_key_never_verifies(void **state)
{
	static const char *const names[] = { "rsa1024-sha256", "prime256v1-sha256",
		"secp256k1-sha512-explicit", "psskey2048-pss-sha256-salt-digest" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct row r;
		size_t whole;

		whole = row_named(&r, names[i])->key.len;
		for (r.key.len = 0; r.key.len < whole; r.key.len++)
			expect(&r, verify(&r), PROOF_UNVERIFIABLE);
		r.key.len = whole + 1;
		expect(&r, verify(&r), PROOF_UNVERIFIABLE);
	}
}

/* Without a seed, there is no byte in explicit parameters that does not matter. */
static void test_verify__changed_explicit_parameters_are_no_curve(void **state)
{
	struct row r;
	size_t end;

	(void)row_named(&r, "secp256k1-sha512-explicit");
	(void)state;
	end = r.key.len - 66; /* of the parameters */
	for (size_t i = 0; i < end; i++) {
		r.room[0][i] ^= 0x01;
		assert_int_not_equal(verify(&r).state, PROOF_VALID);
		r.room[0][i] ^= 0x01;
	}
}

static void test_rsa_open__shows_what_was_signed(void **state)
{
	struct rsa_opened opened;
	struct digest digest;
	struct row r;

	(void)state;
	for (rows_open(&r); row_next(&r);) {
		if (r.method.signature != SIG_RSA_PKCS1 && r.method.signature != SIG_RSA_PSS)
			continue;
		crypto_rsa_open(r.key, r.signature, &opened);
		assert_true(opened.ok);
		assert_int_equal(opened.len, r.signature.len);
		assert_int_equal(opened.pkcs1_padding, r.method.signature == SIG_RSA_PKCS1);
		if (!opened.pkcs1_padding) {
			assert_true(opened.pss_trailer);
			continue;
		}
		assert_int_equal(opened.hash, r.method.hash);
		assert_true(crypto_hash(r.method.hash, &r.message, 1, &digest));
		assert_true(bytes_equal(opened.digest, bytes_of(digest.data, digest.len)));
	}
	tsv_close(&r.table);
}

static void test_rsa_open__wrong_key_gives_no_padding(void **state)
{
	struct rsa_opened opened;
	struct row r, other;

	(void)state;
	(void)row_named(&r, "rsa2048-sha256");
	(void)row_named(&other, "rsa2048-exponent3-sha256");
	crypto_rsa_open(other.key, r.signature, &opened);
	assert_false(opened.pkcs1_padding);
	assert_int_equal(opened.hash, HASH_NONE);
	assert_int_equal(opened.digest.len, 0);
}

static void test_rsa_open__needs_a_key_and_as_many_bytes(void **state)
{
	struct rsa_opened opened;
	struct row r;

	(void)state;
	(void)row_named(&r, "rsa2048-sha256");
	crypto_rsa_open(r.key, bytes_slice(r.signature, 1, 255), &opened);
	assert_false(opened.ok);
	crypto_rsa_open(bytes_slice(r.key, 0, 100), r.signature, &opened);
	assert_false(opened.ok);
	memset(r.room[2], 0xff, r.signature.len); /* above the modulus */
	crypto_rsa_open(r.key, r.signature, &opened);
	assert_false(opened.ok);
	(void)row_named(&r, "prime256v1-sha256");
	crypto_rsa_open(r.key, r.signature, &opened);
	assert_false(opened.ok);
}

/* RSAPublicKey { modulus, exponent } of a byte each is a key by form; none verifies. */
static void test_verify__degenerate_rsa_keys_prove_nothing(void **state)
{
	static const struct {
		const char *modulus, *exponent;
		enum proof want;
	} rows[] = {
		{ "00", "03", PROOF_UNVERIFIABLE }, /* zero */
		{ "10", "03", PROOF_UNVERIFIABLE }, /* even */
		{ "0f", "02", PROOF_UNVERIFIABLE }, /* even exponent */
		{ "0f", "00", PROOF_UNVERIFIABLE },
		{ "8f", "03", PROOF_UNVERIFIABLE }, /* negative */
		{ "01", "01", PROOF_INVALID },
		{ "0f", "01", PROOF_INVALID },
	};
	static const struct signature_method methods[] = { { SIG_RSA_PKCS1, HASH_SHA256 },
		{ SIG_RSA_PSS, HASH_SHA256 } };
	const struct bytes message = bytes_of("m", 1), signature = bytes_of("\0", 1);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t key[64];
		char hex[128];
		size_t len;

		(void)snprintf(hex, sizeof(hex),
			"301a 300d 06092a864886f70d010101 0500 0309 00 3006 0201%s 0201%s",
			rows[i].modulus, rows[i].exponent);
		len = hex_decode(hex, key, sizeof(key));
		for (size_t m = 0; m < 2; m++)
			assert_int_equal(crypto_verify(bytes_of(key, len), methods[m], &message, 1,
						 signature)
						 .state,
				rows[i].want);
	}
}

/* Codes that both 2.28 and 3.6 have, sums among them. */
static void test_library__codes_about_this_machine_are_told_from_others(void **state)
{
	static const struct {
		int code;
		bool memory, own;
	} rows[] = {
		{ -0x0010, true, true },  /* MPI_ALLOC_FAILED */
		{ -0x4290, true, true },  /* RSA_PUBLIC_FAILED + MPI_ALLOC_FAILED */
		{ -0x4d80, true, true },  /* ECP_ALLOC_FAILED */
		{ -0x7f00, true, true },  /* SSL_ALLOC_FAILED */
		{ -0x2880, true, true },  /* X509_ALLOC_FAILED */
		{ -0x3f80, true, true },  /* PK_ALLOC_FAILED */
		{ -0x5180, true, true },  /* MD_ALLOC_FAILED */
		{ -0x6180, true, true },  /* CIPHER_ALLOC_FAILED */
		{ -0x006a, true, true },  /* ASN1_ALLOC_FAILED */
		{ -0x1180, true, true },  /* PEM_ALLOC_FAILED */
		{ -141, true, true },     /* PSA_ERROR_INSUFFICIENT_MEMORY */
		{ -148, false, true },    /* PSA_ERROR_INSUFFICIENT_ENTROPY */
		{ -0x0034, false, true }, /* CTR_DRBG_ENTROPY_SOURCE_FAILED */
		{ -0x003c, false, true }, /* ENTROPY_SOURCE_FAILED */
		{ -0x6c00, false, true }, /* SSL_INTERNAL_ERROR */
		{ -0x4d00, false, true }, /* ECP_RANDOM_FAILED */
		{ -0x4480, false, true }, /* RSA_RNG_FAILED */
		{ 0, false, false }, { -0x4e00, false, false }, /* ECP_VERIFY_FAILED */
		{ -0x4380, false, false },                      /* RSA_VERIFY_FAILED */
		{ -0x4f80, false, false }, /* ECP_BAD_INPUT_DATA: the peer's point */
		{ -0x0004, false, false }, /* MPI_BAD_INPUT_DATA */
		{ -0x2700, false, false }, /* X509_CERT_VERIFY_FAILED */
		{ -0x7780, false, false }, /* SSL_FATAL_ALERT_MESSAGE */
		{ -0x0050, false, false }, /* NET_CONN_RESET */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t before = memory_failures();

		errno = 0;
		assert_int_equal(library_lacked_memory(rows[i].code), rows[i].memory);
		assert_int_equal(library_failed_itself(rows[i].code), rows[i].own);
		assert_int_equal(library_ok(rows[i].code), rows[i].code == 0);
		assert_int_equal(memory_failures() - before, rows[i].memory);
	}
}

static void test_library__a_code_that_hides_want_of_memory_is_counted(void **state)
{
	uint64_t before = memory_failures();

	(void)state;
	errno = ENOMEM;
	assert_false(library_ok(-0x2700));
	assert_int_equal(memory_failures() - before, 1);
	assert_false(library_ok(-0x2700));
	assert_int_equal(memory_failures() - before, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash__known_answers),
		cmocka_unit_test(test_library__says_its_version),
		cmocka_unit_test(test_library__codes_about_this_machine_are_told_from_others),
		cmocka_unit_test(test_library__a_code_that_hides_want_of_memory_is_counted),
		cmocka_unit_test(test_verify__agrees_with_openssl),
		cmocka_unit_test(test_verify__digest_gives_the_same),
		cmocka_unit_test(test_verify__other_message_or_signature_is_invalid),
		cmocka_unit_test(test_verify__other_method_is_invalid),
		cmocka_unit_test(test_verify__reason_names_the_mistake),
		cmocka_unit_test(test_verify__signature_is_below_the_modulus),
		cmocka_unit_test(test_verify__certificates_may_have_any_salt),
		cmocka_unit_test(test_verify__broken_key_never_verifies),
		cmocka_unit_test(test_verify__changed_explicit_parameters_are_no_curve),
		cmocka_unit_test(test_verify__degenerate_rsa_keys_prove_nothing),
		cmocka_unit_test(test_rsa_open__shows_what_was_signed),
		cmocka_unit_test(test_rsa_open__wrong_key_gives_no_padding),
		cmocka_unit_test(test_rsa_open__needs_a_key_and_as_many_bytes),
	};

	return cmocka_run_group_tests_name("crypto verify", tests, NULL, NULL);
}
