/* Connections, their memory and the limits on it; what a source talks to. */
#include "base/memory.h"
#include "session/conn.h"

#include <stdlib.h>

enum { HANDSHAKE_BYTES = 1 << 20, OPEN_BYTES = 24 << 20 };

/* Stands in flow->session for a connection of which nothing more is wanted. */
static struct conn settled;

struct session *session_open(
	struct cert_store *store, struct handshake_sink sink, const struct session_limits *limits)
{
	struct session *s = memory_new(sizeof *s);

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

void session_target(struct session *s, const char *target)
{
	s->target = target;
}

void session_next_input(struct session *s)
{
	s->input++;
	s->now = INT64_MIN;
}

void session_keys(struct session *s, const struct session_keys *keys)
{
	s->keys = *keys;
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
	else if ((c = memory_new(sizeof *c)) == NULL)
		return NULL;
	c->session = s;
	c->flow = flow;
	c->newer = NULL;
	c->lane[0].last_type = c->lane[1].last_type = 0xffff;
	return c;
}

_Static_assert(
	offsetof(struct conn, stream) + sizeof((struct conn *)0)->stream == sizeof(struct conn),
	"the streams are the last of a connection");

/* The connection is done with; its memory serves the next one. */
static void conn_release(struct conn *c)
{
	struct session *s = c->session;

	c->flow->session = &settled;
	sealed_close(c);
	for (unsigned dir = 0; dir < 2; dir++)
		stream_clear(&c->stream[dir]);
	memset(c, 0, offsetof(struct conn, stream)); /* all the rest: asserted above */
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

/* ---- limits ---- */

static void drop_oldest(struct session *s, const struct conn *but)
{
	struct conn *c = s->oldest;

	if (c == NULL || c == but)
		return;
	attempt_count(c, &s->totals.given_up);
	c->evicted = true;
	sealed_end(c);
	for (unsigned dir = 0; dir < 2; dir++)
		stream_end(c, dir);
	attempt_end(c);
	conn_release(c);
}

static void count_memory(struct conn *c)
{
	struct session *s = c->session;
	size_t memory = arena_used(c->hs->arena) + c->stream[0].message.size +
			c->stream[1].message.size + sealed_memory(c);

	s->open_bytes = s->open_bytes - c->memory + memory;
	c->memory = memory;
	while (s->open_bytes > s->limits.open_bytes && s->oldest != c)
		drop_oldest(s, c);
}

/* ---- chunks ---- */

/* Its bytes were no TLS; what is told of it counts all the same. */
static void finish_told(struct conn *c)
{
	const struct flow *f = c->flow;

	if (attempt_begin(c, 0, false, (struct arrival){ f->first_packet, f->start_time }))
		attempt_end(c);
}

static void finish(struct conn *c)
{
	struct session *s = c->session;

	sealed_end(c);
	if (c->hs != NULL)
		attempt_end(c);
	else if (!c->gave_out && c->flow->logged)
		finish_told(c);
	else if (!c->gave_out)
		s->totals.plain_flows++;
	conn_release(c);
}

/* What was read of messages is not wanted any more once they are not read to their end. */
static void read_so_far(struct conn *c, unsigned dir, size_t bytes, struct arrival at)
{
	progress_bytes(c, dir, bytes, at);
	if (progress_too_long(c))
		attempt_skim(c, SKIM_BYTES);
	for (unsigned i = 0; i < 2 && c->hs->skimmed != SKIM_NOT; i++)
		assembly_forget(c, i);
}

static enum sink_answer take_data(struct conn *c, const struct chunk *k)
{
	struct arrival at = { k->packet, k->time };

	if (k->kind == CHUNK_DATA)
		wrap_feed(c, k->dir, k->bytes, at);
	else if (k->kind == CHUNK_OPENED)
		opened_feed(c, k);
	else
		wrap_hole(c, k->dir, k);
	if (c->hs != NULL)
		read_so_far(c, k->dir, k->bytes.len, at);
	if (c->done) {
		finish(c);
		return SINK_DONE;
	}
	if (c->hs != NULL) {
		attempt_is_newest(c);
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

/* A connection of which a log has no byte, but knows that it was, or what became of it. */
static void take_told(struct session *s, struct flow *f)
{
	struct conn *c = conn_new(s, f);

	if (c == NULL)
		return;
	finish_told(c);
	conn_release(c);
}

/* A connection of which no byte came: refused, unreachable, unanswered, or only opened. */
static void take_unconnected(struct session *s, const struct chunk *k)
{
	struct flow *f = k->flow;
	struct conn *c;

	s->totals.evicted += k->ended == FLOW_EVICTED;
	if (f->logged) {
		take_told(s, f);
		return;
	}
	if (!f->refused && !f->unanswered && !f->unreachable.seen) {
		s->totals.plain_flows++;
		return;
	}
	if ((c = conn_new(s, f)) == NULL)
		return;
	c->evicted = k->ended == FLOW_EVICTED;
	attempt_unconnected(c);
	conn_release(c);
}

static void take_end(struct session *s, struct conn *c, const struct chunk *k)
{
	if (c == NULL) {
		if (k->flow->transport == TRANSPORT_TCP || k->flow->logged)
			take_unconnected(s, k);
	} else if (c != &settled) {
		c->evicted = k->ended == FLOW_EVICTED;
		if (c->evicted)
			attempt_count(c, &s->totals.evicted);
		sealed_end(c);
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
