/*
 * Whose hello it is taken for, and what is said of its values and of those that came before, of hellos that were
 * found (support/found.h). A byte says how many handshakes there are, then of each: which stack's hello it begins as
 * (support/hello_rows.h) and how many changes there are, each of three bytes; how its randoms are made, in three bytes
 * each; how the server answers; and how long after the last one, and between whom, it is.
 */
#include "base/array.h"
#include "session/fresh.h"
#include "support/details_text.h"
#include "support/found.h"
#include "support/found_words.h"
#include "support/hello_rows.h"

enum { HANDSHAKES_MOST = 4, CHANGES_MOST = 6 };

static const uint16_t types[] = { 0, 1, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23,
	27, 28, 35, 41, 42, 43, 44, 45, 47, 49, 50, 51, 54, 256, 13172, 0xff01, 0x2a2a, 0xfe0d,
	34 };
static const uint16_t numbers[] = { 0x0017, 0x001d, 0x0100, 0x001e, 0x0203, 0x0403, 0x0503, 0x0603,
	0x0804, 0x0805, 0x0806, 0x0807, 0x0401, 0x0501, 0x0601, 0x0301, 0x1301, 0x1302, 0x1303,
	0xc02b, 0xc02c, 0xc02f, 0xc030, 0x00ff, 0x5600, 0x4a4a, 0x002f, 0x0808 };

static size_t list_length(const uint16_t *list)
{
	size_t n = 0;

	while (list[n] != STOP)
		n++;
	return n;
}

static void list_insert(uint16_t *list, size_t at, uint16_t value)
{
	size_t n = list_length(list);

	at %= n + 1;
	memmove(list + at + 1, list + at, (n - at + 1) * sizeof *list);
	list[at] = value;
}

static void list_remove(uint16_t *list, size_t at)
{
	size_t n = list_length(list);

	if (n == 0)
		return;
	at %= n;
	memmove(list + at, list + at + 1, (n - at) * sizeof *list);
}

static void row_change(struct hello_row *row, unsigned what, unsigned at, unsigned value)
{
	static const char *const formats[] = { NULL, "", "00", "0001", "000102", "00010203" };

	switch (what % 10) {
	case 0:
		list_insert(row->ext, at, types[value % COUNT(types)]);
		break;
	case 1:
		list_remove(row->ext, at);
		break;
	case 2:
		list_insert(row->schemes, at, numbers[value % COUNT(numbers)]);
		break;
	case 3:
		list_remove(row->schemes, at);
		break;
	case 4:
		list_insert(row->suites, at, numbers[value % COUNT(numbers)]);
		break;
	case 5:
		list_remove(row->suites, at);
		break;
	case 6:
		list_insert(row->groups, at, numbers[value % COUNT(numbers)]);
		break;
	case 7:
		list_remove(row->groups, at);
		break;
	case 8:
		row->formats = formats[value % COUNT(formats)];
		break;
	default:
		list_remove(row->ext, at);
		list_insert(row->ext, value, types[at % COUNT(types)]);
		break;
	}
}

/* now: seconds since 1970. */
static void make_random(struct found_script *s, int64_t now, uint8_t out[static 32])
{
	static const int64_t away[] = { 0, 1, 4, 5, 6, 86399, 86400, 86401, 157679999, 157680000,
		157680001 };
	unsigned kind = found_byte(s), a = found_byte(s), b = found_byte(s);
	struct wire *w = wire_new();

	put_noise(w, a, 32);
	memcpy(out, w->b, 32);
	free(w);
	for (unsigned i = 0; i < 32; i++)
		if (kind % 8 == 1)
			out[i] = (uint8_t)a;
		else if (kind % 8 == 2)
			out[i] = (uint8_t)(a + i * b);
		else if (kind % 8 == 3 && i > b % 17)
			out[i] = out[i - b % 17 - 1];
		else if (kind % 8 == 4 && i >= b % 33)
			out[i] = 0;
	if (kind % 8 == 5)
		memcpy(out + 24, "DOWNGRD\1", 8);
	if (kind % 8 >= 6) {
		int64_t t = kind % 8 == 6 ? now + away[b % COUNT(away)] * (b < 128 ? 1 : -1)
					  : (int64_t)b * 1000;

		for (unsigned i = 0; i < 4; i++)
			out[i] = (uint8_t)(t >> (24 - 8 * i));
	}
	if (kind >= 128)
		out[a % 32] ^= (uint8_t)(kind / 8 % 16);
}

