/*
 * What a log says besides the bytes it has: messages by name, alerts, what its program returned, that the
 * handshake is complete. Of what has bytes the bytes count; the rest stands in the ladder as told. How it
 * ended the bytes say where they can, else those who were there.
 */
#include "base/array.h"
#include "session/conn.h"

enum {
	LEVEL_WARNING = 1,
	LEVEL_FATAL = 2,

	/* mbedTLS's codes that tell of the other side's doing (ssl.h, net_sockets.h) */
	CODE_MASK = 0x7f80,
	CODE_CONN_EOF = 0x7280,
	CODE_PEER_CLOSE_NOTIFY = 0x7880,
	CODE_FATAL_ALERT = 0x7780,
	CODE_TIMEOUT = 0x6800,
	CODE_RECV_FAILED = 0x004c,
	CODE_CONN_RESET = 0x0050,
};

static const struct told_story *story_of(const struct conn *c)
{
	return c->flow->logged && c->flow->told != NULL ? &c->flow->told->story : NULL;
}

/* ---- into the ladder ---- */

static bool same_thing(const struct said *a, const struct said *b)
{
	return a->kind == b->kind && a->from == b->from &&
	       (a->kind != SAID_MESSAGE || a->type == b->type) &&
	       (a->kind != SAID_ALERT || a->code == b->code);
}

/* Up to TLS 1.2 a handshake record under the keys is the Finished, seen or not. */
static bool is_hidden_finished(const struct handshake *hs, const struct event *ev)
{
	return ev->kind == EVENT_PROTECTED && ev->content_type == CONTENT_HANDSHAKE && !hs->tls13;
}

static bool is_bytes_of(const struct handshake *hs, const struct event *ev, const struct said *s)
{
	if (ev->told || ev->from != s->from)
		return false;
	switch (s->kind) {
	case SAID_MESSAGE:
		return (ev->kind == EVENT_MESSAGE && ev->type == s->type) ||
		       (s->type == HS_FINISHED && is_hidden_finished(hs, ev));
	case SAID_CHANGE_CIPHER_SPEC:
		return ev->kind == EVENT_CHANGE_CIPHER_SPEC;
	case SAID_ALERT:
		return ev->kind == EVENT_ALERT && ev->alert.code == s->code;
	}
	return false;
}

/* Is it the n-th of its kind that is said, and are there as many of which the bytes are known? */
static bool has_bytes(const struct handshake *hs, const struct told_story *t, size_t i)
{
	size_t said = 0, bytes = 0;

	for (size_t k = 0; k <= i; k++)
		said += same_thing(&t->said[k], &t->said[i]);
	for (size_t k = 0; k < hs->n_events; k++)
		bytes += is_bytes_of(hs, &hs->events[k], &t->said[i]);
	return said <= bytes;
}

/* In the order of the log's lines; what stands in none (another file has it) comes last. */
static struct event *insert(struct conn *c, enum event_kind kind, const struct said *s)
{
	struct handshake *hs = c->hs;
	struct event *ev = conn_event(c, kind, s->from, (struct arrival){ s->line, s->time });
	struct event added;
	size_t i;

	if (ev == NULL)
		return NULL;
	added = *ev;
	added.told = true;
	added.opened = s->under_keys;
	for (i = hs->n_events - 1; i > 0 && s->line != 0 && hs->events[i - 1].packet > s->line; i--)
		hs->events[i] = hs->events[i - 1];
	hs->events[i] = added;
	return &hs->events[i];
}

static void tell_message(struct conn *c, const struct said *s)
{
	struct handshake *hs = c->hs;
	struct event *ev = insert(c, EVENT_MESSAGE, s);

	if (ev != NULL) {
		ev->type = s->type;
		ev->unread = true;
	}
	if (s->type < 32)
		hs->side[s->from].begun |= UINT32_C(1) << s->type;
	if (s->type == HS_SERVER_HELLO_DONE)
		hs->server_hello_done = true;
	if (s->type == HS_FINISHED)
		progress_opened(c, s->from, HS_FINISHED, (struct arrival){ s->line, s->time });
	hs->side[s->from].opened_records += s->under_keys;
}

/* The handshake message that the other side had sent last before that line. */
static uint16_t last_before(const struct handshake *hs, enum side from, uint64_t line)
{
	uint16_t last = 0xffff;

	for (size_t i = 0; i < hs->n_events && (line == 0 || hs->events[i].packet <= line); i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == from)
			last = hs->events[i].type;
	return last;
}

