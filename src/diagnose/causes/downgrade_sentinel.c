/* RFC 8446 4.1.3: the last eight bytes of the server's random. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_downgrade_signal, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	static const int alerts[] = { 47, 70, 0 };

	return breach_let_pass_or_refused(v, CHECK_no_downgrade_signal, SIDE_CLIENT, alerts);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	breach_prove(v, f, CHECK_no_downgrade_signal);
	if (!v->st.failed)
		finding_say(f, v->cf,
			"The server signals that the version was lowered, and the client passes "
			"over it");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = raise_when_failed,
	.explains = explains,
	.severity = SEVERITY_NOTE,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"let both sides speak the best version they have: find what lowers it (a middle box, a "
	"setting, a retry with less)",
	"a server that marks its random although it cannot do better is at fault itself",
	NULL,
};

const struct cause cause_downgrade_sentinel = {
	.id = "downgrade-sentinel",
	.origin = ORIGIN_INTEROP,
	.summary = "The server signals that the version was lowered, and the client takes it for "
		   "an attack",
	.handshake = &rule,
	.next_steps = steps,
};
