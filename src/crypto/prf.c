/*
 * The PRF of TLS 1.0 to 1.2: P_hash over HMAC (RFC 5246 5), and before TLS 1.2 the sum of one over MD5
 * and one over SHA-1, each with half of the secret (RFC 2246 5).
 */
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/library.h"
#include "crypto/schedule.h"

enum { TLS12 = 0x0303 };

enum hash prf_hash_of(uint16_t version, enum hash suite_hash)
{
	return version >= TLS12 ? suite_hash : HASH_MD5_SHA1;
}

/* HMAC over up to four parts with the key that ctx was begun with. */
static bool hmac(mbedtls_md_context_t *ctx, const struct bytes parts[], size_t n, uint8_t *out)
{
	if (!library_ok(mbedtls_md_hmac_reset(ctx)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (parts[i].len != 0 &&
			!library_ok(mbedtls_md_hmac_update(ctx, parts[i].data, parts[i].len)))
			return false;
	return library_ok(mbedtls_md_hmac_finish(ctx, out));
}

/* out ^= P_hash. seed[0] is A(i)'s place. */
static bool add_blocks(
	mbedtls_md_context_t *ctx, size_t size, struct bytes seed[4], uint8_t *out, size_t len)
{
	uint8_t a[DIGEST_MAX], block[DIGEST_MAX];
	bool ok = hmac(ctx, seed + 1, 3, a);

	seed[0] = bytes_of(a, size);
	for (size_t at = 0; ok && at < len; at += size) {
		ok = hmac(ctx, seed, 4, block) && hmac(ctx, seed, 1, a);
		for (size_t i = 0; ok && i < size && at + i < len; i++)
			out[at + i] ^= block[i];
	}
	seed[0] = bytes_of(NULL, 0);
	wipe(a, sizeof a);
	wipe(block, sizeof block);
	return ok;
}

static bool add_hash(
	enum hash hash, struct bytes secret, const struct bytes seed[3], uint8_t *out, size_t len)
{
	const mbedtls_md_info_t *info = digest_info(hash);
	struct bytes parts[4] = { { NULL, 0 }, seed[0], seed[1], seed[2] };
	mbedtls_md_context_t ctx;
	bool ok;

	if (info == NULL)
		return false;
	mbedtls_md_init(&ctx);
	ok = library_ok(mbedtls_md_setup(&ctx, info, 1)) &&
	     library_ok(mbedtls_md_hmac_starts(&ctx, secret.data, secret.len)) &&
	     add_blocks(&ctx, mbedtls_md_get_size(info), parts, out, len);
	mbedtls_md_free(&ctx);
	return ok;
}

bool prf_expand(enum hash hash, struct bytes secret, const char *label, struct bytes seed_a,
	struct bytes seed_b, uint8_t *out, size_t len)
{
	struct bytes seed[3] = { bytes_of(label, strlen(label)), seed_a, seed_b };
	size_t half = (secret.len + 1) / 2;

	memset(out, 0, len);
	if (hash != HASH_MD5_SHA1)
		return add_hash(hash, secret, seed, out, len);
	return add_hash(HASH_MD5, bytes_slice(secret, 0, half), seed, out, len) &&
	       add_hash(HASH_SHA1, bytes_slice(secret, secret.len - half, half), seed, out, len);
}

bool prf_master(enum hash hash, struct bytes premaster, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], const struct digest *session,
	struct key_secret *out)
{
	out->len = MASTER_SECRET;
	if (session != NULL)
		return prf_expand(hash, premaster, "extended master secret",
			bytes_of(session->data, session->len), bytes_of(NULL, 0), out->data,
			out->len);
	return prf_expand(hash, premaster, "master secret", bytes_of(client_random, 32),
		bytes_of(server_random, 32), out->data, out->len);
}

bool prf_verify_data(enum hash hash, const struct key_secret *master, bool client,
	const struct digest *transcript, uint8_t out[static VERIFY_DATA12])
{
	return prf_expand(hash, key_secret_bytes(master),
		client ? "client finished" : "server finished",
		bytes_of(transcript->data, transcript->len), bytes_of(NULL, 0), out, VERIFY_DATA12);
}
