/*
 * What the session makes of connections that a log tells of: of some messages it has the bytes, of some
 * only the names, and how it ended its program says. What it should be stands in
 * tests/unit/facts/logged.txt, in the words of support/log_talk.h:
 *
 *   > c:CH s:told2 c:owner ...
 *
 * `test_logged_facts --write` writes down what is told now: what changed is then to be read. In logged-near.txt
 * beside it stand sums of what is told of logs near to these (support/near_words.h), as in session-near.txt.
 */
#include "base/array.h"
#include "support/facts_text.h"
#include "support/listing.h"
#include "support/log_talk.h"
#include "support/near_words.h"

#define LISTING      "tests/unit/facts/logged.txt"
#define LISTING_NEAR "tests/unit/facts/logged-near.txt"

static void say_log(struct strbuf *now, const char *line)
{
	struct log_talk *l = calloc(1, sizeof *l);

	assert_non_null(l);
	open_log(l);
	say_script(l, line + 2);
	tls_talk_close(&l->t);
	l->again = true;
	open_log(l);
	say_script(l, line + 2);
	if (l->t.n == 0)
		strbuf_puts(now, "nothing\n");
	for (size_t i = 0; i < l->t.n; i++) {
		say_outcome(now, l->t.hs[i]);
		say_facts(now, l->t.hs[i]);
	}
	tls_talk_close(&l->t);
	free(l);
}

/* ---- logs near to those of the listing ---- */

static const char *const words[] = { "c:told11", "s:told11", "s:told2", "c:told1", "s:told14",
	"c:told20", "s:keys20", "c:keys20", "c:toldccs", "s:keysccs", "s:told-alert48",
	"c:told-alert40", "c:told-warn0", "s:told-warn90", "c:told-code40", "s:told-code48",
	"c:keys-alert48", "s:keys-alert42", "s:keys-warn0", "c:opened-alert48", "s:opened-warn0",
	"c:opened-data", "s:opened-data", "c:open:CERT", "s:open:CERT", "s:open@20:CERT",
	"s:open#20:CERT", "s:open%20:CERT", "c:opens", "s:opens", "c:done", "s:done", "c:owner",
	"s:owner", "c:closed", "s:reset", "s:timed-out", "s:refused.", "s:unreachable.",
	"c:version0304", "c:version0303", "c:suite1301", "c:suitec02f", "c:group001d",
	"c:name'x.example", "s:resumed", "c:code7280", "s:code2700", "c:errno-104", "s:says-http",
	"c:CH", "s:SH", "s:CERT", "c:lost", "s:gap30", "s:alert40", "c:fin", "s:rst", "c:wait5" };

static void take_near(void *ctx, const char *near)
{
	struct strbuf line = { 0 }, b = { 0 };

	strbuf_printf(&line, "> %s", near);
	say_log(&b, strbuf_text(&line));
	near_take(ctx, near, &b);
	strbuf_free(&line);
	strbuf_free(&b);
}

static void take_script(struct nearby *all, const char *script)
{
	near_each(script, words, COUNT(words), take_near, all);
}

static void say_near(struct strbuf *now, const char *line)
{
	struct nearby all = { .sum = 2166136261u };

	near_below(&all, LISTING, line + 2, take_script);
	strbuf_printf(now, "  %u %08x\n", all.n, (unsigned)all.sum);
}

static void test_logged__tells_the_same_of_what_is_near(void **state)
{
	(void)state;
	assert_listing(LISTING_NEAR, say_near);
}

static void test_logged__tells_what_the_listing_says(void **state)
{
	(void)state;
	assert_listing(LISTING, say_log);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logged__tells_what_the_listing_says),
		cmocka_unit_test(test_logged__tells_the_same_of_what_is_near),
	};
	struct nearby all = { .told = true };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return listing_write(LISTING, say_log) | listing_write(LISTING_NEAR, say_near);
	if (argc == 3 && strcmp(argv[1], "--near") == 0) {
		near_below(&all, LISTING, argv[2], take_script);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
