/* Both sides are in one thread: what one has said the other reads, until neither has more to say. */
#include "support/peer.h"

#include "client/put.h"
#include "crypto/exchange.h"
#include "crypto/mbedtls_compat.h"
#include "crypto/record_keys.h"
#include "support/unit.h"
#include "wire/record.h"

#include <mbedtls/x509_crt.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { X25519 = 0x001d, P256 = 0x0017, SUITE = 0x1301, TLS13 = 0x0304, ROUNDS = 8 };

static const char certificate[] = "fixtures/check/pair/server.pem",
		  key[] = "fixtures/check/pair/server.key";

struct peer {
	enum peer_fault fault;
	struct talk *talk;
	size_t piece;
	struct strbuf transcript, in;
	struct exchange *own;
	struct client_hello hello;
	uint8_t session_id[32];
	uint16_t share_group;
	uint8_t share[133];
	size_t share_len;
	struct schedule schedule;
	struct protection protection;
	struct key_secret handshake, traffic[2]; /* 0: the client's */
	struct record_keys *reads, *writes;
	struct bytes changes; /* peer_meet_changed() */
	size_t n_said;
	struct peer_outcome out;
};

static void say_bytes(struct peer *p, struct bytes b)
{
	for (size_t at = 0; at < b.len; at += p->piece)
		talk_feed(p->talk, bytes_slice(b, at, p->piece));
}

static void say_record(struct peer *p, uint8_t type, struct bytes content)
{
	struct sealed_room *room = calloc(1, sizeof *room);
	struct strbuf out = { .text = NULL };

	assert_non_null(room);
	if (p->writes != NULL) {
		assert_true(record_keys_seal(p->writes, type, 0x0303, content, room));
		if (p->fault == PEER_TAG)
			room->data[room->len - 1] ^= 1;
		type = room->type;
		content = bytes_of(room->data, room->len);
	}
	put_u8(&out, type);
	put_u16(&out, 0x0303);
	put_u16(&out, (unsigned)content.len);
	put_bytes(&out, content);
	say_bytes(p, put_text(&out));
	strbuf_free(&out);
	free(room);
}

static size_t begin(struct strbuf *m, uint8_t type)
{
	put_u8(m, type);
	return put_begin(m, 3);
}

/* True: it comes twice. at: of the body. */
static bool change(const struct peer *p, struct strbuf *m, size_t at)
{
	enum { CHANGE = 4, EXCHANGE = 0, SET = 1, CUT = 2 };
	bool twice = false;

	for (size_t i = 0; i + CHANGE <= p->changes.len; i += CHANGE) {
		const uint8_t *c = p->changes.data + i;
		size_t body = at + 3, where;

		if ((c[0] & 7U) != (p->n_said & 7U) || m->len <= body)
			continue;
		where = body + (size_t)(c[1] << 8 | c[2]) % (m->len - body);
		if ((c[0] >> 3 & 3) == EXCHANGE)
			m->text[where] = (char)(m->text[where] ^ c[3]);
		else if ((c[0] >> 3 & 3) == SET)
			m->text[where] = (char)c[3];
		else if ((c[0] >> 3 & 3) == CUT)
			m->len = where;
		else
			twice = true;
	}
	return twice;
}

static void say_message(struct peer *p, struct strbuf *m, size_t at)
{
	const int times = change(p, m, at) ? 2 : 1;

	p->n_said++;
	put_end(m, at, 3);
	for (int i = 0; i < times; i++) {
		put_bytes(&p->transcript, put_text(m));
		say_record(p, CONTENT_HANDSHAKE, put_text(m));
	}
	strbuf_free(m);
}

static struct digest hash(struct peer *p)
{
	struct bytes all = put_text(&p->transcript);
	struct digest d;

	assert_true(crypto_hash(HASH_SHA256, &all, 1, &d));
	return d;
}

/* ---- the server's hello ---- */

