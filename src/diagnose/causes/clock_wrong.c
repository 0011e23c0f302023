/* A date alert about a chain that is in date; the first four bytes of a hello's random are often the time. */
#include "base/array.h"
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static bool date_alert(int alert)
{
	/* 46 and 42: not yet valid, as mbedTLS and OpenSSL put it; 45: expired. */
	return alert == 45 || alert == 46 || alert == 42;
}

static enum clock_reading clock_of(const struct handshake *hs, enum side s, int64_t *seconds)
{
	*seconds = s == SIDE_CLIENT ? hs->side[SIDE_CLIENT].clock_time
				    : hs->side[SIDE_SERVER].clock_time;
	return s == SIDE_CLIENT ? hs->side[SIDE_CLIENT].clock : hs->side[SIDE_SERVER].clock;
}

/* Would the chain be out of date by that clock? */
static bool out_of_date_then(const struct chain_judgement *j, int64_t seconds)
{
	for (size_t i = 0; i < j->n_steps; i++)
		if (j->step[i].cert->has_dates && (seconds < j->step[i].cert->not_before ||
							  seconds > j->step[i].cert->not_after))
			return true;
	return false;
}

static bool chain_faultless(const struct examined *ex)
{
	static const enum check_id chain[] = { CHECK_chain_signatures, CHECK_chain_dates,
		CHECK_chain_usages, CHECK_chain_strength, CHECK_name_matches, CHECK_chain_trusted,
		CHECK_certificate_well_formed };

	for (size_t i = 0; i < COUNT(chain); i++)
		if (ex->answers[chain[i]].status == FAIL || ex->answers[chain[i]].status == WARN)
			return false;
	return true;
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

/* What the hello of the side that gave up tells of its clock, and whether that is the reason. */
struct told_time {
	enum clock_reading reading;
	int64_t seconds;
	bool shown;
};

static struct told_time told_by(const struct handshake_view *v)
{
	struct told_time t;

	t.reading = clock_of(v->hs, v->st.by, &t.seconds);
	t.shown = (t.reading == CLOCK_WRONG || t.reading == CLOCK_SUSPECT) &&
		  out_of_date_then(&v->hs->side[side_other(v->st.by)].chain, t.seconds);
	return t;
}

static bool shows(const struct handshake_view *v)
{
	enum side about = side_other(v->st.by);

	if (!certificate_refused(v->hs, about) || !v->hs->side[about].chain.judged ||
		!chain_faultless(v->ex))
		return false;
	/* Who hangs up without an alert, by a clock that was never set, most likely minds the dates. */
	if (v->st.alert < 0)
		return told_by(v).shown && told_by(v).reading == CLOCK_WRONG;
	if (!date_alert(v->st.alert))
		return false;
	if (v->hs->side[about].chain.undated)
		return told_by(v).shown;
	/* Without the time in a hello, only an alert that means nothing but a date speaks of the
	 * clock: 45, and 46 from mbedTLS, whose other reason, a weak hash, would show. */
	return told_by(v).shown || v->st.alert == 45 ||
	       (v->st.alert == 46 && looks_like_mbedtls(v->hs));
}

static void prove_clock(const struct handshake_view *v, int64_t seconds, struct finding *f)
{
	enum side by = v->st.by;
	uint8_t hello = by == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO;
	char then[32];

	date_text(seconds, then);
	finding_say(f, v->cf, "The clock of %s is wrong: it reads %s", side_name(by), then);
	finding_prove(f, v->cf, message_place(v->hs, by, hello).packet,
		"the hello's random begins with the time %s", then);
}

/* A clock that was never set runs behind: one that is past the end of a certificate is rather right. */
static bool runs_ahead(const struct chain_judgement *j, int64_t seconds)
{
	for (size_t i = 0; i < j->n_steps; i++)
		if (j->step[i].cert->has_dates && seconds > j->step[i].cert->not_after)
			return true;
	return false;
}

/* The packets have no time that could be: which of the two is wrong, the clock or the dates, nothing tells. */
static void prove_only_clock(const struct handshake_view *v, int64_t seconds, struct finding *f)
{
	prove_clock(v, seconds, f);
	finding_say(
		f, v->cf, "By the clock of %s the certificate is out of date", side_name(v->st.by));
	finding_prove(f, v->cf, 0,
		"no other clock is to be trusted here: if that one is right, it is the certificate "
		"that is out of date (--at gives the time to judge by)");
	LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	if (runs_ahead(&v->hs->side[side_other(v->st.by)].chain, seconds))
		f->assumptions = 2; /* certificate-expired makes one */
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct chain_judgement *j = &v->hs->side[side_other(v->st.by)].chain;
	struct told_time told = told_by(v);
	char day[32];

	f->confidence = !told.shown                   ? CONFIDENCE_POSSIBLE
			: told.reading == CLOCK_WRONG ? CONFIDENCE_CERTAIN
						      : CONFIDENCE_LIKELY;
	/* bad_certificate is said of an issuer that is not trusted, too, which nobody has tested */
	if (v->st.alert < 0 || (v->st.alert == 42 && !passed_check(v->ex, CHECK_chain_trusted)))
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
	if (told.shown && j->undated && told.reading == CLOCK_SUSPECT)
		prove_only_clock(v, told.seconds, f);
	else if (told.shown)
		prove_clock(v, told.seconds, f);
	else
		finding_say(f, v->cf,
			"A clock is wrong: the certificates are in date, and one side believes "
			"otherwise");
	date_text(j->at, day);
	if (!j->undated)
		finding_prove(f, v->cf, 0,
			v->hs->undated ? "today is %s, and every certificate of the path is in date"
				       : "it all took place on %s, and then every certificate of "
					 "the path is in date",
			day);
	if (told.shown && told.seconds < j->step[0].cert->not_before) {
		date_text(j->step[0].cert->not_before, day);
		finding_prove(f, v->cf, 0,
			"by that clock the certificate is not valid yet (from %s)", day);
	}
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"set the clock before the handshake: SNTP, or the RTC with its battery",
	"no clock on the board: build without MBEDTLS_HAVE_TIME_DATE, knowing that no expiry is "
	"checked then",
	"mbedTLS reports BADCERT_FUTURE as alert 46, BADCERT_EXPIRED as 45",
	NULL,
};

const struct cause cause_clock_wrong = {
	.id = "clock-wrong",
	.origin = ORIGIN_CLOCK,
	.summary = "A clock is wrong, and one side judges the dates of the certificates by it",
	.handshake = &rule,
	.next_steps = steps,
};
