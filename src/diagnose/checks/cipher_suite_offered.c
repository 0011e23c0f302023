/* RFC 8446 4.1.3, RFC 5246 7.4.1.3. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct server_hello *sh =
		hs->server_hello.seen ? &hs->server_hello : &hs->hello_retry;
	char name[48];
	bool tls13;

	if (!sh->seen || !sh->has_suite)
		return not_applicable(a, "no ServerHello was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	name_or_hex(name, name_cipher_suite(sh->suite), sh->suite);
	tls13 = server_hello_version(sh) == 0x0304;
	if (!client_hello_offers_suite(&hs->client_hello, sh->suite)) {
		answer_show(a,
			handshake_place(
				hs, SIDE_SERVER, HS_SERVER_HELLO, 35 + sh->session_id.len, 2),
			"cipher_suite");
		answer_show(a,
			handshake_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO,
				hs->client_hello.suites.at, hs->client_hello.suites.raw.len),
			"cipher_suites");
		return fail(a, "the server chose %s, which the client does not offer", name);
	}
	if (hs->suite != NULL && hs->suite->signalling)
		return fail(a, "the server chose %s, which is a signal and no cipher suite", name);
	if (hs->suite != NULL && hs->suite->tls13 != tls13 && sh->version >> 8 == 3)
		return fail(a, "%s does not belong to %s", name,
			version_title(server_hello_version(sh)));
	return pass(a, "%s was chosen, and offered", name);
}

const struct check check_cipher_suite_offered = {
	.id = "cipher-suite-offered",
	.rfc = "RFC 8446 4.1.3, RFC 5246 7.4.1.3",
	.question = "Was the chosen cipher suite offered?",
	.run = run,
	.reads_choice = true,
	.reads_offer = true,
};
