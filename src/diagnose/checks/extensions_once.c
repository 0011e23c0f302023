/* RFC 8446 4.2, RFC 5246 7.4.1.4: no extension stands twice in one message. */
#include "diagnose/rule.h"

static enum status say(
	const struct extension *ext, const char *title, struct place at, struct answer *a)
{
	answer_show(a, at, "the extension again");
	return fail(a, "%s has the extension %s twice", title, extension_text(ext->type).text);
}

static enum status of_client(const struct handshake *hs, struct answer *a)
{
	const struct extension *ext = extensions_repeated(&hs->client_hello.ext);

	if (ext != NULL)
		return say(ext, "the ClientHello",
			handshake_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO, ext->at, ext->body.len),
			a);
	ext = extensions_repeated(&hs->client_hello_2.ext);
	if (ext != NULL)
		return say(ext, "the second ClientHello", (struct place){ 0 }, a);
	return PASS;
}

static enum status of_server(
	const struct handshake *hs, const struct server_hello *hello, struct answer *a)
{
	const struct extension *ext = extensions_repeated(&hello->ext);

	if (ext == NULL)
		return PASS;
	return say(ext, hello->is_retry ? "the HelloRetryRequest" : "the ServerHello",
		server_hello_place(hs, hello, ext->at, ext->body.len), a);
}

static enum status of_encrypted(const struct handshake *hs, struct answer *a)
{
	const struct extension *ext = encrypted_repeated(&hs->encrypted_extensions);

	if (ext == NULL)
		return PASS;
	return say(ext, "EncryptedExtensions",
		handshake_place(hs, SIDE_SERVER, HS_ENCRYPTED_EXTENSIONS, ext->at, ext->body.len),
		a);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->client_hello.seen && !hs->server_hello.seen && !hs->hello_retry.seen)
		return not_applicable(a, "no hello was seen");
	if (of_client(hs, a) == FAIL || of_server(hs, &hs->hello_retry, a) == FAIL ||
		of_server(hs, &hs->server_hello, a) == FAIL || of_encrypted(hs, a) == FAIL)
		return FAIL;
	return pass(a, "no hello has an extension twice");
}

const struct check check_extensions_once = {
	.id = "extensions-once",
	.rfc = "RFC 8446 4.2, RFC 5246 7.4.1.4",
	.question = "Does each hello have an extension only once?",
	.run = run,
};