static void put_hello_extensions(struct peer *p, struct strbuf *m, bool retry, uint16_t group)
{
	size_t all = put_begin(m, 2), share;

	put_u16(m, EXT_SUPPORTED_VERSIONS);
	put_u16(m, 2);
	put_u16(m, p->fault == PEER_OTHER_VERSION ? 0x0305 : TLS13);
	if (p->fault != PEER_NO_SHARE && group != 0) {
		put_u16(m, EXT_KEY_SHARE);
		share = put_begin(m, 2);
		put_u16(m, group);
		if (!retry) {
			size_t k = put_begin(m, 2);

			if (p->fault == PEER_ZERO_SHARE)
				for (size_t i = 0; i < 32; i++)
					put_u8(m, 0);
			else
				put_bytes(m, exchange_public(p->own));
			put_end(m, k, 2);
		}
		put_end(m, share, 2);
	}
	if (p->fault == PEER_HELLO_EXTENSION) {
		put_u16(m, EXT_SUPPORTED_GROUPS);
		put_u16(m, 4);
		put_u16(m, 2);
		put_u16(m, X25519);
	}
	put_end(m, all, 2);
}

static void say_hello(struct peer *p, bool retry, uint16_t group)
{
	static const uint8_t again[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
		0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c,
		0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
	uint8_t random[32] = { 7 };
	struct strbuf m = { .text = NULL };
	size_t at = begin(&m, HS_SERVER_HELLO), id;

	put_u16(&m, 0x0303);
	put_bytes(&m, retry ? bytes_of(again, 32) : bytes_of(random, 32));
	id = put_begin(&m, 1);
	p->session_id[0] ^= p->fault == PEER_SESSION_ID;
	put_bytes(&m, bytes_of(p->session_id, sizeof p->session_id));
	put_end(&m, id, 1);
	put_u16(&m, p->fault == PEER_OTHER_SUITE ? 0x1399 : SUITE);
	put_u8(&m, p->fault == PEER_COMPRESSES);
	if (p->fault != PEER_HELLO_CUT)
		put_hello_extensions(p, &m, retry, group);
	else
		put_u16(&m, 9);
	say_message(p, &m, at);
}

static bool wants_retry(const struct peer *p)
{
	return p->fault >= PEER_RETRIES && p->fault <= PEER_RETRIES_FOR_NOTHING;
}

static void say_retry(struct peer *p)
{
	static const uint16_t groups[] = { [PEER_RETRIES] = P256,
		[PEER_RETRIES_TWICE] = P256,
		[PEER_RETRIES_SAME_GROUP] = X25519,
		[PEER_RETRIES_UNOFFERED_GROUP] = 0x0199,
		[PEER_RETRIES_FOR_NOTHING] = 0 };
	struct digest first = hash(p);

	strbuf_clear(&p->transcript);
	put_u8(&p->transcript, HS_MESSAGE_HASH);
	put_u8(&p->transcript, 0);
	put_u16(&p->transcript, (unsigned)first.len);
	put_bytes(&p->transcript, bytes_of(first.data, first.len));
	say_hello(p, true, groups[p->fault]);
}

static void agree(struct peer *p)
{
	static const struct protection_terms terms = { .version = TLS13 };
	struct exchange_secret z;
	struct bytes none = bytes_of(NULL, 0);
	struct key_secret early;
	struct digest hellos;
	const char *why;

	p->own = exchange_open(p->share_group);
	assert_non_null(p->own);
	assert_true(exchange_agree(p->own, bytes_of(p->share, p->share_len), &z));
	say_hello(p, false, p->fault == PEER_OTHER_SHARE ? 0x0018 : p->share_group);
	p->schedule = schedule_of(TLS13, HASH_SHA256);
	hellos = hash(p);
	assert_true(schedule_extract(&p->schedule, none, none, &early));
	assert_true(schedule_step(&p->schedule, &early, bytes_of(z.data, z.len), &p->handshake));
	assert_true(schedule_derive(
		&p->schedule, &p->handshake, "c hs traffic", &hellos, &p->traffic[0]));
	assert_true(schedule_derive(
		&p->schedule, &p->handshake, "s hs traffic", &hellos, &p->traffic[1]));
	assert_true(protection_of(suite_find(SUITE), terms, &p->protection, &why));
	p->writes = record_keys_seal13(&p->protection, &p->schedule, &p->traffic[1], TLS13);
	p->reads = record_keys_open13(&p->protection, &p->schedule, &p->traffic[0], TLS13);
	assert_true(p->writes != NULL && p->reads != NULL);
}

/* ---- under the keys ---- */

static void say_extensions(struct peer *p)
{
	struct strbuf m = { .text = NULL };
	size_t at = begin(&m, HS_ENCRYPTED_EXTENSIONS), all = put_begin(&m, 2);

	if (p->fault == PEER_EXTENSION) {
		put_u16(&m, EXT_HEARTBEAT);
		put_u16(&m, 1);
		put_u8(&m, 1);
	}
	put_end(&m, all, 2);
	if (p->fault == PEER_EXTENSIONS_CUT)
		m.text[m.len - 1] = 5;
	say_message(p, &m, at);
}

static void say_request(struct peer *p)
{
	struct strbuf m = { .text = NULL };
	size_t at = begin(&m, HS_CERTIFICATE_REQUEST), all;

	put_u8(&m, 0);
	all = put_begin(&m, 2);
	if (p->fault == PEER_ASKS) {
		put_u16(&m, EXT_SIGNATURE_ALGORITHMS);
		put_u16(&m, 4);
		put_u16(&m, 2);
		put_u16(&m, 0x0403);
	}
	put_end(&m, all, 2);
	say_message(p, &m, at);
}

/* What it holds is not read. */
static bool compresses(const struct peer *p)
{
	return p->fault >= PEER_COMPRESSED && p->fault <= PEER_COMPRESSED_WRONG;
}

static void put_certificate(const struct peer *p, struct strbuf *m)
{
	size_t list, entry;
	mbedtls_x509_crt crt;

	mbedtls_x509_crt_init(&crt);
	assert_int_equal(mbedtls_x509_crt_parse_file(&crt, certificate), 0);
	put_u8(m, 0);
	list = put_begin(m, 3);
	if (p->fault != PEER_EMPTY_CERTIFICATE) {
		entry = put_begin(m, 3);
		put_bytes(m, bytes_of(crt.raw.p, crt.raw.len));
		put_end(m, entry, 3);
		put_u16(m, 0);
	}
	put_end(m, list, 3);
	mbedtls_x509_crt_free(&crt);
}

/* RFC 8879 4. */
static void say_compressed(struct peer *p)
{
	struct strbuf m = { .text = NULL }, plain = { .text = NULL };
	size_t at = begin(&m, HS_COMPRESSED_CERTIFICATE), data;
	uint8_t packed[2048];
	uLongf len = sizeof packed;

	put_certificate(p, &plain);
	assert_int_equal(compress(packed, &len, (const Bytef *)plain.text, plain.len), Z_OK);
	put_u16(&m, p->fault == PEER_COMPRESSED_OTHERWISE ? 9 : 1);
	put_u8(&m, 0);
	put_u16(&m, (uint16_t)(plain.len + (p->fault == PEER_COMPRESSED_WRONG)));
	data = put_begin(&m, 3);
	put_bytes(&m, bytes_of(packed, len));
	put_end(&m, data, 3);
	say_message(p, &m, at);
	strbuf_free(&plain);
}

static void say_certificate(struct peer *p)
{
	struct strbuf m = { .text = NULL };
	size_t at = begin(&m, HS_CERTIFICATE);

	put_certificate(p, &m);
	say_message(p, &m, at);
}

static void read_key(mbedtls_pk_context *pk)
{
	static unsigned char text[4096];
	FILE *f = fopen(key, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	(void)fclose(f);
	text[n] = '\0';
	assert_int_equal(compat_pk_parse_key(pk, text, n + 1, NULL, 0), 0);
}

static void sign(struct peer *p, struct strbuf *m)
{
	static const char words[] = "TLS 1.3, server CertificateVerify";
	struct digest transcript = hash(p), d;
	uint8_t spaces[64], out[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
	struct bytes parts[] = { bytes_of(spaces, sizeof spaces), bytes_of(words, sizeof words),
		bytes_of(transcript.data, transcript.len) };
	mbedtls_pk_context pk;
	size_t n = 0, at;

	memset(spaces, ' ', sizeof spaces);
	transcript.data[0] ^= p->fault == PEER_SIGNATURE;
	assert_true(crypto_hash(HASH_SHA256, parts, 3, &d));
	mbedtls_pk_init(&pk);
	read_key(&pk);
	assert_int_equal(
		compat_pk_sign(&pk, false, MBEDTLS_MD_SHA256, d.data, d.len, out, sizeof out, &n),
		0);
	mbedtls_pk_free(&pk);
	put_u16(m, p->fault == PEER_SCHEME ? 0x0401 : 0x0403);
	at = put_begin(m, 2);
	put_bytes(m, bytes_of(out, n));
	put_end(m, at, 2);
}

static void say_verify(struct peer *p)
{
	struct strbuf m = { .text = NULL };
	size_t at = begin(&m, HS_CERTIFICATE_VERIFY);

	sign(p, &m);
	say_message(p, &m, at);
}

static void say_finished(struct peer *p)
{
	struct strbuf m = { .text = NULL };
	size_t at = begin(&m, HS_FINISHED);
	struct digest transcript = hash(p), due;

	assert_true(schedule_finished(&p->schedule, &p->traffic[1], &transcript, &due));
	due.data[0] ^= p->fault == PEER_FINISHED;
	put_bytes(&m, bytes_of(due.data, due.len));
	say_message(p, &m, at);
}

/* After that the client's keys are others: those of data, which this server does not need. */
static void say_late_alert(struct peer *p)
{
	static const uint8_t alert[] = { 2, 42 };
	struct key_secret master, application;
	struct digest flight = hash(p);

	assert_true(schedule_step(&p->schedule, &p->handshake, bytes_of(NULL, 0), &master));
	assert_true(schedule_derive(&p->schedule, &master, "s ap traffic", &flight, &application));
	record_keys_close(p->writes);
	p->writes = record_keys_seal13(&p->protection, &p->schedule, &application, TLS13);
	assert_non_null(p->writes);
	say_record(p, CONTENT_ALERT, bytes_of(alert, 2));
}

static void say_flight(struct peer *p)
{
	static const uint8_t zero = 0;

	if (p->fault == PEER_EMPTY_RECORD)
		say_record(p, CONTENT_HANDSHAKE, bytes_of(NULL, 0));
	if (p->fault == PEER_BARE_RECORD)
		say_record(p, 0, bytes_of(&zero, 1));
	if (p->fault == PEER_DATA_EARLY)
		say_record(p, CONTENT_APPLICATION_DATA, bytes_of("early", 5));
	say_extensions(p);
	if (p->fault == PEER_ASKS || p->fault == PEER_ASKS_WITHOUT_SCHEMES)
		say_request(p);
	if (compresses(p))
		say_compressed(p);
	else if (p->fault != PEER_NO_CERTIFICATE)
		say_certificate(p);
	if (p->fault != PEER_NO_VERIFY)
		say_verify(p);
	say_finished(p);
	if (p->fault == PEER_ALERTS_LATE)
		say_late_alert(p);
}

/* ---- what the talk says ---- */

static void take_hello(struct peer *p, struct bytes message)
{
	static const uint8_t alert[] = { 2, 40 };
	struct parse_err err;
	struct cur body = cur_init(bytes_slice(message, HANDSHAKE_HEADER, SIZE_MAX), &err);
	const struct key_share *share = &p->hello.ext.shares[0];

	assert_true(parse_client_hello(&body, &p->hello));
	assert_int_equal(p->hello.session_id.len, sizeof p->session_id);
	assert_int_equal(p->hello.ext.n_shares, 1);
	assert_true(share->key.len <= sizeof p->share);
	memcpy(p->session_id, p->hello.session_id.data, sizeof p->session_id);
	memcpy(p->share, share->key.data, share->key.len);
	p->share_len = share->key.len;
	p->share_group = share->group;
	p->out.hellos++;
	if (p->fault == PEER_ALERTS) {
		say_record(p, CONTENT_ALERT, bytes_of(alert, 2));
	} else if (p->fault == PEER_NO_TLS) {
		say_bytes(p, bytes_of("HTTP/1.1 400 Bad Request\r\n", 26));
	} else if (wants_retry(p) && (p->out.hellos == 1 || p->fault == PEER_RETRIES_TWICE)) {
		say_retry(p);
	} else {
		agree(p);
		say_flight(p);
	}
}

static void take_message(struct peer *p, struct bytes message)
{
	struct digest transcript = hash(p), due;
	bool finished = message.data[0] == HS_FINISHED;

	if (finished) {
		assert_true(schedule_finished(&p->schedule, &p->traffic[0], &transcript, &due));
		p->out.client_finished =
			bytes_equal(bytes_slice(message, HANDSHAKE_HEADER, SIZE_MAX),
				bytes_of(due.data, due.len));
	}
	p->out.client_certificate |= message.data[0] == HS_CERTIFICATE;
	p->out.client_verify |= message.data[0] == HS_CERTIFICATE_VERIFY;
	put_bytes(&p->transcript, message);
	if (message.data[0] == HS_CLIENT_HELLO)
		take_hello(p, message);
}

static void take_record(struct peer *p, const struct sealed_record *r)
{
	static uint8_t room[OPENED_MAX];
	struct opened_record o = { r->type, r->fragment };

	if (r->type == CONTENT_APPLICATION_DATA && p->reads != NULL &&
		record_keys_open(p->reads, r, room, &o) != RECORD_OPENS)
		return; /* of the keys that come after */
	if (o.type == CONTENT_HANDSHAKE) {
		assert_true(o.content.len >= HANDSHAKE_HEADER);
		take_message(p, o.content); /* each of the talk's messages is a record */
	}
}

/* Takes what the talk has to say; false: nothing. */
static bool listen(struct peer *p)
{
	size_t at = 0;

	strbuf_clear(&p->in);
	put_bytes(&p->in, talk_out(p->talk));
	talk_sent(p->talk);
	while (p->in.len - at >= RECORD_HEADER) {
		struct bytes left = bytes_slice(put_text(&p->in), at, SIZE_MAX);
		struct record_header h;

		assert_true(record_parse_header(left, &h));
		assert_true(left.len >= RECORD_HEADER + (size_t)h.length);
		at += RECORD_HEADER + (size_t)h.length;
		take_record(p, &(struct sealed_record){ h.type, h.version,
				       bytes_slice(left, RECORD_HEADER, h.length) });
	}
	assert_int_equal(at, p->in.len);
	return at != 0;
}

static struct peer_outcome meet(struct peer p, const struct talk_options *o)
{
	static const uint8_t algorithms[] = { 2, 0, 1 };
	static struct offer offer;
	const enum peer_fault fault = p.fault;
	struct talk_options options = *o;

	offer_all(&offer, TLS13, TLS13);
	offer.n_shares = 1;
	if (fault > PEER_COMPRESSED && fault <= PEER_COMPRESSED_WRONG) {
		offer_list_add(&offer.extensions, EXT_COMPRESS_CERTIFICATE);
		offer.body[offer.n_bodies++] = (struct offer_body){ EXT_COMPRESS_CERTIFICATE,
			bytes_of(algorithms, sizeof algorithms) };
	}
	options.offer = &offer;
	p.talk = talk_open(&options);
	assert_non_null(p.talk);
	for (size_t i = 0; i < ROUNDS && listen(&p); i++)
		;
	p.out.view = talk_view(p.talk);
	p.out.view.chain = NULL;
	talk_close(p.talk);
	exchange_close(p.own);
	record_keys_close(p.reads);
	record_keys_close(p.writes);
	strbuf_free(&p.transcript);
	strbuf_free(&p.in);
	return p.out;
}

struct peer_outcome peer_meet(enum peer_fault fault, size_t piece, const struct talk_options *o)
{
	return meet((struct peer){ .fault = fault, .piece = piece }, o);
}

struct peer_outcome peer_meet_changed(
	enum peer_fault fault, struct bytes changes, const struct talk_options *o)
{
	return meet((struct peer){ .fault = fault, .piece = SIZE_MAX, .changes = changes }, o);
}