/* Of one whose level the log does not name the number tells: all but two end the handshake. */
static uint8_t level_of(const struct said *s)
{
	if (s->level != 0)
		return s->level;
	return s->code == ALERT_CLOSE_NOTIFY || s->code == ALERT_USER_CANCELED ? LEVEL_WARNING
									       : LEVEL_FATAL;
}

/* Among the alerts, in the order of the log's lines. */
static void add_alert(struct handshake *hs, const struct said *s, uint8_t level)
{
	struct sent_alert *at = ladder_alert(hs, level);

	if (at == NULL)
		return;
	for (; at != hs->alerts && s->line != 0 && at[-1].packet > s->line; at--)
		*at = at[-1];
	*at = (struct sent_alert){ .from = s->from,
		.level = level,
		.code = s->code,
		.packet = s->line,
		.time = s->time,
		.after = last_before(hs, side_other(s->from), s->line) };
}

static void tell_alert(struct conn *c, const struct said *s)
{
	struct event *ev = insert(c, EVENT_ALERT, s);
	struct alert alert = { level_of(s), s->code };

	if (ev != NULL)
		ev->alert = alert;
	add_alert(c->hs, s, alert.level);
	progress_alert(c, s->from, alert, (struct arrival){ s->line, s->time });
}

static void tell(struct conn *c, const struct said *s)
{
	switch (s->kind) {
	case SAID_MESSAGE:
		tell_message(c, s);
		break;
	case SAID_CHANGE_CIPHER_SPEC:
		(void)insert(c, EVENT_CHANGE_CIPHER_SPEC, s);
		c->hs->side[s->from].ccs = true;
		break;
	case SAID_ALERT:
		tell_alert(c, s);
		break;
	}
}

/* ---- facts ---- */

static bool is_tls13(uint16_t version)
{
	return version == 0x0304;
}

static void take_facts(struct handshake *hs, const struct told_story *t)
{
	if (hs->version == 0 && t->version != 0) {
		hs->version = t->version;
		hs->tls13 = is_tls13(t->version);
	}
	if (!hs->has_suite && t->suite_known) {
		hs->has_suite = true;
		hs->suite_value = t->suite;
		hs->suite = suite_find(t->suite);
	}
	if (!hs->resumed_known && t->resumed)
		hs->resumed_known = hs->resumed = true;
	hs->told_group = t->group;
	hs->rebuilt = t->rebuilt;
	if (t->sni != NULL && !hs->client_hello.seen)
		hs->told_sni = arena_str(hs->arena, t->sni);
}

static void note_last(struct handshake *hs)
{
	for (size_t i = hs->n_events; i-- > 0;) {
		if (hs->events[i].kind != EVENT_MESSAGE)
			continue;
		hs->has_last_message = true;
		hs->last_message = hs->events[i].type;
		return;
	}
}

/* Records whose content stands in the ladder as well are not shown beside it. */
static void drop_opened(struct handshake *hs, const struct flow *f, const struct conn *c)
{
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++) {
		const struct event *ev = &hs->events[i];

		if (ev->kind == EVENT_PROTECTED && f->opened[conn_dir(c, ev->from)] &&
			hs->side[ev->from].opened_records >= hs->side[ev->from].protected_records)
			continue;
		hs->events[n++] = *ev;
	}
	hs->n_events = n;
}

/*
 * Was it out of turn only because messages between were not there, as bytes, when it was read? Where some
 * are told the order is not proof of anything.
 */
static void forgive_order(struct handshake *hs)
{
	bool told = false;

	for (size_t i = 0; i < hs->n_events; i++) {
		told |= hs->events[i].told && hs->events[i].kind != EVENT_ALERT;
		if (told)
			hs->events[i].unexpected = false;
	}
}

/* A hole that a message was begun before stands in the ladder as that message. */
static void drop_holes(struct handshake *hs)
{
	size_t n = 0;

	for (size_t i = 0; i < hs->n_events; i++) {
		bool inside = false;

		for (size_t k = 0; k < hs->n_gaps && hs->events[i].kind == EVENT_GAP; k++)
			inside |= hs->gaps[k].packet == hs->events[i].packet &&
				  hs->gaps[k].has_message;
		if (!inside)
			hs->events[n++] = hs->events[i];
	}
	hs->n_events = n;
}

