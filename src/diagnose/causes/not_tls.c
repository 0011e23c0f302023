/* The answer to the ClientHello is another protocol. */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	/* a log may tell more than the first byte that it holds */
	const struct party *client = &v->hs->side[SIDE_CLIENT];

	return !party_says(client, SAYING_http) && !party_says(client, SAYING_greeting) &&
	       v->hs->server_spoke != PLAIN_NONE && v->hs->server_spoke != PLAIN_HTTP &&
	       !starttls_protocol(v->hs->server_spoke);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->server_spoke != PLAIN_UNKNOWN)
		finding_say(f, v->cf, "The server speaks %s on this port, not TLS",
			plain_protocol_name(v->hs->server_spoke));
	prove_plain(v->cf, v->ex, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"connect to the port that speaks TLS, or switch TLS on in that server",
	"many databases want a request for TLS in their own protocol first",
	NULL,
};

const struct cause cause_not_tls = {
	.id = "not-tls",
	.origin = ORIGIN_CONFIG,
	.summary = "The server does not speak TLS on this port",
	.handshake = &rule,
	.next_steps = steps,
};
