/*
 * When to stop waiting for bytes is a decision the capture does not make for us. A receiver
 * acknowledges only what it has; so bytes that the other side has acknowledged and we have not
 * seen were lost by the capture, or stand later in it because the two directions were not
 * captured in step. We wait for a number of packets, for a while, or until too much has gathered
 * behind the hole. Until then the side that acknowledged is held back too, so that an answer is
 * never handed out before what it answers.
 *
 * Nor does a capture that was written by several queues begin with the beginning: where no SYN was seen the
 * first bytes may not be the first. They wait for a while too, as long as nothing was handed out.
 */
#include "capture/stream.h"

#include "base/moment.h"

enum { WAIT_PACKETS = 64, GUESS_PACKETS = 32 }; /* of the connection */

static const int64_t WAIT_NS = 1000000000;

static void drop_queue(struct streams *t, struct half *h)
{
	struct piece *p;

	while ((p = queue_take(&h->queue)) != NULL) {
		t->queued -= queue_size(p);
		queue_free(p);
	}
	h->queued = 0;
}

void stream_forget(struct streams *t, struct connection *c)
{
	for (unsigned d = 0; d < 2; d++) {
		drop_queue(t, &c->half[d]);
		history_release(&t->histories, &c->half[d].history);
	}
}

static void give(struct streams *t, struct connection *c, const struct chunk *chunk)
{
	if (c->flow.settled || t->sink.take(t->sink.ctx, chunk) != SINK_DONE)
		return;
	c->flow.settled = true;
	stream_forget(t, c);
}

static void give_gap(struct streams *t, struct connection *c, unsigned dir, uint64_t gap,
	enum gap_reason reason, const struct piece_of *at)
{
	struct chunk chunk = { .flow = &c->flow,
		.kind = CHUNK_GAP,
		.dir = (uint8_t)dir,
		.time = at->time,
		.packet = at->packet,
		.gap = gap,
		.reason = reason };

	give(t, c, &chunk);
}

/* Hands out the bytes at `next` and moves it past them. */
void stream_deliver(struct streams *t, struct connection *c, unsigned dir, const struct piece_of *p)
{
	struct half *h = &c->half[dir];
	struct chunk chunk = { .flow = &c->flow,
		.kind = CHUNK_DATA,
		.dir = (uint8_t)dir,
		.time = p->time,
		.packet = p->packet,
		.bytes = p->bytes };
	uint32_t cut = p->length - (uint32_t)p->bytes.len;

	h->next = p->seq + p->length;
	h->waited = 0;
	if (h->midway) {
		h->midway = false;
		give_gap(t, c, dir, GAP_UNKNOWN, GAP_MIDWAY, p);
	}
	if (p->bytes.len != 0) {
		c->flow.dir[dir].bytes += p->bytes.len;
		give(t, c, &chunk);
	}
	if (cut != 0) {
		c->flow.dir[dir].cut_bytes += cut;
		give_gap(t, c, dir, cut, GAP_CUT, p);
	}
	if (!c->flow.settled && c->flow.transport == TRANSPORT_TCP)
		history_add(&t->histories, &h->history, p->bytes, p->seq + (uint32_t)p->bytes.len);
}

static void note_sent(struct connection *c, unsigned dir, uint32_t end)
{
	struct half *h = &c->half[dir];

	if ((int32_t)(end - h->high) <= 0)
		return;
	c->flow.dir[dir].sent_max += end - h->high;
	h->high = end;
}

/* The bytes up to `seq` are not waited for any longer. */
static void skip_to(struct streams *t, struct connection *c, unsigned dir, uint32_t seq,
	const struct piece_of *at)
{
	struct half *h = &c->half[dir];
	uint32_t lost = seq - h->next;

	h->waited = 0;
	if (lost == 0)
		return;
	note_sent(c, dir, seq);
	h->next = seq;
	c->flow.dir[dir].lost += lost;
	if (h->midway) {
		h->midway = false;
		give_gap(t, c, dir, GAP_UNKNOWN, GAP_MIDWAY, at);
	}
	give_gap(t, c, dir, lost, GAP_LOST, at);
}

/* How many bytes from `next` on the other side has acknowledged. */
static uint32_t acked_ahead(const struct connection *c, unsigned dir)
{
	const struct half *h = &c->half[dir], *peer = &c->half[!dir];
	uint32_t ahead = peer->ack - h->next;

	if (!h->based || !peer->acks || ahead > STREAM_FAR)
		return 0;
	/* A FIN takes a number too: it may be it that we have not seen. */
	return ahead == 1 && h->queue == NULL ? 0 : ahead;
}

