/*
 * What the session makes of records under keys that it is given, in whole, in tests/unit/facts/sealed.txt: connections
 * as in session.txt (support/tls_talk.h), with these words besides:
 *
 *   c:keys:LETTERS   lines come into the key log: m master; h H a A traffic secrets of the client's and the server's
 *                    handshake and application; w: the next one is wrong
 *   c:k:CERT+CV      these messages in one record under the side's keys; kp:CERT in two
 *   kF               its Finished, and it is right
 *   ku               KeyUpdate
 *   ka:40 kw:0       an alert, fatal or warning
 *   kd kD kz kh      data, much of it, none, and a handshake record without a byte
 *   kc kC            ChangeCipherSpec under keys, whole and empty
 *   kb               a record with another last byte
 *   kn               a record that nobody has seen
 *
 * Where keys are not agreed on yet these words say nothing. Below `>> ` stands besides a sum of what is told of
 * conversations near to it (support/near_words.h); `> crossed N` is a sum of N that are made of three of these.
 *
 * `test_sealed_facts --write` writes down what is told now, `--near SCRIPT` tells all that is near.
 */
#include "base/array.h"
#include "crypto/record_keys.h"
#include "keylog/keylog.h"
#include "session/transcript.h"
#include "support/facts_text.h"
#include "support/listing.h"
#include "support/near_words.h"
#include "support/tls_talk.h"

#define LISTING "tests/unit/facts/sealed.txt"

enum { SCRIPTS_MAX = 100, CROSSED_LINE = 250 };

enum epoch_word { OF_HANDSHAKE, OF_APPLICATION };

struct sealed_talk {
	struct tls_talk t;
	struct keylog *log;
	struct wire said; /* all messages, for Finished */
	uint16_t suite;   /* 0: not agreed on */
	bool tls13, ccs[2];
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
};

static struct key_secret secret_of(char letter)
{
	struct key_secret s = { .len = 0 };

	for (size_t i = 0; i < COUNT(secrets); i++)
		if (secrets[i].letter == letter) {
			s.len = secrets[i].len;
			memset(s.data, secrets[i].byte, s.len);
		}
	return s;
}

static void add_hex(struct strbuf *b, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_printf(b, "%02x", data[i]);
}

