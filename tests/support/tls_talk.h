/*
 * TLS connections written down as words, for the session: "c:CH s:SH s:SHD c:alert40 c:fin".
 * Each word is one record in one segment; a `+` joins messages in one record ("s:SH+CERT+SHD").
 *
 *   CH CHT CHS CH13 CH0  ClientHello: plain, with a ticket, with a session id, of TLS 1.3, with early data
 *   SH SHN SHR SH13 HRR  ServerHello: ECDHE-RSA with a new session id, RSA, one that resumes
 *                        (echoes the session id), of TLS 1.3; HelloRetryRequest
 *   SHP                  ServerHello of TLS 1.3 that takes the pre-shared key
 *   SHNX                 ServerHello: RSA, with extended_master_secret
 *   CERT NOCERT SKE CR SHD NST HREQ CKE CV FINISHED   messages in the clear
 *   SH=c02b              ServerHello of up to TLS 1.2 with that suite
 *   SKD CKD CKR PSK CKP  key exchanges of DHE, by RSA, and with a pre-shared key
 *   CC CCX CCL CCT CCU CCH  a CompressedCertificate; see compressed_certificate()
 *   EE EE0 CERT13 FINISHED13  messages of TLS 1.3: early data is accepted, the Certificate empty
 *   CCS                  ChangeCipherSpec
 *   e22 e23 e21          protected records of handshake, data and alert
 *   f13 a13 d13          TLS 1.3: records of a Finished's, an alert's and a big one's size
 *   alertN warnN         alert in the clear, fatal or warning
 *   fin rst              the side closes
 *   ack                  the side acknowledges all that the other has sent; from then on what it
 *                        closes or says by alert carries no more than its last "ack"
 *   unseen               nothing of that side is in the capture, not even its first packet
 *   midway               first word: the capture begins inside the connection
 *   gapN lost            N bytes, or an unknown number, are missing from the capture
 *   waitN msN            N seconds, or thousandths, pass (with either side before it)
 *   refused unanswered unreachable   what came of the SYN
 *   r23.800              a protected record of that type and length
 *   noise800             so many bytes that are nothing
 *   x16030300            these bytes, in hexadecimal
 *   'EHLO_you            this text and the end of its line; _ is a blank
 *   again late           of its segments one was sent again: at once, or with a pause before
 *   sentN                it has sent N bytes, wherever they went
 * Messages may end with %N: they stand in records of N bytes each, or with @N: only the first N bytes
 * of their record are sent.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_TLS_TALK_H
#define TLSDIAG_TESTS_SUPPORT_TLS_TALK_H

#include "session/handshake.h"
#include "session/session.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { TALK_HANDSHAKES = 64, TALK_BYTES = 70000 };

struct wire {
	uint8_t b[TALK_BYTES];
	size_t n;
};

struct tls_talk {
	struct cert_store *store;
	struct session *session;
	struct sink sink;
	struct flow flow;
	uint64_t packet;
	int64_t time;
	size_t segment;          /* most bytes of a segment; 0: no limit */
	size_t keep, lose;       /* of what is sent next: so many bytes, then as many are missing */
	bool unplaced;           /* and the capture does not tell how many */
	size_t flip_at;          /* of what is sent next, this byte is another one: */
	uint8_t flip;            /* these bits of it; 0: none is */
	enum sink_answer answer; /* the last */
	struct handshake *hs[TALK_HANDSHAKES];
	size_t n;
};

/* ---- bytes ---- */

/* Empty; what is to be free()d is not cleared first. */
static inline struct wire *wire_new(void)
{
	struct wire *w = malloc(sizeof *w);

	assert_non_null(w);
	w->n = 0;
	return w;
}

static inline void put(struct wire *w, const void *data, size_t n)
{
	assert_true(w->n + n <= sizeof w->b);
	if (n != 0)
		memcpy(w->b + w->n, data, n);
	w->n += n;
}

