/* RFC 5246 7.4.9: the two ends saw different transcripts, or compute the PRF differently. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_finished_accepted, N_CHECKS };

static bool shows(const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);

	return st.failed && st.stage == STAGE_FINISHED && st.alert == 51 &&
	       !failed_check(ex, CHECK_certificate_verify_signature) &&
	       !failed_check(ex, CHECK_ske_signature) && !ex->hs->tls13;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!shows(cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ == 0)
			finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	if (n != 0)
		finding_prove(f, cf, 0,
			"decrypt_error after a record that did decrypt: the keys are right, "
			"verify_data is not");
	f->confidence = CONFIDENCE_LIKELY;
	return n != 0;
}

static const char *const steps[] = {
	"compare which messages each side hashes: HelloRequest and retries are the usual "
	"difference",
	"run the self test of the suite's hash on the device",
	"a key log from either side would show both values",
	NULL,
};

const struct cause cause_finished_mismatch = {
	.id = "finished-mismatch",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "Keys agree, but the Finished values do not",
	.run = run,
	.next_steps = steps,
};
