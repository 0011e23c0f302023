/* The strict readers are base/der.h's; BER's many lengths are read here, and only here. */
#include "crypto/asn1.h"

enum { LENGTH_BYTES_MAX = 3, INDEFINITE = 0x80 };

struct cur asn1_enter(struct cur *c, enum der_tag tag, const char *field)
{
	struct der el;

	(void)der_take(c, tag, field, &el); /* when it fails the window is empty */
	return der_open_in(c, &el);
}

/* X.690 8.1.3. *der is cleared when it is not the one form that DER has (10.1). */
static size_t read_length(struct cur *c, const char *field, bool *der)
{
	uint8_t first = cur_u8(c, field);
	size_t len = 0, n = first & 0x7f;

	if (first < 0x80)
		return first;
	if (first == INDEFINITE) {
		*der = false;
		return SIZE_MAX;
	}
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

struct cur asn1_enter_lenient(struct cur *c, enum der_tag tag, const char *field, bool *der)
{
	struct der el = { 0 };
	uint8_t have = cur_u8(c, field);
	size_t len;

	if (have != tag)
		cur_fail(c, PARSE_VALUE, field, tag);
	len = read_length(c, field, der);
	if (len > cur_left(c)) {
		*der = false;
		len = cur_left(c);
	}
	el.body_at = c->at;
	el.body = cur_bytes(c, len, field);
	return der_open_in(c, &el);
}

struct bytes asn1_content(struct cur *c, enum der_tag tag, const char *field)
{
	struct cur body = asn1_enter(c, tag, field);

	return cur_rest(&body);
}

struct bytes asn1_unsigned(struct cur *c, const char *field)
{
	struct bytes b = asn1_content(c, DER_INTEGER, field);

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
	struct cur body = asn1_enter(c, DER_BIT_STRING, field);

	if (cur_u8(&body, field) != 0)
		cur_fail(&body, PARSE_VALUE, field, 0);
	return cur_rest(&body);
}
