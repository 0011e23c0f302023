/*
 * From segments to the facts of a connection: where it begins, what each side has acknowledged,
 * its windows, how it ends. The bytes are stream.c's affair.
 */
#include "capture/tcp.h"

#include "base/moment.h"

enum {
	RST_WINDOW = 1 << 20, /* a reset farther off would not have been accepted */
	BEGINNING = 1 << 16,  /* bytes that may be captured before the SYN of their stream */
};

static const int64_t SYN_AGAIN_NS = 200000000; /* no client gives up a SYN so soon */
/* Linux sends the last of its SYNs after 63 s and waits as long for an answer. */
static const int64_t SYN_RETRY_NS = 130 * INT64_C(1000000000);

void tcp_begin(struct connection *c)
{
	for (unsigned d = 0; d < 2; d++) {
		c->half[d].scale = SCALE_UNKNOWN;
		c->flow.dir[d].window_min = UINT32_MAX;
	}
}

static bool is_far(uint32_t number, uint32_t from)
{
	return number - from + STREAM_FAR > 2 * STREAM_FAR;
}

static void base_at(struct half *h, uint32_t seq, bool midway)
{
	h->base = h->next = h->high = seq;
	h->based = true;
	h->told = false;
	h->midway = midway;
}

/* It begins earlier than was thought, and nothing was handed out yet. */
static void move_base(struct connection *c, unsigned dir, uint32_t seq, bool midway)
{
	struct half *h = &c->half[dir];
	uint32_t high = h->high;

	if (c->half[!dir].acks)
		c->flow.dir[!dir].acked += h->base - seq;
	base_at(h, seq, midway);
	h->high = high;
	c->flow.dir[dir].sent_max = high - seq;
}

/*
 * Where nothing was handed out, bytes before what the other side acknowledged first: that was captured too early. A
 * byte alone is a keep-alive (RFC 9293 3.8.4).
 */
static bool begins_before_told(const struct half *h, uint32_t seq, uint32_t length)
{
	return h->told && h->next == h->base && length > 1 && (int32_t)(seq - h->base) < 0 &&
	       h->base - seq <= BEGINNING;
}

/* Where a stream begins that was under way: at the first byte seen, unless an earlier one comes
 * before anything was handed out. */
static void find_base(struct connection *c, unsigned dir, uint32_t seq, uint32_t length)
{
	struct half *h = &c->half[dir];

	if (!h->based || (h->midway && h->queue == NULL && is_far(seq, h->next)))
		base_at(h, seq, true);
	else if ((h->midway && (int32_t)(seq - h->next) < 0) || begins_before_told(h, seq, length))
		move_base(c, dir, seq, true);
}

/* Is it a SYN of before the first bytes, of which none was handed out? */
static bool begins_before(const struct half *h, uint32_t first)
{
	return h->based && h->midway && h->base - first <= BEGINNING;
}

/* Bytes that stand before the place of a FIN or a reset and come after it: it was captured too early. */
static void end_later(struct connection *c, unsigned dir, const struct piece_of *p)
{
	const struct half *h = &c->half[dir];
	struct direction *d = &c->flow.dir[dir];

	if ((int32_t)(p->seq - h->next) < 0)
		return;
	if (d->fin && (int32_t)(p->seq - h->fin_seq) < 0)
		d->fin_after = p->packet;
	if (d->rst && (int32_t)(p->seq - h->rst_seq) < 0)
		d->rst_after = p->packet;
}

static void take_data(
	struct streams *t, struct connection *c, unsigned dir, const struct segment *s)
{
	const struct half *h = &c->half[dir];
	struct piece_of p = { .seq = s->seq + ((s->flags & TCP_SYN) != 0),
		.length = (uint32_t)s->payload.len + s->missing,
		.bytes = s->payload,
		.packet = s->packet,
		.time = s->time,
		.ack = s->ack,
		.acks = (s->flags & TCP_ACK) != 0 };

	find_base(c, dir, p.seq, p.length);
	/* Bytes after the place a reset was sent from: the reset was not the sender's. */
	if (c->flow.dir[dir].rst && (int32_t)(p.seq - h->rst_seq) >= 0)
		c->flow.dir[dir].rst = false;
	end_later(c, dir, &p);
	stream_take(t, c, dir, &p);
}

static void take_syn(struct streams *t, struct connection *c, unsigned dir, const struct segment *s)
{
	struct half *h = &c->half[dir];

	if (!h->based || (c->flow.dir[dir].data_segments == 0 && !c->half[!dir].acks))
		base_at(h, s->seq + 1, false);
	else if (begins_before(h, s->seq + 1))
		move_base(c, dir, s->seq + 1, false);
	stream_resume(t, c);
	c->flow.dir[dir].syn = true;
	c->flow.dir[dir].mss = s->mss;
	h->scale = s->scale >= 0 ? s->scale : SCALE_NONE;
}

