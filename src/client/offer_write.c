/* An offer as a ClientHello: each extension in its place, and only if there is anything to say in it. */
#include "client/offer.h"

#include "client/put.h"

enum { TLS12 = 0x0303, TLS13 = 0x0304 };

static bool has_old_version(const struct offer *o)
{
	return o->n_versions != 0 && offer_lowest_version(o) < TLS13;
}

static bool has_tls13(const struct offer *o)
{
	return offer_has_version(o, TLS13);
}

static void put_name(struct strbuf *out, const struct offer *o)
{
	size_t list = put_begin(out, 2), name;

	put_u8(out, 0); /* host_name */
	name = put_begin(out, 2);
	put_bytes(out, bytes_of(o->sni, strlen(o->sni)));
	put_end(out, name, 2);
	put_end(out, list, 2);
}

static void put_list(struct strbuf *out, const struct offer_list *l)
{
	size_t at = put_begin(out, 2);

	put_u16s(out, l->value, l->n);
	put_end(out, at, 2);
}

static void put_protocols(struct strbuf *out, const struct offer *o)
{
	size_t list = put_begin(out, 2);

	for (size_t i = 0; i < OFFER_ALPN_MAX && o->alpn[i] != NULL; i++) {
		size_t name = put_begin(out, 1);

		put_bytes(out, bytes_of(o->alpn[i], strlen(o->alpn[i])));
		put_end(out, name, 1);
	}
	put_end(out, list, 2);
}

static void put_versions(struct strbuf *out, const struct offer *o)
{
	size_t list = put_begin(out, 1);

	put_u16s(out, o->versions, o->n_versions);
	put_end(out, list, 1);
}

static void put_shares(struct strbuf *out, const struct offer_parts *p)
{
	size_t list = put_begin(out, 2);

	for (size_t i = 0; i < p->n_shares; i++) {
		size_t key;

		put_u16(out, p->share_group[i]);
		key = put_begin(out, 2);
		put_bytes(out, p->share[i]);
		put_end(out, key, 2);
	}
	put_end(out, list, 2);
}

static void put_cookie(struct strbuf *out, const struct offer_parts *p)
{
	size_t at = put_begin(out, 2);

	put_bytes(out, p->cookie);
	put_end(out, at, 2);
}

/* RFC 6066 4: 1 is 512, 4 is 4096. */
static unsigned fragment_code(unsigned length)
{
	unsigned code = 0;

	for (; length > 256; length >>= 1)
		code++;
	return code;
}

/* Is there anything to say in it? */
static bool is_wanted(const struct offer *o, const struct offer_parts *p, uint16_t type)
{
	if (offer_body(o, type) != NULL)
		return true;
	switch (type) {
	case EXT_SERVER_NAME:
		return o->sni != NULL;
	case EXT_ALPN:
		return o->alpn[0] != NULL;
	case EXT_MAX_FRAGMENT_LENGTH:
		return o->max_fragment_length != 0;
	case EXT_COOKIE:
		return p->cookie.len != 0;
	case EXT_STATUS_REQUEST:
		return true;
	case EXT_SUPPORTED_VERSIONS:
	case EXT_KEY_SHARE:
	case EXT_PSK_KEY_EXCHANGE_MODES:
		return has_tls13(o);
	case EXT_RENEGOTIATION_INFO:
	case EXT_EXTENDED_MASTER_SECRET:
	case EXT_ENCRYPT_THEN_MAC:
	case EXT_EC_POINT_FORMATS:
	case EXT_SESSION_TICKET:
		return has_old_version(o);
	case EXT_SUPPORTED_GROUPS:
		return o->groups.n != 0;
	case EXT_SIGNATURE_ALGORITHMS:
		return o->schemes.n != 0 && offer_highest_version(o) >= TLS12;
	default:
		return false;
	}
}

static void put_body(
	struct strbuf *out, const struct offer *o, const struct offer_parts *p, uint16_t type)
{
	switch (type) {
	case EXT_SERVER_NAME:
		put_name(out, o);
		break;
	case EXT_ALPN:
		put_protocols(out, o);
		break;
	case EXT_MAX_FRAGMENT_LENGTH:
		put_u8(out, fragment_code(o->max_fragment_length));
		break;
	case EXT_COOKIE:
		put_cookie(out, p);
		break;
	case EXT_SUPPORTED_VERSIONS:
		put_versions(out, o);
		break;
	case EXT_KEY_SHARE:
		put_shares(out, p);
		break;
	case EXT_PSK_KEY_EXCHANGE_MODES: /* psk_dhe_ke: without it servers send no tickets */
		put_u16(out, 0x0101);
		break;
	case EXT_RENEGOTIATION_INFO: /* empty: this is no renegotiation */
		put_u8(out, 0);
		break;
	case EXT_EC_POINT_FORMATS: /* uncompressed */
		put_u16(out, 0x0100);
		break;
	case EXT_SUPPORTED_GROUPS:
		put_list(out, &o->groups);
		break;
	case EXT_SIGNATURE_ALGORITHMS:
		put_list(out, &o->schemes);
		break;
	case EXT_STATUS_REQUEST: /* ocsp, of no responder and with no extensions in particular (RFC 6066 8) */
		put_u8(out, 1);
		put_u16(out, 0);
		put_u16(out, 0);
		break;
	case EXT_SESSION_TICKET: /* empty: one is wanted */
		put_bytes(out, p->ticket);
		break;
	default: /* extended_master_secret, encrypt_then_mac: to be there says it all */
		break;
	}
}

