/* mbedTLS reports an allocation that failed during verification as an untrusted chain (alert 48) or a bad signature (51). */
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);

	(void)cf;
	if (!st.failed || st.by != SIDE_CLIENT || st.stage != STAGE_SERVER_FLIGHT ||
		!server_flight_sound(ex) || failed_check(ex, CHECK_name_matches))
		return false;
	if (ex->hs->looks.name != NULL && !looks_like_mbedtls(ex->hs))
		return false;
	return (st.alert == 48 && passed_check(ex, CHECK_chain_trusted)) || st.alert == 80 ||
	       (st.alert == 51 && passed_check(ex, CHECK_ske_signature));
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	struct ending_story st = story_of(ex->hs);

	finding_quote(f, cf, ex, CHECK_no_fatal_alert);
	finding_quote(f, cf, ex, CHECK_chain_trusted);
	finding_quote(f, cf, ex, CHECK_ske_signature);
	finding_prove(f, cf, 0,
		st.alert == 48
			? "so the chain is good, and the client's answer must have another reason"
			: "so the signature is good, and the client's answer must have another "
			  "reason");
	f->confidence = st.alert == 48 ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
	if (looks_like_mbedtls(ex->hs))
		finding_prove(f, cf, 0,
			"the client looks like %s, which answers so when its heap is too small",
			ex->hs->looks.name);
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_LIKELY;
	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!shows(cf, cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ == 0)
			prove(cf, cf->kept[i], f);
	}
	return n != 0;
}

static const char *const steps[] = {
	"raise the heap (or MBEDTLS_MEMORY_BUFFER_ALLOC's buffer) by half and try again",
	"log the lowest free heap; -0x2880, -0x4290 or -0x0010 in the log is the proof",
	"smaller chain, EC keys instead of RSA 4096, smaller content length",
	"if the device trusts another CA than the file given here, that is the reason instead",
	NULL,
};

const struct cause cause_heap_exhausted = {
	.id = "heap-exhausted",
	.origin = ORIGIN_MEMORY,
	.summary = "The client most likely ran out of memory while it verified",
	.run = run,
	.next_steps = steps,
};
