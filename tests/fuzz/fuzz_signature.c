/*
 * Keys, signatures and points as a peer may send them. The input is a selector and then the parts,
 * each with a length of two bytes before it: a key, a signature, the rest.
 */
#include "crypto/crypto.h"
#include "fuzz/fuzz.h"
#include "fuzz/window.h"

enum { MODULUS_CHEAP = 300, KEY_CHEAP = 600 }; /* beyond, one input takes too long */

static void fuzz_verify(uint8_t select, struct bytes key, struct bytes signature, struct bytes rest)
{
	static const struct signature_method methods[] = {
		{ SIG_RSA_PKCS1, HASH_SHA256 },
		{ SIG_RSA_PKCS1, HASH_MD5_SHA1 },
		{ SIG_RSA_PSS, HASH_SHA256 },
		{ SIG_RSA_PSS, HASH_SHA512 },
		{ SIG_ECDSA, HASH_SHA256 },
		{ SIG_ECDSA, HASH_SHA512 },
		{ SIG_ED25519, HASH_INTRINSIC },
		{ SIG_DSA, HASH_SHA1 },
	};
	struct signature_method method = methods[select % (sizeof(methods) / sizeof(methods[0]))];
	struct verdict v = crypto_verify(key, method, &rest, 1, signature);

	must(v.state != PROOF_NONE && (v.why == NULL) == (v.state == PROOF_VALID));
	v = crypto_verify_certificate(key, method, rest, signature);
	must(v.state != PROOF_NONE && (v.why == NULL) == (v.state == PROOF_VALID));
}

static void fuzz_rsa_open(struct bytes key, struct bytes signature)
{
	struct rsa_opened opened;

	crypto_rsa_open(key, signature, &opened);
	must(opened.len <= sizeof(opened.em));
	must_be_inside(bytes_of(opened.em, opened.len), opened.digest);
	must(opened.digest.len == 0 || opened.pkcs1_padding);
}

static void fuzz_ecdsa(uint16_t group, struct bytes q, struct bytes signature)
{
	const struct ecdsa_signature s = crypto_ecdsa_decode(signature), both[] = { s, s };
	const struct digest digests[2] = { { { 1 }, 32 }, { { 2 }, 48 } };
	struct point found[RECOVERED_MAX];
	size_t n;

	must_be_inside(signature, s.r);
	must_be_inside(signature, s.s);
	must(s.trailing <= signature.len);
	(void)crypto_ecdsa_verify_rs(group, q, &digests[0], s.r, s.s);
	(void)crypto_ecdsa_nonce_reuse(group, q, digests, both);
	n = crypto_ecdsa_recover(group, &digests[0], s.r, s.s, found);
	for (size_t i = 0; i < n; i++) {
		struct bytes key = bytes_of(found[i].data, found[i].len);

		/* what was recovered must verify */
		must(crypto_ecdsa_verify_rs(group, key, &digests[0], s.r, s.s).state ==
			PROOF_VALID);
	}
}

static void fuzz_point(uint16_t group, struct bytes point)
{
	enum point_state state = crypto_point_check(group, point);
	uint32_t k = crypto_point_small_multiple(group, point, 65536);

	must(point_state_text(state) != NULL && k <= 65536);
	must(k == 0 || state == POINT_ON_CURVE);
	(void)crypto_point_x_on_curve(group, point);
}

static void fuzz_dh(struct bytes p, struct bytes g, struct bytes y)
{
	struct dh_check c;

	if (p.len <= MODULUS_CHEAP)
		crypto_dh_check(p, g, y, &c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parse_err err;
	struct cur c = cur_init(bytes_of(data, size), &err);
	uint8_t select = cur_u8(&c, "select");
	uint16_t group = (uint16_t)(0x11 + (select >> 3) % 18);
	struct cur key_window = cur_vec16(&c, "key", 0, 65535);
	struct cur signature_window = cur_vec16(&c, "signature", 0, 65535);
	struct bytes key = cur_rest(&key_window), signature = cur_rest(&signature_window);
	struct bytes rest = cur_rest(&c);

	if (!cur_ok(&c))
		return 0;
	fuzz_ecdsa(group, key, signature);
	fuzz_point(group, key);
	if (key.len > KEY_CHEAP || signature.len > MODULUS_CHEAP)
		return 0;
	fuzz_verify(select, key, signature, rest);
	fuzz_rsa_open(key, signature);
	fuzz_dh(key, signature, rest);
	return 0;
}