static void send_message(struct tls_talk *t, unsigned dir, uint8_t type, const struct wire *body)
{
	struct wire *message = wire_new(), *record = wire_new();

	put_uint(message, type, 1);
	put_vec(message, body, 3);
	put_record(record, CONTENT_HANDSHAKE, message->b, message->n);
	talk_send(t, dir, record->b, record->n);
	free(record);
	free(message);
}

static void send_hello(struct tls_talk *t, struct found_script *s)
{
	struct hello_row row = rows[found_byte(s) % COUNT(rows)];
	unsigned changes = found_byte(s) % CHANGES_MOST;
	struct wire *w = wire_new(), *id = wire_new();
	uint8_t random[32];

	for (unsigned i = 0; i < changes; i++) {
		unsigned what = found_byte(s), at = found_byte(s);

		row_change(&row, what, at, found_byte(s));
	}
	make_random(s, t->time / 1000000000, random);
	put_noise(id, 7, found_byte(s) % 33);
	put_hello(w, &row, random, bytes_of(id->b, id->n));
	send_message(t, 0, HS_CLIENT_HELLO, w);
	free(id);
	free(w);
}

/* how: a bit for each: the client's session id comes back, TLS 1.3 is chosen. */
static void send_answer(struct tls_talk *t, struct found_script *s)
{
	static const uint8_t version[] = { 3, 4 };
	unsigned how = found_byte(s), id = found_byte(s);
	struct wire *w = wire_new(), *ext = wire_new(), *share = wire_new();
	uint8_t random[32];

	make_random(s, t->time / 1000000000, random);
	put_uint(w, 0x0303, 2);
	put(w, random, 32);
	put_uint(w, id % 33, 1);
	put_noise(w, id < 128 ? 7 : 8, id % 33);
	put_uint(w, how % 2 != 0 ? 0x1301 : 0xc02f, 2);
	put_uint(w, 0, 1);
	if (how % 2 != 0) {
		put_uint(share, 0x0017, 2);
		put_uint(share, sizeof talk_point, 2);
		put(share, talk_point, sizeof talk_point);
		put_extension(ext, EXT_SUPPORTED_VERSIONS, version, sizeof version);
		put_extension(ext, EXT_KEY_SHARE, share->b, share->n);
		put_vec(w, ext, 2);
	}
	send_message(t, 1, HS_SERVER_HELLO, w);
	free(share);
	free(ext);
	free(w);
}

static void play_one(struct tls_talk *t, struct found_script *s)
{
	static const char *const rest[] = { "c:fin", "s:alert40", "s:CERT+SKE+SHD",
		"s:CERT+SKE+SHD c:CKE c:CCS c:e22 s:CCS s:e22", "s:d13 s:f13 c:f13 s:d13",
		"s:CCS s:e22 c:CCS c:e22" };
	unsigned after = found_byte(s), who = found_byte(s);

	t->time += (int64_t)after * after * 100000000;
	talk_connect_again(t);
	t->flow.end[0].addr[3] = (uint8_t)(1 + who % 3);
	t->flow.end[1].addr[3] = (uint8_t)(5 + who / 3 % 3);
	t->flow.undated = who >= 192;
	t->flow.logged = who >= 224;
	send_hello(t, s);
	send_answer(t, s);
	talk_say(t, rest[found_byte(s) % COUNT(rest)]);
	talk_end(t, FLOW_CLOSED);
}

static void play(struct bytes input, struct strbuf *out)
{
	struct found_script s = { .rest = input };
	struct tls_talk *t = calloc(1, sizeof *t);
	struct fresh *fresh = fresh_open();
	unsigned n = found_byte(&s);

	assert_non_null(t);
	assert_non_null(fresh);
	tls_talk_open(t, NULL);
	if (n >= 128)
		fresh_client_repeats(fresh);
	for (unsigned i = 0; i <= n % HANDSHAKES_MOST; i++)
		play_one(t, &s);
	if (t->n == 0)
		strbuf_puts(out, "nothing\n");
	for (size_t i = 0; i < t->n; i++) {
		fresh_note(fresh, t->hs[i]);
		strbuf_printf(
			out, "%s ", t->hs[i]->looks.name != NULL ? t->hs[i]->looks.name : "-");
		say_outcome(out, t->hs[i]);
		say_facts(out, t->hs[i]);
		say_details(out, t->hs[i]);
	}
	tls_talk_close(t);
	fresh_close(fresh);
	free(t);
}

FOUND_PROGRAM("tests/unit/facts/found/hellos.txt")
