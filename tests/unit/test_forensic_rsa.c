/* RSA shows its padding: another key, another digest, another encoding, a damaged bit. */
#include "support/unit.h"

#include "forensic/autopsy.h"
#include "support/forge.h"

static const struct signature_method pkcs1 = { SIG_RSA_PKCS1, HASH_SHA256 };
static const struct signature_method pss = { SIG_RSA_PSS, HASH_SHA256 };
static const struct signature_method tls10 = { SIG_RSA_PKCS1, HASH_MD5_SHA1 };

static struct {
	struct forge_key *server, *other;
	struct forge f;
	struct autopsy autopsy;
	struct signer signer[2];
	struct evidence evidence;
} t;

static int make_keys(void **state)
{
	(void)state;
	t.server = forge_rsa_key(1);
	t.other = forge_rsa_key(2);
	return 0;
}

static int free_keys(void **state)
{
	(void)state;
	forge_key_free(t.server);
	forge_key_free(t.other);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	t.evidence = (struct evidence){ 0 };
	forge_open(&t.f, 20, t.server, t.server);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	forge_close(&t.f);
	return 0;
}

static const struct signature_autopsy *examine(
	struct signature_method method, const struct blob *signature, double seconds)
{
	struct autopsy_job job = { &t.f.hs, &t.autopsy };
	const struct handshake *others[] = { &t.f.hs };

	forge_sign(&t.f, SIDE_SERVER, method, signature);
	memset(&t.autopsy, 0, sizeof t.autopsy);
	autopsy_run(&job, 1, others, 1, &t.evidence, seconds, &t.signer[0], &t.signer[1]);
	return &t.autopsy.signature[SIDE_SERVER];
}

static const struct signature_autopsy *examine_encoded(
	struct signature_method method, const struct blob *em)
{
	struct blob signature = forge_rsa(t.server, em);

	return examine(method, &signature, 60);
}

/* PKCS #1 with a DigestInfo of this digest. */
static struct blob encoded(enum hash hash, const struct digest *digest)
{
	struct blob info = forge_digest_info(hash, digest);

	return forge_pkcs1(blob_bytes(&info));
}

static void assert_found(
	const struct signature_autopsy *a, enum finding_kind found, const char *what)
{
	assert_true(a->done);
	assert_int_equal(a->found, found);
	if (what == NULL)
		assert_null(a->what);
	else
		assert_string_equal(a->what, what);
}

static void test_rsa__a_good_one_is_not_examined(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob em = encoded(HASH_SHA256, &d);

	(void)state;
	assert_false(examine_encoded(pkcs1, &em)->done);
	em = forge_pss(HASH_SHA256, &d, 32);
	assert_false(examine_encoded(pss, &em)->done);
}

