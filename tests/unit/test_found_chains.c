/*
 * What is read and judged of chains of certificates that were found (support/found.h). Four bytes say how many are
 * sent and trusted, which time it is, which name is asked for, and what besides; two which element of which is another
 * one. Then each has a byte for how many fields it has and which are usual, and two for each field, of
 * facts/found/fields.txt (support/made_chain.h).
 */
#include "support/found.h"
#include "support/found_words.h"
#include "support/made_chain.h"

#define FIELDS "tests/unit/facts/found/fields.txt"

enum { FIELDS_MAX = 700, FIELDS_MOST = 16, SENT_MOST = 6, TRUSTED_MOST = 3 };

static const struct vocabulary {
	char *field[FIELDS_MAX];
	size_t n;
} * vocabulary(void)
{
	static struct vocabulary all;
	char line[LISTING_LINE];
	FILE *f;

	if (all.n != 0)
		return &all;
	f = fopen(FIELDS, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL && all.n < FIELDS_MAX) {
		line[strcspn(line, "\n")] = '\0';
		all.field[all.n++] = strdup(line);
	}
	(void)fclose(f);
	return &all;
}

static void put_fields(struct found_script *s, struct strbuf *text)
{
	const struct vocabulary *all = vocabulary();
	unsigned byte = found_byte(s);

	if (byte / FIELDS_MOST % 4 != 0)
		strbuf_puts(text, byte / FIELDS_MOST % 4 == 1 ? " leaf" : " ca");
	for (unsigned i = 0; i < byte % FIELDS_MOST; i++) {
		unsigned high = found_byte(s);

		strbuf_puts(text, " ");
		found_word(s, all->field[(high * 256 + found_byte(s)) % all->n], text);
	}
}

static void put_chain(struct found_script *s, struct made *m, struct strbuf *text)
{
	static const char *const names[] = { "", " name=a.example", " name=b.a.example",
		" name=192.0.2.1", " name=2001:db8::1", " name=", " name=x", " name=a.example." };
	static const int64_t times[] = { NOW, 1793447999, 1793448000, 1793534399, 1793534400,
		1801483200, 1801483201, 0, NOW - 1, NOW + 86400 };
	unsigned counts = found_byte(s), when = found_byte(s), how = found_byte(s),
		 element = found_byte(s);
	unsigned n_sent = 1 + counts % SENT_MOST, n_trusted = counts / SENT_MOST % TRUSTED_MOST;

	m->at = times[when % COUNT(times)];
	m->linked = counts >= 128;
	m->certs_told = true;
	m->harmed = element % 2;
	m->element = element / 2;
	m->how = (enum der_harm)(how / COUNT(names) % N_DER_HARMS);
	for (unsigned i = 0; i < n_sent + n_trusted; i++) {
		strbuf_puts(text, i == 0 ? "" : i < n_sent ? " | " : " | trusted");
		if (i == 0)
			strbuf_puts(text, names[how % COUNT(names)]);
		if (i == 0 && when >= 128)
			strbuf_puts(text, " rsa");
		put_fields(s, text);
	}
}

static void play(struct bytes input, struct strbuf *out)
{
	struct found_script s = { .rest = input };
	struct made *m = calloc(1, sizeof *m);
	struct strbuf text = { 0 };

	assert_non_null(m);
	put_chain(&s, m, &text);
	say_chain(out, strbuf_text(&text), m);
	strbuf_free(&text);
	free(m);
}

FOUND_PROGRAM("tests/unit/facts/found/chains.txt")
