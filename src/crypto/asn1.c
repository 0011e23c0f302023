/* Both readers share one header; only what they make of its flaws differs. */
#include "crypto/asn1.h"

enum { LENGTH_BYTES_MAX = 3, INDEFINITE = 0x80 };

/* Tag and length (X.690 8.1.3, 10.1). *der is cleared when the length is not in its one DER form. */
static size_t read_header(struct cur *c, enum asn1_tag tag, const char *field, bool *der)
{
	uint8_t have = cur_u8(c, field), first;
	size_t len = 0, n;

	if (have != tag) {
		cur_fail(c, PARSE_VALUE, field, tag);
		return 0;
	}
	first = cur_u8(c, field);
	if (first < 0x80)
		return first;
	if (first == INDEFINITE) {
		*der = false;
		return SIZE_MAX;
	}
	n = first & 0x7f;
	for (size_t i = 0; i < n && cur_ok(c); i++) {
		uint8_t byte = cur_u8(c, field);

		if (i == 0 && byte == 0)
			*der = false;
		if (len >> 8 * (LENGTH_BYTES_MAX - 1) != 0) {
			cur_fail(c, PARSE_VALUE, field, 0);
			return 0;
		}
		len = len << 8 | byte;
	}
	if (len < 0x80)
		*der = false;
	return len;
}

static struct cur window(struct cur *c, size_t len, const char *field)
{
	struct cur body = { NULL, 0, c->at, c->err };
	struct bytes b = cur_bytes(c, len, field);

	body.next = b.data;
	body.left = b.len;
	return body;
}

struct cur asn1_enter(struct cur *c, enum asn1_tag tag, const char *field)
{
	bool der = true;
	size_t len = read_header(c, tag, field, &der);

	if (!der)
		cur_fail(c, PARSE_VALUE, field, 0);
	return window(c, len, field);
}

struct cur asn1_enter_lenient(struct cur *c, enum asn1_tag tag, const char *field, bool *der)
{
	size_t len = read_header(c, tag, field, der);

	if (len > cur_left(c)) {
		*der = false;
		len = cur_left(c);
	}
	return window(c, len, field);
}

struct bytes asn1_content(struct cur *c, enum asn1_tag tag, const char *field)
{
	struct cur body = asn1_enter(c, tag, field);

	return cur_rest(&body);
}

struct bytes asn1_unsigned(struct cur *c, const char *field)
{
	struct bytes b = asn1_content(c, ASN1_INTEGER, field);

	if (!cur_ok(c))
		return b;
	if (b.len == 0 || b.data[0] >= 0x80 || (b.len > 1 && b.data[0] == 0 && b.data[1] < 0x80)) {
		cur_fail(c, PARSE_VALUE, field, 0);
		return bytes_of(NULL, 0);
	}
	return b.data[0] == 0 ? bytes_slice(b, 1, b.len - 1) : b;
}

struct bytes asn1_bytes(struct cur *c, const char *field)
{
	struct cur body = asn1_enter(c, ASN1_BIT_STRING, field);

	if (cur_u8(&body, field) != 0)
		cur_fail(&body, PARSE_VALUE, field, 0);
	return cur_rest(&body);
}

bool asn1_is_next(const struct cur *c, enum asn1_tag tag)
{
	struct cur look = *c;

	return cur_left(c) != 0 && cur_u8(&look, "tag") == tag;
}
