/* RFC 5077 3.1, RFC 5246 F.1.4: server and client must hold the same master secret for the session they resume. */
#include "diagnose/contrast.h"
#include "diagnose/resumption.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, CHECK_hello_answered, N_CHECKS };

/* The server took the session, and the keys made of it do not fit. */
static bool resumed_in_vain(const struct handshake_view *v)
{
	const struct ending_story *st = &v->st;

	return st->failed && v->hs->resumed_known && v->hs->resumed && !v->hs->tls13 &&
	       (st->alert == 20 || st->alert == 51 || st->alert == 40 ||
		       (st->closed && !st->early));
}

static bool shows(const struct handshake_view *v)
{
	return resumed_in_vain(v) || (offer_to_resume_refused(v) && !session_context_missing(v));
}

static bool full_works(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED && v->hs->resumed_known && !v->hs->resumed;
}

static bool resumed_works(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED && v->hs->resumed_known && v->hs->resumed;
}

static void prove_offer(const struct handshake_view *v, struct finding *f)
{
	const struct contrast *c = contrast_of(v->cf, v->hs);

	finding_say(f, v->cf, "Only handshakes that name a session to resume fail");
	finding_contrast(f, v->cf, c, contrast_find(c, FEATURE_RESUMPTION, 0));
	finding_quote_end(f, v);
	finding_step(f, v->cf,
		"read the server's log: a store of sessions or a ticket key that is gone, or "
		"OpenSSL's 'session id context uninitialized'");
	f->confidence = c->confidence;
}

/* bad_record_mac and decrypt_error speak of the keys; any other end may have another reason. */
static enum confidence how_sure(const struct handshake_view *v, bool full)
{
	bool keys = v->st.alert == 20 || v->st.alert == 51;

	if (!full)
		return keys ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
	return keys && find_handshake(v->cf, resumed_works) == NULL ? CONFIDENCE_CERTAIN
								    : CONFIDENCE_LIKELY;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	bool full = find_handshake(v->cf, full_works) != NULL;

	if (!resumed_in_vain(v)) {
		prove_offer(v, f);
		return;
	}
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
		"the server resumes the session the client named");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (full)
		finding_prove(f, v->cf, 0, "full handshakes with the same server succeed");
	if (find_handshake(v->cf, resumed_works) != NULL)
		finding_prove(f, v->cf, 0,
			"so do others that resume: it is this session, or another machine behind "
			"the address");
	f->confidence = how_sure(v, full);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
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