static inline void put_uint(struct wire *w, size_t value, size_t width)
{
	for (size_t i = width; i-- > 0;) {
		uint8_t byte = (uint8_t)(value >> 8 * i);

		put(w, &byte, 1);
	}
}

static inline void put_fill(struct wire *w, uint8_t byte, size_t n)
{
	while (n-- > 0)
		put(w, &byte, 1);
}

/* Bytes that differ, as random ones do: a small generator with a seed. */
static inline void put_noise(struct wire *w, uint32_t seed, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t byte;

		seed = seed * 1664525u + 1013904223u;
		byte = (uint8_t)(seed >> 24);
		put(w, &byte, 1);
	}
}

static inline void put_vec(struct wire *w, const struct wire *body, size_t width)
{
	put_uint(w, body->n, width);
	put(w, body->b, body->n);
}

static inline void put_extension(struct wire *w, uint16_t type, const void *body, size_t n)
{
	put_uint(w, type, 2);
	put_uint(w, n, 2);
	put(w, body, n);
}

/* ---- messages ---- */

static const uint8_t talk_point[65] = { 4, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8,
	0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0,
	0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f,
	0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
	0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5 };

static const uint8_t talk_retry_random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
	0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

static const uint8_t talk_cert[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };

/* RFC 8446 4.2.11: an identity with its age, and its binder. */
static inline void put_early_data(struct wire *ext)
{
	struct wire *psk = wire_new();

	put_extension(ext, EXT_EARLY_DATA, NULL, 0);
	put_uint(psk, 2 + 16 + 4, 2);
	put_uint(psk, 16, 2);
	put_noise(psk, 17, 16 + 4);
	put_uint(psk, 1 + 32, 2);
	put_uint(psk, 32, 1);
	put_noise(psk, 18, 32);
	put_extension(ext, EXT_PRE_SHARED_KEY, psk->b, psk->n);
	free(psk);
}

static inline void client_hello(
	struct wire *w, bool ticket, bool session_id, bool tls13, bool early)
{
	static const uint8_t sni[] = "\0\016\0\0\013dev.example";
	static const uint8_t groups[] = { 0, 2, 0, 0x17 }, versions[] = { 4, 3, 4, 3, 3 };
	static const uint8_t schemes[] = { 0, 4, 4, 3, 4, 1 };
	struct wire *ext = wire_new(), *share = wire_new();

	put_uint(w, 0x0303, 2);
	put_noise(w, 1, 32);
	put_uint(w, session_id || tls13 ? 32 : 0, 1);
	put_noise(w, 7, session_id || tls13 ? 32 : 0);
	put_uint(w, 6, 2);
	put_uint(w, 0x1301c02f, 4);
	put_uint(w, 0x002f, 2);
	put_uint(w, 0x0100, 2);
	put_extension(ext, EXT_SERVER_NAME, sni, sizeof sni - 1);
	put_extension(ext, EXT_SUPPORTED_GROUPS, groups, sizeof groups);
	put_extension(ext, EXT_SIGNATURE_ALGORITHMS, schemes, sizeof schemes);
	if (ticket)
		put_extension(ext, EXT_SESSION_TICKET, talk_point, sizeof talk_point);
	if (tls13) {
		put_extension(ext, EXT_SUPPORTED_VERSIONS, versions, sizeof versions);
		put_uint(share, sizeof talk_point + 4, 2);
		put_uint(share, 0x0017, 2);
		put_uint(share, sizeof talk_point, 2);
		put(share, talk_point, sizeof talk_point);
		put_extension(ext, EXT_KEY_SHARE, share->b, share->n);
	}
	if (early)
		put_early_data(ext);
	put_vec(w, ext, 2);
	free(share);
	free(ext);
}

/* RFC 7627: the master secret is made of all that was said. */
static inline void put_extended_master_secret(struct wire *w)
{
	struct wire *ext = wire_new();

	put_extension(ext, EXT_EXTENDED_MASTER_SECRET, NULL, 0);
	put_vec(w, ext, 2);
	free(ext);
}

