/* Bad signatures that a plain trial explains: other digests, other readings, other keys. */
#include "support/unit.h"

#include "forensic/autopsy.h"
#include "support/forge.h"

static const struct signature_method ecdsa256 = { SIG_ECDSA, HASH_SHA256 };
static const struct signature_method ecdsa512 = { SIG_ECDSA, HASH_SHA512 };

static struct {
	struct forge_key *server, *client, *other;
	struct forge f;
	struct autopsy autopsy;
	struct signer signer[2];
	struct evidence evidence;
	struct cert given;
} t;

static int set_up(void **state)
{
	(void)state;
	memset(&t, 0, sizeof t);
	t.server = forge_ec_key(0x17, 1);
	t.client = forge_ec_key(0x18, 2);
	t.other = forge_ec_key(0x17, 3);
	forge_open(&t.f, 10, t.server, t.client);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	forge_close(&t.f);
	forge_key_free(t.server);
	forge_key_free(t.client);
	forge_key_free(t.other);
	return 0;
}

static const struct signature_autopsy *examine(enum side side)
{
	struct autopsy_job job = { &t.f.hs, &t.autopsy };
	const struct handshake *others[] = { &t.f.hs };

	memset(&t.autopsy, 0, sizeof t.autopsy);
	autopsy_run(&job, 1, others, 1, &t.evidence, 60, &t.signer[SIDE_SERVER],
		&t.signer[SIDE_CLIENT]);
	return side == SIDE_SERVER ? &t.autopsy.signature[SIDE_SERVER]
				   : &t.autopsy.signature[SIDE_CLIENT];
}

static const struct signature_autopsy *examine_signature(
	enum side side, struct signature_method method, const struct blob *signature)
{
	forge_sign(&t.f, side, method, signature);
	return examine(side);
}

/* What is found when the signer signs this digest. */
static const struct signature_autopsy *examine_digest(
	enum side side, struct signature_method method, const struct digest *digest)
{
	struct blob der = forge_ecdsa_der(side == SIDE_SERVER ? t.server : t.client, digest, 99);

