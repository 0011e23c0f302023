/* TCP put right: see support/talk.h for how a conversation is written down. */
#include "support/talk.h"
#include "support/unit.h"

static void test_stream__segments_in_order_come_as_they_are(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "world");
	client(&t, TCP_ACK, C + 5, S + 5, "again");
	assert_talk(&t, "c:hello s:world c:again end:input-ended");
	assert_true(t.flow.opener_known);
	assert_int_equal(t.flow.end[0].port, 50000);
	assert_int_equal(t.flow.dir[0].bytes, 10);
	assert_int_equal(t.flow.dir[0].acked, 5);
	assert_int_equal(t.flow.dir[1].acked, 5);
	assert_int_equal(t.flow.dir[0].first_flight_segments, 1);
	assert_int_equal(t.flow.dir[0].sent_max, 10);
}

static void test_stream__swapped_segments_are_put_in_order(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C + 6, S, "gh");
	client(&t, TCP_ACK, C + 3, S, "def");
	client(&t, TCP_ACK, C, S, "abc");
	assert_talk(&t, "c:abc c:def c:gh end:input-ended");
}

static void test_stream__repeats_bring_nothing(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "abc");
	client(&t, TCP_ACK, C, S, "abc");
	client(&t, TCP_ACK, C + 6, S, "ghi");
	client(&t, TCP_ACK, C + 6, S, "ghi");
	client(&t, TCP_ACK, C, S, "abcdef");
	assert_talk(&t, "c:abc c:def c:ghi end:input-ended");
	assert_int_equal(t.flow.dir[0].retransmissions, 2);
	assert_int_equal(t.flow.dir[0].conflicts, 0);
}

static void test_stream__the_first_of_overlapping_bytes_stay(void **state)
{
	static const struct {
		uint32_t at[3];
		const char *text[3], *want;
		unsigned conflicts;
		uint64_t conflict_packet;
	} rows[] = {
		{ { 0, 2, 0 }, { "abcd", "CDEF", NULL }, "c:abcd c:EF end:input-ended", 1, 5 },
		{ { 0, 0, 0 }, { "abcd", "abXd", NULL }, "c:abcd end:input-ended", 1, 5 },
		{ { 2, 1, 0 }, { "cd", "bCDe", "a" }, "c:a c:b c:cd c:e end:input-ended", 1, 5 },
		{ { 1, 0, 0 }, { "b", "aBc", NULL }, "c:a c:b c:c end:input-ended", 1, 5 },
		{ { 0, 2, 0 }, { "abcd", "cdef", NULL }, "c:abcd c:ef end:input-ended", 0, 0 },
		{ { 2, 4, 0 }, { "cdef", "efgh", "ab" }, "c:ab c:cdef c:gh end:input-ended", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct talk t;

		talk_begin(&t, NULL);
		talk_connect(&t);
		for (size_t k = 0; k < 3 && rows[i].text[k] != NULL; k++)
			client(&t, TCP_ACK, C + rows[i].at[k], S, rows[i].text[k]);
		assert_talk(&t, rows[i].want);
		assert_int_equal(t.flow.dir[0].conflicts, rows[i].conflicts);
		assert_int_equal(t.flow.dir[0].conflict_packet, rows[i].conflict_packet);
	}
}

/* What is not remembered any more is not compared, and that is counted. */
static void test_stream__repeats_beyond_its_memory_are_counted(void **state)
{
	char flight[1001];
	struct talk t;

	(void)state;
	memset(flight, 'a', 1000);
	flight[1000] = '\0';
	talk_begin(&t, NULL);
	talk_connect(&t);
	for (uint32_t i = 0; i < 20; i++)
		client(&t, TCP_ACK, C + 1000 * i, S, flight);
	flight[7] = 'X';
	client(&t, TCP_ACK, C + 19000, S, flight); /* 8192 bytes are remembered */
	assert_int_equal(flow_table_uncompared(t.table), 0);
	client(&t, TCP_ACK, C, S, flight);
	client(&t, TCP_ACK, C + 11000, S, flight);
	assert_int_equal(flow_table_uncompared(t.table), 2);
	flow_table_end_all(t.table);
	assert_int_equal(t.flow.dir[0].conflicts, 1);
	talk_close(&t);
}

static void test_stream__sequence_numbers_wrap(void **state)
{
	const uint32_t isn = 0xfffffffd;
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, isn, 0, "");
	server(&t, TCP_SYN | TCP_ACK, S - 1, isn + 1, "");
	client(&t, TCP_ACK, isn + 4, S, "def");
	client(&t, TCP_ACK, isn + 1, S, "abc");
	client(&t, TCP_ACK, isn + 7, S, "ghi");
	server(&t, TCP_ACK, S, isn + 10, "x");
	assert_talk(&t, "c:abc c:def c:ghi s:x end:input-ended");
	assert_int_equal(t.flow.dir[0].sent_max, 9);
	assert_int_equal(t.flow.dir[1].acked, 9);
}