static inline void server_hello(struct wire *w, uint16_t suite, bool resumes, bool retry, bool psk)
{
	static const uint8_t version[] = { 3, 4 }, identity[] = { 0, 0 };
	bool tls13 = suite == 0x1301;
	struct wire *ext = wire_new(), *share = wire_new();

	put_uint(w, 0x0303, 2);
	if (retry)
		put(w, talk_retry_random, 32);
	else
		put_noise(w, 99, 32);
	put_uint(w, 32, 1);
	put_noise(w, resumes || tls13 ? 7 : 8, 32);
	put_uint(w, suite, 2);
	put_uint(w, 0, 1);
	if (tls13) {
		put_extension(ext, EXT_SUPPORTED_VERSIONS, version, sizeof version);
		put_uint(share, 0x0017, 2);
		if (!retry) {
			put_uint(share, sizeof talk_point, 2);
			put(share, talk_point, sizeof talk_point);
		}
		put_extension(ext, EXT_KEY_SHARE, share->b, share->n);
		if (psk)
			put_extension(ext, EXT_PRE_SHARED_KEY, identity, sizeof identity);
		put_vec(w, ext, 2);
	}
	free(share);
	free(ext);
}

static inline void certificate_of(struct wire *w, const uint8_t *der, size_t n)
{
	put_uint(w, n + 3, 3);
	put_uint(w, n, 3);
	put(w, der, n);
}

/* RFC 1950 of one stored block. */
static inline void put_zlib(struct wire *w, const uint8_t *data, size_t n)
{
	uint32_t a = 1, b = 0;

	put_uint(w, 0x7801, 2);
	put_uint(w, 1, 1);
	put_uint(w, (n & 0xff) << 8 | n >> 8, 2);
	put_uint(w, (~n & 0xff) << 8 | (~n >> 8 & 0xff), 2);
	put(w, data, n);
	for (size_t i = 0; i < n; i++) {
		a = (a + data[i]) % 65521;
		b = (b + a) % 65521;
	}
	put_uint(w, b << 16 | a, 4);
}

/* The Certificate of TLS 1.3 with talk_cert in it (RFC 8879 4), or what is wrong with that: X a sum, L its length, T bytes
 * behind it, U an algorithm that there is not, H a length that is not unpacked. */
static inline void compressed_certificate(struct wire *w, char wrong)
{
	struct wire *body = wire_new(), *packed = wire_new(), *entry = wire_new();

	put_uint(entry, sizeof talk_cert, 3);
	put(entry, talk_cert, sizeof talk_cert);
	put_uint(entry, 0, 2);
	put_uint(body, 0, 1);
	put_vec(body, entry, 3);
	put_zlib(packed, body->b, body->n);
	packed->b[packed->n - 1] ^= wrong == 'X';
	if (wrong == 'T')
		put_uint(packed, 0, 1);
	put_uint(w, wrong == 'U' ? 9 : 1, 2);
	put_uint(w, wrong == 'L' ? body->n + 1 : wrong == 'H' ? 0x800000 : body->n, 3);
	put_vec(w, packed, 3);
	free(entry);
	free(packed);
	free(body);
}

static inline void server_key_exchange(struct wire *w)
{
	put_uint(w, 3, 1);
	put_uint(w, 0x0017, 2);
	put_uint(w, sizeof talk_point, 1);
	put(w, talk_point, sizeof talk_point);
	put_uint(w, 0x0401, 2);
	put_uint(w, 256, 2);
	put_noise(w, 3, 256);
}