static void give_keys(struct sealed_talk *k, const char *letters)
{
	struct wire *random = calloc(1, sizeof *random);
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

static struct protection protection_now(const struct sealed_talk *k)
{
	const struct protection_terms terms = { .version = k->tls13 ? 0x0304 : 0x0303 };
	struct protection p;
	const char *why;

	assert_true(protection_of(suite_find(k->suite), terms, &p, &why));
	return p;
}

static struct record_keys *make_keys(struct sealed_talk *k, unsigned dir)
{
	const struct schedule s = schedule_of(0x0304, HASH_SHA256);
	const struct protection p = protection_now(k);
	struct wire *random = calloc(2, sizeof *random);
	const struct key_secret master = secret_of('m');
	struct record_keys *keys;

	put_noise(&random[0], 1, 32);
	put_noise(&random[1], 99, 32);
	keys = k->tls13 ? record_keys_seal13(&p, &s, &k->secret[dir], 0x0304)
			: record_keys_seal12(&p, HASH_SHA256, &master, random[0].b, random[1].b,
				  dir == 0, 0x0303);
	free(random);
	return keys;
}

static bool ready(struct sealed_talk *k, unsigned dir)
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

static void new_keys(struct sealed_talk *k, unsigned dir)
{
	record_keys_close(k->keys[dir]);
	k->keys[dir] = make_keys(k, dir);
}

/* ---- records ---- */

static void seal(struct sealed_talk *k, unsigned dir, uint8_t type, const void *content, size_t n,
	uint8_t harm)
{
	static struct sealed_room room;
	struct wire *w = calloc(1, sizeof *w);

	assert_true(record_keys_seal(k->keys[dir], type, 0x0303, bytes_of(content, n), &room));
	room.data[room.len - 1] ^= harm;
	put_record(w, room.type, room.data, room.len);
	talk_send(&k->t, dir, w->b, w->n);
	free(w);
}

/* Adds the messages of M+M; false when one is none. */
static bool add_messages(struct wire *w, const char *words)
{
	char *copy = strdup(words), *rest = NULL;
	bool ok = true;

	for (char *word = strtok_r(copy, "+", &rest); word != NULL && ok;
		word = strtok_r(NULL, "+", &rest))
		ok = put_message(w, word);
	free(copy);
	return ok;
}

static void after_finished(struct sealed_talk *k, unsigned dir)
{
	if (!k->tls13 || k->epoch[dir] == OF_APPLICATION)
		return;
	k->epoch[dir] = OF_APPLICATION;
	k->secret[dir] = secret_of(dir == 0 ? 'a' : 'A');
	new_keys(k, dir);
}

static void seal_messages(struct sealed_talk *k, unsigned dir, const char *words, bool in_two)
{
	struct wire *w = calloc(1, sizeof *w);
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

static void seal_finished(struct sealed_talk *k, unsigned dir)
{
	const struct schedule s = schedule_of(0x0304, HASH_SHA256);
	const struct key_secret master = secret_of('m');
	const struct bytes said = bytes_of(k->said.b, k->said.n);
	struct wire *w = calloc(1, sizeof *w);
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

static void seal_update(struct sealed_talk *k, unsigned dir)
{
	static const uint8_t update[] = { HS_KEY_UPDATE, 0, 0, 1, 0 };
	const struct schedule s = schedule_of(0x0304, HASH_SHA256);

	seal(k, dir, CONTENT_HANDSHAKE, update, sizeof update, 0);
	if (!k->tls13)
		return;
	assert_true(schedule_update(&s, &k->secret[dir]));
	new_keys(k, dir);
}

static void seal_alert(struct sealed_talk *k, unsigned dir, uint8_t level, const char *code)
{
	const uint8_t alert[] = { level, (uint8_t)strtoul(code, NULL, 10) };

	seal(k, dir, CONTENT_ALERT, alert, sizeof alert, 0);
}

static void seal_word(struct sealed_talk *k, unsigned dir, const char *word)
{
	static const uint8_t zeros[400], one = 1;

	if (!ready(k, dir))
		return;
	switch (word[0]) {
	case ':':
		seal_messages(k, dir, word + 1, false);
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
	case 'n':
		(void)record_keys_skip(k->keys[dir], 1);
		break;
	default:
		fail_msg("no such word: k%s", word);
	}
}

/* ---- words ---- */

/* What the words of a hello agree on. */
static void note_clear(struct sealed_talk *k, unsigned dir, const char *word)
{
	struct wire *w = calloc(1, sizeof *w);

	if (strcspn(word, "%@") == strlen(word) && add_messages(w, word))
		put(&k->said, w->b, w->n);
	free(w);
	if (strcmp(word, "CCS") == 0)
		k->ccs[dir] = true;
	if (dir == 0 || k->suite != 0 || word[0] != 'S' || word[1] != 'H' || word[2] == 'D')
		return;
	k->tls13 = strncmp(word, "SH13", 4) == 0 || strncmp(word, "SHP", 3) == 0;
	k->suite = k->tls13 ? 0x1301 : word[2] == 'N' ? 0x002f : 0xc02f;
}

static void say_word(struct sealed_talk *k, const char *word)
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

static void say_totals(struct strbuf *b, const struct session_totals *t)
{
	strbuf_printf(b, "  totals: %d %d", (int)t->flows, (int)t->handshakes);
	say_number(b, "unlocked", t->unlocked);
	say_number(b, "locked", t->locked);
	say_number(b, "refused", t->refused);
	say_number(b, "plain", t->plain_flows);
	strbuf_puts(b, "\n");
}

static void say_script(struct strbuf *b, const char *script)
{
	struct sealed_talk *k = calloc(1, sizeof *k);
	char *copy = strdup(script), *rest = NULL;
	struct session_keys keys = { 0 };
	struct session_totals totals;

	assert_non_null(k);
	tls_talk_open(&k->t, NULL);
	keys.log = k->log = keylog_open();
	assert_non_null(k->log);
	session_keys(k->t.session, &keys);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest))
		say_word(k, word);
	talk_end(&k->t, FLOW_CLOSED);
	for (size_t i = 0; i < k->t.n; i++) {
		say_outcome(b, k->t.hs[i]);
		say_facts(b, k->t.hs[i]);
	}
	totals = session_totals(k->t.session);
	say_totals(b, &totals);
	tls_talk_close(&k->t);
	record_keys_close(k->keys[0]);
	record_keys_close(k->keys[1]);
	keylog_close(k->log);
	free(copy);
	free(k);
}

/* ---- near, and crossed ---- */

static const char *const words[] = { "c:kd", "s:kd", "c:kD", "s:kD", "c:kz", "s:kz", "c:ka:0",
	"s:ka:40", "c:ka:51", "c:kw:0", "s:kw:0", "s:ka:0", "c:kw:90", "c:kb", "s:kb", "c:kn",
	"s:kn", "c:kc", "s:kC", "c:ku", "s:ku", "c:kh", "s:kh", "c:kF", "s:kF", "s:k:NST",
	"c:k:CERT13", "s:k:CERT13+CV", "s:k:EE", "s:kp:CERT", "c:gap30", "s:gap30", "c:lost",
	"s:lost", "c:CCS", "s:CCS", "c:keys:m", "c:keys:hHaA", "c:keys:whwH", "c:fin", "s:rst",
	"c:e23", "s:e23", "s:d13", "c:a13", "c:CH", "s:alert40", "s:k:HREQ", "c:k:CH", "s:CERT",
	"c:wait11", "s:r22.40", "c:r20.1" };

static void take_near(void *ctx, const char *near)
{
	struct strbuf b = { 0 };

	say_script(&b, near);
	near_take(ctx, near, &b);
	strbuf_free(&b);
}

static void say_near(struct strbuf *now, const char *script)
{
	struct nearby all = { .sum = 2166136261u };

	near_each(script, words, COUNT(words), take_near, &all);
	strbuf_printf(now, "  near: %u %08x\n", all.n, (unsigned)all.sum);
}

struct scripts {
	struct near_script s[SCRIPTS_MAX];
	char *copy[SCRIPTS_MAX];
	size_t n;
};

static void scripts_read(struct scripts *all)
{
	char line[LISTING_LINE], *rest;
	FILE *f = fopen(LISTING, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		struct near_script *s = &all->s[all->n];

		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '>' || strchr(line, ':') == NULL)
			continue;
		assert_true(all->n < SCRIPTS_MAX);
		all->copy[all->n] = strdup(line + strspn(line, "> "));
		for (char *w = strtok_r(all->copy[all->n++], " ", &rest);
			w != NULL && s->n < NEAR_WORDS_MAX; w = strtok_r(NULL, " ", &rest))
			s->word[s->n++] = w;
	}
	(void)fclose(f);
}

