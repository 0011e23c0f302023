/* Replies of binary protocols: LDAP, PostgreSQL, MySQL. */
#include "base/array.h"
#include "drive/reply.h"

#include "base/cur.h"

#include <stdio.h>

/* What a reply may say of its length. Longer ones exist; not here. */
enum { LENGTH_MAX = 32768 };

static enum reply_kind refuse_text(struct reply *out, size_t len, const char *text)
{
	return reply_refuse(out, len, bytes_of(text, strlen(text)));
}

/* A window that was cut off may grow; any other failure will stay. */
static enum reply_kind more_or_strange(const struct parse_err *err)
{
	return err->code == PARSE_SHORT ? REPLY_MORE : REPLY_STRANGE;
}

/* ---- LDAP ---- */

enum {
	BER_INTEGER = 0x02,
	BER_OCTET_STRING = 0x04,
	BER_ENUMERATED = 0x0a,
	BER_SEQUENCE = 0x30,
	LDAP_EXTENDED_RESPONSE = 0x78, /* [APPLICATION 24] */
};

/* A tag and a length, in any of BER's definite forms: servers write 84 00 00 00 28. */
static size_t ber_header(struct cur *c, uint8_t tag, const char *field)
{
	struct cur start = *c;
	size_t length;

	if (cur_u8(c, field) != tag)
		cur_fail(&start, PARSE_VALUE, field, tag);
	length = cur_u8(c, field);
	if (length < 0x80)
		return length;
	if (length < 0x81 || length > 0x84)
		cur_fail(&start, PARSE_VALUE, field, 0);
	else
		length = length == 0x81   ? cur_u8(c, field)
			 : length == 0x82 ? cur_u16(c, field)
			 : length == 0x83 ? cur_u24(c, field)
					  : cur_u32(c, field);
	if (length > LENGTH_MAX)
		cur_fail(&start, PARSE_RANGE, field, LENGTH_MAX);
	return length;
}

static struct bytes ber_value(struct cur *c, uint8_t tag, const char *field)
{
	size_t length = ber_header(c, tag, field);

	return cur_bytes(c, length, field);
}

/* RFC 4511 4.1.9: the ones a server may answer StartTLS with. */
static const char *ldap_code_name(unsigned code)
{
	static const struct {
		unsigned code;
		const char *name;
	} names[] = {
		{ 1, "operationsError" },
		{ 2, "protocolError" },
		{ 8, "strongerAuthRequired" },
		{ 10, "referral" },
		{ 13, "confidentialityRequired" },
		{ 51, "busy" },
		{ 52, "unavailable" },
		{ 53, "unwillingToPerform" },
		{ 80, "other" },
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].code == code)
			return names[i].name;
	return "an error";
}

struct ldap_response {
	unsigned code;
	struct bytes message;
};

/* RFC 4511 4.1.1 and 4.12: what stands inside the LDAPMessage. */
static bool parse_ldap_response(struct cur *body, struct ldap_response *out)
{
	struct bytes id = ber_value(body, BER_INTEGER, "messageID"), code;

	(void)ber_header(body, LDAP_EXTENDED_RESPONSE, "extendedResp");
	code = ber_value(body, BER_ENUMERATED, "resultCode");
	(void)ber_value(body, BER_OCTET_STRING, "matchedDN");
	out->message = ber_value(body, BER_OCTET_STRING, "diagnosticMessage");
	/* 1 is the request's; 0 is the server's own, a notice that it hangs up */
	if (!cur_ok(body) || id.len != 1 || id.data[0] > 1 || code.len != 1)
		return false;
	out->code = code.data[0];
	return true;
}

enum reply_kind reply_ldap(const struct step *step, struct bytes b, struct reply *out)
{
	struct parse_err err;
	struct cur c = cur_init(b, &err), body;
	struct ldap_response response;
	char text[DIALOGUE_SAID];
	size_t length = ber_header(&c, BER_SEQUENCE, "LDAPMessage");
	struct bytes inside = cur_bytes(&c, length, "LDAPMessage");

	(void)step;
	if (!cur_ok(&c))
		return more_or_strange(&err);
	body = cur_init(inside, &err);
	if (!parse_ldap_response(&body, &response))
		return REPLY_STRANGE;
	out->len = c.at;
	if (response.code == 0)
		return REPLY_OK;
	(void)snprintf(text, sizeof text, "%u %s %.*s", response.code,
		ldap_code_name(response.code), (int)response.message.len,
		response.message.len != 0 ? (const char *)response.message.data : "");
	return refuse_text(out, c.at, text);
}

/* ---- PostgreSQL ---- */