/* The body of the message that word names; its type, or -1. */
static inline int message_body(struct wire *w, const char *word)
{
	static const char *const hellos[] = { "CH", "CHT", "CHS", "CH13", "CH0" };

	for (size_t i = 0; i < 5; i++) {
		if (strcmp(word, hellos[i]) != 0)
			continue;
		client_hello(w, i == 1, i == 2, i >= 3, i == 4);
		return HS_CLIENT_HELLO;
	}
	if (strcmp(word, "SH") == 0)
		return server_hello(w, 0xc02f, false, false, false), HS_SERVER_HELLO;
	if (strcmp(word, "SHN") == 0)
		return server_hello(w, 0x002f, false, false, false), HS_SERVER_HELLO;
	if (strcmp(word, "SHNX") == 0)
		return server_hello(w, 0x002f, false, false, false), put_extended_master_secret(w),
		       HS_SERVER_HELLO;
	if (strcmp(word, "SHR") == 0)
		return server_hello(w, 0xc02f, true, false, false), HS_SERVER_HELLO;
	if (strcmp(word, "SH13") == 0)
		return server_hello(w, 0x1301, false, false, false), HS_SERVER_HELLO;
	if (strcmp(word, "SHP") == 0)
		return server_hello(w, 0x1301, false, false, true), HS_SERVER_HELLO;
	if (strcmp(word, "HRR") == 0)
		return server_hello(w, 0x1301, false, true, false), HS_SERVER_HELLO;
	if (strcmp(word, "CERT") == 0)
		return certificate_of(w, talk_cert, sizeof talk_cert), HS_CERTIFICATE;
	if (strcmp(word, "NOCERT") == 0)
		return put_uint(w, 0, 3), HS_CERTIFICATE;
	if (strcmp(word, "SKE") == 0)
		return server_key_exchange(w), HS_SERVER_KEY_EXCHANGE;
	if (strcmp(word, "CR") == 0)
		return put_uint(w, 0x0140, 2), put_uint(w, 0x00020401, 4), put_uint(w, 0, 2),
		       HS_CERTIFICATE_REQUEST;
	if (strcmp(word, "SHD") == 0)
		return HS_SERVER_HELLO_DONE;
	if (strcmp(word, "HREQ") == 0)
		return HS_HELLO_REQUEST;
	if (strcmp(word, "NST") == 0)
		return put_uint(w, 300, 4), put_uint(w, 48, 2), put_noise(w, 5, 48),
		       HS_NEW_SESSION_TICKET;
	if (strcmp(word, "CKE") == 0)
		return put_uint(w, sizeof talk_point, 1), put(w, talk_point, sizeof talk_point),
		       HS_CLIENT_KEY_EXCHANGE;
	if (strcmp(word, "SKD") == 0)
		return put_uint(w, 16, 2), put_noise(w, 9, 16), put_uint(w, 0x000102, 3),
		       put_uint(w, 16, 2), put_noise(w, 10, 16), put_uint(w, 0x0401, 2),
		       put_uint(w, 8, 2), put_noise(w, 3, 8), HS_SERVER_KEY_EXCHANGE;
	if (strcmp(word, "CKD") == 0)
		return put_uint(w, 16, 2), put_noise(w, 12, 16), HS_CLIENT_KEY_EXCHANGE;
	if (strcmp(word, "CKR") == 0)
		return put_uint(w, 64, 2), put_noise(w, 13, 64), HS_CLIENT_KEY_EXCHANGE;
	if (strcmp(word, "PSK") == 0)
		return put_uint(w, 4, 2), put(w, "hint", 4), HS_SERVER_KEY_EXCHANGE;
	if (strcmp(word, "CKP") == 0)
		return put_uint(w, 4, 2), put(w, "mine", 4), HS_CLIENT_KEY_EXCHANGE;
	if (strncmp(word, "SH=", 3) == 0)
		return server_hello(w, (uint16_t)strtoul(word + 3, NULL, 16), false, false, false),
		       HS_SERVER_HELLO;
	if (strcmp(word, "CV") == 0)
		return put_uint(w, 0x0401, 2), put_uint(w, 64, 2), put_noise(w, 6, 64),
		       HS_CERTIFICATE_VERIFY;
	if (strcmp(word, "FINISHED") == 0)
		return put_noise(w, 4, 12), HS_FINISHED;
	if (strcmp(word, "FINISHED13") == 0)
		return put_noise(w, 4, 32), HS_FINISHED;
	if (strcmp(word, "EE") == 0)
		return put_uint(w, 0, 2), HS_ENCRYPTED_EXTENSIONS;
	if (strcmp(word, "CC") == 0 ||
		(strncmp(word, "CC", 2) == 0 && strchr("XLTUH", word[2]) != NULL))
		return compressed_certificate(w, word[2]), HS_COMPRESSED_CERTIFICATE;
	if (strcmp(word, "EE0") == 0)
		return put_uint(w, 4, 2), put_extension(w, EXT_EARLY_DATA, NULL, 0),
		       HS_ENCRYPTED_EXTENSIONS;
	if (strcmp(word, "CERT13") == 0)
		return put_uint(w, 0, 1), put_uint(w, 0, 3), HS_CERTIFICATE;
	return -1;
}

