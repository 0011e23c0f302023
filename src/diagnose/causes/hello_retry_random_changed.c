/* RFC 8446 4.1.2; mbedTLS 3.x before 3.6.0 drew a new random. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_hello_retry_consistent, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->severity = SEVERITY_WARNING;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		struct ending_story st = story_of(ex->hs);
		enum status s = ex->answers[CHECK_hello_retry_consistent].status;

		if (s != FAIL && s != WARN)
			continue;
		if (st.failed && st.by == SIDE_SERVER &&
			(st.alert == 47 || st.alert == 70 || st.alert == 40 || st.alert == 50))
			f->severity = SEVERITY_ERROR;
		else if (st.failed)
			continue;
		finding_add(f, ex, explains);
		if (n++ == 0) {
			finding_quote(f, cf, ex, CHECK_hello_retry_consistent);
			if (st.failed)
				finding_quote(f, cf, ex, CHECK_no_fatal_alert);
		}
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"update the client: mbedTLS 3.6.0 keeps its random",
	"stop-gap: send a share of a group the server likes in the first ClientHello, then there "
	"is no retry",
	NULL,
};

const struct cause cause_hello_retry_random_changed = {
	.id = "hello-retry-random-changed",
	.origin = ORIGIN_CLIENT,
	.summary = "After a HelloRetryRequest the client changed what it may not change",
	.run = run,
	.next_steps = steps,
};
