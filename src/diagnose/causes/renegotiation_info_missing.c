/* RFC 5746 3.4 and 4.1: OpenSSL 3 clients refuse such a server. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_renegotiation_info, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->severity = SEVERITY_NOTE;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		struct ending_story st = story_of(ex->hs);
		enum status s = ex->answers[CHECK_renegotiation_info].status;

		if (s != FAIL && s != WARN)
			continue;
		if (st.failed && st.by == SIDE_CLIENT && (st.alert == 40))
			f->severity = SEVERITY_ERROR;
		else if (st.failed)
			continue;
		finding_add(f, ex, explains);
		if (n++ == 0) {
			finding_quote(f, cf, ex, CHECK_renegotiation_info);
			if (st.failed)
				finding_quote(f, cf, ex, CHECK_no_fatal_alert);
		}
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"update the server's TLS library: RFC 5746 is of 2010",
	"stop-gap on an OpenSSL client: SSL_OP_LEGACY_SERVER_CONNECT",
	"mbedTLS answers it from 1.2 on; look for a patched or very old build",
	NULL,
};

const struct cause cause_renegotiation_info_missing = {
	.id = "renegotiation-info-missing",
	.origin = ORIGIN_INTEROP,
	.summary = "The server does not know secure renegotiation, and the client insists on it",
	.run = run,
	.next_steps = steps,
};
