/* The reads that can fail; the others are inline. All arithmetic on input is in cur_take(). */
#include "base/cur.h"

#include <stdio.h>

void cur_fail(struct cur *c, enum parse_code code, const char *field, size_t need)
{
	if (!cur_ok(c))
		return;
	*c->err = (struct parse_err){ code, field, c->at, need, c->left };
}

/* What follows a length just read, which began at at_length. */
static struct cur cur_vec(
	struct cur *c, size_t len, struct cur at_length, const char *field, size_t min, size_t max)
{
	struct cur body = { NULL, 0, c->at, c->err };
	const uint8_t *p;

	if (!cur_ok(c))
		return body;
	if (len < min || len > max) {
		cur_fail(&at_length, PARSE_RANGE, field, len < min ? min : max);
		c->err->have = len;
		return body;
	}
	p = cur_take(c, len, field);
	if (p == NULL)
		return body;
	body.next = p;
	body.left = len;
	return body;
}

struct cur cur_vec8(struct cur *c, const char *field, size_t min, size_t max)
{
	struct cur at_length = *c;
	size_t len = cur_u8(c, field);

	return cur_vec(c, len, at_length, field, min, max);
}

struct cur cur_vec16(struct cur *c, const char *field, size_t min, size_t max)
{
	struct cur at_length = *c;
	size_t len = cur_u16(c, field);

	return cur_vec(c, len, at_length, field, min, max);
}

struct cur cur_vec24(struct cur *c, const char *field, size_t min, size_t max)
{
	struct cur at_length = *c;
	size_t len = cur_u24(c, field);

	return cur_vec(c, len, at_length, field, min, max);
}

void parse_err_text(const struct parse_err *e, char *out, size_t size)
{
	switch (e->code) {
	case PARSE_OK:
		(void)snprintf(out, size, "well formed");
		break;
	case PARSE_SHORT:
		(void)snprintf(out, size, "byte %zu: %s needs %zu byte%s, has %zu", e->at, e->field,
			e->need, e->need == 1 ? "" : "s", e->have);
		break;
	case PARSE_CUT:
		(void)snprintf(
			out, size, "byte %zu: %s breaks off, nothing follows", e->at, e->field);
		break;
	case PARSE_RANGE:
		(void)snprintf(out, size, "byte %zu: %s has length %zu, the bound is %zu", e->at,
			e->field, e->have, e->need);
		break;
	case PARSE_TRAILING:
		(void)snprintf(out, size, "byte %zu: %zu stray byte%s after %s", e->at, e->have,
			e->have == 1 ? "" : "s", e->field);
		break;
	case PARSE_LIMIT:
		(void)snprintf(out, size, "byte %zu: more of %s than are kept", e->at, e->field);
		break;
	case PARSE_VALUE:
		(void)snprintf(out, size, "byte %zu: %s has a value that cannot be read on", e->at,
			e->field);
		break;
	case PARSE_MISSING:
		(void)snprintf(out, size, "%s is missing", e->field);
		break;
	}
}
