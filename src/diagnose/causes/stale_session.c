/* RFC 5077 3.1, RFC 5246 F.1.4: server and client must hold the same master secret for the session they resume. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

static bool shows(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	return st.failed && hs->resumed_known && hs->resumed && !hs->tls13 &&
	       (st.alert == 20 || st.alert == 51 || st.alert == 40 || (st.closed && !st.early));
}

static bool run(const struct case_file *cf, struct finding *f)
{
	bool full_works = false;
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		full_works |= hs->outcome == OUTCOME_COMPLETED && hs->resumed_known && !hs->resumed;
		if (!shows(hs))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		finding_prove(f, cf, message_place(hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
			"the server resumes the session the client named");
		finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	if (n != 0 && full_works)
		finding_prove(f, cf, 0, "full handshakes with the same server succeed");
	f->confidence = full_works ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
