/*
 * How a handshake ended: completed, failed and by whose doing, or not to be told.
 *
 * What proves completion is what the side that verifies the last Finished does next. An alert
 * under keys shows only its size (TLS 1.3) or type (before): refusals and closures look alike, and
 * are told apart by who sends it, when, and whether the other side answers in kind.
 */
#include "session/settle.h"

static void ends(
	struct handshake *hs, enum outcome outcome, enum ending ending, enum side by, int64_t time)
{
	hs->outcome = outcome;
	hs->ending = ending;
	hs->ended_by = by;
	hs->ended_time = time;
}

/* Who is heard after that place had not closed by then. */
static bool spoke_after(const struct handshake *hs, enum side side, uint64_t packet)
{
	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->from == side && ev->packet > packet && ev->kind != EVENT_FIN &&
			ev->kind != EVENT_RST)
			return true;
	}
	return false;
}

/*
 * What stacks send when the connection is closed on them: OpenSSL decode_error, gnutls-cli
 * unexpected_message, JSSE handshake_failure. The closing is then the cause, not the alert.
 */
static bool answers_closing(
	const struct handshake *hs, const struct sent_alert *a, const struct closing *closing)
{
	static const uint8_t codes[] = { ALERT_CLOSE_NOTIFY, 10, 40, 50, 80, ALERT_USER_CANCELED };

	if (!closing->seen || closing->by == a->from)
		return false;
	/* a log tells of it after its answer */
	if (hs->logged ? spoke_after(hs, closing->by, a->packet) : a->packet <= closing->packet)
		return false;
	return memchr(codes, a->code, sizeof codes) != NULL;
}

/* Who closes in good order where bytes are missing may have been done: a Finished may be among them. */
static bool closes_after_loss(const struct conn *c, const struct sent_alert *a)
{
	return a->code == ALERT_CLOSE_NOTIFY && conn_lost_bytes(c);
}

static bool ended_by_alert(struct conn *c, const struct closing *closing)
{
	struct handshake *hs = c->hs;

	for (size_t i = 0; i < hs->n_alerts; i++) {
		const struct sent_alert *a = &hs->alerts[i];

		if (!progress_alert_ends(hs, (struct alert){ a->level, a->code }) ||
			answers_closing(hs, a, closing) || closes_after_loss(c, a))
			continue;
		ends(hs, OUTCOME_FAILED, ENDING_ALERT, a->from, a->time);
		return true;
	}
	return false;
}

/* A side of which no packet at all is in the capture. */
static bool side_missing(const struct conn *c, enum side side)
{
	const struct direction *d = &c->flow->dir[conn_dir(c, side)];

	return !c->flow->logged && d->first_packet == 0 && d->bytes == 0 &&
	       !c->progress.side[side].spoke;
}

/* Application data is proof where the Finished themselves were not seen. */
static bool completed(const struct conn *c)
{
	const struct side_progress *client = &c->progress.side[SIDE_CLIENT];
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];

	if (c->hs->tls13)
		return client->finished;
	if (both_finished(&c->progress))
		return true;
	if (side_missing(c, SIDE_CLIENT)) /* of a session that is resumed the client's is last */
		return server->finished && (c->hs->server_hello_done || server->data_records != 0);
	if (side_missing(c, SIDE_SERVER))
		return client->finished && client->data_records != 0;
	return settle12_data_flowed(c);
}

/* Whose turn it was; where that cannot be told, it is taken to go to and fro. */
static enum side owes(const struct conn *c)
{
	const struct turn *turn = &c->hs->turn;

	return turn->known ? turn->owes : side_other(c->progress.last_spoke);
}

/* It was answering: the message had only not arrived when the other side closed. */
static bool was_on_its_way(const struct handshake *hs, enum side from)
{
	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == from &&
			hs->events[i].late)
			return true;
	return false;
}

static void ended_by_closing(struct conn *c, const struct closing *closing)
{
	struct handshake *hs = c->hs;
	const struct progress *p = &c->progress;
	const struct plain_speech *server = &conn_lane_of(c, SIDE_SERVER)->plain;
	enum outcome outcome = conn_lost_bytes(c) ? OUTCOME_INCOMPLETE : OUTCOME_FAILED;
	bool waited = p->side[closing->by].spoke && server->n_later == 0 &&
		      moment_apart(closing->time, p->last_time) >= IMPATIENCE;

	if (waited && owes(c) != closing->by && !was_on_its_way(hs, owes(c))) {
		ends(hs, outcome, ENDING_SILENCE, side_other(closing->by), closing->time);
		return;
	}
	ends(hs, outcome, closing->rst ? ENDING_RST : ENDING_FIN, closing->by, closing->time);
}

/*
 * Were the last bytes acknowledged, or sent again in vain? Else the capture just stops here. A copy
 * that follows at once is not a second try, but a packet that the capture has twice.
 */
