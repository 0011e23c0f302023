/*
 * What each side had received when it ended, and with it which events were late. A side ends by the
 * first of its alert, its FIN and its reset.
 */
#include "session/conn.h"

/* Are the places of the other side's bytes, and the acknowledgements of them, counted alike? */
static bool is_counted(const struct conn *c, enum side side)
{
	return c->flow->opener_known && !c->midway && c->flow->dir[conn_dir(c, side)].acks &&
	       !conn_lane_of(c, side_other(side))->unplaced;
}

static void ends_at(struct horizon *h, uint64_t packet, int64_t time, uint64_t acked)
{
	if (packet == 0 || (h->ended && h->packet <= packet))
		return;
	h->ended = true;
	h->packet = packet;
	h->time = time;
	h->acked = acked;
}

/*
 * TLS 1.3: of a client that never sent a Finished, and of a server that never sent a flight, what is too short
 * for one is an alert. Of others it may be anything: EncryptedExtensions is as short.
 */
static struct mark hidden_alert(const struct conn *c, enum side side)
{
	static const struct mark none;
	const struct progress *p = &c->progress;
	bool more = side == SIDE_CLIENT ? p->side[side].finished : p->server_flight;

	return c->hs->tls13 && !more ? p->side[side].short_first : none;
}

static struct horizon horizon_of(const struct conn *c, enum side side)
{
	const struct direction *d = &c->flow->dir[conn_dir(c, side)];
	const struct mark *alert = &c->progress.side[side].gave_up;
	struct mark hidden = hidden_alert(c, side);
	struct horizon h = { .counted = is_counted(c, side) };

	ends_at(&h, hidden.at.packet, hidden.at.time, hidden.acked);
	ends_at(&h, alert->at.packet, alert->at.time, alert->acked);
	if (d->fin)
		ends_at(&h, direction_fin_place(d), d->fin_time, d->fin_acked);
	if (d->rst)
		ends_at(&h, direction_rst_place(d), d->rst_time, d->rst_acked);
	if (!h.ended)
		h.acked = d->acked;
	return h;
}

static bool is_late(const struct event *ev, const struct horizon *receiver)
{
	if (!receiver->ended)
		return false;
	return receiver->counted ? ev->stream_end > receiver->acked
				 : event_end_packet(ev) > receiver->packet;
}

void horizon_settle(struct conn *c)
{
	struct handshake *hs = c->hs;

	for (unsigned side = 0; side < 2; side++)
		hs->horizon[side] = horizon_of(c, (enum side)side);
	for (size_t i = 0; i < hs->n_events; i++) {
		struct event *ev = &hs->events[i];

		ev->late = is_late(ev, &hs->horizon[side_other(ev->from)]);
	}
}