static void test_stream__a_capture_begun_midway_says_so(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	server(&t, TCP_ACK, S + 1000, C, "world");
	client(&t, TCP_ACK, C, S + 1005, "hello");
	assert_talk(&t, "c:?midway c:world s:?midway s:hello end:input-ended");
	assert_false(t.flow.opener_known);
	assert_int_equal(t.flow.end[0].port, 443);
}

static void test_stream__midway_order_is_told_by_the_first_acknowledgement(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S + 3, C + 5, "def");
	server(&t, TCP_ACK, S, C + 5, "abc");
	assert_talk(&t, "c:?midway c:hello s:?midway s:abc s:def end:input-ended");
}

static void test_hole__is_given_up_when_acknowledged_for_long(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	server(&t, TCP_ACK, S + 7, C, "world");
	for (unsigned i = 0; i < 80; i++)
		client(&t, TCP_ACK, C, S + 12, "");
	assert_string_equal(strbuf_text(&t.log), "s:-7lost s:world");
	server(&t, TCP_ACK, S, C, "too late");
	assert_talk(&t, "s:-7lost s:world end:input-ended");
	assert_int_equal(t.flow.dir[1].lost, 7);
}

static void test_hole__is_given_up_when_acknowledged_a_second_ago(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	server(&t, TCP_ACK, S + 7, C, "world");
	t.step = 600000000;
	client(&t, TCP_ACK, C, S + 12, "");
	client(&t, TCP_ACK, C, S + 12, "");
	client(&t, TCP_ACK, C, S + 12, "");
	assert_string_equal(strbuf_text(&t.log), "s:-7lost s:world");
	talk_close(&t);
}

static void test_hole__not_acknowledged_is_waited_for(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	server(&t, TCP_ACK, S + 7, C, "world");
	for (unsigned i = 0; i < 80; i++)
		client(&t, TCP_ACK, C, S, "");
	server(&t, TCP_ACK, S, C, "at last");
	assert_talk(&t, "s:at last s:world end:input-ended");
}

static void test_hole__an_answer_comes_after_what_it_answers(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	server(&t, TCP_ACK, S + 7, C, "world");
	client(&t, TCP_ACK, C, S + 12, "alert");
	server(&t, TCP_ACK, S, C, "sooner,");
	assert_talk(&t, "s:sooner, s:world c:alert end:input-ended");
}

static void test_hole__at_the_end_stands_before_the_answer(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S + 7, C + 5, "world");
	client(&t, TCP_ACK, C + 5, S + 12, "alert");
	client(&t, TCP_RST, C + 10, 0, "");
	assert_talk(&t, "c:hello s:-7lost s:world c:alert end:reset");
}

static void test_hole__of_a_whole_flight_is_told_before_the_answer(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	client(&t, TCP_ACK, C + 5, S + 2000, "alert");
	assert_talk(&t, "c:hello s:-2000lost c:alert end:input-ended");
	assert_int_equal(t.flow.dir[1].sent_max, 2000);
}

static void test_hole__a_nonsense_acknowledgement_makes_none(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S + 0x40000000, "hello");
	for (unsigned i = 0; i < 80; i++)
		client(&t, TCP_ACK, C + 5, S + 0x40000000, "");
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:input-ended");
}

static void test_hole__too_much_behind_it_ends_the_wait(void **state)
{
	const struct flow_limits limits = { 16, 700, 10000 };
	static const char hundred[] = "0123456789012345678901234567890123456789012345678901234567"
				      "890123456789012345678901234567890123456789";
	struct talk t;

	(void)state;
	talk_begin(&t, &limits);
	talk_connect(&t);
	for (uint32_t i = 0; i < 5; i++)
		client(&t, TCP_ACK, C + 10 + 100 * i, S, hundred);
	assert_int_equal(strncmp(strbuf_text(&t.log), "c:-10lost c:0123456789", 22), 0);
	flow_table_end_all(t.table);
	assert_int_equal(t.flow.dir[0].bytes, 500);
	talk_close(&t);
}

