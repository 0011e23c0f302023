/* RFC 8446 4.1.3, RFC 5246 7.4.1.3: a server picks from the client's lists. */
#include "diagnose/signatures.h"

static const enum check_id lists[] = { CHECK_version_offered, CHECK_cipher_suite_offered,
	CHECK_group_offered, CHECK_signature_scheme_offered, CHECK_extensions_offered };
static const enum check_id explains[] = { CHECK_version_offered, CHECK_cipher_suite_offered,
	CHECK_group_offered, CHECK_signature_scheme_offered, CHECK_extensions_offered,
	CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->severity = SEVERITY_WARNING;
	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		enum check_id which = N_CHECKS;

		for (size_t k = 0; k < sizeof lists / sizeof lists[0] && which == N_CHECKS; k++)
			if (failed_check(ex, lists[k]) && !client_answers_wrong_type(ex))
				which = lists[k];
		if (which == N_CHECKS)
			continue;
		finding_add(f, ex, explains);
		if (story_of(ex->hs).failed && story_of(ex->hs).by == SIDE_CLIENT)
			f->severity = SEVERITY_ERROR;
		if (n++ == 0) {
			finding_quote(f, cf, ex, which);
			finding_quote(f, cf, ex, CHECK_no_fatal_alert);
		}
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"let the server choose from what the ClientHello lists; an unpatched library does",
	"if the server must have that parameter, offer it on the client",
	NULL,
};

const struct cause cause_parameter_not_offered = {
	.id = "parameter-not-offered",
	.origin = ORIGIN_SERVER,
	.summary = "The server chose something the client never offered",
	.run = run,
	.next_steps = steps,
};