static bool still_watched(const struct conn *c)
{
	enum side last = c->progress.last_spoke;
	const struct direction *spoke = &c->flow->dir[conn_dir(c, last)];
	const struct direction *other = &c->flow->dir[conn_dir(c, side_other(last))];

	return other->acked >= spoke->sent_max ||
	       (spoke->retransmissions != 0 &&
		       moment_apart(spoke->retransmission_time, c->progress.last_time) > AT_ONCE);
}

static void ended_open(struct conn *c)
{
	struct handshake *hs = c->hs;
	const struct progress *p = &c->progress;
	int64_t now = c->session->now > c->flow->last_time ? c->session->now : c->flow->last_time;

	if (c->evicted)
		ends(hs, OUTCOME_INCOMPLETE, ENDING_LIMIT, p->last_spoke, hs->end);
	else if (!c->flow->logged && moment_apart(now, p->last_time) >= PATIENCE &&
		 still_watched(c))
		ends(hs, conn_lost_bytes(c) ? OUTCOME_INCOMPLETE : OUTCOME_FAILED, ENDING_SILENCE,
			owes(c), now);
	else
		ends(hs, OUTCOME_INCOMPLETE, ENDING_CAPTURE, p->last_spoke, hs->end);
}

/*
 * Who judges the last Finished, in TLS 1.3 the server, may refuse it by an alert before it says anything else.
 * Where the keys are known, or a log tells of it, it can be read.
 */
static const struct sent_alert *refused_last(const struct conn *c, const struct closing *closing)
{
	const struct handshake *hs = c->hs;
	enum side judge = hs->tls13 ? SIDE_SERVER : side_other(c->progress.last_finished);
	const struct side_progress *p = &c->progress.side[judge];

	if ((hs->side[judge].keys != KEYS_OPEN && !c->flow->logged) ||
		(hs->tls13 ? p->after : p->data_records) != 0)
		return NULL;
	for (size_t i = 0; i < hs->n_alerts; i++) {
		const struct sent_alert *a = &hs->alerts[i];

		if (a->from == judge && a->code != ALERT_CLOSE_NOTIFY &&
			progress_alert_ends(hs, (struct alert){ a->level, a->code }) &&
			!answers_closing(hs, a, closing))
			return a;
	}
	return NULL;
}

/*
 * Up to TLS 1.2, where the capture has no packet of the client: a server that has sent its Finished and no data need not
 * have been believed.
 */
static bool judge_missing(const struct conn *c)
{
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];

	return !progress_may_be_13(c) && side_missing(c, SIDE_CLIENT) &&
	       server->data_records == 0 && !handshake_finished_right(c->hs);
}

/* The capture ends with the last Finished, or hears nothing more of who has to judge it. */
static bool unheard(const struct conn *c, const struct closing *closing)
{
	if (judge_missing(c))
		return true;
	if (closing->seen || c->flow->logged || c->evicted || c->done)
		return false;
	return progress_may_be_13(c) ? settle13_unheard(c) : settle12_unheard(c);
}

static void settle_outcome(struct conn *c)
{
	struct handshake *hs = c->hs;
	const struct progress *p = &c->progress;
	struct closing closing = first_closing(c);
	const struct sent_alert *last = completed(c) ? refused_last(c, &closing) : NULL;
	bool refused;
	enum ending ending;
	enum side by;

	if (!completed(c) && ended_by_alert(c, &closing))
		return;
	if (last != NULL) {
		ends(hs, OUTCOME_FAILED, ENDING_ALERT, last->from, last->time);
		return;
	}
	refused =
		hs->tls13 ? settle13_refused(c, &closing, &by) : settle12_refused(c, &closing, &by);
	if (refused && !hs->only_protected && !(side_missing(c, side_other(by))))
		/* where bytes were lost it may as well have closed after the Finished */
		ends(hs, conn_lost_bytes(c) ? OUTCOME_INCOMPLETE : OUTCOME_FAILED,
			ENDING_PROTECTED_ALERT, by,
			hs->tls13 ? p->last_time : p->side[by].alert.at.time);
	else if (settle12_maybe_refused(c, &closing, &by))
		ends(hs,
			settle12_gave_reason(hs, side_other(by)) ? OUTCOME_FAILED
								 : OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, by, p->side[by].alert.at.time);
	else if (settle12_dropped(c, &closing))
		ends(hs, OUTCOME_COMPLETED, closing.rst ? ENDING_RST : ENDING_FIN, closing.by,
			closing.time);
	else if (completed(c) && settle13_unproved(c, &closing, &ending, &by))
		ends(hs, OUTCOME_COMPLETED, ending, by,
			ending == ENDING_PROTECTED_ALERT ? p->side[by].alert.at.time
							 : closing.time);
	else if (completed(c) && unheard(c, &closing))
		ends(hs, OUTCOME_COMPLETED, ENDING_CAPTURE, p->last_spoke, hs->end);
	else if (completed(c))
		ends(hs, OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT, hs->end);
	else if (closing.seen)
		ended_by_closing(c, &closing);
	else
		ended_open(c);
}