/* Appends the message with its header; false when word names none. */
static inline bool put_message(struct wire *w, const char *word)
{
	struct wire *body = wire_new();
	int type = message_body(body, word);

	if (type >= 0) {
		put_uint(w, (size_t)type, 1);
		put_vec(w, body, 3);
	}
	free(body);
	return type >= 0;
}

static inline void put_record(struct wire *w, uint8_t type, const void *fragment, size_t n)
{
	put_uint(w, type, 1);
	put_uint(w, 0x0303, 2);
	put_uint(w, n, 2);
	put(w, fragment, n);
}

/* ---- the connection ---- */

static inline void talk_take(void *ctx, struct handshake *hs)
{
	struct tls_talk *t = ctx;

	assert_true(t->n < TALK_HANDSHAKES);
	t->hs[t->n++] = hs;
}

static inline void talk_connect_again(struct tls_talk *t)
{
	t->flow = (struct flow){ .id = 1,
		.end = { { .family = 4, .addr = { 192, 0, 2, 1 }, .port = 50000 },
			{ .family = 4, .addr = { 192, 0, 2, 2 }, .port = 443 } },
		.opener_known = true,
		.start_time = t->time,
		.last_time = t->time,
		.first_packet = t->packet + 1,
		.dir = { { .syn = true, .first_packet = t->packet + 1 },
			{ .syn = true, .first_packet = t->packet + 2 } } };
	t->packet += 3;
	t->answer = SINK_MORE;
}

static inline void tls_talk_open(struct tls_talk *t, const struct session_limits *limits)
{
	*t = (struct tls_talk){ .time = 1700000000 * (int64_t)1000000000 };
	t->store = cert_store_open(1 << 20);
	t->session = session_open(t->store, (struct handshake_sink){ talk_take, t }, limits);
	assert_non_null(t->session);
	t->sink = session_sink(t->session);
	talk_connect_again(t);
}

static inline void tls_talk_close(struct tls_talk *t)
{
	session_close(t->session);
	for (size_t i = 0; i < t->n; i++)
		handshake_free(t->hs[i]);
	cert_store_close(t->store);
}

static inline void talk_segments(struct tls_talk *t, unsigned dir, struct bytes b)
{
	while (b.len != 0 && t->answer == SINK_MORE) {
		struct bytes part = bytes_slice(b, 0, t->segment != 0 ? t->segment : b.len);
		/* a copy of its own, so that a sanitizer sees what is kept too long */
		uint8_t *copy = malloc(part.len);
		struct chunk k = { .flow = &t->flow, .kind = CHUNK_DATA, .dir = (uint8_t)dir };

		assert_non_null(copy);
		memcpy(copy, part.data, part.len);
		k.packet = ++t->packet;
		k.time = t->time += 1000000;
		k.bytes = bytes_of(copy, part.len);
		t->flow.last_time = t->time;
		t->flow.dir[dir].bytes += part.len;
		t->answer = t->sink.take(t->sink.ctx, &k);
		free(copy);
		b = bytes_slice(b, part.len, b.len);
	}
}

static inline void talk_gap(struct tls_talk *t, unsigned dir, uint64_t bytes, enum gap_reason why);