	return examine_signature(side, method, &der);
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

/* ---- other bytes, other hashes ---- */

static void test_signature__a_good_one_is_not_examined(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");

	(void)state;
	assert_false(examine_digest(SIDE_SERVER, ecdsa256, &d)->done);
	assert_false(t.autopsy.signature[SIDE_CLIENT].done);
}

static void test_signature__other_bytes_and_hashes_are_named(void **state)
{
	static const struct {
		const char *pieces;
		enum hash hash;
		enum finding_kind found;
		const char *what;
	} rows[] = {
		{ "CSP", HASH_SHA256, FIND_OTHER_HASH, "over SHA-256 instead of SHA-512" },
		{ "CSP", HASH_SHA1, FIND_OTHER_HASH, "over SHA-1 instead of SHA-512" },
		{ "CSP", HASH_MD5_SHA1, FIND_OTHER_HASH, "over MD5+SHA-1 instead of SHA-512" },
		{ "SCP", HASH_SHA512, FIND_OTHER_TRANSCRIPT, "with the two randoms exchanged" },
		{ "P", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"over the parameters alone, without the randoms" },
		{ "SP", HASH_SHA512, FIND_OTHER_TRANSCRIPT, "without the client random" },
		{ "CP", HASH_SHA512, FIND_OTHER_TRANSCRIPT, "without the server random" },
		{ "ZSP", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"with zeros in place of the client random" },
		{ "CZP", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"with zeros in place of the server random" },
		{ "ZZP", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"with zeros in place of both randoms" },
		{ "CSHP", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"with the four bytes of the handshake header in front of the parameters" },
		{ "CSEP", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"with a handshake header for the parameters alone in front of them" },
		{ "CSNP", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"with a handshake header without a length in front of the parameters" },
		{ "012", HASH_SHA512, FIND_OTHER_TRANSCRIPT,
			"over all handshake messages before it" },
		{ "", HASH_SHA512, FIND_OTHER_TRANSCRIPT, "over nothing at all" },
		{ "P", HASH_SHA256, FIND_OTHER_TRANSCRIPT,
			"over SHA-256 instead of SHA-512, over the parameters alone, without the "
			"randoms" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct digest d = forge_digest(&t.f, rows[i].hash, rows[i].pieces);

		assert_found(
			examine_digest(SIDE_SERVER, ecdsa512, &d), rows[i].found, rows[i].what);
		assert_int_equal(t.autopsy.signature[SIDE_SERVER].found_hash, rows[i].hash);
	}
}

static void test_signature__parameters_without_a_part_are_named(void **state)
{
	static const struct {
		size_t from, to, again, end; /* two runs of the parameters */
		const char *what;
	} rows[] = {
		{ 0, 3, 4, 69, "without the length byte in front of the point" },
		{ 1, 69, 0, 0, "without the curve type in front of the parameters" },
		{ 3, 69, 0, 0, "without curve type and curve in front of the point" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct blob randoms = forge_pieces(&t.f, "CS");
		struct bytes p = t.f.hs.ske.params;
		struct bytes parts[] = { blob_bytes(&randoms),
			bytes_slice(p, rows[i].from, rows[i].to - rows[i].from),
			bytes_slice(p, rows[i].again, rows[i].end - rows[i].again) };
		struct digest d;

		assert_true(crypto_hash(HASH_SHA256, parts, 3, &d));
		assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_OTHER_TRANSCRIPT,
			rows[i].what);
	}
}

static void test_signature__a_random_of_another_handshake_is_found(void **state)
{
	struct forge old;
	const struct handshake *others[] = { &old.hs, &t.f.hs };
	struct autopsy_job job = { &t.f.hs, &t.autopsy };
	struct blob der;
	struct bytes parts[3];
	struct digest d;

	(void)state;
	forge_open(&old, 7, t.server, t.client);
	parts[0] = bytes_of(t.f.hs.client_hello.random, 32);
	parts[1] = bytes_of(old.hs.server_hello.random, 32);
	parts[2] = t.f.hs.ske.params;
	assert_true(crypto_hash(HASH_SHA256, parts, 3, &d));
	der = forge_ecdsa_der(t.server, &d, 5);
	forge_sign(&t.f, SIDE_SERVER, ecdsa256, &der);

	autopsy_run(&job, 1, others, 2, &t.evidence, 60, &t.signer[0], &t.signer[1]);
	assert_found(&t.autopsy.signature[SIDE_SERVER], FIND_OTHER_TRANSCRIPT,
		"with the server random of handshake 7");
	assert_int_equal(t.autopsy.signature[SIDE_SERVER].other_handshake, 7);

	old.hs.input = 2; /* not the same capture */
	memset(&t.autopsy, 0, sizeof t.autopsy);
	autopsy_run(&job, 1, others, 2, &t.evidence, 60, &t.signer[0], &t.signer[1]);
	assert_int_equal(t.autopsy.signature[SIDE_SERVER].found, FIND_NOTHING);
	forge_close(&old);
}

/* ---- the digest on its way ---- */

static void swap32(uint8_t *b, size_t len)
{
	for (size_t i = 0; i + 4 <= len; i += 4) {
		const uint8_t w[4] = { b[i + 3], b[i + 2], b[i + 1], b[i] };

		memcpy(b + i, w, 4);
	}
}

static void test_signature__a_mishandled_digest_is_named(void **state)
{
	struct digest right = forge_digest(&t.f, HASH_SHA256, "CSP"), d = right;
	struct bytes whole = bytes_of(right.data, right.len);

	(void)state;
	for (size_t i = 0; i < d.len; i++)
		d.data[i] = right.data[d.len - 1 - i];
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with the digest's bytes in reverse order");
	d = right;
	swap32(d.data, d.len);
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with the bytes of each 32-bit word of the digest reversed");
	d = right;
	d.len = 20;
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with the digest cut to its first 20 bytes");
	d.len = 32;
	memset(d.data, 0, d.len);
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with zeros in place of the digest");
	assert_true(crypto_hash(HASH_SHA256, &whole, 1, &d));
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with the digest hashed again by SHA-256");
}

static void test_signature__an_engine_with_the_wrong_data_type_is_named(void **state)
{
	struct blob m = forge_pieces(&t.f, "CSP");
	struct bytes all = blob_bytes(&m), whole_blocks = bytes_slice(all, 0, 128);
	struct digest d;

	(void)state;
	assert_true(crypto_hash(HASH_SHA256, &whole_blocks, 1, &d));
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with only the whole blocks hashed, the rest left out");
	swap32(m.data, m.len);
	assert_true(crypto_hash(HASH_SHA256, &all, 1, &d));
	assert_found(examine_digest(SIDE_SERVER, ecdsa256, &d), FIND_DIGEST_HANDLING,
		"with the bytes of each 32-bit word that was hashed reversed");
}

/* ---- other readings ---- */

static struct blob joined(const struct blob *a, const struct blob *b)
{
	struct blob out = *a;

	memcpy(out.data + out.len, b->data, b->len);
	out.len += b->len;
	return out;
}

static struct blob reversed(const struct blob *b)
{
	struct blob out = { .len = b->len };

	for (size_t i = 0; i < b->len; i++)
		out.data[i] = b->data[b->len - 1 - i];
	return out;
}

static void test_signature__r_and_s_in_another_form_are_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob r, s, back_r, back_s, sent;

	(void)state;
	forge_ecdsa(t.server, &d, 3, &r, &s);
	back_r = reversed(&r);
	back_s = reversed(&s);
	sent = joined(&r, &s);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are read as raw bytes");
	sent = joined(&back_r, &back_s);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are read as raw bytes and turned from little-endian");
	sent = joined(&s, &r);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are read as raw bytes and exchanged");
	sent = forge_der(blob_bytes(&s), blob_bytes(&r));
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are exchanged");
	sent = forge_der(blob_bytes(&back_r), blob_bytes(&back_s));
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are turned from little-endian");
	swap32(r.data, r.len);
	swap32(s.data, s.len);
	sent = forge_der(blob_bytes(&r), blob_bytes(&s));
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are taken with the bytes of each 32-bit word reversed");
}

/* DER as a careless encoder writes it: each INTEGER with these bytes in front. */
static struct blob careless_der(const struct blob *r, const struct blob *s, size_t zeros)
{
	struct blob out = { .len = 2 };
	const struct blob *number[] = { r, s };

