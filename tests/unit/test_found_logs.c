/*
 * What the session makes of connections that logs tell of, that were found (support/found.h), in the words of
 * support/log_talk.h. A byte says how the bytes are cut and what there is besides the log, then each word is a byte
 * for it and its side, and one where the word has a number.
 */
#include "support/details_text.h"
#include "support/found.h"
#include "support/found_words.h"
#include "support/log_talk.h"

enum { WORDS_MOST = 48 };

/* The words of support/found_words.h, and ~ for the name of a saying. */
static const char *const words[] = { "told#", "keys#", "told1", "told2", "told11", "told12",
	"told13", "told14", "told15", "told16", "told20", "told4", "told0", "told8", "keys8",
	"keys11", "keys13", "keys15", "keys20", "keys4", "keys24", "toldccs", "keysccs",
	"told-alert#", "told-warn#", "told-code#", "keys-alert#", "keys-warn#", "keys-code#",
	"open:CERT", "open:CERT13", "open:EE", "open:FINISHED", "open:FINISHED13", "open:CR",
	"open:CV", "open:CERT+FINISHED", "open:EE+CERT13+CV+FINISHED13", "open:NST", "open:CH",
	"open@#:CERT", "open%#:CERT", "open##:CERT", "open@#:EE+CERT13", "open%#:EE+CERT13",
	"opened-alert#", "opened-warn#", "opened-data", "opens", "done", "owner", "closed", "reset",
	"timed-out", "refused.", "unreachable.", "unanswered.", "version0301", "version0303",
	"version0304", "suite1301", "suitec02f", "suite002f", "suitefffe", "group001d", "group0017",
	"group6399", "name'dev.example", "resumed", "code7280", "code7780", "code2700", "code7200",
	"code50", "errno-#", "says-~", "captured", "CH", "CHT", "CHS", "CH13", "SH", "SHN", "SHR",
	"SH13", "SHP", "HRR", "CERT", "SKE", "CR", "SHD", "CKE", "CV", "FINISHED", "NST", "HREQ",
	"EE", "CERT13", "SH+CERT+SKE+SHD", "CERT@#", "SH@#", "CH@#", "CCS", "e22", "e23", "f13",
	"a13", "alert#", "warn#", "fin", "rst", "ack", "gap#", "lost", "wait#", "unseen", "midway",
	"r23.&", "noise#", "x$", "'EHLO_you", "'220_mail.example", "opened.#:$", "opened.1:$",
	"opened.2:$" };

_Static_assert(COUNT(words) <= 128, "a byte has one for each, and its side");

static void make_word(struct found_script *s, const char *word, struct strbuf *b)
{
	if (strcmp(word, "says-~") == 0)
		strbuf_printf(b, "says-%s", ids[found_byte(s) % COUNT(ids)]);
	else if (strcmp(word, "open##:CERT") == 0)
		strbuf_printf(b, "open#%u:CERT", found_byte(s));
	else
		found_word(s, word, b);
}

static void make_script(struct found_script *s, struct strbuf *script)
{
	for (size_t i = 0; i < WORDS_MOST && s->rest.len != 0; i++) {
		unsigned byte = found_byte(s);

		strbuf_puts(script, byte >= 128 ? " s:" : " c:");
		make_word(s, words[byte % 128 % COUNT(words)], script);
	}
}

static void play(struct bytes input, struct strbuf *out)
{
	static const size_t segments[] = { 0, 3, 20, 100 };
	struct found_script s = { .rest = input };
	struct log_talk *l = calloc(1, sizeof *l);
	struct strbuf script = { 0 };
	unsigned how = found_byte(&s);

	assert_non_null(l);
	make_script(&s, &script);
	open_log(l);
	l->t.segment = segments[how % COUNT(segments)];
	say_script(l, strbuf_text(&script));
	if (l->t.n == 0)
		strbuf_puts(out, "nothing\n");
	for (size_t i = 0; i < l->t.n; i++) {
		say_outcome(out, l->t.hs[i]);
		say_facts(out, l->t.hs[i]);
		say_details(out, l->t.hs[i]);
	}
	tls_talk_close(&l->t);
	strbuf_free(&script);
	free(l);
}

FOUND_PROGRAM("tests/unit/facts/found/logs.txt")