static void test_cut_packets__leave_a_hole_with_its_reason(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	t.missing = 1000;
	client(&t, TCP_ACK, C, S, "abc");
	client(&t, TCP_ACK, C + 2006, S, "ghi");
	client(&t, TCP_ACK, C + 1003, S, "def");
	assert_talk(&t, "c:abc c:-1000cut c:def c:-1000cut c:ghi c:-1000cut end:input-ended");
	assert_int_equal(t.flow.dir[0].cut_bytes, 3000);
	assert_int_equal(t.flow.dir[0].lost, 0);
}

static void test_keep_alive__is_no_news(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "abc");
	client(&t, TCP_ACK, C + 2, S, "X");
	assert_talk(&t, "c:abc end:input-ended");
	assert_int_equal(t.flow.dir[0].conflicts, 0);
	assert_int_equal(t.flow.dir[0].retransmissions, 0);
}

static void test_fast_open__data_in_the_syn_counts_once(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "hello");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_ACK, C, S, "hello");
	client(&t, TCP_ACK, C + 5, S, "more");
	assert_talk(&t, "c:hello c:more end:input-ended");
}

static void test_window__is_scaled_when_both_sides_said_so(void **state)
{
	static const struct {
		int8_t client, server;
		uint32_t want;
	} rows[] = { { 3, 7, 8000 }, { 3, -1, 1000 }, { -1, 7, 1000 }, { -1, -1, 1000 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct talk t;

		talk_begin(&t, NULL);
		t.scale = rows[i].client;
		client(&t, TCP_SYN, C - 1, 0, "");
		t.scale = rows[i].server;
		server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
		client(&t, TCP_ACK, C, S, "hello");
		t.window = 0;
		server(&t, TCP_ACK, S, C + 5, "");
		server(&t, TCP_ACK, S, C + 5, "");
		talk_close(&t);
		assert_int_equal(t.flow.dir[0].window_min, rows[i].want);
		assert_int_equal(t.flow.dir[0].zero_windows, 0);
		assert_int_equal(t.flow.dir[1].window_min, 0);
		assert_int_equal(t.flow.dir[1].zero_windows, 2);
		assert_int_equal(t.flow.dir[1].zero_window_packet, 4);
	}
}

static void test_path__is_told_by_the_first_packet_and_the_syn(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	t.hops_left = 61;
	t.mss = 1380;
	client(&t, TCP_SYN, C - 1, 0, "");
	t.hops_left = 255;
	t.mss = 536;
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	t.hops_left = 64;
	t.mss = 0;
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "");
	talk_close(&t);
	assert_int_equal(t.flow.dir[0].hops_left, 61);
	assert_int_equal(t.flow.dir[0].mss, 1380);
	assert_int_equal(t.flow.dir[1].hops_left, 255);
	assert_int_equal(t.flow.dir[1].mss, 536);
}

static void test_window__without_the_syn_is_unknown(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_ACK, C, S, "hello");
	talk_close(&t);
	assert_int_equal(t.flow.dir[0].window_min, UINT32_MAX);
}

static void test_close__both_fins_end_the_flow_at_once(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	client(&t, TCP_ACK | TCP_FIN, C + 5, S, "");
	server(&t, TCP_ACK, S, C + 6, "world");
	server(&t, TCP_ACK | TCP_FIN, S + 5, C + 6, "");
	client(&t, TCP_ACK, C + 6, S + 6, "");
	assert_string_equal(strbuf_text(&t.log), "c:hello s:world end:closed");
	assert_true(t.flow.dir[0].fin && t.flow.dir[1].fin);
	assert_int_equal(t.flow.dir[0].fin_packet, 5);
	assert_int_equal(t.flow.dir[0].acked, 5);
	assert_int_equal(t.flow.dir[1].acked, 5);
	talk_close(&t);
}

static void test_close__bytes_captured_after_the_fins_still_count(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK | TCP_FIN, C + 5, S, "");
	server(&t, TCP_ACK | TCP_FIN, S, C + 6, "");
	client(&t, TCP_ACK, C + 6, S + 1, "");
	client(&t, TCP_ACK, C, S, "hello");
	assert_string_equal(strbuf_text(&t.log), "c:hello end:closed");
	talk_close(&t);
}

