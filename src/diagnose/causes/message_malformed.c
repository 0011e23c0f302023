/* RFC 8446 6.2 decode_error: the field and the byte are the proof. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_messages_well_formed, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_ske_signature, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return failed_check(v->ex, CHECK_messages_well_formed) &&
	       v->hs->outcome != OUTCOME_COMPLETED;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	for (size_t i = 0; i < v->hs->n_events; i++)
		if (v->hs->events[i].kind == EVENT_MESSAGE &&
			v->hs->events[i].wrong.code != PARSE_OK &&
			v->hs->events[i].wrong.code != PARSE_CUT) {
			f->origin = v->hs->events[i].from == SIDE_CLIENT ? ORIGIN_CLIENT
									 : ORIGIN_SERVER;
			finding_say(f, v->cf, "The %s sends a malformed %s",
				v->hs->events[i].from == SIDE_CLIENT ? "client" : "server",
				name_handshake_title(v->hs->events[i].type));
			break;
		}
	finding_quote(f, v->cf, v->ex, CHECK_messages_well_formed);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"look at the code that writes that field: a length counted before or after something else "
	"was added",
	"a buffer that is too small, or written twice, cuts or lengthens messages like this",
	NULL,
};

const struct cause cause_message_malformed = {
	.id = "message-malformed",
	.origin = ORIGIN_SERVER,
	.summary = "A message breaks its own structure",
	.handshake = &rule,
	.next_steps = steps,
};
