/*
 * A hello that was seen as an offer. Lists become lists, so that they can be changed; what else an extension says
 * stays as bytes.
 */
#include "client/offer.h"

#include "wire/record.h"

enum { TLS10 = 0x0301, TLS12 = 0x0303, TLS13 = 0x0304 };

static bool take_list(const struct u16s *from, struct offer_list *to)
{
	to->n = 0;
	for (size_t i = 0; i < u16s_count(from); i++)
		offer_list_add(to, u16s_at(from, i));
	return u16s_count(from) <= OFFER_LIST_MAX;
}

/* Without the extension a version stands for itself and all before it (RFC 5246 E.1). */
static bool take_versions(const struct client_hello *hello, struct offer *out)
{
	const struct u16s *list = &hello->ext.versions;
	uint16_t version = hello->version < TLS12 ? hello->version : TLS12;

	out->n_versions = 0;
	if (!hello->ext.has_versions) {
		for (; version >= TLS10; version--)
			out->versions[out->n_versions++] = version;
		return out->n_versions != 0;
	}
	for (size_t i = 0; i < u16s_count(list) && i < OFFER_VERSIONS_MAX; i++)
		out->versions[out->n_versions++] = u16s_at(list, i);
	return u16s_count(list) <= OFFER_VERSIONS_MAX;
}

static bool take_shares(const struct client_hello *hello, struct offer *out)
{
	out->n_shares = 0;
	for (size_t i = 0; i < hello->ext.n_shares && i < OFFER_SHARES_MAX; i++) {
		out->shares[out->n_shares] = hello->ext.shares[i].group;
		out->share_length[out->n_shares++] = hello->ext.shares[i].key.len;
	}
	return hello->ext.n_shares <= OFFER_SHARES_MAX;
}

/* Another session's. */
static bool is_foreign(uint16_t type)
{
	return type == EXT_COOKIE || type == EXT_PRE_SHARED_KEY || type == EXT_EARLY_DATA;
}

/* Made of the offer's lists, or anew for each hello. */
static bool is_made(const struct offer *o, uint16_t type)
{
	switch (type) {
	case EXT_SUPPORTED_GROUPS:
	case EXT_SIGNATURE_ALGORITHMS:
	case EXT_PADDING:
		return true;
	case EXT_SUPPORTED_VERSIONS:
	case EXT_KEY_SHARE:
		return offer_has_version(o, TLS13);
	default:
		return false;
	}
}

static bool take_extension(const struct extension *ext, struct offer *out)
{
	bool ticket = ext->type == EXT_SESSION_TICKET;

	if (offer_list_has(&out->extensions, ext->type))
		return false; /* twice: to be said again only as it is */
	offer_list_add(&out->extensions, ext->type);
	if (is_made(out, ext->type))
		return true;
	if (out->n_bodies == OFFER_BODIES_MAX)
		return false;
	out->body[out->n_bodies++] =
		(struct offer_body){ ext->type, ticket ? bytes_of(NULL, 0) : ext->body };
	return true;
}

static bool take_extensions(const struct client_hello *hello, struct offer *out)
{
	for (size_t i = 0; i < hello->ext.n; i++)
		if (!is_foreign(hello->ext.list[i].type) &&
			!take_extension(&hello->ext.list[i], out))
			return false;
	return hello->ext.n < EXTENSIONS_MAX;
}

bool offer_of_hello(struct bytes message, struct offer *out)
{
	struct client_hello hello = { .seen = false };
	struct parse_err err = { 0 };
	struct cur body = cur_init(bytes_slice(message, HANDSHAKE_HEADER, SIZE_MAX), &err);

	*out = (struct offer){ .sni = NULL };
	if (message.len < HANDSHAKE_HEADER || message.data[0] != HS_CLIENT_HELLO ||
		!parse_client_hello(&body, &hello))
		return false;
	out->legacy_version = hello.version;
	out->session_id = hello.session_id.len != 0 ? OFFER_ID_RANDOM : OFFER_ID_NONE;
	out->compression = hello.compression;
	if (extensions_find(&hello.ext, EXT_PADDING) != NULL)
		out->padded_to = message.len;
	return take_list(&hello.suites, &out->suites) &&
	       take_list(&hello.ext.groups, &out->groups) &&
	       take_list(&hello.ext.schemes, &out->schemes) && take_versions(&hello, out) &&
	       take_shares(&hello, out) && take_extensions(&hello, out);
}