	for (size_t i = 0; i < 2; i++) {
		out.data[out.len++] = 2;
		out.data[out.len++] = (uint8_t)(zeros + number[i]->len);
		for (size_t z = 0; z < zeros; z++)
			out.data[out.len++] = 0;
		memcpy(out.data + out.len, number[i]->data, number[i]->len);
		out.len += number[i]->len;
	}
	out.data[0] = 0x30;
	out.data[1] = (uint8_t)(out.len - 2);
	return out;
}

static void test_signature__careless_der_is_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob r, s, sent;
	uint64_t nonce = 0;

	(void)state;
	do
		forge_ecdsa(t.server, &d, nonce++, &r, &s);
	while (r.data[0] < 0x80);
	sent = careless_der(&r, &s, 0);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are read as the positive numbers they are, without the 00 that DER "
		"wants in front of a high bit");
	sent = careless_der(&r, &s, 2);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once the needless zeros in front of r and s are dropped");
	sent = forge_der(blob_bytes(&r), blob_bytes(&s));
	sent.data[sent.len++] = 0;
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once the bytes behind it are dropped");
	sent = careless_der(&r, &s, 1);
	memmove(sent.data, sent.data + 2, sent.len -= 2);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &sent), FIND_OTHER_ENCODING,
		"once r and s are taken as two INTEGERs without the SEQUENCE around them");
}

static void test_signature__two_bugs_at_once_are_both_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob r, s, sent;

	(void)state;
	forge_ecdsa(t.server, &d, 3, &r, &s);
	sent = joined(&r, &s);
	assert_found(examine_signature(SIDE_SERVER, ecdsa512, &sent), FIND_OTHER_ENCODING,
		"over SHA-256 instead of SHA-512, once r and s are read as raw bytes");
}

/* ---- other keys ---- */