static void test_reset__bytes_captured_just_after_it_still_count(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_RST, C + 5, 0, "");
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "world");
	t.step = 3 * 1000000000ll;
	t.client_port++;
	client(&t, TCP_SYN, C - 1, 0, "");
	assert_string_equal(strbuf_text(&t.log), "c:hello s:world end:reset");
	assert_true(t.flow.dir[0].rst);
	assert_int_equal(t.flow.dir[0].rst_packet, 4);
	talk_close(&t);
}

static void test_reset__that_its_sender_talks_past_was_forged(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_RST, C, 0, "");
	client(&t, TCP_ACK, C, S, "hello");
	for (unsigned i = 0; i < 100; i++)
		client(&t, TCP_ACK, C + 5, S, "");
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:input-ended");
	assert_false(t.flow.dir[0].rst);
}

static void test_reset__far_from_the_window_is_ignored(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_RST, C + 0x20000000, 0, "");
	client(&t, TCP_ACK, C, S, "hello");
	assert_talk(&t, "c:hello end:input-ended");
	assert_false(t.flow.dir[0].rst);
}

static void test_end__late_repeats_of_a_dead_connection_open_none(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK | TCP_FIN, C, S, "hello");
	server(&t, TCP_ACK | TCP_FIN, S, C + 6, "world");
	client(&t, TCP_ACK, C + 6, S + 6, "");
	server(&t, TCP_ACK | TCP_FIN, S, C + 6, "world");
	client(&t, TCP_ACK, C + 6, S + 6, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_RST, C + 6, 0, "");
	assert_talk(&t, "c:hello s:world end:closed");
	assert_int_equal(t.ended, 1);
}

static void test_reuse__another_syn_begins_another_flow(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	client(&t, TCP_SYN, C + 5000, 0, "");
	server(&t, TCP_SYN | TCP_ACK, S + 7000, C + 5001, "");
	client(&t, TCP_ACK, C + 5001, S + 7001, "anew");
	assert_talk(&t, "c:hello end:reused c:anew end:input-ended");
	assert_int_equal(t.flow.id, 2);
}

static void test_syn__repeated_is_the_same_attempt(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	assert_talk(&t, "c:hello end:input-ended");
}

static void test_syn__captured_after_its_answer_still_opens(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_ACK, C, S, "hello");
	assert_talk(&t, "c:hello end:input-ended");
	assert_true(t.flow.opener_known);
	assert_int_equal(t.flow.end[0].port, 50000);
}

static void test_syn__captured_after_the_bytes_it_begins(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	server(&t, TCP_ACK, S + 3, C + 2, "def");
	client(&t, TCP_ACK, C, S, "hi");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_ACK, S, C + 2, "abc");
	client(&t, TCP_ACK, C + 2, S + 6, "bye");
	assert_talk(&t, "c:hi s:abc s:def c:bye end:input-ended");
	assert_true(t.flow.opener_known);
	assert_int_equal(t.flow.end[0].port, 50000);
	assert_int_equal(t.flow.dir[0].acked, 6);
	assert_int_equal(t.flow.dir[1].acked, 2);
	assert_int_equal(t.flow.dir[1].sent_max, 6);
}

static void test_stream__a_beginning_is_waited_for_a_while(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	for (uint32_t i = 0; i < 40; i++)
		server(&t, TCP_ACK, S + 10 + i, C, "x");
	assert_int_not_equal(t.log.len, 0);
	server(&t, TCP_ACK, S, C, "late"); /* too late */
	flow_table_end_all(t.table);
	assert_null(strstr(strbuf_text(&t.log), "late"));
	assert_int_equal(t.flow.dir[0].bytes, 40);
	talk_close(&t);
}

static void test_stream__a_segment_comes_after_what_it_acknowledges(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C + 2, S + 4, "Q2"); /* these two before the first question */
	server(&t, TCP_ACK, S + 2, C + 2, "A1");
	client(&t, TCP_ACK, C, S + 2, "Q1");
	server(&t, TCP_ACK, S, C, "hi");
	server(&t, TCP_ACK, S + 4, C + 4, "A2");
	assert_talk(&t, "s:hi c:Q1 s:A1 c:Q2 s:A2 end:input-ended");
}

