/*
 * Protected records: collected, kept until their keys are known, and opened. What they hold goes to
 * opened.c as if a log had told it. A record that does not open is told as it was before, by its size.
 *
 * Not opened is what can only be data: records of that type up to TLS 1.2, and in TLS 1.3 long ones after
 * both Finished. So reading on costs no more than the headers.
 */
#include "session/sealed.h"

#include "base/memory.h"
#include "session/conn.h"
#include "session/unlock.h"

#include <stdlib.h>

enum { NO_MESSAGE = 0xffff }; /* lane.last_type */

/* ---- one connection ---- */

static struct sealed *sealed_of(struct conn *c)
{
	struct secret room;

	if (c->sealed != NULL)
		return c->sealed;
	if (!secret_new(&room, sizeof *c->sealed))
		return NULL;
	c->sealed = (struct sealed *)(void *)room.data;
	c->sealed->room = room;
	for (unsigned dir = 0; dir < 2; dir++)
		c->sealed->lane[dir].end = &c->sealed->lane[dir].first;
	return c->sealed;
}

static void drop_kept(struct sealed_lane *l)
{
	struct kept_record *r, *next;

	for (r = l->first; r != NULL; r = next) {
		next = r->next;
		free(r);
	}
	l->first = NULL;
	l->end = &l->first;
	l->n_kept = l->kept_bytes = 0;
}

void sealed_close(struct conn *c)
{
	struct secret room;

	if (c->sealed == NULL)
		return;
	for (unsigned dir = 0; dir < 2; dir++) {
		struct sealed_lane *l = &c->sealed->lane[dir];

		record_keys_close(l->keys);
		drop_kept(l);
		free(l->data);
	}
	room = c->sealed->room;
	secret_wipe(&room);
	c->sealed = NULL;
}

size_t sealed_memory(const struct conn *c)
{
	size_t n = 0;

	if (c->sealed == NULL)
		return 0;
	for (unsigned dir = 0; dir < 2; dir++)
		n += c->sealed->lane[dir].size + c->sealed->lane[dir].kept_bytes;
	return n + sizeof *c->sealed;
}

/* Another handshake of the connection: up to TLS 1.2 it goes on under the keys there are. */
static void begin_handshake(struct conn *c)
{
	struct sealed *s = c->sealed;

	if (s->handshake == c->hs->id)
		return;
	s->handshake = c->hs->id;
	s->handshake_secret[0].len = s->handshake_secret[1].len = s->master.len = 0;
	for (unsigned dir = 0; dir < 2; dir++) {
		struct sealed_lane *l = &s->lane[dir];

		l->asked = 0;
		if (l->epoch != EPOCH_NONE && !c->lane[dir].keyed)
			unlock_end(l);
		if (!c->lane[dir].keyed)
			l->given_up = false;
	}
}

/* ---- what became of a record ---- */

/* It is told by its size. */
static void tell_sealed(struct conn *c, unsigned dir, const struct kept_record *k)
{
	struct record r = { k->type, k->version, k->length, k->began };

	message_protected(c, conn_side(c, dir), &r);
	progress_record(c, conn_side(c, dir), &r);
}

/* Data, or taken for it. */
static void tell_data(struct conn *c, unsigned dir, const struct kept_record *k)
{
	struct record r = { k->type, k->version, k->length, k->began };

	message_protected(c, conn_side(c, dir), &r);
	progress_opened(c, conn_side(c, dir), 0xff, k->began);
}

/* Early data, which the server may not have accepted (RFC 8446 4.2.10): it is no part of the handshake. */
static void tell_early(struct conn *c, unsigned dir, const struct kept_record *k)
{
	struct record r = { k->type, k->version, k->length, k->began };

	message_protected(c, conn_side(c, dir), &r);
}

static void feed(
	struct conn *c, unsigned dir, const struct kept_record *k, const struct opened_record *o)
{
	const struct chunk chunk = { .flow = c->flow,
		.kind = CHUNK_OPENED,
		.dir = (uint8_t)dir,
		.time = k->began.time,
		.packet = k->began.packet,
		.bytes = o->content,
		.content_type = o->type };

