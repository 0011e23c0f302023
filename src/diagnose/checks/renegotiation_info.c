/* RFC 5746 3.4 and 4.1: a server that does not answer it leaves the client to decide. */
#include "diagnose/rule.h"

static bool client_signals(const struct client_hello *hello)
{
	return hello->ext.has_renegotiation_info ||
	       u16s_has(&hello->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct server_hello *sh = &hs->server_hello;

	if (!sh->seen || hs->tls13)
		return not_applicable(a, "TLS 1.3, or no ServerHello was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (!client_signals(&hs->client_hello))
		return not_applicable(a, "the client does not signal it");
	if (sh->ext.has_renegotiation_info && sh->ext.renegotiated_connection.len == 0)
		return pass(a, "the server knows secure renegotiation");
	answer_show(a, message_place(hs, SIDE_SERVER, HS_SERVER_HELLO), "ServerHello");
	if (sh->ext.has_renegotiation_info && !hs->renegotiation)
		return fail(a, "renegotiation_info is not empty in a first handshake");
	return sh->ext.has_renegotiation_info
		       ? pass(a, "the server knows secure renegotiation")
		       : warn(a, "the ServerHello has no renegotiation_info; OpenSSL 3 clients "
				 "refuse that");
}

const struct check check_renegotiation_info = {
	.id = "renegotiation-info",
	.rfc = "RFC 5746 3.4",
	.question = "Does the server know secure renegotiation?",
	.run = run,
	.reads_offer = true,
	.reads_choice = true,
};
