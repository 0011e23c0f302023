/* Record headers and the recognition of hellos in bytes of unknown kind. */
#include "wire/record.h"

enum { SSL2_HEADER = 2, SSL2_HELLO_FIXED = 9, DTLS_LAST_TYPE = 26 };

/*
 * Bounds of a hello's body. The least is the fixed fields, with one suite in a ClientHello; a
 * draft's ServerHello has no session id, and then always extensions. The most is far above the
 * largest post-quantum hello, and far below what three random bytes usually give.
 */
enum { CLIENT_HELLO_MIN = 2 + 32 + 1 + 4 + 2, SERVER_HELLO_MIN = 2 + 32 + 1 + 2 + 1 };
enum { HELLO_MAX = 1 << 17 };

static uint16_t be16(struct bytes b, size_t at)
{
	return (uint16_t)(b.data[at] << 8 | b.data[at + 1]);
}

bool record_parse_header(struct bytes b, struct record_header *out)
{
	if (b.len < RECORD_HEADER)
		return false;
	*out = (struct record_header){
		.type = b.data[0],
		.version = be16(b, 1),
		.length = be16(b, 3),
	};
	return true;
}

static bool version_is_known(uint16_t version)
{
	return version >> 8 == 3 && (version & 0xff) <= 4;
}

bool record_parse_plausible(struct bytes b, struct record_header *out)
{
	return record_parse_header(b, out) && out->type >= CONTENT_CHANGE_CIPHER_SPEC &&
	       out->type <= CONTENT_HEARTBEAT && version_is_known(out->version) &&
	       out->length <= RECORD_CIPHERTEXT_MAX;
}

bool record_plausible(struct bytes b)
{
	struct record_header h;

	return record_parse_plausible(b, &h);
}

/*
 * 25 (tls12_cid) and 26 (ACK) exist in DTLS only; 0x0100 is what OpenSSL once called DTLS. That no
 * sequence number comes near 2^32 tells records from queries to a name server.
 */
bool dtls_record_plausible(struct bytes b)
{
	struct parse_err err;
	struct cur c = cur_init(b, &err);
	uint8_t type = cur_u8(&c, "type");
	uint16_t version = cur_u16(&c, "version");
	uint16_t sequence, length;

	(void)cur_u16(&c, "epoch");
	sequence = cur_u16(&c, "sequence_number");
	(void)cur_u32(&c, "sequence_number");
	length = cur_u16(&c, "length");
	return cur_ok(&c) && type >= CONTENT_CHANGE_CIPHER_SPEC && type <= DTLS_LAST_TYPE &&
	       (version == 0xfeff || version == 0xfefd || version == 0x0100) && sequence == 0 &&
	       length != 0 && length <= RECORD_CIPHERTEXT_MAX;
}

/* The version inside a hello; drafts of TLS 1.3 have 0x7f there in their ServerHello. */
static bool hello_version_is_known(uint16_t version)
{
	return version_is_known(version) || version >> 8 == 0x7f;
}

/* What a hello begins with, taken out of the records that carry it. */
struct head {
	uint8_t bytes[HANDSHAKE_HEADER + 2]; /* type, length, version */
	size_t n;
	uint16_t first; /* length of the first record */
	bool broken;    /* what stands there is no record of a handshake */
};

/* The handshake header and the version behind it, as far as they are there. */
static bool hello_is_plausible(struct bytes head)
{
	size_t least = head.data[0] == 1 ? CLIENT_HELLO_MIN : SERVER_HELLO_MIN;

	if (head.data[0] != 1 && head.data[0] != 2)
		return false;
	if (head.len >= HANDSHAKE_HEADER) {
		size_t length = (size_t)head.data[1] << 16 | be16(head, 2);

		if (length < least || length > HELLO_MAX)
			return false;
	} else if (head.len > 1 && head.data[1] > HELLO_MAX >> 16) {
		return false;
	}
	return head.len < HANDSHAKE_HEADER + 2 ||
	       hello_version_is_known(be16(head, HANDSHAKE_HEADER));
}

/* A record header as far as it is there, one byte at least; records of one hello have one version. */
static bool header_is_plausible(struct bytes b, uint8_t minor)
{
	if (b.data[0] != CONTENT_HANDSHAKE)
		return false;
	if (b.len >= 2 && b.data[1] != 3)
		return false;
	if (b.len >= 3 && (b.data[2] > 4 || b.data[2] != minor))
		return false;
	return b.len < RECORD_HEADER || (be16(b, 3) != 0 && be16(b, 3) <= RECORD_CIPHERTEXT_MAX);
}

/* A record may be as short as one byte. */
static struct head gather_head(struct bytes b)
{
	uint8_t minor = b.len >= 3 ? b.data[2] : 0;
	struct head h = { .n = 0 };

	while (h.n < sizeof h.bytes && b.len != 0) {
		struct bytes part;

		h.broken = !header_is_plausible(b, minor);
		if (h.broken || b.len < RECORD_HEADER)
			break;
		if (h.first == 0)
			h.first = be16(b, 3);
		part = bytes_slice(
			bytes_slice(b, RECORD_HEADER, be16(b, 3)), 0, sizeof h.bytes - h.n);
		memcpy(h.bytes + h.n, part.data, part.len);
		h.n += part.len;
		b = bytes_slice(b, RECORD_HEADER + (size_t)be16(b, 3), b.len);
	}
	return h;
}

/* Records too short for the header of a message are so rare that they must show all of the head. */
static enum hello_probe probe_record(struct bytes b)
{
	struct head h = gather_head(b);
	bool enough = h.n == sizeof h.bytes || (h.n != 0 && h.first >= HANDSHAKE_HEADER);

	if (h.broken || (h.n != 0 && !hello_is_plausible(bytes_of(h.bytes, h.n))))
		return HELLO_NO;
	if (!enough)
		return HELLO_MAYBE;
	return h.bytes[0] == 1 ? HELLO_CLIENT : HELLO_SERVER;
}

/* RFC 5246 E.2: the lengths of the three parts must make up the length of the record. */
static bool ssl2_lengths_agree(struct bytes b)
{
	size_t record = be16(b, 0) & 0x7fff;
	size_t specs = be16(b, 5), session_id = be16(b, 7), challenge = be16(b, 9);

	return specs != 0 && specs % 3 == 0 && (session_id == 0 || session_id == 16) &&
	       challenge >= 8 && challenge <= 32 &&
	       record == SSL2_HELLO_FIXED + specs + session_id + challenge;
}

/* Eleven bytes decide here: fewer than the lengths are too little to tell from noise. */
static enum hello_probe probe_ssl2(struct bytes b)
{
	if (b.len >= 3 && b.data[2] != 1)
		return HELLO_NO;
	if (b.len >= 5 && be16(b, 3) != 0x0002 && !version_is_known(be16(b, 3)))
		return HELLO_NO;
	if (b.len < SSL2_HEADER + SSL2_HELLO_FIXED)
		return HELLO_MAYBE;
	return ssl2_lengths_agree(b) ? HELLO_CLIENT_SSL2 : HELLO_NO;
}

enum hello_probe record_probe_hello(struct bytes b)
{
	if (b.len == 0)
		return HELLO_MAYBE;
	if (b.data[0] == CONTENT_HANDSHAKE)
		return probe_record(b);
	return (b.data[0] & 0x80) != 0 ? probe_ssl2(b) : HELLO_NO;
}

bool parse_alert(struct cur *fragment, struct alert *out)
{
	*out = (struct alert){ 0 };
	out->level = cur_u8(fragment, "level");
	out->code = cur_u8(fragment, "description");
	return cur_end(fragment, "Alert");
}
