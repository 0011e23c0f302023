/*
 * What the session makes of connections, in whole: every fact of a handshake, and what is left of it
 * where the capture misses any of its segments, begins in its middle or ends there. What it should be
 * stands in tests/unit/facts/session.txt:
 *
 *   == what the connection shows
 *   > c:CH s:SH ...     the connection (support/tls_talk.h); its last word may be how the source says
 *                       that it ended: closed (where it is left out), reset, input-ended, evicted, reused
 *   >> c:CH s:SH ...    the same, and each damage to it
 *   >* c:x1603 ...      the same, and what becomes of it when any byte that is written out is another one
 *
 * and below it what the session tells (support/facts_text.h). `test_session_facts --write` writes
 * down what it tells now: what changed is then to be read, line by line.
 *
 * In tests/unit/facts/session-near.txt stands a sum for each title of that listing, of all that is told of the
 * connections near to those below it (support/near_words.h). `test_session_facts --near TITLE` tells it in full.
 * `> crossed N` is a sum of N conversations that begin as one, go on as another and end as a third of the listing.
 */
#include "base/array.h"
#include "support/damage.h"
#include "support/facts_text.h"
#include "support/listing.h"
#include "support/near_words.h"

#define LISTING      "tests/unit/facts/session.txt"
#define LISTING_NEAR "tests/unit/facts/session-near.txt"

enum { WORDS_MAX = 64 };

struct script {
	char *copy;
	char *word[WORDS_MAX];
	size_t n;
	enum flow_end end;
};

static bool end_word(const char *word, enum flow_end *end)
{
	static const char *const words[] = { "closed", "reset", "input-ended", "evicted",
		"reused" };

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*end = (enum flow_end)i;
		return true;
	}
	return false;
}

static void script_read(struct script *s, const char *text)
{
	char *rest = NULL;

	*s = (struct script){ .copy = strdup(text), .end = FLOW_CLOSED };
	for (char *word = strtok_r(s->copy, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		assert_true(s->n < WORDS_MAX);
		if (!end_word(word, &s->end))
			s->word[s->n++] = word;
	}
}

/* "12*s:warn90": twelve times. */
static void say_word(struct tls_talk *t, const char *word)
{
	const char *star = strchr(word, '*');
	unsigned long times = star != NULL ? strtoul(word, NULL, 10) : 1;

	if (star != NULL)
		word = star + 1;
	while (times-- > 0) {
		char *copy = strdup(word);

		talk_word(t, copy[0] == 's', copy + 2);
		free(copy);
	}
}

/* Is it nothing that a capture could miss? */
static bool is_silent(const char *word)
{
	static const char *const words[] = { "fin", "rst", "ack", "lost", "again", "late" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(word + 2, words[i]) == 0)
			return true;
	return strncmp(word + 2, "gap", 3) == 0 || strncmp(word + 2, "wait", 4) == 0 ||
	       strncmp(word + 2, "sent", 4) == 0;
}

/* ---- damages ---- */

struct damage {
	const char *name;
	size_t keep, lose; /* of one word; lose 0: it comes whole */
	bool unplaced;
	bool begins; /* the capture begins with this word */
	bool stops;  /* and ends with it */
};

static const struct damage damages[] = {
	{ .name = "without", .lose = SIZE_MAX },
	{ .name = "lost", .lose = SIZE_MAX, .unplaced = true },
	{ .name = "begins late", .lose = 3 },
	{ .name = "without its middle", .keep = 7, .lose = 20 },
	{ .name = "breaks off", .keep = 12, .lose = SIZE_MAX },
	{ .name = "from", .begins = true },
	{ .name = "until", .stops = true },
};

static void say_handshakes(struct strbuf *b, const struct tls_talk *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (i != 0)
			strbuf_puts(b, "  and ");
		say_outcome(b, t->hs[i]);
	}
	if (t->n == 0)
		strbuf_puts(b, "nothing\n");
}

static void say_damaged(
	struct strbuf *b, const struct script *s, const struct damage *d, size_t word)
{
	struct tls_talk t;
	size_t from = d->begins ? word : 0, n = d->stops ? word + 1 : s->n;

	tls_talk_open(&t, NULL);
	if (d->begins)
		say_word(&t, "c:midway");
	for (size_t i = from; i < n; i++) {
		t.keep = i == word ? d->keep : 0;
		t.lose = i == word ? d->lose : 0;
		t.unplaced = d->unplaced;
		say_word(&t, s->word[i]);
	}
	talk_end(&t, d->stops ? FLOW_INPUT_ENDED : s->end);
	strbuf_printf(b, "  %s %s: ", d->name, s->word[word]);
	say_handshakes(b, &t);
	tls_talk_close(&t);
}

/* ---- one connection ---- */

static void say_totals(struct strbuf *b, const struct session_totals *t)
{
	say_number(b, "dtls", t->dtls_flows);
	say_number(b, "plain", t->plain_flows);
	say_number(b, "given-up", t->given_up);
	say_number(b, "evicted", t->evicted);
	say_number(b, "skimmed", t->skimmed_bytes);
	say_number(b, "skimmed-memory", t->skimmed_memory);
	say_number(b, "long-messages", t->long_messages);
	say_number(b, "full-ladders", t->full_ladders);
	say_number(b, "long-lists", t->long_lists);
}

