/* Keys are made by the library from a seed, so that every run signs the same. */
#include "support/forge.h"

#include "crypto/mbedtls_compat.h"
#include "support/signer.h"
#include "support/unit.h"

#include <mbedtls/rsa.h>
#include <stdlib.h>

enum { RANDOM = 32, PARAMS_AT = 4 };

struct forge_key {
	struct signer ec;
	mbedtls_pk_context rsa;
	bool is_rsa;
	struct blob spki;
};

static void put(struct blob *b, const void *data, size_t len)
{
	assert_true(b->len + len <= sizeof b->data);
	if (len != 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

static void put_u8(struct blob *b, unsigned byte)
{
	uint8_t c = (uint8_t)byte;

	put(b, &c, 1);
}

/* ---- keys ---- */

static int roll(void *ctx, unsigned char *out, size_t len)
{
	dice_fill(ctx, out, len);
	return 0;
}

/* SubjectPublicKeyInfo of a point (RFC 5480): what stands before it. */
static struct bytes spki_prefix(uint16_t group)
{
	static const uint8_t p256[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce,
		0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03,
		0x42, 0x00 };
	static const uint8_t p384[] = { 0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce,
		0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00 };
	static const uint8_t p521[] = { 0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48,
		0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86,
		0x00 };

	switch (group) {
	case 0x17:
		return bytes_of(p256, sizeof p256);
	case 0x18:
		return bytes_of(p384, sizeof p384);
	default:
		assert_int_equal(group, 0x19);
		return bytes_of(p521, sizeof p521);
	}
}

static struct forge_key *new_key(void)
{
	struct forge_key *k = calloc(1, sizeof *k);

	assert_non_null(k);
	mbedtls_pk_init(&k->rsa);
	return k;
}

struct forge_key *forge_ec_key(uint16_t group, uint64_t seed)
{
	struct forge_key *k = new_key();
	struct bytes prefix = spki_prefix(group);
	struct dice dice = { seed };

	k->ec = signer_new(group, &dice);
	put(&k->spki, prefix.data, prefix.len);
	put(&k->spki, k->ec.q.data, k->ec.q.len);
	return k;
}

struct forge_key *forge_rsa_key(uint64_t seed)
{
	struct forge_key *k = new_key();
	struct dice dice = { seed };
	int len;

	k->is_rsa = true;
	assert_int_equal(mbedtls_pk_setup(&k->rsa, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)), 0);
	assert_int_equal(
		mbedtls_rsa_gen_key(mbedtls_pk_rsa(k->rsa), roll, &dice, 8 * RSA_BYTES, 65537), 0);
	len = mbedtls_pk_write_pubkey_der(&k->rsa, k->spki.data, sizeof k->spki.data);
	assert_true(len > 0);
	k->spki.len = (size_t)len;
	memmove(k->spki.data, k->spki.data + sizeof k->spki.data - k->spki.len, k->spki.len);
	return k;
}

void forge_key_free(struct forge_key *k)
{
	mbedtls_pk_free(&k->rsa);
	free(k);
}

void forge_cert(const struct forge_key *k, struct cert *out)
{
	memset(out, 0, sizeof *out);
	out->parsed = true;
	out->spki = blob_bytes(&k->spki);
	out->key = k->is_rsa ? KEY_RSA : KEY_EC;
	if (k->is_rsa) {
		out->key_bits = 8 * RSA_BYTES;
		return;
	}
	out->key_group = k->ec.group;
	out->key_bits = group_find(k->ec.group)->bits;
	out->key_point = point_bytes(&k->ec.q);
}

/* ---- ECDSA ---- */

void forge_ecdsa(const struct forge_key *k, const struct digest *digest, uint64_t nonce,
	struct blob *r, struct blob *s)
{
	struct dice dice = { nonce };
	struct rs rs = signer_sign(&k->ec, digest, &dice);

	r->len = s->len = 0;
	put(r, rs.r, rs.len);
	put(s, rs.s, rs.len);
}

struct blob forge_der(struct bytes r, struct bytes s)
{
	struct rs rs = { .len = r.len };
	uint8_t room[2 * SCALAR_MAX + 9];
	struct blob out = { .len = 0 };
	struct bytes der;

	assert_true(r.len == s.len && r.len <= SCALAR_MAX);
	memcpy(rs.r, r.data, r.len);
	memcpy(rs.s, s.data, s.len);
	der = signer_der(&rs, room);
	put(&out, der.data, der.len);
	return out;
}

struct blob forge_ecdsa_der(const struct forge_key *k, const struct digest *digest, uint64_t nonce)
{
	struct blob r, s;

	forge_ecdsa(k, digest, nonce, &r, &s);
	return forge_der(blob_bytes(&r), blob_bytes(&s));
}

/* ---- RSA ---- */

struct blob forge_rsa(const struct forge_key *k, const struct blob *em)
{
	struct dice dice = { 1 };
	struct blob out = { .len = RSA_BYTES };

	assert_int_equal(em->len, RSA_BYTES);
	assert_int_equal(
		mbedtls_rsa_private(mbedtls_pk_rsa(k->rsa), roll, &dice, em->data, out.data), 0);
	return out;
}

struct blob forge_pkcs1(struct bytes inside)
{
	struct blob em = { .len = 0 };

	put_u8(&em, 0);
	put_u8(&em, 1);
	while (em.len + 1 + inside.len < RSA_BYTES)
		put_u8(&em, 0xff);
	put_u8(&em, 0);
	put(&em, inside.data, inside.len);
	return em;
}

struct blob forge_digest_info(enum hash hash, const struct digest *digest)
{
	static const uint8_t sha2[] = { 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2 };
	static const uint8_t sha1[] = { 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 26, 5, 0 };
	struct blob out = { .len = 0 };

	put_u8(&out, 0x30);
	if (hash == HASH_SHA1) {
		put_u8(&out, (unsigned)(sizeof sha1 + 2 + digest->len));
		put(&out, sha1, sizeof sha1);
	} else {
		put_u8(&out, (unsigned)(sizeof sha2 + 5 + digest->len));
		put(&out, sha2, sizeof sha2);
		put_u8(&out, hash == HASH_SHA256 ? 1 : hash == HASH_SHA384 ? 2 : 3);
		put_u8(&out, 5);
		put_u8(&out, 0);
	}
	put_u8(&out, 4);
	put_u8(&out, (unsigned)digest->len);
	put(&out, digest->data, digest->len);
	return out;
}

static void mask(enum hash hash, const struct digest *seed, uint8_t *db, size_t len)
{
	struct digest part = { .len = 0 };

	for (size_t i = 0, at = 0; i < len; i++, at++) {
		if (at == part.len) {
			const uint8_t counter[4] = { 0, 0, 0,
				(uint8_t)(part.len != 0 ? i / part.len : 0) };
			const struct bytes parts[] = { bytes_of(seed->data, seed->len),
				bytes_of(counter, 4) };

			assert_true(crypto_hash(hash, parts, 2, &part));
			at = 0;
		}
		db[i] ^= part.data[at];
	}
}

struct blob forge_pss(enum hash hash, const struct digest *digest, size_t salt_len)
{
	static const uint8_t zeros[8];
	struct blob em = { .len = 0 };
	uint8_t salt[RSA_BYTES];
	struct dice dice = { 77 };
	struct digest h;
	const struct bytes parts[] = { bytes_of(zeros, sizeof zeros),
		bytes_of(digest->data, digest->len), bytes_of(salt, salt_len) };
	size_t db_len;

	dice_fill(&dice, salt, sizeof salt);
	assert_true(crypto_hash(hash, parts, 3, &h));
	db_len = RSA_BYTES - h.len - 1;
	while (em.len + 1 + salt_len < db_len)
		put_u8(&em, 0);
	put_u8(&em, 1);
	put(&em, salt, salt_len);
	mask(hash, &h, em.data, db_len);
	em.data[0] &= 0x7f;
	put(&em, h.data, h.len);
	put_u8(&em, 0xbc);
	return em;
}

/* ---- handshakes ---- */

static const struct {
	enum side from;
	uint8_t type;
	size_t len; /* of the body; 0: made in its own way */
} flight[FORGE_EVENTS] = {
	{ SIDE_CLIENT, HS_CLIENT_HELLO, 90 },
	{ SIDE_SERVER, HS_SERVER_HELLO, 70 },
	{ SIDE_SERVER, HS_CERTIFICATE, 150 },
	{ SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, 0 },
	{ SIDE_SERVER, HS_CERTIFICATE_REQUEST, 30 },
	{ SIDE_SERVER, HS_SERVER_HELLO_DONE, 0 },
	{ SIDE_CLIENT, HS_CERTIFICATE, 140 },
	{ SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE, 66 },
	{ SIDE_CLIENT, HS_CERTIFICATE_VERIFY, 80 },
};

enum { CLIENT_HELLO_EVENT = 0, SERVER_HELLO_EVENT = 1, SKE_EVENT = 3, DONE_EVENT = 5 };

/* named_curve, secp256r1, a point drawn; then a scheme and no signature. */
static void fill_params(struct blob *raw, struct dice *dice)
{
	struct signer ephemeral = signer_new(0x17, dice);

	put_u8(raw, 3);
	put_u8(raw, 0);
	put_u8(raw, 0x17);
	put_u8(raw, 65);
	put(raw, ephemeral.q.data, ephemeral.q.len);
	put(raw, "\x04\x03\0\0", 4);
}

static void fill_event(struct forge *f, size_t i, struct dice *dice)
{
	struct blob *raw = &f->raw[i];
	uint8_t body[FORGE_BYTES];

	raw->len = 0;
	put(raw, (const uint8_t[]){ flight[i].type, 0, 0, 0 }, PARAMS_AT);
	dice_fill(dice, body, flight[i].len);
	put(raw, body, flight[i].len);
	if (i == SKE_EVENT)
		fill_params(raw, dice);
	raw->data[3] = (uint8_t)(raw->len - PARAMS_AT);
	f->events[i] = (struct event){ .kind = EVENT_MESSAGE,
		.from = flight[i].from,
		.type = flight[i].type,
		.record_version = 0x0303,
		.packet = i + 1,
		.length = raw->len - PARAMS_AT,
		.raw = blob_bytes(raw) };
}

static void fill_facts(struct forge *f)
{
	struct handshake *hs = &f->hs;
	struct bytes body = bytes_slice(f->events[SKE_EVENT].raw, PARAMS_AT, FORGE_BYTES);

	hs->version = 0x0303;
	hs->client_hello.seen = hs->client_hello.has_random = true;
	hs->server_hello.seen = hs->server_hello.has_random = true;
	memcpy(hs->client_hello.random, f->raw[CLIENT_HELLO_EVENT].data + 6, RANDOM);
	memcpy(hs->server_hello.random, f->raw[SERVER_HELLO_EVENT].data + 6, RANDOM);
	hs->ske = (struct server_key_exchange){ .seen = true,
		.kx = KX_ECDHE,
		.params = bytes_slice(body, 0, 69),
		.has_curve_type = true,
		.curve_type = 3,
		.has_group = true,
		.group = 0x17,
		.public_key = bytes_slice(body, 4, 65),
		.public_at = 4,
		.has_scheme = true,
		.scheme = 0x0403,
		.scheme_at = 69,
		.signature_at = 73 };
	hs->side[SIDE_SERVER].point = POINT_ON_CURVE;
	hs->side[SIDE_CLIENT].proof.transcript_whole = true;
}

void forge_open(struct forge *f, uint64_t seed, const struct forge_key *server,
	const struct forge_key *client)
{
	struct dice dice = { seed };

	memset(f, 0, sizeof *f);
	f->hs.arena = arena_new(1 << 20);
	assert_non_null(f->hs.arena);
	f->hs.id = seed;
	f->hs.input = 1;
	for (size_t i = 0; i < FORGE_EVENTS; i++)
		fill_event(f, i, &dice);
	f->hs.events = f->events;
	f->hs.n_events = FORGE_EVENTS;
	fill_facts(f);
	forge_cert(server, &f->leaf[SIDE_SERVER]);
	forge_cert(client, &f->leaf[SIDE_CLIENT]);
	for (int side = 0; side < 2; side++) {
		f->hs.side[side].certs[0] = &f->leaf[side];
		f->hs.side[side].n_certs = 1;
	}
}

void forge_close(struct forge *f)
{
	arena_free(f->hs.arena);
}

static struct bytes piece(const struct forge *f, char letter)
{
	static const uint8_t zeros[RANDOM], empty[4] = { HS_SERVER_KEY_EXCHANGE };
	static uint8_t early[4] = { HS_SERVER_KEY_EXCHANGE };

	switch (letter) {
	case 'C':
		return bytes_of(f->hs.client_hello.random, RANDOM);
	case 'S':
		return bytes_of(f->hs.server_hello.random, RANDOM);
	case 'P':
		return f->hs.ske.params;
	case 'H':
		return bytes_slice(f->events[SKE_EVENT].raw, 0, 4);
	case 'E':
		early[3] = (uint8_t)f->hs.ske.params.len;
		return bytes_of(early, sizeof early);
	case 'N':
		return bytes_of(empty, sizeof empty);
	case 'Z':
		return bytes_of(zeros, sizeof zeros);
	default:
		assert_in_range(letter, '0', '0' + FORGE_EVENTS - 1);
		return f->events[letter - '0'].raw;
	}
}

struct blob forge_pieces(const struct forge *f, const char *pieces)
{
	struct blob out = { .len = 0 };

	for (; *pieces != '\0'; pieces++) {
		struct bytes b = piece(f, *pieces);

		put(&out, b.data, b.len);
	}
	return out;
}

struct digest forge_digest(const struct forge *f, enum hash hash, const char *pieces)
{
	struct blob all = forge_pieces(f, pieces);
	struct bytes part = blob_bytes(&all);
	struct digest d;

	assert_true(crypto_hash(hash, &part, 1, &d));
	return d;
}

void forge_sign(struct forge *f, enum side signer, struct signature_method method,
	const struct blob *signature)
{
	struct handshake *hs = &f->hs;
	struct blob due = forge_pieces(f, signer == SIDE_SERVER ? "CSP" : "01234567");
	struct bytes part = blob_bytes(&due), sent;
	struct verdict verdict;
	struct ecdsa_signature ecdsa = { 0 };

	f->signature[signer] = *signature;
	sent = blob_bytes(&f->signature[signer]);
	verdict = crypto_verify(f->leaf[signer].spki, method, &part, 1, sent);
	if (method.signature == SIG_ECDSA)
		ecdsa = crypto_ecdsa_decode(sent);
	if (signer == SIDE_SERVER) {
		hs->ske.has_signature = true;
		hs->ske.signature = sent;
		hs->side[SIDE_SERVER].proof.method = method;
		hs->side[SIDE_SERVER].proof.signature = verdict;
		hs->side[SIDE_SERVER].proof.ecdsa = ecdsa;
		return;
	}
	hs->side[SIDE_CLIENT].verify.seen = true;
	hs->side[SIDE_CLIENT].verify.signature = sent;
	hs->side[SIDE_CLIENT].proof.method = method;
	hs->side[SIDE_CLIENT].proof.signature = verdict;
	hs->side[SIDE_CLIENT].proof.ecdsa = ecdsa;
}
