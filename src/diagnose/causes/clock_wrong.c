/* A date alert about a chain that is in date; the first four bytes of a hello's random are often the time. */
#include "diagnose/story.h"
#include "diagnose/transport.h"

static bool date_alert(int alert)
{
	/* 46 and 42: not yet valid, as mbedTLS and OpenSSL put it; 45: expired. */
	return alert == 45 || alert == 46 || alert == 42;
}

static enum clock_reading clock_of(const struct handshake *hs, enum side s, int64_t *seconds)
{
	*seconds = s == SIDE_CLIENT ? hs->client_clock_time : hs->server_clock_time;
	return s == SIDE_CLIENT ? hs->client_clock : hs->server_clock;
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

	for (size_t i = 0; i < sizeof chain / sizeof chain[0]; i++)
		if (ex->answers[chain[i]].status == FAIL || ex->answers[chain[i]].status == WARN)
			return false;
	return true;
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool shows(
	const struct case_file *cf, const struct examined *ex, struct finding *f, bool first)
{
	const struct handshake *hs = ex->hs;
	struct ending_story st = story_of(hs);
	enum side about = side_other(st.by);
	const struct chain_judgement *j = &hs->chain[about];
	char day[32], then[32];
	enum clock_reading reading;
	int64_t seconds;
	bool shown;

	if (!certificate_refused(hs, about) || !date_alert(st.alert) || !j->judged ||
		!chain_faultless(ex))
		return false;
	reading = clock_of(hs, st.by, &seconds);
	shown = (reading == CLOCK_WRONG || reading == CLOCK_SUSPECT) &&
		out_of_date_then(j, seconds);
	/* Without the time in a hello, only an alert that means nothing but a date speaks of the
	 * clock: 45, and 46 from mbedTLS, whose other reason, a weak hash, would show. */
	if (!shown && st.alert != 45 && !(st.alert == 46 && looks_like_mbedtls(hs)))
		return false;
	finding_add(f, ex, explains);
	if (!first)
		return true;
	f->confidence = !shown                   ? CONFIDENCE_POSSIBLE
			: reading == CLOCK_WRONG ? CONFIDENCE_CERTAIN
						 : CONFIDENCE_LIKELY;
	date_text(seconds, then);
	date_text(j->at, day);
	if (shown) {
		finding_say(f, cf, "The clock of %s is wrong: it reads %s", side_name(st.by), then);
		finding_prove(f, cf,
			message_place(
				hs, st.by, st.by == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO)
				.packet,
			"the hello's random begins with the time %s", then);
	}
	finding_prove(f, cf, 0, "the capture says %s, and then every certificate is in date", day);
	if (shown)
		date_text(j->step[0].cert->not_before, day);
	if (shown && seconds < j->step[0].cert->not_before)
		finding_prove(
			f, cf, 0, "by that clock the certificate is not valid yet (from %s)", day);
	finding_quote(f, cf, ex, CHECK_no_fatal_alert);
	return true;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		n += shows(cf, cf->kept[i], f, n == 0);
	return n != 0;
}

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
	.summary =
		"A clock is wrong: the certificates are in date, and one side believes otherwise",
	.run = run,
	.next_steps = steps,
};
