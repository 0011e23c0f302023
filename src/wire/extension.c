/*
 * The extensions block, and the bodies of the extensions that decide a handshake. What other
 * extensions hold (SRP, ECJPAKE, NPN, ...) stays raw: their bodies are in the list.
 *
 * Each body is read with an error of its own, so that one malformed extension does not hide those
 * behind it; the first of the failures is the message's.
 */
#include "wire/extension.h"

#include "names/names.h"
#include "wire/field.h"

bool u16s_has(const struct u16s *l, uint16_t value)
{
	for (size_t i = 0; i < u16s_count(l); i++)
		if (u16s_at(l, i) == value)
			return true;
	return false;
}

static bool from_client(enum extension_place place)
{
	return place == IN_CLIENT_HELLO;
}

/*
 * RFC 6066 3. The type of a name other than host_name has never been given out; as all receivers
 * do, we take its form to be that of a host_name. A server that used the name says so with an
 * empty body.
 */
static void read_server_name(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct cur list;

	out->has_server_name = true;
	if (!from_client(place))
		return;
	list = cur_vec16(c, "server_name_list", 1, 65535);
	while (cur_left(&list) != 0) {
		uint8_t type = cur_u8(&list, "name_type");
		struct bytes name = field_opaque16(&list, "HostName", 1);

		if (cur_ok(&list) && type == 0 && out->server_name.len == 0)
			out->server_name = name;
	}
}

/* RFC 6066 8. A type other than ocsp has a body that nobody knows. */
static void read_status_request(struct cur *c, enum extension_place place, struct extensions *out)
{
	out->status_request = true;
	if (place == IN_OTHER)
		(void)cur_rest(c); /* beside a certificate of TLS 1.3: the OCSP response */
	if (!from_client(place))
		return;
	if (cur_u8(c, "status_type") == 1) {
		(void)field_opaque16(c, "responder_id_list", 0);
		(void)field_opaque16(c, "request_extensions", 0);
	} else {
		(void)cur_rest(c);
	}
}

static void read_groups(struct cur *c, struct extensions *out)
{
	struct cur list = cur_vec16(c, "named_group_list", 2, 65535);

	out->has_groups = true;
	out->groups = field_u16s(&list, "named_group_list");
}

/* In a ServerHello it has no place and no form: early drafts of TLS 1.3 echoed it empty. */
static void read_schemes(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct cur list;

	if (place == IN_SERVER_HELLO) {
		(void)cur_rest(c);
		return;
	}
	list = cur_vec16(c, "supported_signature_algorithms", 2, 65534);
	out->has_schemes = true;
	out->schemes = field_u16s(&list, "supported_signature_algorithms");
}

static void read_schemes_cert(struct cur *c, struct extensions *out)
{
	struct cur list = cur_vec16(c, "signature_algorithms_cert", 2, 65534);

	out->schemes_cert = field_u16s(&list, "signature_algorithms_cert");
}

/* RFC 7301 3.1: a server's list has exactly one name. */
static void read_alpn(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct cur list = cur_vec16(c, "protocol_name_list", 2, 65535);
	size_t most = from_client(place) ? ALPN_MAX : 1;

	out->has_alpn = true;
	while (cur_left(&list) != 0 && out->n_alpn < most) {
		struct bytes name = field_opaque8(&list, "ProtocolName", 1);

		if (cur_ok(&list))
			out->alpn[out->n_alpn++] = name;
	}
	if (cur_left(&list) != 0)
		cur_fail(&list, from_client(place) ? PARSE_LIMIT : PARSE_TRAILING,
			"protocol_name_list", most);
}

/* RFC 5077 3.2: the ticket is the body; a server that will send one answers with nothing. */
static void read_session_ticket(struct cur *c, enum extension_place place, struct extensions *out)
{
	out->has_session_ticket = true;
	if (from_client(place))
		out->session_ticket = cur_rest(c);
}

