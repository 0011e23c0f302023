/* By its dates, at the time of the packet; roots have a cause of their own. */
#include "diagnose/chains.h"
#include "diagnose/handshakes.h"

static bool expired(const struct path_step *step)
{
	return step->expired;
}

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *step = chain_step(v->judgement, expired);

	/* a certificate that is trusted itself is no root of others */
	if (step == NULL ||
		(step->cert == v->judgement->expired_root && step != v->judgement->step))
		return false;
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "The %scertificate '%s' has expired",
		v->side == SIDE_CLIENT ? "client's " : "", step->cert->subject);
	chain_prove_date(v, f, "notAfter", step->cert->not_after);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_dates, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 45, 46, 42 }, SEVERITY_WARNING, 0x01 };

/* Nobody knows when it was: whoever says expired is believed, as far as its clock is right. */
static bool said_of_undated(const struct handshake_view *v)
{
	enum side about = side_other(v->st.by);

	return v->hs->side[about].chain.undated && certificate_refused(v->hs, about) &&
	       gave_up_with(&v->st, v->st.by, 45);
}

/* The hello of who says so may tell what its clock reads: the one clock that there is. */
static void prove_its_clock(const struct handshake_view *v, struct finding *f)
{
	const struct party *p = &v->hs->side[v->st.by];
	char day[32];

	if (p->clock != CLOCK_SUSPECT)
		return;
	date_text(p->clock_time, day);
	finding_prove(f, v->cf,
		message_place(v->hs, v->st.by,
			v->st.by == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO)
			.packet,
		"its hello's random begins with the time %s", day);
}

static void prove_of_undated(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "%s says that a certificate of %s has expired",
		v->st.by == SIDE_CLIENT ? "The client" : "The server",
		side_name(side_other(v->st.by)));
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	prove_its_clock(v, f);
	finding_quote(f, v->cf, v->ex, CHECK_chain_dates);
	finding_step(f, v->cf,
		"run again with --at and the time of the handshake; the clock of %s may be what "
		"is wrong",
		side_name(v->st.by));
}

/* TLS 1.3 hides the certificate, and not always the alert: it is believed, as far as the client's clock
 * is right. */
static bool said_so(const struct handshake_view *v)
{
	return v->hs->tls13 && gave_up_with(&v->st, SIDE_CLIENT, 45) &&
	       v->hs->side[SIDE_SERVER].n_certs == 0 && v->st.stage == STAGE_SERVER_FLIGHT;
}

static void prove_word(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "The client says that a certificate of the server has expired");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_prove(f, v->cf, 0,
		v->hs->logged ? "the log does not show the certificate: its dates are not seen here"
			      : "in TLS 1.3 the certificate is under encryption: its dates are not "
				"seen here");
	finding_step(f, v->cf,
		"look at the dates: tlsdiag probe HOST:PORT shows them, and at the client's clock, "
		"which may be what is wrong");
}

static const enum check_id alert[] = { CHECK_no_fatal_alert, N_CHECKS };
static const struct handshake_rule undated = {
	.shows = said_of_undated,
	.prove = prove_of_undated,
	.explains = alert,
	.confidence = CONFIDENCE_POSSIBLE,
	.assumptions = 1,
};

static const struct handshake_rule by_its_word = {
	.shows = said_so,
	.prove = prove_word,
	.explains = alert,
	.confidence = CONFIDENCE_LIKELY,
	.assumptions = 1,
	.otherwise = &undated,
};

static const char *const steps[] = {
	"renew the certificate and install it with its chain",
	"if it was renewed already, the old one is still being served: restart, or look at which "
	"file is loaded",
	"let the pipeline warn a month ahead",
	NULL,
};

const struct cause cause_certificate_expired = {
	.id = "certificate-expired",
	.origin = ORIGIN_CERTIFICATE,
	.summary = "The certificate has expired",
	.chain = &rule,
	.handshake = &by_its_word,
	.innocent = chains_in_date,
	.next_steps = steps,
};
