/*
 * One reader for each shape of field, so that limits and names of a field stand where it is read.
 */
#include "wire/field.h"

struct u16s field_u16s(struct cur *list, const char *field)
{
	struct u16s out = { .at = list->at };

	out.raw = cur_bytes(list, cur_left(list) / 2 * 2, field);
	(void)cur_end(list, field);
	return out;
}

bool field_random(struct cur *c, uint8_t out[static 32])
{
	struct bytes random = cur_bytes(c, 32, "random");

	if (random.data == NULL)
		return false;
	memcpy(out, random.data, random.len);
	return true;
}

struct bytes field_session_id(struct cur *c, const char *field)
{
	struct cur body = cur_vec8(c, field, 0, 32);

	return cur_rest(&body);
}

struct bytes field_opaque8(struct cur *c, const char *field, size_t min)
{
	struct cur body = cur_vec8(c, field, min, 255);

	return cur_rest(&body);
}

struct bytes field_opaque16(struct cur *c, const char *field, size_t min)
{
	struct cur body = cur_vec16(c, field, min, 65535);

	return cur_rest(&body);
}

/* `body` is what was read of the list, `from` begins at its first byte. */
static struct cur list_open(
	const struct cur *c, struct cur body, struct cur from, struct parse_err *inside)
{
	struct cur list = body;

	*inside = (struct parse_err){ 0 };
	if (c->err->code == PARSE_SHORT && from.left != 0)
		list = from;
	list.err = inside;
	return list;
}

struct cur field_list16(struct cur *c, const char *field, struct parse_err *inside)
{
	struct cur from = *c;
	struct cur body;

	(void)cur_u16(&from, field);
	from.left = cur_left(&from);
	body = cur_vec16(c, field, 0, 65535);
	return list_open(c, body, from, inside);
}

struct cur field_list24(struct cur *c, const char *field, struct parse_err *inside)
{
	struct cur from = *c;
	struct cur body;

	(void)cur_u24(&from, field);
	from.left = cur_left(&from);
	body = cur_vec24(c, field, 0, 0xffffff);
	return list_open(c, body, from, inside);
}

void field_list_close(struct cur *c, const struct parse_err *inside)
{
	if (cur_ok(c) && inside->code != PARSE_OK)
		*c->err = *inside;
}

struct bytes field_between(struct cur from, const struct cur *to)
{
	return cur_bytes(&from, to->at - from.at, "params");
}

struct bytes field_ecjpake_key(struct cur *c, size_t *at)
{
	struct cur point = cur_vec8(c, "ECJPAKEKeyKP.X", 1, 255);
	struct bytes key;

	*at = point.at;
	key = cur_rest(&point);
	(void)field_opaque8(c, "ECSchnorrZKP.V", 1);
	(void)field_opaque8(c, "ECSchnorrZKP.r", 1);
	return key;
}
