/* Connections, their handshakes and the limits on them; what a source talks to. */
#include "base/memory.h"
#include "session/conn.h"
#include "session/fingerprint.h"

#include <stdlib.h>

enum { HANDSHAKE_BYTES = 1 << 20, OPEN_BYTES = 24 << 20 };

/* Stands in flow->session for a connection of which nothing more is wanted. */
static struct conn settled;

struct session *session_open(
	struct cert_store *store, struct handshake_sink sink, const struct session_limits *limits)
{
	struct session *s = memory_zeroed(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->store = store;
	s->sink = sink;
	if (limits != NULL)
		s->limits = *limits;
	if (s->limits.handshake_bytes == 0)
		s->limits.handshake_bytes = HANDSHAKE_BYTES;
	if (s->limits.open_bytes == 0)
		s->limits.open_bytes = OPEN_BYTES;
	s->input = 1;
	s->now = INT64_MIN;
	s->pool = pool_open(s->limits.handshake_bytes);
	s->told = told_open();
	if (s->pool != NULL && s->told != NULL)
		return s;
	session_close(s);
	return NULL;
}

bool session_tell(struct session *s, const struct told *told)
{
	return told_add(s->told, told);
}

void session_next_input(struct session *s)
{
	s->input++;
	s->now = INT64_MIN;
}

struct session_totals session_totals(const struct session *s)
{
	return s->totals;
}

/* ---- connections ---- */

static struct conn *conn_new(struct session *s, struct flow *flow)
{
	struct conn *c = s->free_conns;

	if (c != NULL)
		s->free_conns = c->newer;
	else if ((c = memory_zeroed(1, sizeof *c)) == NULL)
		return NULL;
	c->session = s;
	c->flow = flow;
	c->newer = NULL;
	c->last_type[0] = c->last_type[1] = 0xffff;
	return c;
}

static void unlink_conn(struct conn *c)
{
	struct session *s = c->session;

	if (c->hs == NULL)
		return;
	if (c->older != NULL)
		c->older->newer = c->newer;
	else
		s->oldest = c->newer;
	if (c->newer != NULL)
		c->newer->older = c->older;
	else
		s->newest = c->older;
}

static void link_newest(struct conn *c)
{
	struct session *s = c->session;

	c->older = s->newest;
	c->newer = NULL;
	if (s->newest != NULL)
		s->newest->newer = c;
	else
		s->oldest = c;
	s->newest = c;
}

static void clear_handshake(struct conn *c)
{
	c->hs = NULL;
	c->event_capacity = 0;
	c->progress = (struct progress){ 0 };
	c->last_type[0] = c->last_type[1] = 0xffff;
	c->last_rank[0] = c->last_rank[1] = 0;
	c->unread[0] = c->unread[1] = false;
	c->hellos_again = 0;
	c->session->open_bytes -= c->memory;
	c->memory = 0;
}

/* The connection is done with; its memory serves the next one. */
static void conn_release(struct conn *c)
{
	struct session *s = c->session;

	c->flow->session = &settled;
	for (unsigned dir = 0; dir < 2; dir++)
		stream_clear(&c->stream[dir]);
	memset(c, 0, offsetof(struct conn, stream));
	c->newer = s->free_conns;
	s->free_conns = c;
}

void session_close(struct session *s)
{
	struct conn *c, *next;

	if (s == NULL)
		return;
	for (c = s->free_conns; c != NULL; c = next) {
		next = c->newer;
		stream_free(&c->stream[0]);
		stream_free(&c->stream[1]);
		free(c);
	}
	told_close(s->told);
	if (s->pool != NULL)
		pool_close(s->pool);
	free(s);
}

/* ---- handshakes ---- */

static void early_gaps(struct conn *c)
{
	for (unsigned dir = 0; dir < 2; dir++) {
		struct stream *s = &c->stream[dir];

		if (!s->has_gap)
			continue;
		s->gap.from = conn_side(c, dir);
		message_gap(c, &s->gap, s->gap_time);
		s->has_gap = false;
	}
}

/*
 * More than half of the struct are the lists of four messages' extensions, which are read as far
 * as they are counted: clearing them would be the dearest thing that happens to a handshake.
 */
static struct handshake *new_handshake(struct arena *arena)
{
	struct handshake *hs = arena_alloc_raw(arena, sizeof *hs);
	uint8_t *from = (uint8_t *)hs;

