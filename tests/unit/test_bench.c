/* src/door/bench.c: which attempts without a byte are judged, and which are counted. */
#include "door/bench.h"
#include "session/handshake.h"
#include "support/unit.h"

#include <string.h>

struct seen {
	uint64_t ids[2 * BENCH_MAX];
	size_t n;
	uint64_t next_id;
	struct bench *bench;
};

static void see(void *ctx, struct handshake *hs)
{
	struct seen *s = ctx;

	assert_true(s->n < (size_t)2 * BENCH_MAX);
	s->ids[s->n++] = hs->id;
	handshake_free(hs);
}

static struct seen begin(void)
{
	return (struct seen){ .next_id = 0 };
}

/* A handshake with 192.0.2.(host):port. */
static void give(struct seen *s, uint8_t host, uint16_t port, enum ending ending)
{
	struct arena *a = arena_new(1 << 20);
	struct handshake *hs = arena_alloc(a, sizeof *hs);

	assert_non_null(hs);
	hs->arena = a;
	hs->id = ++s->next_id;
	hs->ending = ending;
	hs->side[SIDE_SERVER].address =
		(struct endpoint){ .family = 4, .addr = { 192, 0, 2, host }, .port = port };
	if (ending == ENDING_SETTLED)
		hs->side[SIDE_CLIENT].begun = 1U << HS_CLIENT_HELLO;
	if (ending == ENDING_CAPTURE)
		hs->side[SIDE_SERVER].tcp.bytes = 100; /* cut, but not before a byte came */
	if (s->bench == NULL)
		s->bench = bench_open((struct bench_sink){ see, s });
	bench_take(s->bench, hs);
}

static void expect(struct seen *s, const uint64_t *ids, size_t n)
{
	assert_int_equal(s->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(s->ids[i], ids[i]);
}
#define EXPECT(s, ...)                                                                             \
	expect((s), (const uint64_t[]){ __VA_ARGS__ },                                             \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void test_bench__a_handful_of_servers_is_judged_in_the_end(void **state)
{
	struct seen s = begin();

	(void)state;
	for (int i = 1; i <= HANDFUL; i++)
		give(&s, (uint8_t)i, 443, ENDING_REFUSED);
	give(&s, 1, 443, ENDING_UNANSWERED);
	assert_int_equal(s.n, 0);
	bench_conclude(s.bench);
	EXPECT(&s, 1, 2, 3, 4, 5);
	assert_int_equal(bench_unmade(s.bench).refused, 0);
	bench_close(s.bench);
}

static void test_bench__more_servers_without_tls_are_counted(void **state)
{
	struct seen s = begin();
	struct unmade u;

	(void)state;
	for (int i = 1; i <= HANDFUL + 1; i++)
		give(&s, (uint8_t)i, 443, i == 1 ? ENDING_UNREACHABLE : ENDING_REFUSED);
	give(&s, 9, 22, ENDING_UNANSWERED);
	bench_conclude(s.bench);
	assert_int_equal(s.n, 0);
	u = bench_unmade(s.bench);
	assert_int_equal(u.refused, HANDFUL);
	assert_int_equal(u.unanswered, 1);
	assert_int_equal(u.unreachable, 1);
	assert_int_equal(unmade_all(&u), HANDFUL + 2);
	bench_close(s.bench);
}

static void test_bench__a_port_that_speaks_tls_frees_what_waits_for_it(void **state)
{
	struct seen s = begin();

	(void)state;
	for (uint8_t i = 1; i <= 6; i++)
		give(&s, i, i % 2 == 0 ? 443 : 8883, ENDING_REFUSED);
	give(&s, 7, 443, ENDING_SETTLED);
	EXPECT(&s, 2, 4, 6, 7);
	give(&s, 8, 443, ENDING_UNANSWERED); /* at once, from now on */
	EXPECT(&s, 2, 4, 6, 7, 8);
	bench_conclude(s.bench);
	EXPECT(&s, 2, 4, 6, 7, 8);
	assert_int_equal(bench_unmade(s.bench).refused, 3);
	bench_close(s.bench);
}

static void test_bench__many_attempts_at_a_few_are_not_lost(void **state)
{
	struct seen s = begin();

	(void)state;
	for (size_t i = 0; i < BENCH_MAX + 5; i++)
		give(&s, 1, 443, ENDING_REFUSED);
	assert_int_equal(s.n, BENCH_MAX);
	bench_conclude(s.bench);
	assert_int_equal(s.n, BENCH_MAX + 5);
	for (size_t i = 0; i < s.n; i++)
		assert_int_equal(s.ids[i], i + 1);
	bench_close(s.bench);
}

static void test_bench__what_waits_is_bounded(void **state)
{
	struct seen s = begin();

	(void)state;
	for (size_t i = 0; i < (size_t)3 * BENCH_MAX; i++)
		give(&s, (uint8_t)i, (uint16_t)(1000 + i), ENDING_UNANSWERED);
	bench_conclude(s.bench);
	assert_int_equal(s.n, 0);
	assert_int_equal(bench_unmade(s.bench).unanswered, 3 * BENCH_MAX);
	bench_close(s.bench);
}

static void test_bench__other_endings_pass_at_once(void **state)
{
	static const enum ending endings[] = { ENDING_SETTLED, ENDING_ALERT, ENDING_FIN,
		ENDING_SILENCE, ENDING_CAPTURE };
	struct seen s = begin();

	(void)state;
	for (uint8_t i = 0; i < 5; i++)
		give(&s, i, (uint16_t)(100 + i), endings[i]);
	EXPECT(&s, 1, 2, 3, 4, 5);
	bench_conclude(s.bench);
	bench_close(s.bench);
}

static void test_bench__what_still_waits_is_freed(void **state)
{
	struct seen s = begin();

	(void)state;
	give(&s, 1, 443, ENDING_REFUSED);
	bench_close(s.bench);
	assert_int_equal(s.n, 0);
	bench_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bench__a_handful_of_servers_is_judged_in_the_end),
		cmocka_unit_test(test_bench__more_servers_without_tls_are_counted),
		cmocka_unit_test(test_bench__a_port_that_speaks_tls_frees_what_waits_for_it),
		cmocka_unit_test(test_bench__many_attempts_at_a_few_are_not_lost),
		cmocka_unit_test(test_bench__what_waits_is_bounded),
		cmocka_unit_test(test_bench__other_endings_pass_at_once),
		cmocka_unit_test(test_bench__what_still_waits_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
