/* RFC 8446 4.2.1, RFC 5246 7.4.1.3: the server picks from what the client can. */
#include "diagnose/rule.h"

static bool offered(const struct client_hello *hello, uint16_t version)
{
	if (hello->ext.has_versions && u16s_has(&hello->ext.versions, version))
		return true;
	if (version == 0x0304 || version >> 8 == 0x7f)
		return false;
	/* Without TLS 1.3 in play, every version up to client_version is on offer; with
	 * supported_versions, only TLS 1.3 servers must look there, older ones use the field. */
	return version >= 0x0300 && version <= hello->version;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct server_hello *sh = &hs->server_hello;
	uint16_t version;
	struct place at;

	if (!sh->seen)
		return not_applicable(a, "no ServerHello was seen");
	if (!hs->client_hello.seen)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	version = server_hello_version(sh);
	at = handshake_place(hs, SIDE_SERVER, HS_SERVER_HELLO, 0, 2);
	if (offered(&hs->client_hello, version) && hs->client_hello.ext.has_versions &&
		!u16s_has(&hs->client_hello.ext.versions, version))
		return pass(a,
			"%s was chosen by client_version; supported_versions, which a server of "
			"TLS 1.3 goes by, does not list it",
			version_title(version));
	if (offered(&hs->client_hello, version))
		return pass(a, "%s was chosen, and offered", version_title(version));
	answer_show(a, at, "version");
	answer_show(a, handshake_place(hs, SIDE_CLIENT, HS_CLIENT_HELLO, 0, 2), "client_version");
	return fail(a, "the server chose %s, the client offers at most %s", version_title(version),
		version_title(client_hello_highest(&hs->client_hello)));
}

const struct check check_version_offered = {
	.id = "version-offered",
	.rfc = "RFC 8446 4.2.1, RFC 5246 7.4.1.3",
	.question = "Was the chosen version offered?",
	.run = run,
	.reads_choice = true,
	.reads_offer = true,
};
