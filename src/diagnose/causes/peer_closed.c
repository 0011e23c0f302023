/* No TLS cause is visible: where it stopped is all there is. mbedTLS servers that fail inside themselves do this. */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const int64_t PATIENCE_NS = 1000000000; /* who closes sooner may have refused what came */

static const char *stage_name(enum stage stage)
{
	switch (stage) {
	case STAGE_NOTHING:
		return "before any ClientHello";
	case STAGE_CLIENT_HELLO:
		return "after the ClientHello";
	case STAGE_SERVER_FLIGHT:
		return "after the server's messages";
	case STAGE_CLIENT_FLIGHT:
		return "after the client's messages";
	case STAGE_FINISHED:
		return "after the first protected record";
	}
	return "";
}

/* "before any ClientHello" of a capture; a log that shows no message may say which one was due. */
static void say_where(const struct handshake_view *v, struct finding *f)
{
	const char *who = v->st.by == SIDE_CLIENT ? "The client" : "The server";
	const char *how = without_alert(v->hs, v->st.by);
	const char *state = v->hs->side[side_other(v->st.by)].word.state;

	if (v->st.stage != STAGE_NOTHING || !v->hs->logged)
		finding_say(f, v->cf, "%s closed the connection %s, %s", who, how,
			stage_name(v->st.stage));
	else if (state != NULL)
		finding_say(f, v->cf, "%s closed the connection %s, with the other side in %s", who,
			how, state);
	else
		finding_say(f, v->cf, "%s closed the connection %s", who, how);
}

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_hello_answered,
	CHECK_no_fatal_alert, N_CHECKS };

/* It had begun to answer, and did not go on, until the client had waited long enough. */
static bool stopped_midway(const struct handshake *hs)
{
	return hs->ending == ENDING_SILENCE && hs->ended_by == SIDE_SERVER && hs->turn.known &&
	       hs->turn.midway && hs->side[SIDE_SERVER].tcp.bytes != 0;
}

static bool shows(const struct handshake_view *v)
{
	return nothing_else_failed(v->ex) && v->st.failed &&
	       (v->st.closed || stopped_midway(v->hs)) && !v->st.reset && !silent_server(v->hs) &&
	       v->hs->server_spoke == PLAIN_NONE;
}

/* The server's last message, if it breaks off and no byte of it was lost on the way to us. */
static const struct event *broken_off(const struct handshake *hs)
{
	const struct event *last = NULL;

	for (size_t i = 0; i < hs->n_events; i++)
		if (hs->events[i].kind == EVENT_MESSAGE && hs->events[i].from == SIDE_SERVER)
			last = &hs->events[i];
	return last != NULL && last->wrong.code == PARSE_CUT && hs->n_gaps == 0 ? last : NULL;
}

static void prove_broken_off(
	const struct case_file *cf, enum side by, const struct event *ev, struct finding *f)
{
	const char *name = name_handshake_title(ev->type);
	const char *title = name != NULL ? name : "last message";

	if (by == SIDE_SERVER)
		finding_say(
			f, cf, "The server closed the connection in the middle of its %s", title);
	else
		finding_say(f, cf,
			"The server stopped in the middle of its %s, and the client gave up",
			title);
	finding_prove(f, cf, ev->packet, "%zu of the %zu bytes of %s were sent", ev->wrong.have,
		ev->wrong.need, title);
	finding_step(f, cf,
		"the rest was never handed to TCP: did the send callback (f_send) fail, or write "
		"less "
		"than it said?");
}

/* The client closed, but only after it had waited for what the server still owed. */
static bool waited_in_vain(const struct handshake *hs, const struct ending_story *st)
{
	return (st->by == SIDE_CLIENT || stopped_midway(hs)) && hs->client_hello.seen &&
	       st->stage <= STAGE_SERVER_FLIGHT && !st->early &&
	       hs->side[SIDE_SERVER].tcp.bytes != 0 && !hs->server_hello_done &&
	       hs->ended_time - hs->end >= PATIENCE_NS;
}

static void prove_wait(const struct case_file *cf, const struct handshake *hs, struct finding *f)
{
	bool hello = hs->server_hello.seen || hs->hello_retry.seen;
	const char *title = hello ? name_handshake_title(hs->last_message) : NULL;

	finding_say(f, cf, "The server stopped after its %s, and the client gave up",
		title != NULL ? title : "first bytes");
	finding_prove(f, cf, 0, "after the server's last byte the client waited for %.1f s",
		(double)(hs->ended_time - hs->end) / 1e9);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	bool stopped = stopped_midway(v->hs);
	const struct event *cut;

	if (stopped)
		finding_say(f, v->cf, "The server fell silent in the middle of its answer");
	else
		say_where(v, f);
	prove_end(v, f);
	if (waited_in_vain(v->hs, &v->st))
		prove_wait(v->cf, v->hs, f);
	if ((cut = broken_off(v->hs)) != NULL)
		prove_broken_off(v->cf, stopped ? SIDE_CLIENT : v->st.by, cut, f);
	f->assumptions = 2;
	step_before_ske(v, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_POSSIBLE,
};

static const char *const steps[] = {
	"read the log of the side that closed: an mbedTLS error there closes without an alert",
	"its code names the reason: after a ClientHello -0x7900 or -0x7200 (size), after "
	"Certificate -0x4C80 or -0x7500",
	"MBEDTLS_DEBUG_C with threshold 1 is enough",
	NULL,
};

const struct cause cause_peer_closed = {
	.id = "peer-closed",
	.origin = ORIGIN_UNKNOWN,
	.summary = "A side closed the connection without saying why",
	.handshake = &rule,
	.next_steps = steps,
};