static void take_ack(struct connection *c, unsigned dir, const struct segment *s)
{
	struct half *h = &c->half[dir], *peer = &c->half[!dir];
	uint32_t ack = s->ack;

	/* The other side's numbers, told before we see any: exact when this side's SYN was seen, and
	 * this comes right after it; else a good guess. */
	if (!peer->based) {
		base_at(peer, ack,
			!c->flow.dir[dir].syn || s->seq + ((s->flags & TCP_SYN) != 0) != h->base);
		peer->told = (s->flags & TCP_SYN) == 0; /* a SYN acknowledges a SYN, and no more */
	}
	if (peer->fin && ack == peer->fin_seq + 1) {
		peer->fin_acked = true;
		ack--;
	}
	if (!h->acks) {
		/* Of several SYN-ACKs with different numbers the client has taken this one. */
		if (dir == 0 && c->flow.dir[1].data_segments == 0 && ack - peer->base > STREAM_FAR)
			base_at(peer, ack, peer->midway);
		h->acks = c->flow.dir[dir].acks = true;
		h->ack = peer->base;
	}
	if ((int32_t)(ack - peer->next) > STREAM_FAR)
		return;
	if ((int32_t)(ack - h->ack) > 0) {
		c->flow.dir[dir].acked += ack - h->ack;
		h->ack = ack;
		h->ack_packet = s->packet;
		h->ack_time = s->time;
	}
}

static void take_window(struct connection *c, unsigned dir, const struct segment *s)
{
	struct direction *d = &c->flow.dir[dir];
	int8_t scale = c->half[dir].scale, other = c->half[!dir].scale;
	uint32_t window;

	if (s->window == 0 && d->zero_windows++ == 0)
		d->zero_window_packet = s->packet;
	d->window_shut = s->window == 0;
	if (scale == SCALE_NONE || other == SCALE_NONE)
		scale = 0; /* RFC 7323 2.2: both or none */
	else if (other == SCALE_UNKNOWN)
		scale = SCALE_UNKNOWN;
	if (scale < 0)
		return;
	window = (uint32_t)s->window << scale;
	if (window < d->window_min)
		d->window_min = window;
}

static void take_fin(struct connection *c, unsigned dir, const struct segment *s)
{
	struct half *h = &c->half[dir], *peer = &c->half[!dir];
	struct direction *d = &c->flow.dir[dir];

	if (h->fin)
		return;
	h->fin = true;
	h->fin_seq = s->seq + ((s->flags & TCP_SYN) != 0) + (uint32_t)s->payload.len + s->missing;
	if (!h->based)
		base_at(h, h->fin_seq, true);
	h->fin_ack = s->ack;
	h->fin_acks = (s->flags & TCP_ACK) != 0;
	if (peer->fin && peer->fin_acks && peer->fin_ack == h->fin_seq + 1)
		c->flow.dir[!dir].fin_after = s->packet; /* it answers this one */
	d->fin = true;
	d->fin_time = s->time;
	d->fin_packet = s->packet;
	d->fin_acked = d->acked;
	if (peer->acks && peer->ack == h->fin_seq + 1) {
		peer->ack--;
		h->fin_acked = true;
		if (c->flow.dir[!dir].acked != 0)
			c->flow.dir[!dir].acked--;
	}
}

static void take_rst(struct connection *c, unsigned dir, const struct segment *s)
{
	struct half *h = &c->half[dir];
	struct direction *d = &c->flow.dir[dir];
	int32_t off = (int32_t)(s->seq - h->next);

	if (c->flow.dir[!dir].syn && !d->syn && !c->half[!dir].acks)
		c->flow.refused = true;
	else if (h->based && (off > RST_WINDOW || off < -RST_WINDOW))
		return;
	if (d->rst)
		return;
	d->rst = true;
	d->rst_time = s->time;
	d->rst_packet = s->packet;
	d->rst_acked = d->acked;
	h->rst_seq = s->seq;
}

/* RFC 9293 3.10.7.3: to who has sent no more than a SYN a reset means nothing that does not acknowledge it. */
static bool is_stray_reset(const struct connection *c, unsigned dir, const struct segment *s)
{
	const struct half *peer = &c->half[!dir];

	if ((s->flags & TCP_RST) == 0 || !c->flow.dir[!dir].syn || c->flow.dir[dir].syn ||
		peer->acks || c->half[dir].based)
		return false;
	return (s->flags & TCP_ACK) == 0 || s->ack - peer->base > peer->high - peer->base;
}

static void note_stray_reset(struct direction *d, uint64_t packet)
{
	if (d->stray_resets++ == 0)
		d->stray_packet = packet;
}

