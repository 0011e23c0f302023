/*
 * Two byte streams, cut where the input says. Each step is a byte that says what happens (the
 * direction, a hole, a closing, another connection), one for how much, and the bytes themselves.
 * Whatever comes, each connection gives out its handshakes and nothing is read behind its end.
 */
#include "fuzz/fuzz.h"
#include "fuzz/window.h"
#include "session/fresh.h"
#include "session/handshake.h"
#include "session/session.h"

enum { FLOWS = 2, STORE = 1 << 16 };

enum step {
	STEP_DIRECTION = 0x01,
	STEP_FLOW = 0x02,
	STEP_LONG = 0x04, /* the amount counts in units of 16 */
	STEP_KIND = 0x38, /* 0 to 4: data */
	STEP_GAP = 0x28,
	STEP_CLOSING = 0x30,
	STEP_END = 0x38,
};

struct run {
	struct fresh *fresh;
	uint64_t given;
};

static void check_event(const struct handshake *hs, const struct event *ev)
{
	must(ev->kind <= EVENT_EMPTY && ev->from <= SIDE_SERVER);
	if (ev->kind != EVENT_MESSAGE)
		return;
	must(ev->raw.len != 0 && ev->n_spans != 0 && ev->spans[0].offset == 0);
	must(ev->wrong.code == PARSE_OK || ev->wrong.field != NULL);
	for (size_t i = 1; i < ev->n_spans; i++)
		must(ev->spans[i].offset > ev->spans[i - 1].offset);
	must(event_place(ev, (size_t)ev->length, 0).packet >= ev->packet || hs->events_dropped ||
		ev->n_spans == 1);
}

static void check_handshake(const struct handshake *hs)
{
	must(hs->outcome <= OUTCOME_INCOMPLETE && hs->ending <= ENDING_LIMIT);
	must(hs->n_events <= EVENTS_MAX && hs->n_alerts <= ALERTS_MAX && hs->n_gaps <= GAPS_MAX);
	must(hs->side[0].n_certs <= CERTIFICATES_MAX && hs->side[1].n_certs <= CERTIFICATES_MAX);
	must(!hs->resumed || hs->resumed_known);
	must(!hs->has_suite || hs->server_hello.seen || hs->hello_retry.seen);
	must(hs->client_hello.seen || !hs->client_hello_2.seen);
	for (size_t i = 0; i < hs->n_events; i++)
		check_event(hs, &hs->events[i]);
}

static void take(void *ctx, struct handshake *hs)
{
	struct run *run = ctx;

	run->given++;
	check_handshake(hs);
	if (run->fresh != NULL)
		fresh_note(run->fresh, hs);
	handshake_free(hs);
}

static void begin(struct flow *f, uint64_t id)
{
	*f = (struct flow){
		.id = id,
		.end = { { .family = 4, .addr = { 192, 0, 2, 1 }, .port = (uint16_t)(50000 + id) },
			{ .family = 4, .addr = { 192, 0, 2, 2 }, .port = 443 } },
		.opener_known = (id & 1) != 0,
		.dir = { { .first_packet = 1, .syn = (id & 1) != 0 }, { .first_packet = 1 } },
	};
}

static void close_side(struct flow *f, const struct chunk *k)
{
	struct direction *d = &f->dir[k->dir];

	if (!d->fin) {
		d->fin = true;
		d->fin_packet = k->packet;
		d->fin_time = k->time;
	} else {
		d->rst = true;
		d->rst_packet = k->packet;
		d->rst_time = k->time;
	}
}

static void play(struct sink sink, struct flow *flows, const uint8_t *data, size_t size)
{
	static const uint64_t holes[] = { 1, 4, 100, 1448, GAP_UNKNOWN };
	uint64_t packet = 0, ids = FLOWS;

	for (size_t at = 0; at + 2 <= size;) {
		uint8_t what = data[at];
		size_t n = (what & STEP_LONG) != 0 ? (size_t)data[at + 1] * 16 : data[at + 1];
		struct flow *f = &flows[(what & STEP_FLOW) != 0];
		struct chunk k = { .flow = f, .dir = what & STEP_DIRECTION };

		at += 2;
		k.packet = ++packet;
		k.time = (int64_t)packet * 100000000;
		switch (what & STEP_KIND) {
		case STEP_GAP:
			k.kind = CHUNK_GAP;
			k.gap = holes[n % 5];
			k.reason = (enum gap_reason)(n / 5 % 3);
			(void)sink.take(sink.ctx, &k);
			break;
		case STEP_CLOSING:
			close_side(f, &k);
			break;
		case STEP_END:
			k.kind = CHUNK_END;
			k.ended = (enum flow_end)(n % 5);
			(void)sink.take(sink.ctx, &k);
			begin(f, ++ids);
			break;
		default:
			k.bytes = bytes_slice(bytes_of(data, size), at, n);
			at += k.bytes.len;
			f->dir[k.dir].bytes += k.bytes.len;
			(void)sink.take(sink.ctx, &k);
			break;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct session_limits small = { STORE, 100000 };
	/* its tables are large: not for every input */
	struct run run = { .fresh = size % 8 == 0 ? fresh_open() : NULL };
	struct cert_store *store = cert_store_open(STORE);
	struct session *s = session_open(
		store, (struct handshake_sink){ take, &run }, size % 4 == 1 ? &small : NULL);
	struct sink sink = session_sink(s);
	struct flow flows[FLOWS];

	must(store != NULL && s != NULL && (size % 8 != 0 || run.fresh != NULL));
	for (uint64_t i = 0; i < FLOWS; i++)
		begin(&flows[i], i + 1);
	play(sink, flows, data, size);
	for (uint64_t i = 0; i < FLOWS; i++) {
		struct chunk k = { .flow = &flows[i], .kind = CHUNK_END };

		k.ended = FLOW_INPUT_ENDED;
		(void)sink.take(sink.ctx, &k);
	}
	must(run.given == session_totals(s).handshakes);
	session_close(s);
	cert_store_close(store);
	fresh_close(run.fresh);
	return 0;
}
