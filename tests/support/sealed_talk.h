/*
 * Connections of support/tls_talk.h in which records stand under keys that the session is given. Words besides:
 *
 *   c:keys:LETTERS   lines come into the key log: m master; h H a A traffic secrets of the client's and the server's
 *                    handshake and application, e of the client's early data; w: the next one is wrong
 *   c:k:CERT+CV      these messages in one record under the side's keys; kp:CERT in two
 *   kx14000000       a handshake record of these bytes
 *   kF               its Finished, and it is right
 *   ku               KeyUpdate
 *   ka:40 kw:0       an alert, fatal or warning
 *   kd kD kz kh      data, much of it, none, and a handshake record without a byte
 *   kc kC            ChangeCipherSpec under keys, whole and empty
 *   k-               a record of zeros, without a content type
 *   kb               a record with another last byte
 *   kn               a record that nobody has seen
 *   k0 kE kN         early data, its end, and the keys of the handshake without that
 *
 * Where keys are not agreed on yet these words say nothing.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_SEALED_TALK_H
#define TLSDIAG_TESTS_SUPPORT_SEALED_TALK_H

#include "base/array.h"
#include "base/strbuf.h"
#include "crypto/record_keys.h"
#include "keylog/keylog.h"
#include "session/transcript.h"
#include "support/tls_talk.h"

enum epoch_word { OF_HANDSHAKE, OF_APPLICATION };

struct sealed_talk {
	struct tls_talk t;
	struct keylog *log;
	struct wire said; /* all messages, for Finished */
	uint16_t suite;   /* 0: not agreed on */
	bool tls13, ccs[2];
	bool decrypted;        /* the secret that CKR sends */
	struct digest session; /* RFC 7627 4, up to CKR, after SHNX; else of no length */
	enum epoch_word epoch[2];
	struct record_keys *keys[2];
	struct key_secret secret[2]; /* of TLS 1.3, that the keys are made of */
};

/* ---- secrets ---- */

static const struct named_secret {
	char letter;
	const char *label;
	uint8_t byte;
	size_t len;
} secrets[] = {
	{ 'm', "CLIENT_RANDOM", 0x55, 48 },
	{ 'h', "CLIENT_HANDSHAKE_TRAFFIC_SECRET", 0x11, 32 },
	{ 'H', "SERVER_HANDSHAKE_TRAFFIC_SECRET", 0x22, 32 },
	{ 'a', "CLIENT_TRAFFIC_SECRET_0", 0x33, 32 },
	{ 'A', "SERVER_TRAFFIC_SECRET_0", 0x44, 32 },
	{ 'e', "CLIENT_EARLY_TRAFFIC_SECRET", 0x77, 32 },
};

static inline struct key_secret secret_of(char letter)
{
	struct key_secret s = { .len = 0 };

	for (size_t i = 0; i < COUNT(secrets); i++)
		if (secrets[i].letter == letter) {
			s.len = secrets[i].len;
			memset(s.data, secrets[i].byte, s.len);
		}
	return s;
}

static inline void add_hex(struct strbuf *b, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_printf(b, "%02x", data[i]);
}

static inline void give_keys(struct sealed_talk *k, const char *letters)
{
	struct wire *random = wire_new();
	struct strbuf text = { 0 };
	uint8_t flip = 0;

	put_noise(random, 1, 32);
	for (; *letters != '\0'; letters++) {
		struct key_secret s = secret_of(*letters);

		if (*letters == 'w')
			flip = 0x80;
		for (size_t i = 0; i < COUNT(secrets) && s.len != 0; i++) {
			if (secrets[i].letter != *letters)
				continue;
			s.data[0] ^= flip;
			flip = 0;
			strbuf_printf(&text, "%s ", secrets[i].label);
			add_hex(&text, random->b, 32);
			strbuf_puts(&text, " ");
			add_hex(&text, s.data, s.len);
			strbuf_puts(&text, "\n");
		}
	}
	keylog_take(k->log, bytes_of(strbuf_text(&text), text.len));
	strbuf_free(&text);
	free(random);
}

/* ---- keys to write with ---- */

static inline struct protection protection_now(const struct sealed_talk *k)
{
	const struct protection_terms terms = { .version = k->tls13 ? 0x0304 : 0x0303 };
	struct protection p;
	const char *why;

	assert_true(protection_of(suite_find(k->suite), terms, &p, &why));
	return p;
}

/* The server's key opens it: a premaster secret, of which the master secret is made. */
static inline bool talk_decrypt(void *ctx, struct bytes encrypted, struct key_secret *premaster)
{
	(void)ctx;
	premaster->len = 48;
	memset(premaster->data, 0x66, premaster->len);
	premaster->data[0] = premaster->data[1] = 3;
	return encrypted.len == 64;
}

static inline struct key_secret master_of(const struct sealed_talk *k)
{
	static const uint8_t encrypted[64];
	struct wire *random = malloc(2 * sizeof *random);
	struct key_secret premaster, master = secret_of('m');

	assert_non_null(random);
	if (k->decrypted && talk_decrypt(NULL, bytes_of(encrypted, 64), &premaster)) {
		random[0].n = random[1].n = 0;
		put_noise(&random[0], 1, 32);
		put_noise(&random[1], 99, 32);
		assert_true(prf_master(HASH_SHA256, key_secret_bytes(&premaster), random[0].b,
			random[1].b, k->session.len != 0 ? &k->session : NULL, &master));
	}
	free(random);
	return master;
}