void logged_speech(struct conn *c)
{
	const struct told_story *t = story_of(c);
	const struct told *told = c->flow->told;

	if (t == NULL || c->hs->server_spoke != PLAIN_UNKNOWN)
		return;
	for (size_t i = 0; i < told->n_remarks[SIDE_CLIENT]; i++)
		if (told->remarks[SIDE_CLIENT][i].saying == SAYING_http)
			c->hs->server_spoke = PLAIN_HTTP;
}

void logged_ladder(struct conn *c)
{
	const struct told_story *t = story_of(c);
	struct handshake *hs = c->hs;

	drop_opened(hs, c->flow, c);
	if (t == NULL)
		return;
	take_facts(hs, t);
	drop_holes(hs);
	for (size_t i = 0; i < t->n_said; i++)
		if (!has_bytes(hs, t, i))
			tell(c, &t->said[i]);
	forgive_order(hs);
	note_last(hs);
}

/* ---- how it ended ---- */

static void ends(struct handshake *hs, enum outcome outcome, enum ending ending, enum side by)
{
	hs->outcome = outcome;
	hs->ending = ending;
	hs->ended_by = by;
	hs->ended_time = hs->end;
}

/* No connection came about. */
static bool never_connected(struct handshake *hs, const struct told_story *t)
{
	switch (t->end) {
	case TOLD_REFUSED:
		ends(hs, OUTCOME_FAILED, ENDING_REFUSED, SIDE_SERVER);
		return true;
	case TOLD_UNREACHABLE:
		ends(hs, OUTCOME_FAILED, ENDING_UNREACHABLE, SIDE_SERVER);
		return true;
	case TOLD_UNANSWERED:
		ends(hs, OUTCOME_FAILED, ENDING_UNANSWERED, SIDE_SERVER);
		return true;
	case TOLD_NO_END:
	case TOLD_CLOSED:
	case TOLD_RESET:
	case TOLD_TIMED_OUT:
		break;
	}
	return false;
}

/* The server's alert after the client was done: in TLS 1.3 it judges the client last. */
static bool refused_late(const struct handshake *hs, const struct told_story *t)
{
	const struct sent_alert *alert = handshake_fatal_alert(hs);

	return hs->tls13 && alert != NULL && alert->from == SIDE_SERVER && !t->done[SIDE_SERVER];
}

static bool client_says(const struct told *told, enum saying saying)
{
	for (size_t i = 0; i < told->n_remarks[SIDE_CLIENT]; i++)
		if (told->remarks[SIDE_CLIENT][i].saying == saying)
			return true;
	return false;
}

/*
 * The client was done, and then found that the server had gone, or had sent an alert whose code is not told. In
 * TLS 1.3 that may be how it judged the client.
 */
static bool left_alone(const struct handshake *hs, const struct told *told, enum ending *how)
{
	const struct told_story *t = &told->story;
	int code = told->word[SIDE_CLIENT].code;
	int high = code < 0 ? -code & CODE_MASK : 0;

	if (!hs->tls13 || t->done[SIDE_SERVER])
		return false;
	if (high == CODE_FATAL_ALERT)
		*how = ENDING_PROTECTED_ALERT;
	else if (code == -CODE_CONN_RESET || (t->end == TOLD_RESET && t->ended_by == SIDE_SERVER) ||
		 client_says(told, SAYING_reset))
		*how = ENDING_RST;
	else if (high == CODE_CONN_EOF || (t->end == TOLD_CLOSED && t->ended_by == SIDE_SERVER) ||
		 client_says(told, SAYING_peer_closed))
		*how = ENDING_FIN;
	else
		return false;
	return true;
}

/* By what its library returned: whose doing was it? Of other libraries nothing is known but that it failed. */
static void ended_by_code(struct handshake *hs, enum side side, int code)
{
	enum side other = side_other(side);
	int high = code < 0 ? -code & CODE_MASK : 0;

	if (code == -CODE_CONN_RESET || code == -CODE_RECV_FAILED)
		ends(hs, OUTCOME_FAILED, ENDING_RST, other);
	else if (high == CODE_CONN_EOF || high == CODE_PEER_CLOSE_NOTIFY)
		ends(hs, OUTCOME_FAILED, ENDING_FIN, other);
	else if (high == CODE_TIMEOUT)
		ends(hs, OUTCOME_FAILED, ENDING_SILENCE, other);
	else if (high == CODE_FATAL_ALERT)
		ends(hs, OUTCOME_FAILED, ENDING_ALERT, other);
	else
		ends(hs, OUTCOME_FAILED, ENDING_GAVE_UP, side);
}

