/* RFC 8422 5.4, RFC 8446 4.1.4 and 4.2.8: the group must be one of supported_groups; a TLS 1.3
 * share must answer a share, and a retry must ask for a group without one. */
#include "diagnose/rule.h"

static bool has_share(const struct client_hello *hello, uint16_t group)
{
	for (size_t i = 0; i < hello->ext.n_shares; i++)
		if (hello->ext.shares[i].group == group)
			return true;
	return false;
}

static enum status not_offered(const struct handshake *hs, struct answer *a, const char *who,
	uint16_t group, struct place at)
{
	const struct extension *ext = extensions_find(&hs->client_hello.ext, EXT_SUPPORTED_GROUPS);

	answer_show(a, at, "named group");
	if (ext != NULL)
		answer_show(a,
			handshake_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO, ext->at, ext->body.len),
			"supported_groups");
	return fail(a, "%s names %s, which the client does not offer", who, group_text(group).text);
}

static enum status retry(const struct handshake *hs, struct answer *a)
{
	uint16_t group = hs->hello_retry.ext.shares[0].group;
	struct place at = handshake_place(
		hs, SIDE_SERVER, HS_SERVER_HELLO, hs->hello_retry.ext.shares[0].at - 2, 2);

	if (!u16s_has(&hs->client_hello.ext.groups, group))
		return not_offered(hs, a, "HelloRetryRequest", group, at);
	if (!hs->answers_retry && has_share(&hs->client_hello, group)) {
		answer_show(a, at, "selected_group");
		return fail(a, "HelloRetryRequest asks for %s, for which a share was sent already",
			group_text(group).text);
	}
	return PASS;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct client_hello *hello =
		hs->client_hello_2.seen ? &hs->client_hello_2 : &hs->client_hello;
	struct place at = { 0 };
	uint16_t group = 0;
	bool has_server = server_group(hs, &group, &at);
	bool has_retry = hs->hello_retry.seen && hs->hello_retry.ext.n_shares != 0;

	if (!has_server && !has_retry)
		return not_applicable(a, "no group was chosen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (!hs->client_hello.ext.has_groups)
		return pass(a, "the client names no groups, so any will do");
	if (has_retry && retry(hs, a) == FAIL)
		return FAIL;
	if (!has_server)
		return pass(a, "the group asked for is on offer");
	if (!u16s_has(&hello->ext.groups, group))
		return not_offered(
			hs, a, hs->tls13 ? "the key share" : "ServerKeyExchange", group, at);
	if (hs->tls13 && !hs->ske.seen && !has_share(hello, group)) {
		answer_show(a, at, "key_share");
		return fail(a, "the server answers with a share of %s, but the client sent none",
			group_text(group).text);
	}
	return pass(a, "%s was chosen, and offered", group_text(group).text);
}

const struct check check_group_offered = {
	.id = "group-offered",
	.rfc = "RFC 8422 5.4, RFC 8446 4.2.8",
	.question = "Was the chosen group offered?",
	.run = run,
	.reads_choice = true,
	.reads_offer = true,
};
