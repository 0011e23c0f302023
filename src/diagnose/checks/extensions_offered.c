/* RFC 8446 4.2, RFC 5246 7.4.1.4: a server may only answer what was asked. */
#include "diagnose/rule.h"

static bool asked(const struct client_hello *hello, uint16_t type)
{
	if (extensions_find(&hello->ext, type) != NULL)
		return true;
	/* The SCSV asks for renegotiation_info (RFC 5746 3.3); a retry's cookie is the server's
	 * to bring up (RFC 8446 4.2.2). */
	return (type == EXT_RENEGOTIATION_INFO &&
		       (u16s_has(&hello->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV) ||
			       hello->sslv2_format)) ||
	       type == EXT_COOKIE;
}

static enum status judge(
	const struct handshake *hs, const struct server_hello *sh, struct answer *a)
{
	for (size_t i = 0; i < sh->ext.n; i++) {
		const struct extension *ext = &sh->ext.list[i];

		if (asked(&hs->client_hello, ext->type))
			continue;
		answer_show(a,
			handshake_place(hs, SIDE_SERVER, HS_SERVER_HELLO, ext->at, ext->body.len),
			"the extension");
		return fail(a, "the server answers %s, which the client did not send",
			extension_text(ext->type).text);
	}
	return PASS;
}

/* Of TLS 1.3 most answers stand under the keys. */
static enum status judge_encrypted(const struct handshake *hs, struct answer *a)
{
	const struct encrypted_extensions *answers = &hs->encrypted_extensions;

	for (size_t i = 0; i < answers->n; i++) {
		const struct extension *ext = &answers->list[i];

		if (asked(&hs->client_hello, ext->type) && ext->type != EXT_COOKIE)
			continue;
		answer_show(a,
			handshake_place(
				hs, SIDE_SERVER, HS_ENCRYPTED_EXTENSIONS, ext->at, ext->body.len),
			"the extension");
		return fail(a,
			"in EncryptedExtensions the server answers %s, which the client did not "
			"send",
			extension_text(ext->type).text);
	}
	return PASS;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->server_hello.seen && !hs->hello_retry.seen)
		return not_applicable(a, "no ServerHello was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (judge(hs, &hs->hello_retry, a) == FAIL || judge(hs, &hs->server_hello, a) == FAIL ||
		judge_encrypted(hs, a) == FAIL)
		return FAIL;
	return pass(a, "the server answers only extensions the client sent");
}

const struct check check_extensions_offered = {
	.id = "extensions-offered",
	.rfc = "RFC 8446 4.2, RFC 5246 7.4.1.4",
	.question = "Does the server answer only extensions that the client sent?",
	.run = run,
	.reads_choice = true,
	.reads_offer = true,
};
