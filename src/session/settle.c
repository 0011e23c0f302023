/*
 * How a handshake ended: completed, failed and by whose doing, or not to be told.
 *
 * What proves completion is what the side that verifies the last Finished does next. An alert
 * under keys shows only its size (TLS 1.3) or type (before): refusals and closures look alike, and
 * are told apart by who sends it, when, and whether the other side answers in kind.
 */
#include "base/moment.h"
#include "session/conn.h"

static const int64_t second = 1000000000;
#define AT_ONCE    (second / 10) /* no longer than a short way and the check of a MAC */
#define PATIENCE   (10 * second) /* a side that owes an answer for so long is silent */
#define IMPATIENCE (1 * second)  /* a side that closes after this has waited; before, refused */

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
	return a->code == ALERT_CLOSE_NOTIFY && (c->lane[0].lost || c->lane[1].lost);
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

/* ---- what is missing, and what shows all the same ---- */

/* A side of which no packet at all is in the capture. */
static bool side_missing(const struct conn *c, enum side side)
{
	const struct direction *d = &c->flow->dir[conn_dir(c, side)];

	return !c->flow->logged && d->first_packet == 0 && d->bytes == 0 &&
	       !c->progress.side[side].spoke;
}

static bool lost_bytes(const struct conn *c)
{
	return c->lane[0].lost || c->lane[1].lost;
}

/*
 * Up to TLS 1.2 neither side sends data before it has verified the other's Finished: data both ways is proof
 * of both, wherever they went. Where bytes were lost that of one side must do.
 */
static bool data_flowed(const struct conn *c)
{
	bool client = c->progress.side[SIDE_CLIENT].data_records != 0;
	bool server = c->progress.side[SIDE_SERVER].data_records != 0;

	return !c->hs->tls13 && ((client && server) || (lost_bytes(c) && (client || server)));
}

/* ---- alerts under keys ---- */

/* An alert after the other side has closed only closes in its turn. */
static bool closes_in_turn(const struct conn *c, enum side from, const struct closing *closing)
{
	return closing->seen && closing->by != from &&
	       closing->packet < c->progress.side[from].alert.at.packet;
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

/*
 * TLS 1.3: did it come so soon after the client's Finished that the server may have said it in answer to that, or to
 * the certificate before? It has signatures to verify, and may have others to ask. Later than that it has listened.
 */
static bool soon13(const struct conn *c, int64_t time)
{
	return moment_apart(time, c->progress.finished_time) <= PATIENCE;
}

/*
 * TLS 1.3: a client that has sent only records too short for a Finished has refused, unless the server was gone
 * before; and so has
 * a server whose answer to the Finished is one record of an alert's size and nothing else.
 */
static bool refused13(const struct conn *c, const struct closing *closing, enum side *by)
{
	const struct side_progress *client = &c->progress.side[SIDE_CLIENT];
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];

	if (!client->finished) {
		bool first = client->short_records != 0 &&
			     !(closing->seen && closing->by == SIDE_SERVER &&
				     closing->packet < client->short_first.at.packet);

		*by = first ? SIDE_CLIENT : SIDE_SERVER;
		return first || (server->short_records != 0 && !c->progress.server_flight);
	}
	*by = SIDE_SERVER;
	return server->closing && server->after == 1 && !client->closing &&
	       soon13(c, server->alert.at.time) && !closes_in_turn(c, SIDE_SERVER, closing);
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
static bool refused12(const struct conn *c, const struct closing *closing, enum side *by)
{
	const struct side_progress *client = &c->progress.side[SIDE_CLIENT];
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];
	bool client_first =
		!server->protected_alert || client->alert.at.packet <= server->alert.at.packet;

	if ((both_finished(&c->progress) && !finished_late(c)) || data_flowed(c))
		return false;
	*by = client->protected_alert && client_first ? SIDE_CLIENT : SIDE_SERVER;
	return (client->protected_alert || server->protected_alert) &&
	       !closes_in_turn(c, *by, closing);
}

/*
 * Something was wrong with the last Finished, or with what went before it: a ChangeCipherSpec that is none, a record
 * with less in it than a Finished has bytes and the shortest MAC (RFC 5246 7.4.9, RFC 6655), whatever protects them.
 */
static bool gave_reason(const struct handshake *hs, enum side from)
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
 * The verifier of the last Finished sends an alert at once, before any data, and the other side
 * does not answer it in kind: a refusal, or a client that only wanted to see the handshake and
 * a server that closes without a word. Which of the two cannot be told; what comes late is a
 * closure.
 */