/* Where the capture hides the hellos, or one side, only an alert tells of a failure. */
static void settle_evidence(struct conn *c)
{
	struct handshake *hs = c->hs;
	bool hello = handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO) ||
		     handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO) ||
		     handshake_began(hs, SIDE_SERVER, HS_HELLO_RETRY_REQUEST);
	bool hidden = hs->midway || hs->roles_guessed || conn_lost_bytes(c);

	if (hs->outcome == OUTCOME_COMPLETED && hello)
		return;
	if (!hello && (hidden || hs->outcome == OUTCOME_COMPLETED))
		hs->outcome = OUTCOME_INCOMPLETE;
	if (hs->ending != ENDING_ALERT && hs->ending != ENDING_PROTECTED_ALERT &&
		(side_missing(c, SIDE_CLIENT) || side_missing(c, SIDE_SERVER)))
		hs->outcome = OUTCOME_INCOMPLETE;
}

/* Its place may be later than its packet: see struct direction. */
static void insert_event(
	struct conn *c, enum event_kind kind, enum side from, struct arrival at, uint64_t place)
{
	struct handshake *hs = c->hs;
	struct event *ev = conn_event(c, kind, from, at);
	struct event added;
	size_t i;

	if (ev == NULL)
		return;
	added = *ev;
	for (i = hs->n_events - 1; i > 0 && hs->events[i - 1].packet > place; i--)
		hs->events[i] = hs->events[i - 1];
	hs->events[i] = added;
}

/* What came too late for the side that gave up is not what it gave up after. */
static void settle_last_message(struct handshake *hs)
{
	bool late = false;
	size_t i = hs->n_events;

	while (i-- > 0) {
		const struct event *ev = &hs->events[i];

		if (ev->kind != EVENT_MESSAGE)
			continue;
		if (!ev->late)
			break;
		late = true;
	}
	if (late && i < hs->n_events)
		hs->last_message = hs->events[i].type;
}

static void settle_closings(struct conn *c)
{
	for (unsigned dir = 0; dir < 2; dir++) {
		const struct direction *d = &c->flow->dir[dir];
		enum side side = conn_side(c, dir);

		if (d->fin)
			insert_event(c, EVENT_FIN, side,
				(struct arrival){ d->fin_packet, d->fin_time },
				direction_fin_place(d));
		if (d->rst)
			insert_event(c, EVENT_RST, side,
				(struct arrival){ d->rst_packet, d->rst_time },
				direction_rst_place(d));
	}
}

void settle_now(struct conn *c)
{
	struct handshake *hs = c->hs;

	ladder_sort(c);
	logged_ladder(c);
	hs->midway =
		(c->midway || !(c->flow->logged || c->flow->dir[0].syn || c->flow->dir[1].syn)) &&
		!handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO);
	hs->only_protected = !hs->has_last_message && hs->n_alerts == 0;
	horizon_settle(c);
	hs->turn = turn_of(c);
	settle_last_message(hs);
	settle_outcome(c);
	settle_evidence(c);
	logged_outcome(c);
	spoken_settle(c);
	logged_speech(c);
	settle_closings(c);
	for (unsigned dir = 0; dir < 2; dir++)
		hs->side[conn_side(c, dir)].tcp = c->flow->dir[dir];
}

/* In the ladder it stands where the server's answer would. */
static void settle_unreachable(struct conn *c, const struct unreachable *u)
{
	if (!u->seen)
		return;
	c->hs->unreachable = *u;
	insert_event(c, EVENT_UNREACHABLE, SIDE_SERVER, (struct arrival){ u->packet, u->time },
		u->packet);
}

void settle_unconnected(struct conn *c)
{
	struct handshake *hs = c->hs;
	const struct flow *f = c->flow;
	int64_t now = c->session->now > f->last_time ? c->session->now : f->last_time;

	hs->end = f->last_time;
	if (f->refused)
		ends(hs, OUTCOME_FAILED, ENDING_REFUSED, SIDE_SERVER, f->last_time);
	else if (f->unreachable.seen)
		ends(hs, OUTCOME_FAILED, ENDING_UNREACHABLE, SIDE_SERVER, f->unreachable.time);
	else if (c->evicted)
		ends(hs, OUTCOME_INCOMPLETE, ENDING_LIMIT, SIDE_CLIENT, f->last_time);
	else if (moment_apart(now, f->start_time) >= IMPATIENCE)
		ends(hs, OUTCOME_FAILED, ENDING_UNANSWERED, SIDE_SERVER, f->last_time);
	else
		ends(hs, OUTCOME_INCOMPLETE, ENDING_CAPTURE, SIDE_CLIENT, f->last_time);
	settle_closings(c);
	settle_unreachable(c, &f->unreachable);
	hs->side[SIDE_CLIENT].tcp = f->dir[c->client_dir];
	hs->side[SIDE_SERVER].tcp = f->dir[!c->client_dir];
}