	opened_feed(c, &chunk);
}

/* RFC 5246 7.1: under keys, too, it is a change to the next ones. */
static void change(
	struct conn *c, unsigned dir, const struct kept_record *k, const struct opened_record *o)
{
	struct record r = { k->type, k->version, (uint16_t)o->content.len, k->began };

	message_ccs(c, conn_side(c, dir), &r, o->content.len != 0 ? o->content.data[0] : 0);
	c->lane[dir].ccs = true;
	sealed_ccs(c, dir);
}

/* What was opened may change the keys of what comes next. */
static void take_opened(
	struct conn *c, unsigned dir, const struct kept_record *k, const struct opened_record *o)
{
	struct party *p = &c->hs->side[conn_side(c, dir)];
	uint64_t id = c->hs->id;
	uint16_t last = c->lane[dir].last_type;

	p->keys = KEYS_OPEN;
	if (o->type == CONTENT_APPLICATION_DATA) {
		p->opened_records++;
		tell_data(c, dir, k);
	} else if (o->type == CONTENT_CHANGE_CIPHER_SPEC && !c->hs->tls13) {
		p->opened_records++;
		change(c, dir, k, o);
	} else {
		c->lane[dir].last_type = NO_MESSAGE;
		feed(c, dir, k, o);
		if (c->hs == NULL || c->hs->id != id)
			return;
		unlock_next(c, dir, c->lane[dir].last_type);
		if (c->lane[dir].last_type == NO_MESSAGE)
			c->lane[dir].last_type = last;
	}
}

/* RFC 8446 5.1, 5.4: a record of a message or an alert is never empty, and none is without a type. */
static bool holds_nothing(const struct conn *c, const struct opened_record *o)
{
	return c->hs->tls13 && o->content.len == 0 && o->type != CONTENT_APPLICATION_DATA;
}

static void take_empty(struct conn *c, unsigned dir, const struct kept_record *k, uint8_t type)
{
	struct record r = { type, k->version, 0, k->began };

	c->hs->side[conn_side(c, dir)].keys = KEYS_OPEN;
	message_empty(c, conn_side(c, dir), &r);
}

static void refused(struct conn *c, unsigned dir, const struct kept_record *k)
{
	struct party *p = &c->hs->side[conn_side(c, dir)];

	if (p->refused_records++ == 0)
		p->refused_packet = k->began.packet;
	if (p->keys == KEYS_UNKNOWN)
		p->keys = KEYS_REFUSED;
	tell_sealed(c, dir, k);
	if (p->refused_records < REFUSED_MAX)
		return;
	unlock_end(&c->sealed->lane[dir]);
	c->sealed->lane[dir].given_up = true;
}

/* ---- opening ---- */

static bool is_data12(const struct conn *c, uint8_t type)
{
	return !c->hs->tls13 && type == CONTENT_APPLICATION_DATA;
}

/* After both Finished only what is short is worth opening: alerts, tickets, key updates. */
static bool is_long_data13(const struct conn *c, unsigned dir, uint16_t length)
{
	return c->hs->tls13 && c->sealed->lane[dir].epoch == EPOCH_APPLICATION &&
	       both_finished(&c->progress) && length > POST_HANDSHAKE_MAX;
}

static void take_record(struct conn *c, unsigned dir, const struct kept_record *k)
{
	struct sealed *s = c->sealed;
	struct sealed_record r = { k->type, k->version, k->fragment };
	struct opened_record o;

	if (!k->whole) {
		unlock_missing(c, dir, 1);
		c->lane[dir].unopened = true;
		tell_sealed(c, dir, k);
		return;
	}
	if (is_data12(c, k->type) || is_long_data13(c, dir, k->length)) {
		record_keys_pass(s->lane[dir].keys, &r);
		tell_data(c, dir, k);
		return;
	}
	switch (unlock_open(c, dir, &r, s->opened, &o)) {
	case RECORD_OPENS:
		if (holds_nothing(c, &o))
			take_empty(c, dir, k, o.type);
		else
			take_opened(c, dir, k, &o);
		break;
	case RECORD_BARE:
		take_empty(c, dir, k, k->type);
		break;
	case RECORD_REFUSED:
		if (unlock_is_early(c, dir))
			tell_early(c, dir, k);
		else
			refused(c, dir, k);
		break;
	}
}