/* The same where the bytes at `next` were not seen. */
static uint32_t acked_hole(const struct connection *c, unsigned dir)
{
	const struct half *h = &c->half[dir];

	return h->queue != NULL && h->queue->seq == h->next ? 0 : acked_ahead(c, dir);
}

static struct piece_of piece_view(const struct piece *p)
{
	return (struct piece_of){ .seq = p->seq,
		.length = p->length,
		.bytes = bytes_of(p->bytes, p->have),
		.packet = p->packet,
		.time = p->time,
		.ack = p->ack,
		.acks = p->acks };
}

/* The hole at `next` is the capture's; what is known to lie in it is given up. */
static void give_up(
	struct streams *t, struct connection *c, unsigned dir, const struct piece_of *at)
{
	struct half *h = &c->half[dir];
	uint32_t hole = acked_hole(c, dir);

	if (h->queue != NULL && h->queue->seq - h->next < hole)
		hole = h->queue->seq - h->next;
	skip_to(t, c, dir, h->next + hole, at);
}

static void pop(struct streams *t, struct connection *c, unsigned dir)
{
	struct half *h = &c->half[dir];
	/* Off the list before it is handed out: the sink's answer may empty the queue. */
	struct piece *first = queue_take(&h->queue);
	struct piece_of p = piece_view(first);

	t->queued -= queue_size(first);
	h->queued -= (uint32_t)queue_size(first);
	stream_deliver(t, c, dir, &p);
	queue_free(first);
}

/* Which of the two first pieces was captured first, of those that may be handed out; -1 none. */
static int first_waiting(
	const struct connection *c, bool (*may)(const struct connection *c, unsigned dir))
{
	int best = -1;

	for (unsigned d = 0; d < 2; d++) {
		if (c->half[d].queue == NULL || !may(c, d))
			continue;
		if (best < 0 || c->half[d].queue->packet < c->half[best].queue->packet)
			best = (int)d;
	}
	return best;
}

/* Where the stream begins is a guess that may still change. */
static bool is_guess(const struct connection *c, unsigned dir)
{
	return c->half[dir].midway && !c->half[dir].guessed_long;
}

/* Of one direction nothing is handed out while the other's beginning is open. */
static bool has_guess(const struct connection *c)
{
	return is_guess(c, 0) || is_guess(c, 1);
}

static bool always(const struct connection *c, unsigned dir)
{
	(void)c;
	(void)dir;
	return true;
}

/* Bytes of the other side that the segment acknowledges and that were not handed out: they stand before it.
 * A segment tells more than what its side has acknowledged since. */
static bool is_early(const struct connection *c, unsigned dir, bool acks, uint32_t ack)
{
	const struct half *peer = &c->half[!dir];
	uint32_t ahead = ack - peer->next;

	if (!acks || !peer->based || ahead > STREAM_FAR)
		return false;
	/* A FIN takes a number too, and may be it that we have not seen. */
	if (peer->fin && ack == peer->fin_seq + 1)
		ahead--;
	return ahead > 1 || (ahead == 1 && peer->queue != NULL);
}

/* In place, and all that it acknowledges was handed out. */
static bool in_turn(const struct connection *c, unsigned dir)
{
	const struct piece *p = c->half[dir].queue;

	return p->seq == c->half[dir].next && !is_early(c, dir, p->acks, p->ack);
}

/* In place, and the other side does not wait for bytes that its sender has acknowledged. */
static bool in_place(const struct connection *c, unsigned dir)
{
	return c->half[dir].queue->seq == c->half[dir].next && acked_hole(c, !dir) == 0;
}

static void drain(struct streams *t, struct connection *c)
{
	int dir;

	if (has_guess(c))
		return;
	while ((dir = first_waiting(c, in_turn)) >= 0 || (dir = first_waiting(c, in_place)) >= 0)
		pop(t, c, (unsigned)dir);
}

/* Hands out the piece that has waited longest, whatever is missing before it. */
static bool force_one(struct streams *t, struct connection *c)
{
	int first = first_waiting(c, always);
	unsigned dir = (unsigned)first;
	struct piece_of at;

	if (first < 0)
		return false;
	at = piece_view(c->half[dir].queue);
	if (acked_hole(c, !dir) != 0)
		give_up(t, c, !dir, &at);
	if (c->half[dir].queue != NULL)
		skip_to(t, c, dir, c->half[dir].queue->seq, &at);
	if (c->half[dir].queue != NULL)
		pop(t, c, dir);
	return true;
}