static size_t draw(uint32_t *dice, size_t n)
{
	*dice = *dice * 1664525u + 1013904223u;
	return (*dice >> 8) % n;
}

static void add_words(struct strbuf *b, const struct near_script *s, size_t from, size_t n)
{
	for (size_t i = from; i < s->n && i < from + n; i++)
		near_put(b, s->word[i]);
}

static void say_crossed(struct strbuf *now, unsigned long times)
{
	struct scripts *all = calloc(1, sizeof *all);
	struct nearby sum = { .sum = 2166136261u };
	uint32_t dice = 17;

	assert_non_null(all);
	scripts_read(all);
	for (unsigned long i = 1; i <= times; i++) {
		struct strbuf b = { 0 };

		add_words(&b, &all->s[draw(&dice, all->n)], 0, 2 + draw(&dice, 9));
		add_words(&b, &all->s[draw(&dice, all->n)], 2 + draw(&dice, 9), draw(&dice, 5));
		add_words(&b, &all->s[draw(&dice, all->n)], 3 + draw(&dice, 9), 20);
		take_near(&sum, strbuf_text(&b));
		if (i % CROSSED_LINE == 0)
			strbuf_printf(now, "  to %lu: %08x\n", i, (unsigned)sum.sum);
		strbuf_free(&b);
	}
	for (size_t i = 0; i < all->n; i++)
		free(all->copy[i]);
	free(all);
}

static void say_line(struct strbuf *now, const char *line)
{
	const char *script = line + strspn(line, "> ");

	if (strncmp(script, "crossed ", 8) == 0) {
		say_crossed(now, strtoul(script + 8, NULL, 10));
		return;
	}
	say_script(now, script);
	if (line[1] == '>')
		say_near(now, script);
}

static void test_sealed__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_line);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sealed__tells_what_the_listing_says),
	};
	struct nearby all = { .told = true };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_line);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		near_each(argv[2], words, COUNT(words), take_near, &all);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
