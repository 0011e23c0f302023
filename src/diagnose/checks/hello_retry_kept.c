/*
 * RFC 8446 4.1.4: a retry asks for a change, or the client would send the same again; and the ServerHello
 * after it keeps to the suite, the version and the group that it named.
 */
#include "diagnose/rule.h"

static enum status judge_retry(const struct handshake *hs, struct answer *a)
{
	const struct extensions *ext = &hs->hello_retry.ext;

	if (ext->has_key_share || ext->cookie || ext->encrypted_client_hello)
		return PASS;
	answer_show(a, server_hello_place(hs, &hs->hello_retry, 0, 2), "HelloRetryRequest");
	return fail(
		a, "the HelloRetryRequest asks for no change: it has neither key_share nor cookie");
}

static enum status judge_answer(const struct handshake *hs, struct answer *a)
{
	const struct server_hello *asked = &hs->hello_retry, *came = &hs->server_hello;

	if (asked->has_suite && came->has_suite && asked->suite != came->suite) {
		answer_show(a, server_hello_place(hs, came, 35 + came->session_id.len, 2),
			"cipher_suite");
		return fail(a,
			"the ServerHello names another suite (0x%04x) than the "
			"HelloRetryRequest (0x%04x)",
			came->suite, asked->suite);
	}
	if (server_hello_version(asked) != server_hello_version(came)) {
		answer_show(a, server_hello_place(hs, came, 0, 2), "ServerHello");
		return fail(a, "the ServerHello is of another version than the HelloRetryRequest");
	}
	if (asked->ext.n_shares != 0 && came->ext.n_shares != 0 &&
		asked->ext.shares[0].group != came->ext.shares[0].group) {
		answer_show(a, server_hello_place(hs, came, came->ext.shares[0].at - 4, 2),
			"KeyShareEntry.group");
		return fail(a,
			"the HelloRetryRequest asks for %s, and the ServerHello answers with %s",
			group_text(asked->ext.shares[0].group).text,
			group_text(came->ext.shares[0].group).text);
	}
	return PASS;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->hello_retry.seen)
		return not_applicable(a, "no HelloRetryRequest was seen");
	if (judge_retry(hs, a) == FAIL)
		return FAIL;
	if (!hs->server_hello.seen)
		return pass(a, "the HelloRetryRequest asks for a change");
	return judge_answer(hs, a) == FAIL
		       ? FAIL
		       : pass(a, "the ServerHello keeps to what the HelloRetryRequest asked for");
}

const struct check check_hello_retry_kept = {
	.id = "hello-retry-kept",
	.rfc = "RFC 8446 4.1.4",
	.question = "Does a HelloRetryRequest ask for a change, and the ServerHello keep to it?",
	.run = run,
	.reads_choice = true,
};