static bool maybe_refused12(const struct conn *c, const struct closing *closing, enum side *by)
{
	const struct progress *p = &c->progress;

	*by = side_other(p->last_finished);
	return !c->hs->tls13 && both_finished(p) && p->side[*by].protected_alert &&
	       !p->side[p->last_finished].protected_alert &&
	       moment_apart(p->side[*by].alert.at.time, p->finished_time) <=
		       AT_ONCE + round_trip(c) + pace(c) &&
	       !closes_in_turn(c, *by, closing);
}

/*
 * The same without an alert: it closes at once, and has not said a word under the keys. Where they are known, what it
 * had to judge is known to be right.
 */
static bool dropped12(const struct conn *c, const struct closing *closing)
{
	const struct progress *p = &c->progress;
	const struct side_progress *judge = &p->side[side_other(p->last_finished)];
	const struct side_progress *other = &p->side[p->last_finished];

	return !c->hs->tls13 && both_finished(p) && closing->seen && !data_flowed(c) &&
	       !handshake_finished_right(c->hs) && closing->by != p->last_finished &&
	       judge->data_records == 0 && !judge->protected_alert &&
	       (!other->protected_alert || closes_in_turn(c, p->last_finished, closing)) &&
	       moment_apart(closing->time, p->finished_time) <= AT_ONCE + round_trip(c) + pace(c);
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
	return data_flowed(c);
}

/* ---- no alert, not completed ---- */

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
	enum outcome outcome = lost_bytes(c) ? OUTCOME_INCOMPLETE : OUTCOME_FAILED;
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
		ends(hs, lost_bytes(c) ? OUTCOME_INCOMPLETE : OUTCOME_FAILED, ENDING_SILENCE,
			owes(c), now);
	else
		ends(hs, OUTCOME_INCOMPLETE, ENDING_CAPTURE, p->last_spoke, hs->end);
}

/* It has sent no more than tickets, or a greeting, and is gone before the client has said anything. */
static bool went_unasked(const struct conn *c, const struct closing *closing)
{
	return c->progress.side[SIDE_CLIENT].after == 0 && !c->progress.side[SIDE_SERVER].closing &&
	       moment_apart(closing->time, c->progress.last_time) <= IMPATIENCE;
}

/*
 * ... unless the client had said goodbye: where both Finished are right, so that no message is missing, and no
 * certificate was asked for, a server that had said something after the client's Finished, and then goes without a
 * word, has answered that.
 */
static bool was_told_to_go(const struct handshake *hs, const struct closing *closing)
{
	if (!handshake_finished_right(hs) || hs->certificate_request.seen || closing->rst)
		return false;
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == SIDE_CLIENT && hs->alerts[i].code == ALERT_CLOSE_NOTIFY &&
			hs->alerts[i].time <= closing->time)
			return true;
	return false;
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

/* Under keys that are known: it ends in good order what it had accepted. */
static bool says_goodbye(const struct handshake *hs, enum side from)
{
	for (size_t i = 0; hs->side[from].keys == KEYS_OPEN && i < hs->n_alerts; i++)
		if (hs->alerts[i].from == from && hs->alerts[i].code == ALERT_CLOSE_NOTIFY)
			return true;
	return false;
}

/*
 * TLS 1.3: the server judges the client's Finished and certificate after the client is done, which has no need to
 * wait: its first request, or its closing, may be on the way by then and is no sign of anything. Until the server has
 * said more than an alert may be, nothing shows that it accepted them. Where its library sends tickets before
 * its program judges (Node), there are those.
 */
