/* RFC 8422 5.1.2 and 5.4: a compressed point only for who says so; RFC 8446 4.2.8.2: none in TLS 1.3. */
#include "diagnose/rule.h"

enum { COMPRESSED_EVEN = 2, COMPRESSED_ODD = 3, FORMAT_COMPRESSED_PRIME = 1 };

static bool is_compressed(uint16_t group, struct bytes point)
{
	const struct group *g = group_find(group);

	return g != NULL && g->kind == GROUP_EC && point.len != 0 &&
	       (point.data[0] == COMPRESSED_EVEN || point.data[0] == COMPRESSED_ODD);
}

static bool offered(const struct handshake *hs)
{
	const struct bytes formats = hs->client_hello.ext.point_formats;

	return !hs->tls13 && formats.len != 0 &&
	       memchr(formats.data, FORMAT_COMPRESSED_PRIME, formats.len) != NULL;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	struct bytes key;
	struct place at;
	uint16_t group;

	if (!handshake_server_public(hs, &group, &key, &at))
		return not_applicable(a, "the server sent no ECDHE public key");
	if (!is_compressed(group, key))
		return pass(a, "the server's ECDHE public key is not compressed");
	if (!hs->client_hello.seen && !hs->tls13)
		return unknown(a, "the ClientHello is not in the %s", source_name(hs));
	if (offered(hs))
		return pass(a, "the server's ECDHE public key is compressed, as the client allows");
	answer_show(a, at, "ECDHE public key");
	return fail(a, "the server's ECDHE public key is compressed (%02x), which %s", key.data[0],
		hs->tls13 ? "TLS 1.3 does not allow" : "the client does not offer");
}

const struct check check_point_format_offered = {
	.id = "point-format-offered",
	.rfc = "RFC 8422 5.1.2, RFC 8446 4.2.8.2",
	.question = "Is the server's ECDHE public key in a form that the client takes?",
	.run = run,
	.reads_offer = true,
};