static inline struct record_keys *make_keys(struct sealed_talk *k, unsigned dir)
{
	const struct schedule s = schedule_of(0x0304, HASH_SHA256);
	const struct protection p = protection_now(k);
	struct wire *random = calloc(2, sizeof *random);
	const struct key_secret master = master_of(k);
	struct record_keys *keys;

	put_noise(&random[0], 1, 32);
	put_noise(&random[1], 99, 32);
	keys = k->tls13 ? record_keys_seal13(&p, &s, &k->secret[dir], 0x0304)
			: record_keys_seal12(&p, HASH_SHA256, &master, random[0].b, random[1].b,
				  dir == 0, 0x0303);
	free(random);
	return keys;
}

static inline bool ready(struct sealed_talk *k, unsigned dir)
{
	if (k->suite == 0 || (!k->tls13 && !k->ccs[dir]))
		return false;
	if (k->keys[dir] != NULL)
		return true;
	if (k->secret[dir].len == 0)
		k->secret[dir] = secret_of(dir == 0 ? 'h' : 'H');
	k->keys[dir] = make_keys(k, dir);
	return k->keys[dir] != NULL;
}

static inline void new_keys(struct sealed_talk *k, unsigned dir)
{
	record_keys_close(k->keys[dir]);
	k->keys[dir] = make_keys(k, dir);
}

/* ---- records ---- */

static inline void seal(struct sealed_talk *k, unsigned dir, uint8_t type, const void *content,
	size_t n, uint8_t harm)
{
	static struct sealed_room room;
	struct wire *w = wire_new();

	assert_true(record_keys_seal(k->keys[dir], type, 0x0303, bytes_of(content, n), &room));
	room.data[room.len - 1] ^= harm;
	put_record(w, room.type, room.data, room.len);
	talk_send(&k->t, dir, w->b, w->n);
	free(w);
}

/* Adds the messages of M+M; false when one is none. */
static inline bool add_messages(struct wire *w, const char *words)
{
	char *copy = strdup(words), *rest = NULL;
	bool ok = true;

	for (char *word = strtok_r(copy, "+", &rest); word != NULL && ok;
		word = strtok_r(NULL, "+", &rest))
		ok = put_message(w, word);
	free(copy);
	return ok;
}

/* "kx": the bytes of a handshake record. */
static inline void seal_hex(struct sealed_talk *k, unsigned dir, const char *hex)
{
	struct wire *w = wire_new();

	for (size_t i = 0; hex[i] != '\0' && hex[i + 1] != '\0'; i += 2) {
		const char two[3] = { hex[i], hex[i + 1], '\0' };

		put_uint(w, strtoul(two, NULL, 16), 1);
	}
	put(&k->said, w->b, w->n);
	seal(k, dir, CONTENT_HANDSHAKE, w->b, w->n, 0);
	free(w);
}

static inline void after_finished(struct sealed_talk *k, unsigned dir)
{
	if (!k->tls13 || k->epoch[dir] == OF_APPLICATION)
		return;
	k->epoch[dir] = OF_APPLICATION;
	k->secret[dir] = secret_of(dir == 0 ? 'a' : 'A');
	new_keys(k, dir);
}

static inline void seal_messages(
	struct sealed_talk *k, unsigned dir, const char *words, bool in_two)
{
	struct wire *w = wire_new();
	size_t first;

	assert_true(add_messages(w, words));
	first = in_two ? w->n / 2 : w->n;
	put(&k->said, w->b, w->n);
	seal(k, dir, CONTENT_HANDSHAKE, w->b, first, 0);
	if (in_two)
		seal(k, dir, CONTENT_HANDSHAKE, w->b + first, w->n - first, 0);
	if (strstr(words, "FINISHED") != NULL)
		after_finished(k, dir);
	free(w);
}

static inline void seal_finished(struct sealed_talk *k, unsigned dir)
{
	const struct schedule s = schedule_of(0x0304, HASH_SHA256);
	const struct key_secret master = master_of(k);
	const struct bytes said = bytes_of(k->said.b, k->said.n);
	struct wire *w = wire_new();
	struct digest so_far, data = { .len = VERIFY_DATA12 };

	assert_true(crypto_hash(HASH_SHA256, &said, 1, &so_far));
	if (k->tls13)
		assert_true(schedule_finished(&s, &k->secret[dir], &so_far, &data));
	else
		assert_true(prf_verify_data(HASH_SHA256, &master, dir == 0, &so_far, data.data));
	put_uint(w, HS_FINISHED, 1);
	put_uint(w, data.len, 3);
	put(w, data.data, data.len);
	put(&k->said, w->b, w->n);
	seal(k, dir, CONTENT_HANDSHAKE, w->b, w->n, 0);
	after_finished(k, dir);
	free(w);
}

