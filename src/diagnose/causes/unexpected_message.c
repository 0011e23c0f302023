/* RFC 8446 6.2 unexpected_message. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_messages_in_order, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return failed_check(v->ex, CHECK_messages_in_order) &&
	       v->hs->outcome != OUTCOME_COMPLETED && v->hs->n_gaps == 0;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	for (size_t i = 0; i < v->hs->n_events; i++)
		if (v->hs->events[i].unexpected) {
			f->origin = v->hs->events[i].from == SIDE_CLIENT ? ORIGIN_CLIENT
									 : ORIGIN_SERVER;
			break;
		}
	finding_quote(f, v->cf, v->ex, CHECK_messages_in_order);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

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
	.handshake = &rule,
	.next_steps = steps,
};