	if (hs == NULL)
		return NULL;
	struct extensions *const each[] = { &hs->client_hello.ext, &hs->client_hello_2.ext,
		&hs->hello_retry.ext, &hs->server_hello.ext };
	for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
		memset(from, 0, (size_t)((uint8_t *)each[i]->list - from));
		from = (uint8_t *)(each[i] + 1);
	}
	memset(from, 0, (size_t)((uint8_t *)(hs + 1) - from));
	return hs;
}

bool conn_open(struct conn *c, unsigned client_dir, bool guessed, struct origin at)
{
	struct session *s = c->session;
	const struct flow *f = c->flow;
	struct arena *arena = pool_take(s->pool);
	struct handshake *hs = arena != NULL ? new_handshake(arena) : NULL;

	if (hs == NULL) {
		if (arena != NULL)
			pool_give_back(s->pool, arena);
		s->totals.given_up++;
		c->done = true;
		return false;
	}
	c->hs = hs;
	c->client_dir = (uint8_t)client_dir;
	hs->id = ++s->next_id;
	hs->input = s->input;
	hs->arena = arena;
	hs->pool = s->pool;
	hs->store = s->store;
	hs->transport = f->transport;
	hs->side[SIDE_CLIENT].address = f->end[client_dir];
	hs->side[SIDE_SERVER].address = f->end[!client_dir];
	hs->roles_guessed = guessed;
	hs->start = hs->end = at.time;
	hs->first_packet = hs->last_packet = at.packet;
	hs->connect_time = f->start_time;
	hs->saw_syn = f->opener_known;
	hs->renegotiation = c->gave_out;
	c->progress.last_time = at.time;
	link_newest(c);
	early_gaps(c);
	return true;
}

/* A connection is counted once, whatever it meets with. */
static void count_once(struct conn *c, uint64_t *total)
{
	if (!c->counted)
		++*total;
	c->counted = true;
}

void conn_skim(struct conn *c, enum skim why)
{
	struct session_totals *t = &c->session->totals;
	struct handshake *hs = c->hs;
	unsigned last = conn_dir(c, c->progress.last_spoke);
	struct origin at = { hs->last_packet, hs->end };
	struct event *ev;

	if (hs->skimmed != SKIM_NOT)
		return;
	hs->skimmed = why;
	hs->skimmed_from = at.packet;
	for (unsigned dir = 0; dir < 2; dir++)
		assembly_forget(c, dir);
	if ((ev = conn_event(c, EVENT_SKIMMED, conn_side(c, last), at)) != NULL)
		ev->length = c->progress.bytes;
	count_once(c, why == SKIM_BYTES ? &t->skimmed_bytes : &t->skimmed_memory);
}

/* Gives the handshake out; the connection is without one afterwards. */
static void give_out(struct conn *c)
{
	struct session *s = c->session;
	struct handshake *hs = c->hs;

	unlink_conn(c);
	clear_handshake(c);
	c->gave_out = true;
	if (hs->client_hello.seen)
		hs->looks = fingerprint_client_hello(&hs->client_hello);
	if (!hs->renegotiation)
		told_apply(s->told, hs);
	s->totals.handshakes++;
	s->totals.full_ladders += hs->events_dropped;
	s->sink.take(s->sink.ctx, hs);
}

bool conn_renew(struct conn *c, struct origin at)
{
	unsigned client_dir = c->client_dir;

	settle_now(c);
	give_out(c);
	for (unsigned dir = 0; dir < 2; dir++)
		c->stream[dir].ccs = false;
	return conn_open(c, client_dir, false, at);
}

/* ---- limits ---- */

