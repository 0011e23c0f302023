/* RFC 9293 3.8.6: the receiver's buffer is full and nobody reads it. */
#include "diagnose/handshakes.h"

static bool shut(const struct handshake *hs, enum side s)
{
	return hs->side[s].tcp.zero_windows != 0;
}

static const enum check_id explains[] = { CHECK_window_open, CHECK_closed_cleanly,
	CHECK_capture_complete, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->outcome != OUTCOME_COMPLETED && v->st.alert < 0 &&
	       (shut(v->hs, SIDE_CLIENT) || shut(v->hs, SIDE_SERVER)) && v->hs->client_hello.seen;
}

/* One that opened again let the rest come: then it is where things went slowly, and no more. */
static void take(const struct handshake_view *v, struct finding *f)
{
	if (!v->hs->side[SIDE_CLIENT].tcp.window_shut && !v->hs->side[SIDE_SERVER].tcp.window_shut)
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	enum side s = shut(v->hs, SIDE_CLIENT) ? SIDE_CLIENT : SIDE_SERVER;

	finding_say(f, v->cf, "%s shut its receive window while handshake bytes were still to come",
		s == SIDE_CLIENT ? "The client" : "The server");
	finding_quote(f, v->cf, v->ex, CHECK_window_open);
	finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = take,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"read the socket while the handshake runs: the TLS task must not wait for something else",
	"raise the TCP receive buffer (lwIP TCP_WND, FreeRTOS+TCP ipconfigTCP_RX_BUFFER_LENGTH) "
	"above the longest flight that it is sent",
	"lwIP: call tcp_recved for every byte taken",
	NULL,
};

const struct cause cause_receive_window_closed = {
	.id = "receive-window-closed",
	.origin = ORIGIN_MEMORY,
	.summary = "A receive window was shut while handshake bytes were still to come",
	.handshake = &rule,
	.next_steps = steps,
};
