/* SYN answered by RST. */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->ending == ENDING_REFUSED;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_prove(f, v->cf, v->hs->first_packet, "the SYN is answered by a RST");
	if (v->cf->n_completed != 0)
		finding_prove(f, v->cf, 0,
			"other connections to the same port succeed: it listens at times");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.conclude = quiet_beside_others,
};

static const char *const steps[] = {
	"is the server task running, and did bind and listen succeed on that port and address?",
	"a small listen backlog also refuses: one connection at a time is usual on lwIP",
	"a firewall that rejects looks the same",
	NULL,
};

const struct cause cause_connection_refused = {
	.id = "connection-refused",
	.origin = ORIGIN_NETWORK,
	.summary = "The connection is refused: nothing listens on that port, or something on the "
		   "way rejects it",
	.handshake = &rule,
	.next_steps = steps,
};
