/*
 * RFC 8446 4.2.8: a client offers shares of groups that its supported_groups list, one of each at
 * most. What holds of the second ClientHello as well.
 */
#include "diagnose/rule.h"

static bool repeated(const struct extensions *ext, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (ext->shares[k].group == ext->shares[i].group)
			return true;
	return false;
}

static enum status wrong_share(const struct handshake *hs, struct answer *a,
	const struct client_hello *hello, const struct key_share *share, const char *how)
{
	if (hello == &hs->client_hello)
		answer_show(a,
			handshake_place(
				hs, SIDE_CLIENT, HS_CLIENT_HELLO, share->at, share->key.len),
			"key_share");
	return fail(a, "%s has a key share for %s, %s",
		hello == &hs->client_hello ? "the ClientHello" : "the second ClientHello",
		group_text(share->group).text, how);
}

static enum status judge(
	const struct handshake *hs, struct answer *a, const struct client_hello *hello)
{
	const struct extensions *ext = &hello->ext;

	for (size_t i = 0; i < ext->n_shares; i++) {
		if (repeated(ext, i))
			return wrong_share(hs, a, hello, &ext->shares[i], "a second one");
		if (!ext->has_groups)
			return wrong_share(
				hs, a, hello, &ext->shares[i], "and no supported_groups at all");
		if (!u16s_has(&ext->groups, ext->shares[i].group))
			return wrong_share(hs, a, hello, &ext->shares[i],
				"which its supported_groups do not list");
	}
	return PASS;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (!hs->client_hello.ext.has_key_share && !hs->client_hello_2.ext.has_key_share)
		return not_applicable(a, "the client sends no key_share");
	if (message_partial(hs, SIDE_CLIENT, HS_CLIENT_HELLO))
		return unknown(a, "the ClientHello was not read to its end");
	if (judge(hs, a, &hs->client_hello) == FAIL)
		return FAIL;
	if (hs->client_hello_2.seen && judge(hs, a, &hs->client_hello_2) == FAIL)
		return FAIL;
	return pass(a, "every share is for a group that is listed");
}

const struct check check_key_shares_listed = {
	.id = "key-shares-listed",
	.rfc = "RFC 8446 4.2.8",
	.question = "Is every key share for a group that supported_groups lists?",
	.run = run,
	.reads_offer = true,
};
