/* Bytes that were lost or cut stand between a failure and its reason. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_capture_complete, CHECK_messages_well_formed,
	CHECK_no_fatal_alert, CHECK_closed_cleanly, CHECK_chain_complete, CHECK_hello_answered,
	N_CHECKS };

/* A message that is missing or in part, in a handshake that failed; of a log, that is no fault. */
static bool lost(const struct examined *ex)
{
	return ex->hs->outcome == OUTCOME_FAILED && failed_check(ex, CHECK_capture_complete);
}

/* What is seen to be wrong all the same needs no other bytes. */
static bool speaks_for_itself(const struct examined *ex)
{
	for (enum check_id id = 0; id < N_CHECKS; id++) {
		bool ours = false;

		for (size_t i = 0; explains[i] != N_CHECKS && !ours; i++)
			ours = explains[i] == id;
		if (!ours && failed_check(ex, id))
			return true;
	}
	return false;
}

static void prove_lost(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_capture_complete);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_step(f, v->cf,
		"capture again with whole packets and a larger buffer: tcpdump -s 0 -B 8192 -w "
		"new.pcap");
	f->confidence = CONFIDENCE_CERTAIN;
	if (speaks_for_itself(v->ex))
		f->severity = SEVERITY_WARNING;
}

static bool shows(const struct handshake_view *v)
{
	return lost(v->ex);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove_lost,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"begin the capture before the handshake, and end it after the connection is closed",
	"capture on the side that drops fewest packets: a SPAN port or a busy laptop loses some",
	NULL,
};

const struct cause cause_capture_incomplete = {
	.id = "capture-incomplete",
	.origin = ORIGIN_UNKNOWN,
	.summary = "What decides is not in the capture",
	.handshake = &rule,
	.next_steps = steps,
};
