/*
 * The lines of the ladder: events in the order of the capture, with the facts that holes, alerts,
 * ChangeCipherSpec and protected records add. Messages themselves are read in messages.c.
 */
#include "session/conn.h"

enum { EVENTS_FIRST = 16, EVENTS_OF_THE_END = 16, FATAL_BEFORE = 4 };

static bool grow_events(struct conn *c)
{
	struct handshake *hs = c->hs;
	size_t n = c->event_capacity != 0 ? 2 * c->event_capacity : EVENTS_FIRST;
	struct event *events = arena_alloc_raw(hs->arena, n * sizeof *events);

	if (events == NULL)
		return false;
	if (hs->events != NULL)
		memcpy(events, hs->events, hs->n_events * sizeof *events);
	hs->events = events;
	c->event_capacity = n;
	return true;
}

/* How it ends is told even where the ladder is full of what came before. */
static size_t room_for(enum event_kind kind)
{
	bool of_the_end = kind == EVENT_FIN || kind == EVENT_RST || kind == EVENT_SKIMMED;

	return of_the_end ? EVENTS_MAX : EVENTS_MAX - EVENTS_OF_THE_END;
}

/* NULL when the ladder is full; the facts are kept all the same. */
struct event *conn_event(struct conn *c, enum event_kind kind, enum side from, struct arrival at)
{
	struct handshake *hs = c->hs;
	struct event *ev;

	if (hs->n_events >= room_for(kind) ||
		((hs->events == NULL || hs->n_events == c->event_capacity) && !grow_events(c))) {
		hs->events_dropped = true;
		return NULL;
	}
	ev = &hs->events[hs->n_events++];
	*ev = (struct event){ .kind = kind,
		.from = from,
		.packet = at.packet,
		.time = at.time,
		.stream_end = conn_lane_of(c, from)->position };
	return ev;
}

/* Stable, and short where little is out of place. */
static void sort_alerts(struct handshake *hs)
{
	for (size_t i = 1; i < hs->n_alerts; i++) {
		struct sent_alert a = hs->alerts[i];
		size_t at = i;

		for (; at > 0 && hs->alerts[at - 1].packet > a.packet; at--)
			hs->alerts[at] = hs->alerts[at - 1];
		hs->alerts[at] = a;
	}
}

/* What waited for its keys was told of when they came. */
void ladder_sort(struct conn *c)
{
	struct handshake *hs = c->hs;

	if (!c->unsorted)
		return;
	for (size_t i = 1; i < hs->n_events; i++) {
		struct event ev = hs->events[i];
		size_t at = i;

		for (; at > 0 && hs->events[at - 1].packet > ev.packet; at--)
			hs->events[at] = hs->events[at - 1];
		hs->events[at] = ev;
	}
	sort_alerts(hs);
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE)
			hs->last_message = hs->events[i].type;
	c->unsorted = false;
}

void message_gap(struct conn *c, const struct gap_fact *gap, int64_t time)
{
	struct handshake *hs = c->hs;
	struct event *ev =
		conn_event(c, EVENT_GAP, gap->from, (struct arrival){ gap->packet, time });

	if (ev != NULL)
		ev->length = gap->bytes;
	if (hs->n_gaps < GAPS_MAX)
		hs->gaps[hs->n_gaps++] = *gap;
}

void message_plain(struct conn *c, enum side from, struct bytes b, struct arrival at)
{
	struct event *ev = conn_event(c, EVENT_PLAIN, from, at);

	if (ev == NULL)
		return;
	ev->length = b.len;
	ev->raw = arena_copy(c->hs->arena, bytes_slice(b, 0, SAID_MAX));
	if (conn_lane_of(c, from)->records != 0 && !conn_lane_of(c, from)->lost && !c->midway &&
		!c->hs->roles_guessed)
		ev->wrong = (struct parse_err){ PARSE_VALUE, "the record's header", 0, 0, 0 };
}

/* RFC 5246 7.1 and 7.2: a ChangeCipherSpec has one byte, an alert two. */
void message_broken(struct conn *c, enum side from, const struct record *r)
{
	bool alert = r->type == CONTENT_ALERT;
	struct event *ev = conn_event(c, EVENT_BROKEN, from, r->began);

	if (ev == NULL)
		return;
	ev->content_type = r->type;
	ev->record_version = r->version;
	ev->length = r->length;
	ev->wrong = (struct parse_err){ PARSE_RANGE, alert ? "Alert" : "ChangeCipherSpec", 0,
		alert ? 2 : 1, r->length };
}