static inline void seal_update(struct sealed_talk *k, unsigned dir)
{
	static const uint8_t update[] = { HS_KEY_UPDATE, 0, 0, 1, 0 };
	const struct schedule s = schedule_of(0x0304, HASH_SHA256);

	seal(k, dir, CONTENT_HANDSHAKE, update, sizeof update, 0);
	if (!k->tls13)
		return;
	assert_true(schedule_update(&s, &k->secret[dir]));
	new_keys(k, dir);
}

static inline void seal_alert(struct sealed_talk *k, unsigned dir, uint8_t level, const char *code)
{
	const uint8_t alert[] = { level, (uint8_t)strtoul(code, NULL, 10) };

	seal(k, dir, CONTENT_ALERT, alert, sizeof alert, 0);
}

/* Under the suite of the key that was shared before: the server has not chosen one yet. */
static inline void seal_early(struct sealed_talk *k, unsigned dir, char word)
{
	static const uint8_t data[20], over[] = { HS_END_OF_EARLY_DATA, 0, 0, 0 };

	if (k->keys[dir] == NULL) {
		k->suite = 0x1301;
		k->tls13 = true;
		k->secret[dir] = secret_of('e');
		k->keys[dir] = make_keys(k, dir);
	}
	if (word == '0') {
		seal(k, dir, CONTENT_APPLICATION_DATA, data, sizeof data, 0);
		return;
	}
	if (word == 'E') {
		put(&k->said, over, sizeof over);
		seal(k, dir, CONTENT_HANDSHAKE, over, sizeof over, 0);
	}
	k->secret[dir] = secret_of('h');
	new_keys(k, dir);
}

static inline void seal_word(struct sealed_talk *k, unsigned dir, const char *word)
{
	static const uint8_t zeros[400], one = 1;

	if (strchr("0EN", word[0]) != NULL) {
		seal_early(k, dir, word[0]);
		return;
	}
	if (!ready(k, dir))
		return;
	switch (word[0]) {
	case ':':
		seal_messages(k, dir, word + 1, false);
		break;
	case 'x':
		seal_hex(k, dir, word + 1);
		break;
	case 'p':
		seal_messages(k, dir, word + 2, true);
		break;
	case 'F':
		seal_finished(k, dir);
		break;
	case 'u':
		seal_update(k, dir);
		break;
	case 'a':
	case 'w':
		seal_alert(k, dir, word[0] == 'a' ? 2 : 1, word + 2);
		break;
	case 'd':
	case 'D':
	case 'z':
		seal(k, dir, CONTENT_APPLICATION_DATA, zeros,
			word[0] == 'd'   ? 20
			: word[0] == 'D' ? sizeof zeros
					 : 0,
			0);
		break;
	case 'h':
		seal(k, dir, CONTENT_HANDSHAKE, zeros, 0, 0);
		break;
	case 'c':
	case 'C':
		seal(k, dir, CONTENT_CHANGE_CIPHER_SPEC, &one, word[0] == 'c', 0);
		break;
	case 'b':
		seal(k, dir, CONTENT_APPLICATION_DATA, zeros, 20, 1);
		break;
	case '-':
		seal(k, dir, 0, zeros, 3, 0);
		break;
	case 'n':
		(void)record_keys_skip(k->keys[dir], 1);
		break;
	default:
		fail_msg("no such word: k%s", word);
	}
}

/* ---- words ---- */

static inline void note_session(struct sealed_talk *k, const char *word)
{
	const struct bytes said = bytes_of(k->said.b, k->said.n);

	if (strcmp(word, "SHNX") == 0)
		k->session.len = 1; /* to come */
	else if (strcmp(word, "CKR") == 0 && k->session.len != 0)
		assert_true(crypto_hash(HASH_SHA256, &said, 1, &k->session));
}

/* What the words of a hello agree on. */
static inline void note_clear(struct sealed_talk *k, unsigned dir, const char *word)
{
	struct wire *w = wire_new();

	if (strcspn(word, "%@") == strlen(word) && add_messages(w, word))
		put(&k->said, w->b, w->n);
	free(w);
	note_session(k, word);
	if (strcmp(word, "CCS") == 0)
		k->ccs[dir] = true;
	if (dir == 0 || k->suite != 0 || word[0] != 'S' || word[1] != 'H' || word[2] == 'D')
		return;
	k->tls13 = strncmp(word, "SH13", 4) == 0 || strncmp(word, "SHP", 3) == 0;
	k->suite = k->tls13 ? 0x1301 : word[2] == 'N' ? 0x002f : 0xc02f;
	if (word[2] == '=')
		k->suite = (uint16_t)strtoul(word + 3, NULL, 16);
}

static inline void say_word(struct sealed_talk *k, const char *word)
{
	unsigned dir = word[0] == 's';
	char *copy = strdup(word + 2);

	if (strncmp(copy, "keys:", 5) == 0) {
		give_keys(k, copy + 5);
	} else if (copy[0] == 'k') {
		seal_word(k, dir, copy + 1);
	} else {
		note_clear(k, dir, copy);
		talk_word(&k->t, dir, copy);
	}
	free(copy);
}

#endif
