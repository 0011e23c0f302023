/*
 * The open ends of a handshake up to TLS 1.2: an alert under keys, of which only the type shows, or a closing, about
 * the time of the last Finished. A refusal and a goodbye look alike.
 */
#include "session/settle.h"

/*
 * Up to TLS 1.2 neither side sends data before it has verified the other's Finished: data both ways is proof
 * of both, wherever they went. Where bytes were lost that of one side must do.
 */
bool settle12_data_flowed(const struct conn *c)
{
	bool client = c->progress.side[SIDE_CLIENT].data_records != 0;
	bool server = c->progress.side[SIDE_SERVER].data_records != 0;

	return !c->hs->tls13 && ((client && server) || (conn_lost_bytes(c) && (client || server)));
}

/* The last Finished came when who had to judge it had sent its alert: it says nothing of that. */
static bool finished_late(const struct conn *c)
{
	const struct progress *p = &c->progress;
	const struct handshake *hs = c->hs;

	if (hs->tls13 || !both_finished(p) ||
		p->side[side_other(p->last_finished)].gave_up.at.packet == 0)
		return false;
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_PROTECTED && ev->from == p->last_finished &&
			ev->content_type == CONTENT_HANDSHAKE)
			return ev->late;
	}
	return false;
}

/* Up to TLS 1.2: an alert under keys before both Finished, and not for a connection that was closed on it. */
bool settle12_refused(const struct conn *c, const struct closing *closing, enum side *by)
{
	const struct side_progress *client = &c->progress.side[SIDE_CLIENT];
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];
	bool client_first =
		!server->protected_alert || client->alert.at.packet <= server->alert.at.packet;

	if ((both_finished(&c->progress) && !finished_late(c)) || settle12_data_flowed(c))
		return false;
	*by = client->protected_alert && client_first ? SIDE_CLIENT : SIDE_SERVER;
	return (client->protected_alert || server->protected_alert) &&
	       !closes_in_turn(c, *by, closing);
}

/*
 * Something was wrong with the last Finished, or with what went before it: a ChangeCipherSpec that is none, a record
 * with less in it than a Finished has bytes and the shortest MAC (RFC 5246 7.4.9, RFC 6655), whatever protects them.
 */
bool settle12_gave_reason(const struct handshake *hs, enum side from)
{
	enum { FINISHED = 4 + 12 + 8 };

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		bool last = ev->kind == EVENT_CHANGE_CIPHER_SPEC || ev->kind == EVENT_PROTECTED ||
			    ev->kind == EVENT_BROKEN;

		if (ev->from != from || !last)
			continue;
		if (ev->wrong.code != PARSE_OK || ev->unexpected ||
			(ev->kind == EVENT_PROTECTED && ev->content_type == CONTENT_HANDSHAKE &&
				ev->n_records == 1 && ev->first_length < FINISHED))
			return true;
	}
	return false;
}

/*
 * The way from here to the other end and back, at most: between the SYN and the hello it was gone once,
 * wherever the capture was taken. A client that thought it over in between counts no more than IMPATIENCE.
 */
static int64_t round_trip(const struct conn *c)
{
	const struct handshake *hs = c->hs;
	int64_t apart = moment_apart(hs->start, hs->connect_time);

	if (!hs->saw_syn || hs->renegotiation || conn_lane_of(c, SIDE_CLIENT)->plain.n_said != 0)
		return 0;
	return apart < IMPATIENCE ? apart : IMPATIENCE;
}

/* A machine that took its time before takes it again: a quarter of what the handshake took. */
static int64_t pace(const struct conn *c)
{
	int64_t took = moment_apart(c->progress.finished_time, c->hs->start) / 4;

	return took < IMPATIENCE ? took : IMPATIENCE;
}

/* So soon after the last Finished that it may have been said in answer to that. */
static bool soon12(const struct conn *c, int64_t time)
{
	return moment_apart(time, c->progress.finished_time) <= AT_ONCE + round_trip(c) + pace(c);
}

/*
 * The verifier of the last Finished sends an alert at once, before any data, and the other side
 * does not answer it in kind: a refusal, or a client that only wanted to see the handshake and
 * a server that closes without a word. Which of the two cannot be told; what comes late is a
 * closure.
 */
bool settle12_maybe_refused(const struct conn *c, const struct closing *closing, enum side *by)
{
	const struct progress *p = &c->progress;

	*by = side_other(p->last_finished);
	return !c->hs->tls13 && both_finished(p) && p->side[*by].protected_alert &&
	       !p->side[p->last_finished].protected_alert &&
	       soon12(c, p->side[*by].alert.at.time) && !closes_in_turn(c, *by, closing);
}

/*
 * The same without an alert: it closes at once, and has not said a word under the keys. Where they are known, what it
 * had to judge is known to be right.
 */
bool settle12_dropped(const struct conn *c, const struct closing *closing)
{
	const struct progress *p = &c->progress;
	const struct side_progress *judge = &p->side[side_other(p->last_finished)];
	const struct side_progress *other = &p->side[p->last_finished];

	return !c->hs->tls13 && both_finished(p) && closing->seen && !settle12_data_flowed(c) &&
	       !handshake_finished_right(c->hs) && closing->by != p->last_finished &&
	       judge->data_records == 0 && !judge->protected_alert &&
	       (!other->protected_alert || closes_in_turn(c, p->last_finished, closing)) &&
	       soon12(c, closing->time);
}

/* Nothing is heard of who has to judge the last Finished. */
bool settle12_unheard(const struct conn *c)
{
	const struct progress *p = &c->progress;
	const struct side_progress *judge = &p->side[side_other(p->last_finished)];

	return both_finished(p) && judge->data_records == 0 && !judge->protected_alert &&
	       !settle12_data_flowed(c) && !handshake_finished_right(c->hs);
}
