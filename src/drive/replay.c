/* The line is led to TLS as a live client's is; then only the server speaks. */
#include "drive/replay.h"

#include "drive/flight.h"
#include "drive/meter.h"

/* After the end of a flight, or what is no TLS, it is seen how the connection ends: until nothing
 * comes for a while, or too much. */
enum { QUIET_MS = 300, LINGER_MS = 1000, LINGER_BYTES = 64 * 1024, READ_BYTES = 16384 };

struct listener {
	struct line *line;
	struct flight flight;
	struct meter meter;
	double lingers_ms;   /* since when; moments are those of the line */
	uint64_t lingers_at; /* bytes heard by then */
	int timeout_ms;
};

/* Is there more to come that can tell something? TLS 1.3 hides where its flight ends: it is read on
 * for as long as it comes. */
static bool wants_more(const struct listener *n)
{
	switch (n->flight.state) {
	case FLIGHT_MORE:
	case FLIGHT_HIDDEN:
		return n->meter.heard.cut == CUT_NONE;
	case FLIGHT_ALERT:
	case FLIGHT_NOT_TLS:
		return line_elapsed_ms(n->line) - n->lingers_ms < LINGER_MS &&
		       n->meter.heard.bytes - n->lingers_at < LINGER_BYTES;
	case FLIGHT_WHOLE:
	case FLIGHT_RETRY:
	case FLIGHT_ENDLESS:
		break;
	}
	return false;
}

static void feed(struct listener *n, struct bytes b)
{
	double now_ms = line_elapsed_ms(n->line);
	bool more = n->flight.state == FLIGHT_MORE;

	meter_feed(&n->meter, b, now_ms);
	flight_feed(&n->flight, b);
	if (n->flight.state == FLIGHT_ENDLESS)
		meter_flooded(&n->meter, true, now_ms);
	if (more && n->flight.state != FLIGHT_MORE) {
		n->lingers_ms = now_ms;
		n->lingers_at = n->meter.heard.bytes;
	}
}

/* Nothing more was to be had of the line. True when the server had said all it has to say. */
static bool line_ends(struct listener *n, enum line_state state)
{
	double now_ms = line_elapsed_ms(n->line);

	/* Data that a server of TLS 1.3 sends early would look like a flight that drips. */
	if (state == LINE_OVERDUE && n->flight.state == FLIGHT_HIDDEN)
		return true;
	if (state == LINE_OVERDUE)
		(void)meter_overdue(&n->meter, now_ms);
	if (state == LINE_FLOODED)
		meter_flooded(&n->meter, line_flood_of_bytes(n->line), now_ms);
	return state == LINE_TIMEOUT && n->flight.state != FLIGHT_MORE;
}

/* True when the server has said all it has to say; false when it broke off, fell silent, or was cut
 * off. */
static bool listen_to_end(struct listener *n)
{
	uint8_t buffer[READ_BYTES];
	enum line_state state;
	size_t len;

	while (wants_more(n)) {
		state = line_recv(n->line, buffer, sizeof buffer, &len,
			n->flight.state == FLIGHT_MORE ? n->timeout_ms : QUIET_MS);
		if (state != LINE_OPEN)
			return line_ends(n, state);
		feed(n, bytes_of(buffer, len));
	}
	return n->meter.heard.cut == CUT_NONE ||
	       (n->flight.state != FLIGHT_MORE && n->flight.state != FLIGHT_HIDDEN &&
		       n->flight.state != FLIGHT_ENDLESS);
}

/* True when nobody hangs up: then there is no verdict in the end of the connection. */
static bool hear_answer(const struct replay_options *o, struct line *l, struct hearing *heard)
{
	struct listener n = { .line = l, .timeout_ms = o->timeout_ms };
	bool said_all;

	meter_begin(&n.meter, line_elapsed_ms(l));
	said_all = listen_to_end(&n);
	if (!said_all)
		*heard = n.meter.heard;
	flight_free(&n.flight);
	return said_all;
}

static void take_answer(const struct replay_options *o, struct probe *p)
{
	struct probe_attempt *a = &p->attempt[p->n_attempts];
	struct line *l = probe_call(p, &o->way, o->way.deadline_ms, a);
	bool said_all = false;

	if (l == NULL)
		return;
	p->n_attempts++;
	if (a->line == LINE_OPEN && probe_lead(p, l, &o->way, o->timeout_ms, a)) {
		a->handshaken = true;
		said_all = line_send(l, o->records, o->timeout_ms) == LINE_OPEN &&
			   hear_answer(o, l, &a->result.heard);
	}
	if (said_all)
		line_abandon(l);
	else
		line_close(l);
}

bool replay_run(
	const struct replay_options *o, const struct target *t, struct probe *out, struct err *e)
{
	unsigned most = o->times < PROBE_ATTEMPTS_MAX ? o->times : PROBE_ATTEMPTS_MAX;

	if (!probe_open(out, t, most, o->way.bytes, e))
		return false;
	for (unsigned n = 0; n < most; n++) {
		take_answer(o, out);
		if (out->n_attempts == n || out->attempt[n].line != LINE_OPEN ||
			tape_failed(out->tape))
			break;
	}
	return true;
}
