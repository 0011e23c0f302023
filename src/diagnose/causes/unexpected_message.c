/* RFC 8446 6.2 unexpected_message. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_messages_in_order, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct case_file *cf, const struct examined *ex)
{
	(void)cf;
	return failed_check(ex, CHECK_messages_in_order) && ex->hs->outcome != OUTCOME_COMPLETED &&
	       ex->hs->n_gaps == 0;
}

static void prove(const struct case_file *cf, const struct examined *ex, struct finding *f)
{
	for (size_t i = 0; i < ex->hs->n_events; i++)
		if (ex->hs->events[i].unexpected) {
			f->origin = ex->hs->events[i].from == SIDE_CLIENT ? ORIGIN_CLIENT
									  : ORIGIN_SERVER;
			break;
		}
	finding_quote(f, cf, ex, CHECK_messages_in_order);
	finding_quote(f, cf, ex, CHECK_no_fatal_alert);
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	f->confidence = CONFIDENCE_CERTAIN;
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
	"compare with the flight the RFC draws (RFC 5246 7.3, RFC 8446 2): which message is "
	"missing or too early?",
	"a state machine that was patched, or two tasks writing to one connection, lead here",
	NULL,
};

const struct cause cause_unexpected_message = {
	.id = "unexpected-message",
	.origin = ORIGIN_SERVER,
	.summary = "A message came out of turn",
	.run = run,
	.next_steps = steps,
};