static inline void talk_flipped(struct tls_talk *t, unsigned dir, struct bytes b)
{
	uint8_t *copy = malloc(b.len);

	assert_non_null(copy);
	memcpy(copy, b.data, b.len);
	copy[t->flip_at % b.len] ^= t->flip;
	t->flip = 0;
	talk_segments(t, dir, bytes_of(copy, b.len));
	free(copy);
}

static inline void talk_send(struct tls_talk *t, unsigned dir, const void *data, size_t n)
{
	struct bytes b = bytes_of(data, n), before = bytes_slice(b, 0, t->keep);
	size_t after = t->lose < n - before.len ? before.len + t->lose : n;

	if (t->flip != 0 && n != 0) {
		talk_flipped(t, dir, b);
		return;
	}
	if (t->lose == 0) {
		talk_segments(t, dir, b);
		return;
	}
	talk_segments(t, dir, before);
	talk_gap(t, dir, t->unplaced ? GAP_UNKNOWN : after - before.len, GAP_LOST);
	talk_segments(t, dir, bytes_slice(b, after, n));
}

static inline void talk_text(struct tls_talk *t, unsigned dir, const char *text)
{
	talk_send(t, dir, text, strlen(text));
}

static inline void talk_gap(struct tls_talk *t, unsigned dir, uint64_t bytes, enum gap_reason why)
{
	struct chunk k = { .flow = &t->flow, .kind = CHUNK_GAP, .dir = (uint8_t)dir };

	k.packet = t->packet + 1;
	k.time = t->time;
	k.gap = bytes;
	k.reason = why;
	if (t->answer == SINK_MORE)
		t->answer = t->sink.take(t->sink.ctx, &k);
}

static inline void talk_end(struct tls_talk *t, enum flow_end ended)
{
	struct chunk k = { .flow = &t->flow, .kind = CHUNK_END, .ended = ended };

	k.packet = t->packet;
	k.time = t->time;
	(void)t->sink.take(t->sink.ctx, &k);
}

static inline void talk_record(struct tls_talk *t, unsigned dir, uint8_t type, size_t length)
{
	struct wire *w = wire_new(), *fragment = wire_new();

	put_noise(fragment, 11, length);
	put_record(w, type, fragment->b, length);
	talk_send(t, dir, w->b, w->n);
	free(fragment);
	free(w);
}

/* The number after that character, which ends the word; 0 when it is not there. */
static inline size_t number_at(char *word, char mark)
{
	char *at = strchr(word, mark);

	if (at == NULL)
		return 0;
	*at = '\0';
	return strtoul(at + 1, NULL, 10);
}

/* Several messages in one record, or in records of so many bytes. */
static inline void talk_messages(struct tls_talk *t, unsigned dir, char *words)
{
	struct wire *w = wire_new(), *fragment = wire_new();
	size_t only = number_at(words, '@'), each = number_at(words, '%');

	while (words != NULL) {
		char *plus = strchr(words, '+');

		if (plus != NULL)
			*plus++ = '\0';
		if (!put_message(fragment, words))
			fail_msg("no such word: %s", words);
		words = plus;
	}
	if (each == 0)
		each = fragment->n;
	for (size_t i = 0; i < fragment->n; i += each)
		put_record(w, CONTENT_HANDSHAKE, fragment->b + i,
			each < fragment->n - i ? each : fragment->n - i);
	if (only > w->n)
		put_fill(w, 0, only - w->n);
	talk_send(t, dir, w->b, only != 0 ? only : w->n);
	free(fragment);
	free(w);
}

static inline void talk_hex(struct tls_talk *t, unsigned dir, const char *hex)
{
	struct wire *w = wire_new();

	for (size_t i = 0; hex[i] != '\0' && hex[i + 1] != '\0'; i += 2) {
		const char two[3] = { hex[i], hex[i + 1], '\0' };

		put_uint(w, strtoul(two, NULL, 16), 1);
	}
	talk_send(t, dir, w->b, w->n);
	free(w);
}

