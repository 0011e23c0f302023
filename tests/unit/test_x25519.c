/* X25519 against RFC 7748's vectors, Project Wycheproof's, and the library. */
#include "support/unit.h"

#include "base/file.h"
#include "crypto/x25519.h"
#include "support/hex.h"

#include "crypto/mbedtls_compat.h"
#include <cjson/cJSON.h>

#include <mbedtls/bignum.h>
#include <mbedtls/ecp.h>

static void assert_product(const char *scalar, const char *u, const char *product)
{
	uint8_t k[32], at[32], want[32], got[32];

	assert_int_equal(hex_decode(scalar, k, sizeof k), sizeof k);
	assert_int_equal(hex_decode(u, at, sizeof at), sizeof at);
	assert_int_equal(hex_decode(product, want, sizeof want), sizeof want);
	x25519(got, k, at);
	assert_memory_equal(got, want, sizeof want);
}

/* RFC 7748 5.2, 6.1 */
static void test_x25519__is_as_the_rfc_says(void **state)
{
	static const char bob[] =
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";

	(void)state;
	assert_product("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		"e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
		"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
	assert_product("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
		"e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
		"95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
	assert_product(bob, "0900000000000000000000000000000000000000000000000000000000000000",
		"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
	assert_product(bob, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
		"4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

/* RFC 7748 5.2: each product is the next scalar, and the scalar the next coordinate. */
static void test_x25519__holds_over_many_turns(void **state)
{
	static const char want[] =
		"684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51";
	uint8_t k[32] = { 9 }, u[32] = { 9 }, next[32];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		x25519(next, k, u);
		memcpy(u, k, sizeof u);
		memcpy(k, next, sizeof k);
	}
	assert_int_equal(hex_decode(want, next, sizeof next), sizeof next);
	assert_memory_equal(k, next, sizeof k);
}

static const char *text_of(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name)->valuestring;
}

static void test_x25519__gives_what_wycheproof_says(void **state)
{
	struct secret text;
	struct err e = { 0 };
	const cJSON *group, *test;
	cJSON *json;
	int n = 0;

	(void)state;
	assert_true(file_read("fixtures/wycheproof/x25519_test.json", &file_kind_certs, &text, &e));
	json = cJSON_ParseWithLength((const char *)text.data, text.len);
	secret_wipe(&text);
	assert_non_null(json);
	cJSON_ArrayForEach(group, cJSON_GetObjectItemCaseSensitive(json, "testGroups"))
	{
		cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(group, "tests"))
		{
			const char *u = text_of(test, "public");

			if (strlen(u) != 64 || strcmp(text_of(test, "result"), "invalid") == 0)
				continue;
			assert_product(text_of(test, "private"), u, text_of(test, "shared"));
			n++;
		}
	}
	assert_true(n > 200);
	cJSON_Delete(json);
}

/* Numbers of few and of many ones, at and around the prime: the library's product is the same. */
static void test_x25519__is_the_librarys(void **state)
{
	uint8_t k[32], u[32], got[32], want[32];
	mbedtls_ecp_group group;
	mbedtls_ecp_point at, product;
	mbedtls_mpi scalar;
	uint32_t seed = 1;

	(void)state;
	mbedtls_ecp_group_init(&group);
	assert_int_equal(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_CURVE25519), 0);
	for (int i = 0; i < 60; i++) {
		for (size_t b = 0; b < sizeof k; b++) {
			seed = seed * 1664525 + 1013904223;
			k[b] = i % 3 == 0 ? 0xff : (uint8_t)(seed >> 24);
			u[b] = i % 5 == 0 ? 0xff : (uint8_t)(seed >> 16);
		}
		k[i % 32] = (uint8_t)i;
		u[i * 7 % 32] = (uint8_t)(i * 11);
		u[31] &= 127;
		x25519(got, k, u);
		k[0] &= 248;
		k[31] = (uint8_t)((k[31] & 127) | 64);
		mbedtls_ecp_point_init(&at);
		mbedtls_ecp_point_init(&product);
		mbedtls_mpi_init(&scalar);
		assert_int_equal(mbedtls_mpi_read_binary_le(&scalar, k, sizeof k), 0);
		assert_int_equal(mbedtls_ecp_point_read_binary(&group, &at, u, sizeof u), 0);
		assert_int_equal(
			mbedtls_ecp_mul(&group, &product, &scalar, &at, compat_random, NULL), 0);
		assert_int_equal(
			mbedtls_ecp_point_write_binary(&group, &product,
				MBEDTLS_ECP_PF_UNCOMPRESSED, &(size_t){ 0 }, want, sizeof want),
			0);
		assert_memory_equal(got, want, sizeof want);
		mbedtls_ecp_point_free(&at);
		mbedtls_ecp_point_free(&product);
		mbedtls_mpi_free(&scalar);
	}
	mbedtls_ecp_group_free(&group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x25519__is_as_the_rfc_says),
		cmocka_unit_test(test_x25519__holds_over_many_turns),
		cmocka_unit_test(test_x25519__gives_what_wycheproof_says),
		cmocka_unit_test(test_x25519__is_the_librarys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