/* The side whose own word counts: the log's owner, else whoever says something. */
static bool find_word(
	const struct told *told, bool (*has)(const struct told *, enum side), enum side *side)
{
	*side = told->story.role_known ? told->story.role : SIDE_CLIENT;
	if (!has(told, *side))
		*side = side_other(*side);
	return has(told, *side);
}

static bool has_failed_code(const struct told *told, enum side side)
{
	return told->word[side].release != NULL && told->word[side].code != 0;
}

/* What says how it ended, and whose doing it was; the others tell what went wrong before. */
static const struct last_word {
	enum saying saying;
	enum ending ending;
	bool server; /* it is always the server's; else of the side that did not say it */
} last_words[] = {
	{ SAYING_peer_closed, ENDING_FIN, false },
	{ SAYING_reset, ENDING_RST, false },
	{ SAYING_timeout, ENDING_SILENCE, false },
	{ SAYING_refused, ENDING_REFUSED, true },
	{ SAYING_unreachable, ENDING_UNREACHABLE, true },
};

static const struct last_word *find_last_word(enum saying s)
{
	for (size_t i = 0; i < COUNT(last_words); i++)
		if (last_words[i].saying == s)
			return &last_words[i];
	return NULL;
}

static bool ended_by_remark(struct handshake *hs, const struct told *told, enum side side)
{
	for (size_t i = told->n_remarks[side]; i-- > 0;) {
		const struct last_word *w = find_last_word(told->remarks[side][i].saying);

		if (w == NULL)
			continue;
		ends(hs, OUTCOME_FAILED, w->ending, w->server ? SIDE_SERVER : side_other(side));
		return true;
	}
	return false;
}

/* Does it say more than that something was seen on the way? */
static bool has_complaint(const struct told *told, enum side side)
{
	for (size_t i = 0; i < told->n_remarks[side]; i++)
		if (told->remarks[side][i].saying != SAYING_fragmented)
			return true;
	return false;
}

/* The bytes leave it open, or say nothing of it. */
static bool is_open(const struct handshake *hs)
{
	return hs->outcome == OUTCOME_INCOMPLETE || handshake_ambiguous(hs);
}

static void ended_as_told(struct handshake *hs, const struct told *told)
{
	const struct told_story *t = &told->story;
	enum side side;

	if (t->end == TOLD_TIMED_OUT) {
		ends(hs, OUTCOME_FAILED, ENDING_SILENCE, t->ended_by);
	} else if (t->end == TOLD_RESET || t->end == TOLD_CLOSED) {
		ends(hs, OUTCOME_FAILED, t->end == TOLD_RESET ? ENDING_RST : ENDING_FIN,
			t->ended_by);
	} else if (find_word(told, has_complaint, &side)) {
		if (!ended_by_remark(hs, told, side))
			ends(hs, OUTCOME_FAILED, ENDING_GAVE_UP, side);
	}
}

/* The other side had closed before: the alert is what a program sends then. */
static bool answers_end(const struct sent_alert *a, const struct told_story *t)
{
	return (t->end == TOLD_CLOSED || t->end == TOLD_RESET) && t->ended_by != a->from &&
	       t->end_line < a->packet;
}

void logged_outcome(struct conn *c)
{
	const struct told_story *t = story_of(c);
	struct handshake *hs = c->hs;
	const struct sent_alert *alert;
	enum ending how;
	enum side side;

	if (t == NULL || never_connected(hs, t))
		return;
	alert = handshake_fatal_alert(hs);
	if (refused_late(hs, t))
		ends(hs, OUTCOME_FAILED, ENDING_ALERT, SIDE_SERVER);
	else if (t->done[SIDE_CLIENT] && left_alone(hs, c->flow->told, &how))
		ends(hs, OUTCOME_COMPLETED, how, SIDE_SERVER);
	else if (t->done[SIDE_CLIENT] || t->done[SIDE_SERVER])
		ends(hs, OUTCOME_COMPLETED, ENDING_SETTLED, SIDE_CLIENT);
	else if (alert != NULL && is_open(hs) && !answers_end(alert, t))
		ends(hs, OUTCOME_FAILED, ENDING_ALERT, alert->from);
	else if (hs->outcome != OUTCOME_FAILED && find_word(c->flow->told, has_failed_code, &side))
		ended_by_code(hs, side, c->flow->told->word[side].code);
	else if (is_open(hs))
		ended_as_told(hs, c->flow->told);
}
