/* IP fragments put together. */
#include "capture/fragment.h"
#include "support/unit.h"

#define A8 "aaaaaaaa"
#define B8 "bbbbbbbb"
#define C8 "cccccccc"

struct part {
	uint32_t offset;
	const char *text;
	bool more;
};

/* What the parts give, in this order; NULL when they are not whole. */
static const char *put_together(const struct part *parts, size_t n)
{
	static char text[64];
	struct fragments *f = fragments_open();
	struct bytes whole = { 0 };
	bool ok = false;

	for (size_t i = 0; i < n && parts[i].text != NULL && !ok; i++) {
		struct fragment part = { .family = 4,
			.protocol = 6,
			.id = 9,
			.src = bytes_of("\xc0\0\2\x0a", 4),
			.dst = bytes_of("\xc0\0\2\1", 4),
			.offset = parts[i].offset,
			.more = parts[i].more,
			.payload = bytes_of(parts[i].text, strlen(parts[i].text)) };

		ok = fragments_add(f, &part, &whole);
	}
	if (ok) {
		assert_true(whole.len < sizeof text);
		memcpy(text, whole.data, whole.len);
		text[whole.len] = '\0';
	}
	fragments_close(f);
	return ok ? text : NULL;
}

static void test_fragments__come_in_any_order(void **state)
{
	static const struct {
		struct part parts[4];
		const char *want;
	} rows[] = {
		{ { { 0, A8, true }, { 8, B8, true }, { 16, "end", false } }, A8 B8 "end" },
		{ { { 16, "end", false }, { 8, B8, true }, { 0, A8, true } }, A8 B8 "end" },
		{ { { 8, B8, true }, { 0, A8, true }, { 16, "end", false } }, A8 B8 "end" },
		{ { { 0, A8, true }, { 0, A8, true }, { 8, "end", false } }, A8 "end" },
		{ { { 0, A8, true }, { 8, B8, true } }, NULL },
		{ { { 0, A8, true }, { 16, "end", false } }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *got = put_together(rows[i].parts, 4);

		if (rows[i].want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, rows[i].want);
	}
}

static void test_fragments__the_first_of_overlapping_bytes_stay(void **state)
{
	static const struct part first_long[] = { { 0, A8 A8, true }, { 8, B8 B8, true },
		{ 24, "end", false } };
	static const struct part last_first[] = { { 8, B8 "end", false }, { 0, A8 A8, true } };

	(void)state;
	assert_string_equal(put_together(first_long, 3), A8 A8 B8 "end");
	assert_string_equal(put_together(last_first, 2), A8 B8 "end");
}

static void test_fragments__past_the_end_do_not_count(void **state)
{
	static const struct part parts[] = { { 0, A8, true }, { 16, "end", false },
		{ 24, C8, true }, { 32, C8, true } };

	(void)state;
	assert_null(put_together(parts, 4));
}

static void test_fragments__of_impossible_size_are_left_out(void **state)
{
	static const struct part odd[] = { { 0, "aaaaa", true }, { 8, "end", false } };
	static const struct part empty[] = { { 0, A8, true }, { 8, "", false } };
	static const struct part huge[] = { { 65528, B8 B8, false } };

	(void)state;
	assert_null(put_together(odd, 2));
	assert_null(put_together(empty, 2));
	assert_null(put_together(huge, 1));
}

static struct fragment part_of(uint32_t id, uint32_t offset, bool more, int64_t time)
{
	return (struct fragment){ .family = 4,
		.protocol = 6,
		.id = id,
		.offset = offset,
		.more = more,
		.time = time,
		.src = bytes_of("\xc0\0\2\x0a", 4),
		.dst = bytes_of("\xc0\0\2\1", 4),
		.payload = bytes_of(A8, 8) };
}

static void test_fragments__of_other_datagrams_do_not_mix(void **state)
{
	struct fragments *f = fragments_open();
	struct fragment a = part_of(1, 0, true, 0), b = part_of(2, 8, false, 0), c = a, d = a;
	struct bytes whole;

	(void)state;
	c.protocol = 17;
	c.offset = 8;
	c.more = false;
	d.src = bytes_of("\xc0\0\2\x0b", 4);
	d.offset = 8;
	d.more = false;
	assert_false(fragments_add(f, &a, &whole));
	assert_false(fragments_add(f, &b, &whole));
	assert_false(fragments_add(f, &c, &whole));
	assert_false(fragments_add(f, &d, &whole));
	b.id = 1;
	assert_true(fragments_add(f, &b, &whole));
	fragments_close(f);
}

static void test_fragments__are_not_waited_for_longer_than_a_minute(void **state)
{
	struct fragments *f = fragments_open();
	struct fragment a = part_of(1, 0, true, 0), b = part_of(1, 8, false, 61 * 1000000000ll);
	struct bytes whole;

	(void)state;
	assert_false(fragments_add(f, &a, &whole));
	assert_false(fragments_add(f, &b, &whole));
	fragments_close(f);
}

static void test_fragments__the_oldest_datagram_gives_way(void **state)
{
	struct fragments *f = fragments_open();
	struct fragment part;
	struct bytes whole;

	(void)state;
	for (uint32_t id = 0; id < 100; id++) {
		part = part_of(id, 0, true, 0);
		assert_false(fragments_add(f, &part, &whole));
	}
	part = part_of(99, 8, false, 0);
	assert_true(fragments_add(f, &part, &whole));
	part = part_of(0, 8, false, 0);
	assert_false(fragments_add(f, &part, &whole));
	fragments_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fragments__come_in_any_order),
		cmocka_unit_test(test_fragments__the_first_of_overlapping_bytes_stay),
		cmocka_unit_test(test_fragments__past_the_end_do_not_count),
		cmocka_unit_test(test_fragments__of_impossible_size_are_left_out),
		cmocka_unit_test(test_fragments__of_other_datagrams_do_not_mix),
		cmocka_unit_test(test_fragments__are_not_waited_for_longer_than_a_minute),
		cmocka_unit_test(test_fragments__the_oldest_datagram_gives_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