static void test_rsa__what_was_signed_is_matched(void **state)
{
	static const struct {
		enum hash hash;
		const char *pieces;
		enum finding_kind found;
		const char *what;
	} rows[] = {
		{ HASH_SHA1, "CSP", FIND_OTHER_HASH, "over SHA-1 instead of SHA-256" },
		{ HASH_SHA512, "CSP", FIND_OTHER_HASH, "over SHA-512 instead of SHA-256" },
		{ HASH_SHA256, "SCP", FIND_OTHER_TRANSCRIPT, "with the two randoms exchanged" },
		{ HASH_SHA1, "P", FIND_OTHER_TRANSCRIPT,
			"over SHA-1 instead of SHA-256, over the parameters alone, without the "
			"randoms" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct digest d = forge_digest(&t.f, rows[i].hash, rows[i].pieces);
		struct blob em = encoded(rows[i].hash, &d);

		assert_found(examine_encoded(pkcs1, &em), rows[i].found, rows[i].what);
	}
}

static void test_rsa__a_digest_that_nothing_gives_is_shown(void **state)
{
	struct digest d = { .len = 32 };
	struct blob em;

	(void)state;
	memset(d.data, 0xa5, d.len);
	em = encoded(HASH_SHA256, &d);
	assert_found(examine_encoded(pkcs1, &em), FIND_RSA_WRONG_DIGEST,
		"as far as its padding: inside is the SHA-256 digest "
		"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5, which no trial "
		"gives");
	em = forge_pss(HASH_SHA256, &d, 32);
	assert_found(examine_encoded(pss, &em), FIND_RSA_WRONG_DIGEST,
		"as far as its padding, but over a digest that no trial gives");
}

static void test_rsa__another_key_is_told_from_another_digest(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob em = encoded(HASH_SHA256, &d), signature = forge_rsa(t.other, &em);
	struct cert cert;

	(void)state;
	assert_found(examine(pkcs1, &signature, 0.2), FIND_RSA_WRONG_KEY, NULL);
	forge_cert(t.other, &cert);
	t.evidence.key_spki = cert.spki;
	assert_found(
		examine(pkcs1, &signature, 60), FIND_OTHER_KEY, "under the key given with --key");
	em = forge_pss(HASH_SHA256, &d, 32);
	signature = forge_rsa(t.other, &em);
	assert_found(
		examine(pss, &signature, 60), FIND_OTHER_KEY, "under the key given with --key");
}

static void test_rsa__paddings_that_are_mixed_up_are_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob em = encoded(HASH_SHA256, &d);

	(void)state;
	assert_found(examine_encoded(pss, &em), FIND_OTHER_ENCODING,
		"with PKCS #1 padding, not as the RSA-PSS of its label");
	em = forge_pss(HASH_SHA256, &d, 32);
	assert_found(examine_encoded(pkcs1, &em), FIND_OTHER_ENCODING,
		"as RSA-PSS, not with the PKCS #1 padding of its label");
	em = forge_pss(HASH_SHA256, &d, 20);
	assert_found(examine_encoded(pss, &em), FIND_OTHER_ENCODING,
		"with a salt of 20 bytes in place of the hash's 32");
	em = forge_pss(HASH_SHA1, &d, 20);
	assert_found(examine_encoded(pss, &em), FIND_OTHER_ENCODING,
		"inside a PSS encoding that uses SHA-1");
}

static void test_rsa__pss_over_another_hash_or_other_bytes_is_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA512, "CSP");
	struct blob em = forge_pss(HASH_SHA512, &d, 64);

	(void)state;
	assert_found(examine_encoded(pss, &em), FIND_OTHER_HASH, "over SHA-512 instead of SHA-256");
	d = forge_digest(&t.f, HASH_SHA256, "SCP");
	em = forge_pss(HASH_SHA256, &d, 32);
	assert_found(
		examine_encoded(pss, &em), FIND_OTHER_TRANSCRIPT, "with the two randoms exchanged");
}

static void test_rsa__an_odd_digest_info_is_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob em = forge_pkcs1(bytes_of(d.data, d.len)), info;

	(void)state;
	assert_found(examine_encoded(pkcs1, &em), FIND_OTHER_ENCODING,
		"once the digest is taken bare, without a DigestInfo around it");
	em = encoded(HASH_SHA384, &d);
	assert_found(examine_encoded(pkcs1, &em), FIND_OTHER_ENCODING,
		"inside a DigestInfo that says SHA-384");
	info = forge_digest_info(HASH_SHA256, &d);
	memmove(info.data + 15, info.data + 17, info.len - 17); /* without the NULL */
	info.len -= 2;
	info.data[1] = (uint8_t)(info.data[1] - 2);
	info.data[3] = (uint8_t)(info.data[3] - 2);
	em = forge_pkcs1(blob_bytes(&info));
	assert_found(examine_encoded(pkcs1, &em), FIND_OTHER_ENCODING,
		"once its DigestInfo is read leniently");
}

static void test_rsa__the_two_hashes_of_tls10_are_told_from_one(void **state)
{
	struct digest both = forge_digest(&t.f, HASH_MD5_SHA1, "CSP"),
		      one = forge_digest(&t.f, HASH_SHA1, "CSP");
	struct blob em = forge_pkcs1(bytes_of(both.data, both.len));

	(void)state;
	assert_false(examine_encoded(tls10, &em)->done);
	assert_found(
		examine_encoded(pkcs1, &em), FIND_OTHER_HASH, "over MD5+SHA-1 instead of SHA-256");
	em = encoded(HASH_SHA1, &one);
	assert_found(
		examine_encoded(tls10, &em), FIND_OTHER_HASH, "over SHA-1 instead of MD5+SHA-1");
}

