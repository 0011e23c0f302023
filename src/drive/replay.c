/* The line is led to TLS as a live client's is; then only the server speaks. */
#include "drive/replay.h"

#include "drive/flight.h"

enum { QUIET_MS = 300, READ_BYTES = 16384 };

/* True when the server has said all it has to say; false when it broke off, or fell silent. */
static bool listen_to_end(struct line *l, int timeout_ms)
{
	struct flight f = { .state = FLIGHT_MORE };
	uint8_t buffer[READ_BYTES];
	bool quiet = false;
	size_t n;

	while (f.state == FLIGHT_MORE || f.state == FLIGHT_HIDDEN || f.state == FLIGHT_ALERT ||
		f.state == FLIGHT_NOT_TLS) {
		/* After an alert, or something that is no TLS, see how the connection ends. */
		int ms = f.state == FLIGHT_MORE ? timeout_ms : QUIET_MS;

		if (line_recv(l, buffer, sizeof buffer, &n, ms) != LINE_OPEN) {
			quiet = line_state(l) == LINE_TIMEOUT && f.state != FLIGHT_MORE;
			break;
		}
		flight_feed(&f, bytes_of(buffer, n));
	}
	flight_free(&f);
	return quiet || line_state(l) == LINE_OPEN;
}

static void take_answer(const struct replay_options *o, struct probe *p)
{
	struct probe_attempt *a = &p->attempt[p->n_attempts];
	struct line *l = probe_call(p, o->proxy, o->connect_ms, a);

	if (l == NULL)
		return;
	p->n_attempts++;
	if (a->line == LINE_OPEN && probe_lead(p, l, o->proxy, o->starttls, o->timeout_ms, a)) {
		a->handshaken = true;
		if (line_send(l, o->records, o->timeout_ms) == LINE_OPEN &&
			listen_to_end(l, o->timeout_ms)) {
			line_abandon(
				l); /* on the tape nobody has hung up: there is no verdict in it */
			return;
		}
	}
	line_close(l);
}

bool replay_run(
	const struct replay_options *o, const struct target *t, struct probe *out, struct err *e)
{
	if (!probe_open(out, t, e))
		return false;
	for (unsigned n = 0; n < o->times && n < PROBE_ATTEMPTS_MAX; n++) {
		take_answer(o, out);
		if (out->n_attempts == n || out->attempt[n].line != LINE_OPEN)
			break;
	}
	return true;
}
