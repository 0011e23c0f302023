/*
 * From secrets to keys, and from a record to what is in it. Nothing here needs constant time: the keys are
 * those of whoever asks, and nobody is answered.
 */
#include "crypto/record_keys_inside.h"

#include "base/memory.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"

#include <mbedtls/cipher.h>
#include <stdlib.h>

/* Of an encryption that can go both ways the one that a reader, or a writer, needs. */
static bool set_key(struct record_keys *k, const uint8_t *key)
{
	const mbedtls_cipher_info_t *info;

	if (k->p.kind == CIPHER_NULL)
		return true;
	info = mbedtls_cipher_info_from_type((mbedtls_cipher_type_t)k->p.cipher);
	if (info == NULL || !library_ok(mbedtls_cipher_setup(&k->cipher, info)) ||
		!library_ok(mbedtls_cipher_setkey(&k->cipher, key, 8 * k->p.key_len,
			k->seals ? MBEDTLS_ENCRYPT : MBEDTLS_DECRYPT)))
		return false;
	return k->p.kind != CIPHER_CBC ||
	       library_ok(mbedtls_cipher_set_padding_mode(&k->cipher, MBEDTLS_PADDING_NONE));
}

static struct record_keys *new_keys(const struct protection *p, bool seals)
{
	struct record_keys *k = memory_new(sizeof *k);

	if (k == NULL)
		return NULL;
	k->p = *p;
	k->seals = seals;
	mbedtls_cipher_init(&k->cipher);
	return k;
}

void record_keys_close(struct record_keys *k)
{
	if (k == NULL)
		return;
	mbedtls_cipher_free(&k->cipher);
	wipe(k, sizeof *k);
	free(k);
}

static struct record_keys *closed_unless(struct record_keys *k, bool ok)
{
	if (ok)
		return k;
	record_keys_close(k);
	return NULL;
}

static bool is_header_authentic(uint16_t version)
{
	static const uint16_t of_company[] = { 0xfb17, 0xfb18 }; /* drafts 23 and 24 */

	if (version >> 8 == 0x7f)
		return (version & 0xff) >= HEADER_AUTHENTIC;
	return version != of_company[0] && version != of_company[1];
}

static struct record_keys *keys13(const struct protection *p, const struct schedule *s,
	const struct key_secret *traffic, uint16_t version, bool seals)
{
	struct bytes none = bytes_of(NULL, 0), secret = key_secret_bytes(traffic);
	struct record_keys *k = p->kind == CIPHER_AEAD ? new_keys(p, seals) : NULL;
	uint8_t key[KEY_MAX];
	bool ok;

	if (k == NULL)
		return NULL;
	k->tls13 = true;
	k->header_authentic = is_header_authentic(version);
	ok = schedule_expand(s, secret, "key", none, key, p->key_len) &&
	     schedule_expand(s, secret, "iv", none, k->iv, p->iv_len) && set_key(k, key);
	wipe(key, sizeof key);
	return closed_unless(k, ok);
}

struct record_keys *record_keys_open13(const struct protection *p, const struct schedule *s,
	const struct key_secret *traffic, uint16_t version)
{
	return keys13(p, s, traffic, version, false);
}

struct record_keys *record_keys_seal13(const struct protection *p, const struct schedule *s,
	const struct key_secret *traffic, uint16_t version)
{
	return keys13(p, s, traffic, version, true);
}

static struct record_keys *keys12(const struct protection *p, enum hash prf,
	const struct key_secret *master, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], bool client, uint16_t version, bool seals)
{
	const mbedtls_md_info_t *mac = digest_info(p->mac);
	size_t mac_len =
		mac != NULL ? mbedtls_md_get_size(mac) : 0; /* of the key: never truncated */
	size_t side = client ? 0 : 1, len = 2 * (mac_len + p->key_len + p->iv_len);
	struct record_keys *k = new_keys(p, seals);
	uint8_t block[KEY_BLOCK_MAX];
	bool ok;

	if (k == NULL)
		return NULL;
	k->chained = p->kind == CIPHER_CBC && version < TLS11;
	ok = prf_expand(prf, key_secret_bytes(master), "key expansion", bytes_of(server_random, 32),
		bytes_of(client_random, 32), block, len);
	if (ok) {
		memcpy(k->mac_key, block + side * mac_len, mac_len);
		memcpy(k->iv, block + 2 * (mac_len + p->key_len) + side * p->iv_len, p->iv_len);
		ok = set_key(k, block + 2 * mac_len + side * p->key_len);
	}
	wipe(block, sizeof block);
	return closed_unless(k, ok);
}