static void test_close__a_fin_captured_too_early_stands_where_it_belongs(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t); /* packets 1 to 3 */
	client(&t, TCP_ACK | TCP_FIN, C + 5, S + 6, "");
	server(&t, TCP_ACK | TCP_FIN, S + 5, C + 5, "");
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:closed");
	assert_int_equal(t.flow.dir[0].fin_packet, 4);
	assert_int_equal(direction_fin_place(&t.flow.dir[0]), 6);
	assert_int_equal(direction_fin_place(&t.flow.dir[1]), 7);
}

static void test_close__a_fin_that_answers_another_came_after_it(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK | TCP_FIN, C, S + 1, "");
	server(&t, TCP_ACK | TCP_FIN, S, C, "");
	assert_talk(&t, "end:closed");
	assert_int_equal(direction_fin_place(&t.flow.dir[0]), 5);
	assert_int_equal(direction_fin_place(&t.flow.dir[1]), 5);
}

/* A number more than there are bytes: it stands before the packet that acknowledges it. */
static void test_close__a_fin_that_was_not_captured_is_told_by_its_acknowledgement(void **state)
{
	static const struct {
		bool server_fin, acknowledged, more;
		bool told;
	} rows[] = {
		{ false, true, false, true }, { true, true, false, false },
		{ false, false, false, false },
		{ false, true, true, false }, /* two numbers are a hole, of bytes as well */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t ack = S + 2u + rows[i].acknowledged + rows[i].more;
		struct talk t;

		talk_begin(&t, NULL);
		talk_connect(&t);
		client(&t, TCP_ACK, C, S, "hello");
		server(&t, TCP_ACK, S, C + 5, "no");
		if (rows[i].server_fin)
			server(&t, TCP_ACK | TCP_FIN, S + 2, C + 5, "");
		client(&t, TCP_ACK | TCP_FIN, C + 5, ack, "");
		flow_table_end_all(t.table);
		assert_int_equal(t.flow.dir[1].fin, rows[i].server_fin || rows[i].told);
		assert_int_equal(t.flow.dir[1].fin_packet, rows[i].server_fin ? 6 : 0);
		assert_int_equal(t.flow.dir[1].fin_after, rows[i].told ? 5 : 0);
		assert_int_equal(t.flow.dir[0].acked, rows[i].more ? 4 : 2);
		assert_int_equal(t.flow.dir[0].fin_acked, rows[i].more ? 4 : 2);
		talk_close(&t);
	}
}

/* Its acknowledgement was captured early; that the other's FIN does not know of it says who was first. */
static void test_close__a_fin_that_the_other_does_not_know_of_came_later(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "abc");
	server(&t, TCP_ACK, S + 1, C + 4, "");
	server(&t, TCP_FIN | TCP_ACK, S, C + 3, "");
	assert_talk(&t, "c:abc end:input-ended");
	assert_true(t.flow.dir[0].fin);
	assert_int_equal(t.flow.dir[1].fin_packet, 6);
	assert_int_equal(direction_fin_place(&t.flow.dir[0]), 6);
}

/* The server spoke first, and the client's acknowledgement of that was captured before it. */
static void test_stream__what_was_acknowledged_early_is_not_where_it_begins(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_ACK, C, S + 5, "hello");
	client(&t, TCP_FIN | TCP_ACK, C + 5, S + 5, "");
	server(&t, TCP_FIN | TCP_ACK, S + 5, C + 6, "");
	client(&t, TCP_ACK, C + 6, S + 6, "");
	server(&t, TCP_ACK, S, C, "hail!");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	assert_talk(&t, "c:hello s:hail! end:closed");
	assert_int_equal(t.flow.dir[1].acked, 5);
	assert_int_equal(t.flow.dir[0].acked, 5);
}

/* ... where bytes were handed out from there on, or it is a keep-alive, it is. */
static void test_stream__what_was_acknowledged_is_where_it_begins_all_the_same(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S - 1, C, "-");
	server(&t, TCP_ACK, S, C, "hail!");
	server(&t, TCP_ACK, S - 3, C, "no");
	assert_talk(&t, "c:hello s:hail! end:input-ended");
}

static void test_syn__the_number_the_client_takes_counts(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	server(&t, TCP_SYN | TCP_ACK, 0x70000000, C, "");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_ACK, C, 0x70000001, "hello");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	server(&t, TCP_ACK, 0x70000001, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:input-ended");
}