static void drop_oldest(struct session *s, const struct conn *but)
{
	struct conn *c = s->oldest;

	if (c == NULL || c == but)
		return;
	count_once(c, &s->totals.given_up);
	c->evicted = true;
	for (unsigned dir = 0; dir < 2; dir++)
		stream_end(c, dir);
	settle_now(c);
	give_out(c);
	conn_release(c);
}

static void count_memory(struct conn *c)
{
	struct session *s = c->session;
	size_t memory =
		arena_used(c->hs->arena) + c->stream[0].message.size + c->stream[1].message.size;

	s->open_bytes = s->open_bytes - c->memory + memory;
	c->memory = memory;
	while (s->open_bytes > s->limits.open_bytes && s->oldest != c)
		drop_oldest(s, c);
}

/* ---- chunks ---- */

static void finish(struct conn *c)
{
	struct session *s = c->session;

	if (c->hs != NULL) {
		settle_now(c);
		give_out(c);
	} else if (!c->gave_out) {
		s->totals.plain_flows++;
	}
	conn_release(c);
}

static enum sink_answer take_data(struct conn *c, const struct chunk *k)
{
	struct origin at = { k->packet, k->time };

	if (k->kind == CHUNK_DATA)
		stream_feed(c, k->dir, k->bytes, at);
	else
		stream_hole(c, k->dir, k);
	settle_progress(c, k->dir, k->bytes.len, at);
	if (c->done) {
		finish(c);
		return SINK_DONE;
	}
	if (c->hs != NULL) {
		unlink_conn(c);
		link_newest(c);
		count_memory(c);
	}
	return SINK_MORE;
}

/* RFC 6347: recognised and counted, not read. */
static enum sink_answer take_datagram(struct session *s, const struct chunk *k)
{
	if (k->kind != CHUNK_DATA)
		return SINK_MORE;
	if (dtls_record_plausible(k->bytes))
		s->totals.dtls_flows++;
	k->flow->session = &settled;
	return SINK_DONE;
}

/* A connection of which no byte came: refused, unreachable, unanswered, or only opened. */
static void take_unconnected(struct session *s, const struct chunk *k)
{
	struct flow *f = k->flow;
	struct conn *c;

	s->totals.evicted += k->ended == FLOW_EVICTED;
	if (!f->refused && !f->unanswered && !f->unreachable.seen) {
		s->totals.plain_flows++;
		return;
	}
	if ((c = conn_new(s, f)) == NULL)
		return;
	if (conn_open(c, 0, !f->opener_known, (struct origin){ f->first_packet, f->start_time })) {
		c->evicted = k->ended == FLOW_EVICTED;
		settle_unconnected(c);
		give_out(c);
	}
	conn_release(c);
}

static void take_end(struct session *s, struct conn *c, const struct chunk *k)
{
	if (c == NULL) {
		if (k->flow->transport == TRANSPORT_TCP)
			take_unconnected(s, k);
	} else if (c != &settled) {
		c->evicted = k->ended == FLOW_EVICTED;
		if (c->evicted)
			count_once(c, &s->totals.evicted);
		for (unsigned dir = 0; dir < 2; dir++)
			stream_end(c, dir);
		finish(c);
	}
	k->flow->session = &settled;
}

static enum sink_answer take(void *ctx, const struct chunk *k)
{
	struct session *s = ctx;
	struct conn *c = k->flow->session;

	if (c == NULL)
		s->totals.flows++;
	if (k->time > s->now)
		s->now = k->time;
	if (k->kind == CHUNK_END) {
		take_end(s, c, k);
		return SINK_DONE;
	}
	if (c == &settled)
		return SINK_DONE;
	if (k->flow->transport == TRANSPORT_UDP)
		return take_datagram(s, k);
	if (c == NULL) {
		if ((c = conn_new(s, k->flow)) == NULL) {
			s->totals.given_up++;
			return SINK_DONE;
		}
		k->flow->session = c;
	}
	return take_data(c, k);
}

struct sink session_sink(struct session *s)
{
	return (struct sink){ take, s };
}
