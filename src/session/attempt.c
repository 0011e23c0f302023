/*
 * One attempt of a connection to shake hands: its beginning, a change of roles or another hello in its
 * middle, its end, and how it is given out.
 */
#include "base/array.h"
#include "session/conn.h"
#include "session/fingerprint.h"

/* ---- open handshakes, by last activity ---- */

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

void attempt_is_newest(struct conn *c)
{
	unlink_conn(c);
	link_newest(c);
}

/* ---- the beginning ---- */

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

static const size_t lists[] = {
	offsetof(struct handshake, client_hello.ext.list),
	offsetof(struct handshake, client_hello_2.ext.list),
	offsetof(struct handshake, hello_retry.ext.list),
	offsetof(struct handshake, server_hello.ext.list),
};

enum { LIST_SIZE = sizeof((struct extensions *)0)->list };

_Static_assert(
	offsetof(struct handshake, client_hello) < offsetof(struct handshake, client_hello_2) &&
		offsetof(struct handshake, client_hello_2) <
			offsetof(struct handshake, hello_retry) &&
		offsetof(struct handshake, hello_retry) < offsetof(struct handshake, server_hello),
	"what lies between the lists is cleared in their order");

/*
 * More than half of the struct are the lists of four messages' extensions, which are read as far
 * as they are counted: clearing them would be the dearest thing that happens to a handshake.
 */
static struct handshake *new_handshake(struct arena *arena)
{
	struct handshake *hs = arena_alloc_raw(arena, sizeof *hs);
	uint8_t *bytes = (uint8_t *)hs;
	size_t from = 0;

	if (hs == NULL)
		return NULL;
	for (size_t i = 0; i < COUNT(lists); i++) {
		memset(bytes + from, 0, lists[i] - from);
		from = lists[i] + LIST_SIZE;
	}
	memset(bytes + from, 0, sizeof *hs - from);
	return hs;
}

bool attempt_begin(struct conn *c, unsigned client_dir, bool guessed, struct arrival at)
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
	hs->input = f->input != 0 ? f->input : s->input;
	hs->arena = arena;
	hs->target = s->target != NULL ? arena_str(arena, s->target) : NULL;
	hs->pool = s->pool;
	hs->store = s->store;
	hs->transport = f->transport;
	hs->logged = f->logged;
	hs->elsewhere = f->elsewhere;
	hs->undated = f->undated;
	hs->untimed = f->untimed;
	hs->side[SIDE_CLIENT].address = f->end[client_dir];
	hs->side[SIDE_SERVER].address = f->end[!client_dir];
	hs->roles_guessed = guessed;
	hs->start = hs->end = at.time;
	hs->first_packet = hs->last_packet = at.packet;
	hs->connect_time = f->start_time;
	hs->saw_syn = f->opener_known;
	hs->renegotiation = c->gave_out;
	hs->before = c->wrap.in;
	c->progress.last_time = at.time;
	link_newest(c);
	early_gaps(c);
	return true;
}

/* ---- who is who ---- */

/* Two values of one type change places. */
static void swap(void *a, void *b, size_t size)
{
	uint8_t *x = a, *y = b;

	for (size_t i = 0; i < size; i++) {
		uint8_t t = x[i];

		x[i] = y[i];
		y[i] = t;
	}
}

void attempt_swap_roles(struct conn *c)
{
	struct handshake *hs = c->hs;
	struct progress *p = &c->progress;

	c->client_dir = !c->client_dir;
	for (size_t i = 0; i < hs->n_events; i++)
		hs->events[i].from = side_other(hs->events[i].from);
	for (size_t i = 0; i < hs->n_alerts; i++)
		hs->alerts[i].from = side_other(hs->alerts[i].from);
	for (size_t i = 0; i < hs->n_gaps; i++)
		hs->gaps[i].from = side_other(hs->gaps[i].from);
	swap(&hs->side[0], &hs->side[1], sizeof hs->side[0]);
	swap(&p->side[0], &p->side[1], sizeof p->side[0]);
	p->last_spoke = side_other(p->last_spoke);
	p->last_finished = side_other(p->last_finished);
}

