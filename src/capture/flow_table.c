/*
 * A hash table by both endpoints, and lists in the order of use: who is closing gives way first,
 * then who has been quiet for longest.
 */
#include "capture/flow_table.h"

#include "base/memory.h"
#include "base/moment.h"
#include "base/recent.h"
#include "capture/tcp.h"
#include "wire/record.h"

#include <stdlib.h>
#include <utlist.h>

enum {
	/* Late packets of a connection that is over come within so many packets, and so long. */
	LINGER_PACKETS = 64,

	STRAY_WINDOW = 1 << 16,
};

static const int64_t LINGER_NS = 1000000000;
static const int64_t GRAVE_NS = 120 * 1000000000ll; /* TIME-WAIT: RFC 9293 3.4.3 */

const struct flow_limits flow_limits_default = { 16384, 1 << 18, 6 << 20 };

/*
 * What is remembered of a dead connection, by the hash of its key: its numbers, so that a
 * repeated segment does not look like a connection that began before the capture.
 */
struct grave {
	int64_t time;
	uint32_t base[2], next[2]; /* in the key's order */
	bool based[2];
};

struct flow_table {
	struct streams streams;
	struct flow_limits limits;
	struct connection *connections;    /* uthash, in order of appearance */
	struct connection *open, *closing; /* each in the order in which they were put there */
	struct connection *spare;
	struct connection *last; /* the one used last */
	uint64_t segments;       /* taken so far: the table's clock */
	uint64_t flows, evicted;
	struct recent buried;
	struct grave graves[RECENT_SIZE]; /* as in buried */
};

struct flow_table *flow_table_open(struct sink sink, const struct flow_limits *limits)
{
	struct flow_table *t = memory_new(sizeof *t);

	if (t == NULL)
		return NULL;
	t->limits = limits != NULL ? *limits : flow_limits_default;
	t->streams.sink = sink;
	t->streams.queue_flow = t->limits.queue_flow;
	t->streams.queue_all = t->limits.queue_all;
	return t;
}

/* The direction of a segment in the key: which endpoint of the key sent it. */
static unsigned make_key(const struct segment *s, struct connection_key *key)
{
	int order = memcmp(s->src.data, s->dst.data, s->src.len);
	unsigned from = order > 0 || (order == 0 && s->sport > s->dport);

	*key = (struct connection_key){ .family = s->family, .protocol = s->protocol };
	memcpy(key->addr[from], s->src.data, s->src.len);
	memcpy(key->addr[!from], s->dst.data, s->dst.len);
	key->port[from] = s->sport;
	key->port[!from] = s->dport;
	return from;
}

static uint64_t hash_of(const struct connection_key *key)
{
	uint64_t hash = table_hash(bytes_of(key, sizeof *key));

	return hash != 0 ? hash : 1;
}

static struct endpoint endpoint_of(const struct connection_key *key, unsigned i)
{
	struct endpoint e = { .family = key->family, .port = key->port[i] };

	memcpy(e.addr, key->addr[i], sizeof e.addr);
	return e;
}

static void bury(struct flow_table *t, const struct connection *c)
{
	struct grave *g = &t->graves[recent_add(&t->buried, hash_of(&c->key))];

	*g = (struct grave){ .time = c->flow.last_time };
	for (unsigned d = 0; d < 2; d++) {
		unsigned k = c->end0_is_key0 ? d : !d;

		g->base[k] = c->half[d].base;
		g->next[k] = c->half[d].next;
		g->based[k] = c->half[d].based;
	}
}

/* Does a segment that starts no connection, or starts one again, belong to a dead one? */
static bool is_stray(
	const struct flow_table *t, uint64_t hash, unsigned from, const struct segment *s)
{
	int place = recent_find(&t->buried, hash);
	const struct grave *g = &t->graves[place >= 0 ? place : 0];

	if (place < 0 || moment_apart(s->time, g->time) > GRAVE_NS)
		return false;
	if ((s->flags & TCP_SYN) != 0)
		return g->based[from] && s->seq + 1 == g->base[from];
	return !g->based[from] ||
	       s->seq - (g->base[from] - 1) <= g->next[from] + STRAY_WINDOW - g->base[from];
}