struct record_keys *record_keys_open12(const struct protection *p, enum hash prf,
	const struct key_secret *master, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], bool client, uint16_t version)
{
	return keys12(p, prf, master, client_random, server_random, client, version, false);
}

struct record_keys *record_keys_seal12(const struct protection *p, enum hash prf,
	const struct key_secret *master, const uint8_t client_random[static 32],
	const uint8_t server_random[static 32], bool client, uint16_t version)
{
	return keys12(p, prf, master, client_random, server_random, client, version, true);
}

/* ---- what is authenticated ---- */

void record_put_number(uint64_t number, uint8_t out[static 8])
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(number >> (56 - 8 * i));
}

void record_put_header(const struct sealed_record *r, size_t length, uint8_t out[static HEADER])
{
	out[0] = r->type;
	out[1] = (uint8_t)(r->version >> 8);
	out[2] = (uint8_t)r->version;
	out[3] = (uint8_t)(length >> 8);
	out[4] = (uint8_t)length;
}

bool record_make_mac(const struct record_keys *k, const struct sealed_record *r,
	struct bytes content, uint8_t mac[static DIGEST_MAX])
{
	const mbedtls_md_info_t *info = digest_info(k->p.mac);
	uint8_t header[PSEUDO_HEADER];
	mbedtls_md_context_t ctx;
	bool ok;

	record_put_number(k->number, header);
	record_put_header(r, content.len, header + 8);
	mbedtls_md_init(&ctx);
	ok = library_ok(mbedtls_md_setup(&ctx, info, 1)) &&
	     library_ok(mbedtls_md_hmac_starts(&ctx, k->mac_key, mbedtls_md_get_size(info))) &&
	     library_ok(mbedtls_md_hmac_update(&ctx, header, sizeof header)) &&
	     (content.len == 0 ||
		     library_ok(mbedtls_md_hmac_update(&ctx, content.data, content.len))) &&
	     library_ok(mbedtls_md_hmac_finish(&ctx, mac));
	mbedtls_md_free(&ctx);
	return ok;
}

static bool mac_is(const struct record_keys *k, const struct sealed_record *r, struct bytes content,
	struct bytes expected)
{
	uint8_t mac[DIGEST_MAX];

	return record_make_mac(k, r, content, mac) &&
	       bytes_equal(bytes_of(mac, k->p.mac_len), expected);
}

/* Of the next record: its number (RFC 8446 5.3), or what stands in it (RFC 5288 3). */
void record_make_nonce(
	const struct record_keys *k, const uint8_t *explicit, uint8_t nonce[static NONCE])
{
	uint8_t number[8];

	record_put_number(k->number, number);
	memcpy(nonce, k->iv, k->p.iv_len);
	if (k->p.explicit_nonce)
		memcpy(nonce + k->p.iv_len, explicit, EXPLICIT);
	for (size_t i = 0; i < sizeof number && !k->p.explicit_nonce; i++)
		nonce[NONCE - sizeof number + i] ^= number[i];
}

/* ---- by kind of cipher ---- */

static bool open_aead(
	struct record_keys *k, const struct sealed_record *r, uint8_t *room, size_t *len)
{
	const struct protection *p = &k->p;
	size_t front = p->explicit_nonce ? EXPLICIT : 0;
	struct bytes body = bytes_slice(r->fragment, front, SIZE_MAX);
	uint8_t nonce[NONCE], header[PSEUDO_HEADER];
	size_t header_len = k->tls13 ? HEADER : PSEUDO_HEADER;

	if (r->fragment.len < front + p->tag_len || body.len > OPENED_MAX)
		return false;
	record_make_nonce(k, r->fragment.data, nonce);
	record_put_number(k->number, header);
	record_put_header(
		r, k->tls13 ? r->fragment.len : body.len - p->tag_len, header + (k->tls13 ? 0 : 8));
	if (k->tls13 && !k->header_authentic)
		header_len = 0;
	return library_ok(mbedtls_cipher_auth_decrypt_ext(&k->cipher, nonce, NONCE, header,
		header_len, body.data, body.len, room, OPENED_MAX, len, p->tag_len));
}

/* The MAC stands behind the content, whatever encrypted both. */
static bool split_mac(
	const struct record_keys *k, const struct sealed_record *r, struct bytes both, size_t *len)
{
	struct bytes content;

	if (both.len < k->p.mac_len)
		return false;
	content = bytes_slice(both, 0, both.len - k->p.mac_len);
	*len = content.len;
	return mac_is(k, r, content, bytes_slice(both, content.len, k->p.mac_len));
}

