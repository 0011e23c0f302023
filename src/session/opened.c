/*
 * What protected records hold, where it is known: a log shows it, or keys open it. It is read as if it had
 * been in the clear, and marked. The records themselves may or may not have been seen, before it or after:
 * they count, and tell nothing (flow.opened).
 */
#include "session/conn.h"

/* RFC 8446 5.1: a message of TLS 1.3 may be of any type that is known by name. */
static bool begins_message(struct bytes b)
{
	return b.len >= HANDSHAKE_HEADER && name_handshake_type(b.data[0]) != NULL &&
	       b.data[1] == 0;
}

/* What was in the clear before it and did not come to its end will not go on under the keys. */
static void begin(struct conn *c, unsigned dir, struct bytes b)
{
	struct assembly *a = &c->stream[dir].message;

	if (a->have != 0 && !c->lane[dir].opening)
		assembly_cut(c, dir);
	if (a->lost && begins_message(b))
		a->lost = false;
}

static void take_messages(struct conn *c, const struct chunk *k, struct arrival at)
{
	struct stream *s = &c->stream[k->dir];
	struct lane *l = &c->lane[k->dir];
	struct record wire = s->record;

	begin(c, k->dir, k->bytes);
	l->opening = true;
	l->records++;
	s->record = (struct record){ CONTENT_HANDSHAKE, wire.version, (uint16_t)k->bytes.len, at };
	assembly_feed(c, k->dir, k->bytes, at);
	if (k->gap != 0 && c->hs != NULL)
		assembly_hole(c, k->dir, k->gap == GAP_UNKNOWN ? SIZE_MAX : (size_t)k->gap);
	s->record = wire;
	l->opening = s->message.have != 0;
}

static void take_alerts(struct conn *c, const struct chunk *k, struct arrival at)
{
	for (size_t i = 0; i + 2 <= k->bytes.len; i += 2) {
		struct parse_err err;
		struct cur cur = cur_init(bytes_slice(k->bytes, i, 2), &err);
		size_t n = c->hs->n_events;
		struct alert alert;

		if (!parse_alert(&cur, &alert))
			continue;
		message_alert(c, conn_side(c, k->dir), alert, at);
		if (c->hs->n_events > n)
			c->hs->events[n].opened = true;
	}
}

void opened_feed(struct conn *c, const struct chunk *k)
{
	struct arrival at = { k->packet, k->time };

	if (c->hs == NULL && !attempt_begin(c, 0, !c->flow->opener_known, at))
		return;
	c->hs->side[conn_side(c, k->dir)].opened_records++;
	if (k->content_type == CONTENT_HANDSHAKE)
		take_messages(c, k, at);
	else if (k->content_type == CONTENT_ALERT)
		take_alerts(c, k, at);
	else if (k->content_type == CONTENT_APPLICATION_DATA)
		progress_opened(c, conn_side(c, k->dir), 0xff, at);
}
