/* mbedTLS reports an allocation that failed during verification as an untrusted chain (alert 48) or a bad signature (51). */
#include "diagnose/claims.h"
#include "diagnose/closed_world.h"
#include "diagnose/minded.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	if (!v->st.failed || v->st.by != SIDE_CLIENT || v->st.stage != STAGE_SERVER_FLIGHT ||
		!server_flight_sound(v->ex) || failed_check(v->ex, CHECK_name_matches))
		return false;
	if (v->hs->looks.name != NULL && !looks_like_mbedtls(v->hs))
		return false;
	if (minded_enough(v) || heap_was_ample(&v->hs->side[SIDE_CLIENT].word))
		return false;
	return (v->st.alert == 48 && passed_check(v->ex, CHECK_chain_trusted)) ||
	       v->st.alert == 80 || (v->st.alert == 51 && passed_check(v->ex, CHECK_ske_signature));
}

static const char *const steps[] = {
	"raise the heap (or MBEDTLS_MEMORY_BUFFER_ALLOC's buffer) by half and try again",
	"log the lowest free heap; -0x2880, -0x4290 or -0x0010 in the log is the proof",
	"smaller chain, EC keys instead of RSA 4096, smaller content length",
	NULL,
};

static void prove(const struct handshake_view *v, struct finding *f)
{
	bool trusted = passed_check(v->ex, CHECK_chain_trusted);
	bool verifies = passed_check(v->ex, CHECK_ske_signature);

	finding_say(f, v->cf,
		v->st.alert == 48 ? "The client most likely ran out of memory while it verified"
				  : "The client may have run out of memory");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (trusted)
		finding_quote(f, v->cf, v->ex, CHECK_chain_trusted);
	if (verifies)
		finding_quote(f, v->cf, v->ex, CHECK_ske_signature);
	if (v->st.alert == 48)
		finding_prove(f, v->cf, 0,
			"so the chain is good, and the client's answer must have another reason");
	else if (v->st.alert == 51)
		finding_prove(f, v->cf, 0,
			"so the signature is good, and the client's answer must have another "
			"reason");
	f->confidence = v->st.alert == 48 ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
	prove_by_exclusion(v, f);
	if (looks_like_mbedtls(v->hs))
		finding_prove(f, v->cf, 0,
			"the client looks like %s, which answers so when its heap is too small",
			v->hs->looks.name);
	if (v->st.alert != 48)
		return;
	for (size_t i = 0; steps[i] != NULL; i++)
		finding_step(f, v->cf, "%s", steps[i]);
	finding_step(f, v->cf,
		"if the device trusts another CA than the file given here, that is the reason "
		"instead");
	f->steps_done = true;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

const struct cause cause_heap_exhausted = {
	.id = "heap-exhausted",
	.origin = ORIGIN_MEMORY,
	.summary = "A side ran out of memory in the handshake",
	.handshake = &rule,
	.next_steps = steps,
};
