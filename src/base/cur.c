#include "base/cur.h"

#include <stdio.h>

static const uint8_t *cur_take(struct cur *c, size_t len, const char *field)
{
	const uint8_t *p = c->next;

	if (!cur_ok(c))
		return NULL;
	if (len > c->left) {
		cur_fail(c, PARSE_SHORT, field, len);
		return NULL;
	}
	if (len != 0)
		c->next += len;
	c->left -= len;
	c->at += len;
	return p;
}

struct cur cur_init(struct bytes message, struct parse_err *err)
{
	*err = (struct parse_err){ 0 };
	return (struct cur){ message.data, message.len, 0, err };
}

void cur_fail(struct cur *c, enum parse_code code, const char *field, size_t need)
{
	if (!cur_ok(c))
		return;
	*c->err = (struct parse_err){ code, field, c->at, need, c->left };
}

static uint32_t cur_uint(struct cur *c, size_t len, const char *field)
{
	const uint8_t *p = cur_take(c, len, field);
	uint32_t v = 0;

	if (p == NULL)
		return 0;
	for (size_t i = 0; i < len; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t cur_u8(struct cur *c, const char *field)
{
	return (uint8_t)cur_uint(c, 1, field);
}

uint16_t cur_u16(struct cur *c, const char *field)
{
	return (uint16_t)cur_uint(c, 2, field);
}

uint32_t cur_u24(struct cur *c, const char *field)
{
	return cur_uint(c, 3, field);
}

uint32_t cur_u32(struct cur *c, const char *field)
{
	return cur_uint(c, 4, field);
}

struct bytes cur_bytes(struct cur *c, size_t len, const char *field)
{
	const uint8_t *p = cur_take(c, len, field);

	return p != NULL ? bytes_of(p, len) : bytes_of(NULL, 0);
}

struct bytes cur_rest(struct cur *c)
{
	return cur_bytes(c, cur_left(c), "rest");
}

static struct cur cur_vec(struct cur *c, size_t width, const char *field, size_t min, size_t max)
{
	struct cur at_length = *c;
	size_t len = cur_uint(c, width, field);
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
	return cur_vec(c, 1, field, min, max);
}

struct cur cur_vec16(struct cur *c, const char *field, size_t min, size_t max)
{
	return cur_vec(c, 2, field, min, max);
}

struct cur cur_vec24(struct cur *c, const char *field, size_t min, size_t max)
{
	return cur_vec(c, 3, field, min, max);
}

bool cur_end(struct cur *c, const char *field)
{
	if (cur_left(c) != 0)
		cur_fail(c, PARSE_TRAILING, field, 0);
	return cur_ok(c);
}

void parse_err_text(const struct parse_err *e, char *out, size_t size)
{
	switch (e->code) {
	case PARSE_OK:
		(void)snprintf(out, size, "well formed");
		break;
	case PARSE_SHORT:
		(void)snprintf(out, size, "byte %zu: %s needs %zu bytes, has %zu", e->at, e->field,
			e->need, e->have);
		break;
	case PARSE_CUT:
		(void)snprintf(out, size, "byte %zu: %s is cut off by the end of the capture",
			e->at, e->field);
		break;
	case PARSE_RANGE:
		(void)snprintf(out, size, "byte %zu: %s has length %zu, the bound is %zu", e->at,
			e->field, e->have, e->need);
		break;
	case PARSE_TRAILING:
		(void)snprintf(
			out, size, "byte %zu: %zu stray bytes after %s", e->at, e->have, e->field);
		break;
	case PARSE_LIMIT:
		(void)snprintf(out, size, "byte %zu: more of %s than are kept", e->at, e->field);
		break;
	case PARSE_VALUE:
		(void)snprintf(out, size, "byte %zu: %s has a value that cannot be read on", e->at,
			e->field);
		break;
	}
}
