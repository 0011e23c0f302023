/*
 * What the session makes of conversations that were found (support/found.h), in the clear and under keys
 * (support/sealed_talk.h). Two bytes say how it ends and how it is seen, then each word is a byte for it and
 * its side, and one or two where the word has a number.
 */
#include "session/fresh.h"
#include "support/details_text.h"
#include "support/found.h"
#include "support/found_words.h"
#include "support/sealed_talk.h"

enum { WORDS_MOST = 48 };

static const char *const words[] = { "CH", "CHT", "CHS", "CH13", "SH", "SHN", "SHR", "SH13", "SHP",
	"HRR", "CERT", "NOCERT", "SKE", "CR", "SHD", "NST", "HREQ", "CKE", "CV", "FINISHED",
	"FINISHED13", "EE", "CERT13", "SH+CERT+SKE+SHD", "SHN+CERT+SHD", "SH+CERT+SKE+CR+SHD",
	"CERT+CKE+CV", "CH%#", "SH+CERT+SKE+SHD%#", "CERT@#", "SHN+CERT@#", "CH@#", "CCS", "e22",
	"e23", "e21", "f13", "a13", "d13", "alert#", "warn#", "fin", "rst", "ack", "unseen",
	"midway", "gap#", "gap&", "lost", "wait#", "ms#", "refused", "unanswered", "unreachable",
	"r23.&", "r22.#", "r21.#", "r20.#", "r24.#", "noise#", "noise&", "again", "late", "sent#",
	"sent&", "x$", "SSL2", "'EHLO_you", "'220_mail.example_ESMTP", "'250_STARTTLS", "'STARTTLS",
	"'220_go_ahead", "'+OK", "'GET_/_HTTP/1.1", "'HTTP/1.1_400_Bad_Request", "'SSH-2.0-x",
	"keys:m", "keys:h", "keys:H", "keys:a", "keys:A", "keys:hHaA", "keys:wm", "keys:whHaA",
	"keys:hwHaA", "k:CERT", "k:EE", "k:CERT13", "k:CERT13+CV", "k:CR", "k:CV", "k:NST",
	"k:HREQ", "k:CH", "k:SH", "k:SKE", "k:FINISHED", "k:FINISHED13", "kp:CERT+CV", "kp:EE+CERT",
	"kp:FINISHED13", "kF", "ku", "ka:#", "kw:#", "kd", "kD", "kz", "kh", "kc", "kC", "kb", "kn",
	"flip#", "flip#", "lose#", "hide#", "SH=c02b", "SH=009e", "SH=00a8", "SH=c013", "SKD",
	"CKD", "CKR", "PSK", "CKP", "m$", "km$" };

_Static_assert(COUNT(words) <= 128, "a byte has one for each, and its side");

/* Stands before the system's, so that vectors drawn for records are the same in every run. */
int getentropy(void *out, size_t n)
{
	memset(out, 0x3c, n);
	return 0;
}

/* Of a message's type and body, in hexadecimal, the whole message. */
static void put_any_message(struct strbuf *b, const char *hex)
{
	size_t n = strlen(hex) / 2;

	if (n == 0)
		strbuf_puts(b, "00000000");
	else
		strbuf_printf(b, "%.2s%06zx%s", hex, n - 1, hex + 2);
}

/* A message of any type and body, in the clear and under keys, and a hello in the format of SSL 2.0. */
static bool made_word(struct sealed_talk *k, const char *side, const char *word)
{
	static const char ssl2[] =
		"x802f01030300060000002000002f00c02f"
		"102030405060708090a0b0c0d0e0f0112233445566778899aabbccddeeff0123";
	struct strbuf message = { 0 }, record = { 0 };
	bool clear = word[0] == 'm' && word[1] != 's' && word[1] != 'i'; /* not "ms5", "midway" */
	bool made = true;

	if (strcmp(word, "SSL2") == 0) {
		strbuf_printf(&record, "%s%s", side, ssl2);
	} else if (clear) {
		put_any_message(&message, word + 1);
		strbuf_printf(
			&record, "%sx160303%04zx%s", side, message.len / 2, strbuf_text(&message));
	} else if (strncmp(word, "km", 2) == 0) {
		put_any_message(&message, word + 2);
		strbuf_printf(&record, "%skx%s", side, strbuf_text(&message));
	} else {
		made = false;
	}
	if (made)
		say_word(k, strbuf_text(&record));
	strbuf_free(&message);
	strbuf_free(&record);
	return made;
}