static bool unproved13(
	const struct conn *c, const struct closing *closing, enum ending *ending, enum side *by)
{
	const struct side_progress *server = &c->progress.side[SIDE_SERVER];

	if (!progress_may_be_13(c) || says_goodbye(c->hs, SIDE_SERVER))
		return false;
	*by = SIDE_SERVER;
	*ending = ENDING_PROTECTED_ALERT;
	if (server->after == 1 && server->closing)
		return soon13(c, server->alert.at.time);
	if (!closing->seen)
		return false;
	*by = closing->by;
	*ending = closing->rst ? ENDING_RST : ENDING_FIN;
	if (server->after != 0)
		return closing->by == SIDE_SERVER && went_unasked(c, closing) &&
		       !was_told_to_go(c->hs, closing);
	return soon13(c, closing->time);
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
	const struct progress *p = &c->progress;
	const struct side_progress *judge = &p->side[side_other(p->last_finished)];

	if (judge_missing(c))
		return true;
	if (closing->seen || c->flow->logged || c->evicted || c->done)
		return false;
	if (progress_may_be_13(c))
		return p->side[SIDE_SERVER].after == 0 && !says_goodbye(c->hs, SIDE_SERVER);
	return both_finished(p) && judge->data_records == 0 && !judge->protected_alert &&
	       !data_flowed(c) && !handshake_finished_right(c->hs);
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
	refused = hs->tls13 ? refused13(c, &closing, &by) : refused12(c, &closing, &by);
	if (refused && !hs->only_protected && !(side_missing(c, side_other(by))))
		/* where bytes were lost it may as well have closed after the Finished */
		ends(hs, lost_bytes(c) ? OUTCOME_INCOMPLETE : OUTCOME_FAILED,
			ENDING_PROTECTED_ALERT, by,
			hs->tls13 ? p->last_time : p->side[by].alert.at.time);
	else if (maybe_refused12(c, &closing, &by))
		ends(hs, gave_reason(hs, side_other(by)) ? OUTCOME_FAILED : OUTCOME_COMPLETED,
			ENDING_PROTECTED_ALERT, by, p->side[by].alert.at.time);
	else if (dropped12(c, &closing))
		ends(hs, OUTCOME_COMPLETED, closing.rst ? ENDING_RST : ENDING_FIN, closing.by,
			closing.time);
	else if (completed(c) && unproved13(c, &closing, &ending, &by))
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
	bool hidden = hs->midway || hs->roles_guessed || lost_bytes(c);

	if (hs->outcome == OUTCOME_COMPLETED && hello)
		return;
	if (!hello && (hidden || hs->outcome == OUTCOME_COMPLETED))
		hs->outcome = OUTCOME_INCOMPLETE;
	if (hs->ending != ENDING_ALERT && hs->ending != ENDING_PROTECTED_ALERT &&
		(side_missing(c, SIDE_CLIENT) || side_missing(c, SIDE_SERVER)))
		hs->outcome = OUTCOME_INCOMPLETE;
}

/* ---- what was spoken besides TLS ---- */

/* Too few bytes for a record's header, and all of them fit one: it broke off, and is nothing else. */
static bool begins_record(struct bytes b)
{
	return b.len != 0 && b.len < RECORD_HEADER && b.data[0] >= CONTENT_CHANGE_CIPHER_SPEC &&
	       b.data[0] <= CONTENT_HEARTBEAT && (b.len < 2 || b.data[1] == 3) &&
	       (b.len < 3 || b.data[2] <= 4);
}

/* What the client said to a proxy is not what the server behind it speaks. */
static struct bytes said_to_server(struct bytes client_said, enum plain_protocol before)
{
	return before == PLAIN_HTTP || before == PLAIN_PROXY ? bytes_of(NULL, 0) : client_said;
}

/* The client has answered a flight, or both got through: whatever else was read of the server, it speaks TLS. */
static bool was_understood(const struct handshake *hs)
{
	return hs->outcome == OUTCOME_COMPLETED || hs->cke.seen ||
	       hs->side[SIDE_CLIENT].certificate.seen;
}

static void settle_plain(struct conn *c)
{
	struct handshake *hs = c->hs;
	const struct plain_speech *client = &conn_lane_of(c, SIDE_CLIENT)->plain;
	const struct plain_speech *server = &conn_lane_of(c, SIDE_SERVER)->plain;
	bool first = server->n_said != 0 && server->said_packet < hs->first_packet;
	struct bytes client_said = bytes_of(client->said, client->n_said);
	struct bytes server_said = bytes_of(server->said, server->n_said);

	if (client->n_said != 0 || first)
		hs->before = plain_guess(client_said, server_said);
	hs->server_spoke_first = first;
	if (conn_lane_of(c, SIDE_SERVER)->records != 0 || server->n_said == 0 || was_understood(hs))
		return;
	hs->server_said_packet = server->said_packet;
	if (client->n_said != 0) { /* they agreed to begin TLS: only what came after counts */
		if (server->n_later == 0)
			return;
		server_said = bytes_of(server->later, server->n_later);
		client_said = said_to_server(client_said, hs->before);
		hs->server_said_packet = server->later_packet;
	}
	if (begins_record(server_said))
		return;
	hs->server_spoke = plain_guess(client_said, server_said);
	if (hs->server_spoke == PLAIN_UNKNOWN && (conn_lane_of(c, SIDE_CLIENT)->lost || c->midway))
		hs->server_spoke = PLAIN_NONE; /* it may answer what was not seen */
	hs->server_said = arena_copy(hs->arena, server_said);
}

/* ---- FIN and RST in the ladder ---- */

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
	settle_plain(c);
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
