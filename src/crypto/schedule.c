/*
 * The key schedule of TLS 1.3. HKDF is the library's; the labels around it are RFC 8446's. What was
 * only needed on the way is wiped.
 */
#include "crypto/schedule.h"

#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/library.h"

#include <mbedtls/hkdf.h>

enum { LABEL_MAX = 64, PREFIX_CHANGED = 20 /* draft */ };

struct schedule schedule_of(uint16_t version, enum hash hash)
{
	bool old = version >> 8 == 0x7f && (version & 0xff) < PREFIX_CHANGED;

	return (struct schedule){ hash, old ? "TLS 1.3, " : "tls13 " };
}

bool schedule_extract(
	const struct schedule *s, struct bytes salt, struct bytes ikm, struct key_secret *out)
{
	static const uint8_t zeros[DIGEST_MAX];
	const mbedtls_md_info_t *info = digest_info(s->hash);

	if (info == NULL)
		return false;
	out->len = mbedtls_md_get_size(info);
	if (salt.len == 0)
		salt = bytes_of(zeros, out->len);
	if (ikm.len == 0)
		ikm = bytes_of(zeros, out->len);
	return library_ok(
		mbedtls_hkdf_extract(info, salt.data, salt.len, ikm.data, ikm.len, out->data));
}

/* Adds a vector of up to 255 bytes, in two parts. */
static bool add_vector(uint8_t *to, size_t room, size_t *at, struct bytes a, struct bytes b)
{
	if (a.len + b.len > 255 || *at + 1 + a.len + b.len > room)
		return false;
	to[(*at)++] = (uint8_t)(a.len + b.len);
	if (a.len != 0)
		memcpy(to + *at, a.data, a.len);
	if (b.len != 0)
		memcpy(to + *at + a.len, b.data, b.len);
	*at += a.len + b.len;
	return true;
}

bool schedule_expand(const struct schedule *s, struct bytes secret, const char *label,
	struct bytes context, uint8_t *out, size_t len)
{
	const mbedtls_md_info_t *info = digest_info(s->hash);
	uint8_t hkdf_label[2 + 1 + LABEL_MAX + 1 + DIGEST_MAX] = { (uint8_t)(len >> 8),
		(uint8_t)len };
	struct bytes prefix = bytes_of(s->prefix, strlen(s->prefix));
	size_t at = 2;

	return info != NULL && len <= 255 &&
	       add_vector(hkdf_label, sizeof hkdf_label, &at, prefix,
		       bytes_of(label, strlen(label))) &&
	       add_vector(hkdf_label, sizeof hkdf_label, &at, context, bytes_of(NULL, 0)) &&
	       library_ok(mbedtls_hkdf_expand(
		       info, secret.data, secret.len, hkdf_label, at, out, len));
}

bool schedule_derive(const struct schedule *s, const struct key_secret *secret, const char *label,
	const struct digest *transcript, struct key_secret *out)
{
	out->len = crypto_hash_length(s->hash);
	return schedule_expand(s, key_secret_bytes(secret), label,
		bytes_of(transcript->data, transcript->len), out->data, out->len);
}

bool schedule_step(const struct schedule *s, const struct key_secret *secret, struct bytes ikm,
	struct key_secret *out)
{
	struct key_secret derived;
	struct digest nothing;
	bool ok = crypto_hash(s->hash, NULL, 0, &nothing) &&
		  schedule_derive(s, secret, "derived", &nothing, &derived) &&
		  schedule_extract(s, key_secret_bytes(&derived), ikm, out);

	wipe(&derived, sizeof derived);
	return ok;
}

bool schedule_finished(const struct schedule *s, const struct key_secret *secret,
	const struct digest *transcript, struct digest *out)
{
	const mbedtls_md_info_t *info = digest_info(s->hash);
	uint8_t key[DIGEST_MAX];
	bool ok;

	out->len = crypto_hash_length(s->hash);
	ok = schedule_expand(
		     s, key_secret_bytes(secret), "finished", bytes_of(NULL, 0), key, out->len) &&
	     library_ok(mbedtls_md_hmac(
		     info, key, out->len, transcript->data, transcript->len, out->data));
	wipe(key, sizeof key);
	return ok;
}

bool schedule_update(const struct schedule *s, struct key_secret *secret)
{
	struct key_secret next = { .len = secret->len };
	bool ok = schedule_expand(
		s, key_secret_bytes(secret), "traffic upd", bytes_of(NULL, 0), next.data, next.len);

	if (ok)
		*secret = next;
	wipe(&next, sizeof next);
	return ok;
}
