/* src/base: the cursor, the arena, text buffers, errors and secrets. */
#include "support/unit.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cur.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/strbuf.h"

/* A cursor on the bytes given; needs a `struct parse_err err` beside it. */
#define CURSOR(...) cur_init(bytes_of(BYTES(__VA_ARGS__), sizeof(BYTES(__VA_ARGS__))), &err)
#define BYTES(...)                                                                                 \
	(const uint8_t[])                                                                          \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

/* cur */

static void test_cur__integers_are_big_endian(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(0x01, 0x02, 0x03, 0xf4, 0x05, 0x06, 0xff, 0xfe, 0xfd, 0xfc);

	(void)state;
	assert_int_equal(cur_u8(&c, "a"), 0x01);
	assert_int_equal(cur_u16(&c, "b"), 0x0203);
	assert_int_equal(cur_u24(&c, "c"), 0xf40506);
	assert_int_equal(cur_u32(&c, "d"), 0xfffefdfc);
	assert_int_equal(c.at, 10);
	assert_true(cur_end(&c, "message"));
}

static uint32_t read_uint(struct cur *c, size_t len)
{
	switch (len) {
	case 1:
		return cur_u8(c, "f");
	case 2:
		return cur_u16(c, "f");
	case 3:
		return cur_u24(c, "f");
	default:
		return cur_u32(c, "f");
	}
}

static void test_cur__short_read_fails(void **state)
{
	static const struct {
		size_t have, need;
	} rows[] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 }, { 3, 4 }, { 0, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const uint8_t data[4] = { 0xaa, 0xbb, 0xcc, 0xdd };
		struct parse_err err;
		struct cur c = cur_init(bytes_of(data, rows[i].have), &err);

		assert_int_equal(read_uint(&c, rows[i].need), 0);
		assert_false(cur_ok(&c));
		assert_int_equal(err.code, PARSE_SHORT);
		assert_string_equal(err.field, "f");
		assert_int_equal(err.at, 0);
		assert_int_equal(err.need, rows[i].need);
		assert_int_equal(err.have, rows[i].have);
	}
}

static void test_cur__bytes_are_borrowed_not_copied(void **state)
{
	static const uint8_t data[] = { 1, 2, 3, 4, 5 };
	struct parse_err err;
	struct cur c = cur_init(bytes_of(data, sizeof data), &err);
	struct bytes two = cur_bytes(&c, 2, "two");
	struct bytes rest = cur_rest(&c);

	(void)state;
	assert_ptr_equal(two.data, data);
	assert_int_equal(two.len, 2);
	assert_ptr_equal(rest.data, data + 2);
	assert_int_equal(rest.len, 3);
	assert_int_equal(cur_left(&c), 0);
	assert_true(cur_ok(&c));
}

static void test_cur__an_impossible_length_reads_nothing(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(1, 2, 3);
	struct bytes b = cur_bytes(&c, SIZE_MAX, "huge");

	(void)state;
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(err.code, PARSE_SHORT);
	assert_int_equal(err.need, SIZE_MAX);
}

static void test_cur__the_first_failure_is_kept(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(9, 8, 7);

	(void)state;
	assert_int_equal(cur_u8(&c, "fine"), 9);
	assert_int_equal(cur_u32(&c, "first"), 0);
	assert_int_equal(cur_u8(&c, "second"), 0);
	cur_fail(&c, PARSE_VALUE, "third", 3);
	assert_false(cur_end(&c, "fourth"));
	assert_int_equal(err.code, PARSE_SHORT);
	assert_string_equal(err.field, "first");
	assert_int_equal(err.at, 1);
	assert_int_equal(err.need, 4);
	assert_int_equal(err.have, 2);
}

static void test_cur__nothing_can_be_read_after_a_failure(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(0, 1, 2, 3);
	struct cur child;

	(void)state;
	cur_fail(&c, PARSE_LIMIT, "items", 0);
	assert_int_equal(cur_left(&c), 0);
	assert_null(cur_rest(&c).data);
	assert_null(cur_bytes(&c, 0, "none").data);
	child = cur_vec8(&c, "vec", 0, 255);
	assert_int_equal(cur_left(&child), 0);
	assert_int_equal(err.code, PARSE_LIMIT);
}