/* Fields of a letter and a string with a NUL; 'M' is the message for people, empty: none. */
static struct bytes postgres_message(struct bytes fields)
{
	while (fields.len > 1 && fields.data[0] != 0) {
		struct bytes text = bytes_slice(fields, 1, fields.len);
		const uint8_t *end = memchr(text.data, 0, text.len);
		size_t len = end != NULL ? (size_t)(end - text.data) : text.len;

		if (fields.data[0] == 'M')
			return bytes_slice(text, 0, len);
		fields = bytes_slice(text, len + 1, text.len);
	}
	return bytes_slice(fields, 0, 0);
}

static enum reply_kind postgres_error(struct bytes b, struct reply *out)
{
	struct parse_err err;
	struct cur c = cur_init(b, &err);
	size_t length;
	struct bytes fields;

	(void)cur_u8(&c, "type");
	length = cur_u32(&c, "length");
	if (cur_ok(&c) && (length < 4 || length > LENGTH_MAX))
		return REPLY_STRANGE;
	fields = cur_bytes(&c, length - 4, "fields");
	if (!cur_ok(&c))
		return REPLY_MORE;
	return reply_refuse(out, c.at, postgres_message(fields));
}

enum reply_kind reply_postgres(const struct step *step, struct bytes b, struct reply *out)
{
	(void)step;
	if (b.len == 0)
		return REPLY_MORE;
	if (b.data[0] == 'E') /* a server from before there was TLS, or one that is full */
		return postgres_error(b, out);
	if (b.data[0] == 'N')
		return reply_refuse(out, 1, bytes_slice(b, 0, 1));
	if (b.data[0] != 'S')
		return REPLY_STRANGE;
	out->len = 1;
	return REPLY_OK;
}

/* ---- MySQL ---- */

enum { MYSQL_PROTOCOL = 10, MYSQL_ERROR = 0xff, CLIENT_SSL = 0x0800 };

static uint16_t swapped(uint16_t v)
{
	return (uint16_t)(v << 8 | v >> 8);
}

static struct bytes take_string(struct cur *c, const char *field)
{
	const uint8_t *end = cur_left(c) != 0 ? memchr(c->next, 0, c->left) : NULL;
	struct bytes text = cur_bytes(c, end != NULL ? (size_t)(end - c->next) : c->left, field);

	(void)cur_u8(c, field);
	return text;
}

static enum reply_kind mysql_error(struct cur *body, size_t len, struct reply *out)
{
	char text[DIALOGUE_SAID];
	unsigned code = swapped(cur_u16(body, "error_code"));
	struct bytes message = cur_rest(body);

	if (!cur_ok(body))
		return REPLY_STRANGE;
	(void)snprintf(text, sizeof text, "error %u: %.*s", code, (int)message.len,
		message.len != 0 ? (const char *)message.data : "");
	return refuse_text(out, len, text);
}

static enum reply_kind mysql_greeting(struct cur *body, size_t len, struct reply *out)
{
	char text[DIALOGUE_SAID];
	struct bytes version = take_string(body, "server_version");
	unsigned capabilities;

	(void)cur_bytes(body, 4 + 8 + 1, "thread_id, auth_plugin_data, filler");
	capabilities = swapped(cur_u16(body, "capability_flags"));
	if (!cur_ok(body) || version.len == 0)
		return REPLY_STRANGE;
	out->len = len;
	if ((capabilities & CLIENT_SSL) != 0)
		return REPLY_OK;
	(void)snprintf(text, sizeof text, "version %.*s without CLIENT_SSL", (int)version.len,
		(const char *)version.data);
	return refuse_text(out, len, text);
}

/* A packet: three bytes of length, the lowest first, a number, which is 0 for the first. */
enum reply_kind reply_mysql(const struct step *step, struct bytes b, struct reply *out)
{
	struct parse_err err;
	struct cur c = cur_init(b, &err), body;
	size_t length = swapped(cur_u16(&c, "payload_length"));
	uint8_t length_high = cur_u8(&c, "payload_length"), sequence = cur_u8(&c, "sequence_id");
	uint8_t type = cur_u8(&c, "protocol_version");
	struct bytes rest;

	(void)step;
	if (b.len > 4 && type != MYSQL_PROTOCOL && type != MYSQL_ERROR)
		return REPLY_STRANGE;
	if ((b.len > 1 && length == 0) || length > LENGTH_MAX || length_high != 0 || sequence != 0)
		return REPLY_STRANGE;
	rest = cur_bytes(&c, length - 1, "payload");
	if (!cur_ok(&c))
		return REPLY_MORE;
	body = cur_init(rest, &err);
	return type == MYSQL_ERROR ? mysql_error(&body, c.at, out)
				   : mysql_greeting(&body, c.at, out);
}
