/* ServerHello and HelloRetryRequest: RFC 8446 4.1.3 and 4.1.4, RFC 5246 7.4.1.3, and drafts. */
#include "wire/field.h"
#include "wire/handshake.h"

enum { DRAFT_WITH_SESSION_ID = 22, DRAFT_RETRY_WITH_SUITE = 19 };

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" in place of the random. */
static const uint8_t retry_random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
	0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

static void read_suite(struct cur *c, struct server_hello *out)
{
	out->suite = cur_u16(c, "cipher_suite");
	out->has_suite = cur_ok(c);
}

/*
 * Drafts before 22 left out the session id and the compression method. The first of them had the
 * version 0x0304 here, which a server of RFC 8446 must not send; should one do it, its session id
 * is the client's, of 0 or 32 bytes, and no suite begins with such a byte there.
 */
static bool is_early_draft(uint16_t version, struct cur at_session_id)
{
	uint8_t next;

	if (version != 0x0304)
		return version_draft(version) != 0 &&
		       version_draft(version) < DRAFT_WITH_SESSION_ID;
	next = cur_u8(&at_session_id, "legacy_session_id_echo");
	return next != 0 && next != 32;
}

static bool read_extensions(struct cur *c, struct server_hello *out)
{
	if (cur_left(c) == 0) /* up to TLS 1.2 there may be none */
		return cur_ok(c);
	return parse_extensions(
		c, out->is_retry ? IN_HELLO_RETRY_REQUEST : IN_SERVER_HELLO, &out->ext);
}

bool parse_server_hello(struct cur *body, struct server_hello *out)
{
	*out = (struct server_hello){ .seen = true, .ext.selected_identity = -1 };
	out->version = cur_u16(body, "server_version");
	out->has_random = field_random(body, out->random);
	out->is_retry = out->has_random && memcmp(out->random, retry_random, 32) == 0;
	if (cur_ok(body) && is_early_draft(out->version, *body)) {
		read_suite(body, out);
	} else {
		out->session_id = field_session_id(body, "session_id");
		read_suite(body, out);
		out->compression = cur_u8(body, "compression_method");
	}
	return read_extensions(body, out);
}

bool parse_hello_retry_draft(struct cur *body, struct server_hello *out)
{
	*out = (struct server_hello){ .seen = true, .is_retry = true };
	out->ext.selected_identity = -1;
	out->version = cur_u16(body, "server_version");
	if (version_draft(out->version) >= DRAFT_RETRY_WITH_SUITE)
		read_suite(body, out);
	return read_extensions(body, out);
}

uint16_t server_hello_version(const struct server_hello *hello)
{
	return hello->ext.selected_version != 0 ? hello->ext.selected_version : hello->version;
}