/* RFC 5246 6.2.3.2: every byte of the padding is its length. */
static bool strip_padding(const uint8_t *data, size_t *len)
{
	size_t pad = *len != 0 ? data[*len - 1] : 0;

	if (*len < pad + 1)
		return false;
	for (size_t i = 0; i < pad; i++)
		if (data[*len - 2 - i] != pad)
			return false;
	*len -= pad + 1;
	return true;
}

static bool open_cbc(
	struct record_keys *k, const struct sealed_record *r, uint8_t *room, size_t *len)
{
	const struct protection *p = &k->p;
	size_t mac = p->encrypt_then_mac ? p->mac_len : 0, front = k->chained ? 0 : p->block_len;
	struct bytes sealed, body;
	const uint8_t *iv = k->chained ? k->iv : r->fragment.data;

	if (r->fragment.len < mac + front)
		return false;
	sealed = bytes_slice(r->fragment, 0, r->fragment.len - mac);
	body = bytes_slice(sealed, front, SIZE_MAX);
	if (body.len % p->block_len != 0 || body.len > OPENED_MAX)
		return false;
	if (mac != 0 && !mac_is(k, r, sealed, bytes_slice(r->fragment, sealed.len, mac)))
		return false;
	if (!library_ok(mbedtls_cipher_crypt(
		    &k->cipher, iv, p->block_len, body.data, body.len, room, len)) ||
		!strip_padding(room, len))
		return false;
	return mac != 0 || split_mac(k, r, bytes_of(room, *len), len);
}

static bool open_stream(
	struct record_keys *k, const struct sealed_record *r, uint8_t *room, size_t *len)
{
	if (r->fragment.len == 0 || r->fragment.len > OPENED_MAX)
		return false;
	if (k->p.kind == CIPHER_NULL) {
		memcpy(room, r->fragment.data, r->fragment.len);
		*len = r->fragment.len;
	} else if (!library_ok(mbedtls_cipher_update(
			   &k->cipher, r->fragment.data, r->fragment.len, room, len))) {
		return false;
	}
	return split_mac(k, r, bytes_of(room, *len), len);
}

static bool open_one(
	struct record_keys *k, const struct sealed_record *r, uint8_t *room, size_t *len)
{
	switch (k->p.kind) {
	case CIPHER_AEAD:
		return open_aead(k, r, room, len);
	case CIPHER_CBC:
		return open_cbc(k, r, room, len);
	case CIPHER_STREAM:
	case CIPHER_NULL:
		return open_stream(k, r, room, len);
	case CIPHER_OTHER:
		break;
	}
	return false;
}

/* CBC of TLS 1.0: whatever a record holds, its last block is what the next one begins with. */
void record_chain(struct record_keys *k, const struct sealed_record *r)
{
	size_t block = k->p.block_len;

	if (k->chained && r->fragment.len >= block)
		memcpy(k->iv,
			r->fragment.data + r->fragment.len -
				(k->p.encrypt_then_mac ? k->p.mac_len : 0) - block,
			block);
}

/* RFC 8446 5.4: content, its type, zeros. */
static enum record_answer strip_zeros(struct opened_record *out)
{
	size_t len = out->content.len;

	while (len != 0 && out->content.data[len - 1] == 0)
		len--;
	if (len == 0)
		return RECORD_BARE;
	out->type = out->content.data[len - 1];
	out->content.len = len - 1;
	return RECORD_OPENS;
}

enum record_answer record_keys_open(struct record_keys *k, const struct sealed_record *r,
	uint8_t room[static OPENED_MAX], struct opened_record *out)
{
	size_t len = 0;

	if (!open_one(k, r, room, &len))
		return RECORD_REFUSED;
	record_chain(k, r);
	k->number++;
	*out = (struct opened_record){ r->type, bytes_of(room, len) };
	return k->tls13 ? strip_zeros(out) : RECORD_OPENS;
}

void record_keys_pass(struct record_keys *k, const struct sealed_record *r)
{
	uint8_t unwanted[256];
	size_t len;

	for (size_t at = 0; k->p.kind == CIPHER_STREAM && at < r->fragment.len;
		at += sizeof unwanted) {
		struct bytes part = bytes_slice(r->fragment, at, sizeof unwanted);

		(void)library_ok(
			mbedtls_cipher_update(&k->cipher, part.data, part.len, unwanted, &len));
	}
	wipe(unwanted, sizeof unwanted);
	record_chain(k, r);
	k->number++;
}

bool record_keys_skip(struct record_keys *k, uint64_t n)
{
	k->number += n;
	return k->p.kind != CIPHER_STREAM && !k->chained;
}