static void remove_connection(struct flow_table *t, struct connection *c)
{
	if (c->closing)
		DL_DELETE(t->closing, c);
	else
		DL_DELETE(t->open, c);
	HASH_DEL(t->connections, c);
	if (t->last == c)
		t->last = NULL;
	LL_PREPEND(t->spare, c);
}

static void end_connection(struct flow_table *t, struct connection *c, enum flow_end ended)
{
	tcp_end(&t->streams, c, ended);
	if (c->flow.transport == TRANSPORT_TCP)
		bury(t, c);
	remove_connection(t, c);
}

static void evict_one(struct flow_table *t)
{
	struct connection *c = t->closing != NULL ? t->closing : t->open;

	if (!c->closing)
		t->evicted++;
	end_connection(t, c, c->closing ? tcp_ending(c) : FLOW_EVICTED);
}

static struct connection *allocate(struct flow_table *t)
{
	struct connection *c;

	if (HASH_COUNT(t->connections) >= t->limits.flows)
		evict_one(t);
	c = t->spare;
	if (c == NULL)
		return memory_new(sizeof *c);
	LL_DELETE(t->spare, c);
	memset(c, 0, sizeof *c);
	return c;
}

static struct connection *add_connection(struct flow_table *t, const struct connection_key *key,
	uint64_t hash, unsigned opener, const struct segment *s)
{
	struct connection *c = allocate(t);

	if (c == NULL)
		return NULL;
	c->key = *key;
	c->end0_is_key0 = opener == 0;
	c->flow.transport = s->protocol == PROTOCOL_TCP ? TRANSPORT_TCP : TRANSPORT_UDP;
	c->flow.id = ++t->flows;
	c->flow.end[0] = endpoint_of(key, opener);
	c->flow.end[1] = endpoint_of(key, !opener);
	c->flow.start_time = c->flow.last_time = s->time;
	c->flow.first_packet = s->packet;
	c->flow.vlan = s->vlan;
	c->placed_at = t->segments;
	tcp_begin(c);
	if (!TABLE_ADD_HASHED(t->connections, key, sizeof c->key, hash, c)) {
		LL_PREPEND(t->spare, c);
		return NULL;
	}
	DL_APPEND(t->open, c);
	return c;
}

/*
 * Keeps the open ones in order of use, roughly: one that was put last not long ago stays where it
 * is, so that a packet costs no list work.
 */
static void note_use(struct flow_table *t, struct connection *c)
{
	t->last = c;
	if (c->closing || t->segments - c->placed_at <= t->limits.flows / 8)
		return;
	DL_DELETE(t->open, c);
	DL_APPEND(t->open, c);
	c->placed_at = t->segments;
}

static struct connection *find(
	struct flow_table *t, const struct connection_key *key, uint64_t *hash)
{
	struct connection *c = t->last;

	*hash = 0;
	if (c != NULL && memcmp(&c->key, key, sizeof *key) == 0)
		return c;
	*hash = hash_of(key);
	HASH_FIND_BYHASHVALUE(hh, t->connections, key, sizeof *key, (unsigned)*hash, c);
	return c;
}

static void end_lingering(struct flow_table *t, int64_t now)
{
	struct connection *c;

	while ((c = t->closing) != NULL && (t->segments - c->placed_at > LINGER_PACKETS ||
						   moment_apart(now, c->closing_time) > LINGER_NS))
		end_connection(t, c, tcp_ending(c));
}

static void set_state(struct flow_table *t, struct connection *c, enum tcp_state state, int64_t now)
{
	if (state == TCP_OVER) {
		end_connection(t, c, tcp_ending(c));
	} else if (state == TCP_CLOSING && !c->closing) {
		DL_DELETE(t->open, c);
		c->closing = true;
		c->closing_time = now;
		c->placed_at = t->segments;
		DL_APPEND(t->closing, c);
	} else if (state == TCP_LIVE && c->closing) {
		DL_DELETE(t->closing, c);
		c->closing = false;
		c->placed_at = t->segments;
		DL_APPEND(t->open, c);
	}
}

