/* Project Wycheproof's vectors (fixtures/wycheproof): hostile keys, points and signatures. */
#include "support/unit.h"

#include "crypto/crypto.h"
#include "crypto/spki.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/hex.h"

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	size_t size = 0;
	long end;

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	end = ftell(f);
	if (end > 0)
		size = (size_t)end;
	rewind(f);
	text = calloc(1, size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, size, f), size);
	(void)fclose(f);
	return text;
}

static const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

	assert_true(cJSON_IsString(item));
	return item->valuestring;
}

/* The bytes of a hex member, in memory of exactly their size; free .data. */
static struct bytes hex_of(const cJSON *object, const char *name)
{
	const char *hex = text_of(object, name);
	size_t len = strlen(hex) / 2;
	uint8_t *data = malloc(len + (len == 0));

	assert_non_null(data);
	assert_int_equal(hex_decode(hex, data, len), len);
	return bytes_of(data, len);
}

static void release(struct bytes b)
{
	free((void *)(uintptr_t)b.data);
}

static bool has_result(const cJSON *test, const char *result)
{
	return strcmp(text_of(test, "result"), result) == 0;
}

static bool has_flag(const cJSON *test, const char *flag)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(test, "flags"))
	{
		if (strcmp(item->valuestring, flag) == 0)
			return true;
	}
	return false;
}

/* Says whether one test came out as it should. */
typedef bool judge(const cJSON *group, const cJSON *test);

static size_t run_group(const char *name, const cJSON *group, judge *is_right, size_t *wrong)
{
	const cJSON *test;
	size_t n = 0;

	cJSON_ArrayForEach(test, cJSON_GetObjectItemCaseSensitive(group, "tests"))
	{
		n++;
		if (is_right(group, test))
			continue;
		(*wrong)++;
		print_error("%s, test %d (%s): should be %s\n", name,
			cJSON_GetObjectItemCaseSensitive(test, "tcId")->valueint,
			text_of(test, "comment"), text_of(test, "result"));
	}
	return n;
}

static void run_file(const char *name, judge *is_right)
{
	size_t n = 0, wrong = 0;
	const cJSON *group;
	char path[128], *text;
	cJSON *root;

	(void)snprintf(path, sizeof(path), "fixtures/wycheproof/%s_test.json", name);
	text = read_file(path);
	root = cJSON_Parse(text);
	assert_non_null(root);
	cJSON_ArrayForEach(group, cJSON_GetObjectItemCaseSensitive(root, "testGroups"))
	{
		n += run_group(name, group, is_right, &wrong);
	}
	assert_int_equal(n, cJSON_GetObjectItemCaseSensitive(root, "numberOfTests")->valueint);
	assert_int_equal(wrong, 0);
	cJSON_Delete(root);
	free(text);
}

static enum hash hash_of(const cJSON *group)
{
	const cJSON *sha = cJSON_GetObjectItemCaseSensitive(group, "sha");

	if (sha == NULL)
		return HASH_INTRINSIC;
	if (strcmp(sha->valuestring, "SHA-256") == 0)
		return HASH_SHA256;
	return strcmp(sha->valuestring, "SHA-384") == 0 ? HASH_SHA384 : HASH_SHA512;
}

static struct verdict verify(const cJSON *group, const cJSON *test, enum signature_kind kind)
{
	struct bytes key = hex_of(group, "publicKeyDer"), message = hex_of(test, "msg");
	struct bytes signature = hex_of(test, "sig");
	struct signature_method method = { .signature = kind, .hash = hash_of(group) };
	struct verdict v = crypto_verify(key, method, &message, 1, signature);

	release(key);
	release(message);
	release(signature);
	return v;
}

static bool is_told(struct verdict v, bool valid)
{
	return valid ? v.state == PROOF_VALID && v.why == NULL
		     : v.state == PROOF_INVALID && v.why != NULL;
}

static bool judge_ecdsa(const cJSON *group, const cJSON *test)
{
	return is_told(verify(group, test, SIG_ECDSA), has_result(test, "valid"));
}

