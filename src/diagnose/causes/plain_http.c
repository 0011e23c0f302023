/* HTTP in answer to a ClientHello. */
#include "diagnose/handshakes.h"
#include "diagnose/transport.h"

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_closed_cleanly,
	CHECK_no_fatal_alert, CHECK_messages_well_formed, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	/* to a PROXY line HTTP is the answer of a server that may well speak TLS */
	return v->hs->server_spoke == PLAIN_HTTP && v->hs->before != PLAIN_PROXY;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	prove_plain(v->cf, v->ex, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"use the HTTPS port (443, or what the server is configured for), or http:// for this one",
	"on a device: is the TLS listener really on this port?",
	NULL,
};

const struct cause cause_plain_http = {
	.id = "plain-http",
	.origin = ORIGIN_CONFIG,
	.summary = "The server speaks plain HTTP on this port",
	.handshake = &rule,
	.next_steps = steps,
};