/* ---- records that wait ---- */

/* What is told of it depends on how far its direction had come by then. */
static void take_late(struct conn *c, unsigned dir, const struct kept_record *k, bool keys)
{
	struct direction *d = &c->flow->dir[dir];
	uint64_t position = c->lane[dir].position, acked = d->acked;

	c->lane[dir].position = k->position;
	d->acked = k->acked;
	if (keys)
		take_record(c, dir, k);
	else
		tell_sealed(c, dir, k);
	c->lane[dir].position = position;
	d->acked = acked;
}

/* May the first that waits in this direction go? */
static bool may_go(struct conn *c, unsigned dir)
{
	const struct sealed_lane *l = &c->sealed->lane[dir];

	return l->first != NULL && (l->given_up || unlock(c, dir));
}

/* The direction whose first record is to go next; 2: all that there is has to wait. */
static unsigned next_to_go(struct conn *c)
{
	const struct sealed_lane *l = c->sealed->lane;
	bool may[2] = { may_go(c, 0), may_go(c, 1) };

	if (may[0] && may[1])
		return l[0].first->order < l[1].first->order ? 0 : 1;
	return may[0] ? 0 : may[1] ? 1 : 2;
}

/* In the order of their arrival, so that what answers does not come before what is answered. */
static void release(struct conn *c)
{
	unsigned dir;

	while (c->hs != NULL && !c->done && (dir = next_to_go(c)) < 2) {
		struct sealed_lane *l = &c->sealed->lane[dir];
		struct kept_record *k = l->first;

		l->first = k->next;
		if (l->first == NULL)
			l->end = &l->first;
		l->n_kept--;
		l->kept_bytes -= k->fragment.len;
		c->unsorted = true;
		take_late(c, dir, k, l->keys != NULL);
		free(k);
	}
}

static bool keep(struct sealed *s, unsigned dir, const struct kept_record *k)
{
	struct sealed_lane *l = &s->lane[dir];
	struct kept_record *copy;

	if (l->n_kept == HELD_RECORDS_MAX || l->kept_bytes + k->fragment.len > HELD_BYTES_MAX)
		return false;
	copy = memory_get(sizeof *copy + k->fragment.len);
	if (copy == NULL)
		return false;
	*copy = *k;
	copy->next = NULL;
	copy->order = s->n_kept++;
	if (k->fragment.len != 0)
		memcpy(copy + 1, k->fragment.data, k->fragment.len);
	copy->fragment.data = (const uint8_t *)(copy + 1);
	*l->end = copy;
	l->end = &copy->next;
	l->n_kept++;
	l->kept_bytes += k->fragment.len;
	return true;
}

/* The last look into the key log: it may be written later than the packets come. */
static void give_up(struct conn *c, unsigned dir)
{
	unlock_wait(c);
	release(c);
	if (c->hs == NULL || c->sealed->lane[dir].keys != NULL)
		return;
	c->sealed->lane[dir].given_up = true;
	release(c);
}

static void take(struct conn *c, unsigned dir, const struct kept_record *k)
{
	struct sealed_lane *l = &c->sealed->lane[dir];

	release(c);
	if (c->hs == NULL || c->done)
		return;
	if (l->first == NULL && unlock(c, dir)) {
		take_record(c, dir, k);
		return;
	}
	if (!l->given_up && keep(c->sealed, dir, k))
		return;
	give_up(c, dir);
	if (c->hs == NULL || c->done)
		return;
	if (l->keys != NULL)
		take_record(c, dir, k);
	else
		tell_sealed(c, dir, k);
}