static void test_syn__met_by_an_older_connection_tries_again(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_ACK, 0x70000000, 0x50000000, "");
	client(&t, TCP_RST, 0x50000000, 0, "");
	t.step = 3 * 1000000000ll;
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:input-ended");
	assert_false(t.flow.dir[0].rst);
	assert_false(t.flow.refused);
}

static void test_firewall__segments_with_its_numbers_are_passed_over(void **state)
{
	const uint32_t c = 0x30000000, s = 0x60000000;
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_SYN, c + C - 1, 0, "");
	server(&t, TCP_SYN | TCP_ACK, s + S - 1, c + C, "");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_ACK, C, S, "hello");
	client(&t, TCP_ACK, c + C, s + S, "hello");
	server(&t, TCP_ACK, s + S, c + C + 5, "world");
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:input-ended");
}

static void test_refused__a_syn_answered_by_a_reset(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_RST | TCP_ACK, 0, C, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_RST | TCP_ACK, 0, C, "");
	assert_talk(&t, "end:reset");
	assert_true(t.flow.refused);
	assert_false(t.flow.unanswered);
}

/* RFC 9293 3.10.7.3: a client waits on. */
static void test_refused__not_by_a_reset_that_acknowledges_nothing_of_the_syn(void **state)
{
	static const struct {
		uint8_t flags;
		uint32_t ack;
		bool refused;
	} rows[] = {
		{ TCP_RST, 0, false },
		{ TCP_RST, C, false }, /* without the flag the number means nothing */
		{ TCP_RST | TCP_ACK, C - 1, false },
		{ TCP_RST | TCP_ACK, C + 1, false },
		{ TCP_RST | TCP_ACK, C, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct talk t;

		talk_begin(&t, NULL);
		client(&t, TCP_SYN, C - 1, 0, "");
		server(&t, rows[i].flags, 0, rows[i].ack, "");
		flow_table_end_all(t.table);
		assert_int_equal(t.flow.refused, rows[i].refused);
		assert_int_equal(t.flow.unanswered, !rows[i].refused);
		assert_int_equal(t.flow.dir[1].stray_resets, !rows[i].refused);
		assert_int_equal(t.flow.dir[1].stray_packet, rows[i].refused ? 0 : 2);
		talk_close(&t);
	}
}

static void test_refused__a_stray_reset_does_not_keep_the_connection_from_coming_about(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_RST, 0, 0, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_ACK, C, S, "hello");
	assert_talk(&t, "c:hello end:input-ended");
}

static void test_unanswered__a_syn_into_the_void(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	assert_talk(&t, "end:input-ended");
	assert_true(t.flow.unanswered);
	assert_false(t.flow.refused);
}

/* Some stacks take a new number for each try, from the same port. */
static void test_unanswered__a_syn_with_another_number_is_the_same_attempt(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	t.step = 3 * 1000000000ll;
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_SYN, C + 7000, 0, "");
	client(&t, TCP_SYN, C + 90000, 0, "");
	assert_talk(&t, "end:input-ended");
	assert_int_equal(t.ended, 1);
	assert_true(t.flow.unanswered);
}

static void test_unanswered__the_last_number_is_the_one_that_is_answered(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	t.step = 3 * 1000000000ll;
	client(&t, TCP_SYN, C - 1 + 7000, 0, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	server(&t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello s:world end:input-ended");
	assert_int_equal(t.ended, 1);
}

static void test_unanswered__after_all_patience_it_is_another_attempt(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	t.step = 200 * 1000000000ll;
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_SYN, C + 7000, 0, "");
	assert_talk(&t, "end:reused end:input-ended");
}

static void test_unreachable__an_error_about_the_syn_is_its_answer(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	client(&t, TCP_SYN, C - 1, 0, "");
	talk_unreachable(&t, false, C - 1);
	talk_unreachable(&t, false, C - 1);
	assert_talk(&t, "end:input-ended");
	assert_true(t.flow.unreachable.seen);
	assert_int_equal(t.flow.unreachable.type, 3);
	assert_int_equal(t.flow.unreachable.code, 1);
	assert_int_equal(t.flow.unreachable.packet, 3);
	assert_int_equal(t.flow.unreachable.by.addr[3], 254);
	assert_false(t.flow.unanswered);
	assert_false(t.flow.refused);
}

/* RFC 5927: whoever guesses the ports could else end any connection. */
static void test_unreachable__an_error_about_anything_else_is_none(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	talk_unreachable(&t, false, C - 1);
	client(&t, TCP_SYN, C - 1, 0, "");
	talk_unreachable(&t, false, C);
	talk_unreachable(&t, true, C - 1);
	t.client_port++;
	talk_unreachable(&t, false, C - 1);
	assert_talk(&t, "end:input-ended");
	assert_false(t.flow.unreachable.seen);
	assert_true(t.flow.unanswered);
}

static void test_unreachable__a_later_answer_overrules_it(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	talk_unreachable(&t, false, C - 1);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "hello");
	talk_unreachable(&t, false, C - 1);
	assert_talk(&t, "c:hello end:input-ended");
	assert_false(t.flow.unreachable.seen);

	talk_begin(&t, NULL);
	client(&t, TCP_SYN, C - 1, 0, "");
	talk_unreachable(&t, false, C - 1);
	server(&t, TCP_RST | TCP_ACK, 0, C, "");
	assert_talk(&t, "end:reset");
	assert_false(t.flow.unreachable.seen);
	assert_true(t.flow.refused);
}