static void say_whole(struct strbuf *b, const struct script *s, size_t segment, bool facts)
{
	struct tls_talk t;
	struct session_totals totals;

	tls_talk_open(&t, NULL);
	t.segment = segment;
	for (size_t i = 0; i < s->n; i++)
		say_word(&t, s->word[i]);
	talk_end(&t, s->end);
	say_handshakes(b, &t);
	totals = session_totals(t.session);
	if (facts) {
		strbuf_printf(
			b, "  flows=%d handshakes=%d", (int)totals.flows, (int)totals.handshakes);
		say_totals(b, &totals);
		strbuf_puts(b, t.answer == SINK_DONE ? " done\n" : "\n");
	}
	for (size_t i = 0; i < t.n; i++)
		if (facts)
			say_facts(b, t.hs[i]);
		else
			say_messages(b, t.hs[i]);
	tls_talk_close(&t);
}

/* Another connection, whose memory the next one is given. */
static void use_before(struct tls_talk *t)
{
	talk_say(t, "c:CH13 s:HRR c:CH13 s:SHP s:f13 c:f13 s:alert40");
	talk_end(t, FLOW_CLOSED);
	assert_int_equal(t->n, 1);
	handshake_free(t->hs[0]);
	t->n = 0;
	talk_connect_again(t);
}

/* What is told of a connection that is not the first, but where and when it was. */
static void say_second(struct strbuf *b, const struct script *s)
{
	struct tls_talk t;

	tls_talk_open(&t, NULL);
	use_before(&t);
	for (size_t i = 0; i < s->n; i++)
		say_word(&t, s->word[i]);
	talk_end(&t, s->end);
	say_handshakes(b, &t);
	for (size_t i = 0; i < t.n; i++)
		say_messages(b, t.hs[i]);
	tls_talk_close(&t);
}

/* The same bytes are the same handshake: in segments of any size, and whatever came before. */
static void assert_alike(const struct script *s)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 5, 6, 9, 11, 40, 100, 255 };
	struct strbuf whole = { 0 }, second = { 0 };

	say_whole(&whole, s, 0, false);
	say_second(&second, s);
	assert_string_equal(strbuf_text(&second), strbuf_text(&whole));
	strbuf_free(&second);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct strbuf cut = { 0 };

		say_whole(&cut, s, sizes[i], false);
		assert_string_equal(strbuf_text(&cut), strbuf_text(&whole));
		strbuf_free(&cut);
	}
	strbuf_free(&whole);
}

/* ---- any byte another one ---- */

static void say_flipped(struct strbuf *now, struct damages *d, const struct script *s, size_t at)
{
	struct strbuf told = { 0 }, came_to = { 0 };
	struct tls_talk t;

	tls_talk_open(&t, NULL);
	for (size_t i = 0; i < s->n; i++)
		say_word(&t, s->word[i]);
	talk_end(&t, s->end);
	say_handshakes(&told, &t);
	strbuf_puts(&came_to, " ");
	strbuf_add(&came_to, strbuf_text(&told), strcspn(strbuf_text(&told), "\n"));
	for (size_t i = 0; i < t.n; i++) {
		say_said(&told, t.hs[i]);
		say_messages(&told, t.hs[i]);
	}
	tls_talk_close(&t);
	say_place(now, d, at, strbuf_text(&came_to), &told);
	strbuf_free(&came_to);
	strbuf_free(&told);
}

/* Calls back with each byte of the word another one. */
static void flip_each(char *word, unsigned mask, void (*take)(void *ctx, size_t at), void *ctx)
{
	char *hex = word + 3;
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		char was[2] = { hex[2 * i], hex[2 * i + 1] }, other[3];
		const char both[3] = { was[0], was[1], '\0' };

		(void)snprintf(other, sizeof other, "%02x",
			(unsigned)(strtoul(both, NULL, 16) ^ mask) & 0xff);
		memcpy(hex + 2 * i, other, 2);
		take(ctx, i);
		memcpy(hex + 2 * i, was, 2);
	}
}

struct flips {
	struct strbuf *now;
	struct damages d;
	const struct script *s;
};

static void take_flip(void *ctx, size_t at)
{
	struct flips *f = ctx;

	say_flipped(f->now, &f->d, f->s, at);
}

/* One line where nothing follows from it, else what does. */
static void say_flips_of(struct strbuf *now, const struct script *s, char *word, unsigned mask)
{
	struct flips f = { now, { .from = 0 }, s };

	strbuf_printf(now, "  in %.12s... ^%02x\n", word, mask);
	flip_each(word, mask, take_flip, &f);
	say_run(now, &f.d, strlen(word + 3) / 2);
	strbuf_free(&f.d.last);
}

