/*
 * The PROXY protocol puts a line, or in version 2 a binary header, before the ClientHello. To a
 * server that is not set to take it that is a broken record; one that is set to takes nothing else.
 */
#include "diagnose/handshakes.h"

static bool has_line(const struct handshake *hs)
{
	return hs->before == PLAIN_PROXY;
}

static bool line_taken(const struct handshake_view *v)
{
	return has_line(v->hs) && v->hs->server_hello.seen;
}

static bool went_on_without(const struct handshake_view *v)
{
	return !has_line(v->hs) && v->hs->client_hello.seen && v->hs->server_hello.seen;
}

/* Nothing that only who has read the ClientHello can say. OpenSSL says 70 of a record that is none. */
static bool alert_of_a_broken_record(int alert)
{
	return alert == 10 || alert == 22 || alert == 47 || alert == 50 || alert == 70 ||
	       alert == 80;
}

static bool turned_down(const struct handshake_view *v)
{
	return v->st.failed && v->st.stage <= STAGE_CLIENT_HELLO && !v->hs->server_hello.seen &&
	       !v->hs->hello_retry.seen;
}

/* nginx reads the line as HTTP and answers so. */
static bool answered_in_plain(const struct handshake *hs)
{
	return hs->server_spoke == PLAIN_HTTP;
}

static bool not_expected(const struct handshake_view *v)
{
	if (!has_line(v->hs) || !turned_down(v) || find_handshake(v->cf, line_taken) != NULL)
		return false;
	if (answered_in_plain(v->hs))
		return true;
	return v->st.by == SIDE_SERVER && (v->st.closed || alert_of_a_broken_record(v->st.alert));
}

/* A server that demands the line closes on every hello without one. */
static bool demanded(const struct handshake_view *v)
{
	return !has_line(v->hs) && v->hs->before == PLAIN_NONE && turned_down(v) &&
	       v->hs->client_hello.seen && v->st.by == SIDE_SERVER && v->st.closed &&
	       v->hs->server_spoke == PLAIN_NONE && find_handshake(v->cf, line_taken) != NULL &&
	       find_handshake(v->cf, went_on_without) == NULL;
}

static void prove_end_of(const struct handshake_view *v, struct finding *f)
{
	if (answered_in_plain(v->hs))
		finding_quote(f, v->cf, v->ex, CHECK_hello_answered);
	else
		finding_quote_end(f, v);
}

static void prove_not_expected(const struct handshake_view *v, struct finding *f)
{
	const struct examined *other = find_handshake(v->cf, went_on_without);

	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
		"a header of the PROXY protocol comes before the ClientHello");
	prove_end_of(v, f);
	if (other != NULL)
		finding_prove(
			f, v->cf, other->hs->first_packet, "without one the same server goes on");
}

static void prove_demanded(const struct handshake_view *v, struct finding *f)
{
	const struct examined *other = find_handshake(v->cf, line_taken);

	finding_say(f, v->cf, "The server wants a PROXY protocol header first, and none came");
	finding_quote(f, v->cf, v->ex, CHECK_closed_cleanly);
	finding_prove(f, v->cf, other->hs->first_packet,
		"with a header of the PROXY protocol before its ClientHello another client is "
		"answered");
}

static const enum check_id explains[] = { CHECK_hello_answered, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_messages_well_formed, N_CHECKS };

static const struct handshake_rule missing = {
	.shows = demanded,
	.prove = prove_demanded,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const struct handshake_rule unexpected = {
	.shows = not_expected,
	.prove = prove_not_expected,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
	.otherwise = &missing,
};

static const char *const steps[] = {
	"switch the PROXY protocol on or off at both ends: the load balancer's target group or "
	"'send-proxy', and the server's 'listen ... proxy_protocol', 'accept-proxy' and the like",
	"a health check that connects past the balancer sends no such header",
	NULL,
};

const struct cause cause_proxy_protocol_mismatch = {
	.id = "proxy-protocol-mismatch",
	.origin = ORIGIN_CONFIG,
	.summary =
		"A PROXY protocol header comes before the ClientHello, and the server takes none",
	.handshake = &unexpected,
	.next_steps = steps,
};
