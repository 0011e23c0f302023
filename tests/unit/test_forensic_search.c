/* The parts that trials are made of: searching on every core, orders of bytes. */
#include "support/unit.h"

#include "forensic/reorder.h"
#include "forensic/search.h"

#include <string.h>

struct wanted {
	size_t first, second; /* both are hits */
};

static bool is_wanted(const void *ctx, size_t i)
{
	const struct wanted *w = ctx;

	return i == w->first || i == w->second;
}

static void test_search__the_lowest_hit_wins(void **state)
{
	static const struct wanted rows[] = {
		{ 0, 9999 },
		{ 31, 32 },
		{ 32, 31 },
		{ 500, 40 },
		{ 9999, SEARCH_MISS },
		{ 9998, 9999 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int again = 0; again < 20; again++) {
			struct search s = { 10000, is_wanted, &rows[i] };
			size_t lowest =
				rows[i].first < rows[i].second ? rows[i].first : rows[i].second;
			struct search_result r;
			struct budget b;

			budget_init(&b, 60);
			r = search_run(&s, &b);
			assert_int_equal(r.hit, lowest);
			assert_int_equal(r.tried, lowest + 1);
			assert_false(r.out_of_budget);
		}
}

static void test_search__without_a_hit_everything_was_tried(void **state)
{
	static const size_t sizes[] = { 0, 1, 31, 32, 33, 1000 };
	struct wanted none = { SEARCH_MISS, SEARCH_MISS };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct search s = { sizes[i], is_wanted, &none };
		struct search_result r;
		struct budget b;

		budget_init(&b, 60);
		r = search_run(&s, &b);
		assert_int_equal(r.hit, SEARCH_MISS);
		assert_int_equal(r.tried, sizes[i]);
		assert_false(r.out_of_budget);
	}
}

static void test_search__stops_when_the_budget_is_spent(void **state)
{
	struct wanted none = { SEARCH_MISS, SEARCH_MISS };
	struct search s = { (size_t)1 << 40, is_wanted, &none };
	struct search_result r;
	struct budget b;

	(void)state;
	budget_init(&b, 0.02);
	r = search_run(&s, &b);
	assert_true(r.out_of_budget);
	assert_true(r.tried < s.n);
	assert_false(budget_left(&b));
	r = search_run(&s, &b);
	assert_int_equal(r.tried, 0);
}

static void test_reorder__moves_what_it_says(void **state)
{
	static const uint8_t in[] = "abcdefgh";
	static const struct {
		enum order order;
		const char *out;
	} rows[] = {
		{ ORDER_AS_SENT, "abcdefgh" },
		{ ORDER_BYTES_REVERSED, "hgfedcba" },
		{ ORDER_WORDS_REVERSED, "efghabcd" },
		{ ORDER_BYTES_IN_WORDS, "dcbahgfe" },
		{ ORDER_BYTES_IN_HALVES, "badcfehg" },
		{ ORDER_HALVES_IN_WORDS, "cdabghef" },
		{ ORDER_BYTES_IN_DOUBLES, "hgfedcba" },
		{ ORDER_WORDS_IN_DOUBLES, "efghabcd" },
	};

	(void)state;
	assert_int_equal(sizeof rows / sizeof rows[0], N_ORDERS);
	for (size_t i = 0; i < N_ORDERS; i++) {
		uint8_t out[8], back[8];

		assert_true(reorder(rows[i].order, bytes_of(in, 8), out));
		assert_memory_equal(out, rows[i].out, 8);
		assert_true(reorder(rows[i].order, bytes_of(out, 8), back));
		assert_memory_equal(back, in, 8);
	}
}

static void test_reorder__refuses_lengths_that_do_not_fit(void **state)
{
	static const struct {
		enum order order;
		size_t len;
		bool fits;
	} rows[] = {
		{ ORDER_BYTES_REVERSED, 7, true },
		{ ORDER_BYTES_REVERSED, 0, false },
		{ ORDER_WORDS_REVERSED, 6, false },
		{ ORDER_BYTES_IN_WORDS, 6, false },
		{ ORDER_BYTES_IN_HALVES, 6, true },
		{ ORDER_BYTES_IN_DOUBLES, 4, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		static const uint8_t in[8];
		uint8_t out[8];

		assert_int_equal(
			reorder(rows[i].order, bytes_of(in, rows[i].len), out), rows[i].fits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search__the_lowest_hit_wins),
		cmocka_unit_test(test_search__without_a_hit_everything_was_tried),
		cmocka_unit_test(test_search__stops_when_the_budget_is_spent),
		cmocka_unit_test(test_reorder__moves_what_it_says),
		cmocka_unit_test(test_reorder__refuses_lengths_that_do_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
