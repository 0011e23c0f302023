/* From a content to the protected record that is sent: record_keys.c the other way round. */
#include "base/secret.h"
#include "crypto/library.h"
#include "crypto/mbedtls_compat.h"
#include "crypto/record_keys_inside.h"

/* RFC 8446 5.2: the content's type stands behind it, and the record says application data. */
static bool seal_aead(struct record_keys *k, uint8_t type, uint16_t version, struct bytes content,
	struct sealed_room *out)
{
	const struct protection *p = &k->p;
	size_t front = p->explicit_nonce ? EXPLICIT : 0, len = 0;
	uint8_t nonce[NONCE], number[8], header[PSEUDO_HEADER], inner[RECORD_CONTENT_MAX + 1];
	struct sealed_record r = { .type = k->tls13 ? 23 : type, .version = version };
	size_t inner_len = content.len + (k->tls13 ? 1 : 0), sealed = inner_len + p->tag_len;
	bool ok;

	if (content.len != 0)
		memcpy(inner, content.data, content.len);
	inner[content.len] = type;
	record_put_number(k->number, number);
	memcpy(out->data, number, front);
	record_make_nonce(k, number, nonce);
	memcpy(header, number, sizeof number);
	record_put_header(
		&r, k->tls13 ? sealed : content.len, header + (k->tls13 ? 0 : sizeof number));
	ok = library_ok(mbedtls_cipher_auth_encrypt_ext(&k->cipher, nonce, NONCE, header,
		k->tls13 ? HEADER : PSEUDO_HEADER, inner, inner_len, out->data + front,
		sizeof out->data - front, &len, p->tag_len));
	wipe(inner, sizeof inner);
	out->type = r.type;
	out->len = front + len;
	return ok;
}

/* Content and its MAC, if that goes before encryption; returns how many bytes that is, 0: it failed. */
static size_t with_mac(const struct record_keys *k, const struct sealed_record *r,
	struct bytes content, uint8_t *out)
{
	uint8_t mac[DIGEST_MAX];

	if (content.len != 0)
		memcpy(out, content.data, content.len);
	if (k->p.encrypt_then_mac)
		return content.len;
	if (!record_make_mac(k, r, content, mac))
		return 0;
	memcpy(out + content.len, mac, k->p.mac_len);
	return content.len + k->p.mac_len;
}

static bool seal_cbc(struct record_keys *k, uint8_t type, uint16_t version, struct bytes content,
	struct sealed_room *out)
{
	struct sealed_record r = { .type = type, .version = version };
	uint8_t plain[RECORD_CONTENT_MAX + DIGEST_MAX + IV_MAX], mac[DIGEST_MAX];
	size_t block = k->p.block_len, front = k->chained ? 0 : block, done = 0;
	size_t len = with_mac(k, &r, content, plain), pad = block - len % block;
	bool ok;

	memset(plain + len, (int)(pad - 1), pad);
	ok = compat_random(NULL, out->data, front) == 0 &&
	     library_ok(mbedtls_cipher_crypt(&k->cipher, k->chained ? k->iv : out->data, block,
		     plain, len + pad, out->data + front, &done));
	wipe(plain, sizeof plain);
	out->type = type;
	out->len = front + done;
	if (!ok || !k->p.encrypt_then_mac)
		return ok;
	if (!record_make_mac(k, &r, bytes_of(out->data, out->len), mac))
		return false;
	memcpy(out->data + out->len, mac, k->p.mac_len);
	out->len += k->p.mac_len;
	return true;
}

static bool seal_stream(struct record_keys *k, uint8_t type, uint16_t version, struct bytes content,
	struct sealed_room *out)
{
	struct sealed_record r = { .type = type, .version = version };
	uint8_t plain[RECORD_CONTENT_MAX + DIGEST_MAX];
	size_t len = with_mac(k, &r, content, plain);
	bool ok = len != 0;

	out->type = type;
	out->len = len;
	if (k->p.kind == CIPHER_NULL)
		memcpy(out->data, plain, len);
	else
		ok = ok && library_ok(mbedtls_cipher_update(
				   &k->cipher, plain, len, out->data, &out->len));
	wipe(plain, sizeof plain);
	return ok;
}

static bool seal_one(struct record_keys *k, uint8_t type, uint16_t version, struct bytes content,
	struct sealed_room *out)
{
	switch (k->p.kind) {
	case CIPHER_AEAD:
		return seal_aead(k, type, version, content, out);
	case CIPHER_CBC:
		return seal_cbc(k, type, version, content, out);
	case CIPHER_STREAM:
	case CIPHER_NULL:
		return seal_stream(k, type, version, content, out);
	case CIPHER_OTHER:
		break;
	}
	return false;
}

bool record_keys_seal(struct record_keys *k, uint8_t type, uint16_t version, struct bytes content,
	struct sealed_room *out)
{
	struct sealed_record r;

	if (!k->seals || content.len > RECORD_CONTENT_MAX ||
		!seal_one(k, type, version, content, out))
		return false;
	r = (struct sealed_record){ out->type, version, bytes_of(out->data, out->len) };
	record_chain(k, &r);
	k->number++;
	return true;
}
