/* RFC 8446 4.1.2: after a HelloRetryRequest only key_share, early_data, cookie, pre_shared_key and
 * padding may change. */
#include "diagnose/rule.h"

static const char *difference(const struct client_hello *one, const struct client_hello *two)
{
	if (memcmp(one->random, two->random, sizeof one->random) != 0)
		return "random";
	if (one->version != two->version)
		return "legacy_version";
	if (!bytes_equal(one->session_id, two->session_id))
		return "legacy_session_id";
	if (!bytes_equal(one->suites.raw, two->suites.raw))
		return "cipher_suites";
	if (!bytes_equal(one->compression, two->compression))
		return "legacy_compression_methods";
	if (!bytes_equal(one->ext.groups.raw, two->ext.groups.raw))
		return "supported_groups";
	if (!bytes_equal(one->ext.schemes.raw, two->ext.schemes.raw))
		return "signature_algorithms";
	if (!bytes_equal(one->ext.server_name, two->ext.server_name))
		return "server_name";
	return NULL;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const char *what;

	if (!hs->hello_retry.seen || !hs->client_hello_2.seen || !hs->client_hello.seen)
		return not_applicable(a, "no second ClientHello was seen");
	what = difference(&hs->client_hello, &hs->client_hello_2);
	if (what == NULL)
		return pass(a, "the second ClientHello changes only what it may");
	answer_show(a, message_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO), "the first ClientHello");
	return fail(a, "the second ClientHello changes its %s", what);
}

const struct check check_hello_retry_consistent = {
	.id = "hello-retry-consistent",
	.rfc = "RFC 8446 4.1.2",
	.question = "Does the second ClientHello change only what it may?",
	.run = run,
	.reads_offer = true,
};