static void read_psk_identities(struct cur *c, struct extensions *out)
{
	struct cur list = cur_vec16(c, "identities", 7, 65535);

	while (cur_left(&list) != 0) {
		struct bytes identity = field_opaque16(&list, "PskIdentity.identity", 1);

		(void)cur_u32(&list, "obfuscated_ticket_age");
		if (!cur_ok(&list))
			return;
		if (out->n_psk_identities++ == 0)
			out->psk_identity = identity;
	}
}

/* RFC 8446 4.2.11 */
static void read_pre_shared_key(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct cur binders;

	out->has_pre_shared_key = true;
	if (!from_client(place)) {
		uint16_t selected = cur_u16(c, "selected_identity");

		if (cur_ok(c))
			out->selected_identity = selected;
		return;
	}
	read_psk_identities(c, out);
	binders = cur_vec16(c, "binders", 33, 65535);
	while (cur_left(&binders) != 0)
		(void)field_opaque8(&binders, "PskBinderEntry", 32);
}

/* RFC 8446 4.2.10: in a NewSessionTicket it holds max_early_data_size, else nothing. */
static void read_early_data(struct cur *c, enum extension_place place, struct extensions *out)
{
	out->early_data = true;
	if (place == IN_OTHER)
		(void)cur_rest(c);
}

/* RFC 8446 4.2.1 */
static void read_versions(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct cur list;

	out->has_versions = true;
	if (!from_client(place)) {
		out->selected_version = cur_u16(c, "selected_version");
		return;
	}
	list = cur_vec8(c, "versions", 2, 254);
	out->versions = field_u16s(&list, "versions");
}

/* One KeyShareEntry, where it is whole; the caller sees to the room for it. */
static void read_share(struct cur *c, struct extensions *out)
{
	struct key_share share = { 0 };
	struct cur key;

	share.group = cur_u16(c, "KeyShareEntry.group");
	key = cur_vec16(c, "KeyShareEntry.key_exchange", 1, 65535);
	share.at = key.at;
	share.key = cur_rest(&key);
	if (cur_ok(c))
		out->shares[out->n_shares++] = share;
}

/* RFC 8446 4.2.8: a list, an entry, or a group alone, as the message has it. */
static void read_key_share(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct cur list;

	out->has_key_share = true;
	out->n_shares = 0;
	if (place == IN_HELLO_RETRY_REQUEST) {
		out->shares[0] = (struct key_share){ .at = c->at };
		out->shares[0].group = cur_u16(c, "selected_group");
		out->n_shares = cur_ok(c) ? 1 : 0;
		return;
	}
	if (!from_client(place)) {
		read_share(c, out);
		return;
	}
	list = cur_vec16(c, "client_shares", 0, 65535);
	while (cur_left(&list) != 0 && out->n_shares < KEY_SHARES_MAX)
		read_share(&list, out);
	if (cur_left(&list) != 0)
		cur_fail(&list, PARSE_LIMIT, "client_shares", KEY_SHARES_MAX);
}

/*
 * Drafts of TLS 1.3 had key_share under number 40, until it was seen that RSA's BSAFE sends its
 * extended_random there. So what does not read as key shares is no fault: it stays raw.
 */
static void read_key_share_draft(struct cur *c, enum extension_place place, struct extensions *out)
{
	if (out->has_key_share)
		return;
	read_key_share(c, place, out);
	if (cur_end(c, "key_share"))
		return;
	out->has_key_share = false;
	out->n_shares = 0;
	*c->err = (struct parse_err){ 0 };
	(void)cur_rest(c);
}