static void test_flows__acknowledgements_alone_make_none(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	client(&t, TCP_ACK, C, S, "");
	server(&t, TCP_ACK | TCP_FIN, S, C, "");
	client(&t, TCP_RST, C, 0, "");
	assert_talk(&t, "");
}

static void test_flows__the_least_recently_used_gives_way(void **state)
{
	const struct flow_limits limits = { 2, 1000, 1000 };
	struct talk t;

	(void)state;
	talk_begin(&t, &limits);
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "first");
	t.client_port = 50001;
	talk_connect(&t);
	client(&t, TCP_ACK, C, S, "second");
	t.client_port = 50000;
	client(&t, TCP_ACK, C + 5, S, "!");
	t.client_port = 50002;
	client(&t, TCP_SYN, C - 1, 0, "");
	assert_string_equal(strbuf_text(&t.log), "c:first c:second c:! end:evicted");
	assert_int_equal(t.flow.end[0].port, 50001);
	assert_int_equal(flow_table_evicted(t.table), 1);
	talk_close(&t);
}

static void test_settled__nothing_but_the_end_follows(void **state)
{
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	t.enough = 5;
	talk_connect(&t);
	client(&t, TCP_ACK, C + 5, S, "queued");
	client(&t, TCP_ACK, C, S, "hello");
	server(&t, TCP_ACK, S, C + 5, "world");
	client(&t, TCP_ACK | TCP_FIN, C + 11, S + 5, "");
	server(&t, TCP_ACK | TCP_FIN, S + 5, C + 12, "");
	assert_string_equal(strbuf_text(&t.log), "c:hello end:closed");
	assert_true(t.flow.settled);
	server(&t, TCP_ACK, S, C + 5, "world");
	assert_talk(&t, "c:hello end:closed");
}

