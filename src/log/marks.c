/*
 * Four bytes in a row of a line, folded, are looked up in a set of bits: few are the beginning of a word, and
 * only there the words are compared.
 */
#include "log/marks.h"

#include "base/array.h"

enum { FIRST = 4, HASH_BITS = 16 };

struct mark_row {
	const char *word; /* in lower case, FIRST bytes at least */
	enum mark mark;
};

static const struct mark_row rows[] = {
	{ "master secret", MARK_SECRET },
	{ "master-key", MARK_SECRET },
	{ "master key", MARK_SECRET },
	{ "premaster", MARK_SECRET },
	{ "pre-master", MARK_SECRET },
	{ "pre master", MARK_SECRET },
	{ "traffic secret", MARK_SECRET },
	{ "traffic_secret", MARK_SECRET },
	{ "handshake secret", MARK_SECRET },
	{ "early secret", MARK_SECRET },
	{ "exporter secret", MARK_SECRET },
	{ "exporter_secret", MARK_SECRET },
	{ "early_secret", MARK_SECRET },
	{ "handshake_secret", MARK_SECRET },
	{ "key_schedule_stage", MARK_SECRET },
	{ "write key", MARK_SECRET },
	{ "write_key", MARK_SECRET },
	{ "key block", MARK_SECRET },
	{ "key_block", MARK_SECRET },
	{ "keyblk", MARK_SECRET },
	{ "finished_key", MARK_SECRET },
	{ "finished key", MARK_SECRET },
	{ "binder key", MARK_SECRET },
	{ "binder_key", MARK_SECRET },
	{ "resumption psk", MARK_SECRET },
	{ "resumption_psk", MARK_SECRET },
	{ "resumption secret", MARK_SECRET },
	{ "resumption_master", MARK_SECRET },
	{ "shared secret", MARK_SECRET },
	{ "'ecdh: z", MARK_SECRET },
	{ "'dhm: k", MARK_SECRET },
	{ "'dhm: x", MARK_SECRET },
	{ "ecdh shared", MARK_SECRET },
	{ "dhe shared", MARK_SECRET },
	{ "mac key", MARK_SECRET },
	{ "mac_key", MARK_SECRET },
	{ "mac secret", MARK_SECRET },
	{ "'pms'", MARK_SECRET },
	{ "write secret", MARK_SECRET },
	{ "'psk'", MARK_SECRET },
	{ "keying material", MARK_SECRET },
	{ "session ticket:", MARK_SECRET },
	{ "psk=", MARK_VALUE },
	{ "psk =", MARK_VALUE },
	{ "psk:", MARK_VALUE },
	{ "--psk ", MARK_VALUE },
	{ "-psk ", MARK_VALUE },
	{ "pskkey ", MARK_VALUE },
	{ "pskkey=", MARK_VALUE },
	{ "psk_key=", MARK_VALUE },
	{ "psk_key =", MARK_VALUE },
	{ "password=", MARK_VALUE },
	{ "password =", MARK_VALUE },
	{ "password:", MARK_VALUE },
	{ "password\": \"", MARK_VALUE },
	{ "passwd=", MARK_VALUE },
	{ "passphrase=", MARK_VALUE },
	{ "--password ", MARK_VALUE },
	{ "--pass ", MARK_VALUE },
	{ "-pass pass:", MARK_VALUE },
	{ "pwd=", MARK_VALUE },
	{ "token=", MARK_VALUE },
	{ "token\": \"", MARK_VALUE },
	{ "api_key=", MARK_VALUE },
	{ "apikey=", MARK_VALUE },
	{ "bearer ", MARK_VALUE },
	{ "input payload after decrypt", MARK_PAYLOAD },
	{ "before encrypt: output payload", MARK_PAYLOAD },
	{ "raw buffer after decryption", MARK_PAYLOAD },
	{ "output payload", MARK_PAYLOAD },
	{ "input payload", MARK_PAYLOAD },
	{ "application data", MARK_PAYLOAD },
	{ "plaintext before encryption", MARK_PAYLOAD },
	{ "plaintext after decryption", MARK_PAYLOAD },
	{ "=> send data", MARK_DATA },
	{ "<= recv data", MARK_DATA },
	{ "=> send header", MARK_DATA },
	{ "<= recv header", MARK_DATA },
	{ "authorization:", MARK_HEADER },
	{ "cookie:", MARK_HEADER },
	{ "set-cookie:", MARK_HEADER },
	{ "x-api-key:", MARK_HEADER },
	{ "x-auth-token:", MARK_HEADER },
	{ "private key-----", MARK_PRIVATE_KEY },
	{ "=> handshake", MARK_BEGINS },
	{ "produced clienthello", MARK_BEGINS }, /* Java */
	{ "consuming clienthello", MARK_BEGINS },
	{ "<= handshake", MARK_OVER },
	{ "handshake is over", MARK_OVER },
	{ "finished handshake message", MARK_FINISHED },
	{ "dumping '", MARK_DUMP },
	{ "value of '", MARK_DUMP },
	{ "session hash", MARK_PUBLIC },
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

_Static_assert(COUNT(rows) <= MARK_WORDS_MAX, "there is room for the words");

/* Of both cases of a letter the same. */
static uint32_t first_of(const uint8_t *p)
{
	uint32_t four;

	memcpy(&four, p, sizeof four);
	return four | 0x20202020u;
}

static unsigned hash_of(uint32_t first)
{
	return first * 0x9e3779b1u >> (32 - HASH_BITS);
}

static void build(struct marks *m)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t first = first_of((const uint8_t *)rows[i].word);
		unsigned h = hash_of(first);

		m->first[i] = first;
		m->begins[h / 8] |= (uint8_t)(1u << h % 8);
	}
	m->ready = true;
}

static size_t length_at(struct bytes b, size_t at, const char *word)
{
	size_t k = 0;

	while (word[k] != '\0' && at + k < b.len && lower(b.data[at + k]) == (uint8_t)word[k])
		k++;
	return word[k] == '\0' ? k : 0;
}

static bool look_at(const struct marks *m, struct bytes line, size_t at, struct marks_found *out)
{
	uint32_t first = first_of(line.data + at);
	bool any = false;

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = m->first[i] == first ? length_at(line, at, rows[i].word) : 0;

		if (len == 0 || out->behind[rows[i].mark] != MARK_NOWHERE)
			continue;
		out->behind[rows[i].mark] = at + len;
		any = true;
	}
	return any;
}

bool marks_find(struct marks *m, struct bytes line, struct marks_found *out)
{
	bool any = false;

	if (!m->ready)
		build(m);
	for (size_t i = 0; i < N_MARKS; i++)
		out->behind[i] = MARK_NOWHERE;
	for (size_t at = 0; at + FIRST <= line.len; at++) {
		unsigned h = hash_of(first_of(line.data + at));

		if ((m->begins[h / 8] >> h % 8 & 1) != 0)
			any |= look_at(m, line, at, out);
	}
	return any;
}

size_t mark_behind(struct bytes b, const char *word)
{
	for (size_t at = 0; at < b.len; at++)
		if (length_at(b, at, word) != 0)
			return at + strlen(word);
	return MARK_NOWHERE;
}