static bool fin_reached(const struct half *h)
{
	bool earlier_may_come = h->told && h->next == h->base;

	return h->fin && !h->midway && !earlier_may_come && (int32_t)(h->next - h->fin_seq) >= 0;
}

/*
 * After a reset, or both FINs, packets may still come that were captured out of order; only when
 * every byte up to both FINs was seen and acknowledged nothing can. A settled connection has
 * nothing more to give.
 */
static enum tcp_state verdict(const struct connection *c)
{
	const struct flow *f = &c->flow;
	bool reset = f->dir[0].rst || f->dir[1].rst;

	if (f->refused || (f->settled && (reset || (f->dir[0].fin && f->dir[1].fin))))
		return TCP_OVER;
	if (fin_reached(&c->half[0]) && fin_reached(&c->half[1]) && c->half[0].fin_acked &&
		c->half[1].fin_acked)
		return TCP_OVER;
	return reset || (c->half[0].fin && c->half[1].fin) ? TCP_CLOSING : TCP_LIVE;
}

static void note_packet(struct connection *c, unsigned dir, const struct segment *s)
{
	struct direction *d = &c->flow.dir[dir];

	if (d->first_packet == 0) {
		d->first_packet = s->packet;
		d->hops_left = s->hops_left;
	}
	d->last_packet = s->packet;
	d->last_time = c->flow.last_time = s->time;
}

/* A SYN tells who has opened the connection, also where it was captured late. */
void tcp_open(struct connection *c, unsigned opener)
{
	struct flow *f = &c->flow;
	struct endpoint end = f->end[0];
	struct direction dir = f->dir[0];
	struct half half = c->half[0];

	if (f->opener_known || f->session != NULL || f->settled)
		return;
	f->opener_known = true;
	if (opener == 0)
		return;
	f->end[0] = f->end[1];
	f->end[1] = end;
	f->dir[0] = f->dir[1];
	f->dir[1] = dir;
	c->half[0] = c->half[1];
	c->half[1] = half;
	c->end0_is_key0 = !c->end0_is_key0;
}

enum tcp_state tcp_take(
	struct streams *t, struct connection *c, unsigned dir, const struct segment *s)
{
	uint32_t length = (uint32_t)s->payload.len + s->missing;

	if (is_stray_reset(c, dir, s)) {
		note_stray_reset(&c->flow.dir[dir], s->packet);
		return verdict(c);
	}
	note_packet(c, dir, s);
	if (c->flow.settled) {
		/* Only so that a later packet can be told from those of another connection. */
		if ((int32_t)(s->seq + length - c->half[dir].next) > 0)
			c->half[dir].next = s->seq + length;
	}
	if ((s->flags & TCP_SYN) != 0)
		take_syn(t, c, dir, s);
	if ((s->flags & TCP_ACK) != 0 && !c->flow.settled)
		take_ack(c, dir, s);
	if ((s->flags & TCP_RST) != 0) {
		take_rst(c, dir, s);
		return verdict(c);
	}
	if ((s->flags & TCP_FIN) != 0)
		take_fin(c, dir, s);
	if (c->flow.settled)
		return verdict(c);
	if ((s->flags & TCP_SYN) == 0)
		take_window(c, dir, s);
	if (length != 0)
		take_data(t, c, dir, s);
	stream_watch(t, c, s->packet, s->time);
	return verdict(c);
}

/* Nothing came back but errors, if anything. */
static bool unheard(const struct connection *c)
{
	return c->flow.dir[0].syn && c->flow.dir[1].first_packet == 0 && !c->half[0].acks;
}

/* RFC 5927 4: an error about anything but the SYN that was sent is an accident or an attack. */
void tcp_unreachable(struct connection *c, unsigned dir, const struct segment *quoted)
{
	struct unreachable *u = &c->flow.unreachable;

	if (dir != 0 || u->seen || !unheard(c) || quoted->seq + 1 != c->half[0].base)
		return;
	u->seen = true;
	u->type = quoted->icmp_type;
	u->code = quoted->icmp_code;
	u->by = (struct endpoint){ .family = quoted->family };
	memcpy(u->by.addr, quoted->reporter.data, quoted->reporter.len);
	u->packet = quoted->packet;
	u->time = c->flow.last_time = quoted->time;
}

void tcp_hand_out(struct streams *t, struct connection *c, unsigned dir, const struct segment *s)
{
	struct direction *d = &c->flow.dir[dir];
	struct piece_of p = { .length = (uint32_t)s->payload.len + s->missing,
		.bytes = s->payload,
		.packet = s->packet,
		.time = s->time };

	note_packet(c, dir, s);
	if (c->flow.settled)
		return;
	d->data_segments++;
	if (c->flow.dir[!dir].data_segments == 0)
		d->first_flight_segments++;
	d->sent_max += p.length;
	stream_deliver(t, c, dir, &p);
}