static inline void talk_line(struct tls_talk *t, unsigned dir, char *line)
{
	struct wire *w = wire_new();

	for (char *c = line; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	put(w, line, strlen(line));
	put(w, "\r\n", 2);
	talk_send(t, dir, w->b, w->n);
	free(w);
}

static inline bool talk_protected(struct tls_talk *t, unsigned dir, const char *word)
{
	static const struct {
		const char *word;
		uint8_t type;
		size_t length;
	} records[] = { { "e22", 22, 40 }, { "e23", 23, 64 }, { "e21", 21, 26 }, { "f13", 23, 53 },
		{ "a13", 23, 19 }, { "d13", 23, 800 } };

	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		if (strcmp(word, records[i].word) != 0)
			continue;
		talk_record(t, dir, records[i].type, records[i].length);
		return true;
	}
	return false;
}

static inline void talk_closing(struct tls_talk *t, unsigned dir, bool rst)
{
	struct direction *d = &t->flow.dir[dir];

	t->time += 1000000;
	t->flow.last_time = t->time;
	t->packet++;
	if (rst) {
		d->rst = true;
		d->rst_packet = t->packet;
		d->rst_time = t->time;
		d->rst_acked = d->acked;
	} else {
		d->fin = true;
		d->fin_packet = t->packet;
		d->fin_time = t->time;
		d->fin_acked = d->acked;
	}
}

/* "alert40": the number after the word. */
static inline bool number_after(const char *word, const char *before, unsigned *number)
{
	size_t n = strlen(before);
	char *end;

	if (strncmp(word, before, n) != 0 || word[n] == '\0')
		return false;
	*number = (unsigned)strtoul(word + n, &end, 10);
	return *end == '\0';
}

static inline void talk_word(struct tls_talk *t, unsigned dir, char *word)
{
	unsigned number = 0;
	uint8_t two[2];
	uint8_t one = 1;
	struct wire *w = wire_new();

	if (talk_protected(t, dir, word)) {
	} else if (strcmp(word, "CCS") == 0) {
		put_record(w, CONTENT_CHANGE_CIPHER_SPEC, &one, 1);
		talk_send(t, dir, w->b, w->n);
	} else if (number_after(word, "alert", &number) || number_after(word, "warn", &number)) {
		two[0] = word[0] == 'a' ? 2 : 1;
		two[1] = (uint8_t)number;
		put_record(w, CONTENT_ALERT, two, 2);
		talk_send(t, dir, w->b, w->n);
	} else if (strcmp(word, "fin") == 0 || strcmp(word, "rst") == 0) {
		talk_closing(t, dir, word[0] == 'r');
	} else if (strcmp(word, "ack") == 0) {
		t->flow.dir[dir].acks = true;
		t->flow.dir[dir].acked = t->flow.dir[!dir].bytes;
	} else if (word[0] == 'r' && word[1] == '2') {
		talk_record(t, dir, (uint8_t)strtoul(word + 1, NULL, 10),
			strtoul(strchr(word, '.') + 1, NULL, 10));
	} else if (number_after(word, "noise", &number)) {
		put_noise(w, 77, number);
		talk_send(t, dir, w->b, w->n);
	} else if (word[0] == 'x') {
		talk_hex(t, dir, word + 1);
	} else if (word[0] == '\'') {
		talk_line(t, dir, word + 1);
	} else if (strcmp(word, "again") == 0 || strcmp(word, "late") == 0) {
		t->flow.dir[dir].retransmissions++;
		t->flow.dir[dir].retransmission_time =
			t->time + (word[0] == 'l' ? 300000000 : 100000000);
	} else if (number_after(word, "sent", &number)) {
		t->flow.dir[dir].sent_max = number;
	} else if (strcmp(word, "unseen") == 0) {
		t->flow.dir[dir].syn = false;
		t->flow.dir[dir].first_packet = 0;
	} else if (strcmp(word, "midway") == 0) {
		t->flow.opener_known = t->flow.dir[0].syn = t->flow.dir[1].syn = false;
		talk_gap(t, 0, GAP_UNKNOWN, GAP_MIDWAY);
		talk_gap(t, 1, GAP_UNKNOWN, GAP_MIDWAY);
	} else if (strcmp(word, "lost") == 0) {
		talk_gap(t, dir, GAP_UNKNOWN, GAP_LOST);
	} else if (number_after(word, "gap", &number)) {
		talk_gap(t, dir, number, GAP_LOST);
	} else if (number_after(word, "ms", &number)) {
		t->time += number * (int64_t)1000000;
	} else if (strcmp(word, "refused") == 0) {
		t->flow.refused = true;
	} else if (strcmp(word, "unanswered") == 0) {
		t->flow.unanswered = true;
	} else if (strcmp(word, "unreachable") == 0) {
		t->flow.unreachable = (struct unreachable){ .seen = true,
			.type = 3,
			.code = 1,
			.by = { .family = 4, .addr = { 192, 0, 2, 254 } },
			.packet = ++t->packet,
			.time = t->time += 1000000 };
	} else if (number_after(word, "wait", &number)) {
		t->time += number * (int64_t)1000000000;
	} else {
		talk_messages(t, dir, word);
	}
	free(w);
}