static void test_signature__a_given_key_or_certificate_is_recognised(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "CSP");
	struct blob der = forge_ecdsa_der(t.other, &d, 4);
	const struct cert *given[] = { &t.given };

	(void)state;
	forge_cert(t.other, &t.given);
	assert_found(examine_signature(SIDE_SERVER, ecdsa256, &der), FIND_NOTHING, NULL);
	assert_false(t.signer[SIDE_SERVER].matches_given);

	t.evidence = (struct evidence){ .certs = given, .n_certs = 1 };
	assert_found(examine(SIDE_SERVER), FIND_OTHER_KEY,
		"under the key of the certificate given with --cert");
	t.evidence = (struct evidence){ .key_spki = t.given.spki };
	assert_found(examine(SIDE_SERVER), FIND_OTHER_KEY, "under the key given with --key");
	assert_true(t.autopsy.signature[SIDE_SERVER].key_matches_given);
	assert_true(t.signer[SIDE_SERVER].matches_given);

	t.evidence = (struct evidence){ 0 };
	t.f.hs.side[SIDE_SERVER].certs[1] = &t.given;
	t.f.hs.side[SIDE_SERVER].n_certs = 2;
	assert_found(examine(SIDE_SERVER), FIND_OTHER_KEY,
		"under the key of certificate 2 of the chain");
}

/* ---- the client's CertificateVerify ---- */

static void test_signature__what_a_certificate_verify_left_out_is_named(void **state)
{
	static const struct signature_method ecdsa384 = { SIG_ECDSA, HASH_SHA384 };
	static const struct {
		const char *pieces;
		const char *what;
	} rows[] = {
		{ "0123456", "without ClientKeyExchange" },
		{ "0123457", "without Certificate" },
		{ "012", "over the messages up to Certificate only" },
		{ "7", "over ClientKeyExchange alone" },
		{ "1234567", "without ClientHello" },
		{ "67", "over the messages from Certificate on only" },
		{ "012345678", "with CertificateVerify itself behind the messages" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct digest d = forge_digest(&t.f, HASH_SHA384, rows[i].pieces);

		assert_found(examine_digest(SIDE_CLIENT, ecdsa384, &d), FIND_OTHER_TRANSCRIPT,
			rows[i].what);
		assert_int_equal(
			t.autopsy.signature[SIDE_CLIENT].message, SIGNED_CERTIFICATE_VERIFY);
	}
}

static void test_signature__a_client_that_hashes_otherwise_is_named(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "01234567");

	(void)state;
	assert_found(examine_digest(SIDE_CLIENT, ecdsa512, &d), FIND_OTHER_HASH,
		"over SHA-256 instead of SHA-512");
}

/* ---- the budget ---- */

static void test_signature__without_a_budget_nothing_is_done(void **state)
{
	struct digest d = forge_digest(&t.f, HASH_SHA256, "SCP");
	struct blob der = forge_ecdsa_der(t.server, &d, 1);
	struct autopsy_job job = { &t.f.hs, &t.autopsy };
	const struct handshake *others[] = { &t.f.hs };

	(void)state;
	forge_sign(&t.f, SIDE_SERVER, ecdsa256, &der);
	autopsy_run(&job, 1, others, 1, &t.evidence, 0, &t.signer[0], &t.signer[1]);
	assert_false(t.autopsy.signature[SIDE_SERVER].done);
	autopsy_run(&job, 1, others, 1, &t.evidence, 1e-9, &t.signer[0], &t.signer[1]);
	assert_true(t.autopsy.signature[SIDE_SERVER].done);
	assert_int_equal(t.autopsy.signature[SIDE_SERVER].found, FIND_NOTHING);
	assert_true(t.autopsy.signature[SIDE_SERVER].tried.out_of_budget);
	assert_int_equal(t.autopsy.signature[SIDE_SERVER].tried.bits +
				 t.autopsy.signature[SIDE_SERVER].tried.bytes,
		0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_signature__a_good_one_is_not_examined),
		CASE(test_signature__other_bytes_and_hashes_are_named),
		CASE(test_signature__parameters_without_a_part_are_named),
		CASE(test_signature__a_random_of_another_handshake_is_found),
		CASE(test_signature__a_mishandled_digest_is_named),
		CASE(test_signature__an_engine_with_the_wrong_data_type_is_named),
		CASE(test_signature__r_and_s_in_another_form_are_named),
		CASE(test_signature__careless_der_is_named),
		CASE(test_signature__two_bugs_at_once_are_both_named),
		CASE(test_signature__a_given_key_or_certificate_is_recognised),
		CASE(test_signature__what_a_certificate_verify_left_out_is_named),
		CASE(test_signature__a_client_that_hashes_otherwise_is_named),
		CASE(test_signature__without_a_budget_nothing_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
