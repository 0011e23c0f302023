/*
 * A message that a hole in the capture has cut short: its outer lengths point past what is there.
 * A copy with lengths that end at the last whole item lets the parsers read what there is.
 */
#include "session/conn.h"

static struct bytes shortened(
	struct arena *a, struct bytes body, size_t length_at, size_t width, size_t end)
{
	uint8_t *copy = arena_alloc(a, end);
	size_t length = end - length_at - width;

	if (copy == NULL)
		return bytes_slice(body, 0, length_at);
	memcpy(copy, body.data, end);
	for (size_t i = 0; i < width; i++)
		copy[length_at + i] = (uint8_t)(length >> 8 * (width - 1 - i));
	return bytes_of(copy, end);
}

/* Moves past whole items, each with `skip` bytes and a length of `width` before it. */
static size_t whole_items(struct cur c, size_t skip, size_t width)
{
	size_t end = c.at;

	while (cur_left(&c) != 0) {
		size_t length;

		(void)cur_bytes(&c, skip, "type");
		length = width == 2 ? cur_u16(&c, "length") : cur_u24(&c, "length");
		(void)cur_bytes(&c, length, "item");
		if (cur_ok(&c))
			end = c.at;
	}
	return end;
}

static struct bytes repair_hello(struct arena *a, uint8_t type, struct bytes body)
{
	struct parse_err err;
	struct cur c = cur_init(body, &err);
	size_t at;

	(void)cur_bytes(&c, 34, "version and random");
	(void)cur_vec8(&c, "session_id", 0, 32);
	if (type == HS_CLIENT_HELLO) {
		(void)cur_vec16(&c, "cipher_suites", 0, 65535);
		(void)cur_vec8(&c, "compression_methods", 0, 255);
	} else {
		(void)cur_bytes(&c, 3, "cipher_suite and compression_method");
	}
	at = c.at;
	(void)cur_u16(&c, "extensions");
	return cur_ok(&c) ? shortened(a, body, at, 2, whole_items(c, 2, 2)) : body;
}

static struct bytes repair_certificate(struct arena *a, struct bytes body)
{
	struct parse_err err;
	struct cur c = cur_init(body, &err);

	(void)cur_u24(&c, "certificate_list");
	return cur_ok(&c) ? shortened(a, body, 0, 3, whole_items(c, 0, 3)) : body;
}

struct bytes repair_cut(struct arena *a, uint8_t type, struct bytes body)
{
	switch (type) {
	case HS_CLIENT_HELLO:
	case HS_SERVER_HELLO:
		return repair_hello(a, type, body);
	case HS_CERTIFICATE:
		return repair_certificate(a, body);
	default:
		return body;
	}
}
