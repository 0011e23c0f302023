/* Everything the server sent proves right on this host, and the client still answers decrypt_error or illegal_parameter. */
#include "diagnose/story.h"

static bool shows(const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);

	return st.failed && st.by == SIDE_CLIENT && st.stage == STAGE_SERVER_FLIGHT &&
	       (st.alert == 51 || st.alert == 47) && passed_check(ex, CHECK_ske_signature) &&
	       server_flight_sound(ex);
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	const struct examined *good = completed_one(cf);
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!shows(cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		finding_quote(f, cf, cf->kept[i], CHECK_ske_signature);
		finding_quote(f, cf, cf->kept[i], CHECK_ske_point_on_curve);
		finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	if (n != 0 && good != NULL)
		finding_prove(f, cf, good->hs->first_packet,
			"another handshake with the same server completes");
	f->confidence = CONFIDENCE_LIKELY;
	return n != 0;
}

static const char *const steps[] = {
	"run mbedtls_mpi_self_test, mbedtls_ecp_self_test and the hash self tests on the client",
	"build without MBEDTLS_HAVE_ASM: clang 12 and later broke the old bignum assembly (mended "
	"in mbedTLS 3.1 and 2.28)",
	"raise the heap: an mbedTLS client that runs out of memory while verifying also says "
	"decrypt_error (-0x4290)",
	NULL,
};

const struct cause cause_verifier_broken = {
	.id = "verifier-broken",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The client refuses a signature that is valid: it verifies wrongly",
	.run = run,
	.next_steps = steps,
};