void sealed_end(struct conn *c)
{
	if (c->sealed == NULL || c->hs == NULL)
		return;
	begin_handshake(c);
	if (c->sealed->lane[0].first == NULL && c->sealed->lane[1].first == NULL)
		return;
	unlock_wait(c);
	release(c);
	for (unsigned dir = 0; dir < 2; dir++)
		c->sealed->lane[dir].given_up |= c->sealed->lane[dir].keys == NULL;
	release(c);
}

/* ---- one record, as it is read ---- */

void sealed_ccs(struct conn *c, unsigned dir)
{
	struct sealed_lane *l;

	if (c->hs == NULL || c->hs->tls13)
		return;
	c->lane[dir].keyed = false;
	if (c->sealed == NULL)
		return;
	l = &c->sealed->lane[dir];
	unlock_end(l);
	l->given_up = false;
}

/* Do its bytes matter? Of data only their number does, where a record begins anew. */
static bool wants_bytes(const struct conn *c, unsigned dir, const struct record *r)
{
	const struct sealed_lane *l = &c->sealed->lane[dir];

	if (l->given_up && l->keys == NULL)
		return false;
	return l->keys == NULL || l->first != NULL ||
	       !(is_data12(c, r->type) || is_long_data13(c, dir, r->length)) ||
	       !record_keys_skip(l->keys, 0);
}

bool sealed_begin(struct conn *c, unsigned dir)
{
	const struct record *r = &c->stream[dir].record;
	struct sealed_lane *l;

	if (!unlock_hopeful(c, dir, r) || sealed_of(c) == NULL)
		return false;
	begin_handshake(c);
	l = &c->sealed->lane[dir];
	l->broken = r->length > OPENED_MAX;
	l->have = 0;
	l->piece = bytes_of(NULL, 0);
	l->collecting = wants_bytes(c, dir, r);
	if (l->collecting)
		return true;
	if (l->keys == NULL)
		return false;
	(void)record_keys_skip(l->keys, 1);
	tell_data(c, dir,
		&(struct kept_record){ .type = r->type,
			.version = r->version,
			.length = r->length,
			.began = r->began });
	return true;
}

static bool room_for(struct sealed_lane *l, size_t n)
{
	uint8_t *data;

	if (n <= l->size)
		return true;
	data = memory_resize(l->data, OPENED_MAX);
	if (data == NULL)
		return false;
	l->data = data;
	l->size = OPENED_MAX;
	return true;
}

void sealed_collect(struct conn *c, unsigned dir, struct bytes piece)
{
	struct sealed_lane *l = c->sealed != NULL ? &c->sealed->lane[dir] : NULL;

	if (l == NULL || !l->collecting || piece.len == 0)
		return;
	if (l->have == 0 && piece.len == c->stream[dir].record.length) {
		l->piece = piece;
		return;
	}
	if (l->have + piece.len > OPENED_MAX || !room_for(l, l->have + piece.len)) {
		l->broken = true;
		return;
	}
	memcpy(l->data + l->have, piece.data, piece.len);
	l->have += piece.len;
}

void sealed_lose(struct conn *c, unsigned dir)
{
	if (c->sealed != NULL)
		c->sealed->lane[dir].broken = true;
}

void sealed_record_end(struct conn *c, unsigned dir)
{
	struct sealed_lane *l = c->sealed != NULL ? &c->sealed->lane[dir] : NULL;
	const struct record *r = &c->stream[dir].record;
	struct kept_record k = { .type = r->type,
		.version = r->version,
		.length = r->length,
		.began = r->began,
		.position = c->lane[dir].position,
		.acked = c->flow->dir[dir].acked };

	if (l == NULL || !l->collecting)
		return;
	l->collecting = false;
	k.fragment = l->piece.len != 0 ? l->piece : bytes_of(l->data, l->have);
	k.whole = !l->broken && k.fragment.len == r->length;
	if (!k.whole)
		k.fragment.len = 0;
	take(c, dir, &k);
}
