/*
 * What is spoken where no TLS is, told by its first bytes: in whole, cut short, and with each byte of any value.
 * What it should be stands in tests/unit/facts/plain.txt:
 *
 *   > c:4748 s:'220_mail'    what the client and the server say; in hexadecimal, or as text, where _ is a blank
 *
 * and below it what that is taken for, and where another byte, or an end, makes something else of it.
 * `test_plain_facts --write` writes down what is told now: what changed is then to be read.
 */
#include "session/plain.h"
#include "support/listing.h"

#include <stdlib.h>

#define LISTING "tests/unit/facts/plain.txt"

enum { SAID_MAX = 128 };

struct speech {
	uint8_t b[2][SAID_MAX];
	size_t n[2];
};

static void read_word(struct speech *s, const char *word, size_t len)
{
	unsigned side = word[0] == 's';

	word += 2;
	len -= 2;
	s->n[side] = 0;
	if (word[0] != '\'') {
		for (size_t i = 0; i + 1 < len; i += 2) {
			const char two[3] = { word[i], word[i + 1], '\0' };

			s->b[side][s->n[side]++] = (uint8_t)strtoul(two, NULL, 16);
		}
		return;
	}
	for (size_t i = 1; i < len && word[i] != '\''; i++)
		s->b[side][s->n[side]++] = word[i] == '_' ? ' ' : (uint8_t)word[i];
}

static enum plain_protocol guess(const struct speech *s)
{
	uint8_t *copy[2] = { malloc(SAID_MAX), malloc(SAID_MAX) };
	struct bytes said[2];
	enum plain_protocol p;

	/* at the end of their memory, so that a sanitizer sees what is read beyond it */
	for (unsigned side = 0; side < 2; side++) {
		assert_non_null(copy[side]);
		memcpy(copy[side] + SAID_MAX - s->n[side], s->b[side], s->n[side]);
		said[side] = bytes_of(copy[side] + SAID_MAX - s->n[side], s->n[side]);
	}
	p = plain_guess(said[0], said[1]);
	free(copy[0]);
	free(copy[1]);
	return p;
}

/* Runs of values, or of lengths, that come to the same; those that change nothing are left out. */
struct runs {
	struct strbuf *out;
	bool values; /* bytes, not lengths */
	enum plain_protocol usual, last;
	unsigned from;
	bool any;
};

static void say_end(struct runs *r, unsigned number)
{
	if (r->values)
		strbuf_printf(r->out, "%02x", number);
	else
		strbuf_printf(r->out, "%u", number);
}

static void run_ends(struct runs *r, unsigned before)
{
	if (r->last == r->usual)
		return;
	strbuf_puts(r->out, r->any ? ", " : " ");
	say_end(r, r->from);
	if (before != r->from) {
		strbuf_puts(r->out, "-");
		say_end(r, before);
	}
	strbuf_printf(r->out, " %s", plain_protocol_name(r->last));
	r->any = true;
}

static void run_next(struct runs *r, unsigned number, enum plain_protocol p)
{
	if (p == r->last)
		return;
	if (number != 0)
		run_ends(r, number - 1);
	r->last = p;
	r->from = number;
}

static void say_values(struct strbuf *now, struct speech *s, unsigned side, size_t at)
{
	struct strbuf told = { 0 };
	uint8_t was = s->b[side][at];
	struct runs r = { .out = &told, .values = true, .usual = guess(s) };

	r.last = r.usual;
	for (unsigned value = 0; value < 256; value++) {
		s->b[side][at] = (uint8_t)value;
		run_next(&r, value, guess(s));
	}
	run_ends(&r, 255);
	s->b[side][at] = was;
	if (r.any)
		strbuf_printf(now, "  %c %zu:%s\n", side == 0 ? 'c' : 's', at, strbuf_text(&told));
	strbuf_free(&told);
}

static void say_lengths(struct strbuf *now, struct speech *s, unsigned side)
{
	size_t was = s->n[side];
	struct runs r = { .out = now, .usual = guess(s) };

	if (was == 0)
		return;
	strbuf_printf(now, "  %c cut:", side == 0 ? 'c' : 's');
	r.last = r.usual;
	for (s->n[side] = 0; s->n[side] < was; s->n[side]++)
		run_next(&r, (unsigned)s->n[side], guess(s));
	run_ends(&r, (unsigned)was - 1);
	s->n[side] = was;
	strbuf_puts(now, "\n");
}

static void say_speech(struct strbuf *now, const char *line)
{
	struct speech s = { .n = { 0, 0 } };

	for (const char *word = line + 2; *word != '\0';) {
		size_t len = strcspn(word, " ");

		read_word(&s, word, len);
		word += len + (word[len] == ' ');
	}
	strbuf_printf(now, "%s\n", plain_protocol_name(guess(&s)));
	for (unsigned side = 0; side < 2; side++) {
		say_lengths(now, &s, side);
		for (size_t at = 0; at < s.n[side]; at++)
			say_values(now, &s, side, at);
	}
}

static void test_plain__is_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_speech);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain__is_what_the_listing_says),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_speech);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
