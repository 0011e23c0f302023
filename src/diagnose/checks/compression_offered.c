/* RFC 5246 7.4.1.3: one of the client's methods. RFC 8446 4.1.3: in TLS 1.3 there is none. */
#include "diagnose/rule.h"

enum { METHOD_NULL = 0, BEFORE_METHOD = 2 + 32 + 1 + 2 }; /* bytes, and the session id */

static bool is_tls13(const struct server_hello *hello)
{
	return hello->is_retry || server_hello_version(hello) == 0x0304;
}

/* An SSLv2-format hello has no list, and offers no compression (RFC 5246 E.2). */
static bool offered(const struct client_hello *hello, uint8_t method)
{
	return method == METHOD_NULL ||
	       (hello->compression.len != 0 &&
		       memchr(hello->compression.data, method, hello->compression.len) != NULL);
}

static enum status judge(
	const struct handshake *hs, const struct server_hello *hello, struct answer *a)
{
	bool tls13 = is_tls13(hello);

	if (!hello->seen || hello->compression == METHOD_NULL ||
		(!tls13 && offered(&hs->client_hello, hello->compression)))
		return PASS;
	answer_show(a, server_hello_place(hs, hello, BEFORE_METHOD + hello->session_id.len, 1),
		"compression_method");
	if (tls13)
		return fail(a, "the server chose compression method %u; TLS 1.3 has none",
			hello->compression);
	return fail(a, "the server chose compression method %u, which the client does not offer",
		hello->compression);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->server_hello.seen && !hs->hello_retry.seen)
		return not_applicable(a, "no ServerHello was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (judge(hs, &hs->hello_retry, a) == FAIL || judge(hs, &hs->server_hello, a) == FAIL)
		return FAIL;
	return hs->server_hello.compression == METHOD_NULL
		       ? pass(a, "no compression was chosen")
		       : pass(a, "compression method %u was chosen, and offered",
				 hs->server_hello.compression);
}

const struct check check_compression_offered = {
	.id = "compression-offered",
	.rfc = "RFC 5246 7.4.1.3, RFC 8446 4.1.3",
	.question = "Was the chosen compression method offered?",
	.run = run,
	.reads_offer = true,
	.reads_choice = true,
};
