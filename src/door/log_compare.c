/*
 * The messages in the clear that both logs of a connection show, byte by byte: what was sent and what was received. A
 * transport, a driver or a buffer that changes them makes a signature invalid that was none of the signer's doing.
 */
#include "base/memory.h"
#include "door/log_views.h"
#include "wire/record.h"

#include <stdlib.h>

/* The handshake messages of a side, up to the first byte that is missing or protected. */
struct plain {
	uint8_t *bytes; /* VIEW_PLAIN_MAX */
	size_t len;
	bool over;
};

static void put_plain(struct plain *p, struct bytes b)
{
	size_t room = VIEW_PLAIN_MAX - p->len;

	if (b.len > room) {
		p->over = true;
		return;
	}
	if (b.len != 0)
		memcpy(p->bytes + p->len, b.data, b.len);
	p->len += b.len;
}

static void put_records(struct plain *p, struct bytes b)
{
	while (!p->over && b.len != 0) {
		size_t length = b.len >= RECORD_HEADER ? (size_t)b.data[3] << 8 | b.data[4] : 0;

		p->over = b.len < RECORD_HEADER + length || b.data[0] != CONTENT_HANDSHAKE ||
			  length == 0;
		if (p->over)
			return;
		put_plain(p, bytes_slice(b, RECORD_HEADER, length));
		b = bytes_slice(b, RECORD_HEADER + length, b.len);
	}
}

struct bytes view_plain(
	const struct log_conn *c, enum side from, uint8_t room[static VIEW_PLAIN_MAX])
{
	struct plain p = { .bytes = room, .over = c->facts.rebuilt || c->facts.datagrams };

	for (const struct log_note *n = c->notes; n != NULL && !p.over; n = n->next) {
		if (n->from != from)
			continue;
		if (n->kind == LOG_WIRE)
			put_records(&p, n->bytes);
		else if (n->kind == LOG_MESSAGE && !n->under_keys)
			put_plain(&p, n->bytes);
		else if (n->kind == LOG_CCS || n->kind == LOG_OPENED || n->kind == LOG_LOST)
			p.over = true;
		p.over |= n->missing != 0;
	}
	return bytes_of(p.bytes, p.len);
}

static struct bytes next_message(struct bytes *left)
{
	struct bytes message;
	size_t length;

	if (left->len < HANDSHAKE_HEADER)
		return bytes_of(NULL, 0);
	length = (size_t)left->data[1] << 16 | (size_t)left->data[2] << 8 | left->data[3];
	if (length > left->len - HANDSHAKE_HEADER)
		return bytes_of(NULL, 0);
	message = bytes_slice(*left, 0, HANDSHAKE_HEADER + length);
	*left = bytes_slice(*left, message.len, left->len);
	return message;
}

static bool compare_message(struct bytes sent, struct bytes received, struct view_difference *out)
{
	size_t at = 0;

	while (at < sent.len && at < received.len && sent.data[at] == received.data[at])
		at++;
	if (at == sent.len && at == received.len)
		return false;
	out->type = sent.data[0];
	out->at = at;
	out->len[0] = sent.len;
	out->len[1] = received.len;
	out->sent = at < sent.len ? sent.data[at] : 0;
	out->received = at < received.len ? received.data[at] : 0;
	return true;
}

/* Messages that only one of them shows say nothing: the other log may begin late, or leave them out. */
static bool compare_plain(struct bytes sent, struct bytes received, struct view_difference *out)
{
	for (;;) {
		struct bytes one = next_message(&sent), other = next_message(&received);

		if (one.len == 0 || other.len == 0 || one.data[0] != other.data[0])
			return false;
		if (compare_message(one, other, out))
			return true;
	}
}

bool views_differ(const struct log_conn *sender, const struct log_conn *receiver, enum side from,
	struct view_difference *out)
{
	uint8_t *room = memory_get((size_t)2 * VIEW_PLAIN_MAX);
	bool differ = false;

	if (room != NULL) {
		out->from = from;
		differ = compare_plain(view_plain(sender, from, room),
			view_plain(receiver, from, room + VIEW_PLAIN_MAX), out);
	}
	free(room);
	return differ;
}
