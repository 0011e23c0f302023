/* ClientHello: RFC 8446 4.1.2, RFC 5246 7.4.1.2, and in SSLv2 format RFC 5246 E.2. */
#include "wire/field.h"
#include "wire/handshake.h"

bool parse_client_hello(struct cur *body, struct client_hello *out)
{
	struct cur suites;

	*out = (struct client_hello){ .seen = true, .ext.selected_identity = -1 };
	out->version = cur_u16(body, "client_version");
	out->has_random = field_random(body, out->random);
	out->session_id = field_session_id(body, "session_id");
	suites = cur_vec16(body, "cipher_suites", 2, 65534);
	out->suites = field_u16s(&suites, "cipher_suites");
	out->compression = field_opaque8(body, "compression_methods", 1);
	if (cur_left(body) == 0) /* before RFC 4366 it ended here */
		return cur_ok(body);
	return parse_extensions(body, IN_CLIENT_HELLO, &out->ext);
}

/* RFC 5246 E.2: of a longer challenge the last 32 bytes count. */
static void random_from_challenge(struct bytes challenge, uint8_t random[static 32])
{
	size_t skip = challenge.len > 32 ? challenge.len - 32 : 0;
	struct bytes last = bytes_slice(challenge, skip, 32);

	memset(random, 0, 32);
	for (size_t i = 0; i < last.len; i++)
		random[32 - last.len + i] = last.data[i];
}

bool parse_client_hello_v2(struct cur *message, struct client_hello *out)
{
	size_t specs, session_id, challenge;
	struct bytes bytes;
	struct cur at_specs;

	*out = (struct client_hello){ .seen = true, .sslv2_format = true };
	out->ext.selected_identity = -1;
	(void)cur_u16(message, "msg_length");
	(void)cur_u8(message, "msg_type");
	out->version = cur_u16(message, "version");
	at_specs = *message;
	specs = cur_u16(message, "cipher_spec_length");
	session_id = cur_u16(message, "session_id_length");
	challenge = cur_u16(message, "challenge_length");
	out->suites_v2 = cur_bytes(message, specs, "cipher_specs");
	if (specs % 3 != 0)
		cur_fail(&at_specs, PARSE_VALUE, "cipher_spec_length", 3);
	out->session_id = cur_bytes(message, session_id, "session_id");
	bytes = cur_bytes(message, challenge, "challenge");
	out->has_random = cur_ok(message);
	if (out->has_random)
		random_from_challenge(bytes, out->random);
	return cur_end(message, "V2ClientHello");
}

bool client_hello_offers_suite(const struct client_hello *hello, uint16_t suite)
{
	struct bytes v2 = hello->suites_v2;

	/* A cipher spec with a zero in front is a suite, others are SSLv2's own ciphers. */
	for (size_t i = 0; i + 3 <= v2.len; i += 3)
		if (v2.data[i] == 0 && (v2.data[i + 1] << 8 | v2.data[i + 2]) == suite)
			return true;
	return u16s_has(&hello->suites, suite);
}
