/* RFC 8446 6.2 unexpected_message. */
#include "diagnose/handshakes.h"
#include "diagnose/word.h"

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

/* Of what the keys hide the client that was there may say it. */
static bool said(const struct handshake_view *v)
{
	return v->st.failed && !hellos_break(v->ex) &&
	       word_hidden_fault(&v->hs->side[SIDE_CLIENT].word, v->hs->tls13) == WORD_ORDER;
}

static void prove_said(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "Where the client waits for %s, the server sends something else",
		word_message(&v->hs->side[SIDE_CLIENT].word));
	finding_prove_word(f, v->cf, v->hs);
	finding_prove(f, v->cf, 0,
		"a message is missing, or came too early or twice: the keys hide which");
}

static const struct handshake_rule by_the_clients_word = {
	.shows = said,
	.prove = prove_said,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = doubt_beside_certificate,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &by_the_clients_word,
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