static void test_datagrams__only_dtls_makes_a_flow(void **state)
{
	static const uint8_t hello[] = { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 'o', 'k' };
	struct segment s = { .family = 4, .protocol = PROTOCOL_UDP, .sport = 50000, .dport = 4433 };
	struct talk t;

	(void)state;
	talk_begin(&t, NULL);
	s.src = bytes_of("\xc0\0\2\x0a", 4);
	s.dst = bytes_of("\xc0\0\2\1", 4);
	s.payload = bytes_of("any old datagram", 16);
	flow_table_take(t.table, &s);
	assert_int_equal(flow_table_flows(t.table), 0);
	s.payload = bytes_of(hello, sizeof hello);
	flow_table_take(t.table, &s);
	talk_close(&t);
	assert_int_equal(t.ended, 1);
	assert_int_equal(t.flow.transport, TRANSPORT_UDP);
	assert_int_equal(t.flow.dir[0].bytes, sizeof hello);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream__segments_in_order_come_as_they_are),
		cmocka_unit_test(test_stream__swapped_segments_are_put_in_order),
		cmocka_unit_test(test_stream__repeats_bring_nothing),
		cmocka_unit_test(test_stream__the_first_of_overlapping_bytes_stay),
		cmocka_unit_test(test_stream__repeats_beyond_its_memory_are_counted),
		cmocka_unit_test(test_stream__sequence_numbers_wrap),
		cmocka_unit_test(test_stream__a_capture_begun_midway_says_so),
		cmocka_unit_test(test_stream__midway_order_is_told_by_the_first_acknowledgement),
		cmocka_unit_test(test_hole__is_given_up_when_acknowledged_for_long),
		cmocka_unit_test(test_hole__is_given_up_when_acknowledged_a_second_ago),
		cmocka_unit_test(test_hole__not_acknowledged_is_waited_for),
		cmocka_unit_test(test_hole__an_answer_comes_after_what_it_answers),
		cmocka_unit_test(test_hole__at_the_end_stands_before_the_answer),
		cmocka_unit_test(test_hole__of_a_whole_flight_is_told_before_the_answer),
		cmocka_unit_test(test_hole__a_nonsense_acknowledgement_makes_none),
		cmocka_unit_test(test_hole__too_much_behind_it_ends_the_wait),
		cmocka_unit_test(test_cut_packets__leave_a_hole_with_its_reason),
		cmocka_unit_test(test_keep_alive__is_no_news),
		cmocka_unit_test(test_fast_open__data_in_the_syn_counts_once),
		cmocka_unit_test(test_window__is_scaled_when_both_sides_said_so),
		cmocka_unit_test(test_path__is_told_by_the_first_packet_and_the_syn),
		cmocka_unit_test(test_window__without_the_syn_is_unknown),
		cmocka_unit_test(test_close__both_fins_end_the_flow_at_once),
		cmocka_unit_test(test_close__bytes_captured_after_the_fins_still_count),
		cmocka_unit_test(test_reset__bytes_captured_just_after_it_still_count),
		cmocka_unit_test(test_reset__that_its_sender_talks_past_was_forged),
		cmocka_unit_test(test_reset__far_from_the_window_is_ignored),
		cmocka_unit_test(test_end__late_repeats_of_a_dead_connection_open_none),
		cmocka_unit_test(test_reuse__another_syn_begins_another_flow),
		cmocka_unit_test(test_syn__repeated_is_the_same_attempt),
		cmocka_unit_test(test_syn__captured_after_its_answer_still_opens),
		cmocka_unit_test(test_syn__captured_after_the_bytes_it_begins),
		cmocka_unit_test(test_stream__a_beginning_is_waited_for_a_while),
		cmocka_unit_test(test_stream__a_segment_comes_after_what_it_acknowledges),
		cmocka_unit_test(test_close__a_fin_captured_too_early_stands_where_it_belongs),
		cmocka_unit_test(test_close__a_fin_that_answers_another_came_after_it),
		cmocka_unit_test(
			test_close__a_fin_that_was_not_captured_is_told_by_its_acknowledgement),
		cmocka_unit_test(test_close__a_fin_that_the_other_does_not_know_of_came_later),
		cmocka_unit_test(test_stream__what_was_acknowledged_early_is_not_where_it_begins),
		cmocka_unit_test(
			test_stream__what_was_acknowledged_is_where_it_begins_all_the_same),
		cmocka_unit_test(test_syn__the_number_the_client_takes_counts),
		cmocka_unit_test(test_syn__met_by_an_older_connection_tries_again),
		cmocka_unit_test(test_firewall__segments_with_its_numbers_are_passed_over),
		cmocka_unit_test(test_refused__a_syn_answered_by_a_reset),
		cmocka_unit_test(test_refused__not_by_a_reset_that_acknowledges_nothing_of_the_syn),
		cmocka_unit_test(
			test_refused__a_stray_reset_does_not_keep_the_connection_from_coming_about),
		cmocka_unit_test(test_unanswered__a_syn_into_the_void),
		cmocka_unit_test(test_unanswered__a_syn_with_another_number_is_the_same_attempt),
		cmocka_unit_test(test_unanswered__the_last_number_is_the_one_that_is_answered),
		cmocka_unit_test(test_unanswered__after_all_patience_it_is_another_attempt),
		cmocka_unit_test(test_unreachable__an_error_about_the_syn_is_its_answer),
		cmocka_unit_test(test_unreachable__an_error_about_anything_else_is_none),
		cmocka_unit_test(test_unreachable__a_later_answer_overrules_it),
		cmocka_unit_test(test_flows__acknowledgements_alone_make_none),
		cmocka_unit_test(test_flows__the_least_recently_used_gives_way),
		cmocka_unit_test(test_settled__nothing_but_the_end_follows),
		cmocka_unit_test(test_datagrams__only_dtls_makes_a_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
