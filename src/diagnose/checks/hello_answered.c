/* Was there TLS at the other end at all? */
#include "diagnose/rule.h"

static bool server_alerted(const struct handshake *hs)
{
	for (size_t i = 0; i < hs->n_alerts; i++)
		if (hs->alerts[i].from == SIDE_SERVER)
			return true;
	return false;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (hs->ending == ENDING_REFUSED)
		return fail(a, "the connection was refused before any hello");
	if (hs->ending == ENDING_UNREACHABLE)
		return fail(a, "the network says that the server cannot be reached");
	if (hs->ending == ENDING_UNANSWERED)
		return fail(a, "nothing answered the connection request");
	if (hs->server_hello.seen || hs->hello_retry.seen || server_alerted(hs) ||
		handshake_began(hs, SIDE_SERVER, HS_SERVER_HELLO))
		return pass(a, "the server answered in TLS");
	if (!hs->client_hello.seen && !handshake_began(hs, SIDE_CLIENT, HS_CLIENT_HELLO))
		return not_applicable(a, "no ClientHello was seen");
	if (hs->server_spoke != PLAIN_NONE) {
		answer_show(a, (struct place){ hs->server_said_packet, 0, hs->server_said.len },
			"the server's first bytes");
		return fail(a, "the server speaks %s, not TLS",
			hs->server_spoke == PLAIN_UNKNOWN ? "something unknown"
							  : plain_protocol_name(hs->server_spoke));
	}
	if (hs->outcome == OUTCOME_INCOMPLETE || hs->n_gaps != 0 ||
		(hs->logged && hs->ending == ENDING_GAVE_UP))
		return unknown(a, "the answer is not in the %s", source_name(hs));
	if (hs->ending == ENDING_CUT_OFF)
		return fail(a, "what the server sent is no whole answer to the ClientHello");
	return fail(a, "the server did not answer the ClientHello");
}

const struct check check_hello_answered = {
	.id = "hello-answered",
	.rfc = "RFC 8446 4.1.1",
	.question = "Was the ClientHello answered in TLS?",
	.run = run,
};
