/* RST in place of an alert: a crash, a socket closed with unread bytes, a firewall. */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_closed_cleanly, CHECK_hello_answered,
	CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return nothing_else_failed(v->ex) && v->st.failed && v->st.closed && v->st.reset &&
	       v->hs->server_spoke == PLAIN_NONE;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "%s reset the connection %s",
		v->st.by == SIDE_CLIENT ? "The client" : "The server",
		without_alert(v->hs, v->st.by));
	prove_end(v, f);
	f->assumptions = 1;
	step_before_ske(v, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"did the side that reset it crash, or run into a watchdog? look at its uptime",
	"a socket closed with unread bytes resets too: was the handshake given up early?",
	"a firewall in between resets as well: capture on both ends",
	NULL,
};

const struct cause cause_connection_reset = {
	.id = "connection-reset",
	.origin = ORIGIN_UNKNOWN,
	.summary = "A side reset the connection without saying why",
	.handshake = &rule,
	.next_steps = steps,
};