void message_ccs(struct conn *c, enum side from, const struct record *r, uint8_t value)
{
	struct handshake *hs = c->hs;
	struct event *ev = conn_event(c, EVENT_CHANGE_CIPHER_SPEC, from, r->began);
	bool unexpected = order_unexpected(c, from, ORDER_CCS);

	if (ev != NULL) {
		ev->record_version = r->version;
		ev->length = 1;
		ev->unexpected = unexpected;
		if (value != 1)
			ev->wrong =
				(struct parse_err){ PARSE_VALUE, "ChangeCipherSpec", 0, 1, value };
	}
	hs->side[from].ccs = true;
	/* RFC 5246 7.3: an abbreviated handshake has no message between the ServerHello (or a new
	 * ticket) and this */
	if (from == SIDE_SERVER && !hs->tls13 && hs->server_hello.seen && !hs->resumed_known &&
		!conn_lane_of(c, from)->lost) {
		hs->resumed_known = true;
		hs->resumed = true;
	}
}

void message_protected(struct conn *c, enum side from, const struct record *r)
{
	struct handshake *hs = c->hs;
	struct event *ev = hs->n_events != 0 ? &hs->events[hs->n_events - 1] : NULL;

	if (!hs->tls13 && conn_lane_of(c, from)->ccs && r->type == CONTENT_HANDSHAKE)
		conn_lane(c, from)->last_type = HS_FINISHED;
	if (ev == NULL || ev->kind != EVENT_PROTECTED || ev->from != from ||
		ev->content_type != r->type) {
		ev = conn_event(c, EVENT_PROTECTED, from, r->began);
		if (ev == NULL)
			return;
		ev->content_type = r->type;
		ev->record_version = r->version;
		ev->first_length = r->length;
		ev->unexpected = progress_data_too_early(c, from, r);
	}
	ev->n_records++;
	ev->length += r->length;
	if (r->length > ev->record_length)
		ev->record_length = r->length;
}

void message_empty(struct conn *c, enum side from, const struct record *r)
{
	struct handshake *hs = c->hs;
	struct event *ev = hs->n_events != 0 ? &hs->events[hs->n_events - 1] : NULL;

	if (hs->side[from].empty.n++ == 0) {
		hs->side[from].empty.first_packet = r->began.packet;
		hs->side[from].empty.type = r->type;
	}
	if (ev == NULL || ev->kind != EVENT_EMPTY || ev->from != from ||
		ev->content_type != r->type) {
		ev = conn_event(c, EVENT_EMPTY, from, r->began);
		if (ev == NULL)
			return;
		ev->content_type = r->type;
		ev->record_version = r->version;
	}
	ev->n_records++;
}

struct sent_alert *ladder_alert(struct handshake *hs, uint8_t level)
{
	if (hs->n_alerts == ALERTS_MAX) {
		hs->events_dropped = true;
		if (level != 2 || hs->alerts[ALERTS_MAX - 1].level == 2)
			return NULL;
		hs->n_alerts--;
	}
	return &hs->alerts[hs->n_alerts++];
}

void message_alert(struct conn *c, enum side from, struct alert alert, struct arrival at)
{
	struct handshake *hs = c->hs;
	bool fatal = alert.level == 2 && hs->n_events < EVENTS_MAX - FATAL_BEFORE;
	struct event *ev = conn_event(c, fatal ? EVENT_RST : EVENT_ALERT, from, at);
	struct sent_alert *sent;

	if (ev != NULL) {
		ev->kind = EVENT_ALERT; /* a fatal one has the room of an ending */
		ev->alert = alert;
		ev->length = 2;
		if (alert.level != 1 && alert.level != 2)
			ev->wrong =
				(struct parse_err){ PARSE_VALUE, "AlertLevel", 0, 2, alert.level };
		ev->record_version = conn_lane_of(c, from)->version;
	}
	if ((sent = ladder_alert(hs, alert.level)) != NULL)
		*sent = (struct sent_alert){
			.from = from,
			.level = alert.level,
			.code = alert.code,
			.packet = at.packet,
			.time = at.time,
			.after = conn_lane_of(c, side_other(from))->last_type,
		};
	progress_alert(c, from, alert, at);
}