static void test_rsa__a_signature_written_backwards_is_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob em = encoded(HASH_SHA256, &d), right = forge_rsa(t.server, &em), sent = right;

	(void)state;
	for (size_t i = 0; i < sent.len; i++)
		sent.data[i] = right.data[sent.len - 1 - i];
	assert_found(examine(pkcs1, &sent, 60), FIND_OTHER_ENCODING,
		"once its bytes are taken in reverse order");
	sent = right;
	memmove(sent.data + 1, right.data, right.len);
	sent.data[0] = 0;
	sent.len++;
	assert_found(examine(pkcs1, &sent, 60), FIND_OTHER_ENCODING,
		"once the needless zeros in front are dropped");
}

/* ---- damage ---- */

static void test_rsa__a_damaged_bit_or_byte_is_put_back(void **state)
{
	static const struct {
		enum damaged what;
		size_t at;
		uint8_t mask;
		enum finding_kind found;
		const char *text;
	} rows[] = {
		{ DAMAGED_PARAMS, 40, 0x08, FIND_BIT_RESTORED,
			"once bit 3 of byte 40 of the parameters is flipped back" },
		{ DAMAGED_PARAMS, 68, 0x81, FIND_BYTE_RESTORED, NULL },
		{ DAMAGED_CLIENT_RANDOM, 31, 0x01, FIND_BIT_RESTORED,
			"once bit 0 of byte 31 of the client random is flipped back" },
		{ DAMAGED_SERVER_RANDOM, 0, 0xff, FIND_BYTE_RESTORED, NULL },
		{ DAMAGED_DIGEST, 5, 0x80, FIND_BIT_RESTORED,
			"once bit 7 of byte 5 of the digest is flipped back" },
		{ DAMAGED_DIGEST, 31, 0x11, FIND_BYTE_RESTORED, NULL },
		{ DAMAGED_SIGNATURE, 100, 0x40, FIND_BIT_RESTORED,
			"once bit 6 of byte 100 of the signature is flipped back" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct blob signed_bytes = forge_pieces(&t.f, "CSP"), em, signature;
		struct bytes part = blob_bytes(&signed_bytes);
		size_t at = rows[i].at + (rows[i].what == DAMAGED_PARAMS                 ? 64
						 : rows[i].what == DAMAGED_SERVER_RANDOM ? 32
											 : 0);
		struct digest d;

		if (rows[i].what != DAMAGED_DIGEST && rows[i].what != DAMAGED_SIGNATURE)
			signed_bytes.data[at] ^= rows[i].mask;
		assert_true(crypto_hash(HASH_SHA256, &part, 1, &d));
		if (rows[i].what == DAMAGED_DIGEST)
			d.data[at] ^= rows[i].mask;
		em = i % 2 == 0 ? encoded(HASH_SHA256, &d) : forge_pss(HASH_SHA256, &d, 32);
		signature = forge_rsa(t.server, &em);
		if (rows[i].what == DAMAGED_SIGNATURE)
			signature.data[at] ^= rows[i].mask;
		examine(i % 2 == 0 ? pkcs1 : pss, &signature, 60);
		assert_int_equal(t.autopsy.signature[SIDE_SERVER].found, rows[i].found);
		assert_int_equal(t.autopsy.signature[SIDE_SERVER].damaged, rows[i].what);
		assert_int_equal(t.autopsy.signature[SIDE_SERVER].damaged_at, rows[i].at);
		if (rows[i].text != NULL)
			assert_string_equal(t.autopsy.signature[SIDE_SERVER].what, rows[i].text);
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_rsa__a_good_one_is_not_examined),
		CASE(test_rsa__what_was_signed_is_matched),
		CASE(test_rsa__a_digest_that_nothing_gives_is_shown),
		CASE(test_rsa__another_key_is_told_from_another_digest),
		CASE(test_rsa__paddings_that_are_mixed_up_are_named),
		CASE(test_rsa__pss_over_another_hash_or_other_bytes_is_named),
		CASE(test_rsa__an_odd_digest_info_is_named),
		CASE(test_rsa__the_two_hashes_of_tls10_are_told_from_one),
		CASE(test_rsa__a_signature_written_backwards_is_named),
		CASE(test_rsa__a_damaged_bit_or_byte_is_put_back),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
