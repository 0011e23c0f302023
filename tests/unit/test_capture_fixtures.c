/* Whole files: the captures of fixtures/capture, all of one conversation. */
#include "base/strbuf.h"
#include "capture/capture.h"
#include "support/unit.h"

#include <stdio.h>

struct heard {
	struct strbuf said[2];
	struct flow flow;
	enum flow_end ended;
	unsigned flows;
};

static enum sink_answer take(void *ctx, const struct chunk *c)
{
	struct heard *h = ctx;

	if (c->kind == CHUNK_DATA)
		strbuf_add(&h->said[c->dir], (const char *)c->bytes.data, c->bytes.len);
	if (c->kind == CHUNK_GAP && c->reason == GAP_MIDWAY)
		strbuf_puts(&h->said[c->dir], "?");
	else if (c->kind == CHUNK_GAP)
		strbuf_printf(&h->said[c->dir], "<%s %d>", c->reason == GAP_CUT ? "cut" : "lost",
			(int)c->gap);
	if (c->kind == CHUNK_END) {
		h->flow = *c->flow;
		h->ended = c->ended;
		h->flows++;
	}
	return SINK_MORE;
}

#define HELLO  "hello, who are you?"
#define ANSWER "nobody in particular"

static void test_fixtures__give_the_conversation(void **state)
{
	static const struct {
		const char *file, *client, *server;
		enum flow_end ended;
		bool ok;
	} rows[] = {
		{ "ethernet.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "big-endian-nanoseconds.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "ipv6-sll2.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "nflog.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "mixed-interfaces.pcapng", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "tunnels.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "fragments.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "out-of-order.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "overlap.pcap", "hello, Who are you?", ANSWER, FLOW_CLOSED, true },
		{ "sequence-wrap.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "midway.pcap", "?who are you?", "?" ANSWER, FLOW_CLOSED, true },
		{ "lost-segment.pcap", "hello, <lost 8>you?", ANSWER, FLOW_CLOSED, true },
		{ "snaplen-45.pcap", "hello<cut 2>who a<cut 3>you?", "nobod<cut 2>in parti<cut 5>",
			FLOW_CLOSED, true },
		{ "icmp-errors.pcap", HELLO, ANSWER, FLOW_CLOSED, true },
		{ "cut-off.pcap", HELLO, "nobody in ", FLOW_INPUT_ENDED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct heard h = { 0 };
		struct err e;
		struct capture *c = capture_open((struct sink){ take, &h }, NULL, &e);
		char path[100];

		(void)snprintf(path, sizeof path, "fixtures/capture/%s", rows[i].file);
		assert_int_equal(capture_read(c, path, &e), rows[i].ok);
		assert_int_equal(capture_totals(c).unreadable, 0);
		assert_int_equal(h.flows, 1);
		assert_int_equal(h.ended, rows[i].ended);
		assert_string_equal(strbuf_text(&h.said[0]), rows[i].client);
		assert_string_equal(strbuf_text(&h.said[1]), rows[i].server);
		strbuf_free(&h.said[0]);
		strbuf_free(&h.said[1]);
		capture_close(c);
	}
}

static void test_fixtures__conflicting_bytes_are_reported_with_their_packet(void **state)
{
	struct heard h = { 0 };
	struct err e;
	struct capture *c = capture_open((struct sink){ take, &h }, NULL, &e);

	(void)state;
	assert_true(capture_read(c, "fixtures/capture/overlap.pcap", &e));
	/* The segment of packet 5 says "lO" for "lo", the one of packet 6 "who" for its "Who". */
	assert_int_equal(h.flow.dir[0].conflicts, 2);
	assert_int_equal(h.flow.dir[0].conflict_packet, 5);
	assert_int_equal(h.flow.dir[1].conflicts, 0);
	strbuf_free(&h.said[0]);
	strbuf_free(&h.said[1]);
	capture_close(c);
}

static void test_endpoints__are_written_as_people_write_them(void **state)
{
	static const struct endpoint v4 = { 4, { 192, 0, 2, 1 }, 443 };
	static const struct endpoint v6 = { 6, { 0x20, 1, 0xd, 0xb8, [15] = 1 }, 443 };
	char text[ENDPOINT_TEXT];

	(void)state;
	endpoint_text(&v4, text);
	assert_string_equal(text, "192.0.2.1:443");
	endpoint_text(&v6, text);
	assert_string_equal(text, "[2001:db8::1]:443");
	endpoint_address_text(&v6, text);
	assert_string_equal(text, "2001:db8::1");
	assert_true(endpoint_equal(&v4, &v4));
	assert_false(endpoint_equal(&v4, &v6));
}

/* Of an IPv4 address four bytes count, of an IPv6 one all, and of both the port. */
static void test_endpoints__are_equal_by_family_address_and_port(void **state)
{
	static const struct {
		uint8_t family;
		size_t at; /* of the byte that differs */
		bool equal;
	} rows[] = { { 4, 0, false }, { 4, 3, false }, { 4, 4, true }, { 4, 15, true },
		{ 6, 0, false }, { 6, 4, false }, { 6, 15, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct endpoint a = { .family = rows[i].family, .port = 443 }, b = a;

		assert_true(endpoint_equal(&a, &b));
		b.addr[rows[i].at] = 1;
		assert_int_equal(endpoint_equal(&a, &b), rows[i].equal);
		b = a;
		b.port++;
		assert_false(endpoint_equal(&a, &b));
		b = a;
		b.family = rows[i].family == 4 ? 6 : 4;
		assert_false(endpoint_equal(&a, &b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixtures__give_the_conversation),
		cmocka_unit_test(test_fixtures__conflicting_bytes_are_reported_with_their_packet),
		cmocka_unit_test(test_endpoints__are_written_as_people_write_them),
		cmocka_unit_test(test_endpoints__are_equal_by_family_address_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