static inline void talk_say(struct tls_talk *t, const char *script)
{
	char *copy = strdup(script), *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		assert_true((word[0] == 'c' || word[0] == 's') && word[1] == ':');
		talk_word(t, word[0] == 's', word + 2);
	}
	free(copy);
}

/* The only handshake of a connection that goes as the script says and then ends. */
static inline struct handshake *talk_whole(struct tls_talk *t, const char *script)
{
	tls_talk_open(t, NULL);
	talk_say(t, script);
	talk_end(t, FLOW_CLOSED);
	assert_int_equal(t->n, 1);
	return t->hs[0];
}

/* ---- what came of it ---- */

static inline void event_word(const struct event *ev, char *out, size_t size)
{
	const char *title = name_handshake_title(ev->type);
	const char *mark = ev->unexpected ? "!" : ev->wrong.code == PARSE_CUT ? "~" : "";

	switch (ev->kind) {
	case EVENT_MESSAGE:
		(void)snprintf(out, size, "%s%s", title != NULL ? title : "?", mark);
		break;
	case EVENT_CHANGE_CIPHER_SPEC:
		(void)snprintf(out, size, "CCS%s", mark);
		break;
	case EVENT_ALERT:
		(void)snprintf(out, size, "alert%u", ev->alert.code);
		break;
	case EVENT_PROTECTED:
		(void)snprintf(out, size, "e%ux%u%s", ev->content_type, ev->n_records, mark);
		break;
	case EVENT_GAP:
		(void)snprintf(out, size, "gap");
		break;
	case EVENT_FIN:
		(void)snprintf(out, size, "fin");
		break;
	case EVENT_UNREACHABLE:
		(void)snprintf(out, size, "icmp");
		break;
	case EVENT_RST:
		(void)snprintf(out, size, "rst");
		break;
	case EVENT_PLAIN:
		(void)snprintf(out, size, "plain");
		break;
	case EVENT_SKIMMED:
		(void)snprintf(out, size, "skimmed");
		break;
	case EVENT_BROKEN:
		(void)snprintf(out, size, "broken%u", ev->content_type);
		break;
	case EVENT_EMPTY:
		(void)snprintf(out, size, "empty%ux%u", ev->content_type, ev->n_records);
		break;
	}
}

/* "c:ClientHello s:alert40 s:fin"; "!" out of turn, "~" cut by the capture. */
static inline void assert_ladder(const struct handshake *hs, const char *want)
{
	char text[4096] = "";
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];
		char word[64];

		event_word(ev, word, sizeof word);
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%c:%s", i != 0 ? " " : "",
			ev->from == SIDE_CLIENT ? 'c' : 's', word);
	}
	assert_string_equal(text, want);
}

#endif