/* Of the other bits only a sum is told. */
static void say_sum_of_flips(struct strbuf *now, const struct script *s, char *word)
{
	struct strbuf runs = { 0 };

	for (unsigned mask = 0x02; mask < 0x80; mask <<= 1)
		say_flips_of(&runs, s, word, mask);
	strbuf_printf(now, "  in %.12s... any other bit: %08x\n", word,
		(unsigned)add_up(2166136261u, strbuf_text(&runs)));
	strbuf_free(&runs);
}

static void say_flips(struct strbuf *now, const char *text)
{
	struct script s;

	script_read(&s, text);
	say_whole(now, &s, 0, true);
	for (size_t i = 0; i < s.n; i++)
		if (s.word[i][2] == 'x') {
			say_flips_of(now, &s, s.word[i], 0x01);
			say_flips_of(now, &s, s.word[i], 0x80);
			say_sum_of_flips(now, &s, s.word[i]);
		}
	free(s.copy);
}

static void say_connection(struct strbuf *b, const char *text, bool damaged)
{
	struct script s;

	script_read(&s, text);
	say_whole(b, &s, 0, true);
	if (damaged)
		assert_alike(&s);
	for (size_t k = 0; k < COUNT(damages) && damaged; k++)
		for (size_t i = 0; i < s.n; i++)
			if (!is_silent(s.word[i]))
				say_damaged(b, &s, &damages[k], i);
	free(s.copy);
}

/* ---- the listing ---- */

static void say_line(struct strbuf *now, const char *line)
{
	if (strncmp(line, ">* ", 3) == 0)
		say_flips(now, line + 3);
	else if (strncmp(line, ">> ", 3) == 0)
		say_connection(now, line + 3, true);
	else
		say_connection(now, line + 2, false);
}

/* ---- connections near to those of the listing ---- */

static void take_near(void *ctx, const char *near)
{
	struct strbuf b = { 0 };
	struct script s;

	script_read(&s, near);
	say_whole(&b, &s, 0, true);
	near_take(ctx, near, &b);
	strbuf_free(&b);
	free(s.copy);
}

/* Of those that say a word many times over there are enough. */
static void take_script(struct nearby *all, const char *script)
{
	if (strchr(script, '*') == NULL)
		near_each(script, near_words, COUNT(near_words), take_near, all);
}

/* ---- conversations crossed ---- */

enum { SCRIPTS_MAX = 600, CROSSED_LINE = 250 };

struct scripts {
	char *text[SCRIPTS_MAX];
	size_t n;
};

static void scripts_read(struct scripts *all)
{
	char line[LISTING_LINE];
	FILE *f = fopen(LISTING, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '>' || strchr(line + 3, '*') != NULL)
			continue;
		assert_true(all->n < SCRIPTS_MAX);
		all->text[all->n++] = strdup(line + strspn(line, ">* "));
	}
	(void)fclose(f);
}

static size_t draw(uint32_t *dice, size_t n)
{
	*dice = *dice * 1664525u + 1013904223u;
	return (*dice >> 8) % n;
}

/* Adds the words of a script from one on, so many. */
static void add_words(struct strbuf *b, const char *text, size_t from, size_t n)
{
	struct script s;

	script_read(&s, text);
	for (size_t i = from; i < s.n && i < from + n; i++)
		near_put(b, s.word[i]);
	free(s.copy);
}

/* The beginning of one conversation, some of another, and the end of a third: a line for so many. */
static void say_crossed(struct strbuf *now, unsigned long times)
{
	struct scripts all = { .n = 0 };
	struct nearby sum = { .sum = 2166136261u };
	uint32_t dice = 11;

	scripts_read(&all);
	for (unsigned long i = 1; i <= times; i++) {
		struct strbuf b = { 0 };

		add_words(&b, all.text[draw(&dice, all.n)], 0, 1 + draw(&dice, 6));
		add_words(&b, all.text[draw(&dice, all.n)], draw(&dice, 6), draw(&dice, 4));
		add_words(&b, all.text[draw(&dice, all.n)], draw(&dice, 10), 20);
		take_near(&sum, strbuf_text(&b));
		if (i % CROSSED_LINE == 0)
			strbuf_printf(now, "  to %lu: %08x\n", i, (unsigned)sum.sum);
		strbuf_free(&b);
	}
	for (size_t i = 0; i < all.n; i++)
		free(all.text[i]);
}

static void say_near(struct strbuf *now, const char *line)
{
	struct nearby all = { .sum = 2166136261u };

	if (strncmp(line, "> crossed ", 10) == 0) {
		say_crossed(now, strtoul(line + 10, NULL, 10));
		return;
	}
	near_below(&all, LISTING, line + 2, take_script);
	strbuf_printf(now, "  %u %08x\n", all.n, (unsigned)all.sum);
}

static void test_session__tells_the_same_of_what_is_near(void **state)
{
	(void)state;
	assert_listing(LISTING_NEAR, say_near);
}

static void test_session__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_line);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session__tells_what_the_listing_says),
		cmocka_unit_test(test_session__tells_the_same_of_what_is_near),
	};
	struct nearby all = { .told = true };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_line) | listing_write(LISTING_NEAR, say_near);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		near_below(&all, LISTING, argv[2], take_script);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