/* `acceptable` is a DigestInfo without NULL, which a strict verifier refuses. */
static bool judge_rsa(const cJSON *group, const cJSON *test)
{
	return is_told(verify(group, test, SIG_RSA_PKCS1), has_result(test, "valid"));
}

static bool judge_ed25519(const cJSON *group, const cJSON *test)
{
	struct verdict v = verify(group, test, SIG_ED25519);

	return v.state == PROOF_UNVERIFIABLE && v.why != NULL;
}

static uint16_t group_of(const cJSON *group)
{
	const char *curve = text_of(group, "curve");

	if (strcmp(curve, "secp256r1") == 0)
		return 0x17;
	if (strcmp(curve, "secp384r1") == 0)
		return 0x18;
	return strcmp(curve, "secp521r1") == 0 ? 0x19 : 0x1d;
}

static bool judge_point(const cJSON *group, const cJSON *test)
{
	struct bytes point = hex_of(test, "public");
	enum point_state state = crypto_point_check(group_of(group), point);

	release(point);
	return (state == POINT_ON_CURVE) != has_result(test, "invalid");
}

/*
 * A key for ECDH. `acceptable` is one with parameters that are wrong where an implementation may
 * not look, or not in DER; that may go either way. A missing cofactor is acceptable in one file and
 * invalid in another; SEC 1 C.2 makes it optional.
 */
static bool judge_key(const cJSON *group, const cJSON *test)
{
	struct bytes der = hex_of(test, "public");
	struct spki key;
	bool good;

	spki_read(der, &key);
	good = key.broken == NULL && key.kind == KEY_EC && key.group == group_of(group) &&
	       crypto_point_check(key.group, key.point) == POINT_ON_CURVE;
	release(der);
	if (has_flag(test, "NoCofactor"))
		return good;
	return has_result(test, "acceptable") || good == has_result(test, "valid");
}

/* Every value is a key but those that make the shared secret zero. */
static bool judge_x25519(const cJSON *group, const cJSON *test)
{
	struct bytes point = hex_of(test, "public");
	enum point_state state = crypto_point_check(group_of(group), point);

	release(point);
	return state == (has_flag(test, "ZeroSharedSecret") ? POINT_LOW_ORDER : POINT_ON_CURVE);
}

static void test_wycheproof__ecdsa(void **state)
{
	(void)state;
	run_file("ecdsa_secp256r1_sha256", judge_ecdsa);
	run_file("ecdsa_secp384r1_sha384", judge_ecdsa);
	run_file("ecdsa_secp521r1_sha512", judge_ecdsa);
}

static void test_wycheproof__rsa_pkcs1(void **state)
{
	(void)state;
	run_file("rsa_signature_2048_sha256", judge_rsa);
}

static void test_wycheproof__ed25519_is_never_guessed(void **state)
{
	(void)state;
	run_file("ed25519", judge_ed25519);
}

static void test_wycheproof__ecdh_points(void **state)
{
	(void)state;
	run_file("ecdh_secp256r1_ecpoint", judge_point);
	run_file("ecdh_secp384r1_ecpoint", judge_point);
	run_file("ecdh_secp521r1_ecpoint", judge_point);
}

static void test_wycheproof__ecdh_keys(void **state)
{
	(void)state;
	run_file("ecdh_secp256r1", judge_key);
	run_file("ecdh_secp521r1", judge_key);
}

static void test_wycheproof__x25519_points(void **state)
{
	(void)state;
	run_file("x25519", judge_x25519);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wycheproof__ecdsa),
		cmocka_unit_test(test_wycheproof__rsa_pkcs1),
		cmocka_unit_test(test_wycheproof__ed25519_is_never_guessed),
		cmocka_unit_test(test_wycheproof__ecdh_points),
		cmocka_unit_test(test_wycheproof__ecdh_keys),
		cmocka_unit_test(test_wycheproof__x25519_points),
	};

	return cmocka_run_group_tests_name("wycheproof", tests, NULL, NULL);
}
