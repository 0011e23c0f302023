/* RFC 8446 4.1.3: the last eight bytes of the server's random. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_downgrade_signal, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->severity = SEVERITY_NOTE;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		struct ending_story st = story_of(ex->hs);
		enum status s = ex->answers[CHECK_no_downgrade_signal].status;

		if (s != FAIL && s != WARN)
			continue;
		if (st.failed && st.by == SIDE_CLIENT && (st.alert == 47 || st.alert == 70))
			f->severity = SEVERITY_ERROR;
		else if (st.failed)
			continue;
		finding_add(f, ex, explains);
		if (n++ == 0) {
			finding_quote(f, cf, ex, CHECK_no_downgrade_signal);
			if (st.failed)
				finding_quote(f, cf, ex, CHECK_no_fatal_alert);
		}
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
