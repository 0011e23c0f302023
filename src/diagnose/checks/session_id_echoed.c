/* RFC 8446 4.1.3: the server sends the client's session id back, whatever is in it. */
#include "diagnose/rule.h"

enum { BEFORE_SESSION_ID = 2 + 32 }; /* bytes; its length follows */

/* Drafts had other rules, and the field means something else before TLS 1.3. */
static bool must_echo(const struct server_hello *hello)
{
	return hello->seen && server_hello_version(hello) == 0x0304;
}

static enum status judge(
	const struct handshake *hs, const struct server_hello *hello, struct answer *a)
{
	const struct bytes wanted = hs->client_hello.session_id, got = hello->session_id;

	if (!must_echo(hello) || bytes_equal(wanted, got))
		return PASS;
	answer_show(a, server_hello_place(hs, hello, BEFORE_SESSION_ID, 1 + got.len),
		"legacy_session_id_echo");
	if (got.len != wanted.len)
		return fail(a,
			"the server sends a session id of %zu bytes back, the client sent %zu",
			got.len, wanted.len);
	return fail(a, "the server sends another session id back than the client sent");
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!must_echo(&hs->hello_retry) && !must_echo(&hs->server_hello))
		return not_applicable(a, "no ServerHello of TLS 1.3 was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (judge(hs, &hs->hello_retry, a) == FAIL || judge(hs, &hs->server_hello, a) == FAIL)
		return FAIL;
	return pass(a, "the client's session id came back");
}

const struct check check_session_id_echoed = {
	.id = "session-id-echoed",
	.rfc = "RFC 8446 4.1.3",
	.question = "Does a server of TLS 1.3 send the client's session id back?",
	.run = run,
	.reads_offer = true,
	.reads_choice = true,
};