/* A segment that brings nothing new. */
static void note_again(struct direction *d, const struct piece_of *p)
{
	d->retransmissions++;
	d->retransmission_time = p->time;
}

static void keep(struct streams *t, struct connection *c, unsigned dir, const struct piece_of *p)
{
	struct half *h = &c->half[dir];
	struct direction *d = &c->flow.dir[dir];
	struct queued q = queue_add(&h->queue, p);

	t->queued += q.added;
	h->queued += (uint32_t)q.added;
	if (q.differs && d->conflicts++ == 0)
		d->conflict_packet = p->packet;
	if (q.added == 0)
		note_again(d, p);
	drain(t, c);
	while ((c->half[0].queued + c->half[1].queued > t->queue_flow ||
		       t->queued > t->queue_all) &&
		force_one(t, c))
		drain(t, c);
}

/* A segment that begins with bytes handed out before. False when it brings nothing else. */
static bool trim_old(struct streams *t, struct connection *c, unsigned dir, struct piece_of *p)
{
	struct half *h = &c->half[dir];
	struct direction *d = &c->flow.dir[dir];
	uint32_t old = h->next - p->seq;

	/* Keep-alive and window probes send one byte before the next again, often a wrong one. */
	if (p->length == 1 && old == 1)
		return false;
	if (!history_covers(h->history, p->seq, old < p->length ? old : p->length))
		t->uncompared++;
	if (history_differs(h->history, p->seq, bytes_slice(p->bytes, 0, old)) &&
		d->conflicts++ == 0)
		d->conflict_packet = p->packet;
	if (old >= p->length) {
		note_again(d, p);
		return false;
	}
	p->bytes = bytes_slice(p->bytes, old, SIZE_MAX);
	p->length -= old;
	p->seq = h->next;
	return true;
}

void stream_take(struct streams *t, struct connection *c, unsigned dir, struct piece_of *p)
{
	struct half *h = &c->half[dir];
	struct direction *d = &c->flow.dir[dir];

	if ((int32_t)(p->seq - h->next) < 0 && !trim_old(t, c, dir, p))
		return;
	d->data_segments++;
	if (c->flow.dir[!dir].data_segments == 0)
		d->first_flight_segments++;
	note_sent(c, dir, p->seq + p->length);
	if (p->seq == h->next && h->queue == NULL && !h->midway && !has_guess(c) &&
		!is_early(c, dir, p->acks, p->ack))
		stream_deliver(t, c, dir, p);
	else
		keep(t, c, dir, p);
}

/* Counts how long an earlier beginning has been waited for. True when the wait is over. */
static bool watch_guess(struct half *h, int64_t time)
{
	if (h->guessed++ == 0)
		h->guessed_since = time;
	h->guessed_long =
		h->guessed > GUESS_PACKETS || moment_apart(time, h->guessed_since) > WAIT_NS;
	return h->guessed_long;
}

/* Counts how long each hole has been waited for, and ends the wait. */
void stream_watch(struct streams *t, struct connection *c, uint64_t packet, int64_t time)
{
	struct piece_of at = { .packet = packet, .time = time };
	bool moved = false;

	for (unsigned dir = 0; dir < 2; dir++)
		moved |= is_guess(c, dir) && watch_guess(&c->half[dir], time);
	if (has_guess(c))
		return;

	for (unsigned dir = 0; dir < 2; dir++) {
		struct half *h = &c->half[dir];

		if (acked_hole(c, dir) == 0) {
			h->waited = 0;
			continue;
		}
		if (h->waited++ == 0)
			h->waited_since = time;
		if (h->waited <= WAIT_PACKETS && moment_apart(time, h->waited_since) <= WAIT_NS)
			continue;
		give_up(t, c, dir, &at);
		moved = true;
	}
	if (moved)
		drain(t, c);
}

void stream_resume(struct streams *t, struct connection *c)
{
	drain(t, c);
}

void stream_flush(struct streams *t, struct connection *c, uint64_t packet, int64_t time)
{
	struct piece_of at = { .packet = packet, .time = time };

	c->half[0].guessed_long = c->half[1].guessed_long = true;
	drain(t, c);
	while (force_one(t, c))
		;
	for (unsigned dir = 0; dir < 2; dir++)
		if (!c->flow.settled && acked_hole(c, dir) != 0)
			give_up(t, c, dir, &at);
}
