/* RFC 5246 7.4.3 and 7.4.8: a signature must use one of the other side's pairs. Without the
 * extension SHA-1 is assumed (7.4.1.4.1). */
#include "diagnose/rule.h"

static bool in_list(const struct u16s *list, bool has_list, uint16_t scheme)
{
	return has_list ? u16s_has(list, scheme) : scheme >> 8 == 2;
}

static struct code_text scheme_text(const struct handshake *hs, uint16_t scheme)
{
	return hs->tls13 ? scheme_text13(scheme) : scheme_text12(scheme);
}

static const char *scheme_title(const struct handshake *hs)
{
	return hs->tls13 ? "SignatureScheme" : "SignatureAndHashAlgorithm";
}

static enum status server(
	const struct handshake *hs, const struct shown_signature *shown, struct answer *a)
{
	bool ske = shown->message == HS_SERVER_KEY_EXCHANGE;
	const struct extension *ext;

	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (message_partial(hs, SIDE_SERVER, shown->message))
		return unknown(a, "the %s does not read to its end",
			ske ? "ServerKeyExchange" : "server's CertificateVerify");
	if (in_list(&hs->client_hello.ext.schemes, hs->client_hello.ext.has_schemes, shown->scheme))
		return pass(a, "%s (0x%04x) was offered", scheme_text(hs, shown->scheme).text,
			shown->scheme);
	answer_show(a, handshake_place(hs, SIDE_SERVER, shown->message, shown->scheme_at, 2),
		scheme_title(hs));
	ext = extensions_find(&hs->client_hello.ext, EXT_SIGNATURE_ALGORITHMS);
	if (ext != NULL)
		answer_show(a,
			handshake_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO, ext->at, ext->body.len),
			"signature_algorithms");
	return fail(a, "%s is signed with %s (0x%04x), which the client does not offer",
		ske ? "ServerKeyExchange" : "the server's CertificateVerify",
		scheme_text(hs, shown->scheme).text, shown->scheme);
}

static enum status client(
	const struct handshake *hs, const struct shown_signature *shown, struct answer *a)
{
	const struct certificate_request *cr = &hs->certificate_request;

	if (!cr->seen)
		return unknown(a, "the CertificateRequest is not in the %s", source_name(hs));
	if (in_list(&cr->schemes, cr->has_schemes, shown->scheme))
		return PASS;
	answer_show(a, handshake_place(hs, SIDE_CLIENT, shown->message, shown->scheme_at, 2),
		scheme_title(hs));
	answer_show(a,
		handshake_place(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST, cr->schemes.at,
			cr->schemes.raw.len),
		"supported_signature_algorithms");
	return fail(a,
		"the client's CertificateVerify uses %s (0x%04x), which the server does not ask "
		"for",
		scheme_text(hs, shown->scheme).text, shown->scheme);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	struct shown_signature shown;
	enum status s = NOT_APPLICABLE;

	if (handshake_signature(hs, SIDE_SERVER, &shown) && shown.has_scheme)
		s = server(hs, &shown, a);
	if (s != FAIL && handshake_signature(hs, SIDE_CLIENT, &shown) && shown.has_scheme)
		s = status_worse(s, client(hs, &shown, a));
	return s;
}

const struct check check_signature_scheme_offered = {
	.id = "signature-scheme-offered",
	.rfc = "RFC 5246 7.4.3, RFC 8446 4.2.3",
	.question = "Was the signature's scheme offered?",
	.run = run,
	.reads_offer = true,
};