static void test_cur__a_vector_is_a_window_on_its_body(void **state)
{
	static const uint8_t one[] = { 2, 0xa, 0xb, 0xc };
	static const uint8_t two[] = { 0, 2, 0xa, 0xb, 0xc };
	static const uint8_t three[] = { 0, 0, 2, 0xa, 0xb, 0xc };
	static const struct {
		const uint8_t *data;
		size_t width;
		struct cur (*read)(struct cur *, const char *, size_t, size_t);
	} rows[] = { { one, 1, cur_vec8 }, { two, 2, cur_vec16 }, { three, 3, cur_vec24 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct parse_err err;
		struct cur c = cur_init(bytes_of(rows[i].data, rows[i].width + 3), &err);
		struct cur body = rows[i].read(&c, "vec", 1, 100);

		assert_int_equal(body.at, rows[i].width);
		assert_int_equal(cur_left(&body), 2);
		assert_int_equal(cur_u16(&body, "item"), 0x0a0b);
		assert_true(cur_end(&body, "vec"));
		assert_int_equal(c.at, rows[i].width + 2);
		assert_int_equal(cur_u8(&c, "after"), 0x0c);
	}
}

static void test_cur__a_child_cannot_read_its_parents_bytes(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(1, 0x11, 0x22, 0x33, 0x44);
	struct cur child = cur_vec8(&c, "child", 0, 255);

	(void)state;
	assert_int_equal(cur_u16(&child, "child.item"), 0);
	assert_string_equal(err.field, "child.item");
	assert_int_equal(err.at, 1);
	assert_int_equal(err.need, 2);
	assert_int_equal(err.have, 1);
	assert_int_equal(cur_u8(&c, "parent"), 0);
}

static void test_cur__offsets_count_from_the_start_of_the_message(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(0, 5, 0, 0, 2, 7, 7);
	struct cur outer = cur_vec16(&c, "outer", 0, 65535);
	struct cur inner = cur_vec24(&outer, "inner", 0, 65535);

	(void)state;
	assert_int_equal(outer.at, 7);
	assert_int_equal(inner.at, 5);
	(void)cur_u8(&inner, "first");
	(void)cur_u16(&inner, "second");
	assert_string_equal(err.field, "second");
	assert_int_equal(err.at, 6);
}

static void test_cur__a_length_outside_its_bounds_is_told_at_the_length(void **state)
{
	static const struct {
		uint8_t len;
		size_t min, max, bound;
	} rows[] = { { 0, 1, 10, 1 }, { 1, 2, 10, 2 }, { 4, 0, 3, 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const uint8_t data[] = { 0xee, rows[i].len, 1, 2, 3, 4 };
		struct parse_err err;
		struct cur c = cur_init(bytes_of(data, sizeof data), &err);
		struct cur body;

		(void)cur_u8(&c, "before");
		body = cur_vec8(&c, "vec", rows[i].min, rows[i].max);
		assert_int_equal(cur_left(&body), 0);
		assert_int_equal(err.code, PARSE_RANGE);
		assert_string_equal(err.field, "vec");
		assert_int_equal(err.at, 1);
		assert_int_equal(err.need, rows[i].bound);
		assert_int_equal(err.have, rows[i].len);
	}
}

static void test_cur__a_vector_longer_than_its_parent_is_short(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(0, 9, 1, 2, 3);
	struct cur body = cur_vec16(&c, "vec", 0, 65535);

	(void)state;
	assert_int_equal(cur_left(&body), 0);
	assert_int_equal(err.code, PARSE_SHORT);
	assert_int_equal(err.at, 2);
	assert_int_equal(err.need, 9);
	assert_int_equal(err.have, 3);
}

static void test_cur__stray_bytes_are_counted(void **state)
{
	struct parse_err err;
	struct cur c = CURSOR(1, 2, 3, 4);

	(void)state;
	(void)cur_u8(&c, "a");
	assert_false(cur_end(&c, "block"));
	assert_int_equal(err.code, PARSE_TRAILING);
	assert_string_equal(err.field, "block");
	assert_int_equal(err.at, 1);
	assert_int_equal(err.have, 3);
}

static void test_cur__an_empty_message_is_well_formed(void **state)
{
	struct parse_err err = { PARSE_SHORT, "stale", 1, 2, 3 };
	struct cur c = cur_init(bytes_of(NULL, 0), &err);

	(void)state;
	assert_int_equal(err.code, PARSE_OK);
	assert_int_equal(cur_rest(&c).len, 0);
	assert_true(cur_end(&c, "message"));
}

static void test_cur__an_error_reads_as_a_sentence(void **state)
{
	static const struct {
		struct parse_err err;
		const char *text;
	} rows[] = {
		{ { PARSE_OK, NULL, 0, 0, 0 }, "well formed" },
		{ { PARSE_SHORT, "key", 106, 9, 4 }, "byte 106: key needs 9 bytes, has 4" },
		{ { PARSE_CUT, "key", 3, 9, 4 }, "byte 3: key breaks off, nothing follows" },
		{ { PARSE_RANGE, "key", 3, 2, 1 }, "byte 3: key has length 1, the bound is 2" },
		{ { PARSE_TRAILING, "key", 3, 0, 7 }, "byte 3: 7 stray bytes after key" },
		{ { PARSE_LIMIT, "key", 3, 0, 0 }, "byte 3: more of key than are kept" },
		{ { PARSE_VALUE, "key", 3, 0, 0 },
			"byte 3: key has a value that cannot be read on" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[120];

		parse_err_text(&rows[i].err, text, sizeof text);
		assert_string_equal(text, rows[i].text);
	}
}

static void test_cur__a_sentence_is_cut_to_its_buffer(void **state)
{
	const struct parse_err err = { PARSE_VALUE, "a_rather_long_field", 3, 0, 0 };
	char text[12];

	(void)state;
	parse_err_text(&err, text, sizeof text);
	assert_string_equal(text, "byte 3: a_r");
}

/* bytes */

static void test_bytes__a_slice_stays_inside(void **state)
{
	static const uint8_t data[] = { 0, 1, 2, 3, 4 };
	static const struct {
		size_t at, len, want_at, want_len;
	} rows[] = { { 0, 5, 0, 5 }, { 1, 2, 1, 2 }, { 3, 9, 3, 2 }, { 5, 1, 5, 0 }, { 9, 1, 5, 0 },
		{ 2, SIZE_MAX, 2, 3 }, { SIZE_MAX, SIZE_MAX, 5, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes b = bytes_slice(bytes_of(data, 5), rows[i].at, rows[i].len);

		assert_ptr_equal(b.data, data + rows[i].want_at);
		assert_int_equal(b.len, rows[i].want_len);
	}
	assert_null(bytes_slice(bytes_of(NULL, 0), 3, 3).data);
}

static void test_bytes__a_number_is_stripped_of_its_zeros_in_front(void **state)
{
	static const uint8_t number[] = { 0, 0, 7, 0 };
	struct bytes all = bytes_of(number, sizeof number), rest = bytes_skip_zeros(all);

	(void)state;
	assert_int_equal(rest.len, 2);
	assert_ptr_equal(rest.data, number + 2);
	assert_int_equal(bytes_skip_zeros(rest).len, 2);
	assert_int_equal(bytes_skip_zeros(bytes_slice(all, 0, 2)).len, 0);
	assert_int_equal(bytes_skip_zeros(bytes_of(NULL, 0)).len, 0);
}

static void test_bytes__equal_means_same_length_and_content(void **state)
{
	(void)state;
	assert_true(bytes_equal(bytes_of("abc", 3), bytes_of("abcd", 3)));
	assert_false(bytes_equal(bytes_of("abc", 3), bytes_of("abd", 3)));
	assert_false(bytes_equal(bytes_of("abc", 3), bytes_of("abc", 2)));
	assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of("x", 0)));
}

static void test_bytes__hash_tells_neighbours_apart(void **state)
{
	static const uint8_t zeros[24];
	uint8_t data[24] = { 0 };
	uint64_t none = bytes_hash(bytes_of(zeros, sizeof zeros));

	(void)state;
	for (size_t i = 0; i < sizeof data; i++) {
		data[i] = 1;
		assert_true(bytes_hash(bytes_of(data, sizeof data)) != none);
		data[i] = 0;
		assert_true(bytes_hash(bytes_of(zeros, i)) != none);
	}
	assert_true(bytes_hash(bytes_of(data, sizeof data)) == none);
}

/* arena */

static void test_arena__memory_is_zeroed_and_aligned(void **state)
{
	struct arena *a = arena_new(1 << 20);

	(void)state;
	assert_non_null(a);
	for (size_t size = 1; size < 40000; size = size * 3 + 1) {
		uint8_t *p = arena_alloc(a, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	assert_false(arena_failed(a));
	arena_free(a);
}

static void test_arena__the_budget_holds(void **state)
{
	static const size_t sizes[] = { 64, 1000, 5000, 20000 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const size_t limit = 100000;
		struct arena *a = arena_new(limit);
		size_t got = 0;

		while (arena_alloc(a, sizes[i]) != NULL) {
			got += sizes[i];
			assert_true(arena_used(a) <= limit);
		}
		assert_true(arena_failed(a));
		assert_true(got > limit / 2 && got <= limit);
		arena_free(a);
	}
}

static void test_arena__a_size_beyond_all_memory_is_refused(void **state)
{
	struct arena *a = arena_new(SIZE_MAX / 2);

	(void)state;
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_true(arena_failed(a));
	arena_reset(a);
	assert_false(arena_failed(a));
	assert_null(arena_alloc(a, SIZE_MAX - 64));
	assert_true(arena_failed(a));
	arena_free(a);
}

static void test_arena__a_refusal_leaves_what_was_given(void **state)
{
	struct arena *a = arena_new(8192);
	char *text = arena_str(a, "kept");

	(void)state;
	assert_null(arena_alloc(a, 100000));
	assert_string_equal(text, "kept");
	assert_non_null(arena_alloc(a, 16));
	arena_free(a);
}

static void test_arena__reset_gives_the_budget_back(void **state)
{
	struct arena *a = arena_new(65536);
	size_t fresh = arena_used(a);
	uint8_t *first = arena_alloc(a, 32);

	(void)state;
	memset(first, 0xff, 32);
	while (arena_alloc(a, 1000) != NULL)
		continue;
	arena_reset(a);
	assert_int_equal(arena_used(a), fresh);
	assert_false(arena_failed(a));
	assert_ptr_equal(arena_alloc(a, 32), first);
	assert_int_equal(first[0] | first[31], 0);
	arena_free(a);
}

static void test_arena__copies_are_independent(void **state)
{
	struct arena *a = arena_new(1 << 16);
	char text[] = "hello";
	struct bytes copy = arena_copy(a, bytes_of(text, 5));
	char *str = arena_str(a, text);
	char *printed = arena_printf(a, "%s, %d times", text, 3);

	(void)state;
	memset(text, 'x', 5);
	assert_memory_equal(copy.data, "hello", 5);
	assert_int_equal(copy.len, 5);
	assert_string_equal(str, "hello");
	assert_string_equal(printed, "hello, 3 times");
	arena_free(a);
}

static void test_arena__an_empty_copy_is_not_null(void **state)
{
	struct arena *a = arena_new(4096);
	struct bytes empty = arena_copy(a, bytes_of(NULL, 0));

	(void)state;
	assert_non_null(empty.data);
	assert_int_equal(empty.len, 0);
	arena_free(a);
}

static void test_arena__copies_beyond_the_budget_are_null(void **state)
{
	static const char big[10000];
	struct arena *a = arena_new(4096);

	(void)state;
	assert_null(arena_copy(a, bytes_of(big, sizeof big)).data);
	assert_null(arena_printf(a, "%9000d", 1));
	assert_true(arena_failed(a));
	arena_free(a);
}

static void test_arena__a_first_block_of_its_own_size_is_kept(void **state)
{
	struct arena *a = arena_new_sized(1 << 20, 65536);

	(void)state;
	assert_int_equal(arena_used(a), 65536);
	assert_non_null(arena_alloc(a, 200000));
	arena_reset(a);
	assert_int_equal(arena_used(a), 65536);
	arena_free(a);
	a = arena_new_sized(100, 4096);
	assert_int_equal(arena_used(a), 100);
	arena_free(a);
}

static void test_arena__free_accepts_null(void **state)
{
	(void)state;
	arena_free(NULL);
}

/* strbuf */

static void test_strbuf__an_unused_one_is_the_empty_text(void **state)
{
	struct strbuf b = { 0 };

	(void)state;
	assert_string_equal(strbuf_text(&b), "");
	strbuf_clear(&b);
	strbuf_add(&b, NULL, 0);
	assert_string_equal(strbuf_text(&b), "");
	strbuf_free(&b);
	assert_null(b.text);
}

static void test_strbuf__appends_in_order(void **state)
{
	struct strbuf b = { 0 };
	static const uint8_t data[] = { 0x00, 0x9f, 0xff };

	(void)state;
	strbuf_puts(&b, "one ");
	strbuf_add(&b, "twoXXX", 3);
	strbuf_printf(&b, " %d %s ", 3, "four");
	strbuf_hex(&b, bytes_of(data, sizeof data));
	strbuf_hex(&b, bytes_of(NULL, 0));
	assert_string_equal(strbuf_text(&b), "one two 3 four 009fff");
	assert_int_equal(b.len, 21);
	assert_false(b.failed);
	strbuf_free(&b);
}

static void test_strbuf__grows_past_every_block_boundary(void **state)
{
	struct strbuf b = { 0 };

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		strbuf_printf(&b, "%c", (int)('a' + i % 26));
		assert_int_equal(b.len, i + 1);
		assert_int_equal(strlen(strbuf_text(&b)), i + 1);
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(b.text[i], 'a' + i % 26);
	strbuf_free(&b);
}

static void test_strbuf__clear_keeps_the_memory(void **state)
{
	struct strbuf b = { 0 };
	const char *text;

	(void)state;
	strbuf_puts(&b, "something");
	text = strbuf_text(&b);
	strbuf_clear(&b);
	assert_string_equal(strbuf_text(&b), "");
	assert_ptr_equal(strbuf_text(&b), text);
	strbuf_puts(&b, "new");
	assert_string_equal(strbuf_text(&b), "new");
	strbuf_free(&b);
}

static void test_strbuf__a_text_too_long_for_memory_is_remembered(void **state)
{
	struct strbuf b = { 0 };

	(void)state;
	strbuf_puts(&b, "kept");
	strbuf_add(&b, "never read", SIZE_MAX - 16);
	assert_true(b.failed);
	strbuf_puts(&b, "ignored");
	strbuf_printf(&b, "%d", 5);
	assert_string_equal(strbuf_text(&b), "kept");
	strbuf_free(&b);
	assert_false(b.failed);
}

/* err */

static void test_err__set_fills_and_returns_false(void **state)
{
	struct err e;

	(void)state;
	assert_false(err_set(&e, ERR_OS, 2, "cannot open '%s'", "k.txt"));
	assert_int_equal(e.code, ERR_OS);
	assert_int_equal(e.detail, 2);
	assert_string_equal(e.msg, "cannot open 'k.txt'");
}

static void test_err__context_goes_before_the_message(void **state)
{
	struct err e;

	(void)state;
	(void)err_set(&e, ERR_INPUT, 0, "no magic");
	assert_false(err_context(&e, "reading %s", "a.pcap"));
	assert_false(err_context(&e, "input %d", 2));
	assert_string_equal(e.msg, "input 2: reading a.pcap: no magic");
	assert_int_equal(e.code, ERR_INPUT);
}

static void test_err__a_long_message_is_cut_not_overrun(void **state)
{
	char name[400];
	struct err e;

	(void)state;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	(void)err_set(&e, ERR_OS, 0, "%s", name);
	assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
	(void)err_context(&e, "reading");
	assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
	assert_memory_equal(e.msg, "reading: nnn", 12);
	(void)err_context(&e, "%s", name);
	assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
}

/* secret */

static void test_secret__starts_zeroed_and_ends_empty(void **state)
{
	struct secret s;

	(void)state;
	assert_true(secret_new(&s, 32));
	assert_int_equal(s.len, 32);
	for (size_t i = 0; i < s.len; i++)
		assert_int_equal(s.data[i], 0);
	secret_wipe(&s);
	assert_null(s.data);
	assert_int_equal(s.len, 0);
	secret_wipe(&s);
}

static void test_secret__an_empty_one_has_memory_and_no_length(void **state)
{
	struct secret s;

	(void)state;
	assert_true(secret_new(&s, 0));
	assert_non_null(s.data);
	assert_int_equal(s.len, 0);
	secret_wipe(&s);
}

static void test_secret__wipe_overwrites_exactly_its_bytes(void **state)
{
	uint8_t data[] = { 1, 2, 3, 4, 5 };
	static const uint8_t want[] = { 1, 0, 0, 0, 5 };

	(void)state;
	wipe(data + 1, 3);
	assert_memory_equal(data, want, sizeof want);
	wipe(NULL, 3);
	wipe(data, 0);
	assert_int_equal(data[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cur__integers_are_big_endian),
		cmocka_unit_test(test_cur__short_read_fails),
		cmocka_unit_test(test_cur__bytes_are_borrowed_not_copied),
		cmocka_unit_test(test_cur__an_impossible_length_reads_nothing),
		cmocka_unit_test(test_cur__the_first_failure_is_kept),
		cmocka_unit_test(test_cur__nothing_can_be_read_after_a_failure),
		cmocka_unit_test(test_cur__a_vector_is_a_window_on_its_body),
		cmocka_unit_test(test_cur__a_child_cannot_read_its_parents_bytes),
		cmocka_unit_test(test_cur__offsets_count_from_the_start_of_the_message),
		cmocka_unit_test(test_cur__a_length_outside_its_bounds_is_told_at_the_length),
		cmocka_unit_test(test_cur__a_vector_longer_than_its_parent_is_short),
		cmocka_unit_test(test_cur__stray_bytes_are_counted),
		cmocka_unit_test(test_cur__an_empty_message_is_well_formed),
		cmocka_unit_test(test_cur__an_error_reads_as_a_sentence),
		cmocka_unit_test(test_cur__a_sentence_is_cut_to_its_buffer),
		cmocka_unit_test(test_bytes__a_slice_stays_inside),
		cmocka_unit_test(test_bytes__a_number_is_stripped_of_its_zeros_in_front),
		cmocka_unit_test(test_bytes__equal_means_same_length_and_content),
		cmocka_unit_test(test_bytes__hash_tells_neighbours_apart),
		cmocka_unit_test(test_arena__memory_is_zeroed_and_aligned),
		cmocka_unit_test(test_arena__the_budget_holds),
		cmocka_unit_test(test_arena__a_size_beyond_all_memory_is_refused),
		cmocka_unit_test(test_arena__a_refusal_leaves_what_was_given),
		cmocka_unit_test(test_arena__reset_gives_the_budget_back),
		cmocka_unit_test(test_arena__copies_are_independent),
		cmocka_unit_test(test_arena__an_empty_copy_is_not_null),
		cmocka_unit_test(test_arena__copies_beyond_the_budget_are_null),
		cmocka_unit_test(test_arena__a_first_block_of_its_own_size_is_kept),
		cmocka_unit_test(test_arena__free_accepts_null),
		cmocka_unit_test(test_strbuf__an_unused_one_is_the_empty_text),
		cmocka_unit_test(test_strbuf__appends_in_order),
		cmocka_unit_test(test_strbuf__grows_past_every_block_boundary),
		cmocka_unit_test(test_strbuf__clear_keeps_the_memory),
		cmocka_unit_test(test_strbuf__a_text_too_long_for_memory_is_remembered),
		cmocka_unit_test(test_err__set_fills_and_returns_false),
		cmocka_unit_test(test_err__context_goes_before_the_message),
		cmocka_unit_test(test_err__a_long_message_is_cut_not_overrun),
		cmocka_unit_test(test_secret__starts_zeroed_and_ends_empty),
		cmocka_unit_test(test_secret__an_empty_one_has_memory_and_no_length),
		cmocka_unit_test(test_secret__wipe_overwrites_exactly_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