/* Acknowledgements, FINs and resets alone do not make a connection. */
static struct connection *begin_tcp(struct flow_table *t, const struct connection_key *key,
	uint64_t hash, unsigned from, const struct segment *s)
{
	bool syn = (s->flags & TCP_SYN) != 0, answer = syn && (s->flags & TCP_ACK) != 0;
	struct connection *c;

	if ((s->flags & TCP_RST) != 0 || (!syn && s->payload.len + s->missing == 0))
		return NULL;
	if (is_stray(t, hash, from, s))
		return NULL;
	c = add_connection(t, key, hash, answer ? !from : from, s);
	if (c != NULL)
		c->flow.opener_known = syn;
	return c;
}

static void take_tcp(struct flow_table *t, const struct segment *s)
{
	struct connection_key key;
	uint64_t hash;
	unsigned from = make_key(s, &key);
	struct connection *c = find(t, &key, &hash);

	if (c != NULL) {
		enum tcp_fit fit = tcp_fits(c, c->end0_is_key0 ? from : !from, s);

		if (fit == TCP_FITS_NOT)
			return;
		if (fit == TCP_BEGINS_ANEW) {
			end_connection(t, c, c->closing ? tcp_ending(c) : FLOW_REUSED);
			c = NULL;
		}
	}
	if (c == NULL)
		c = begin_tcp(t, &key, hash != 0 ? hash : hash_of(&key), from, s);
	if (c == NULL)
		return;
	note_use(t, c);
	if ((s->flags & TCP_SYN) != 0)
		tcp_open(c, ((s->flags & TCP_ACK) != 0) != (c->end0_is_key0 ? from : !from));
	set_state(t, c, tcp_take(&t->streams, c, c->end0_is_key0 ? from : !from, s), s->time);
}

static void take_udp(struct flow_table *t, const struct segment *s)
{
	struct connection_key key;
	struct connection *c;
	uint64_t hash;
	unsigned from;

	if (!dtls_record_plausible(s->payload))
		return;
	from = make_key(s, &key);
	c = find(t, &key, &hash);
	if (c == NULL && (c = add_connection(t, &key, hash, from, s)) == NULL)
		return;
	note_use(t, c);
	tcp_hand_out(&t->streams, c, c->end0_is_key0 ? from : !from, s);
}

void flow_table_take(struct flow_table *t, const struct segment *s)
{
	t->segments++;
	end_lingering(t, s->time);
	if (s->protocol == PROTOCOL_TCP)
		take_tcp(t, s);
	else
		take_udp(t, s);
}

void flow_table_unreachable(struct flow_table *t, const struct segment *quoted)
{
	struct connection_key key;
	uint64_t hash;
	unsigned from = make_key(quoted, &key);
	struct connection *c = find(t, &key, &hash);

	if (c != NULL && !c->closing)
		tcp_unreachable(c, c->end0_is_key0 ? from : !from, quoted);
}

void flow_table_end_all(struct flow_table *t)
{
	struct connection *c, *next;

	HASH_ITER(hh, t->connections, c, next)
	{
		end_connection(t, c, c->closing ? tcp_ending(c) : FLOW_INPUT_ENDED);
	}
	memset(&t->buried, 0, sizeof t->buried);
}

uint64_t flow_table_flows(const struct flow_table *t)
{
	return t->flows;
}

uint64_t flow_table_evicted(const struct flow_table *t)
{
	return t->evicted;
}

uint64_t flow_table_uncompared(const struct flow_table *t)
{
	return t->streams.uncompared;
}

void flow_table_close(struct flow_table *t)
{
	struct connection *c, *next;

	if (t == NULL)
		return;
	HASH_ITER(hh, t->connections, c, next)
	{
		HASH_DEL(t->connections, c);
		free(c);
	}
	LL_FOREACH_SAFE(t->spare, c, next)
	free(c);
	history_pool_close(&t->streams.histories);
	free(t);
}
