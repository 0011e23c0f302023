/*
 * A conversation for the tests of TCP: segments go into a flow table, and what comes out is
 * written as one line, such as "c:hello s:-7 s:world end:closed": bytes by who sent them, holes
 * with their size ("?" unknown) and reason, and how each flow ended.
 */
#ifndef TLSDIAG_TESTS_SUPPORT_TALK_H
#define TLSDIAG_TESTS_SUPPORT_TALK_H

#include "base/strbuf.h"
#include "capture/flow_table.h"

struct talk {
	struct flow_table *table;
	struct strbuf log;
	struct flow flow; /* a copy of the one that ended last */
	unsigned ended;   /* how many have */
	uint64_t packet;
	int64_t time;
	int64_t step;        /* ns between packets */
	size_t enough;       /* bytes of a flow after which the sink is done; 0: never */
	uint8_t client_host; /* the last byte of its address */
	uint16_t client_port;
	uint16_t window;
	int8_t scale; /* of the next SYN */
	uint16_t mss;
	uint8_t hops_left;
	uint32_t missing; /* of the next segments: bytes cut off */
};

static inline enum sink_answer talk_take(void *ctx, const struct chunk *c)
{
	static const char *const endings[] = { "closed", "reset", "input-ended", "evicted",
		"reused" };
	static const char *const reasons[] = { "lost", "cut", "midway" };
	struct talk *t = ctx;
	char who = c->dir == 0 ? 'c' : 's';

	if (t->log.len != 0)
		strbuf_puts(&t->log, " ");
	if (c->kind == CHUNK_DATA) {
		strbuf_printf(&t->log, "%c:", who);
		strbuf_add(&t->log, (const char *)c->bytes.data, c->bytes.len);
	} else if (c->kind == CHUNK_END) {
		strbuf_printf(&t->log, "end:%s", endings[c->ended]);
		t->flow = *c->flow;
		t->ended++;
	} else if (c->gap == GAP_UNKNOWN) {
		strbuf_printf(&t->log, "%c:?%s", who, reasons[c->reason]);
	} else {
		strbuf_printf(
			&t->log, "%c:-%llu%s", who, (unsigned long long)c->gap, reasons[c->reason]);
	}
	return t->enough != 0 && c->flow->dir[0].bytes + c->flow->dir[1].bytes >= t->enough
		       ? SINK_DONE
		       : SINK_MORE;
}

static inline void talk_begin(struct talk *t, const struct flow_limits *limits)
{
	*t = (struct talk){ .step = 1000000,
		.time = 1600000000ll * 1000000000,
		.window = 1000,
		.scale = -1,
		.client_host = 10,
		.client_port = 50000 };
	t->table = flow_table_open((struct sink){ talk_take, t }, limits);
}

static inline void talk_close(struct talk *t)
{
	flow_table_end_all(t->table);
	flow_table_close(t->table);
	strbuf_free(&t->log);
}

static inline void talk_segment(struct talk *t, bool from_server, uint8_t flags, uint32_t seq,
	uint32_t ack, const char *text, uint8_t protocol)
{
	const uint8_t client[4] = { 192, 0, 2, t->client_host }, server[4] = { 192, 0, 2, 1 };
	struct segment s = { .family = 4,
		.protocol = protocol,
		.flags = flags,
		.seq = seq,
		.ack = ack,
		.window = t->window,
		.scale = t->scale,
		.mss = t->mss,
		.hops_left = t->hops_left,
		.missing = t->missing,
		.packet = ++t->packet,
		.time = t->time += t->step };

	s.src = bytes_of(from_server ? server : client, 4);
	s.dst = bytes_of(from_server ? client : server, 4);
	s.sport = from_server ? 443 : t->client_port;
	s.dport = from_server ? t->client_port : 443;
	s.payload = bytes_of(text, strlen(text));
	flow_table_take(t->table, &s);
}

/* The client's bytes count from 100, the server's from 500: both SYNs have the number before. */
enum { C = 100, S = 500 };

static inline void client(struct talk *t, uint8_t flags, uint32_t seq, uint32_t ack, const char *s)
{
	talk_segment(t, false, flags, seq, ack, s, PROTOCOL_TCP);
}

static inline void server(struct talk *t, uint8_t flags, uint32_t seq, uint32_t ack, const char *s)
{
	talk_segment(t, true, flags, seq, ack, s, PROTOCOL_TCP);
}

/* An ICMP host unreachable from 192.0.2.254 that quotes a segment of the client, or the server. */
static inline void talk_unreachable(struct talk *t, bool from_server, uint32_t seq)
{
	static const uint8_t router[4] = { 192, 0, 2, 254 }, server[4] = { 192, 0, 2, 1 };
	const uint8_t client[4] = { 192, 0, 2, t->client_host };
	struct segment s = { .family = 4,
		.protocol = PROTOCOL_TCP,
		.seq = seq,
		.reporter = bytes_of(router, 4),
		.icmp_type = 3,
		.icmp_code = 1,
		.packet = ++t->packet,
		.time = t->time += t->step };

	s.src = bytes_of(from_server ? server : client, 4);
	s.dst = bytes_of(from_server ? client : server, 4);
	s.sport = from_server ? 443 : t->client_port;
	s.dport = from_server ? t->client_port : 443;
	flow_table_unreachable(t->table, &s);
}

static inline void talk_connect(struct talk *t)
{
	client(t, TCP_SYN, C - 1, 0, "");
	server(t, TCP_SYN | TCP_ACK, S - 1, C, "");
	client(t, TCP_ACK, C, S, "");
}

/* Ends all that is left and compares the log. */
#define assert_talk(t, want)                                                                       \
	do {                                                                                       \
		flow_table_end_all((t)->table);                                                    \
		assert_string_equal(strbuf_text(&(t)->log), want);                                 \
		talk_close(t);                                                                     \
	} while (0)

#endif