/* Of what is sent next a byte is another one, or some are missing. */
static bool harm_word(struct sealed_talk *k, struct found_script *s, const char *word)
{
	unsigned n;

	if (number_after(word, "flip", &n)) {
		k->t.flip_at = n;
		k->t.flip = (uint8_t)found_byte(s);
		return true;
	}
	if (!number_after(word, "lose", &n) && !number_after(word, "hide", &n))
		return false;
	k->t.keep = n;
	k->t.lose = found_byte(s);
	k->t.unplaced = word[0] == 'h';
	return true;
}

static void play_word(struct sealed_talk *k, struct found_script *s)
{
	unsigned byte = found_byte(s);
	struct strbuf word = { 0 };

	strbuf_puts(&word, byte >= 128 ? "s:" : "c:");
	found_word(s, words[byte % 128 % COUNT(words)], &word);
	if (!harm_word(k, s, strbuf_text(&word) + 2)) {
		if (!made_word(k, byte >= 128 ? "s:" : "c:", strbuf_text(&word) + 2))
			say_word(k, strbuf_text(&word));
		k->t.lose = 0;
	}
	strbuf_free(&word);
}

static void say_totals(struct strbuf *b, const struct session_totals *t)
{
	strbuf_printf(b, "  totals: %d %d", (int)t->flows, (int)t->handshakes);
	say_number(b, "dtls", t->dtls_flows);
	say_number(b, "plain", t->plain_flows);
	say_number(b, "given-up", t->given_up);
	say_number(b, "evicted", t->evicted);
	say_number(b, "skimmed", t->skimmed_bytes);
	say_number(b, "skimmed-memory", t->skimmed_memory);
	say_number(b, "long-messages", t->long_messages);
	say_number(b, "full-ladders", t->full_ladders);
	say_number(b, "long-lists", t->long_lists);
	say_number(b, "unlocked", t->unlocked);
	say_number(b, "locked", t->locked);
	say_number(b, "refused", t->refused);
	strbuf_puts(b, "\n");
}

/* fresh: NULL: its tables are large, and not every input is asked what repeats. */
static void say_all(struct sealed_talk *k, struct fresh *fresh, struct strbuf *b)
{
	struct session_totals totals = session_totals(k->t.session);

	if (k->t.n == 0)
		strbuf_puts(b, "nothing\n");
	for (size_t i = 0; i < k->t.n; i++) {
		if (fresh != NULL)
			fresh_note(fresh, k->t.hs[i]);
		say_outcome(b, k->t.hs[i]);
		say_facts(b, k->t.hs[i]);
		say_details(b, k->t.hs[i]);
	}
	say_totals(b, &totals);
}

static void play(struct bytes input, struct strbuf *out)
{
	static const size_t segments[] = { 0, 2, 11, 100 };
	struct found_script s = { .rest = input };
	struct sealed_talk *k = calloc(1, sizeof *k);
	struct session_keys keys = { 0 };
	unsigned end = found_byte(&s), seen = found_byte(&s);
	struct fresh *fresh = seen % 128 >= 64 ? fresh_open() : NULL;

	assert_non_null(k);
	tls_talk_open(&k->t, NULL);
	if (seen % 4 == 3)
		k->t.flow.opener_known = k->t.flow.dir[0].syn = k->t.flow.dir[1].syn = false;
	k->t.segment = segments[seen / 4 % COUNT(segments)];
	keys.log = k->log = keylog_open();
	assert_non_null(k->log);
	if (seen / 32 % 2 != 0) {
		k->decrypted = true;
		keys.decrypt = talk_decrypt;
	}
	if (seen < 128)
		session_keys(k->t.session, &keys);
	for (size_t i = 0; i < WORDS_MOST && s.rest.len != 0; i++)
		play_word(k, &s);
	talk_end(&k->t, (enum flow_end)(end % 5));
	say_all(k, fresh, out);
	fresh_close(fresh);
	tls_talk_close(&k->t);
	record_keys_close(k->keys[0]);
	record_keys_close(k->keys[1]);
	keylog_close(k->log);
	free(k);
}

FOUND_PROGRAM("tests/unit/facts/found/talks.txt")
