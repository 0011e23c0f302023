/* RFC 5077 3.1, RFC 5246 F.1.4: server and client must hold the same master secret for the session they resume. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	const struct ending_story *st = &v->st;

	return st->failed && v->hs->resumed_known && v->hs->resumed && !v->hs->tls13 &&
	       (st->alert == 20 || st->alert == 51 || st->alert == 40 ||
		       (st->closed && !st->early));
}

static bool full_works(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED && v->hs->resumed_known && !v->hs->resumed;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
		"the server resumes the session the client named");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (find_handshake(v->cf, full_works) == NULL)
		return;
	finding_prove(f, v->cf, 0, "full handshakes with the same server succeed");
	f->confidence = CONFIDENCE_CERTAIN;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"drop the kept session or ticket and connect anew; drop it after every failed resumption",
	"servers behind one address must share their ticket keys or their session cache",
	NULL,
};

const struct cause cause_stale_session = {
	.id = "stale-session",
	.origin = ORIGIN_CONFIG,
	.summary = "Only resumed handshakes fail: the session kept by one side is no longer good "
		   "at the other",
	.handshake = &rule,
	.next_steps = steps,
};
