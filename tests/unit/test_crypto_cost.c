/* src/crypto: what a verification costs, told from the key alone; the ratios are the contract. */
#include "base/array.h"
#include "crypto/crypto.h"
#include "support/der_text.h"
#include "support/unit.h"

#include <stdio.h>

enum { TEXT_ROOM = 6000, DER_ROOM = 3000 };

static const struct signature_method ecdsa = { SIG_ECDSA, HASH_SHA256 };
static const struct signature_method pkcs1 = { SIG_RSA_PKCS1, HASH_SHA256 };
static const struct signature_method pss = { SIG_RSA_PSS, HASH_SHA256 };
static const struct signature_method ed25519 = { SIG_ED25519, HASH_INTRINSIC };

static unsigned cost(const char *key, struct signature_method method, size_t signature_len)
{
	static const uint8_t signature[1100];
	uint8_t der[DER_ROOM];

	return crypto_verify_cost(bytes_of(der, der_text(key, der, sizeof der)), method,
		bytes_of(signature, signature_len));
}

/* An RSA key whose modulus has that many bytes, the first as given. */
static unsigned rsa_cost(const char *algorithm, size_t len, unsigned top, const char *exponent,
	struct signature_method method, size_t signature_len)
{
	char key[TEXT_ROOM], modulus[2 * 1100 + 1];

	for (size_t i = 0; i < len; i++)
		(void)snprintf(modulus + 2 * i, 3, "%02x", i == 0 ? top : 0x55);
	(void)snprintf(key, sizeof key, "30(30(06(2a864886f70d0101%s)) 03(00 30(02(%s%s) 02(%s))))",
		algorithm, top >= 0x80 ? "00" : "", modulus, exponent);
	return cost(key, method, signature_len);
}

static void test_cost__of_ecdsa_is_its_curves(void **state)
{
	static const struct {
		const char *oid;
		unsigned cost;
	} rows[] = {
		{ "2a8648ce3d030107", 18 }, { "2b81040022", 29 }, { "2b81040023", 45 },
		{ "2b8104001f", 12 }, { "2a8648ce3d030101", 9 }, { "2b81040020", 16 },
		{ "2b81040021", 13 }, { "2b8104000a", 18 }, { "2b2403030208010107", 56 },
		{ "2b240303020801010b", 115 }, { "2b240303020801010d", 250 },
		{ "2b81040001", 0 }, /* no curve of the library's */
	};
	char key[200];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		(void)snprintf(key, sizeof key, "30(30(06(2a8648ce3d0201) 06(%s)) 03(00 04 aa bb))",
			rows[i].oid);
		assert_int_equal(cost(key, ecdsa, 70), rows[i].cost);
		assert_int_equal(cost(key, pkcs1, 70), 0);
		assert_int_equal(cost(key, ed25519, 70), 0);
	}
}

/* A squaring of the modulus for each bit of the exponent. */
static void test_cost__of_rsa_grows_with_modulus_and_exponent(void **state)
{
	static const struct {
		size_t len;
		unsigned top;
		const char *exponent;
		unsigned cost;
	} rows[] = {
		{ 256, 0x80, "010001", 1 },
		{ 512, 0x80, "010001", 3 },
		{ 1024, 0x80, "010001", 10 },
		{ 1024, 0x80, "03", 2 },
		{ 1024, 0x80, "00ff", 5 },
		{ 1024, 0x80, "00ffffffffffffffff", 36 },
		{ 1024, 0x01, "00ffffffffffffffff", 36 },
		{ 1025, 0x01, "010001", 0 }, /* the library refuses it */
		{ 1025, 0x80, "010001", 0 },
		{ 2, 0x80, "00ffff", 1 },
		{ 2, 0x7f, "00ffff", 0 }, /* an exponent longer than the modulus */
		{ 2, 0x7f, "7fff", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = rows[i].len;
		unsigned top = rows[i].top;

		assert_int_equal(
			rsa_cost("01", len, top, rows[i].exponent, pkcs1, len), rows[i].cost);
		assert_int_equal(
			rsa_cost("0a", len, top, rows[i].exponent, pss, len), rows[i].cost);
	}
}

static void test_cost__is_nothing_where_nothing_is_computed(void **state)
{
	(void)state;
	assert_int_equal(rsa_cost("01", 256, 0x80, "010001", pkcs1, 256), 1);
	assert_int_equal(rsa_cost("01", 256, 0x80, "010001", pkcs1, 255), 0);
	assert_int_equal(rsa_cost("01", 256, 0x80, "010001", pkcs1, 257), 0);
	assert_int_equal(rsa_cost("01", 256, 0x80, "010001", ecdsa, 256), 0);
	assert_int_equal(rsa_cost("01", 256, 0x80, "010001", ed25519, 256), 0);
	assert_int_equal(cost("30(30(06(2b6570)) 03(00 aabb))", ed25519, 64), 0);
	assert_int_equal(cost("30(30(06(2b6570)) 03(00 aabb))", pkcs1, 2), 0);
	assert_int_equal(cost("3000", ecdsa, 64), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cost__of_ecdsa_is_its_curves),
		cmocka_unit_test(test_cost__of_rsa_grows_with_modulus_and_exponent),
		cmocka_unit_test(test_cost__is_nothing_where_nothing_is_computed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