/* Nothing came back so far: the client may try again, and under a new number. */
static bool unheard_syn(const struct direction *d, const struct direction *other)
{
	return d->syn && d->data_segments == 0 && other->first_packet == 0;
}

/*
 * Some firewalls write other sequence numbers into what passes them. A capture that sees both
 * sides of one holds each segment twice, in two number spaces of which only one is ours.
 */
static enum tcp_fit fit_syn(const struct connection *c, unsigned dir, const struct segment *s)
{
	const struct half *h = &c->half[dir], *peer = &c->half[!dir];
	const struct direction *d = &c->flow.dir[dir], *other = &c->flow.dir[!dir];

	if (h->based && s->seq + 1 == h->base)
		return TCP_FITS; /* the same SYN again, or captured late */
	if (begins_before(h, s->seq + 1))
		return TCP_FITS;
	if ((s->flags & TCP_ACK) != 0) {
		/* A listener that has forgotten its SYN-ACK sends another with a new number. */
		if (peer->based && s->ack - peer->base <= peer->high - peer->base)
			return TCP_FITS;
		if (!h->based && begins_before(peer, s->ack))
			return TCP_FITS;
		return c->closing || c->flow.settled || !c->flow.opener_known ? TCP_BEGINS_ANEW
									      : TCP_FITS_NOT;
	}
	if (unheard_syn(d, other) && moment_apart(s->time, d->last_time) < SYN_AGAIN_NS)
		return TCP_FITS_NOT;
	if (unheard_syn(d, other) && moment_apart(s->time, d->last_time) < SYN_RETRY_NS)
		return TCP_FITS;
	return h->based || other->data_segments != 0 ? TCP_BEGINS_ANEW : TCP_FITS;
}

enum tcp_fit tcp_fits(const struct connection *c, unsigned dir, const struct segment *s)
{
	const struct half *h = &c->half[dir], *peer = &c->half[!dir];

	if ((s->flags & (TCP_SYN | TCP_RST)) == TCP_SYN)
		return fit_syn(c, dir, s);
	if ((s->flags & TCP_RST) != 0 || c->flow.settled || h->midway)
		return TCP_FITS;
	if (h->based)
		return is_far(s->seq, h->next) ? TCP_FITS_NOT : TCP_FITS;
	/* A server that remembers an older connection answers a SYN so (RFC 9293 3.5.1). */
	return peer->based && !peer->midway && (s->flags & TCP_ACK) != 0 &&
			       is_far(s->ack, peer->next)
		       ? TCP_FITS_NOT
		       : TCP_FITS;
}

enum flow_end tcp_ending(const struct connection *c)
{
	if (fin_reached(&c->half[0]) && fin_reached(&c->half[1]))
		return FLOW_CLOSED;
	return c->flow.dir[0].rst || c->flow.dir[1].rst ? FLOW_RESET : FLOW_CLOSED;
}

/*
 * A number more was acknowledged than there are bytes: a FIN that was not captured. It stands before the
 * packet that acknowledges it.
 */
static void tell_fin(struct connection *c, unsigned dir)
{
	struct half *h = &c->half[dir], *peer = &c->half[!dir];
	struct direction *d = &c->flow.dir[dir], *other = &c->flow.dir[!dir];

	if (c->flow.settled || h->fin || !h->based || h->midway || !peer->acks ||
		peer->ack != h->next + 1 || peer->ack_packet == 0 || other->acked == 0)
		return;
	h->fin = h->fin_acked = true;
	h->fin_seq = h->next;
	d->fin = true;
	d->fin_time = peer->ack_time;
	d->fin_after = peer->ack_packet - 1;
	/* The other's FIN does not acknowledge it: that one was sent before this had come. */
	if (peer->fin && peer->fin_acks && peer->fin_ack == h->fin_seq &&
		direction_fin_place(other) > d->fin_after)
		d->fin_after = direction_fin_place(other);
	d->fin_acked = d->acked;
	other->acked--;
	if (other->fin && other->fin_acked > other->acked)
		other->fin_acked--;
}

void tcp_end(struct streams *t, struct connection *c, enum flow_end ended)
{
	struct flow *f = &c->flow;
	bool later = f->dir[1].last_packet > f->dir[0].last_packet;
	struct chunk chunk = { .flow = f,
		.kind = CHUNK_END,
		.dir = later,
		.time = f->last_time,
		.packet = f->dir[later].last_packet,
		.ended = ended };

	stream_flush(t, c, chunk.packet, chunk.time);
	tell_fin(c, 0);
	tell_fin(c, 1);
	if (!unheard(c))
		f->unreachable = (struct unreachable){ 0 }; /* another SYN got through */
	f->unanswered = unheard(c) && !f->unreachable.seen;
	(void)t->sink.take(t->sink.ctx, &chunk);
	stream_forget(t, c);
}