/* ---- what a limit costs ---- */

void attempt_count(struct conn *c, uint64_t *total)
{
	if (!c->counted)
		++*total;
	c->counted = true;
}

void attempt_skim(struct conn *c, enum skim why)
{
	struct session_totals *t = &c->session->totals;
	struct handshake *hs = c->hs;
	unsigned last = conn_dir(c, c->progress.last_spoke);
	struct arrival at = { hs->last_packet, hs->end };
	struct event *ev;

	if (hs->skimmed != SKIM_NOT)
		return;
	hs->skimmed = why;
	hs->skimmed_from = at.packet;
	if ((ev = conn_event(c, EVENT_SKIMMED, conn_side(c, last), at)) != NULL)
		ev->length = c->progress.bytes;
	attempt_count(c, why == SKIM_BYTES ? &t->skimmed_bytes : &t->skimmed_memory);
}

/* ---- the end ---- */

static void clear_handshake(struct conn *c)
{
	c->hs = NULL;
	c->event_capacity = 0;
	c->progress = (struct progress){ 0 };
	c->unsorted = false;
	for (unsigned dir = 0; dir < COUNT(c->lane); dir++) {
		c->lane[dir].last_type = 0xffff;
		c->lane[dir].last_rank = 0;
		c->lane[dir].unread = false;
	}
	c->hellos_again = 0;
	c->session->open_bytes -= c->memory;
	c->memory = 0;
}

/* A server's flight of TLS 1.3 that was opened, to its Finished, shows whether it asked (RFC 8446 4.3.2). */
static enum client_auth auth_opened(const struct handshake *hs)
{
	const struct party *server = &hs->side[SIDE_SERVER], *client = &hs->side[SIDE_CLIENT];

	if (!hs->tls13 || server->keys != KEYS_OPEN || server->refused_records != 0 ||
		!server->finished.seen)
		return CLIENT_AUTH_UNKNOWN;
	if (!hs->certificate_request.seen)
		return CLIENT_AUTH_NOT_ASKED;
	if (!client->certificate.seen)
		return CLIENT_AUTH_UNKNOWN;
	return client->certificate.n != 0 ? CLIENT_AUTH_SENT : CLIENT_AUTH_NONE;
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
		told_apply(s->told, hs, c->flow->told);
	if (hs->client_auth == CLIENT_AUTH_UNKNOWN)
		hs->client_auth = auth_opened(hs);
	s->totals.handshakes++;
	s->totals.full_ladders += hs->events_dropped;
	s->sink.take(s->sink.ctx, hs);
}

/* What the secrets were good for. */
static void count_keys(struct conn *c)
{
	struct session_totals *t = &c->session->totals;
	const struct party *p = c->hs->side;
	bool open = false, refused = false, unknown = false, unusable = false;

	for (size_t side = 0; side < 2; side++) {
		open |= p[side].keys == KEYS_OPEN;
		refused |= p[side].refused_records != 0;
		unknown |= p[side].keys == KEYS_UNKNOWN;
		unusable |= p[side].keys == KEYS_UNUSABLE;
	}
	t->unlocked += open;
	t->refused += refused;
	t->locked += unknown && !open && !refused && !unusable;
	t->unusable += unusable;
}

void attempt_end(struct conn *c)
{
	finished_verify(c);
	count_keys(c);
	settle_now(c);
	give_out(c);
}

void attempt_unconnected(struct conn *c)
{
	const struct flow *f = c->flow;

	if (!attempt_begin(
		    c, 0, !f->opener_known, (struct arrival){ f->first_packet, f->start_time }))
		return;
	settle_unconnected(c);
	give_out(c);
}

bool attempt_renew(struct conn *c, struct arrival at)
{
	unsigned client_dir = c->client_dir;
	bool renegotiates = c->lane[client_dir].opening && !c->hs->tls13;

	attempt_end(c);
	for (unsigned dir = 0; dir < COUNT(c->lane); dir++) {
		c->lane[dir].ccs = false;
		c->lane[dir].keyed &= renegotiates;
	}
	return attempt_begin(c, client_dir, false, at);
}