static const struct offer_parts none = { .n_shares = 0 };

static void put_content(
	struct strbuf *out, const struct offer *o, const struct offer_parts *p, uint16_t type)
{
	if (offer_body(o, type) != NULL && (type != EXT_SESSION_TICKET || p->ticket.len == 0))
		put_bytes(out, offer_body(o, type)->bytes);
	else
		put_body(out, o, p, type);
}

void offer_write_extension(const struct offer *o, uint16_t type, struct strbuf *out)
{
	put_content(out, o, &none, type);
}

bool offer_has_extension(const struct offer *o, uint16_t type)
{
	return offer_list_has(&o->extensions, type) && is_wanted(o, &none, type);
}

/* Of an extension that has no more to say its header takes four bytes. */
static void put_padding(struct strbuf *out, const struct offer *o)
{
	enum { EXTENSION_HEADER = 4, STEP = 64 };
	static const uint8_t zeros[STEP];
	size_t body;

	if (!offer_list_has(&o->extensions, EXT_PADDING) ||
		out->len + EXTENSION_HEADER > o->padded_to)
		return;
	put_u16(out, EXT_PADDING);
	body = put_begin(out, 2);
	while (out->len < o->padded_to && !out->failed)
		put_bytes(out,
			bytes_of(zeros, o->padded_to - out->len < STEP ? o->padded_to - out->len
								       : (size_t)STEP));
	put_end(out, body, 2);
}

size_t offer_binders_length(const struct offer_psk *psk)
{
	return 2 + 1 + psk->binder_length;
}

/* RFC 8446 4.2.11: the last of all, since its binder covers what stands before it. */
static void put_psk(struct strbuf *out, const struct offer_psk *psk)
{
	size_t body, list;

	if (psk->identity.len == 0)
		return;
	put_u16(out, EXT_PRE_SHARED_KEY);
	body = put_begin(out, 2);
	list = put_begin(out, 2);
	put_u16(out, (unsigned)psk->identity.len);
	put_bytes(out, psk->identity);
	put_u16(out, psk->ticket_age >> 16);
	put_u16(out, psk->ticket_age & 0xffff);
	put_end(out, list, 2);
	put_u16(out, (unsigned)psk->binder_length + 1);
	put_u8(out, (unsigned)psk->binder_length);
	for (size_t i = 0; i < psk->binder_length; i++)
		put_u8(out, 0);
	put_end(out, body, 2);
}

static void put_extensions(struct strbuf *out, const struct offer *o, const struct offer_parts *p)
{
	size_t all = put_begin(out, 2);

	for (size_t i = 0; i < o->extensions.n; i++) {
		uint16_t type = o->extensions.value[i];
		size_t body;

		if (!is_wanted(o, p, type))
			continue;
		put_u16(out, type);
		body = put_begin(out, 2);
		put_content(out, o, p, type);
		put_end(out, body, 2);
	}
	put_padding(out, o);
	put_psk(out, &p->psk);
	put_end(out, all, 2);
}

void offer_write(const struct offer *o, const struct offer_parts *p, struct strbuf *out)
{
	static const uint8_t null_alone[] = { 0 };
	struct bytes compression =
		o->compression.len != 0 ? o->compression : bytes_of(null_alone, sizeof null_alone);
	size_t message, at;

	put_u8(out, HS_CLIENT_HELLO);
	message = put_begin(out, 3);
	put_u16(out, offer_legacy_version(o));
	put_bytes(out, bytes_of(p->random, sizeof p->random));
	at = put_begin(out, 1);
	put_bytes(out, bytes_of(p->session_id, p->session_id_len));
	put_end(out, at, 1);
	put_list(out, &o->suites);
	at = put_begin(out, 1);
	put_bytes(out, compression);
	put_end(out, at, 1);
	put_extensions(out, o, p);
	put_end(out, message, 3);
}
