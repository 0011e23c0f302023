/* A header that is wrong fails at its first byte, so that a report can point at it. */
#include "base/der.h"

struct header {
	uint8_t tag;
	size_t len;
};

/* X.690 8.1.3.5 and 10.1: one length has one encoding, the shortest. */
static size_t read_length(struct cur *c, const struct cur *start, const char *field)
{
	uint8_t first = cur_u8(c, field);
	size_t n = first & 0x7fu, len = 0;

	if (first < 0x80)
		return first;
	if (n == 0 || n > 4) {
		struct cur at = *start;

		cur_fail(&at, PARSE_VALUE, field, 0);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		len = len << 8 | cur_u8(c, field);
	if (cur_ok(c) && (len < 0x80 || len >> (8 * (n - 1)) == 0)) {
		struct cur at = *start;

		cur_fail(&at, PARSE_VALUE, field, 0);
	}
	return len;
}

static struct header read_header(struct cur *c, const char *field)
{
	struct cur start = *c;
	struct header h = { 0 };

	h.tag = cur_u8(c, field);
	if (cur_ok(c) && (h.tag & 0x1fu) == 0x1f)
		cur_fail(&start, PARSE_VALUE, field, 0);
	h.len = read_length(c, &start, field);
	return h;
}

static bool take(struct cur *c, const char *field, struct der *out, bool *cut)
{
	struct cur start = *c;
	struct header h = read_header(c, field);
	size_t header_len;

	*out = (struct der){ 0 };
	if (!cur_ok(c))
		return false;
	header_len = start.left - c->left;
	if (cut != NULL && h.len > c->left) {
		*cut = true;
		h.len = c->left;
	}
	out->tag = h.tag;
	out->at = start.at;
	out->body_at = c->at;
	out->body = cur_bytes(c, h.len, field);
	out->whole = bytes_of(start.next, header_len + h.len);
	if (!cur_ok(c)) /* what reaches too far is nothing */
		*out = (struct der){ 0 };
	return cur_ok(c);
}

bool der_next(struct cur *c, const char *field, struct der *out)
{
	return take(c, field, out, NULL);
}

static bool want_tag(struct cur *c, unsigned tag, const char *field)
{
	if (cur_left(c) == 0 || der_ahead(c, tag))
		return true; /* at the end, reading on says what is short */
	cur_fail(c, PARSE_VALUE, field, 0);
	return false;
}

bool der_take(struct cur *c, unsigned tag, const char *field, struct der *out)
{
	*out = (struct der){ 0 };
	return want_tag(c, tag, field) && take(c, field, out, NULL);
}

bool der_take_cut(struct cur *c, unsigned tag, const char *field, struct der *out, bool *cut)
{
	*out = (struct der){ 0 };
	*cut = false;
	return want_tag(c, tag, field) && take(c, field, out, cut);
}

bool der_ahead(const struct cur *c, unsigned tag)
{
	return cur_left(c) != 0 && c->next[0] == tag;
}

struct cur der_open(const struct der *el, struct parse_err *err)
{
	struct cur c = cur_init(el->body, err);

	c.at = el->body_at;
	return c;
}

struct cur der_open_in(const struct cur *c, const struct der *el)
{
	return (struct cur){ el->body.data, el->body.len, el->body_at, c->err };
}

struct bytes der_bits(const struct der *el)
{
	return bytes_slice(el->body, 1, el->body.len);
}

struct bytes der_magnitude(const struct der *el)
{
	return bytes_skip_zeros(el->body);
}

int32_t der_small(const struct der *el)
{
	struct bytes b = der_magnitude(el);
	uint32_t v = 0;

	if (el->body.len == 0 || (el->body.data[0] & 0x80) != 0 || b.len > 4)
		return -1;
	for (size_t i = 0; i < b.len; i++)
		v = v << 8 | b.data[i];
	return v <= INT32_MAX ? (int32_t)v : -1;
}