/* Reads one body into its fields; what is not a case here is kept raw. */
static void read_body(
	uint16_t type, struct cur *c, enum extension_place place, struct extensions *out)
{
	switch (type) {
	case EXT_SERVER_NAME:
		read_server_name(c, place, out);
		break;
	case EXT_MAX_FRAGMENT_LENGTH:
		out->has_max_fragment_length = true;
		out->max_fragment_length = cur_u8(c, "MaxFragmentLength");
		break;
	case EXT_STATUS_REQUEST:
		read_status_request(c, place, out);
		break;
	case EXT_SUPPORTED_GROUPS:
		read_groups(c, out);
		break;
	case EXT_EC_POINT_FORMATS:
		out->has_point_formats = true;
		out->point_formats = field_opaque8(c, "ec_point_format_list", 1);
		break;
	case EXT_SIGNATURE_ALGORITHMS:
		read_schemes(c, place, out);
		break;
	case EXT_SIGNATURE_ALGORITHMS_CERT:
		read_schemes_cert(c, out);
		break;
	case EXT_ALPN:
		read_alpn(c, place, out);
		break;
	case EXT_ENCRYPT_THEN_MAC: /* says all by standing there, as the next one */
		out->encrypt_then_mac = true;
		break;
	case EXT_EXTENDED_MASTER_SECRET:
		out->extended_master_secret = true;
		break;
	case EXT_RECORD_SIZE_LIMIT:
		out->has_record_size_limit = true;
		out->record_size_limit = cur_u16(c, "RecordSizeLimit");
		break;
	case EXT_SESSION_TICKET:
		read_session_ticket(c, place, out);
		break;
	case EXT_PRE_SHARED_KEY:
		read_pre_shared_key(c, place, out);
		break;
	case EXT_EARLY_DATA:
		read_early_data(c, place, out);
		break;
	case EXT_SUPPORTED_VERSIONS:
		read_versions(c, place, out);
		break;
	case EXT_COOKIE:
		out->cookie = true;
		(void)field_opaque16(c, "cookie", 1);
		break;
	case EXT_PSK_KEY_EXCHANGE_MODES:
		out->has_psk_modes = true;
		out->psk_modes = field_opaque8(c, "ke_modes", 1);
		break;
	case EXT_KEY_SHARE:
		read_key_share(c, place, out);
		break;
	case EXT_KEY_SHARE_DRAFT:
		read_key_share_draft(c, place, out);
		break;
	case EXT_RENEGOTIATION_INFO:
		out->has_renegotiation_info = true;
		out->renegotiated_connection = field_opaque8(c, "renegotiated_connection", 0);
		break;
	case EXT_ENCRYPTED_CLIENT_HELLO:
		out->encrypted_client_hello = true;
		(void)cur_rest(c);
		break;
	default:
		(void)cur_rest(c);
		break;
	}
}

static void read_whole_body(
	uint16_t type, struct cur *c, enum extension_place place, struct extensions *out)
{
	read_body(type, c, place, out);
	if (cur_left(c) != 0) /* never after an unknown type, so there is a name */
		cur_fail(c, PARSE_TRAILING, name_extension(type), 0);
}

/*
 * Keeps one extension and reads it. A second one of a type (which RFC 8446 4.2 forbids) stands in
 * the list only. `first` gets the failure, unless it has one.
 */
static void add_extension(uint16_t type, struct cur *body, enum extension_place place,
	struct extensions *out, struct parse_err *first)
{
	bool again = extensions_find(out, type) != NULL;
	size_t at = body->at;
	struct bytes raw = cur_rest(body);
	struct parse_err err = { 0 };
	struct cur c = { raw.data, raw.len, at, &err };

	out->list[out->n++] = (struct extension){ type, raw, at };
	if (!again)
		read_whole_body(type, &c, place, out);
	if (err.code != PARSE_OK && first->code == PARSE_OK)
		*first = err;
}

bool parse_extensions(struct cur *c, enum extension_place place, struct extensions *out)
{
	struct parse_err inside, first = { 0 };
	struct cur list;

	out->selected_identity = -1;
	out->present = cur_left(c) >= 2;
	list = field_list16(c, "extensions", &inside);
	while (cur_left(&list) != 0 && out->n < EXTENSIONS_MAX) {
		uint16_t type = cur_u16(&list, "extension_type");
		struct cur body = cur_vec16(&list, "extension_data", 0, 65535);

		if (cur_ok(&list))
			add_extension(type, &body, place, out, &first);
	}
	if (cur_left(&list) != 0)
		cur_fail(&list, PARSE_LIMIT, "extensions", EXTENSIONS_MAX);
	field_list_close(c, first.code != PARSE_OK ? &first : &inside);
	return cur_end(c, "extensions");
}

const struct extension *extensions_find(const struct extensions *e, uint16_t type)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->list[i].type == type)
			return &e->list[i];
	return NULL;
}
